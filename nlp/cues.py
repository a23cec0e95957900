"""Words about attendance: what stands before a list of names, and what is said after one.

A word counts only where attendance is spoken of: right after the name, or so plain ("cancelled", "no show") that it
can mean nothing else. "Her late husband" and "left out the apologies" are somebody's story.
"""

import re
from collections.abc import Iterator
from datetime import time

from billing.record import record
from billing.records import Presence
from nlp.clock import AMOUNT, amount_of, clock, clock_of
from nlp.phrases import alternatives, phrases, table

FLAGS = re.IGNORECASE
ABSENT = frozenset({Presence.NO_SHOW, Presence.CANCELLED, Presence.ABSENT})
_GLUE = (
    r"(?P<glue>(?:\s*(?:[:=\-–—(]|\(\d+\)|"
    r"\b(?:was|were|are|is|by|from|only|just|both|today|tonight|again|like|on|the)\b))*)\s*$"
)
_BEFORE = {
    Presence(name): re.compile(rf"(?:^|[\s,;.(\[|])(?P<cue>{alternatives(words)}){_GLUE}", FLAGS)
    for name, words in table("presence", "before").items()
}
_NO = re.compile(
    r"(?:^|[,;.:(]\s*|\band\s+|\bno\s+\S+\s+)"
    rf"(?P<cue>{alternatives(phrases('presence', 'absent_after_pause'))})(?P<glue>)\s+$",
    FLAGS,
)
_NOT = re.compile(r"^(?:\W*not\s+[\w'’ ]+[,.;])*\W*(?P<cue>not)(?P<glue>)\s+$", FLAGS)
_SAID = {
    Presence(name): re.compile(rf"(?<![\w'’/-])(?P<cue>{alternatives(words)})(?![\w/])", FLAGS)
    for name, words in table("presence", "said").items()
}
_LABEL = re.compile(r"(?:^|[\n.;|•]\s*)(?P<label>[^:\n.;|]{1,40}):\s*$")
_EXCEPT = re.compile(r"but|except(?: for)?|besides|other than|apart from|save for|without|minus|aside from", FLAGS)
_ALL_CAME = re.compile(
    rf"(?:\d|\b(?:{alternatives(phrases('presence', 'everyone'))}|all|crew|house|group|attendance|roster)"
    r"(?:\s+(?:was|were|is|are|all|finally|today|tonight|of|them|us|that|the|on|"
    rf"{alternatives(phrases('presence', 'came'))}))*)$",
    FLAGS,
)
_DENIES = re.compile(r"\b(?:no|not|off|never|out|call|calls|waiting|wait|next|list|tell|ask|for|re)\b", FLAGS)
_HOURS = re.compile(r"\d\s*(?:-|–|to)\s*\d|\d\d:\d\d")
_ANYWHERE = re.compile(
    r"(?:we\s+)?had|here\s+w(?:ere|as)|there\s+were|it\s+was\s+just|joined\s+by|present\s+were|only|just", FLAGS
)
_STRONG = re.compile(
    r"cancel|canc|no.?show|n/s|ns\b|lc\b|cx|never (?:showed|came)|have\w* not|haven|hasn|stepped|left early|"
    r"had to leave|dropped|sat in|came along|"
    r"tried us|did\s?n['’o]?t? (?:show|make it|come|attend|log|turn)|"
    r"did not (?:show|make it|come|attend|log|turn)|"
    r"was\s?n['’]?t|wasnt|weren|could\s?n|"
    r"unable|ghosted|called out|called in|emailed that|texted that|late|gave up|logged off|"
    r"got disconnected|in the hospital",
    FLAGS,
)
_STORY = re.compile(
    r"\b(?:said|says|talked|shared|told|asked|about|because|reported|feels|felt|that|how|her|his|their|the)\b", FLAGS
)
_REPORT = re.compile(
    r"\b(?:said|says|talked|shared|asked|reported|feels|felt|told|(?:talk\w*|spoke|shared|worried) about)\b", FLAGS
)
_FILLERS = re.compile(
    r"(?:was|were|is|are|all|both|also|came|arrived|joined|in|a|an|little|bit|today|tonight|again|few|about|min(?:ute)?s?|too|here|ran|there|"
    r"running|really|very|\d+|w/ a \w|super|just|who|,|\s|then|as|logged|on|each|back|did|had|has|have|been|i|be|home|"
    r"still|out|at|"
    r"the|they|she|he|neither|of|them|[(|?:=-]|['’]s|['’]d|s|from\s+(?:[\w'’]+\s+){0,3}?(?:group|grp|gp)|from\s+\w+|y|n|or|so|absent|missing|off|maybe|like|but|this|morning|one)*"
)
_MINUTES = r"\s*-?(?:min(?:ute)?s?|mins?|m)?\b"
_LATE_BY = re.compile(
    rf"(?P<n>{AMOUNT}){_MINUTES}\s*(?:or\s+so\s+)?(?:lat+e+\b|behind\b|tardy\b|after\s+(?:the\s+hour|that|us|start)|in\b(?=\s*$|[,.]))"
    rf"|\blat+e+\b[,\s(:]*(?:by\s+)?(?:maybe\s+|about\s+|abt\s+|around\s+|~|like\s+)?(?P<m>{AMOUNT}){_MINUTES}",
    FLAGS,
)
_EARLY_BY = re.compile(
    rf"\b(?:left|leave|leaving|out|logged\s+off|go|cut\s+out|off|dropped)\b[^.;]{{0,18}}?(?P<n>{AMOUNT}){_MINUTES}\s*(?:early|before\s+(?:the\s+)?(?:end|rest))\b"
    rf"|\bleft\s+early,?\s*(?:by\s+)?(?P<m>{AMOUNT}){_MINUTES}",
    FLAGS,
)
_CAME_AT = re.compile(
    rf"\b(?:came|arrived|joined|walked|got|logged|showed|rolled|ran|here|in|slipped)\b(?:\s+(?:in|on|up|here|us|through))?\s+(?:at|around|about)\s+{clock('a')}(?![/%])",
    FLAGS,
)
_LEFT_AT = re.compile(
    rf"\b(?:left|(?:was|were|is)\s+(?:out|gone)|gone|headed\s+out|stepped\s+out|logged\s+off|dropped\s+off|dropped|leave|ducked\s+out|collected|went\s+home)\b[^.;,]{{0,22}}?\s(?:at|around|about|by)\s+{clock('a')}(?![\w%/])",
    FLAGS,
)
_DENIED = re.compile(r"\b(?:did\s*n[o'’]?t|didnt|never|was\s*n['’]?t|not)\s+(?:leave\s+early|late)\b", FLAGS)
_CAME_BACK = re.compile(
    r"\b(?:(?:came|come|got|get|was|is)\s+(?:right\s+)?back|back\s+(?:in|inside|twice|after|w))\b", FLAGS
)
_NEVER_BACK = re.compile(
    r"\b(?:did\s*n[o'’]?t|didnt|never|could\s*n[o'’]?t|couldnt|not)\b[^.;]{0,12}\b(?:back|return(?:ed)?)\b", FLAGS
)
_OBJECT = re.compile(
    r"^\s+(?:on\s+)?(?:her|his|their|the|a|an|my)\s+(?!group|grp|session|appt|appointment|spot|phone|portal)", FLAGS
)


@record
class Cue:
    """A word about attendance and what it says; [start, end) are characters. `strong`: it can mean nothing else."""

    presence: Presence
    start: int
    end: int
    why: str
    strong: bool = True
    minutes_late: int | None = None
    minutes_early: int | None = None
    arrived: time | None = None
    left: time | None = None


# ---- before the names --------------------------------------------------------------------------------------------


def before(text: str) -> tuple[Presence | None, tuple[int, int]]:
    """What stands right before a list ("Present:", "missing") at the end of `text`, and where; the longest counts."""
    best: tuple[Presence | None, tuple[int, int]] = (None, (len(text), len(text)))
    for presence, pattern in (*_BEFORE.items(), (Presence.ABSENT, _NO), (Presence.ABSENT, _NOT)):
        match = pattern.search(text)
        if match and match.start("cue") < best[1][0] and _stands_before(text, match, presence):
            best = (presence, match.span("cue"))
    label = _LABEL.search(text) if best[0] is None else None
    return (_of_label(label["label"]), label.span("label")) if label else best


def is_labelled(text: str) -> bool:
    """Whether a label that ends with a colon stands there, understood or not."""
    return bool(_LABEL.search(text))


def may_open_roll(text: str) -> bool:
    """Whether a label that is not understood may stand before who came: nothing in it denies it ("So:", "Room:")."""
    label = _LABEL.search(text)
    return label is None or not (speaks_of_absence(label["label"]) or _DENIES.search(label["label"]))


def _stands_before(text: str, match: re.Match[str], presence: Presence) -> bool:
    """Without punctuation "and canceled peggy talked" says nothing of Peggy; one letter needs a colon."""
    if len(match["cue"]) == 1 and match["cue"].isalnum():
        return any(mark in match["glue"] for mark in ":=")
    pause = text[: match.start("cue")].rstrip()
    if _EXCEPT.fullmatch(match["cue"]):
        return not pause or not pause[-1].isalnum() or bool(_ALL_CAME.search(pause))
    marked = any(mark in match["glue"] for mark in ":=")
    return (
        presence is Presence.ABSENT
        or marked
        or not pause
        or not pause[-1].isalnum()
        or bool(_ANYWHERE.fullmatch(match["cue"]))
    )


def _of_label(label: str) -> Presence | None:
    """As in "Cancelled by parent:", "OUT, nothing heard:": any word in it counts, absence first.

    A label with hours ("IOP, 5:30-7:") opens a roll call.
    """
    order = (
        Presence.NO_SHOW,
        Presence.CANCELLED,
        Presence.ABSENT,
        Presence.LATE,
        Presence.LEFT_EARLY,
        Presence.PRESENT,
    )
    text = label.strip()
    if _HOURS.search(text):
        return Presence.PRESENT
    return next((p for p in order if _SAID[p].match(text) or _BEFORE[p].search(text)), None)


# ---- after the names ---------------------------------------------------------------------------------------------


def said(message: str, start: int, end: int, expected: time, *, away: bool = False) -> Cue | None:
    """What [start, end) says of attendance. `away`: they are known not to have come, it is only asked how."""
    denied = _DENIED.search(message, start, end)
    if denied:
        return _cue(Presence.PRESENT, denied, "it is denied")
    timed = _timed(message, start, end, expected)
    absence = _absence(message, start, end, away=away)
    leaving = _leaving(message, start, end)
    if leaving and absence and leaving.start < absence.start and not away:
        return leaving
    if timed and (absence is None or absence.presence is Presence.ABSENT or absence.start > timed.start):
        return timed
    return absence or leaving or _coming(message, start, end)


def _absence(message: str, start: int, end: int, *, away: bool) -> Cue | None:
    found = {p: _first(_SAID[p], message, start, end) for p in (Presence.NO_SHOW, Presence.CANCELLED, Presence.ABSENT)}
    away = away or found[Presence.ABSENT] is not None
    cancelled = _SAID[Presence.CANCELLED].search(message, start, end) if away else found[Presence.CANCELLED]
    no_show = found[Presence.NO_SHOW]
    if cancelled and _OBJECT.match(message[cancelled.end() : end]):
        cancelled = None
    if no_show and (cancelled is None or no_show.start() < cancelled.start()):
        return _cue(Presence.NO_SHOW, no_show, "said after the name")
    if cancelled:
        return _cue(Presence.CANCELLED, cancelled, "said after the name")
    absent = found[Presence.ABSENT]
    return _cue(Presence.ABSENT, absent, "said after the name") if absent else None


def _leaving(message: str, start: int, end: int) -> Cue | None:
    match = _first(_SAID[Presence.LEFT_EARLY], message, start, end)
    back = match and _CAME_BACK.search(message, match.end(), end) and not _NEVER_BACK.search(message, match.end(), end)
    return _cue(Presence.LEFT_EARLY, match, "said after the name") if match and not back else None


def _coming(message: str, start: int, end: int) -> Cue | None:
    for presence in (Presence.LATE, Presence.PRESENT):
        for match in _SAID[presence].finditer(message, start, end):
            guest = match["cue"].lower() in phrases("presence", "guest") and not _REPORT.search(
                message, start, match.start()
            )
            if _is_near(message, start, match) or (guest and len(match["cue"]) > 5):
                return _cue(presence, match, "said after the name")
    return None


def _first(pattern: re.Pattern[str], message: str, start: int, end: int) -> re.Match[str] | None:
    """The first word that stands where attendance is spoken of, not deep in a story."""
    for match in pattern.finditer(message, start, end):
        between = message[start : match.start()]
        strong = bool(_STRONG.match(match["cue"])) and not _REPORT.search(between)
        if _is_near(message, start, match) or (
            strong
            and (
                not _STORY.search(between)
                or match["cue"].lower().startswith(("canc", "no", "step", "left e", "have", "has", "did"))
            )
        ):
            return match
    return None


def _is_near(message: str, start: int, match: re.Match[str]) -> bool:
    between = re.sub(r"[^\w'’ ,?=|(\[]", " ", message[start : match.start()]).strip(" ,;:-–(").lower()
    return bool(_FILLERS.fullmatch(between))


def _timed(message: str, start: int, end: int, expected: time) -> Cue | None:
    """Lateness and leaving with minutes or a time: "15 late", "left at 2:50", "came in 25 late - sorry 15"."""
    return next(
        (c for read in (_late_by, _early_by, _came_at, _left_at) for c in read(message, start, end, expected)), None
    )


def _late_by(message: str, start: int, end: int, _expected: time) -> Iterator[Cue]:
    for match in _LATE_BY.finditer(message, start, end):
        if _REPORT.search(message, start, match.start()):
            return
        minutes = amount_of(match["n"] or match["m"])
        corrected = re.match(
            r"\W*(?:sorry|no|actually|wait|make that|i mean)\W+(?:that\W+)?(\d+)", message[match.end() : end], FLAGS
        )
        yield _cue(Presence.LATE, match, "late by minutes", minutes_late=int(corrected[1]) if corrected else minutes)


def _early_by(message: str, start: int, end: int, _expected: time) -> Iterator[Cue]:
    for match in _EARLY_BY.finditer(message, start, end):
        yield _cue(
            Presence.LEFT_EARLY, match, "left early by minutes", minutes_early=amount_of(match["n"] or match["m"])
        )


def _came_at(message: str, start: int, end: int, expected: time) -> Iterator[Cue]:
    for match in _CAME_AT.finditer(message, start, end):
        at = clock_of(match, "a")
        if at and _is_near_or_short(message, start, match):
            yield _cue(Presence.LATE, match, "came at a time of their own", arrived=at.near(expected))


def _left_at(message: str, start: int, end: int, expected: time) -> Iterator[Cue]:
    for match in _LEFT_AT.finditer(message, start, end):
        at = clock_of(match, "a")
        if at and _is_near_or_short(message, start, match):
            yield _cue(Presence.LEFT_EARLY, match, "left at a time of their own", left=at.near(expected))


def _is_near_or_short(message: str, start: int, match: re.Match[str]) -> bool:
    return len(message[start : match.start()].split()) <= 4 and not _REPORT.search(message, start, match.start())


def _cue(
    presence: Presence,
    match: re.Match[str],
    why: str,
    *,
    minutes_late: int | None = None,
    minutes_early: int | None = None,
    arrived: time | None = None,
    left: time | None = None,
) -> Cue:
    return Cue(
        presence=presence,
        start=match.start(),
        end=match.end(),
        why=why,
        strong=bool(_STRONG.match(match.group())),
        minutes_late=minutes_late,
        minutes_early=minutes_early,
        arrived=arrived,
        left=left,
    )


def minutes_after(message: str, start: int, end: int) -> Cue | None:
    """As in "Late: Aaliyah, 15 min": the minutes of a name under a heading."""
    match = re.compile(rf"\W*(?:by\s+)?(?P<n>{AMOUNT}){_MINUTES}", FLAGS).match(message, start, end)
    return _cue(Presence.LATE, match, "late by minutes", minutes_late=amount_of(match["n"])) if match else None


def speaks_of_absence(text: str) -> bool:
    """Whether any word for an absence stands in it, even where it may mean something else."""
    return any(_SAID[p].search(text) for p in ABSENT)


def denied_in(message: str, start: int, end: int) -> re.Match[str] | None:
    """As in "did NOT leave early"."""
    return _DENIED.search(message, start, end)
