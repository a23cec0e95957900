"""What the words of an answer say, whoever they are said of: whether they came, how they are doing, that they are safe.

Each function understands the whole of the words or nothing, so that nothing is lost of what is not understood.
"""

import re
from datetime import time

from billing.records import Presence, Progress, Risk, RiskKind, RiskStatus, Value
from nlp.asked import said
from nlp.clock import AMOUNT, amount_of, clock, clock_of
from nlp.phrases import table

Says = tuple[tuple[str, Value], ...]
"""What is said: slot and value."""

MARKS = " ,.;:!()–—-"
_JOIN = re.compile(r"\s*(?:,|;|[()]|\band\b|\bbut\b|&)\s*", re.IGNORECASE)

# ---- whether they came ------------------------------------------------------------------------------------------

_BE = (
    r"(?:(?:was|were|is|are|been|had|has|have|got|did|just|also|actually|only|marked|mark|as|a|an|it|about|around|"
    r"like|maybe|by|['’]?s|['’]re)\b\s*|~\s*)*"
)
_MIN = r"\s*-?\s*(?:m|mins?|minutes?)?\b\.?\s*"
_MINUTES = re.compile(
    rf"{_BE}(?:came in |came |left )?(?:(?P<n>{AMOUNT}){_MIN}(?P<way>late|behind|tardy|early)"
    rf"|(?P<way2>late|early),?\s*{_BE}(?P<n2>{AMOUNT}){_MIN})",
    re.IGNORECASE,
)
_CAME_OR_LEFT = re.compile(
    rf"{_BE}(?:(?P<left>left|out|logged off)(?: early)?|"
    rf"(?:came|arrived|joined|got there|walked in|in|late)(?: in| late)?),?\s*(?:at|around|about|@)?\s*{clock('a')}",
    re.IGNORECASE,
)


def presence_said(words: str, expected: time) -> Says | None:
    """What words like "no show", "late, about 10" or "there but left at 2:50" say; None if anything else is in them.

    `expected`: the start of the group, to know morning from evening.
    """
    says: dict[str, Value] = {}
    plain = words.strip(MARKS)
    for part in [plain] if _one_presence(plain, expected) else parts_of(plain):
        one = dict(_one_presence(part, expected) or ())
        if not one or (says and _attended(says) != _attended(one)):
            return None
        said_before = says.get("presence", Presence.PRESENT)
        says |= one if said_before is Presence.PRESENT else {**one, "presence": said_before}
    return tuple(says.items()) or None


def parts_of(words: str) -> list[str]:
    """The words between commas, "and" and "but"."""
    return [part.strip() for part in _JOIN.split(words.strip(MARKS))]


def _attended(says: dict[str, Value]) -> bool:
    value = says["presence"]
    return isinstance(value, Presence) and value.attended


def _one_presence(part: str, expected: time) -> Says | None:
    if _says("presence.sick", part):
        return (("presence", Presence.CANCELLED), ("absence_reason", part))
    for value in Presence:
        if _says(f"presence.{value}", part):
            return (("presence", value),)
    return _by_minutes(part) or _by_clock(part, expected)


def _by_minutes(part: str) -> Says | None:
    match = _MINUTES.fullmatch(part)
    minutes = amount_of(match["n"] or match["n2"]) if match else None
    if match is None or minutes is None:
        return None
    if "early" in (match["way"] or match["way2"]).lower():
        return (("presence", Presence.LEFT_EARLY), ("minutes_early", minutes))
    return (("presence", Presence.LATE), ("minutes_late", minutes))


def _by_clock(part: str, expected: time) -> Says | None:
    match = _CAME_OR_LEFT.fullmatch(part)
    at = clock_of(match, "a") if match else None
    if match is None or at is None:
        return None
    if match["left"]:
        return (("presence", Presence.LEFT_EARLY), ("left", at.after(expected)))
    return (("presence", Presence.LATE), ("arrived", at.near(expected)))


def _says(key: str, words: str) -> bool:
    """Whether these words, but for "was", "just" and the like, are one of the phrases under `key`."""
    return bool(re.fullmatch(rf"{_BE}{said(key)}(?:[\s,]+{said('after')})*", words, re.IGNORECASE))


# ---- how they are doing -----------------------------------------------------------------------------------------


def progress_said(words: str) -> Says | None:
    """The level that words like "about the same" or "he slipped back" name."""
    plain = re.sub(rf"^(?:{said('one')}\b|who\b|['’]s)?\s*", "", words.strip(MARKS), flags=re.IGNORECASE)
    level = next((p for p in Progress if _says(f"progress.{p.name.lower()}", plain)), None)
    return (("progress", level),) if level else None


# ---- whether they are safe --------------------------------------------------------------------------------------

NONE_RAISED = Risk(kind=None, status=RiskStatus.NONE_RAISED)
_OR = re.compile(r"\s*(?:/|,|\bor\b|\band\b|\bnor\b)\s*", re.IGNORECASE)


def risk_said(words: str) -> Says | None:
    """After "no concerns" none was raised; "no SI", "denied SI/HI" say it of what they name and of no more."""
    plain = words.strip(MARKS)
    if re.fullmatch(rf"{said('risk.none')}(?:\s+{said('risk.reach')})*", plain, re.IGNORECASE):
        return (("risk", NONE_RAISED),)
    denial = re.fullmatch(
        rf"{_BE}(?:{said('risk.denied')}\s+(?:any\s+|active\s+|current\s+)*(?P<what>.+?)|(?P<before>.+?)\s+denied)(?:\s+{said('risk.reach')})*",
        plain,
        re.IGNORECASE,
    )
    kinds = _kinds(denial["what"] or denial["before"]) if denial else ()
    return tuple(("risk", Risk(kind=kind, status=RiskStatus.DENIED)) for kind in kinds) or None


def _kinds(words: str) -> tuple[RiskKind, ...]:
    """The kinds of risk named, all of them or none."""
    found = [_kind(part) for part in _OR.split(words)]
    return tuple(k for k in found if k) if all(found) else ()


def _kind(word: str) -> RiskKind | None:
    names = table("answers", "risk_kinds")
    fits = (kind for kind in names if re.fullmatch(said(f"risk_kinds.{kind}"), word, re.IGNORECASE))
    return next((RiskKind[kind] for kind in fits), None)
