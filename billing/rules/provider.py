"""Whether who led the group may be put on a claim, and by which numbers."""

from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.records import About
from billing.rules.looking import leader_of, payer_name, payers_of, policy_of

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

    Source: billing reference 3.4 (69 FR 3434)
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

    Source: billing reference 3.2
    """
    leader = leader_of(case)
    if leader and not leader.licensed and not leader.supervisor and case.lines:
        says = f"{leader.name} is not licensed and has no supervisor on record"
        yield Lack(about=About(slot="supervisor"), says=says, question=f"Who is {leader.name}'s supervisor?")


@rule("G013", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payer_takes_supervised_work(case: Case) -> Iterator[Lack]:
    """Where who led is supervised, the payer is known to pay for that, and the line is made out as it wants.

    NPIs are never exchanged to make a line go through.
    Source: billing reference 3.2
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
