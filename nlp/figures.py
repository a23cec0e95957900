"""Answers in figures: when it started and ended, how long it was, how many were there."""

import re
from collections.abc import Iterator
from datetime import time

from billing.records import About, Heard
from nlp.asked import OWN_TIMES, Asked, Reply, said, whole
from nlp.clock import AMOUNT, amount_of, clock, clock_of
from nlp.statements import Answer
from nlp.when import times_of

_TIME_FILLER = re.compile(
    r"(?:\b(?:it|we|was|from|at|about|around|started|start|began|ended|end|group|grp|went|ran|and|to|the|then|until|till|so|"
    r"actual|actually|times?|session|total|long|for)\b|[\s,.;:!()~–—-])*",
    re.IGNORECASE,
)
_BARE = whole(rf"(?:(?:it|we|at|about|around|was|ended|until|till?|to|by|started|start|end|ran|-)\s+)*{clock('a')}")
_PAST = whole(
    rf"(?:(?P<verb>start(?:ed)?|began|end(?:ed)?)\s+)?(?:at\s+|about\s+)?(?P<n>{AMOUNT})\s*(?:m|mins?|minutes?)?\s*"
    rf"{said('times.past')}"
)
_LENGTH = whole(
    rf"(?:(?:it|we|was|ran|went|lasted|about|for|the full|full)\s+)*(?P<n>{AMOUNT})"
    r"\s*-?\s*(?:m|mins?|minutes?)?(?:\s+long)?"
)
_COUNT = whole(
    rf"(?:(?:it|there|we|was|were|had|actually|only|just)\s+)*(?P<n>\d{{1,2}}|{said('times.numbers')})"
    r"(?:\s+(?:people|clients|of us|of them|in the room|there|total|heads))*"
)


def times(reply: Reply, asked: Asked) -> Answer | None:
    """As in "2 to 3:15", "3:15" where only the end was asked, "as scheduled", "75 min", "started 5 past"."""
    asked_for = [slot for slot in ("starts", "ends") if asked.about(slot)]
    if not asked_for:
        return None
    facts = tuple(_times(reply, asked, asked_for))
    return Answer(facts=facts) if facts else None


def _times(reply: Reply, asked: Asked, asked_for: list[str]) -> Iterator[Heard]:
    if reply.fits(whole(rf"{said('times.scheduled')}(?:[\s,(]+[\d:]+\s*[–-]\s*[\d:]+\)?)?")):
        yield reply.heard(About(slot="as_scheduled"), True, "the usual hours")
    elif past := reply.fits(_PAST):
        yield from _minutes_past(reply, asked, past)
    elif (bare := reply.fits(_BARE)) and not _is_length(reply, asked):
        yield from _bare_time(reply, asked, bare, asked_for)
    elif (length := reply.fits(_LENGTH)) and 15 <= (minutes := amount_of(length["n"]) or 0) <= 300:
        yield reply.heard(About(slot="minutes"), minutes, "how long it lasted")
    else:
        yield from _full_times(reply, asked)


def _is_length(reply: Reply, asked: Asked) -> bool:
    return asked.only("starts", "ends") and bool(re.search(r"\d{2,3}\s*-?\s*m|hour", reply.text, re.IGNORECASE))


def _bare_time(reply: Reply, asked: Asked, match: re.Match[str], asked_for: list[str]) -> Iterator[Heard]:
    """One time by itself answers the one time that is missing, and nothing if a number was asked for as well."""
    at = clock_of(match, "a")
    both = len(asked_for) > 1 or any("start and end" in q.text for q in asked.about("starts"))
    other_numbers = asked.about("headcount") + tuple(q for s in OWN_TIMES for q in asked.about(s))
    verb = re.match(r"[\s,.]*(?:it |we )?(start|began|end|until|till)", reply.text, re.IGNORECASE)
    if at is None or other_numbers or (both and not verb):
        return
    slot = ("ends" if verb[1].casefold() in ("end", "until", "till") else "starts") if verb else asked_for[0]
    yield reply.heard(
        About(slot=slot), _placed(slot, at.near(asked.expected), at.after(asked.expected)), "the time asked for"
    )


def _placed(slot: str, start: time, end: time) -> time:
    return start if slot == "starts" else end


def _minutes_past(reply: Reply, asked: Asked, match: re.Match[str]) -> Iterator[Heard]:
    """As in "started 5 past": of the hour at which the group usually starts."""
    minute, ends = amount_of(match["n"]), (match["verb"] or "").casefold().startswith("end")
    slot = "ends" if ends else "starts"
    hour = (asked.schedule.ends if ends else asked.schedule.starts) if asked.schedule else None
    if minute is not None and minute < 60 and hour and (match["verb"] or asked.about(slot)):
        yield reply.heard(About(slot=slot), time(hour.hour, minute), "minutes past the usual hour")


def _full_times(reply: Reply, asked: Asked) -> Iterator[Heard]:
    found = times_of(reply.text, reply.text, asked.schedule, asked.context.now)
    left = list(reply.text)
    for f in found:
        left[f.start : f.end] = " " * (f.end - f.start)
    if found and _TIME_FILLER.fullmatch("".join(left)):
        for f in found:
            yield reply.heard(About(slot=f.slot), f.value, f.why)


def number(reply: Reply, asked: Asked) -> Answer | None:
    """As in "it was 9", "about 10 min", where one number was asked for."""
    questions = [
        q for q in asked.questions if any(a.slot in ("headcount", "minutes_late", "minutes_early") for a in q.about)
    ]
    clocks = asked.about("starts") + asked.about("ends")
    if len(questions) != 1 or clocks or len(questions[0].about) != 1:
        return None
    about = questions[0].about[0]
    match = reply.fits(_COUNT if about.slot == "headcount" else _LENGTH)
    counted = amount_of(match["n"]) if match else None
    return Answer(facts=(reply.heard(about, counted, "the number asked for"),)) if counted is not None else None
