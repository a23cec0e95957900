"""What else a client had on the same day, and whether it may be billed beside the group."""

import re
from collections.abc import Iterator
from datetime import time

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.office import Pair, Service
from billing.records import About, LineDraft
from billing.rules.looking import name_of, payer_name, policy_of, valid
from billing.times import DAY, own_times

INDIVIDUAL = ("90832", "90834", "90837")
"""Column 2 to 90853, separable: the only pairs known without CMS's table."""
PER_DIEM = ("H0015", "S9480", "G0410", "G0411", "H0035")
"""Programs paid by the day (or by the group, in a partial hospitalization), which have their groups in them."""
MEDICAL_VISIT = r"99[2-4]\d\d"
INTERACTIVE = "90785"
"""The add-on for interactive complexity."""
APART = ("59", "XE", "XP", "XS", "XU")
"""Modifiers that say that two services of a day were apart."""


def _others(case: Case) -> Iterator[tuple[LineDraft, Service]]:
    """Each line with each other service of its client that day."""
    for line in case.lines:
        yield from ((line, each) for each in case.background.office.services if each.client == line.client)


def _about(line: LineDraft) -> About:
    return About(slot="same_day", subject=line.client)


@rule("G027", "G037", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def one_group_a_day_is_billed(case: Case) -> Iterator[Lack]:
    """A client is billed for one group a day, unless the payer's claim number says that this corrects the other.

    Source: Medicaid NCCI practitioner MUE, Q1 2026 (90853: 1 a day)
    """
    corrected = {c.client for c in case.background.office.corrections}
    for line, other in _others(case):
        if other.code == line.code and line.client not in corrected:
            name = name_of(case, line.client)
            says = f"{name} is billed for {line.code} on {line.served_on} already"
            yield Lack(about=_about(line), says=says, question=f"{says}. Which of the two shall go out?")


# ---- pairs -----------------------------------------------------------------------------------------------------


@rule("G044", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def no_other_service_of_the_day_shuts_out_the_group(case: Case) -> Iterator[Lack]:
    """What CMS's table or the payer does not pay beside 90853 on one day is not there, or is marked as apart.

    The modifier belongs on the code in column 2.
    Source: CMS, NCCI procedure-to-procedure edits, the quarter loaded
    """
    for line, other in _others(case):
        for pair in _pairs(case, line, other):
            if wrong := _wrong_with(pair, line, other, policy_of(case, line.payer).same_day_individual):
                yield _shut_out(case, line, other, wrong)


@rule("G044", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def an_individual_session_of_the_day_is_marked_as_apart(case: Case) -> Iterator[Lack]:
    """While CMS's table is not loaded, an individual session on the same day has the payer's modifier.

    Source: AAPC, My Psychiatry Coding Alert, coding quiz on group psychotherapy
    """
    for line, other in _others(case):
        if other.code in INDIVIDUAL and not case.background.office.pairs:
            pair = Pair(column_1=line.code, column_2=other.code, separable=True, since=line.served_on)
            if wrong := _wrong_with(pair, line, other, policy_of(case, line.payer).same_day_individual):
                yield _shut_out(case, line, other, wrong)


def _pairs(case: Case, line: LineDraft, other: Service) -> tuple[Pair, ...]:
    together = {line.code, other.code}
    pairs = (p for p in case.background.office.pairs if {p.column_1, p.column_2} == together)
    return valid(pairs, line.served_on)


def _wrong_with(pair: Pair, line: LineDraft, other: Service, way: str | None) -> str:
    """Why the two are not paid together, to follow "90834 on the same day"; empty if they are. `way` is the payer's."""
    if not pair.separable:
        return "is never paid beside it"
    if other.code in INDIVIDUAL and way == "deny":
        return "is never paid beside it by this payer"
    if other.code in INDIVIDUAL and way == "allow":
        return ""
    wanted = (way,) if way in APART else APART
    given = other.modifiers if pair.column_2 == other.code else line.modifiers
    return "" if set(wanted) & set(given) else f"wants {' or '.join(wanted[:2])} on {pair.column_2}"


def _shut_out(case: Case, line: LineDraft, other: Service, wrong: str) -> Lack:
    name = name_of(case, line.client)
    return Lack(
        about=_about(line),
        says=f"{name} had {other.code} on the same day, which {wrong} ({payer_name(case, line.payer)})",
        question=f"{name} had {other.code} on the same day. Were the two separate, and at what times?",
    )


@rule("G045", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def other_sessions_of_the_day_were_at_other_times(case: Case) -> Iterator[Lack]:
    """An individual session on the same day has a note and times of its own, and they do not overlap the group.

    Source: Regs. Conn. State Agencies 17b-262-822; 130 CMR 429.441; OIG, Oceanside Medical Group
    """
    for line, other in _others(case):
        if other.code in INDIVIDUAL and (wrong := _not_distinct(case, line, other)):
            name = name_of(case, line.client)
            yield Lack(
                about=_about(line),
                says=f"{name}'s {other.code} of the same day {wrong}",
                question=f"What were the separate times and focus of {name}'s {other.code} and the group?",
            )


def _not_distinct(case: Case, line: LineDraft, other: Service) -> str:
    attendance = next(a for a in case.draft.attended if a.client == line.client)
    arrived, left = own_times(attendance, case.draft.starts, case.draft.ends)
    if not (other.starts and other.ends and arrived and left):
        return "has no times that could be compared with the group's"
    if _overlap((other.starts, other.ends), (arrived, left)):
        return "overlaps the group"
    return "" if other.documented else "has no note of its own"


def _overlap(one: tuple[time, time], two: tuple[time, time]) -> bool:
    (a, b), (c, d) = _minutes(*one), _minutes(*two)
    return a < d and c < b


def _minutes(starts: time, ends: time) -> tuple[int, int]:
    """Minutes since the midnight before; past the next one if it ends after midnight."""
    first, last = starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute
    return first, last if last > first else last + DAY


# ---- programs, medical visits, the add-on ----------------------------------------------------------------------


@rule("G046", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_day_was_not_paid_as_a_whole(case: Case) -> Iterator[Lack]:
    """No program that is paid by the day, with its groups, is billed for the client on that day.

    Source: Optum360 Coding Central 748 (Medicare partial hospitalization); Behave Health on H0015 and S9480
    """
    for line, other in _others(case):
        if other.code in PER_DIEM:
            name = name_of(case, line.client)
            yield Lack(
                about=_about(line),
                says=f"{name}'s day is billed as a program ({other.code}), which has its groups in it",
                question=f"Was {name} in an intensive outpatient or day program that day?",
            )


@rule("G047", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def a_medical_visit_of_the_day_is_separate(case: Case) -> Iterator[Lack]:
    """A medical visit on the same day has the modifier 25 and a note of its own.

    Source: Appeal Win, glossary, modifier 25
    """
    for line, other in _others(case):
        if re.fullmatch(MEDICAL_VISIT, other.code) and not ("25" in other.modifiers and other.documented):
            name = name_of(case, line.client)
            lacks = "a note of its own" if "25" in other.modifiers else "the modifier 25"
            yield Lack(
                about=_about(line),
                says=f"{name}'s medical visit {other.code} of the same day lacks {lacks}",
                question=f"Is {name}'s medical visit of that day separately documented?",
            )


@rule("G051", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_add_on_stands_beside_a_group_and_says_why(case: Case) -> Iterator[Lack]:
    """The add-on for interactive complexity has its group line, and names what made it necessary for this client.

    Source: BCBS Illinois, CPCP051 (effective 2025-12-22)
    """
    billed = {line.client for line in case.lines}
    known = {client.id for client in case.background.roster.clients}
    for each in case.background.office.services:
        if each.code != INTERACTIVE or each.client not in known:
            continue
        name = name_of(case, each.client)
        lacks = "" if each.factor.strip() else "does not say what made it necessary"
        wrong = lacks if each.client in billed else "has no group line to stand beside"
        if wrong:
            yield Lack(
                about=About(slot="add_on", subject=each.client),
                says=f"{name}'s {INTERACTIVE} {wrong}",
                question=f"What made communication unusually complex for {name}?",
            )
