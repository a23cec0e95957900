"""What the learned part sees of a scene: numbers for each word, with every name hidden.

A name is replaced by what kind of person it is, so that nothing can be learned about names. What the rules concluded
is among the numbers: the learned part corrects them where it has seen better, and is trained to do without them, too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from billing.record import record
from billing.records import ClientId, Presence, RiskKind, RiskStatus
from nlp.attribution import subjects_of
from nlp.clauses import Role
from nlp.clinical import chars, risk_words
from nlp.learned.lexicon import WIDTH, Lexicon
from nlp.mentions import Kind, Mention
from nlp.pipeline import Shape, Text
from nlp.scene import Scene
from nlp.session import about_session

Floats = NDArray[np.floating[Any]]
Ids = NDArray[np.uint64]

SEEN = 96 + WIDTH + 24 + 40

PRESENCES = tuple(Presence)
_KINDS = (Kind.STRANGER, Kind.STAFF, Kind.OUTSIDER)
_PRONOUNS = (
    frozenset({"he", "hes", "his", "him", "himself"}),
    frozenset({"she", "shes", "her", "hers", "herself"}),
    frozenset({"they", "theyre", "their", "theirs", "them", "themself", "themselves"}),
)
_ABOUT = ("interventions", "topic", "group_words")
_SUBJECT = {Role.SUBJECT: 0, Role.OBJECT: 1, Role.EMBEDDED: 2}
_RISKS = tuple(RiskKind)
_STATUSES = (RiskStatus.DENIED, RiskStatus.ENDORSED, RiskStatus.HISTORICAL)


@record
class RiskWords:
    """Words that may speak of a risk: tokens [first, after) and characters [start, end). `status`: by the rules."""

    kind: RiskKind
    status: RiskStatus
    first: int
    after: int
    start: int
    end: int


@record
class Seen:
    """A scene in numbers. `ids`: T tokens x 5 hashed spellings; `floats`: T x width; `rules`: T x what rules found."""

    ids: Ids
    floats: Floats
    rules: Floats
    sentence: NDArray[np.int64]


def seen(scene: Scene, lexicon: Lexicon, risks: tuple[RiskWords, ...]) -> Seen:
    text = scene.text
    hidden = _hidden(scene)
    ids = np.array([lexicon.ids(t, hidden=hidden[i]) for i, t in enumerate(text.tokens)], dtype=np.uint64)
    words = np.stack([lexicon.vector("" if hidden[i] else t.norm) for i, t in enumerate(text.tokens)])
    floats = np.concatenate([text.vectors, words, _marks(scene)], axis=1)
    numbers = np.zeros(len(text.tokens), dtype=np.int64)
    for n, s in enumerate(scene.sentences):
        numbers[s.first : s.after] = n
    return Seen(ids=ids, floats=floats.astype(np.float32), rules=_rules(scene, risks), sentence=numbers)


def _hidden(scene: Scene) -> list[str]:
    """For each token the placeholder it is seen as; blank for a word that is no name."""
    hidden = [""] * len(scene.text.tokens)
    for m in scene.mentions:
        for i in range(m.first, m.after):
            hidden[i] = f"\x00{m.kind.value}"
    return hidden


def _marks(scene: Scene) -> Floats:
    """Kinds of names, pronouns, line and sentence starts, brackets, capitals, figures, place in the message."""
    text = scene.text
    marks = np.zeros((len(text.tokens), 24), dtype=np.float32)
    for m in scene.mentions:
        marks[m.first : m.after, _kind(m, scene.enrolled)] = 1
    for s in scene.sentences:
        marks[s.first, 7] = 1
        marks[s.first, 8] = s.line
        marks[list(s.cuts), 9] = 1
    for i, t in enumerate(text.tokens):
        gap = text.message[text.tokens[i - 1].end if i else 0 : t.start]
        marks[i, 10:18] = (
            gap.count("\n") > 1,
            t.is_word,
            t.text.isupper(),
            t.text[:1].isupper(),
            any(c.isdigit() for c in t.text),
            t.norm in _PRONOUNS[0],
            t.norm in _PRONOUNS[1],
            t.norm in _PRONOUNS[2],
        )
    marks[:, 18] = list(accumulate((t.text == "(") - (t.text == ")") for t in text.tokens))
    marks[:, 19 + list(Shape).index(text.shape)] = 1
    marks[:, 22] = np.linspace(0, 1, len(text.tokens))
    marks[:, 23] = min(len(text.tokens), 200) / 200
    return marks


def _kind(mention: Mention, enrolled: tuple[ClientId, ...]) -> int:
    if mention.kind is Kind.CLIENT:
        if mention.unclear:
            return 2
        return 3 if mention.many else 0 if set(mention.ids) & set(enrolled) else 1
    return 4 + _KINDS.index(mention.kind)


def _rules(scene: Scene, risks: tuple[RiskWords, ...]) -> Floats:
    """What the rules found of attendance, owners, hours, techniques and risk, on the tokens they found it in."""
    found = np.zeros((len(scene.text.tokens), 40), dtype=np.float32)
    starts = np.array([t.start for t in scene.text.tokens])
    for start, end, column in (*_attendance(scene), *_session(scene)):
        found[int(np.searchsorted(starts, start)) : int(np.searchsorted(starts, end)), column] = 1
    for m in scene.mentions:
        for column in {status_of(scene, s) for s in m.clients}:
            found[m.first : m.after, 7 + column] = 1
    for words in risks:
        found[words.first : words.after, 28 + _RISKS.index(words.kind)] = 1
        found[words.first : words.after, 34 + _STATUSES.index(words.status)] = 1
    _paint_clauses(scene, found)
    return found


def _attendance(scene: Scene) -> Iterator[tuple[int, int, int]]:
    """Characters and the column for what they say."""
    for s in scene.every_sign:
        yield s.cue.start, s.cue.end, 6 if s.described else PRESENCES.index(s.presence)
    if scene.rest:
        yield scene.rest.start, scene.rest.end, 15 if scene.rest.presence is Presence.PRESENT else 16


def _session(scene: Scene) -> Iterator[tuple[int, int, int]]:
    yield from ((time.start, time.end, 17) for time in scene.times)
    if scene.day:
        yield scene.day.start, scene.day.end, 18
    if scene.part.named:
        yield scene.part.named.start, scene.part.named.end, 19
    for said in about_session(scene.text, scene.owned, ()):
        if said.slot in _ABOUT:
            yield said.start, said.end, 25 + _ABOUT.index(said.slot)


def status_of(scene: Scene, subject: str) -> int:
    sign = scene.signs.get(subject)
    return len(PRESENCES) + 1 if sign is None else len(PRESENCES) if sign.described else PRESENCES.index(sign.presence)


def _paint_clauses(scene: Scene, found: Floats) -> None:
    for own in scene.owned:
        clause = own.clause
        found[clause.first : clause.after, 20] = own.named
        found[clause.first : clause.after, 21] = bool(own.subjects)
        for names in (clause.subject, *clause.others):
            if names is not None:
                found[names.first : names.after, 22 + _SUBJECT[names.role]] = 1


def risks_in(scene: Scene) -> Iterator[RiskWords]:
    starts = [t.start for t in scene.text.tokens]
    seen: set[tuple[RiskKind, int]] = set()
    for s in scene.sentences:
        for kind, status, (start, end) in risk_words(scene.text, *chars(scene.text, s.first, s.after)):
            first = max(bisect_right(starts, start) - 1, 0)
            if (kind, first) not in seen:
                seen.add((kind, first))
                after = max(bisect_left(starts, end), first + 1)
                yield RiskWords(
                    kind=kind,
                    status=status,
                    first=first,
                    after=after,
                    start=start,
                    end=end,
                )


# ---- who a word may belong to ------------------------------------------------------------------------------------


@record
class Candidates:
    """The clients a word may belong to. `who`: K ids; `at`: T x K, the token of the name that speaks nearest for
    them; `pairs`: T x K x width, what is known of each word with each client.
    """

    who: tuple[str, ...]
    at: NDArray[np.int64]
    pairs: Floats


PAIR = 26


def candidates(scene: Scene, known: Seen, pronouns: Mapping[str, str]) -> Candidates:
    who = tuple(dict.fromkeys(s for m in scene.mentions for s in m.clients))
    size = len(scene.text.tokens)
    at = np.zeros((size, len(who)), dtype=np.int64)
    pairs = np.zeros((size, len(who), PAIR), dtype=np.float32)
    if not who:
        return Candidates(who=who, at=at, pairs=pairs)
    tokens = np.arange(size)
    firsts = np.array([m.first for m in scene.mentions])
    before_all = np.searchsorted(firsts, tokens, side="right")
    kinds = np.array([_kind(m, scene.enrolled) for m in scene.mentions])
    nearest = np.maximum(before_all - 1, 0)
    starts = np.array([s.first for s in scene.sentences])
    gender = _pronoun_kinds(scene.text)
    for k, client in enumerate(who):
        mine = np.array([i for i, m in enumerate(scene.mentions) if client in m.clients])
        place = np.searchsorted(firsts[mine], tokens, side="right")
        has = place > 0
        index = mine[np.where(has, place - 1, 0)]
        at[:, k] = firsts[index]
        distance = np.abs(tokens - firsts[index])
        between = np.where(has, before_all - 1 - index, 0)
        here = known.sentence - known.sentence[firsts[index]]
        out = pairs[:, k]
        out[:, 0] = has
        out[:, 1] = has & (nearest == index)
        out[:, 2] = np.log1p(distance) / 4
        out[:, 3] = np.minimum(between, 6) / 6
        out[:, 4] = between == 1
        out[:, 5] = here == 0
        out[:, 6] = here == 1
        out[:, 7] = np.minimum(np.abs(here), 6) / 6
        out[:, 8] = np.isin(firsts[index], starts)
        out[:, 9] = np.isin(tokens, [i for j in mine for i in range(scene.mentions[j].first, scene.mentions[j].after)])
        out[:, 10] = kinds[nearest] >= 4
        out[:, 11] = kinds[nearest] == 2
        out[:, 12] = client in scene.enrolled
        said = pronouns.get(client, "")
        fits = np.array([word in said.split("/") if said else False for word in ("he", "she", "they")])
        other = np.array([bool(said) and word not in said.split("/") for word in ("he", "she")] + [False])
        out[:, 13] = gender @ fits > 0
        out[:, 14] = gender @ other > 0
        out[:, 15 + min(status_of(scene, client), 6)] = 1
        out[:, 15 + 6] = status_of(scene, client) == len(PRESENCES) + 1
    _owners(scene, who, pairs)
    return Candidates(who=who, at=at, pairs=pairs)


def _pronoun_kinds(text: Text) -> Floats:
    """T x 3: the last pronoun that opened a clause in the sentence so far, or stands there, as he, she or they."""
    kinds = np.zeros((len(text.tokens), 3), dtype=np.float32)
    for i, t in enumerate(text.tokens):
        if (
            i
            and text.tokens[i - 1].text not in {".", "!", "?", ";"}
            and "\n" not in text.between(text.tokens[i - 1], t)
        ):
            kinds[i] = kinds[i - 1]
        for column, words in enumerate(_PRONOUNS):
            if t.norm in words:
                kinds[i] = 0
                kinds[i, column] = 1
    return kinds


def _owners(scene: Scene, who: tuple[str, ...], pairs: Floats) -> None:
    """Whom the rules give each clause to, whom they let share it, whom the clause before was about."""
    number = {client: k for k, client in enumerate(who)}
    for subject, first, after, column in _owned(scene):
        if subject in number:
            pairs[first:after, number[subject], column] = 1


def _owned(scene: Scene) -> Iterator[tuple[str, int, int, int]]:
    previous: tuple[str, ...] = ()
    for own in scene.owned:
        first, after = own.clause.first, own.clause.after
        yield from ((s, first, after, 22) for s in own.subjects)
        yield from ((s, a, b, 23) for s, a, b in own.also)
        yield from ((s, first, after, 24) for s in previous)
        yield from ((s, names.after, after, 25) for names in own.clause.others for s in subjects_of(names))
        previous = own.subjects or previous


def mention_places(scene: Scene) -> Iterator[tuple[str, int, int]]:
    """Each settled mention of each client: the client, the first token, the token after."""
    for m in scene.mentions:
        yield from ((s, m.first, m.after) for s in m.clients)
