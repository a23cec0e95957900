"""What must be known of the session itself: which group, when, by whom, and that it took place."""

from collections.abc import Iterator
from datetime import time, timedelta

from billing.findings import Asks, Case, Choice, Lack, Severity, Stops, rule
from billing.records import About, Clinician, Group, OneOf, Role, Schedule, ServiceKind, minutes_between
from billing.rules.looking import all_settled, capital, day_name, group_of, heads, leader_of, service_of, today
from billing.times import clock, span

SHORTEST, LONGEST = 15, 240
"""Minutes that a group session may last. Anything else is a slip of the pen rather than a group."""

CALLED = {
    ServiceKind.PSYCHOTHERAPY: "group psychotherapy",
    ServiceKind.CLASS: "a class",
    ServiceKind.ACTIVITY: "an activity",
    ServiceKind.PEER: "a peer-led group",
    ServiceKind.MULTIPLE_FAMILY: "a group of several families",
    ServiceKind.PER_DIEM: "part of a program paid by the day",
}


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_group_is_known(case: Case) -> Iterator[Lack]:
    """It is settled which of the practice's groups met.

    Everything else hangs on it: who is enrolled, where it meets, what it is.
    Source: Sessions Health, guide to CPT 90853; Circlenote's own rule
    """
    if group_of(case) is not None:
        return
    settled = case.draft.group
    fitting = settled.options if isinstance(settled, OneOf) else tuple(g.id for g in case.background.roster.groups)
    groups = [g for g in case.background.roster.groups if g.id in fitting]
    yield Lack(
        about=About(slot="group"),
        says="It is not settled which group this was",
        question="Which group was it?",
        choices=tuple(Choice(label=g.name, value=g.id) for g in groups),
    )


@rule("G001", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_date_is_known_and_not_in_the_future(case: Case) -> Iterator[Lack]:
    """The date of service is known and is not in the future, by the practice's own calendar.

    Source: 837P 005010X222A1, DTP with 472
    """
    day, now = case.draft.met_on, today(case)
    if day is not None and day <= now:
        return
    yesterday = now - timedelta(days=1)
    future = f"{day_name(day)} is still to come. " if day else ""
    yield Lack(
        about=About(slot="met_on"),
        says=f"{future}The date of the group is not known" if not day else f"{day_name(day)} is in the future",
        question=f"{future}Which day was the group?",
        choices=(
            Choice(label=f"Today, {day_name(now)}", value=now),
            Choice(label=f"Yesterday, {day_name(yesterday)}", value=yesterday),
        ),
    )


@rule("G001", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_day_is_one_on_which_the_group_meets(case: Case) -> Iterator[Lack]:
    """The group usually meets on that day of the week, or the clinician says that it was that day all the same.

    A wrong date is a wrong claim, and a day on which the group never meets is most often a slip.
    Source: OIG, Oceanside Medical Group (2019): services without support for their date
    """
    group, day = group_of(case), case.draft.met_on
    if group is None or day is None or group.schedule is None or case.draft.day_confirmed:
        return
    if day.weekday() in group.schedule.weekdays:
        return
    before = (day - timedelta(days=n) for n in range(1, 8))
    usual = next(d for d in before if d.weekday() in group.schedule.weekdays)
    yield Lack(
        about=About(slot="met_on"),
        says=f"{group.name} does not usually meet on a {day:%A}",
        question=f"{group.name} does not usually meet on a {day:%A}. Was it {day_name(day)}?",
        choices=(
            Choice(label=f"Yes, {day_name(day)}", value=True, fills=(About(slot="day_confirmed"),)),
            Choice(label=f"No, {day_name(usual)}", value=usual),
        ),
    )


@rule(severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_group_took_place(case: Case) -> Iterator[Lack]:
    """The group took place: it was said, or somebody attended.

    A group that was cancelled is nobody's note, and nothing more is asked about it. It is asked only once it is known
    of everybody that they were not there.
    Source: Circlenote's own rule: what did not take place has no note
    """
    draft = case.draft
    known = group_of(case) is not None and draft.met_on is not None and all_settled(case)
    if draft.held is not None or heads(case) or not known:
        return
    yield Lack(
        about=About(slot="held"),
        says="Nobody is known to have attended",
        question="Nobody seems to have come. Did the group take place?",
        choices=(Choice(label="Yes", value=True), Choice(label="No, it was cancelled", value=False)),
    )


@rule("G002", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_actual_times_are_known(case: Case) -> Iterator[Lack]:
    """Start and end are the actual ones, both known, 15 to 240 minutes apart.

    The schedule is offered as one tap and never taken for granted: recording appointment times is the commonest
    error that auditors find.
    Source: Journal of AHIMA, recent audits in behavioral health; OIG, Oceanside Medical Group (2019)
    """
    starts, ends = case.draft.starts, case.draft.ends
    if starts is None or ends is None:
        yield _missing_time(case, starts, ends)
    elif not SHORTEST <= minutes_between(starts, ends) <= LONGEST:
        odd = f"{span(starts, ends)} would be {minutes_between(starts, ends)} minutes"
        yield Lack(about=About(slot="ends"), says=odd, question=f"{odd}. When did it actually end?")


def _missing_time(case: Case, starts: time | None, ends: time | None) -> Lack:
    group = group_of(case)
    schedule = group.schedule if group else None
    if starts is None and ends is None:
        return Lack(
            about=About(slot="starts"),
            says="The actual times are not known",
            question="What time did it actually start and end?",
            choices=(_as_scheduled(schedule),) if schedule else (),
        )
    slot, which = ("starts", "start") if starts is None else ("ends", "end")
    usual = (schedule.starts if starts is None else schedule.ends) if schedule else None
    return Lack(
        about=About(slot=slot),
        says=f"The actual {which} is not known",
        question=f"When did it actually {which}?",
        choices=(Choice(label=clock(usual), value=usual),) if usual else (),
    )


def _as_scheduled(schedule: Schedule) -> Choice:
    label = f"As scheduled {span(schedule.starts, schedule.ends)}"
    return Choice(label=label, value=True, fills=(About(slot="as_scheduled"),))


@rule("G003", severity=Severity.BLOCK, stops=Stops.SIGNING, asks=Asks.CLINICIAN)
def the_leader_is_known(case: Case) -> Iterator[Lack]:
    """It is known which clinician of the practice led the group.

    Source: CMS, Marriage and Family Therapists & Mental Health Counselors; Regs. Conn. State Agencies 17b-262-822
    """
    if leader_of(case) is not None:
        return
    yield Lack(
        about=About(slot="leader"),
        says="It is not known who led the group",
        question="Who led the group?",
        choices=tuple(Choice(label=c.name, value=c.id) for c in _likely_leaders(case, group_of(case))),
    )


def _likely_leaders(case: Case, group: Group | None) -> tuple[Clinician, ...]:
    """The group's own leaders, or else everybody who leads groups."""
    own = (group.leader, *group.co_leaders) if group else ()
    staff = case.background.roster.clinicians
    return tuple(c for c in staff if c.id in own) or tuple(c for c in staff if Role.CLINICIAN in c.roles)


@rule("G004", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.CLINICIAN)
def the_hour_was_psychotherapy(case: Case) -> Iterator[Lack]:
    """What is billed as 90853 was psychotherapy in a group of people who are not families.

    What the group's settings say is not asked again; what was only said of this one hour is.
    Source: N.H. Admin. Rule He-M 426.08; Wis. Admin. Code DHS 107.13
    """
    service, group = service_of(case), group_of(case)
    if service is ServiceKind.PSYCHOTHERAPY or not case.lines:
        return
    ours = group is not None and group.service is service
    yield Lack(
        about=About(slot="service"),
        says=f"This was {CALLED[service]}, which is not 90853",
        question="" if ours else f"As I read it, this was {CALLED[service]}. What was it?",
        choices=() if ours else tuple(Choice(label=capital(text), value=kind) for kind, text in CALLED.items()),
    )
