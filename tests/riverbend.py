"""The fictional practice of the playground, as values: for tests that need a practice and no database."""

from datetime import UTC, datetime
from typing import TypeVar

from billing.records import (
    Background,
    Client,
    ClientId,
    Clinician,
    CodeStatus,
    Coverage,
    Diagnosis,
    Draft,
    Enrolment,
    Fee,
    Goal,
    Group,
    Payer,
    Policy,
    Practice,
    Roster,
)
from bot.playground.riverbend import riverbend
from bot.practice_file import records_in

K = TypeVar("K")
RECORDS = records_in(riverbend())
EVENING = datetime(2026, 9, 15, 19, 40, tzinfo=UTC)
DBT = ("maria-g", "deshawn", "kay", "tom", "priya", "bob", "ana", "will")


def all_of(kind: type[K]) -> tuple[K, ...]:
    return tuple(r for r in RECORDS if isinstance(r, kind))


def roster() -> Roster:
    return Roster(
        practice=all_of(Practice)[0],
        clinicians=all_of(Clinician),
        groups=all_of(Group),
        clients=all_of(Client),
        enrolments=all_of(Enrolment),
    )


def background(_draft: Draft | None = None, now: datetime = EVENING) -> Background:
    """Everything the practice has, all of it valid on the day."""
    codes = {d.code: CodeStatus(code=d.code, known=True, billable=True) for d in all_of(Diagnosis)}
    return Background(
        now=now,
        roster=roster(),
        coverage=_by_client(all_of(Coverage)),
        diagnoses=_by_client(all_of(Diagnosis)),
        goals=_by_client(all_of(Goal)),
        payers={p.id: p for p in all_of(Payer)},
        policies={p.payer: p for p in all_of(Policy)},
        fees={f.code: f.amount for f in all_of(Fee)},
        codes=codes,
    )


def _by_client(records: tuple[K, ...]) -> dict[ClientId, tuple[K, ...]]:
    clients = {r.client for r in records}  # type: ignore[attr-defined]
    return {c: tuple(r for r in records if r.client == c) for c in clients}  # type: ignore[attr-defined]
