"""What the office must know of who pays."""

import re
from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.records import About, LineDraft
from billing.rules.looking import name_of, payer_name, policy_of

SHORTEST, LONGEST = 2, 80
"""Characters of a member ID on an 837P (2010BA NM109)."""


@rule("G015", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_billed_client_has_a_member_id(case: Case) -> Iterator[Lack]:
    """Each line has a member ID of 2 to 80 characters, in the payer's own pattern if it has one.

    Source: billing reference 7.1, item 1a
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
