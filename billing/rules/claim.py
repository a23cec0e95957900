"""What a claim needs besides its lines: numbers, addresses, and that the client has agreed."""

import re
from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.office import ConsentKind, ControlNumbers, Register
from billing.records import About, Client, LineDraft
from billing.rules.looking import kept, name_of, payer_name, payers_of, valid

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
LONGEST_CLAIM_NUMBER, LONGEST_LINE_NUMBER = 20, 30
"""What comes back whole from every payer, though the 837P has room for more."""
A_BOX = r"\b(p\.?\s*o\.?\s*box|post office box|lock\s*box)\b"


@rule("G016", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def each_billed_client_can_be_told_apart(case: Case) -> Iterator[Lack]:
    """Each line's client has a date of birth not after the service, a sex as on the card, and an address.

    Source: 837P 005010X222A1, loops 2010BA and 2010CA, DMG and N3
    """
    for line in case.lines:
        client = case.background.roster.client(line.client)
        lacking = "; ".join(_lacking(client))
        born = client.born_on
        if born and born > line.served_on:
            lacking = f"a date of birth before the service, not {born}"
        if lacking:
            yield Lack(
                about=About(slot="demographics", subject=line.client),
                says=f"{client.name} lacks {lacking}",
                question=f"{client.name} lacks {lacking}. What is on file?",
            )


def _lacking(client: Client) -> Iterator[str]:
    if client.born_on is None:
        yield "a date of birth"
    if client.sex not in ("F", "M", "U"):
        yield "a sex as on the insurance card (F, M or U)"
    address = client.address
    if address is None or not (address.street and address.city and address.state and address.zip):
        yield "an address"


@rule("G028", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def a_correction_names_the_claim_that_it_corrects(case: Case) -> Iterator[Lack]:
    """A line that goes out again replaces or voids a claim whose number at the payer is known.

    Source: 837P 005010X222A1, CLM05-3 and REF with F8
    """
    corrections = {c.client: c for c in case.background.office.corrections}
    for line in case.lines:
        correction = corrections.get(line.client)
        if correction is None or correction.frequency == ORIGINAL:
            continue
        name = name_of(case, line.client)
        if correction.frequency not in (REPLACEMENT, VOID):
            says = f"{name}'s line goes out as {correction.frequency!r}, which is no kind of correction"
        elif not correction.payer_claim_number:
            says = f"{name}'s line corrects a claim whose number at {payer_name(case, line.payer)} is not known"
        else:
            continue
        question = f"Which payer claim number does {name}'s line correct?"
        yield Lack(about=About(slot="frequency", subject=line.client), says=says, question=question)


@rule("G029", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def our_numbers_say_nothing_of_the_client(case: Case) -> Iterator[Lack]:
    """Our numbers of a claim and its line fit, are used once, and tell nothing of the client.

    Source: Stedi, claim edits of 2025-12-23 and 2026-01-22; 837P 005010X222A1, CLM01 and REF with 6R
    """
    all_numbers = case.background.office.numbers
    for line in case.lines:
        for own in (n for n in all_numbers if n.client == line.client):
            others = [n for n in all_numbers if n is not own]
            if wrong := _wrong_with(case, own, others):
                says = f"{name_of(case, line.client)}'s control number {wrong}"
                yield Lack(about=About(slot="control_number", subject=line.client), says=says)


def _wrong_with(case: Case, own: ControlNumbers, others: list[ControlNumbers]) -> str:
    """What is wrong with the numbers, to follow them in a sentence; empty if nothing is."""
    if not (_fits(own.claim, LONGEST_CLAIM_NUMBER) and _fits(own.line, LONGEST_LINE_NUMBER)):
        return "has the wrong length, or more than letters, digits and dashes"
    if any(own.claim == other.claim or own.line == other.line for other in others):
        return "is used twice"
    client = case.background.roster.client(own.client)
    telling = (client.first, client.last, f"{client.born_on:%Y%m%d}" if client.born_on else "")
    text = f"{own.claim} {own.line}".casefold()
    return "tells who the client is" if any(t and t.casefold() in text for t in telling) else ""


def _fits(number: str, longest: int) -> bool:
    return re.fullmatch(rf"[A-Za-z0-9-]{{1,{longest}}}", number) is not None


@rule("G030", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_practice_has_a_street_address(case: Case) -> Iterator[Lack]:
    """The practice is billed for from a street address, not a box.

    Source: Stedi, claim edit on the billing provider's address; 837P 005010X222A1, loop 2010AA
    """
    address = case.background.roster.practice.address
    if not case.lines or (address and address.street and not re.search(A_BOX, address.street, re.IGNORECASE)):
        return
    says = "The practice's address is a box" if address and address.street else "There is no address of the practice"
    yield Lack(about=About(slot="billing_address"), says=says, question=f"{says}. What is its street address?")


@rule("G030", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.BILLER)
def the_practices_zip_code_is_whole(case: Case) -> Iterator[Lack]:
    """The practice's ZIP code has nine digits.

    Source: recalled of the 837P 005010X222A1, loop 2010AA, N403; not looked up
    """
    address = case.background.roster.practice.address
    if case.lines and address and not re.fullmatch(r"\d{5}-?\d{4}", address.zip):
        says = f"The practice's ZIP code {address.zip} does not have nine digits"
        yield Lack(about=About(slot="billing_zip"), says=says, question=f"{says}. What are the last four?")


@rule("G031", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_practice_has_a_tax_number(case: Case) -> Iterator[Lack]:
    """The practice's tax number is there and has nine digits.

    Source: 837P 005010X222A1, loop 2010AA, REF with EI or SY
    """
    tax_id = case.background.roster.practice.tax_id
    if case.lines and not re.fullmatch(r"\d{9}|\d\d-\d{7}", tax_id or ""):
        says = "The practice's tax number is not one of nine digits" if tax_id else "The practice has no tax number"
        yield Lack(about=About(slot="tax_id"), says=says, question="What is the practice's tax number?")


@rule("G031", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def each_payer_can_be_reached(case: Case) -> Iterator[Lack]:
    """Each payer has the number by which the clearinghouse knows it.

    Source: 837P 005010X222A1, loop 2010BB, NM109
    """
    for payer in payers_of(case):
        known = case.background.payers.get(payer)
        if known is None or not known.electronic_id:
            name = payer_name(case, payer)
            says = f"The clearinghouse's number for {name} is not known"
            yield Lack(about=About(slot="payer_id", subject=payer), says=says, question=f"What is {name}'s payer ID?")


# ---- what the client has agreed to -----------------------------------------------------------------------------


@rule("G032", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def each_client_has_signed_release_and_assignment(case: Case) -> Iterator[Lack]:
    """Where the office keeps consents, each line's client agreed that the payer is told, and may pay the practice.

    Source: 837P 005010X222A1, CLM08 and CLM09
    """
    if not kept(case, Register.CONSENTS):
        return
    for line in case.lines:
        missing = [kind for kind in (ConsentKind.RELEASE, ConsentKind.ASSIGNMENT) if not _agreed(case, line, kind)]
        if missing:
            name = name_of(case, line.client)
            says = f"{name} has signed no {' and no '.join(missing)}"
            question = f"Is a signed {' and '.join(missing)} on file for {name}?"
            yield Lack(about=About(slot="consent", subject=line.client), says=says, question=question)


@rule("G057", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def a_substance_use_program_has_its_consent(case: Case) -> Iterator[Lack]:
    """Before a claim of a substance use program goes out, the client has agreed in the way that 42 CFR Part 2 wants.

    Source: 42 CFR Part 2, final rule of 2024-02-16, as summarised by ACC
    """
    programs = [g for g in case.background.office.substance_use_groups if g.group == case.draft.group]
    for line in case.lines:
        if valid(programs, line.served_on) and not _agreed(case, line, ConsentKind.PART_2):
            name = name_of(case, line.client)
            says = f"No {ConsentKind.PART_2} is on file for {name}"
            yield Lack(about=About(slot="part_2", subject=line.client), says=says, question=f"{says}. Is there one?")


def _agreed(case: Case, line: LineDraft, kind: ConsentKind) -> bool:
    """Whether the client's signature was in force on the date of service."""
    signed = (c for c in case.background.office.consents if (c.client, c.kind) == (line.client, kind))
    return bool(valid(signed, line.served_on))
