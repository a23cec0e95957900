"""What a claim line itself must say."""

from collections.abc import Iterator
from decimal import Decimal

from billing.findings import Asks, Case, Choice, Lack, Severity, Stops, rule
from billing.records import About, LineDraft
from billing.rules.looking import name_of, policy_of

MOST_DIAGNOSES, MOST_POINTERS = 12, 4
"""What an 837P claim and its lines have room for (HI, SV107)."""
MOST_MONEY = Decimal(10) ** 8
"""More is no fee, and no room on a form."""
MENTAL = "F"
"""The chapter of mental disorders."""
CODE_FIRST = ("F01", "F02", "F04", "F05", "F06", "F07", "F54")
"""The code set has an underlying condition stand before these."""


@rule("G022", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def every_billed_client_has_a_diagnosis(case: Case) -> Iterator[Lack]:
    """Each line has a diagnosis from the client's treatment plan.

    Source: 837P 005010X222A1, HI with ABK and ABF
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
    Source: ICD-10-CM, April 2026 release (CDC and CMS)
    """
    for line in case.lines:
        for code in line.diagnoses:
            if wrong := _wrong_with(case, line, code):
                yield _asked(case, line, code, wrong)


def _wrong_with(case: Case, line: LineDraft, code: str) -> str:
    """What is wrong with a code, to follow it in a sentence; empty if nothing is."""
    status = case.background.codes.get(code)
    outdated = status is not None and status.release_ends is not None and line.served_on > status.release_ends
    if status is None or not status.known:
        return "" if outdated else "is not an ICD-10-CM code"
    return "" if status.billable else "is not billable on its own"


@rule("G022", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.NOBODY)
def every_code_set_is_of_the_day(case: Case) -> Iterator[Lack]:
    """The code set that diagnoses are checked against is the one in force on the date of service.

    It changes each 1 October. An older one still tells most mistakes, so this is a warning to load the new one.
    Source: ICD-10-CM, official guidelines: codes in effect on the date of service
    """
    ended = {s.release_ends for s in case.background.codes.values() if s.release_ends}
    if case.lines and ended and case.lines[0].served_on > max(ended):
        yield Lack(
            about=About(slot="diagnosis"),
            says=f"Diagnoses were checked against a code set that ended on {max(ended)}",
        )


def _asked(case: Case, line: LineDraft, code: str, wrong: str) -> Lack:
    """Asked with the likely codes below a header."""
    status, name = case.background.codes.get(code), name_of(case, line.client)
    return Lack(
        about=About(slot="diagnosis", subject=line.client),
        says=f"{name}'s diagnosis {code} {wrong}",
        question=f"{code} {wrong}. Which code does {name}'s treatment plan mean?",
        choices=tuple(Choice(label=leaf, value=leaf) for leaf in (status.likely if status else ())),
    )


@rule("G023", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_first_diagnosis_is_a_mental_one(case: Case) -> Iterator[Lack]:
    """The first diagnosis of a line is of chapter F, or one that the payer takes, and may stand first.

    Source: TRICARE Policy Manual, chapter 7, section 3.11; ICD-10-CM, April 2026 release, "code first" notes
    """
    for line in case.lines:
        first = line.diagnoses[0] if line.diagnoses else MENTAL
        taken = (MENTAL, *policy_of(case, line.payer).primary_diagnoses)
        if first.startswith(taken) and not first.startswith(CODE_FIRST):
            continue
        name = name_of(case, line.client)
        wrong = "needs the underlying condition before it" if first.startswith(MENTAL) else "is no mental disorder"
        yield Lack(
            about=About(slot="diagnosis", subject=line.client),
            says=f"{name}'s first diagnosis {first} {wrong}",
            question=f"Which mental-health diagnosis did this group treat for {name}?",
        )


@rule("G025", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def every_pointer_points_at_a_diagnosis(case: Case) -> Iterator[Lack]:
    """Each line has one to four pointers, each to a diagnosis of the claim, and no diagnosis stands there twice.

    Source: 837P 005010X222A1, SV107; Stedi, claim edit of 2026-01-08
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

    Source: 837P 005010X222A1, SV102; Stedi, claim edit on charges of zero
    """
    for line in case.lines:
        if line.charge is None or not _is_price(line.charge):
            yield Lack(
                about=About(slot="charge", subject=line.client),
                says=f"There is no fee to charge for {name_of(case, line.client)}'s {line.code}",
                question=f"What is the practice's fee for {line.code}? It holds {{names}}.",
                together=True,
            )


def _is_price(amount: Decimal) -> bool:
    return amount.is_finite() and 0 < amount < MOST_MONEY and amount == round(amount, 2)


@rule("G027", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.NOBODY)
def every_line_is_one_unit(case: Case) -> Iterator[Lack]:
    """A group session is one unit for each client, however long it lasted.

    Source: Medicaid NCCI practitioner MUE, Q1 2026 (90853: 1 a day)
    """
    for line in case.lines:
        if line.units != 1:
            says = f"{name_of(case, line.client)}'s line has {line.units} units instead of 1"
            yield Lack(about=About(slot="units", subject=line.client), says=says)
