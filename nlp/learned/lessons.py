"""Labelled messages turned into what the network should have answered."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from billing.record import record
from billing.records import Presence, RiskStatus
from nlp.learned.judge import RESTS, RISK_STATUSES, STATUSES
from nlp.learned.labelled import Case
from nlp.learned.lexicon import Lexicon
from nlp.learned.network import Batch, Outputs
from nlp.learned.seen import Floats
from nlp.learned.views import View, counts_of, view_of
from nlp.people import people_of
from nlp.pipeline import Pipeline
from nlp.scene import Layout, Part, Scene, scene_of, scenes_of
from nlp.sentences import sentences_of

UNJUDGED = -1
_CAME = {"late": "present", "left_early": "present"}


@record
class Lesson:
    """One scene and the right answers: the status of each candidate, of the rest, owners and spans of each word, the
    status of words that may speak of a risk. UNJUDGED where the labels say nothing.
    """

    scene: Scene
    view: View
    counts: Floats
    status: NDArray[np.int64]
    rest: int
    owner: Floats
    spans: Floats
    risks: tuple[tuple[int, int], ...]


def lesson_of(case: Case, pipeline: Pipeline, lexicon: Lexicon) -> Lesson:
    scene = _scene(case, pipeline)
    roster = case.context.roster
    view = view_of(scene, lexicon, {c.id: (c.pronouns or "").lower() for c in roster.clients})
    attendance, notes = case.gold.get("attendance", {}), case.gold.get("notes", {})
    nobody = np.zeros((len(scene.text.tokens), 0), dtype=np.float32)
    owners = [_on_tokens(case, scene, notes.get(w, [])) for w in view.candidates.who]
    owner = np.stack(owners, axis=1) if owners else nobody
    return Lesson(
        scene=scene,
        view=view,
        counts=counts_of(scene, {w: _presence(attendance.get(w)) for w in view.candidates.who}),
        status=np.array([_status(case, w) for w in view.candidates.who], dtype=np.int64),
        rest=_rest(case, scene, view),
        owner=owner,
        spans=_spans(case, scene),
        risks=tuple(_risks(case, view, owner)),
    )


def _scene(case: Case, pipeline: Pipeline) -> Scene:
    """The message as one scene about the group that the labels name, so that no wrong group is learned from."""
    people = people_of(case.context.roster, pipeline.known_words)
    text = pipeline.text(case.message, people.names.words)
    layout = Layout(text=text, sentences=sentences_of(text), people=people, found=people.spot(text))
    scenes = list(scenes_of(layout, case.context))
    group = case.gold.get("group")
    if group is None or (len(scenes) == 1 and scenes[0].part.groups == (group,)):
        return scenes[0]
    part = Part(number=0, groups=(group,), first=0, after=len(layout.sentences), named=scenes[0].part.named)
    return scene_of(layout, part, case.context)


def _presence(status: str | None) -> Presence | None:
    return Presence(status) if status else None


def _status(case: Case, client: str) -> int:
    if client in case.gold.get("skip", []):
        return UNJUDGED
    return STATUSES.index(_presence(case.gold.get("attendance", {}).get(client)))


def _rest(case: Case, scene: Scene, view: View) -> int:
    """What most of the enrolled who are not named did."""
    unnamed = [c for c in scene.enrolled if c not in view.candidates.who]
    if not unnamed or not case.gold.get("group"):
        return UNJUDGED
    said = [case.gold.get("attendance", {}).get(c) for c in unnamed]
    return RESTS.index(_presence(Counter(_CAME.get(s, s) for s in said).most_common(1)[0][0]))


def _spans(case: Case, scene: Scene) -> Floats:
    every_note = [piece for pieces in case.gold.get("notes", {}).values() for piece in pieces]
    kinds = (case.gold.get("group_note", []), case.gold.get("interventions", []), every_note)
    return np.stack([_on_tokens(case, scene, pieces) for pieces in kinds], axis=1)


def _on_tokens(case: Case, scene: Scene, pieces: list[str]) -> Floats:
    inside = case.covered(pieces)
    return np.array([any(inside[t.start : t.end]) for t in scene.text.tokens], dtype=np.float32)


def _risks(case: Case, view: View, owner: Floats) -> Iterator[tuple[int, int]]:
    """For all words that may speak of a risk: their first token, and the status that the labels give to them."""
    said = case.gold.get("risk", [])
    for words in view.risks:
        owners = {w for k, w in enumerate(view.candidates.who) if owner[words.first : words.after, k].any()}
        statuses = [r["status"] for r in said if r["client"] in owners and r["kind"] == words.kind]
        yield words.first, (RISK_STATUSES.index(RiskStatus(statuses[0])) if statuses else len(RISK_STATUSES))


# ---- how wrong it was ----------------------------------------------------------------------------------------------


def gradients(lessons: list[Lesson], batch: Batch, out: Outputs) -> Outputs:
    """Of the cross-entropy, weighted so that each head has its say."""
    share = 1 / len(lessons)
    status = np.concatenate([x.status for x in lessons])
    rest = np.array([x.rest for x in lessons])
    owner = np.concatenate([x.owner.ravel() for x in lessons])
    spans = np.concatenate([x.spans for x in lessons])
    return Outputs(
        status=(2.0 * share * _of_classes(out.status, status)).astype(np.float32),
        rest=(1.5 * share * _of_classes(out.rest, rest)).astype(np.float32),
        owner=(0.05 * share * (_sigmoid(out.owner) - owner)).astype(np.float32),
        spans=(0.2 * share * (_sigmoid(out.spans) - spans)).astype(np.float32),
        risk=(share * _of_risks(lessons, batch, out.risk)).astype(np.float32),
    )


def _of_classes(scores: Floats, right: NDArray[np.int64]) -> Floats:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    d: Floats = e / e.sum(axis=1, keepdims=True)
    judged = right != UNJUDGED
    d[np.flatnonzero(judged), right[judged]] -= 1
    d[~judged] = 0
    return d


def _of_risks(lessons: list[Lesson], batch: Batch, scores: Floats) -> Floats:
    """Only of words that may speak of a risk."""
    tokens = [int(batch.cuts[n]) + token for n, x in enumerate(lessons) for token, _ in x.risks]
    right = np.array([status for x in lessons for _, status in x.risks], dtype=np.int64)
    d = np.zeros_like(scores)
    if tokens:
        np.add.at(d, tokens, _of_classes(scores[tokens], right))
    return d


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))
