"""Who came, who did not, who was late or left early.

Four kinds of evidence: a word before a list of names ("NS: Drew"), a word after them ("Bob no show"), something that
only somebody in the room does, and "everyone" or a count that adds up. Silence settles nothing, and absence wins over
anything but a correction.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from billing.record import record
from billing.records import Presence
from nlp.attribution import Owned, subjects_of
from nlp.clauses import NameList, Role
from nlp.cues import (
    ABSENT,
    FLAGS,
    Cue,
    before,
    denied_in,
    is_labelled,
    may_open_roll,
    minutes_after,
    said,
    speaks_of_absence,
)
from nlp.phrases import alternatives, phrases
from nlp.pipeline import Shape, Text
from nlp.sentences import is_sign

_ELSEWHERE = re.compile(rf"\b{alternatives(phrases('presence', 'elsewhere'))}\b", FLAGS)
_IN_ROOM = re.compile(rf"\b{alternatives(phrases('presence', 'in_room'))}", FLAGS)
_IN_ROOM_WEAK = re.compile(rf"\b{alternatives(phrases('presence', 'in_room_weak'))}", FLAGS)
_RELATIVE_ACTS = re.compile(rf"\W*s\s+(?:\w+\s+)?{alternatives(phrases('people', 'relations'))}\b", FLAGS)
_GUEST = re.compile(rf"\b{alternatives(phrases('presence', 'guest'))}\b", FLAGS)
_OTHERS = re.compile(rf"\b(?:{alternatives(phrases('presence', 'the_rest'))}|everyone|everybody|nobody)\b", FLAGS)
_ASIDES = re.compile(r"\([^)]*\)?")
_ASIDE = re.compile(
    r"\s*(?:,\s*who\b|\(|\s+who\b|\s+I\s+(?:never|have|had|can|do)|[,:]?\s+(?:n/?s|no[ -]?show|cx|cancel+ed)\b)", FLAGS
)
_CORRECTED = re.compile(rf"\b{alternatives(phrases('presence', 'corrections'))}\b", FLAGS)
_ORDER = (Presence.NO_SHOW, Presence.CANCELLED, Presence.ABSENT, Presence.LEFT_EARLY, Presence.LATE, Presence.PRESENT)


@record
class Sign:
    """One piece of evidence about one subject.

    `cue` is what it was heard in. `described`: only something the client did in the room, which any word about
    attendance outweighs. `guest`: with words that one says of somebody who visits. `sentence` is its number.
    """

    subject: str
    cue: Cue
    sentence: int
    described: bool = False
    guest: bool = False

    @property
    def presence(self) -> Presence:
        return self.cue.presence


@record
class Entry:
    """A list of names as far as attendance goes: what stands before it, and the characters in which more is said.

    `labelled`: a label with a colon stands there; `closed`: one that is no heading of who came.
    """

    names: NameList
    sentence: int
    heading: Cue | None
    labelled: bool
    closed: bool
    start: int
    end: int


def signs_of(text: Text, owned: tuple[Owned, ...], firsts: tuple[int, ...], expected: time) -> tuple[Sign, ...]:
    """All evidence about single names. `firsts`: the first token of each sentence. `expected`: near which hour."""
    found: list[Sign] = []
    previous: tuple[Sign, ...] = ()
    heading: Entry | None = None
    entries = [entry for own in owned for entry in _entries(text, own, firsts)]
    for entry, following in zip(entries, [*entries[1:], None], strict=False):
        bounded = _bounded(text, entry, following)
        carried = heading if _goes_on(text, heading, bounded) else None
        signs = tuple(_signs(text, bounded, carried, previous, expected))
        found.extend(signs)
        previous = signs or previous
        heading = bounded if bounded.heading else carried
    for own in owned:
        found.extend(_instead(text, own))
        if own.clause.subject is None and own.subjects:
            found.extend(_of_pronoun(text, own, expected))
    return tuple(found)


def settled(message: str, signs: tuple[Sign, ...]) -> dict[str, Sign]:
    """For every subject the sign that counts: absence first, unless it was corrected later."""
    chosen: dict[str, Sign] = {}
    for sign in sorted(signs, key=lambda s: s.cue.start):
        known = chosen.get(sign.subject)
        chosen[sign.subject] = sign if known is None else _stronger(message, known, sign)
    return chosen


def _stronger(message: str, known: Sign, sign: Sign) -> Sign:
    if sign.described or known.described:
        return known if sign.described else sign
    if _CORRECTED.search(message, known.cue.end, max(sign.cue.start, known.cue.end)):
        return sign
    if known.presence is Presence.ABSENT and sign.presence in ABSENT:
        return sign
    if known.presence.attended and sign.presence in ABSENT and not sign.cue.strong and sign.sentence != known.sentence:
        return known
    return min(known, sign, key=lambda s: _ORDER.index(s.presence))


# ---- lists and what stands before them ---------------------------------------------------------------------------


def _entries(text: Text, own: Owned, firsts: tuple[int, ...]) -> Iterator[Entry]:
    clause = own.clause
    begin = text.tokens[firsts[clause.sentence]].start
    for names in (n for n in (clause.subject, *clause.others) if n is not None):
        stands = text.message[begin : text.tokens[names.first].start]
        presence, at = before(stands)
        start, end = text.tokens[names.after - 1].end, text.tokens[clause.after - 1].end
        if names.role is not Role.SUBJECT and not presence and not _ASIDE.match(text.message, start, end):
            continue
        heading = (
            Cue(presence=presence, start=begin + at[0], end=start, why="what stands before the names")
            if presence
            else None
        )
        labelled = is_labelled(stands)
        closed = labelled and not may_open_roll(stands)
        yield Entry(
            names=names,
            sentence=clause.sentence,
            heading=heading,
            labelled=labelled,
            closed=closed,
            start=start,
            end=max(start, end),
        )


def _bounded(text: Text, entry: Entry, following: Entry | None) -> Entry:
    """What is said of these names ends where other names, "the rest", or something new begins."""
    end = entry.end
    if following and following.sentence == entry.sentence:
        at = following.heading.start if following.heading else text.tokens[following.names.first].start
        end = min(end, at) if at > entry.start else end
    rest = _OTHERS.search(text.message, entry.start, end)
    end = rest.start() if rest else end
    return replace(entry, end=max(entry.start, _first_cut(text.message, entry.start, end)))


def _first_cut(message: str, start: int, end: int) -> int:
    """A semicolon, or a sign, bar or slash after the first word."""
    for index in range(start, end):
        spaced = message[index] == "/" and message[index - 1 : index].isspace()
        mark = message[index] == "|" or spaced or is_sign(message[index])
        if message[index] == ";" or (mark and re.search(r"\w", message[start:index])):
            return index
    return end


def _goes_on(text: Text, heading: Entry | None, entry: Entry) -> bool:
    """Whether what stood before the list before holds for this one as well: "Out: Kris (cancelled), Siobhán (NS)"."""
    if (
        heading is None
        or entry.heading
        or heading.sentence != entry.sentence
        or ";" in text.message[heading.start : entry.start]
    ):
        return False
    words = re.sub(r"\([^)]*\)", "", text.message[entry.start : entry.end])
    return bool(re.fullmatch(r"\W*(?:and\W*|w/\W*)?|\s*,?\s*who\b.*", words, re.DOTALL))


# ---- signs -------------------------------------------------------------------------------------------------------


def _signs(
    text: Text, entry: Entry, carried: Entry | None, previous: tuple[Sign, ...], expected: time
) -> Iterator[Sign]:
    subjects = subjects_of(entry.names)
    heading = entry.heading or (carried.heading if carried else None)
    away = heading is not None and heading.presence in ABSENT
    cue = said(text.message, entry.start, entry.end, expected, away=away)
    if cue is None and heading and heading.presence is Presence.LATE:
        cue = minutes_after(text.message, entry.start, entry.end)
    last = cue is not None and cue.presence in ABSENT and _only_last(text, entry, subjects, heading)
    if heading:
        at = heading if entry.heading else replace(heading, start=text.tokens[entry.names.first].start, end=entry.start)
        yield from (Sign(subject=s, cue=at, sentence=entry.sentence) for s in (subjects[:-1] if last else subjects))
    elif last:
        at = _listed(text, entry)
        yield from (Sign(subject=s, cue=at, sentence=entry.sentence) for s in subjects[:-1])
    elif cue is None:
        yield from _unsaid(text, entry, subjects, previous)
    if cue is not None:
        yield from (Sign(subject=s, cue=cue, sentence=entry.sentence) for s in (subjects[-1:] if last else subjects))


def _only_last(text: Text, entry: Entry, subjects: tuple[str, ...], heading: Cue | None) -> bool:
    """Whether an absence said after several names is only the last one's."""
    if len(subjects) < 2 or re.match(r"\W*(?:both|all|were|are)\b", text.message[entry.start : entry.end], FLAGS):
        return False
    if heading:
        return heading.presence not in ABSENT
    return (
        text.shape is Shape.LOWER
        and len(subjects) > 3
        and "," not in text.message[text.tokens[entry.names.first].start : entry.start]
    )


def _unsaid(text: Text, entry: Entry, subjects: tuple[str, ...], previous: tuple[Sign, ...]) -> Iterator[Sign]:
    """Names without a word about attendance: a bare list, "too", or something they did."""
    rest = text.message[entry.start : entry.end].strip(" .,;!-–:🙂")
    listed = _listed(text, entry)
    bare = rest if speaks_of_absence(rest) else _ASIDES.sub("", rest).strip(" .,;")
    if rest.lower() in phrases("clauses", "echoes") and previous:
        cue = replace(listed, presence=previous[-1].presence, end=entry.end, why="the same as the one before")
        yield from (
            Sign(subject=s, cue=cue, sentence=entry.sentence, described=previous[-1].described) for s in subjects
        )
    elif not re.search(r"[a-z]", bare, FLAGS) or bare.lower() in {"um", "uh", "and", "so", "on", "okay"}:
        after_others = bool(previous) and previous[-1].presence is Presence.PRESENT and not previous[-1].described
        enough = 2 if entry.labelled else 1
        if (
            entry.names.role is Role.SUBJECT
            and not entry.closed
            and (len(subjects) > enough or (after_others and not entry.labelled))
        ):
            yield from (Sign(subject=s, cue=listed, sentence=entry.sentence) for s in subjects)
    elif entry.names.role is Role.SUBJECT:
        yield from _described(text, entry, subjects, rest)


def _listed(text: Text, entry: Entry) -> Cue:
    start = text.tokens[entry.names.first].start
    return Cue(presence=Presence.PRESENT, start=start, end=entry.start, why="a list of names and nothing else")


def _described(text: Text, entry: Entry, subjects: tuple[str, ...], words: str) -> Iterator[Sign]:
    if _ELSEWHERE.search(words) or "?" in words or _RELATIVE_ACTS.match(words):
        return
    weak = _IN_ROOM_WEAK.search(words) is not None or _is_keyed(text, entry)
    guest = bool(_GUEST.search(words))
    if not _IN_ROOM.search(words) and (not (weak or guest) or speaks_of_absence(words)):
        return
    cue = replace(_listed(text, entry), why="what the client did in the room", strong=False)
    yield from (Sign(subject=s, cue=cue, sentence=entry.sentence, described=True, guest=guest) for s in subjects)


def _is_keyed(text: Text, entry: Entry) -> bool:
    """A line of a client's own: "Joy: 52 days"."""
    first = text.tokens[entry.names.first].start
    opens = (
        not first
        or not text.message[:first].rstrip(" -–•*+\t").strip()
        or text.message[:first].rstrip(" -–•*+\t")[-1:] in "\n.;|"
    )
    return opens and bool(re.match(r"\s*(?:[:|\t]|[-–—=]\s)", text.message[entry.start : entry.end]))


def _of_pronoun(text: Text, own: Owned, expected: time) -> Iterator[Sign]:
    """As in "She left 10 min early": in a sentence of its own. Only lateness and leaving are taken from it."""
    start, end = text.tokens[own.clause.first].start, text.tokens[own.clause.after - 1].end
    cue = said(text.message, start, end, expected)
    if cue and cue.presence in {Presence.LATE, Presence.LEFT_EARLY} and len(own.subjects) == 1:
        yield Sign(subject=own.subjects[0], cue=cue, sentence=own.clause.sentence)


def _instead(text: Text, own: Owned) -> Iterator[Sign]:
    """As in "Aaliyah did NOT leave early, that was Björn"."""
    start, end = text.tokens[own.clause.first].start, text.tokens[own.clause.after - 1].end
    denied = denied_in(text.message, start, end)
    for names in own.clause.others if denied else ():
        if denied and re.search(
            r"\bthat\s+was\s+$", text.message[denied.end() : text.tokens[names.first].start], FLAGS
        ):
            presence = Presence.LATE if "late" in denied.group().lower() else Presence.LEFT_EARLY
            cue = Cue(presence=presence, start=denied.start(), end=denied.end(), why="denied of one, said of the other")
            yield from (Sign(subject=s, cue=cue, sentence=own.clause.sentence) for s in subjects_of(names))
