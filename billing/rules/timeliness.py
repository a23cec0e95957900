"""Signed, by everybody who has to, in time, and once."""

from collections.abc import Iterator
from datetime import date, timedelta

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.records import About, LineDraft
from billing.rules.looking import leader_of, name_of, payer_name, payers_of, policy_of, today

LATE_IN_THE_WINDOW = 0.75
"""The share of the time for filing after which somebody is told."""


@rule("G055", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.CLINICIAN)
def the_note_is_signed(case: Case) -> Iterator[Lack]:
    """The note is signed. What is not signed is not billed.

    There is no question to it: the card has a button.
    Source: billing reference 6.2 (Palmetto)
    """
    if case.background.signed is None and case.lines:
        yield Lack(about=About(slot="signature"), says="The note is not signed yet")


@rule("G055", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.CLINICIAN)
def the_note_is_cosigned_where_it_must_be(case: Case) -> Iterator[Lack]:
    """Where who led is supervised, or the payer demands it, the note is co-signed.

    There is no question to it: the supervisor's card has a button.
    Source: billing reference 3.2 and 6.1, element 17
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

    Source: billing reference 2.4; denial CO-18
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

    Source: billing reference 7.3
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

    Source: billing reference 7.3
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
    """Each line whose payer has a time for filing, with its last day."""
    for line in case.lines:
        days = policy_of(case, line.payer).filing_days
        if days is not None:
            yield line, line.served_on + timedelta(days=days)
