"""The tables of what the clock goes by. Nothing in them tells of a client: ids, days, times and counts only.

This module must not use `from __future__ import annotations`: SQLModel reads the types.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from billing.clockwork import Kind, OfficeHours, Reminder
from storage.columns import Instant, Json, one_of
from storage.tables import Row


def _instant() -> Any:
    return Field(sa_column=Column(Instant, nullable=False))


class ReminderState(StrEnum):
    """TAKEN by a process that is about to say it, SAID, or not said: OVERTAKEN by a later one, or GIVEN_UP."""

    TAKEN = "taken"
    SAID = "said"
    OVERTAKEN = "overtaken"
    GIVEN_UP = "given_up"


class OfficeHoursRow(Row, table=True):
    """One row. Patterns, holidays, leaves and settings are only ever read together and replaced together."""

    __tablename__ = "office_hours"

    id: int = Field(default=1, primary_key=True)
    says: OfficeHours = Field(sa_column=Column(Json(OfficeHours), nullable=False))


class CancelledRow(Row, table=True):
    """A meeting that did not take place, said by a button or by a draft. `starts` blank: all of that day."""

    __tablename__ = "cancelled_meeting"

    number: int | None = Field(default=None, primary_key=True)
    group: str = Field(foreign_key="standing_group.id")
    met_on: date = Field(index=True)
    starts: time | None = None
    by: str
    at: datetime = _instant()


class LedByRow(Row, table=True):
    """Who led a meeting instead. `press` is the tap that said so: it counts once."""

    __tablename__ = "led_by"

    number: int | None = Field(default=None, primary_key=True)
    press: str = Field(unique=True)
    group: str = Field(foreign_key="standing_group.id")
    met_on: date = Field(index=True)
    starts: time | None = None
    leader: str = Field(foreign_key="clinician.id")
    by: str
    at: datetime = _instant()


class SnoozeRow(Row, table=True):
    """Somebody's "remind me in…"; of several about one thing the last one counts."""

    __tablename__ = "snooze"

    number: int | None = Field(default=None, primary_key=True)
    press: str = Field(unique=True)
    by: str
    about: str
    until: datetime = Field(sa_column=Column(Instant, nullable=False, index=True))


class ReminderRow(Row, table=True):
    """One edition of a reminder, and where it stands. It is kept before it is said, so that two cannot say it.

    `id` is what its buttons carry. `taken_at` is when somebody last set out to say it.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("key", "edition", name="reminder_once"),
        Index("ix_reminder_last", "kind", "to", "number"),
    )

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    key: str
    edition: int
    kind: Kind = Field(sa_column=Column(one_of(Kind, "reminder_kind"), nullable=False))
    to: str
    says: Reminder = Field(sa_column=Column(Json(Reminder), nullable=False))
    state: ReminderState = Field(sa_column=Column(one_of(ReminderState, "reminder_state"), nullable=False, index=True))
    taken_at: datetime = _instant()
    channel: str | None = None
    ts: str | None = None
