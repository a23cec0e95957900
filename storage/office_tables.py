"""The table of what the office keeps. This module must not use `from __future__ import annotations`."""

from datetime import date
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field

from storage.crypto import Encrypted
from storage.tables import Row


class OfficeRow(Row, table=True):
    """One record of `billing.office`, of the class named `kind`; `says` is all of it.

    `client`, `draft` and `served_on` are blank where it concerns them all.
    """

    __tablename__ = "office_record"

    number: int | None = Field(default=None, primary_key=True)
    kind: str
    client: str | None = Field(default=None, foreign_key="client.id", index=True)
    draft: str | None = Field(default=None, foreign_key="draft.id", index=True)
    served_on: date | None = None
    says: dict[str, Any] = Field(
        sa_column=Column(Encrypted("office_record.says", dict[str, Any]), nullable=False), repr=False
    )
