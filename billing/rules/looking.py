"""Where a rule finds what it needs: small questions put to a case. Nothing here judges, nothing here asks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from billing.findings import Case
from billing.office import Register
from billing.policy import policy_for
from billing.records import (
    AttendanceDraft,
    Client,
    Clinician,
    Group,
    LineDraft,
    Mode,
    PayerId,
    Policy,
    Presence,
    ServiceKind,
)


def today(case: Case) -> date:
    """The day it is at the practice."""
    return case.background.now.astimezone(ZoneInfo(case.background.roster.practice.timezone)).date()


# ---- who and which ---------------------------------------------------------------------------------------------


def group_of(case: Case) -> Group | None:
    """The group, once it is settled and one of ours."""
    return next((g for g in case.background.roster.groups if g.id == case.draft.group), None)


def leader_of(case: Case) -> Clinician | None:
    """Who led, once that is known and one of ours."""
    return next((c for c in case.background.roster.clinicians if c.id == case.draft.leader), None)


def service_of(case: Case) -> ServiceKind:
    """What the hour was: what was said of it, else what the group is."""
    group = group_of(case)
    return case.draft.service or (group.service if group else ServiceKind.PSYCHOTHERAPY)


def name_of(case: Case, client: str) -> str:
    return case.background.roster.client(client).name


def told_apart(clients: Sequence[Client]) -> tuple[str, ...]:
    """Names for buttons, in the order of `clients`: namesakes get their year of birth, or else their id."""
    names = [c.name for c in clients]
    return tuple(c.name if names.count(c.name) == 1 else f"{c.name} ({_mark(c)})" for c in clients)


def _mark(client: Client) -> str:
    return f"born {client.born_on.year}" if client.born_on else client.id


def all_settled(case: Case) -> bool:
    """Nobody is left of whom it is open whether they came."""
    return not case.draft.unclear and all(isinstance(a.presence, Presence) for a in case.draft.attendance)


def heads(case: Case) -> int:
    """Everybody in the room who was treated, whoever pays."""
    return len(case.draft.attended) + len(case.draft.visitors)


# ---- who pays --------------------------------------------------------------------------------------------------


def policy_of(case: Case, payer: PayerId) -> Policy:
    """What the payer demands; a policy without any demands where there is no row."""
    return policy_for(case.background.policies, payer)


def payer_name(case: Case, payer: PayerId) -> str:
    known = case.background.payers.get(payer)
    return known.name if known else payer


def payers_of(case: Case) -> tuple[PayerId, ...]:
    """Everybody who is to pay for this group, each once."""
    return tuple(dict.fromkeys(line.payer for line in case.lines))


def lines_and_modes(case: Case) -> Iterator[tuple[LineDraft, Mode]]:
    """Each line, with how its client took part."""
    attended = {a.client: a for a in case.draft.attended}
    return ((line, _mode(case, attended[line.client])) for line in case.lines)


def _mode(case: Case, attendance: AttendanceDraft) -> Mode:
    return attendance.mode or case.draft.mode or Mode.IN_PERSON


# ---- what the office keeps --------------------------------------------------------------------------------------


class Lasting(Protocol):
    """Anything that holds from one day until another."""

    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


L = TypeVar("L", bound=Lasting)


def kept(case: Case, register: Register) -> bool:
    """Whether the office keeps this list: only then does it mean something not to be in it."""
    return register in case.background.office.keeps


def valid(records: Iterable[L], on: date) -> tuple[L, ...]:
    """Those that hold on that day, first and last day included."""
    return tuple(r for r in records if r.since <= on and (r.until is None or on <= r.until))


# ---- words -----------------------------------------------------------------------------------------------------


def day_name(day: date) -> str:
    """A day as it stands on a button.

    >>> day_name(date(2026, 9, 15))
    'Tue Sep 15'
    """
    return f"{day:%a %b} {day.day}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a sentence.

    >>> listed(("Ana", "Bob", "Kay"))
    'Ana, Bob and Kay'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def capital(text: str) -> str:
    """A sentence's first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]
