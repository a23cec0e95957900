"""What a claim line itself must say."""

from collections.abc import Iterator

from billing.findings import Asks, Case, Choice, Lack, Severity, Stops, rule
from billing.records import About, LineDraft
from billing.rules.looking import name_of

MOST_DIAGNOSES, MOST_POINTERS = 12, 4
"""What an 837P claim and its lines have room for (HI, SV107)."""


@rule("G022", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_billed_client_has_a_diagnosis(case: Case) -> Iterator[Lack]:
    """Each line has a diagnosis from the client's treatment plan.

    Source: billing reference 7.1, item 21
    """
    for line in case.lines:
        if not line.diagnoses:
            name = name_of(case, line.client)
            yield Lack(
                about=About(slot="diagnosis", subject=line.client),
                says=f"No diagnosis is on file for {name}",
                question=f"Which diagnosis does {name}'s treatment plan have?",
            )


@rule("G022", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_diagnosis_is_specific_and_in_force(case: Case) -> Iterator[Lack]:
    """Each diagnosis on a line is a billable leaf of ICD-10-CM on the date of service.

    It is the office's question: diagnoses come from the treatment plan, and no answer in a conversation changes that.
    Source: billing reference 7.2
    """
    for line in case.lines:
        for code in line.diagnoses:
            if wrong := _wrong_with(case, line, code):
                yield _asked(case, line, code, wrong)


def _wrong_with(case: Case, line: LineDraft, code: str) -> str:
    """What is wrong with a code, to follow it in a sentence; empty if nothing is."""
    status = case.background.codes.get(code)
    if status is None or not status.known:
        return "is not an ICD-10-CM code"
    if not status.billable:
        return "is not billable on its own"
    if status.release_ends and line.served_on > status.release_ends:
        return f"was checked against a code set that ended on {status.release_ends}"
    return ""


def _asked(case: Case, line: LineDraft, code: str, wrong: str) -> Lack:
    """Asked with the likely codes below a header."""
    status, name = case.background.codes.get(code), name_of(case, line.client)
    return Lack(
        about=About(slot="diagnosis", subject=line.client),
        says=f"{name}'s diagnosis {code} {wrong}",
        question=f"{code} {wrong}. Which code does {name}'s treatment plan mean?",
        choices=tuple(Choice(label=leaf, value=leaf) for leaf in (status.likely if status else ())),
    )


@rule("G025", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def every_pointer_points_at_a_diagnosis(case: Case) -> Iterator[Lack]:
    """Each line has one to four pointers, each to a diagnosis of the claim, and no diagnosis stands there twice.

    Source: billing reference 7.1, item 24E
    """
    for line in case.lines:
        count = len(line.diagnoses)
        if count and not (
            1 <= len(line.pointers) <= MOST_POINTERS
            and all(1 <= pointer <= count for pointer in line.pointers)
            and len(set(line.diagnoses)) == count <= MOST_DIAGNOSES
        ):
            says = f"{name_of(case, line.client)}'s line points at diagnoses that are not there, or there twice"
            yield Lack(about=About(slot="pointers", subject=line.client), says=says)


@rule("G026", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_line_has_a_charge(case: Case) -> Iterator[Lack]:
    """Each line charges the practice's fee, more than nothing, in whole cents.

    Source: billing reference 7.1, item 24F
    """
    for line in case.lines:
        if line.charge is None or line.charge <= 0 or line.charge != round(line.charge, 2):
            yield Lack(
                about=About(slot="charge", subject=line.client),
                says=f"There is no fee to charge for {name_of(case, line.client)}'s {line.code}",
                question=f"What is the practice's fee for {line.code}? It holds {{names}}.",
                together=True,
            )


@rule("G027", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def every_line_is_one_unit(case: Case) -> Iterator[Lack]:
    """A group session is one unit for each client, however long it lasted.

    Source: billing reference 1.4 (Medicaid NCCI MUE, Q1 2026)
    """
    for line in case.lines:
        if line.units != 1:
            says = f"{name_of(case, line.client)}'s line has {line.units} units instead of 1"
            yield Lack(about=About(slot="units", subject=line.client), says=says)
