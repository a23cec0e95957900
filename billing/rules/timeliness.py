"""Signed, by everybody who has to, in time, and once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.records import About, LineDraft
from billing.rules.looking import leader_of, name_of, payer_name, payers_of, policy_of, today

LATE_IN_THE_WINDOW = 0.75
"""The share of the time for filing after which somebody is told."""
USUAL_HOURS = 48
"""Within which a note is to be signed where the payer does not say."""


@rule("G055", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.CLINICIAN)
def the_note_is_signed(case: Case) -> Iterator[Lack]:
    """The note is signed. What is not signed is not billed.

    There is no question to it: the card has a button.
    Source: Palmetto GBA, CERT documentation of signatures
    """
    if case.background.signed is None and case.lines:
        yield Lack(about=About(slot="signature"), says="The note is not signed yet")


@rule("G055", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.CLINICIAN)
def the_note_is_cosigned_where_it_must_be(case: Case) -> Iterator[Lack]:
    """Where who led is supervised, or the payer demands it, the note is co-signed.

    There is no question to it: the supervisor's card has a button.
    Source: Palmetto GBA, CERT documentation of signatures; OIG, On-Site Psychological Services (2020)
    """
    if case.background.cosigned is not None:
        return
    leader = leader_of(case)
    if leader and leader.supervisor and case.lines:
        yield Lack(about=About(slot="cosignature"), says=f"{leader.name}'s supervisor has not co-signed yet")
        return
    for payer in payers_of(case):
        if policy_of(case, payer).cosign_required:
            says = f"{payer_name(case, payer)} demands a co-signature, and nobody has co-signed yet"
            yield Lack(about=About(slot="cosignature", subject=payer), says=says)


@rule("G037", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def nobody_else_has_signed_for_this_group(case: Case) -> Iterator[Lack]:
    """No other note is signed for the same group, day and start.

    Source: Medicaid NCCI practitioner MUE, Q1 2026 (90853: 1 a day)
    """
    if case.background.others_that_day and case.lines:
        yield Lack(
            about=About(slot="group"),
            says="Another note is signed for the same group, day and start",
            question="Two notes are signed for the same group, day and start. Whose lines shall go out?",
        )


@rule("G053", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def there_is_still_time_to_file(case: Case) -> Iterator[Lack]:
    """The payer's time for filing has not run out.

    Source: Noridian JE, timely filing (one calendar year, received and accepted); the payer's own policy
    """
    for line, last in _deadlines(case):
        if today(case) > last:
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            says = f"{payer} took claims of that day until {last}: {name}"
            question = f"The time to file {name}'s line with {payer} ran out on {last}. Write it off?"
            yield Lack(about=About(slot="filing", subject=line.client), says=says, question=question)


@rule("G053", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.BILLER)
def the_time_to_file_is_not_running_out(case: Case) -> Iterator[Lack]:
    """Less than three quarters of the payer's time for filing are gone.

    Source: Noridian JE, timely filing (one calendar year, received and accepted); the payer's own policy
    """
    now = today(case)
    for line, last in _deadlines(case):
        window = last - line.served_on
        if line.served_on + window * LATE_IN_THE_WINDOW <= now <= last:
            left, name, payer = (last - now).days, name_of(case, line.client), payer_name(case, line.payer)
            says = f"{left} days are left to file {name}'s line with {payer}"
            yield Lack(
                about=About(slot="filing", subject=line.client), says=says, question=f"{says}. Release it today?"
            )


def _deadlines(case: Case) -> Iterator[tuple[LineDraft, date]]:
    """Each line whose payer has a time for filing, with its last day. Corrections may have a time of their own."""
    corrected = {c.client for c in case.background.office.corrections}
    for line in case.lines:
        policy = policy_of(case, line.payer)
        days = policy.corrected_claim_days if line.client in corrected else policy.filing_days
        if days is not None:
            yield line, line.served_on + timedelta(days=days)


@rule("G054", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.CLINICIAN)
def the_note_is_signed_in_time(case: Case) -> Iterator[Lack]:
    """The note is signed within the hours that the payer gives, or else 48; later it is a late entry.

    There is no question to it: the card has a button.
    Source: Palmetto GBA, CERT documentation of signatures; First Coast ("24 to 48 hours")
    """
    over = _over_at(case)
    if over is None or not case.lines:
        return
    signed = case.background.signed
    hours = (signed.at if signed else case.background.now) - over
    limits = (policy_of(case, payer).note_due_hours or USUAL_HOURS for payer in payers_of(case))
    least = min(limits)
    if hours > timedelta(hours=least):
        age = int(hours.total_seconds() // 3600)
        says = f"The note was signed {age} hours after the group" if signed else f"The note is {age} hours old"
        yield Lack(about=About(slot="signature"), says=f"{says}; it was due within {least}: a late entry")


def _over_at(case: Case) -> datetime | None:
    """The instant at which the group was over, which may be after midnight."""
    day, starts, ends = case.draft.met_on, case.draft.starts, case.draft.ends
    if day is None or starts is None or ends is None:
        return None
    zone = ZoneInfo(case.background.roster.practice.timezone)
    return datetime.combine(day + timedelta(days=ends <= starts), ends, tzinfo=zone)
