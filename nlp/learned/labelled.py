"""Labelled messages and their practices, as files: what the learned part is trained and measured on."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from billing.record import record
from billing.records import (
    Client,
    ClientId,
    Clinician,
    ClinicianId,
    Enrolment,
    Group,
    GroupId,
    Practice,
    Roster,
    Schedule,
)
from nlp.context import Context

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@record
class Case:
    """One message, what the reader may know besides it, and its labels as they stand in the file."""

    id: str
    message: str
    context: Context
    gold: Mapping[str, Any]

    def covered(self, pieces: tuple[str, ...] | list[str]) -> list[bool]:
        """For each character whether it stands in the first occurrence of one of the pieces."""
        inside = [False] * len(self.message)
        for piece in pieces:
            at = self.message.find(piece)
            inside[max(at, 0) : max(at, 0) + len(piece) * (at >= 0)] = [True] * (len(piece) * (at >= 0))
        return inside


def rosters_in(folder: Path) -> dict[str, Roster]:
    """The practices by the stem of their file."""
    return {path.stem: _roster(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))}


def cases_in(path: Path, rosters: Mapping[str, Roster]) -> Iterator[Case]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            case = json.loads(line)
            yield Case(
                id=case["id"],
                message=case["message"],
                context=_context(case, rosters[case["practice"]]),
                gold=case["gold"],
            )


def _context(case: dict[str, Any], roster: Roster) -> Context:
    sent = datetime.fromisoformat(case["sent_at"]).astimezone(ZoneInfo(roster.practice.timezone))
    return Context(now=sent, author=ClinicianId(case["clinician"]), roster=roster)


def _roster(file: dict[str, Any]) -> Roster:
    return Roster(
        practice=Practice(name=file["name"], timezone=file["timezone"], fictional=True),
        clinicians=tuple(Clinician(id=ClinicianId(c["id"]), name=c["name"], credential="") for c in file["clinicians"]),
        groups=tuple(_group(g) for g in file["groups"]),
        clients=tuple(_client(c) for c in file["clients"]),
        enrolments=tuple(
            Enrolment(group=GroupId(group), client=ClientId(client), since=date.min)
            for group, clients in file["enrollment"].items()
            for client in clients
        ),
    )


def _group(entry: dict[str, Any]) -> Group:
    days = tuple(_DAYS.index(day.strip()) for day in entry["day"].split(","))
    starts, ends = time.fromisoformat(entry["start"]), time.fromisoformat(entry["end"])
    return Group(
        id=GroupId(entry["id"]),
        name=entry["name"],
        leader=ClinicianId(entry["leader"]),
        also_called=tuple(entry.get("aliases", ())),
        schedule=Schedule(weekdays=days, starts=starts, ends=ends),
        modality=entry.get("modality", ""),
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
