"""Where a rule finds what it needs: small questions put to a case. Nothing here judges, nothing here asks."""

from collections.abc import Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

from billing.findings import Case
from billing.policy import policy_for
from billing.records import (
    AttendanceDraft,
    Client,
    ClientId,
    Clinician,
    Coverage,
    Draft,
    Group,
    Mode,
    PayerId,
    Policy,
    Presence,
    ServiceKind,
    minutes_between,
)

DAY = 24 * 60


def today(case: Case) -> date:
    """The day it is at the practice."""
    return case.background.now.astimezone(ZoneInfo(case.background.roster.practice.timezone)).date()


def day_of(case: Case) -> date:
    """The date of service; today as long as it is not known."""
    return case.draft.met_on or today(case)


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


def mode_of(case: Case, attendance: AttendanceDraft) -> Mode:
    """How this client took part: their own way, else the session's, else the group's usual one."""
    group = group_of(case)
    return attendance.mode or case.draft.mode or (group.mode if group else Mode.IN_PERSON)


def all_settled(case: Case) -> bool:
    """Nobody is left of whom it is open whether they came."""
    return not case.draft.unclear and all(isinstance(a.presence, Presence) for a in case.draft.attendance)


def heads(case: Case) -> int:
    """Everybody in the room who was treated, whoever pays."""
    return len(case.draft.attended) + len(case.draft.visitors)


# ---- who pays --------------------------------------------------------------------------------------------------


def coverage_of(case: Case, client: ClientId) -> Coverage | None:
    """The first coverage in force on the date of service; None for who pays privately or not at all."""
    on = day_of(case)
    all_of_them = case.background.coverage.get(client, ())
    return next((c for c in all_of_them if c.since <= on and (c.until is None or on <= c.until)), None)


def billed(case: Case) -> tuple[tuple[AttendanceDraft, PayerId], ...]:
    """Each client who attended and has coverage, with who pays for them."""
    covered = ((a, coverage_of(case, a.client)) for a in case.draft.attended)
    return tuple((a, c.payer) for a, c in covered if c is not None)


def policy_of(case: Case, payer: PayerId) -> Policy:
    """What the payer demands; a policy without any demands where there is no row."""
    return policy_for(case.background.policies, payer)


def payer_name(case: Case, payer: PayerId) -> str:
    known = case.background.payers.get(payer)
    return known.name if known else payer


# ---- time ------------------------------------------------------------------------------------------------------


def own_minutes(draft: Draft, attendance: AttendanceDraft) -> int | None:
    """Whole minutes this client took part, within the session; None while one of the times is not known.

    Zero or less when the client's own times contradict those of the session.
    """
    if draft.starts is None or draft.ends is None or not own_times_known(attendance):
        return None
    length = minutes_between(draft.starts, draft.ends)
    came = _after(draft.starts, attendance.arrived) if attendance.arrived else attendance.minutes_late or 0
    went = _after(draft.starts, attendance.left) if attendance.left else length - (attendance.minutes_early or 0)
    return min(went, length) - max(came, 0)


def own_times_known(attendance: AttendanceDraft) -> bool:
    """Who came late has an arrival, who left early a leaving."""
    if attendance.presence is Presence.LATE:
        return attendance.arrived is not None or attendance.minutes_late is not None
    if attendance.presence is Presence.LEFT_EARLY:
        return attendance.left is not None or attendance.minutes_early is not None
    return True


def _after(starts: time, moment: time) -> int:
    """Minutes from the start to a moment, negative before it: whichever is nearer by the clock."""
    minutes = (moment.hour * 60 + moment.minute - starts.hour * 60 - starts.minute) % DAY
    return minutes if minutes <= DAY // 2 else minutes - DAY


def clock(moment: time) -> str:
    """A time of day as it is said.

    >>> clock(time(14, 5))
    '2:05'
    """
    return f"{moment.hour % 12 or 12}:{moment.minute:02}"


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
