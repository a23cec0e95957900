"""What the learned part concludes of a scene, beside what the rules found.

It decides who came and whose words are whose. Rules stay where they are certain: a group that was not held, a name
that is not settled, minutes and hours. What it is not sure of it leaves out, and the product asks.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from billing.record import record
from billing.records import Presence, Risk, RiskStatus, is_spoken
from nlp.attribution import Owned
from nlp.clinical import Finding, chars
from nlp.cues import ABSENT, Cue
from nlp.everyone import Rest
from nlp.learned.lexicon import Lexicon
from nlp.learned.network import COUNTS, Network, load
from nlp.learned.seen import SEEN, Floats, RiskWords
from nlp.learned.views import EXTRA, View, batch_of, counts_of, view_of
from nlp.phrases import alternatives, phrases
from nlp.presence import Sign
from nlp.scene import Scene
from nlp.words import Stretch, pieces, trimmed

_OTHERS = re.compile(rf"\b{alternatives(phrases('presence', 'others'))}\b", re.IGNORECASE)
_SURE_HOW = 0.8
"""Share of the chance of absence that one kind of it must have before it is taken for said."""
MODEL = Path(__file__).parent / "model"
STATUSES = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY, Presence.NO_SHOW, Presence.CANCELLED, None)
RESTS = (None, Presence.PRESENT, Presence.NO_SHOW, Presence.CANCELLED)
RISK_STATUSES = (RiskStatus.DENIED, RiskStatus.ENDORSED, RiskStatus.HISTORICAL)


@record
class Thresholds:
    """How sure it must be; below, it is silent. `came`: to say of somebody that they came, or did not;
    `alone`: where the rules are silent; `against`: where they plainly say the other; `doubted`: to ask instead, and
    `came_doubted` where the rules only saw what somebody did.
    """

    came: float = 0.5
    alone: float = 0.9
    doubted: float = 0.95
    came_doubted: float = 0.8
    against: float = 0.97
    rest: float = 0.6
    rest_doubted: float = 0.0
    words: float = 0.25
    technique: float = 0.4
    group: float = 0.4
    no_risk: float = 0.5
    risk_owner: float = 0.35


@record
class Read:
    """[start, end) of the message, and how sure it is of it."""

    start: int
    end: int
    why: str


@record
class Judged:
    """A scene with attendance as the learned part sees it, and what it read in the words."""

    scene: Scene
    stretches: tuple[Stretch, ...]
    techniques: tuple[Read, ...]
    group_words: tuple[Read, ...]
    risks: tuple[Finding, ...]
    unsure: frozenset[str]


class Judge:
    """The trained networks; their answers are averaged."""

    def __init__(self, folder: Path = MODEL, thresholds: Thresholds | None = None) -> None:
        self._lexicon = Lexicon(folder / "words.npz")
        self._networks = load(folder, SEEN, EXTRA)
        self._at = thresholds or Thresholds()

    def judged(self, scene: Scene, pronouns: Mapping[str, str]) -> Judged:
        view = view_of(scene, self._lexicon, pronouns)
        scores = self.scores(scene, view)
        return decided(scene, view, scores, self._at)

    def scores(self, scene: Scene, view: View) -> "Scores":
        return scores_of(self._networks, scene, view)


@record
class Scores:
    """Probabilities: K x statuses, rests, T x K owners, T x spans, T x risk statuses (the last: none)."""

    status: Floats
    rest: Floats
    owner: Floats
    spans: Floats
    risk: Floats


def scores_of(networks: tuple[Network, ...], scene: Scene, view: View) -> Scores:
    batch = batch_of([view], [np.zeros(COUNTS, dtype=np.float32)], [True])
    parts = [n.read(batch) for n in networks]
    status = _mean([_softmax(p.status) for p in parts])
    named = {w: STATUSES[int(status[k].argmax())] for k, w in enumerate(view.candidates.who)}
    counted = replace(batch, counts=counts_of(scene, named)[None])
    rest = _mean([_softmax(n.rest_of(counted, p.hidden)) for n, p in zip(networks, parts, strict=True)])[0]
    owner = _mean([_sigmoid(p.owner) for p in parts]).reshape(view.candidates.at.shape)
    spans = _mean([_sigmoid(p.spans) for p in parts])
    risk = _mean([_softmax(p.risk) for p in parts])
    return Scores(status=status, rest=rest, owner=owner, spans=spans, risk=risk)


def decided(scene: Scene, view: View, scores: Scores, at: Thresholds) -> Judged:
    signs, unsure = _signs(scene, view, scores.status, at)
    rest = _rest(scene, scores.rest, at)
    judged = replace(scene, signs=signs, rest=rest)
    return Judged(
        scene=judged,
        stretches=tuple(_stretches(judged, view, _guarded(scene, view, scores.owner), at.words)),
        techniques=tuple(_runs(scene, scores.spans[:, 1], at.technique)),
        group_words=tuple(_runs(scene, scores.spans[:, 0], at.group)),
        risks=tuple(_risks(judged, view, scores, at)),
        unsure=unsure,
    )


# ---- who came ----------------------------------------------------------------------------------------------------


def _signs(scene: Scene, view: View, status: Floats, at: Thresholds) -> tuple[dict[str, Sign], frozenset[str]]:
    """For every client named the sign that counts, or none; and whom it is not sure of."""
    signs = {s: sign for s, sign in scene.signs.items() if s not in view.candidates.who}
    unsure = set()
    for k, client in enumerate(view.candidates.who):
        decided = _presence(scene, client, status[k], at)
        if decided is None:
            unsure.add(client)
        else:
            signs[client] = _sign(scene, client, *decided)
    return signs, frozenset(unsure)


def _presence(scene: Scene, client: str, status: Floats, at: Thresholds) -> tuple[Presence, float] | None:
    """What happened to one client and how sure that is; None where it is better asked."""
    rule = scene.signs.get(client)
    came, away = float(status[:3].sum()), float(status[3:5].sum())
    if rule is None:
        guest = bool(scene.enrolled) and client not in scene.enrolled
        return None if guest or max(came, away) < at.alone else _likeliest(None, status)
    if rule.presence.attended != (came > away):
        return _against(rule, came, away, status, at)
    plain = None if rule.described else rule
    if max(came, away) < at.came:
        return (rule.presence, came) if plain and rule.presence.attended else None
    return _likeliest(plain, status)


def _against(rule: Sign, came: float, away: float, status: Floats, at: Thresholds) -> tuple[Presence, float] | None:
    """Where rules and network differ. Nobody whom the rules have absent is read as having come: at most it is asked."""
    if not rule.presence.attended:
        return (rule.presence, away) if came < at.against else None
    if away >= (at.alone if rule.described else at.against):
        return _likeliest(None, status)
    return (rule.presence, came) if away < (at.came_doubted if rule.described else at.doubted) else None


def _likeliest(plain: Sign | None, status: Floats) -> tuple[Presence, float]:
    came, away = float(status[:3].sum()), float(status[3:5].sum())
    if came > away:
        return _manner(plain, status), came
    kind = (Presence.NO_SHOW, Presence.CANCELLED)[int(status[3:5].argmax())]
    said = plain is not None and (plain.presence is not Presence.ABSENT or status[3:5].max() < _SURE_HOW * away)
    return (plain.presence if plain and said else kind), away


def _manner(plain: Sign | None, status: Floats) -> Presence:
    """On time, late or left early: a plain word of the rules counts, unless it is likely to be more than presence."""
    best = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY)[int(status[:3].argmax())]
    if plain is None or not plain.presence.attended:
        return best
    denied = plain.presence is Presence.PRESENT and "denied" in plain.cue.why
    return plain.presence if denied or plain.presence is not Presence.PRESENT else best


def _sign(scene: Scene, client: str, presence: Presence, sure: float) -> Sign:
    """The rules' sign where both agree, else the words around the name."""
    why = f"learned, {sure:.2f}"
    chosen = (scene.signs[client],) if client in scene.signs else ()
    mine = (*chosen, *(s for s in scene.every_sign if s.subject == client))
    same = [s for s in mine if _like(s.presence) is _like(presence)]
    if same:
        best: Sign = min(same, key=lambda s: s.described)
        return replace(best, cue=replace(best.cue, why=f"{best.cue.why}; {why}"))
    start, end = _vicinity(scene, client)
    cue = Cue(presence=presence, start=start, end=end, why=why, strong=False)
    number = next((n for n, s in enumerate(scene.sentences) if scene.text.tokens[s.after - 1].end > start), 0)
    return Sign(subject=client, cue=cue, sentence=number, described=presence.attended, guest=True)


def _like(presence: Presence) -> Presence:
    return Presence.NO_SHOW if presence is Presence.ABSENT else presence


def _vicinity(scene: Scene, client: str) -> tuple[int, int]:
    """The first name of the client with the words after it, to the end of the piece it stands in."""
    mention = next(m for m in scene.mentions if client in m.clients)
    sentence = next(s for s in scene.sentences if s.first <= mention.first < s.after)
    tokens = scene.text.tokens[mention.first : min(sentence.after, mention.after + 8)]
    return mention.start, tokens[-1].end


def _rest(scene: Scene, rest: Floats, at: Thresholds) -> Rest | None:
    """What is said of all the others: the rules' reading unless it is unlikely, else what is likely enough."""
    if scene.rest and ("count" in scene.rest.why or rest[RESTS.index(_like(scene.rest.presence))] >= at.rest_doubted):
        return scene.rest
    best = int(rest.argmax())
    presence = RESTS[best]
    if presence is None or rest[best] < at.rest or not _speaks_of_others(scene):
        return None
    why = f"said of everybody else; learned, {rest[best]:.2f}"
    first, last = scene.text.tokens[scene.sentences[0].first], scene.text.tokens[scene.sentences[0].after - 1]
    return Rest(presence=presence, start=first.start, end=last.end, why=why)


def _speaks_of_others(scene: Scene) -> bool:
    """Whether a word or a number is there that can mean those who are not named. Silence settles nothing."""
    named: dict[str, Presence | None] = {s: sign.presence for s, sign in scene.signs.items()}
    counts = counts_of(scene, named)
    if counts[5] and not counts[6]:
        return False  # "6 of 8" is said, and it does not add up
    return bool(_OTHERS.search(scene.text.message)) or bool(counts[[0, 1, 3, 6]].any())


# ---- whose words -------------------------------------------------------------------------------------------------


def _guarded(scene: Scene, view: View, owner: Floats) -> Floats:
    """What the message takes back ("edit: that was Isabel") is the rules' to say, and so is what begins with a name
    that is not settled: it never falls to somebody else.
    """
    owner = owner.copy()
    for own in scene.owned:
        unsettled = own.named and bool(own.subjects) and all(is_spoken(s) for s in own.subjects)
        if unsettled or own.why.startswith("corrected"):
            owner[own.clause.first : own.clause.after] = [s in own.subjects for s in view.candidates.who]
    return owner


def _stretches(scene: Scene, view: View, owner: Floats, sure: float) -> Iterator[Stretch]:
    text = scene.text
    starts = np.array([t.start for t in text.tokens])
    found = [
        (a, b, int(np.searchsorted(starts, a)), int(np.searchsorted(starts, b)), own)
        for own in scene.owned
        for a, b in pieces(text.message, *chars(text, own.clause.first, own.clause.after))
    ]
    named = {i for m in scene.mentions for i in range(m.first, m.after)}
    for k, client in enumerate(view.candidates.who):
        sign = scene.signs.get(client)
        if sign is not None and sign.presence in ABSENT:
            continue
        run: tuple[int, int, float] | None = None
        for a, b, i, j, own in found:
            words = [n for n in range(i, j) if text.tokens[n].is_word and n not in named]
            share = float(owner[words, k].mean()) if words and _may_concern(client, own, scene) else 0.0
            if share > sure:
                joined = run is not None and not _apart(text.message[run[1] - 1 : a])
                if run and not joined:
                    yield from _stretch(scene, client, run)
                run = (run[0], b, max(run[2], share)) if run and joined else (a, b, share)
            elif run and words:
                yield from _stretch(scene, client, run)
                run = None
        if run:
            yield from _stretch(scene, client, run)


def _may_concern(client: str, own: Owned, scene: Scene) -> bool:
    """Words that begin with somebody else's name are another's only if they name or mean the other as well."""
    if not own.named or client in own.subjects:
        return True
    inside = range(own.clause.first, own.clause.after)
    if any(m.first in inside and client in m.ids for m in scene.mentions):
        return True
    return any(scene.text.tokens[n].norm in MEANS_ANOTHER for n in inside)


MEANS_ANOTHER = frozenset(("her", "him", "them", "his", "hers", "their", "theirs", "both", "everyone", "each"))


def _apart(between: str) -> bool:
    return bool(_ENDS.search(between)) or len(between) > 9


_ENDS = re.compile(r"[\n.!?;]")


def _stretch(scene: Scene, client: str, run: tuple[int, int, float]) -> Iterator[Stretch]:
    """The words without the client's own name before them: whose they are is known."""
    message = scene.text.message
    for start, end in trimmed(message, run[0], run[1]):
        own = next((m for m in scene.mentions if m.start == start and m.clients == (client,)), None)
        after = own.end if own and message[own.end : own.end + 1] not in ("'", "’") else start
        for a, b in trimmed(message, after, end):
            yield Stretch(subject=client, start=a, end=b, why=f"learned, {run[2]:.2f}")


def _runs(scene: Scene, scores: Floats, sure: float) -> Iterator[Read]:
    """Stretches of tokens above the threshold, within a sentence."""
    for s in scene.sentences:
        first = None
        for i in range(s.first, s.after + 1):
            inside = i < s.after and scores[i] > sure
            if inside and first is None:
                first = i
            elif not inside and first is not None:
                a, b = scene.text.tokens[first].start, scene.text.tokens[i - 1].end
                if b - a > 2:
                    yield Read(start=a, end=b, why=f"learned, {scores[first:i].max():.2f}")
                first = None


def _risks(scene: Scene, view: View, scores: Scores, at: Thresholds) -> Iterator[Finding]:
    """Each client's own statements: words that speak of a risk, where the network takes them for one."""
    seen: set[tuple[str, Risk]] = set()
    for words in view.risks:
        chances = scores.risk[words.first]
        status = RISK_STATUSES[int(chances[:3].argmax())]
        risk = Risk(kind=words.kind, status=status)
        if chances[3] > at.no_risk:
            continue
        why = f"words for {words.kind}, {status}; learned, {chances[:3].max():.2f}"
        for subject in _owners(scene, view, scores.owner, words, at.risk_owner):
            if (subject, risk) not in seen:
                seen.add((subject, risk))
                yield Finding(slot="risk", subject=subject, value=risk, start=words.start, end=words.end, why=why)


def _owners(scene: Scene, view: View, owner: Floats, words: RiskWords, sure: float) -> list[str]:
    """Whose words they are; where the network gives them to nobody, whose the rules say they are."""
    mean = owner[words.first : words.after].mean(axis=0)
    found = [w for k, w in enumerate(view.candidates.who) if mean[k] > sure]
    ruled = [s for o in scene.owned if o.clause.first <= words.first < o.clause.after for s in o.subjects]
    return found or [s for s in ruled if s in view.candidates.who]


def _mean(parts: list[Floats]) -> Floats:
    mean: Floats = np.mean(parts, axis=0)
    return mean


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(axis=1, keepdims=True)) if len(x) else x
    return e / e.sum(axis=1, keepdims=True) if len(x) else x


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))
