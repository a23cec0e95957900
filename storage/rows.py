"""Rows and records, both ways. Columns are named after fields, so most of it is one copy in each direction.

What a column type cannot know is here: the value of a fact, which is one of several types, and questions, whose
choices hold such values.
"""

import json
from dataclasses import fields
from datetime import date, time
from typing import Any, TypeVar

from pydantic import TypeAdapter

from billing.findings import Choice, Question
from billing.records import (
    About,
    ClaimLine,
    ClinicianId,
    Heard,
    Mode,
    Name,
    OneOf,
    Presence,
    Progress,
    Risk,
    ServiceKind,
    SourceId,
    Value,
)
from billing.slots import SLOTS
from storage.tables import FactRow, LineRow, Row, SourceRow

R = TypeVar("R")
W = TypeVar("W", bound=Row)

_KINDS: tuple[type, ...] = (str, int, bool, date, time, Presence, Mode, ServiceKind, Progress, Risk, Name, OneOf)
_CODECS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in _KINDS}


def record_of(row: Row, kind: type[R]) -> R:
    """The record of type `kind` whose fields are the row's columns of the same names."""
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})  # type: ignore[arg-type]


def row_of(record: Any, kind: type[W], **more: Any) -> W:
    """A new row with the record's fields; `more` are columns that the record does not have."""
    return kind(**{field.name: getattr(record, field.name) for field in fields(record)}, **more)


# ---- values ----------------------------------------------------------------------------------------------------


def value_to_json(value: Value) -> str:
    """A value with the name of its type beside it: "present" the word and PRESENT the presence stay apart."""
    kind = type(value).__name__
    return json.dumps([kind, _CODECS[kind].dump_python(value, mode="json")], ensure_ascii=False)


def value_from_json(text: str) -> Value:
    kind, plain = json.loads(text)
    value: Value = _CODECS[kind].validate_python(plain, strict=False)
    return value


def checked(about: About, value: Value) -> Value:
    """The value, if the slot takes its type. Raises TypeError, which never shows the value."""
    slot = SLOTS.get(about.slot)
    if slot is None or type(value) not in slot.types:
        raise TypeError(f"slot {about.slot!r} does not take a {type(value).__name__}")
    return value


# ---- facts -----------------------------------------------------------------------------------------------------


def fact_row(fact: Heard, source: SourceRow, seq: int) -> FactRow:
    """`fact` as heard in `source`; its instant is the fact's own if it has one, else the source's."""
    return FactRow(
        source=source.id,
        part=fact.part,
        seq=seq,
        slot=fact.about.slot,
        subject=fact.about.subject,
        value=value_to_json(checked(fact.about, fact.value)),
        quote=fact.quote,
        span=fact.span,
        retracts=fact.retracts,
        why=fact.why,
        at=fact.at or source.at,
    )


def heard(row: FactRow, author: str) -> Heard:
    about = About(slot=row.slot, subject=row.subject)
    return Heard(
        about=about,
        value=checked(about, value_from_json(row.value)),
        quote=row.quote,
        span=row.span,
        part=row.part,
        retracts=row.retracts,
        why=row.why,
        source=SourceId(row.source),
        author=ClinicianId(author),
        at=row.at,
    )


# ---- questions and lines ---------------------------------------------------------------------------------------


def questions_to_json(questions: tuple[Question, ...]) -> str:
    return json.dumps([_question_to_plain(question) for question in questions], ensure_ascii=False)


def questions_from_json(text: str) -> tuple[Question, ...]:
    return tuple(_question_from_plain(plain) for plain in json.loads(text))


def _question_to_plain(question: Question) -> dict[str, Any]:
    return {
        "rule": question.rule,
        "text": question.text,
        "about": [[about.slot, about.subject] for about in question.about],
        "choices": [[choice.label, value_to_json(choice.value)] for choice in question.choices],
    }


def _question_from_plain(plain: dict[str, Any]) -> Question:
    return Question(
        rule=plain["rule"],
        text=plain["text"],
        about=tuple(About(slot=slot, subject=subject) for slot, subject in plain["about"]),
        choices=tuple(Choice(label=label, value=value_from_json(value)) for label, value in plain["choices"]),
    )


def line_row(line: ClaimLine) -> LineRow:
    says = line.says
    return row_of(line, LineRow, client=says.client, payer=says.payer, code=says.code, served_on=says.served_on)
