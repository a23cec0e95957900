"""A scene made ready for the network, and many of them after one another."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from billing.record import record
from billing.records import Presence
from nlp.clauses import NameList
from nlp.clock import NUMBERS
from nlp.cues import ABSENT
from nlp.learned.lexicon import Lexicon
from nlp.learned.network import COUNTS, SPOTS, Batch
from nlp.learned.seen import Candidates, Floats, RiskWords, Seen, candidates, mention_places, risks_in, seen, status_of
from nlp.scene import Scene

EXTRA = 12
_NUMBER = re.compile(
    rf"(?<![\w:./-])(?:(?P<n>\d{{1,2}})|(?P<w>{'|'.join(w for w in NUMBERS if len(w) > 2)}))(?![\w:]|\.\d|/\d)",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(?<![\d/:])(?P<n>\w+)\s*(?:/|\s(?:of|out of|for)(?:\s(?:the|our))?\s)\s*(?P<all>\w+)(?![\d/:])", re.IGNORECASE
)


@record
class View:
    """One scene. `extra`: numbers for each candidate; `places`: candidate, first, last and next token of a mention."""

    seen: Seen
    candidates: Candidates
    extra: Floats
    places: tuple[tuple[int, ...], ...]
    risks: tuple[RiskWords, ...]


def view_of(scene: Scene, lexicon: Lexicon, pronouns: Mapping[str, str]) -> View:
    risks = tuple(risks_in(scene))
    known = seen(scene, lexicon, risks)
    found = candidates(scene, known, pronouns)
    number = {client: k for k, client in enumerate(found.who)}
    lists = [n for own in scene.owned for n in (own.clause.subject, *own.clause.others) if n is not None]
    places = tuple((number[s], *_around(scene, lists, a, b)) for s, a, b in mention_places(scene))
    extra = np.zeros((len(found.who), EXTRA), dtype=np.float32)
    for k, client in enumerate(found.who):
        extra[k, 0] = client in scene.enrolled
        extra[k, 1] = min(sum(1 for p in places if p[0] == k), 4) / 4
        extra[k, 2 + status_of(scene, client)] = 1
        extra[k, 10] = bool(scene.rest and scene.rest.presence is Presence.PRESENT)
        extra[k, 11] = bool(scene.enrolled)
    return View(seen=known, candidates=found, extra=extra, places=places, risks=risks)


def _around(scene: Scene, lists: list[NameList], first: int, after: int) -> tuple[int, ...]:
    """First, last and next token of a name; the tokens before and after its list; the first of its sentence."""
    last = len(scene.text.tokens) - 1
    whole = next((n for n in lists if n.first <= first < n.after), None)
    start, end = (whole.first, whole.after) if whole else (first, after)
    opens = next((s.first for s in scene.sentences if s.first <= first < s.after), 0)
    return first, after - 1, min(after, last), max(start - 1, 0), min(end, last), opens


def counts_of(scene: Scene, statuses: dict[str, Presence | None]) -> Floats:
    """What the numbers in a message leave of those not named. `statuses`: of each client named."""
    enrolled = len(scene.enrolled)
    named = {c: p for c, p in statuses.items() if c in scene.enrolled}
    absent = sum(p in ABSENT for p in named.values() if p)
    came = sum(p not in ABSENT for p in named.values() if p)
    left = enrolled - len(named)
    out = np.zeros(COUNTS, dtype=np.float32)
    message = scene.text.message
    taken = [(t.start, t.end) for t in scene.times]
    taken += [(s.start, s.end) for s in (scene.day, scene.part.named) if s]
    for match in _NUMBER.finditer(message):
        if any(a <= match.start() < b for a, b in taken):
            continue
        n = int(match["n"]) if match["n"] else NUMBERS[match["w"].lower()]
        out[0] = max(out[0], n == enrolled)
        out[1] = max(out[1], n == enrolled - absent)
        out[2] = max(out[2], n == came)
        out[3] = max(out[3], n == left)
        out[4] = max(out[4], n == absent)
    for match in _OF.finditer(message):
        pair = [_int(match["n"]), _int(match["all"])]
        if None in pair or pair[1] != enrolled:
            continue
        out[5] = 1
        out[6] = max(out[6], pair[0] == enrolled - absent)
        out[7] = max(out[7], pair[0] == came)
    if enrolled:
        out[8:12] = (left == 0, left / enrolled, absent / enrolled, came / enrolled)
    rest = scene.rest.presence if scene.rest else None
    out[12:16] = (
        rest is None,
        rest is Presence.PRESENT,
        rest in {Presence.NO_SHOW, Presence.ABSENT},
        rest is Presence.CANCELLED,
    )
    return out


def _int(said: str) -> int | None:
    return int(said) if said.isdigit() else NUMBERS.get(said.lower())


def batch_of(views: Sequence[View], counts: Sequence[Floats], rules: Sequence[bool]) -> Batch:
    """`rules`: for each scene whether what the rules found is shown."""
    cuts = np.concatenate([[0], np.cumsum([len(v.seen.ids) for v in views])])
    sizes = np.concatenate([[0], np.cumsum([len(v.candidates.who) for v in views])])
    floats = [
        np.concatenate([v.seen.floats, v.seen.rules * shown], axis=1) for v, shown in zip(views, rules, strict=True)
    ]
    places = np.array(
        [(k + sizes[n], *(t + cuts[n] for t in tokens)) for n, v in enumerate(views) for k, *tokens in v.places],
        dtype=np.int64,
    ).reshape(-1, 1 + SPOTS)
    extra = [_without(v.extra, slice(2, 11)) if not s else v.extra for v, s in zip(views, rules, strict=True)]
    pairs = [
        _without(v.candidates.pairs, slice(15, 26)) if not s else v.candidates.pairs
        for v, s in zip(views, rules, strict=True)
    ]
    grids = [np.indices(v.candidates.at.shape) for v in views]
    return Batch(
        ids=np.concatenate([v.seen.ids for v in views]),
        floats=np.concatenate(floats).astype(np.float32),
        cuts=cuts,
        mention_client=places[:, 0],
        mention_spots=tuple(places[:, n] for n in range(1, 1 + SPOTS)),
        clients=int(sizes[-1]),
        client_extra=np.concatenate(extra).astype(np.float32),
        pair_word=np.concatenate([g[0].ravel() + cuts[n] for n, g in enumerate(grids)]),
        pair_client=np.concatenate([g[1].ravel() + sizes[n] for n, g in enumerate(grids)]),
        pair_name=np.concatenate([v.candidates.at.ravel() + cuts[n] for n, v in enumerate(views)]),
        pair_extra=np.concatenate([p.reshape(-1, p.shape[-1]) for p in pairs]),
        counts=np.stack(list(counts)),
    )


def _without(numbers: Floats, columns: slice) -> Floats:
    out = numbers.copy()
    out[..., columns] = 0
    return out
