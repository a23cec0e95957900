"""A practice as a TOML file: who bills, who leads, who is treated, who pays. docs/practice.md explains each key.

What cannot be read is said with the table, its number and the key, and nothing of the file is taken.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar
from zoneinfo import available_timezones

from pydantic import TypeAdapter, ValidationError

from billing.clockwork import Holiday, Leave, OfficeHours, Pattern, Reminding, Whereabouts
from billing.records import (
    Client,
    Clinician,
    ClinicianId,
    Coverage,
    Diagnosis,
    Enrolment,
    Fee,
    Goal,
    Group,
    Payer,
    Policy,
    Practice,
)

T = TypeVar("T")
Row = Mapping[str, Any]
Office = Practice | Clinician | Payer | Policy | Fee | OfficeHours
Record = Office | Client | Group | Enrolment | Coverage | Diagnosis | Goal

LONG_AGO = date(2000, 1, 1)
"""From when something counts, if the file does not say."""

TABLES = ("practice", "reminders", "clinician", "holiday", "leave", "payer", "policy", "fee", "client", "group")
CLINICIAN_EXTRAS = ("timezone",)
CLIENT_EXTRAS = ("diagnoses", "goal", "coverage", "since")
GROUP_EXTRAS = ("enrolled", "since", "meets")
SCHEDULE = ("weekdays", "starts", "ends")


class PracticeFileTrouble(ValueError):
    """The file cannot be used; the text says where and why, for the person who wrote it."""


def records_in(text: str) -> tuple[Record, ...]:
    """Everything the file says, in an order in which it can be stored. Raises PracticeFileTrouble."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise PracticeFileTrouble(f"The practice file is not valid TOML: {e}.") from e
    unknown = set(document) - set(TABLES)
    if unknown:
        raise PracticeFileTrouble(f"The practice file has a table it may not have: [{min(unknown)}].")
    records = (
        _read(Practice, document.get("practice", {}), "[practice]"),
        *_clinicians(document),
        *_all(Payer, document, "payer"),
        *_all(Policy, document, "policy"),
        *_all(Fee, document, "fee"),
        *_clients(document),
        *_groups(document),
        _office_hours(document),
    )
    _agree(records)
    return records


def _all(kind: type[T], document: Row, table: str) -> Iterator[T]:
    for n, row in enumerate(document.get(table, ()), start=1):
        yield _read(kind, row, f"[[{table}]] number {n}")


def _clinicians(document: Row) -> Iterator[Record]:
    for n, row in enumerate(document.get("clinician", ()), start=1):
        yield _read(Clinician, _without(row, CLINICIAN_EXTRAS), f"[[clinician]] number {n}")


def _clients(document: Row) -> Iterator[Record]:
    for n, row in enumerate(document.get("client", ()), start=1):
        where = f"[[client]] number {n}"
        yield _read(Client, _without(row, CLIENT_EXTRAS), where)
        since = {"client": row.get("id"), "since": row.get("since", LONG_AGO)}
        for rank, code in enumerate(row.get("diagnoses", ()), start=1):
            yield _read(Diagnosis, {**since, "code": code, "rank": rank}, f"{where}, diagnoses")
        if "goal" in row:
            yield _read(Goal, {**since, "text": row["goal"]}, f"{where}, goal")
        if "coverage" in row:
            yield _read(Coverage, {**since, **row["coverage"]}, f"{where}, coverage")


def _groups(document: Row) -> Iterator[Record]:
    for n, row in enumerate(document.get("group", ()), start=1):
        where = f"[[group]] number {n}"
        yield _read(Group, _without(row, GROUP_EXTRAS), where)
        for client in row.get("enrolled", ()):
            placed = {"group": row.get("id"), "client": client, "since": row.get("since", LONG_AGO)}
            yield _read(Enrolment, placed, f"{where}, enrolled")


def _office_hours(document: Row) -> OfficeHours:
    return OfficeHours(
        reminding=_read(Reminding, document.get("reminders", {}), "[reminders]"),
        patterns=tuple(_patterns(document)),
        holidays=tuple(_all(Holiday, document, "holiday")),
        leaves=tuple(_all(Leave, document, "leave")),
        whereabouts=tuple(
            _read(Whereabouts, {"clinician": row.get("id"), "timezone": row["timezone"]}, f"[[clinician]] number {n}")
            for n, row in enumerate(document.get("clinician", ()), start=1)
            if "timezone" in row
        ),
    )


def _patterns(document: Row) -> Iterator[Pattern]:
    for n, group in enumerate(document.get("group", ()), start=1):
        for row in group.get("meets", ()):
            schedule = {key: row[key] for key in SCHEDULE if key in row}
            rest = {"group": group.get("id"), "since": LONG_AGO, **_without(row, SCHEDULE)}
            yield _read(Pattern, {**rest, "schedule": schedule}, f"[[group]] number {n}, meets")


def _without(row: Row, keys: tuple[str, ...]) -> Row:
    return {k: v for k, v in row.items() if k not in keys}


def _read(kind: type[T], row: Row, where: str) -> T:
    stray = set(row) - {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if stray:
        raise PracticeFileTrouble(f"{where}: there is no key “{min(stray)}”.")
    try:
        return TypeAdapter(kind).validate_python(row)
    except ValidationError as e:
        first = e.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise PracticeFileTrouble(f"{where}, {key}: {first['msg'].lower()}.") from e


def _agree(records: tuple[Record, ...]) -> None:
    """Whoever is spoken of is in the file as well."""
    clients = {r.id for r in records if isinstance(r, Client)}
    staff = {r.id for r in records if isinstance(r, Clinician)}
    payers = {r.id for r in records if isinstance(r, Payer)}
    _agree_on_hours(records, staff)
    for r in records:
        if isinstance(r, Enrolment) and r.client not in clients:
            raise PracticeFileTrouble(f"Group “{r.group}” enrols “{r.client}”, who is not among the clients.")
        if isinstance(r, Group) and r.leader not in staff:
            raise PracticeFileTrouble(f"Group “{r.id}” is led by “{r.leader}”, who is not among the clinicians.")
        if isinstance(r, Coverage | Policy) and r.payer not in payers:
            raise PracticeFileTrouble(f"There is no payer “{r.payer}” in the file.")


def _agree_on_hours(records: tuple[Record, ...], staff: set[ClinicianId]) -> None:
    """Time zones and days of the week exist, and whoever is away or leads is one of the staff."""
    practice = next(r for r in records if isinstance(r, Practice))
    hours = next(r for r in records if isinstance(r, OfficeHours))
    for zone in (practice.timezone, *(w.timezone for w in hours.whereabouts)):
        if zone not in available_timezones():
            raise PracticeFileTrouble(f"There is no time zone “{zone}”; write it as in “America/New_York”.")
    schedules = [r.schedule for r in (*records, *hours.patterns) if isinstance(r, Group | Pattern) and r.schedule]
    days = {hours.reminding.week_on, *hours.reminding.working_days, *(d for s in schedules for d in s.weekdays)}
    if not days <= set(range(7)):
        raise PracticeFileTrouble("Days of the week are numbered from 0 (Monday) to 6 (Sunday).")
    away = [leave.clinician for leave in hours.leaves]
    unknown = {*away, *(who for pattern in hours.patterns for who in pattern.leaders)} - staff
    if unknown:
        raise PracticeFileTrouble(f"“{min(unknown)}” leads or is on leave, and is not among the clinicians.")
