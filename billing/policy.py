"""What payers demand, on which day, and who says so: reads policy files, and finds the row in force.

A policy file is TOML, one for each payer:

    payer = "lakeland"
    name = "Lakeland Health Plan"

    [sources.manual]
    title = "Provider manual, chapter 3"
    grade = "P"
    read_on = 2026-11-23

    [[rules]]
    since = 2025-01-01
    max_size = { value = 12, source = "manual" }

Each value names its source, and each source its grade. Only what is BINDING becomes part of a `Policy` and can hold a
line; the rest is `Hearsay`: shown to whoever confirms the row, and otherwise without effect. `since` is the first day
of service a row is for. Where a source names none it is 2025-01-01: nothing older could still be filed when the
shipped rows were compiled.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from billing.record import record
from billing.records import ClinicianId, Payer, PayerId, Policy
from billing.terms import TERMS, frozen

GRADES: dict[str, str] = {
    "R": "regulation or official data file that was read",
    "P": "page of the payer or its agent that was read",
    "C": "the practice's own contract, or what the payer told the practice",
    "T": "technical standard",
    "B": "blog, vendor, newsletter: second hand",
    "K": "common knowledge that nobody has looked up",
}
BINDING = frozenset("RPC")

USUAL_MINIMUM = 2
"""Where a payer sets none: two who attended are the floor of nearly every rule book that was read."""
USUAL_MAXIMUM = 12
"""Where a payer sets none: the largest number that any rule book allows."""
CAUTIOUS_MAXIMUM = 10
"""Above this, some rule books no longer call it a group."""


class PolicyTrouble(Exception):
    """A policy file cannot be used as it is. The text names the file and the line, ready to be shown."""


@record
class Hearsay:
    """A value that somebody holds to be the payer's, without evidence that could hold a line."""

    payer: PayerId
    since: date
    key: str
    value: object
    grade: str
    source: str


@record
class PolicyFile:
    """All that one file says about one payer. `policies` are in order of `since`."""

    payer: Payer
    policies: tuple[Policy, ...]
    hearsay: tuple[Hearsay, ...]


# ---- which policy ----------------------------------------------------------------------------------------------


def in_force(policies: Iterable[Policy], on: date) -> dict[PayerId, Policy]:
    """Each payer's row for that day: the one that began last; of two that began together the later in `policies`."""
    rows = sorted(policies, key=lambda p: p.since)
    return {p.payer: p for p in rows if p.since <= on and (p.until is None or on <= p.until)}


def policy_for(policies: Mapping[PayerId, Policy], payer: PayerId) -> Policy:
    """The payer's policy, or one without demands."""
    return policies.get(payer) or Policy(payer=payer, since=date.min)


def smallest_group(policy: Policy) -> int:
    return USUAL_MINIMUM if policy.min_size is None else policy.min_size


def largest_group(policy: Policy) -> int:
    return USUAL_MAXIMUM if policy.max_size is None else policy.max_size


# ---- reading ---------------------------------------------------------------------------------------------------


def shipped(texts: Mapping[str, str]) -> tuple[PolicyFile, ...]:
    """All policy files, by name; reading them from disk is the caller's. A payer may have one file only."""
    files: dict[PayerId, PolicyFile] = {}
    for name, text in sorted(texts.items()):
        file = policy_file(text, name)
        if file.payer.id in files:
            raise PolicyTrouble(f"{name}: {file.payer.id} has a file already")
        files[file.payer.id] = file
    return tuple(files.values())


def policies_from(text: str, name: str) -> tuple[Policy, ...]:
    """The dated policies in a file. `name` is the file's, for the reader of a PolicyTrouble."""
    return policy_file(text, name).policies


def policy_file(text: str, name: str) -> PolicyFile:
    """Everything in a file, hearsay included. Raises PolicyTrouble where the file does not make sense."""
    page = _Page(name=name, text=text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise PolicyTrouble(f"{name}: {wrong}") from wrong
    _refuse_strangers(page, data, {"payer", "name", "sources", "rules"}, row=-1)
    payer = Payer(id=PayerId(_text(page, data, "payer")), name=_text(page, data, "name"))
    sources = _sources(page, data.get("sources", {}))
    read = [_row(page, payer.id, row, sources, number) for number, row in enumerate(_tables(page, data))]
    policies = tuple(sorted((policy for policy, _ in read), key=lambda p: p.since))
    return PolicyFile(payer=payer, policies=policies, hearsay=tuple(h for _, heard in read for h in heard))


@record
class _Page:
    name: str
    text: str

    def trouble(self, what: str, key: str, row: int = -1) -> PolicyTrouble:
        """Says what is wrong with `key`, and on which line: in the given [[rules]] table, or -1 before the first."""
        line = self._line(key, row)
        return PolicyTrouble(f"{self.name}, line {line}: {what}" if line else f"{self.name}: {what}")

    def _line(self, key: str, row: int) -> int | None:
        at = -1
        for number, line in enumerate(self.text.splitlines(), start=1):
            at += line.strip() == "[[rules]]"
            if at == row and re.match(rf"\s*(\[sources\.)?{re.escape(key)}(?!\w)", line):
                return number
        return None


@record
class _Source:
    title: str
    grade: str
    read_on: date


def _sources(page: _Page, tables: Mapping[str, Any]) -> dict[str, _Source]:
    return {key: _source(page, key, table) for key, table in tables.items()}


def _source(page: _Page, key: str, table: Mapping[str, Any]) -> _Source:
    _refuse_strangers(page, table, {"title", "url", "grade", "read_on", "note"}, row=-1)
    grade, read_on = table.get("grade"), table.get("read_on")
    if grade not in GRADES:
        raise page.trouble(f"source {key} has the grade {grade!r}; it is one of {', '.join(GRADES)}", key)
    if type(read_on) is not date:
        raise page.trouble(f"source {key} needs read_on, a date", key)
    return _Source(title=_text(page, table, "title"), grade=grade, read_on=read_on)


def _tables(page: _Page, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = data.get("rules")
    if not isinstance(rows, list) or not rows:
        raise page.trouble("there are no [[rules]]", "rules")
    return rows


def _row(
    page: _Page, payer: PayerId, row: Mapping[str, Any], sources: Mapping[str, _Source], number: int
) -> tuple[Policy, tuple[Hearsay, ...]]:
    dates = {key: _date(page, row, key, number) for key in ("since", "until", "confirmed_on")}
    since = dates["since"]
    if since is None:
        raise page.trouble("a row of [[rules]] needs since, a date", "[[rules]]", number)
    _refuse_strangers(page, row, {*TERMS, *dates, "confirmed_by"}, number)
    said = {key: _said(page, key, row[key], sources, number) for key in TERMS if key in row}
    binding = {key: said[key] for key in said if said[key][1].grade in BINDING}
    hearsay = (
        Hearsay(payer=payer, since=since, key=key, value=value, grade=source.grade, source=source.title)
        for key, (value, source) in said.items()
        if key not in binding
    )
    empty = Policy(payer=payer, since=since, until=dates["until"], confirmed_on=dates["confirmed_on"])
    confirmed = replace(empty, confirmed_by=ClinicianId(row["confirmed_by"]) if "confirmed_by" in row else None)
    return _with_values(confirmed, binding), tuple(hearsay)


def _with_values(policy: Policy, binding: Mapping[str, tuple[Any, _Source]]) -> Policy:
    return replace(
        policy,
        **{key: value for key, (value, _) in binding.items()},
        source="; ".join(dict.fromkeys(source.title for _, source in binding.values())),
        evidence=", ".join(f"{key} {source.grade} {source.read_on}" for key, (_, source) in binding.items()),
    )


def _said(page: _Page, key: str, entry: object, sources: Mapping[str, _Source], number: int) -> tuple[Any, _Source]:
    if not isinstance(entry, dict) or "value" not in entry or "source" not in entry:
        raise page.trouble(f"{key} needs a value and a source", key, number)
    if entry["source"] not in sources:
        raise page.trouble(f"{key} names the source {entry['source']!r}, which is not in this file", key, number)
    _refuse_strangers(page, entry, {"value", "source", "note"}, number, under=key)
    term = TERMS[key]
    if not term.accepts(entry["value"]):
        raise page.trouble(f"{key} wants {term.wants}, not {entry['value']!r}", key, number)
    return frozen(entry["value"]), sources[entry["source"]]


def _text(page: _Page, table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise page.trouble(f"{key} is missing, or no text", key)
    return value


def _date(page: _Page, row: Mapping[str, Any], key: str, number: int) -> date | None:
    value = row.get(key)
    if value is not None and type(value) is not date:
        raise page.trouble(f"{key} wants a date like 2026-01-31, not {value!r}", key, number)
    return value


def _refuse_strangers(page: _Page, table: Mapping[str, Any], known: set[str], row: int, under: str = "") -> None:
    for key in table:
        if key not in known:
            raise page.trouble(f"nothing here is called {key}", under or key, row)
