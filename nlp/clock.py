"""Clock times and durations, as people type or dictate them: "2-3:15", "1800-1930", "five thirty to six forty five".

An hour without am or pm is the one nearest to what is expected (the group's usual start).
"""

import re
from datetime import date, datetime, time, timedelta

from billing.record import record

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
NUMBERS = {word: number for number, word in enumerate(_WORDS)} | {"noon": 12, "a": 1, "an": 1, "couple": 2}
TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}

_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon)"
_MINUTE = r"(?:o['’]?clock|oh\s+five|five|ten|fifteen|(?:twenty|thirty|forty|fourty|fifty)(?:[\s-]+five)?)"
_CLOCK = (
    r"(?:(?P<@past>(?:a\s+)?quarter\s+(?:past|after|to|til|till|of)|(?:half|five|ten|twenty(?:[\s-]five)?|\d{1,2})\s+(?:past|after))\s+)?"
    rf"(?:(?P<@digits>\d{{1,2}}[:.h]\d{{2}}|\d{{3,4}}|\d{{1,2}})|(?P<@hour>{_HOUR})\b(?:[\s-]+(?P<@minute>{_MINUTE})\b)?)"
    r"\s*(?P<@half>[ap]\.?m\b\.?|[ap]\b)?"
)


def clock(prefix: str) -> str:
    """The regular expression of one clock time; `prefix` names its groups."""
    return _CLOCK.replace("@", prefix)


AMOUNT = (
    r"(?:\d{1,3}|(?:an?\s+)?half\s+(?:an\s+)?hour|an?\s+hour(?:\s+and\s+a\s+(?:half|quarter))?|(?:twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety)(?:[\s-]+(?:one|two|three|four|five|six|seven|eight|nine))?|five|ten|fifteen|twelve|eight|seven|six|"
    r"(?:a\s+)?couple(?:\s+of)?|a\s+few)"
)


@record
class Clock:
    """An hour and minute as said; `half` is "a", "p" or "" if it was not said."""

    hour: int
    minute: int
    half: str

    def near(self, expected: time) -> time:
        """As a time of day; without am or pm the one of the two nearest to `expected`."""
        if self.half:
            return time(self.hour % 12 + (12 if self.half == "p" else 0), self.minute)
        if self.hour > 12 or self.hour == 0:
            return time(self.hour % 24, self.minute)
        return min(
            (time(h, self.minute) for h in (self.hour % 12, self.hour % 12 + 12)), key=lambda t: _apart(t, expected)
        )

    def after(self, start: time) -> time:
        """As the first time of day after `start` that it can mean."""
        if self.half or self.hour > 12 or self.hour == 0:
            return self.near(start)
        options = (time(h, self.minute) for h in (self.hour % 12, self.hour % 12 + 12))
        return min(options, key=lambda t: (minutes_of(t) - minutes_of(start)) % 1440 or 1440)


def clock_of(match: re.Match[str], prefix: str) -> Clock | None:
    """The clock time that `clock(prefix)` matched; None if it is no time of day ("2023", "99")."""
    half = (match[f"{prefix}half"] or "")[:1].lower()
    hour, minute = _digits(match[f"{prefix}digits"]) if match[f"{prefix}digits"] else _words(match, prefix)
    past = match[f"{prefix}past"]
    if past:
        hour, minute = _shift(past.lower(), hour)
    if not (0 <= hour <= 23 and 0 <= minute <= 59) or (half and not 1 <= hour <= 12):
        return None
    return Clock(hour=hour, minute=minute, half=half)


def amount_of(words: str) -> int | None:
    """Minutes in "15", "twenty five", "half an hour", "an hour and a half"; None for "a few"."""
    said = re.sub(r"[\s-]+", " ", words.strip().lower())
    if said.isdigit():
        return int(said)
    if "hour" in said:
        whole = 0 if said.startswith(("half", "a half", "an half")) else 60
        return whole + (30 if "half" in said else 15 if "quarter" in said else 0)
    parts = said.split()
    if parts[0] in TENS:
        return TENS[parts[0]] + (NUMBERS.get(parts[1], 0) if len(parts) > 1 else 0)
    return NUMBERS.get(parts[0]) if said != "a few" and "couple" not in said else None


def minutes_of(at: time) -> int:
    return at.hour * 60 + at.minute


def shifted(at: time, minutes: int) -> time:
    """`at` moved by `minutes`, around midnight if need be."""
    return (datetime.combine(date(2000, 1, 1), at) + timedelta(minutes=minutes)).time()


def _apart(one: time, other: time) -> int:
    gap = abs(minutes_of(one) - minutes_of(other))
    return min(gap, 1440 - gap)


def _digits(said: str) -> tuple[int, int]:
    parts = re.split(r"[:.h]", said)
    if len(parts) == 2:
        return int(parts[0]), int(parts[1])
    return (int(said[:-2]), int(said[-2:])) if len(said) > 2 else (int(said), 0)


def _words(match: re.Match[str], prefix: str) -> tuple[int, int]:
    minute = (match[f"{prefix}minute"] or "").lower()
    parts = re.split(r"[\s-]+", minute) if minute and "clock" not in minute else []
    return NUMBERS[match[f"{prefix}hour"].lower()], sum(TENS.get(p, NUMBERS.get(p, 0)) for p in parts)


def _shift(past: str, hour: int) -> tuple[int, int]:
    said = past.removeprefix("a ").split()[0]
    minutes = {"half": 30, "quarter": 15}.get(said) or (
        25 if "five" in past and "twenty" in past else amount_of(said) or 0
    )
    if "past" in past or "after" in past:
        return hour, minutes
    return (hour - 1) or 12, 60 - minutes
