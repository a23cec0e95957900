"""When a group session was: the day, the start, the end, or how long it lasted."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from billing.record import record
from billing.records import Schedule
from nlp.clock import AMOUNT, Clock, amount_of, clock, clock_of, minutes_of, shifted

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNITS = (
    r"(?:x\b|times\b|drinks?\b|beers?\b|w(?:ee)?ks?\b|days?\b|nights?\b|hours?\b|hrs?\b|min|years?\b|yrs?\b|yo\b|people\b|clients\b|"
    r"months?\b|mos?\b|pages?\b|sessions?\b|minutes\b|steps?\b|cups?\b|reps?\b)"
)
_TO = (
    r"\s*(?:\([^)]{1,25}\)\s*)?(?:-|–|—|‑|\bto\b|\btil+\b|\buntil\b|\bthru\b|\bthrough\b|(?<=:\d\d)\s/\s)\s*"
    r"(?:about\s+|around\s+|abt\s+|nearly\s+|~)?"
)
_RANGE = re.compile(
    rf"(?<![\w/:.$#-]){clock('a')}{_TO}{clock('b')}(?![\w/%]|:\d|[.,]\d|-\d|\s*{_UNITS})", re.IGNORECASE
)
_ABOUT = r"(?:late[\s,]+|early[\s,]+|right\s+)?(?:at\s+|around\s+|about\s+|abt\s+|by\s+|~|[,-]\s*)*"
_START = re.compile(
    rf"\b(?:start(?:ed|ing)?|began|kicked\s+off|met(?:\s+at)?)\s+(?:on\s+time\s+)?{_ABOUT}{clock('a')}(?![\w/%]|\s*(?:min|late|early))"
    rf"|(?<![\w/:]){clock('b')}(?:\s+start\b|\s*,\s*(?=\d\d\s*min))|\bfrom\s+{clock('c')}(?![\w/%]|\s*(?:to|-)\s*\w|\s*{_UNITS})",
    re.IGNORECASE,
)
_END = re.compile(
    rf"\b(?:end(?:ed|ing)?|done|finished|wrapped(?:\s+up)?|stopped|let\s+out|closed|quit|broke\s+up|let\s+(?:them|em|everyone)\s+go|emptied\s+us\s+out|went\s+(?:until|till|to))\s+{_ABOUT}{clock('a')}(?![\w/%]|\s*(?:min|over|early|late))",
    re.IGNORECASE,
)
_MINUTES = r"\s*-?(?:min(?:ute)?s?|mins)\b"
_LASTED = re.compile(
    rf"\b(?:went|ran|lasted|for|full|total(?:\s+of)?|was|only)\s+(?:about\s+|a\s+full\s+|the\s+full\s+|only\s+)?(?P<a>{AMOUNT}){_MINUTES}"
    rf"(?!\s*(?:late|early|over|behind))|(?<!\w)(?P<b>{AMOUNT}){_MINUTES}(?=\s+(?:from|total|session|as\s+usual|group|today|in\s+person)|\s*(?:[.,;)]|$))"
    r"|\b(?:went|ran|lasted|for)\s+(?:about\s+|a\s+full\s+|the\s+full\s+)?(?P<c>(?:an?|one)\s+hour(?:\s+and\s+a\s+(?:half|quarter))?)\b",
    re.IGNORECASE,
)
_MOVED = re.compile(
    rf"\b(?P<verb>ran|went|ended|finished|wrapped(?:\s+up)?|stopped|started|began)\s+(?:about\s+|like\s+)?(?P<n>{AMOUNT})(?:{_MINUTES})?\s*"
    r"(?P<way>over|early|late|long|short)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?P<back>last\s+(?:night|evening)s?|yesterday|yest|ystrday)\b|\b(?P<ahead>tomorrow|tmrw|tmw|tomorow)\b|"
    r"\b(?P<today>today|tonight|tonite|2day|2nite|this\s+(?:morning|afternoon|evening|am|pm))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?P<which>last\s+|this\s+past\s+|next\s+)?(?P<day>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|"
    r"fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d/.:-])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?:/(?P<y>\d{4}|\d{2}))?(?![\d/]|\s*(?:nights|days|came|there|present|of|in\b|here))"
)
_ISO = re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b")
_NAMED = re.compile(
    rf"\b(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?\s+(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?!\s*(?:min|:))",
    re.IGNORECASE,
)
_ONES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = (
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
)
_ORDINALS = (
    {word: n for n, word in enumerate((*_ONES, *_TEENS, "nineteenth", "twentieth"), start=1)}
    | {f"twenty {word}": n for n, word in enumerate(_ONES, start=21)}
    | {"thirtieth": 30, "thirty first": 31}
)
_ORDINAL = "|".join(sorted((w.replace(" ", r"[\s-]+") for w in _ORDINALS), key=len, reverse=True))
_DICTATED = (
    re.compile(rf"\b(?P<name>{'|'.join(_MONTHS)})[a-z]*\s+(?:the\s+)?(?P<word>{_ORDINAL})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<word>{_ORDINAL})\s+of\s+(?P<name>{'|'.join(_MONTHS)})[a-z]*\b", re.IGNORECASE),
)
_EARLIEST_HOUR = 4  # a message sent before is about the evening before


@record
class SaidTime:
    """What a message says of a time: [start, end) are characters, `why` how it was understood."""

    slot: str
    value: time | int
    start: int
    end: int
    why: str


@record
class SaidDay:
    value: date
    start: int
    end: int
    why: str


# ---- the day ---------------------------------------------------------------------------------------------------


def day_of(
    message: str,
    now: datetime,
    heads: tuple[tuple[int, int], ...],
    names: tuple[tuple[int, int], ...],
    meets: tuple[int, ...] = (),
) -> SaidDay | None:
    """The day that the message says the group met; None if it gives none.

    `heads`: the sentences that speak of the group itself, `names`: where it is named. A weekday counts only beside the
    name, because most weekdays in such messages are about somebody's life. `meets`: the group's weekdays, if known;
    "11/12" on another weekday is a count.
    """
    for days in (_exact_days, _relative_days, _weekdays):
        for said in days(message, now):
            reach = names if days is _weekdays else heads
            margin = 12 if days is _weekdays else 0
            if meets and _may_be_count(message, said) and said.value.weekday() not in meets:
                continue
            if any(start - margin <= said.start and said.end <= end + margin for start, end in reach):
                return said
    return None


def _may_be_count(message: str, said: SaidDay) -> bool:
    match = _NUMERIC.fullmatch(message, said.start, said.end)
    return match is not None and not match["y"] and int(match["m"]) <= int(match["d"])


def today_of(now: datetime) -> date:
    """The day that is meant by today: until four in the morning still the evening before."""
    return (now - timedelta(hours=_EARLIEST_HOUR)).date() if now.hour < _EARLIEST_HOUR else now.date()


def _exact_days(message: str, now: datetime) -> Iterator[SaidDay]:
    for pattern in (_ISO, _NUMERIC, _NAMED, *_DICTATED):
        for match in pattern.finditer(message):
            day = _date(match, now)
            if day:
                yield SaidDay(value=day, start=match.start(), end=match.end(), why="the date given")


def _date(match: re.Match[str], now: datetime) -> date | None:
    """None for what is no date, or none that a note is written about: "12/13" may be a count."""
    parts = match.groupdict()
    if parts.get("word"):
        parts["d"] = str(_ORDINALS[re.sub(r"[\s-]+", " ", parts["word"].lower())])
    month = _MONTHS.index(parts["name"].lower()) + 1 if parts.get("name") else int(parts["m"])
    year = int(parts.get("y") or now.year)
    try:
        day = date(year if year > 99 else 2000 + year, month, int(parts["d"]))
    except ValueError:
        return None
    if not parts.get("y") and day > now.date() + timedelta(days=180):
        day = day.replace(year=day.year - 1)
    return day if timedelta(days=-1) <= now.date() - day <= timedelta(days=90) else None


def _relative_days(message: str, now: datetime) -> Iterator[SaidDay]:
    for match in _RELATIVE.finditer(message):
        back, ahead = match["back"], match["ahead"]
        day = now.date() - timedelta(days=1) if back else today_of(now) + timedelta(days=1 if ahead else 0)
        yield SaidDay(
            value=day, start=match.start(), end=match.end(), why=f"“{match.group()}”, seen from when it was sent"
        )


def _weekdays(message: str, now: datetime) -> Iterator[SaidDay]:
    for match in _WEEKDAY.finditer(message):
        which = (match["which"] or "").strip().lower()
        if which == "next":
            continue
        back = (today_of(now).weekday() - _DAYS.index(match["day"].lower()[:3])) % 7
        day = today_of(now) - timedelta(days=back or (7 if which == "last" else 0))
        yield SaidDay(
            value=day, start=match.start(), end=match.end(), why=f"the latest {match['day']} when it was sent"
        )


# ---- the hour --------------------------------------------------------------------------------------------------


def times_of(message: str, unowned: str, schedule: Schedule | None, now: datetime) -> tuple[SaidTime, ...]:
    """Start, end, or minutes, as far as said. `unowned`: the message with what is said of clients blanked out."""
    expected = schedule.starts if schedule else _expected(now)
    start, end = _range(message, unowned, expected)
    start = start or _started(unowned, expected)
    end = end or _ended(unowned, start, schedule, expected)
    start, end = _moved(unowned, schedule, start, end)
    lasted = _lasted(unowned)
    if lasted and start and not end:
        minutes = int(lasted.value) if isinstance(lasted.value, int) else 0
        end = _said(
            "ends", shifted(_time(start), minutes), lasted.start, lasted.end, f"{minutes} minutes after the start"
        )
    found = [said for said in (start, end) if said]
    return tuple(found or ([lasted] if lasted else []))


def _expected(now: datetime) -> time:
    """Without a schedule: some two hours before the message was sent, within the working day."""
    earlier = (now - timedelta(hours=2)).time()
    return earlier if time(8) <= earlier <= time(20) else time(14)


def _range(message: str, unowned: str, expected: time) -> tuple[SaidTime | None, SaidTime | None]:
    clear = (m for m in _RANGE.finditer(message) if m["ahalf"] or m["bhalf"] or ":" in m.group())
    for match in (*_RANGE.finditer(unowned), *clear):
        first, last = clock_of(match, "a"), clock_of(match, "b")
        span = _span(first, last, expected) if first and last else None
        if span:
            why = "the hours given"
            return _said("starts", span[0], *match.span(), why), _said("ends", span[1], *match.span(), why)
    return None, None


def _span(first: Clock, last: Clock, expected: time) -> tuple[time, time] | None:
    """Both ends of a range, if it is as long as a group can be."""
    starts = [first.near(expected)]
    if last.half and not first.half and first.hour <= 12:
        starts = [Clock(hour=first.hour, minute=first.minute, half=half).near(expected) for half in "ap" if first.hour]
    for start in starts:
        end = last.after(start)
        if 15 <= (minutes_of(end) - minutes_of(start)) % 1440 <= 300:
            return start, end
    return None


def _started(unowned: str, expected: time) -> SaidTime | None:
    for match in _START.finditer(unowned):
        prefix = next(p for p in "abc" if match[f"{p}digits"] or match[f"{p}hour"])
        at = clock_of(match, prefix)
        if at and not (at.half == "" and at.hour > 12 and at.minute == 0 and len(match[f"{prefix}digits"] or "") < 3):
            return _said("starts", at.near(expected), *match.span(), "the start given")
    return None


def _ended(unowned: str, start: SaidTime | None, schedule: Schedule | None, expected: time) -> SaidTime | None:
    for match in _END.finditer(unowned):
        at = clock_of(match, "a")
        plain = (
            match["adigits"]
            and len(match["adigits"]) < 3
            and " at " not in match.group()
            and " by " not in match.group()
        )
        if at and not plain:
            ends = at.after(_time(start)) if start else at.near(schedule.ends if schedule else expected)
            return _said("ends", ends, *match.span(), "the end given")
    return None


def _moved(
    unowned: str, schedule: Schedule | None, start: SaidTime | None, end: SaidTime | None
) -> tuple[SaidTime | None, SaidTime | None]:
    """As in "ended 10 early", "ran 10 over", "started 5 late": seen from the group's usual hours."""
    for match in _MOVED.finditer(unowned):
        minutes = amount_of(match["n"])
        if minutes is None:
            continue
        signed = minutes if match["way"].lower() in {"over", "late", "long"} else -minutes
        if match["verb"].lower() in {"started", "began"}:
            usual = schedule.starts if schedule else None
            start = _beside(start, usual, signed, "starts", match)
        else:
            usual = schedule.ends if schedule else None
            end = _beside(end, usual, signed, "ends", match)
    return start, end


def _beside(
    said: SaidTime | None, usual: time | None, minutes: int, slot: str, match: re.Match[str]
) -> SaidTime | None:
    if said and usual and said.value != usual:
        return said
    base = _time(said) if said else usual
    return (
        _said(slot, shifted(base, minutes), *match.span(), f"“{match.group()}”, seen from {base:%H:%M}")
        if base
        else None
    )


def _lasted(unowned: str) -> SaidTime | None:
    for match in _LASTED.finditer(unowned):
        minutes = amount_of(match["a"] or match["b"] or match["c"])
        if minutes and 30 <= minutes <= 300:
            return _said("minutes", minutes, *match.span(), "how long it lasted")
    return None


def _said(slot: str, value: time | int, start: int, end: int, why: str) -> SaidTime:
    return SaidTime(slot=slot, value=value, start=start, end=end, why=why)


def _time(said: SaidTime) -> time:
    assert isinstance(said.value, time)
    return said.value
