"""Whether who led the group may be put on a claim, and by which numbers."""

from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.policy import largest_group
from billing.records import About, Clinician
from billing.rules.looking import heads, leader_of, name_of, payer_name, payers_of, policy_of

PREFIX = "80840"
"""What stands before an NPI when its check digit is computed: the card industry's number for US health."""

NPI_LENGTH = 10


def is_npi(number: str) -> bool:
    """Ten digits, the first 1 or 2, the last right by the Luhn sum.

    >>> is_npi("1234567893"), is_npi("1234567890")
    (True, False)
    """
    plain = number.isascii() and number.isdecimal() and len(number) == NPI_LENGTH and number[0] in "12"
    return plain and _luhn_sum(PREFIX + number) % 10 == 0


def _luhn_sum(digits: str) -> int:
    """Every second digit from the right counts twice, as the sum of its own digits."""
    doubled = (divmod(int(d) * 2, 10) for d in digits[-2::-2])
    return sum(int(d) for d in digits[-1::-2]) + sum(tens + ones for tens, ones in doubled)


@rule("G009", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_npi_has_its_check_digit(case: Case) -> Iterator[Lack]:
    """The NPIs of who led the group, of who bills, and of a supervisor who is named, are right by their check digit.

    Source: 69 FR 3434 (the check digit of an NPI)
    """
    for slot, whose in _holders(case).items():
        numbers = {getattr(line, slot) for line in case.lines}
        for number in sorted(numbers - {None}):
            if not is_npi(number):
                says = f"The NPI {number} of {whose} fails its check digit"
                yield Lack(about=About(slot=slot), says=says, question=f"{says}. What is the right one?")
        if None in numbers and (slot != "supervising_npi" or _needs_supervisor(case)):
            says = f"There is no NPI for {whose}"
            yield Lack(about=About(slot=slot), says=says, question=f"What is the NPI of {whose}?")


def _holders(case: Case) -> dict[str, str]:
    """Whose NPI stands in which field of a line."""
    leader = leader_of(case)
    return {
        "rendering_npi": leader.name if leader else "who led the group",
        "billing_npi": case.background.roster.practice.name,
        "supervising_npi": f"{leader.name}'s supervisor" if leader else "the supervisor",
    }


def _needs_supervisor(case: Case) -> bool:
    """Whether a payer pays for supervised work under the supervisor's number only."""
    leader = leader_of(case)
    ways = {policy_of(case, payer).supervised_billing for payer in payers_of(case)}
    return leader is not None and leader.supervisor is not None and "supervisor" in ways


@rule("G013", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def an_unlicensed_clinician_has_a_supervisor(case: Case) -> Iterator[Lack]:
    """Whoever led the group and has no licence yet has a supervisor on record.

    Source: Regs. Conn. State Agencies 17b-262-822; Illinois HFS notice of 2014-06-26
    """
    leader = leader_of(case)
    if leader and not leader.licensed and not leader.supervisor and case.lines:
        says = f"{leader.name} is not licensed and has no supervisor on record"
        yield Lack(about=About(slot="supervisor"), says=says, question=f"Who is {leader.name}'s supervisor?")


@rule("G013", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payer_takes_supervised_work(case: Case) -> Iterator[Lack]:
    """Where who led is supervised, the payer is known to pay for that, and the line is made out as it wants.

    NPIs are never exchanged to make a line go through.
    Source: Illinois HFS notice of 2014-06-26; Colorado HCPF, behavioral health policies; 130 CMR 429.441
    """
    leader = leader_of(case)
    if leader is None or (leader.supervisor is None and leader.licensed):
        return
    for payer in payers_of(case):
        way, name = policy_of(case, payer).supervised_billing, payer_name(case, payer)
        if way == "no":
            says = f"{name} does not pay for {leader.name}'s supervised work"
            yield Lack(about=About(slot="supervised_billing", subject=payer), says=says)
        elif way is None:
            says = f"It is not known whether {name} pays for {leader.name}'s supervised work"
            question = f"Does {name} pay for {leader.name}'s supervised work, and under whose NPI?"
            yield Lack(about=About(slot="supervised_billing", subject=payer), says=says, question=question)


@rule("G010", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_rendering_npi_is_a_persons_own(case: Case) -> Iterator[Lack]:
    """The rendering NPI is the clinician's own and not the practice's, unless the clinician is the practice.

    Source: 837P 005010X222A1, loops 2010AA and 2310B
    """
    solo = sum(1 for c in case.background.roster.clinicians if c.npi) == 1
    same = {line.rendering_npi for line in case.lines if line.rendering_npi and line.rendering_npi == line.billing_npi}
    for number in () if solo else sorted(same):
        says = f"The NPI {number} stands for the clinician and for the practice"
        question = f"{says}. Is it the clinician's own or the group's?"
        yield Lack(about=About(slot="rendering_npi"), says=says, question=question)


# ---- two leaders -----------------------------------------------------------------------------------------------


@rule("G008", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.CLINICIAN)
def it_is_said_why_there_were_two_leaders(case: Case) -> Iterator[Lack]:
    """Where a payer wants it, the note says what each of two leaders did and why there were two.

    Source: Orange County Health Care Agency, questions on Medi-Cal group documentation
    """
    wanted = any(policy_of(case, payer).two_leaders_explained for payer in payers_of(case))
    if not wanted:
        return
    for clinician in _second_leaders(case):
        words = (*case.draft.interventions, *case.draft.group_words)
        if not any(clinician.name.split()[0].casefold() in w.text.casefold() for w in words):
            yield Lack(
                about=About(slot="group_words"),
                says=f"It is not said what {clinician.name} did as the second leader, and why there were two",
                question=f"Why did it take two, and what did {clinician.name} do?",
            )


def _second_leaders(case: Case) -> tuple[Clinician, ...]:
    return tuple(c for c in case.background.roster.clinicians if c.id in case.draft.co_leaders)


@rule("G008", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def a_large_group_had_two_leaders(case: Case) -> Iterator[Lack]:
    """Where a payer allows more than so many only with two leaders, there were two.

    Source: Minn. R. 9505.0372, once the practice has confirmed it
    """
    for line in case.lines:
        policy = policy_of(case, line.payer)
        alone = policy.max_size_alone
        if alone is None or not alone < heads(case) <= largest_group(policy) or _second_leaders(case):
            continue
        name, payer = name_of(case, line.client), payer_name(case, line.payer)
        says = f"{heads(case)} attended with one leader; {payer} allows {alone}: {name}"
        question = f"{heads(case)} attended with one leader; {payer} allows {alone}. It holds {{names}}."
        yield Lack(about=About(slot="co_leader", subject=line.client), says=says, question=question, together=True)
