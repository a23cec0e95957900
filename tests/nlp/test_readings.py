"""Plays tests/readings/*.txt: what a clinician typed, and what the reader must and must not hear in it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from billing.records import (
    WHOLE,
    About,
    ClinicianId,
    Heard,
    Name,
    OneOf,
    Progress,
    Risk,
    Roster,
    is_spoken,
)
from bot.reading import practice_from_json
from nlp.context import Context
from nlp.reader import Reader

TESTS = Path(__file__).resolve().parent.parent
WHOLE_SESSION = {
    "met_on": "day",
    "starts": "starts",
    "ends": "ends",
    "minutes": "minutes",
    "mode": "mode",
    "topic": "topic",
    "interventions": "technique",
    "group_words": "group words",
}
OF_A_CLIENT = {
    "minutes_late": "{} minutes late",
    "minutes_early": "{} minutes early",
    "left": "left {}",
    "arrived": "arrived {}",
}


@dataclass(frozen=True)
class Reading:
    """One block: the practice's file, who sent the message when, the message, and the expected lines."""

    practice: str
    author: str
    sent: datetime
    message: str
    expected: tuple[str, ...]
    source: str


def readings() -> list[Reading]:
    return [r for path in sorted((TESTS / "readings").glob("*.txt")) for r in blocks(path)]


def blocks(path: Path) -> list[Reading]:
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            practice, author, sent = (part.strip() for part in lines[0].split(",", 2))
            message = "\n".join(line[2:] for line in lines if line.startswith("> "))
            expected = tuple(line for line in lines[1:] if not line.startswith("> "))
            where = f"{path.stem}: {message[:40]}"
            found.append(Reading(practice.lower(), author, datetime.fromisoformat(sent), message, expected, where))
    return found


def roster_of(practice: str) -> Roster:
    return practice_from_json((TESTS / f"corpus/practices/{practice}.json").read_text(encoding="utf-8"))


def told(fact: Heard, roster: Roster) -> str:
    """The fact as a clinician would write it."""
    part = "2nd " if fact.part else ""
    return part + (_of_whole(fact, roster) if fact.about.subject == WHOLE else _of_person(fact, roster))


def _of_whole(fact: Heard, roster: Roster) -> str:
    slot, value = fact.about.slot, fact.value
    if slot == "group":
        return f"group: {roster.group(str(value)).name}"
    if slot in {"leader", "co_leader"}:
        return f"{slot.replace('_', '-')}: {roster.clinician(str(value)).name}"
    if slot == "held":
        return "group not held"
    if slot == "process_notes":
        return "process notes"
    return f"{WHOLE_SESSION[slot]}: {_value(value)}"


def _of_person(fact: Heard, roster: Roster) -> str:
    slot, value = fact.about.slot, fact.value
    if slot == "who":
        options = " or ".join(roster.client(i).name for i in value.options) if isinstance(value, OneOf) else "unknown"
        return f"ask: {fact.quote} = {options}"
    subject = fact.about.subject
    name = subject if is_spoken(subject) else roster.client(subject).name
    if slot == "risk":
        assert isinstance(value, Risk)
        return f"{name}: {value.kind} {value.status}"
    if slot in OF_A_CLIENT:
        return f"{name}: {OF_A_CLIENT[slot].format(_value(value))}"
    if slot == "words":
        return f'{name}: "{value}"'
    return f"{name}: {slot} {_value(value)}" if slot not in {"presence", "mode"} else f"{name}: {_value(value)}"


def _value(value: object) -> str:
    return value.strftime("%H:%M") if hasattr(value, "strftime") and not hasattr(value, "year") else str(value)


def heard(line: str, lines: list[str]) -> bool:
    """Quoted words may be a part of what was heard; everything else must be the whole line."""
    if line.endswith('"'):
        name, words = line[:-1].split(': "', 1)
        return any(told.startswith(f'{name}: "') and words in told for told in lines)
    return line in lines


@pytest.mark.parametrize("reading", readings(), ids=lambda r: r.source)
def test_the_reader_hears_what_the_clinician_said(reading: Reading, reader: Reader):
    roster = roster_of(reading.practice)
    author = next(c.id for c in roster.clinicians if c.name.startswith(reading.author))
    now = reading.sent.replace(tzinfo=ZoneInfo(roster.practice.timezone))
    facts = reader.read(reading.message, Context(now=now, author=ClinicianId(author), roster=roster))
    lines = [told(fact, roster) for fact in facts]
    for line in reading.expected:
        if line == "nothing":
            assert not lines
        elif line.startswith("never "):
            assert not heard(line.removeprefix("never "), lines), lines
        else:
            assert heard(line, lines), lines


def test_each_kind_of_fact_can_be_told():
    roster = roster_of("riverbend")
    about = About(slot="progress", subject="r05")
    assert told(Heard(about=about, value=Progress.SAME, quote=""), roster) == "Tom Becker: progress about the same"
    unknown = Heard(about=About(slot="who", subject="~x"), value=Name.UNKNOWN, quote="X")
    assert told(unknown, roster) == "ask: X = unknown"
