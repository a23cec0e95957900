"""Who came, who did not, who was late or left early.

Four kinds of evidence: a word before a list of names ("NS: Drew"), a word after them ("Bob no show"), something that a
client did in the room, and "everyone" or a count that adds up. Silence settles nothing, and absence wins over anything
but a correction.
"""

import re
from collections.abc import Iterator
from datetime import time

from billing.record import record
from billing.records import Presence
from nlp.attribution import Owned, subjects_of
from nlp.clauses import NameList, Role
from nlp.clock import AMOUNT, amount_of, clock, clock_of
from nlp.phrases import alternatives, phrases, table
from nlp.pipeline import Text

_FLAGS = re.IGNORECASE
_GLUE = r"(?:\s*(?:[:=\-–—(]|\b(?:was|were|are|is|by|from|only|just|both|today|tonight|again|like|on|the)\b))*\s*$"
_BEFORE = {
    Presence(name): re.compile(rf"(?:^|[\s,;.(\[🟢🟡🔴✅])(?P<cue>{alternatives(words)}){_GLUE}", _FLAGS)
    for name, words in table("presence", "before").items()
}
_NO = re.compile(rf"(?:^|[,;.:(]\s*|\band\s+)(?P<cue>{alternatives(phrases('presence', 'absent_after_pause'))})\s+$", _FLAGS)
_SAID = {
    Presence(name): re.compile(rf"(?<![\w'’/-])(?P<cue>{alternatives(words)})(?![\w/])", _FLAGS)
    for name, words in table("presence", "said").items()
}
_MINUTES = r"\s*-?(?:min(?:ute)?s?|mins?|m)?\b"
_LATE_BY = re.compile(rf"(?P<n>{AMOUNT}){_MINUTES}\s*(?:or\s+so\s+)?(?:lat+e+\b|behind\b|tardy\b|in\b(?=\s*$|[,.]))|\blat+e+\b[,\s(]*(?:by\s+)?(?:about\s+|abt\s+|around\s+|~|like\s+)?(?P<m>{AMOUNT}){_MINUTES}", _FLAGS)
_EARLY_BY = re.compile(rf"\b(?:left|leave|leaving|out|logged\s+off)\b[^.;]{{0,14}}?(?P<n>{AMOUNT}){_MINUTES}\s*(?:early|before\s+(?:the\s+)?end)\b", _FLAGS)
_CAME_AT = re.compile(rf"\b(?:came|arrived|joined|walked|got|logged|showed|rolled|here|in)\b(?:\s+(?:in|on|up|here|us))?\s+(?:at|around|about)\s+{clock('a')}", _FLAGS)
_LEFT_AT = re.compile(rf"\b(?:left|out|gone|stepped\s+out|logged\s+off|dropped\s+off|leave|ducked\s+out)\s+(?:at|around|about|by)\s+{clock('a')}(?![\w%])", _FLAGS)
_NOT_EARLY = re.compile(r"\b(?:did\s*n[o'’]?t|didnt|never|was\s*n['’]?t|not)\s+(?:leave\s+early|late)\b", _FLAGS)
_CAME_BACK = re.compile(r"\b(?:came|come|got|get)\s+(?:right\s+)?back\b", _FLAGS)
_NEVER_BACK = re.compile(r"\b(?:did\s*n[o'’]?t|didnt|never|could\s*n[o'’]?t|couldnt|not)\b[^.;]{0,12}\b(?:back|return(?:ed)?)\b", _FLAGS)
_OBJECT = re.compile(r"^\s+(?:on\s+)?(?:her|his|their|the|a|an|my)\s+(?!group|grp|session|appt|appointment|spot|phone|portal)", _FLAGS)
_ELSEWHERE = re.compile(rf"\b{alternatives(phrases('presence', 'elsewhere'))}\b", _FLAGS)
_ASIDE = re.compile(r"\s*(?:,\s*who\b|\(|\s+who\b)", _FLAGS)
_CORRECTED = re.compile(rf"\b{alternatives(phrases('presence', 'corrections'))}\b", _FLAGS)
_WEAK = {"out", "gone", "missing", "absent", "lc", "mia", "no call"}
_ANYWHERE = re.compile(r"(?:we\s+)?had|here\s+w(?:ere|as)|there\s+were|it\s+was\s+just|joined\s+by|present\s+were|only|just", _FLAGS)
_ABSENT = {Presence.NO_SHOW, Presence.CANCELLED, Presence.ABSENT}
_ORDER = (Presence.NO_SHOW, Presence.CANCELLED, Presence.ABSENT, Presence.LEFT_EARLY, Presence.LATE, Presence.PRESENT)


@record
class Sign:
    """One piece of evidence about one subject; [start, end) are characters of the message.

    `described`: only something the client did in the room, which any word about attendance outweighs.
    """

    subject: str
    presence: Presence
    start: int
    end: int
    why: str
    described: bool = False
    minutes_late: int | None = None
    minutes_early: int | None = None
    arrived: time | None = None
    left: time | None = None


@record
class Entry:
    """A list of names as far as attendance goes: what stands before it, and the characters in which more is said."""

    names: NameList
    sentence: int
    heading: Presence | None
    heading_at: tuple[int, int]
    start: int
    end: int


def signs_of(text: Text, owned: tuple[Owned, ...], firsts: tuple[int, ...], expected: time) -> tuple[Sign, ...]:
    """All evidence about single names. `firsts`: the first token of each sentence. `expected`: near which hour."""
    found: list[Sign] = []
    previous: tuple[Sign, ...] = ()
    heading: Entry | None = None
    for own in owned:
        for entry in _entries(text, own, firsts):
            carried = heading if _goes_on(text, heading, entry) else None
            signs = tuple(_signs(text, entry, carried, previous, expected))
            found.extend(signs)
            previous = signs or previous
            heading = entry if entry.heading else carried
        found.extend(_instead(text, own))
        if own.clause.subject is None and own.subjects:
            found.extend(_described(text, own.subjects, own.clause.first, own.clause.after))
            found.extend(_of_pronoun(text, own, expected))
    return tuple(found)


def settled(message: str, signs: tuple[Sign, ...]) -> dict[str, Sign]:
    """For every subject the sign that counts: absence first, unless it was corrected later."""
    chosen: dict[str, Sign] = {}
    for sign in signs:
        known = chosen.get(sign.subject)
        chosen[sign.subject] = sign if known is None else _stronger(message, known, sign)
    return chosen


def _stronger(message: str, known: Sign, sign: Sign) -> Sign:
    if sign.described or known.described:
        return known if sign.described else sign
    if _CORRECTED.search(message, known.end, max(sign.start, known.end)):
        return sign
    if known.presence is Presence.ABSENT and sign.presence in _ABSENT:
        return sign
    return min(known, sign, key=lambda s: _ORDER.index(s.presence))


# ---- lists and what stands before them ---------------------------------------------------------------------------


def _entries(text: Text, own: Owned, firsts: tuple[int, ...]) -> Iterator[Entry]:
    clause = own.clause
    start_of_sentence = text.tokens[firsts[clause.sentence]].start
    lists = [n for n in (clause.subject, *clause.others) if n is not None]
    for number, names in enumerate(lists):
        before = text.message[start_of_sentence : text.tokens[names.first].start]
        heading, cue = _heading(before)
        begins = text.tokens[names.after - 1].end
        last = lists[number + 1].first if number + 1 < len(lists) and heading else clause.after
        ends = text.tokens[last - 1].end
        if names.role is not Role.SUBJECT and not heading and not _ASIDE.match(text.message, begins, ends):
            continue
        at = (start_of_sentence + cue[0], text.tokens[names.after - 1].end)
        yield Entry(names=names, sentence=clause.sentence, heading=heading, heading_at=at, start=begins, end=max(begins, ends))


def _heading(before: str) -> tuple[Presence | None, tuple[int, int]]:
    """What stands right before a list: "Present:", "missing". The longest one counts."""
    best: tuple[Presence | None, tuple[int, int]] = (None, (len(before), len(before)))
    for presence, pattern in (*_BEFORE.items(), (Presence.ABSENT, _NO)):
        match = pattern.search(before)
        if match and match.start("cue") < best[1][0] and _stands_before(before, match, presence):
            best = (presence, match.span("cue"))
    return best


def _stands_before(before: str, match: re.Match[str], presence: Presence) -> bool:
    """Without punctuation "and canceled peggy talked" says nothing of Peggy."""
    pause = before[: match.start("cue")].rstrip()
    return (
        presence is Presence.ABSENT
        or not pause
        or not pause[-1].isalnum()
        or ":" in before[match.end("cue") :]
        or bool(_ANYWHERE.fullmatch(match["cue"]))
    )


def _goes_on(text: Text, heading: Entry | None, entry: Entry) -> bool:
    """Whether what stood before the list before holds for this one as well: "Out: Kris (cancelled), Siobhán (NS)"."""
    if heading is None or entry.heading or heading.sentence != entry.sentence:
        return False
    said = re.sub(r"\([^)]*\)", "", text.message[entry.start : entry.end])
    return bool(re.fullmatch(r"\W*(?:and\W*|w/\W*)?|\s*,?\s*who\b.*", said, re.DOTALL))


# ---- signs ---------------------------------------------------------------------------------------------------------


def _signs(text: Text, entry: Entry, carried: Entry | None, previous: tuple[Sign, ...], expected: time) -> Iterator[Sign]:
    subjects = subjects_of(entry.names)
    holder = entry if entry.heading else carried
    said = _said(text.message, entry.start, entry.end, expected)
    if said is None and holder and holder.heading is Presence.LATE:
        said = _minutes_after(text.message, entry.start, entry.end)
    if holder and holder.heading:
        one = len(subjects) > 1 and said is not None and said.presence in _ABSENT and not _all_of(text, entry) and holder.heading not in _ABSENT
        for subject in subjects:
            start, end = (entry.heading_at if entry.heading else (text.tokens[entry.names.first].start, entry.start))
            yield _sign(subject, holder.heading, start, end, "what stands before the names", said if not one else None)
        subjects = subjects[-1:] if one else subjects
    elif said is None:
        yield from _unsaid(text, entry, subjects, previous)
    if said is not None:
        yield from (_sign(s, said.presence, said.start, said.end, said.why, said) for s in subjects)


def _minutes_after(message: str, start: int, end: int) -> Sign | None:
    """ "Late: Aaliyah, 15 min": the minutes of a name under a heading."""
    match = re.compile(rf"\W*(?P<n>{AMOUNT}){_MINUTES}", _FLAGS).match(message, start, end)
    return _made(Presence.LATE, match, "late by minutes", minutes_late=amount_of(match["n"])) if match else None


def _unsaid(text: Text, entry: Entry, subjects: tuple[str, ...], previous: tuple[Sign, ...]) -> Iterator[Sign]:
    """Names without a word about attendance: a bare list, "too", or something they did."""
    rest = text.message[entry.start : entry.end].strip(" .,;!-–:🙂")
    if rest.lower() in phrases("clauses", "echoes") and previous:
        yield from (_sign(s, previous[-1].presence, entry.start, entry.end, "the same as the one before", None) for s in subjects)
    elif not re.search(r"[a-z]", rest, _FLAGS) or rest.lower() in {"um", "uh", "and", "so", "on", "okay"}:
        if len(subjects) > 1 or (previous and previous[-1].presence is Presence.PRESENT and not previous[-1].described):
            start = text.tokens[entry.names.first].start
            yield from (_sign(s, Presence.PRESENT, start, entry.start, "a list of names and nothing else", None) for s in subjects)
    elif entry.names.role is Role.SUBJECT:
        yield from _described(text, subjects, entry.names.first, entry.names.after, rest)


def _described(text: Text, subjects: tuple[str, ...], first: int, after: int, rest: str | None = None) -> Iterator[Sign]:
    start, end = text.tokens[first].start, text.tokens[after - 1].end
    words = rest if rest is not None else text.message[start:end]
    if _ELSEWHERE.search(words) or "?" in words or not re.search(r"[a-z]{2}", words, _FLAGS):
        return
    yield from (_sign(s, Presence.PRESENT, start, end, "what the client did in the room", None, described=True) for s in subjects)


def _of_pronoun(text: Text, own: Owned, expected: time) -> Iterator[Sign]:
    """ "She left 10 min early": said in a sentence of its own. Only lateness and leaving are taken from it."""
    start, end = text.tokens[own.clause.first].start, text.tokens[own.clause.after - 1].end
    said = _said(text.message, start, end, expected)
    if said and said.presence in {Presence.LATE, Presence.LEFT_EARLY} and len(own.subjects) == 1:
        yield _sign(own.subjects[0], said.presence, said.start, said.end, said.why, said)


def _instead(text: Text, own: Owned) -> Iterator[Sign]:
    """ "Aaliyah did NOT leave early, that was Björn"."""
    start, end = text.tokens[own.clause.first].start, text.tokens[own.clause.after - 1].end
    denied = _NOT_EARLY.search(text.message, start, end)
    for names in own.clause.others if denied else ():
        if denied and re.search(r"\bthat\s+was\s+$", text.message[denied.end() : text.tokens[names.first].start], _FLAGS):
            presence = Presence.LATE if "late" in denied.group().lower() else Presence.LEFT_EARLY
            yield from (_sign(s, presence, *denied.span(), "denied of one, said of the other", None) for s in subjects_of(names))


def _all_of(text: Text, entry: Entry) -> bool:
    return bool(re.match(r"\W*(?:both|all|were|are)\b", text.message[entry.start : entry.end], _FLAGS))


def _said(message: str, start: int, end: int, expected: time) -> Sign | None:
    """What [start, end) says about attendance, whoever it is about."""
    timed = _timed(message, start, end, expected)
    denied = _NOT_EARLY.search(message, start, end)
    if denied:
        return _sign("", Presence.PRESENT, *denied.span(), "it is denied", None)
    for presence in (Presence.NO_SHOW, Presence.CANCELLED, Presence.ABSENT):
        match = _cue(_SAID[presence], message, start, end)
        if match and match["cue"].lower() in _WEAK and not _is_near(message, start, match):
            continue
        if match and not (timed and presence is Presence.ABSENT):
            if presence is not Presence.CANCELLED or not _OBJECT.match(message, match.end(), end):
                return _sign("", presence, *match.span("cue"), "said after the name", None)
    if timed:
        return timed
    match = _cue(_SAID[Presence.LEFT_EARLY], message, start, end)
    if match and (not _CAME_BACK.search(message, match.end(), end) or _NEVER_BACK.search(message, match.end(), end)):
        return _sign("", Presence.LEFT_EARLY, *match.span("cue"), "said after the name", None)
    for presence in (Presence.LATE, Presence.PRESENT):
        match = _cue(_SAID[presence], message, start, end)
        if match and (_is_near(message, start, match) or match["cue"].lower() in phrases("presence", "guest")):
            return _sign("", presence, *match.span("cue"), "said after the name", None)
    return None


def _cue(pattern: re.Pattern[str], message: str, start: int, end: int) -> re.Match[str] | None:
    """The first cue that stands where attendance is spoken of, not deep in a story."""
    for match in pattern.finditer(message, start, end):
        between = message[start : match.start()]
        story = re.search(r"\b(?:said|says|talked|shared|told|asked|about|because|reported|feels|felt|that|how|her|his|their|the)\b", between, _FLAGS)
        strong = re.match(r"cancel|no.?show|n/s|ns\b|lc\b|never|absent|have|has|not|stepped|left early|had to leave|dropped|joined|sat in|came along|tried", match["cue"], _FLAGS)
        if not story or (strong and not re.search(r"\b(?:said|says|talked|shared|asked|about|reported|feels|felt)\b", between, _FLAGS)):
            return match
    return None


def _is_near(message: str, start: int, match: re.Match[str]) -> bool:
    """ "late", "out" and "there" speak of attendance only right after the name: not "her late husband", "been there"."""
    between = message[start : match.start()].strip(" ,;:-–(").lower()
    fillers = r"(?:was|were|is|are|all|both|also|came|arrived|joined|in|a|little|bit|today|tonight|again|few|about|min(?:ute)?s?|too|here|ran|running|really|very|\d+|w/ a \w|super|just|who|,|\s|then|as|logged|on|here|each|back|did)*"
    return bool(re.fullmatch(fillers, between))


def _timed(message: str, start: int, end: int, expected: time) -> Sign | None:
    """Lateness and leaving with minutes or a time: "15 late", "left at 2:50", "came in 25 late - sorry 15"."""
    for match in _LATE_BY.finditer(message, start, end):
        minutes = amount_of(match["n"] or match["m"])
        corrected = re.match(r"\W*(?:sorry|no|actually|wait|make that|i mean)\W+(\d+)", message[match.end() : end], _FLAGS)
        minutes = int(corrected[1]) if corrected else minutes
        return _made(Presence.LATE, match, "late by minutes", minutes_late=minutes)
    for match in _EARLY_BY.finditer(message, start, end):
        return _made(Presence.LEFT_EARLY, match, "left early by minutes", minutes_early=amount_of(match["n"]))
    for match in _CAME_AT.finditer(message, start, end):
        at = clock_of(match, "a")
        if at and (at.minute or match["adigits"]):
            return _made(Presence.LATE, match, "came at a time of their own", arrived=at.near(expected))
    for match in _LEFT_AT.finditer(message, start, end):
        at = clock_of(match, "a")
        if at:
            return _made(Presence.LEFT_EARLY, match, "left at a time of their own", left=at.near(expected))
    return None


def _made(
    presence: Presence,
    match: re.Match[str],
    why: str,
    *,
    minutes_late: int | None = None,
    minutes_early: int | None = None,
    arrived: time | None = None,
    left: time | None = None,
) -> Sign:
    return Sign(
        subject="",
        presence=presence,
        start=match.start(),
        end=match.end(),
        why=why,
        minutes_late=minutes_late,
        minutes_early=minutes_early,
        arrived=arrived,
        left=left,
    )


def _sign(subject: str, presence: Presence, start: int, end: int, why: str, said: Sign | None, *, described: bool = False) -> Sign:
    return Sign(
        subject=subject,
        presence=presence,
        start=start,
        end=end,
        why=why,
        described=described,
        minutes_late=said.minutes_late if said else None,
        minutes_early=said.minutes_early if said else None,
        arrived=said.arrived if said else None,
        left=said.left if said else None,
    )
