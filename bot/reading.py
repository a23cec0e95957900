"""The reader by itself, from files to lines: to score it on labelled messages, and to show how it understood one."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from billing.records import (
    WHOLE,
    Client,
    ClientId,
    Clinician,
    ClinicianId,
    Enrolment,
    Group,
    GroupId,
    Heard,
    Name,
    OneOf,
    Practice,
    Presence,
    Risk,
    Roster,
    Schedule,
    ServiceKind,
    is_spoken,
)
from nlp.context import Context
from nlp.reader import Reader

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class CaseTrouble(Exception):
    """A practice file or a case that cannot be read; the text says which and why."""


# ---- practices ---------------------------------------------------------------------------------------------------


def practice_from_json(text: str) -> Roster:
    """The roster in a practice file: name, timezone, clinicians, groups, clients, enrollment.

    Raises CaseTrouble if it is no JSON or one of them is missing.
    """
    try:
        return _roster(json.loads(text))
    except (ValueError, KeyError, TypeError) as e:
        raise CaseTrouble(f"The practice file cannot be read: {e!r}.") from None


def _roster(file: dict[str, Any]) -> Roster:
    return Roster(
        practice=Practice(name=file["name"], timezone=file["timezone"], fictional=True),
        clinicians=tuple(_clinician(c) for c in file["clinicians"]),
        groups=tuple(_group(g) for g in file["groups"]),
        clients=tuple(_client(c) for c in file["clients"]),
        enrolments=tuple(
            Enrolment(group=GroupId(group), client=ClientId(client), since=date.min)
            for group, clients in file["enrollment"].items()
            for client in clients
        ),
    )


def _clinician(entry: dict[str, Any]) -> Clinician:
    return Clinician(
        id=ClinicianId(entry["id"]),
        name=entry["name"],
        credential=entry.get("credential", ""),
        supervisor=ClinicianId(entry["supervisor"]) if entry.get("supervisor") else None,
    )


def _group(entry: dict[str, Any]) -> Group:
    return Group(
        id=GroupId(entry["id"]),
        name=entry["name"],
        leader=ClinicianId(entry["leader"]),
        also_called=tuple(entry.get("aliases", ())),
        schedule=Schedule(
            weekdays=tuple(_DAYS.index(day.strip()) for day in entry["day"].split(",")),
            starts=time.fromisoformat(entry["start"]),
            ends=time.fromisoformat(entry["end"]),
        ),
        modality=entry.get("modality", ""),
        service=ServiceKind(entry.get("kind", ServiceKind.PSYCHOTHERAPY)),
    )


def _client(entry: dict[str, Any]) -> Client:
    return Client(
        id=ClientId(entry["id"]),
        first=entry["first"],
        last=entry["last"],
        preferred=entry.get("preferred"),
        also_called=tuple(entry.get("also_called", ())),
        pronouns=entry.get("pronouns"),
    )


# ---- cases -------------------------------------------------------------------------------------------------------


def read_cases(reader: Reader, rosters: dict[str, Roster], lines: Iterable[str]) -> Iterator[str]:
    """One JSON object a line in, one out. `rosters` by the stem of their file; what a case may know of its gold is not
    read. Raises CaseTrouble for a line that is no case.
    """
    for case, facts in _facts(reader, rosters, lines):
        yield json.dumps(reading_of(case["id"], facts), ensure_ascii=False)


def explained_cases(reader: Reader, rosters: dict[str, Roster], lines: Iterable[str]) -> Iterator[str]:
    """The same cases for people, with rich's markup: each message, its facts, and how they were understood."""
    for case, facts in _facts(reader, rosters, lines):
        yield explain(case["message"], facts)


def _facts(
    reader: Reader, rosters: dict[str, Roster], lines: Iterable[str]
) -> Iterator[tuple[dict[str, Any], tuple[Heard, ...]]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                case = json.loads(line)
                context = _context(case, rosters)
            except (ValueError, KeyError, TypeError) as e:
                raise CaseTrouble(f"Line {number} is no case of a given practice: {e!r}.") from None
            yield case, reader.read(case["message"], context)


def _context(case: dict[str, Any], rosters: dict[str, Roster]) -> Context:
    roster = rosters[case["practice"]]
    zone = ZoneInfo(roster.practice.timezone)
    return Context(
        now=datetime.fromisoformat(case["sent_at"]).astimezone(zone),
        author=ClinicianId(case["clinician"]),
        roster=roster,
    )


def reading_of(case_id: str, facts: tuple[Heard, ...]) -> dict[str, Any]:
    """The facts in the shape of the labelled messages; of a message about several groups the first."""
    facts = tuple(f for f in facts if f.part == 0)
    whole = {f.about.slot: f.value for f in facts if f.about.subject == WHOLE}
    settled = tuple(f for f in facts if f.about.subject != WHOLE and not is_spoken(f.about.subject))
    return {
        "id": case_id,
        "group": whole.get("group") if isinstance(whole.get("group"), str) else None,
        "date": _written(whole.get("met_on")),
        "start": _written(whole.get("starts")),
        "end": _written(whole.get("ends")),
        "mode": whole.get("mode"),
        "attendance": {f.about.subject: _status(f.value) for f in settled if f.about.slot == "presence"},
        "minutes": {f.about.subject: f.value for f in settled if f.about.slot in {"minutes_late", "minutes_early"}},
        "ask": [_ask(f) for f in facts if f.about.slot == "who"],
        "notes": _notes(settled),
        "group_note": [f.span for f in facts if f.about.slot in {"topic", "group_words"}],
        "interventions": [f.span for f in facts if f.about.slot == "interventions"],
        "risk": [_risk(f) for f in settled if f.about.slot == "risk"],
    }


def _written(value: object) -> str | None:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else None


def _status(value: object) -> object:
    """The labels have no word for "did not come, and we do not know how": it is no_show there."""
    return Presence.NO_SHOW if value is Presence.ABSENT else value


def _ask(fact: Heard) -> dict[str, Any]:
    if isinstance(fact.value, OneOf):
        return {"text": fact.quote, "reason": "ambiguous", "candidates": list(fact.value.options)}
    return {"text": fact.quote, "reason": "unknown" if fact.value is Name.UNKNOWN else "named"}


def _notes(facts: tuple[Heard, ...]) -> dict[str, list[tuple[int, int] | None]]:
    notes: dict[str, list[tuple[int, int] | None]] = {}
    for fact in facts:
        if fact.about.slot in {"words", "risk_words"}:
            notes.setdefault(fact.about.subject, []).append(fact.span)
    return notes


def _risk(fact: Heard) -> dict[str, Any]:
    assert isinstance(fact.value, Risk)
    return {"client": fact.about.subject, "kind": fact.value.kind, "status": fact.value.status}


# ---- for people --------------------------------------------------------------------------------------------------


def explain(message: str, facts: tuple[Heard, ...]) -> str:
    """The message, then each fact with its words and how the reader came to it, with rich's markup for a terminal."""
    lines = [f"[bold]{escape(message)}[/bold]", ""]
    for fact in facts:
        about = f"{fact.about.slot} {escape(fact.about.subject)}".strip()
        value = escape(str(fact.value))
        lines.append(f"[cyan]{about}[/cyan] = {value}  [dim]“{escape(fact.quote)}”  {escape(fact.why)}[/dim]")
    return "\n".join(lines if facts else [*lines, "[dim]nothing about a group session[/dim]"])
