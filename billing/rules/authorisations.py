"""What a payer has to agree to beforehand, and what it wants from a physician."""

from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.office import Authorisation, ReferralKind
from billing.records import About, LineDraft
from billing.rules.looking import name_of, payer_name, policy_of, valid

LONGEST = 50
"""Characters of an authorisation number on an 837P (REF02 with G1)."""


def _authorisations(case: Case, line: LineDraft) -> tuple[Authorisation, ...]:
    """Those that a line could be billed under, by client, payer, code, day and number."""
    fitting = (
        a
        for a in case.background.office.authorisations
        if (a.client, a.payer) == (line.client, line.payer) and line.code in a.codes and 0 < len(a.number) <= LONGEST
    )
    return valid(fitting, line.served_on)


def _wanting(case: Case) -> Iterator[LineDraft]:
    return (line for line in case.lines if policy_of(case, line.payer).requires_auth)


@rule("G019", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payer_has_authorised_the_group(case: Case) -> Iterator[Lack]:
    """Where a payer has to agree beforehand, there is a number for this client, this code and this day.

    Source: 837P 005010X222A1, REF with G1; the payer's own policy
    """
    for line in _wanting(case):
        if not _authorisations(case, line):
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            yield Lack(
                about=About(slot="authorisation", subject=line.client),
                says=f"{payer} wants an authorization, and none for {line.code} covers {name} on {line.served_on}",
                question=f"What is the authorization number for group for {name}?",
            )


@rule("G020", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_authorisation_has_a_unit_left(case: Case) -> Iterator[Lack]:
    """The authorisation says how many units it is for, and one is left.

    Source: 837P 005010X222A1, REF with G1; the payer's own policy
    """
    for line in _wanting(case):
        found = _authorisations(case, line)
        if not found or any(a.units is not None and a.used < a.units for a in found):
            continue
        name = name_of(case, line.client)
        unknown = [a.number for a in found if a.units is None]
        says = f"{name}'s authorization {'does not say how many units it is for' if unknown else 'is used up'}"
        question = f"{says}. How many units?" if unknown else f"{says}. Request more?"
        yield Lack(about=About(slot="authorisation", subject=line.client), says=says, question=question)


@rule("G021", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_referral_is_there_where_it_is_wanted(case: Case) -> Iterator[Lack]:
    """Where a payer wants a referral, or a physician's signature on the plan after so many visits, it is there.

    Source: QualChoice medical policy BI273 (a signed plan after 15 visits)
    """
    for line in case.lines:
        for kind in _wanted(case, line):
            here = (r for r in case.background.office.referrals if (r.client, r.payer) == (line.client, line.payer))
            if not any(r.kind is kind for r in valid(here, line.served_on)):
                name, payer = name_of(case, line.client), payer_name(case, line.payer)
                yield Lack(
                    about=About(slot="referral", subject=line.client),
                    says=f"{payer} wants a {kind} by now, and there is none for {name}",
                    question=f"{payer} wants a {kind} for {name} by now. Is there one?",
                )


def _wanted(case: Case, line: LineDraft) -> Iterator[ReferralKind]:
    policy = policy_of(case, line.payer)
    if policy.referral_required:
        yield ReferralKind.REFERRAL
    visits = sum(len(v.days) for v in case.background.office.visits if (v.client, v.payer) == (line.client, line.payer))
    if policy.plan_signed_after is not None and visits >= policy.plan_signed_after:
        yield ReferralKind.SIGNED_PLAN
