"""What the office must know of who pays."""

import re
from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.office import Eligibility, Register
from billing.records import About, LineDraft
from billing.rules.looking import kept, name_of, payer_name, policy_of, valid

SHORTEST, LONGEST = 2, 80
"""Characters of a member ID on an 837P (2010BA NM109)."""


@rule("G015", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_billed_client_has_a_member_id(case: Case) -> Iterator[Lack]:
    """Each line has a member ID of 2 to 80 characters, in the payer's own pattern if it has one.

    Source: 837P 005010X222A1, loop 2010BA, NM109
    """
    for line in case.lines:
        name, payer = name_of(case, line.client), payer_name(case, line.payer)
        if wrong := _wrong_with(case, line):
            yield Lack(
                about=About(slot="member_id", subject=line.client),
                says=f"{name}'s member ID for {payer} {wrong}",
                question=f"What is {name}'s member ID for {payer}?",
            )


def _wrong_with(case: Case, line: LineDraft) -> str:
    """What is wrong with a member ID, to follow its name in a sentence; empty if nothing is."""
    pattern = policy_of(case, line.payer).member_id_pattern
    if not line.member_id:
        return "is missing"
    if not SHORTEST <= len(line.member_id) <= LONGEST:
        return f"has {len(line.member_id)} characters"
    if pattern and not re.fullmatch(pattern, line.member_id):
        return "does not look like one of theirs"
    return ""


@rule("G017", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_billed_client_was_insured_that_day(case: Case) -> Iterator[Lack]:
    """Where the payer was asked, it answered that the client was insured on the date of service, and by itself.

    Source: the payer's own answer to an eligibility inquiry; 837P 005010X222A1, loop 2010BB
    """
    for line in case.lines:
        answers = _answers(case, line)
        name, payer = name_of(case, line.client), payer_name(case, line.payer)
        if any(not a.active for a in answers):
            says = f"{payer} says that {name} was not insured on {line.served_on}"
        elif others := [payer_name(case, a.carved_out) for a in answers if a.carved_out not in (None, line.payer)]:
            says = f"{payer} leaves behavioral health to {others[0]}: {name}"
        else:
            continue
        question = f"Was {name} active with {payer} on {line.served_on}, or is there a carve-out?"
        yield Lack(about=About(slot="eligibility", subject=line.client), says=says, question=question)


@rule("G017", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payer_was_asked_about_every_billed_client(case: Case) -> Iterator[Lack]:
    """Where the office keeps eligibility, the payer was asked about the date of service.

    Source: the practice's own list of eligibility
    """
    for line in case.lines:
        if kept(case, Register.ELIGIBILITY) and not _answers(case, line):
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            yield Lack(
                about=About(slot="eligibility", subject=line.client),
                says=f"{payer} was not asked whether {name} was insured on {line.served_on}",
                question=f"Was {name} active with {payer} on {line.served_on}, or is there a carve-out?",
            )


def _answers(case: Case, line: LineDraft) -> tuple[Eligibility, ...]:
    rows = (e for e in case.background.office.eligibility if (e.client, e.payer) == (line.client, line.payer))
    return valid(rows, line.served_on)


@rule("G018", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payer_that_pays_first_is_billed_first(case: Case) -> Iterator[Lack]:
    """The client was asked about other insurance, nobody else pays first, and who pays last is billed last.

    Source: Colorado HCPF, behavioral health policies; 837P 005010X222A1, SBR01
    """
    for line in case.lines:
        if wrong := _out_of_order(case, line):
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            yield Lack(
                about=About(slot="other_coverage", subject=line.client),
                says=f"{name}, {payer}: {wrong}",
                question=f"Does {name} have any other insurance besides {payer}?",
            )


def _out_of_order(case: Case, line: LineDraft) -> str:
    """What is wrong with the order of payers, in words; empty if nothing is known to be."""
    answers = [a for a in case.background.office.other_coverage if a.client == line.client]
    if kept(case, Register.OTHER_COVERAGE) and not answers:
        return "nobody has asked about other insurance"
    latest = max(answers, key=lambda a: a.answered_on, default=None)
    if latest and latest.pays_first not in (None, line.payer):
        return f"{payer_name(case, latest.pays_first)} pays first"
    others = [c.payer for c in case.background.coverage.get(line.client, ()) if c.payer != line.payer]
    last = policy_of(case, line.payer).pays_last and others
    return f"it pays last, after {payer_name(case, others[0])}" if last else ""
