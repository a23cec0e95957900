"""What each payer demands of a group. The numbers are in its policy, never here."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from billing.findings import Asks, Case, Choice, Lack, Severity, Stops, rule
from billing.policy import CAUTIOUS_MAXIMUM, largest_group, smallest_group
from billing.records import About, LineDraft, PayerId, minutes_between
from billing.rules.looking import heads, listed, name_of, payer_name, payers_of, policy_of, today

CONFIRMED_FOR = timedelta(days=365)
"""How long a practice's word on a payer's rules is taken for true."""


# ---- size ------------------------------------------------------------------------------------------------------


@rule("G006", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.CLINICIAN)
def a_group_below_the_minimum_is_confirmed(case: Case) -> Iterator[Lack]:
    """Where fewer attended than a payer calls a group, the clinician has said that this is everybody.

    Source: 14 NYCRR 588.6; Wis. Admin. Code DHS 107.13(2); N.H. Admin. Rule He-M 426.08; 22 CCR 51505.3
    """
    count = heads(case)
    below = [payer for payer in payers_of(case) if count < smallest_group(policy_of(case, payer))]
    if below and case.draft.headcount != count:
        names = listed([name_of(case, a.client) for a in case.draft.attended])
        yield Lack(
            about=About(slot="headcount"),
            says=f"Only {count} attended",
            question=f"Only {count} attended ({names}), which is no group to the payer. Was anybody else there?",
            choices=(Choice(label=f"No, only {count}", value=count),),
        )


@rule("G006", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def enough_attended_for_the_payer(case: Case) -> Iterator[Lack]:
    """As many attended as the payer needs to call it a group, everybody counted, whoever pays.

    Fewer are never turned into individual sessions silently.
    Source: 14 NYCRR 588.6; Wis. Admin. Code DHS 107.13(2); N.H. Admin. Rule He-M 426.08; 22 CCR 51505.3
    """
    for line in case.lines:
        least = smallest_group(policy_of(case, line.payer))
        if heads(case) < least:
            name = name_of(case, line.client)
            says = f"Only {heads(case)} attended; to {payer_name(case, line.payer)} a group begins at {least}"
            yield Lack(
                about=About(slot="headcount", subject=line.client),
                says=f"{says}: {name}",
                question=f"{says}. Treat it as individual for {name}, or no charge?",
            )


@rule("G007", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.CLINICIAN)
def a_group_above_the_maximum_is_explained(case: Case) -> Iterator[Lack]:
    """Where more attended than a payer allows, the clinician has said whether it was really two groups.

    Source: Regs. Conn. State Agencies 17b-262-822; Wis. Admin. Code DHS 107.13(2); 22 CCR 51505.3
    """
    count = heads(case)
    above = {p: most for p in payers_of(case) if count > (most := largest_group(policy_of(case, p)))}
    if above and case.draft.two_groups is None:
        limits = listed([f"{payer_name(case, payer)} allows {most}" for payer, most in above.items()])
        yield Lack(
            about=About(slot="two_groups"),
            says=f"{count} attended; {limits}",
            question=f"{count} attended; {limits}. Was this really two groups?",
            choices=(Choice(label="Two groups", value=True), Choice(label="One group", value=False)),
        )


@rule("G007", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def not_more_attended_than_the_payer_allows(case: Case) -> Iterator[Lack]:
    """No more attended than the payer allows, everybody counted, whoever pays.

    Otherwise every line of that payer is held: nobody is dropped to make it fit.
    Source: Regs. Conn. State Agencies 17b-262-822; Wis. Admin. Code DHS 107.13(2); 22 CCR 51505.3
    """
    then = "each of two groups needs a note of its own" if case.draft.two_groups else "as one group it cannot be billed"
    for payer in payers_of(case):
        most = largest_group(policy_of(case, payer))
        if heads(case) > most:
            says = f"{heads(case)} attended, {payer_name(case, payer)} allows {most}: {then}"
            yield Lack(about=About(slot="headcount", subject=payer), says=says)


@rule("G007", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.NOBODY)
def the_group_is_small_by_every_rule_book(case: Case) -> Iterator[Lack]:
    """Where a payer's maximum is not known, no more attended than the strictest common reading allows.

    Source: Wis. Admin. Code DHS 107.13(2) and N.H. Admin. Rule He-M 426.08 (10); NGS LCD L33632 (12)
    """
    unknown = [payer for payer in payers_of(case) if policy_of(case, payer).max_size is None]
    if unknown and heads(case) > CAUTIOUS_MAXIMUM:
        names = listed([payer_name(case, payer) for payer in unknown])
        says = f"{heads(case)} attended, and the maximum of {names} is not known; some allow only {CAUTIOUS_MAXIMUM}"
        yield Lack(about=About(slot="headcount"), says=says)


# ---- coverage of the service, minutes, plan --------------------------------------------------------------------


@rule("G048", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payers_rules_are_confirmed(case: Case) -> Iterator[Lack]:
    """The practice has confirmed within twelve months what the payer demands, and that it covers 90853.

    Source: the payer's own policy, as the practice confirms it; HHS DAB 1235 (1991) on breaches of a state's rules
    """
    for payer in payers_of(case):
        if wrong := _unconfirmed(case, payer):
            question = f"{wrong}. What does the contract say?"
            yield Lack(about=About(slot="policy", subject=payer), says=wrong, question=question)


def _unconfirmed(case: Case, payer: PayerId) -> str:
    """Why a payer's rules cannot be relied on, in a sentence; empty if they can."""
    name, policy = payer_name(case, payer), case.background.policies.get(payer)
    if policy is None or policy.confirmed_on is None:
        return f"Nobody has confirmed {name}'s rules for groups"
    if _is_stale(policy.confirmed_on, today(case)):
        return f"{name}'s rules for groups were last confirmed on {policy.confirmed_on}"
    if policy.covered is None:
        return f"It is not known whether {name} covers 90853"
    return "" if policy.covered else f"{name} does not cover 90853"


def _is_stale(confirmed_on: date, now: date) -> bool:
    return now - confirmed_on > CONFIRMED_FOR


@rule("G050", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def every_billed_client_stayed_long_enough(case: Case) -> Iterator[Lack]:
    """Each client was in the group for the minutes that their payer demands, by their own coming and leaving.

    When they came and left is asked by the rules on times.
    Source: Regs. Conn. State Agencies 17b-262-822 (45 minutes); 14 NYCRR 588.6 (60); 22 CCR 51505.3 (90)
    """
    for line in case.lines:
        least = policy_of(case, line.payer).min_minutes
        if least is not None and (line.minutes is None or line.minutes < least):
            stayed = "an unknown time" if line.minutes is None else f"{line.minutes} minutes"
            says = (
                f"{payer_name(case, line.payer)} demands {least} minutes; {name_of(case, line.client)} stayed {stayed}"
            )
            yield Lack(about=About(slot="minutes", subject=line.client), says=says)


@rule("G050", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def every_billed_client_was_there_for_the_payers_share(case: Case) -> Iterator[Lack]:
    """Each client was there for the share of the session that their payer demands.

    Source: Wis. Admin. Code DHS 107.13(2)
    """
    starts, ends = case.draft.starts, case.draft.ends
    if starts is None or ends is None:
        return
    whole = minutes_between(starts, ends)
    for line in case.lines:
        share = policy_of(case, line.payer).contact_fraction
        if share and line.minutes is not None and line.minutes < Fraction(share) * whole:
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            says = f"{payer} demands {share} of the session; {name} stayed {line.minutes} of {whole} minutes"
            yield Lack(about=About(slot="minutes", subject=line.client), says=says)


@rule("G049", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def not_more_groups_than_the_payer_pays_for(case: Case) -> Iterator[Lack]:
    """With this one, the client had no more groups in any stretch of days than the payer pays for.

    Source: Illinois HFS notice of 2014-06-26 (two in seven days); Regs. Conn. State Agencies 17b-262-822
    """
    for line in case.lines:
        for most, days in policy_of(case, line.payer).frequency_caps:
            if _most_in(case, line, days) > most:
                name, payer = name_of(case, line.client), payer_name(case, line.payer)
                yield Lack(
                    about=About(slot="frequency_cap", subject=line.client),
                    says=f"{payer} pays for {most} groups in {days} days, and {name} had more",
                    question=f"{name} reached {payer}'s limit of {most} in {days} days. Bill, hold or self-pay?",
                )


def _most_in(case: Case, line: LineDraft, days: int) -> int:
    """The most groups in any stretch of so many days that this one is in."""
    mine = (v for v in case.background.office.visits if (v.client, v.payer) == (line.client, line.payer))
    visits = [line.served_on, *(day for v in mine for day in v.days)]
    window = timedelta(days=days)
    lasts = {day for day in visits if line.served_on <= day < line.served_on + window}
    return max(sum(last - window < day <= last for day in visits) for last in lasts)


@rule("G035", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_billed_client_has_a_goal(case: Case) -> Iterator[Lack]:
    """Each client who is billed has a goal in a treatment plan that is in force on the date of service.

    Source: OIG, On-Site Psychological Services (2020); N.H. Admin. Rule He-M 426.08
    """
    for line in case.lines:
        if not case.background.goals.get(line.client):
            name = name_of(case, line.client)
            yield Lack(
                about=About(slot="goal", subject=line.client),
                says=f"No goal is on file for {name}",
                question=f"Which goals does {name}'s treatment plan have?",
            )
