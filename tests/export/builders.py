"""A claim in which nothing is lacking, and a batch of it; a test says only what is different. Nobody here exists."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from billing.export.claim import (
    Batch,
    BillingProvider,
    Claim,
    Cover,
    Facility,
    Mailbox,
    Person,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
)
from billing.records import Address

EVENING = date(2026, 9, 15)
MADE_AT = datetime(2026, 9, 16, 8, 30)  # noqa: DTZ001 - the practice's own time, as the file has it

RIVERBEND = BillingProvider(
    name="Riverbend Counseling",
    npi="1990000006",
    tax_id="990000000",
    tax_kind="EI",
    address=Address(street="12 Ferry Lane", city="Millbrook", state="NY", zip="125450000"),
    taxonomy="261QM0801X",
)
DANA = Provider(last="Whitfield", first="Dana", npi="1000000012", taxonomy="1041C0700X")
SAM = Provider(last="Ellery", first="Sam", npi="1000000020")
MARIA = Person(
    last="Gonzalez",
    first="Maria",
    middle="Luz",
    born_on=date(1988, 3, 14),
    sex="F",
    address=Address(street="4 Mill Street", city="Millbrook", state="NY", zip="12545"),
)
ROSA = Person(last="Gonzalez", first="Rosa")
NORTHSTAR = Cover(
    payer_name="Northstar Health",
    payer_id="NSTAR",
    member_id="NS4410927",
    filing="CI",
    assigned=True,
    released=True,
    group_number="G-77",
)
SUBMITTER = Submitter(name="Riverbend Counseling", id="RB0001", contact="Noor Haddad", phone="8455550100")
RECEIVER = Receiver(name="Harborgate Exchange", id="HGX01")


def a_line(control: str = "L1", **changes) -> ServiceLine:
    line = ServiceLine(
        control=control,
        code="90853",
        modifiers=("HQ",),
        pointers=(1, 2),
        units=1,
        served_on=EVENING,
        charge=Decimal("65.00"),
    )
    return replace(line, **changes)


def a_claim(control: str = "C1", **changes) -> Claim:
    claim = Claim(
        control=control,
        billing=RIVERBEND,
        cover=NORTHSTAR,
        client=MARIA,
        place="11",
        diagnoses=("F43.10", "F33.1"),
        lines=(a_line(f"{control}-L1"),),
        rendering=DANA,
    )
    return replace(claim, **changes)


def a_batch(*claims: Claim, **changes) -> Batch:
    batch = Batch(
        interchange=42,
        group=17,
        made_at=MADE_AT,
        for_real=False,
        sender=Mailbox(qualifier="ZZ", id="RB0001", group_id="RB0001"),
        recipient=Mailbox(qualifier="ZZ", id="HGX01", group_id="HGX01"),
        submitter=SUBMITTER,
        receiver=RECEIVER,
        claims=claims or (a_claim(),),
    )
    return replace(batch, **changes)


def with_cover(**changes) -> Claim:
    return a_claim(cover=replace(NORTHSTAR, **changes))


def with_client(**changes) -> Claim:
    return a_claim(client=replace(MARIA, **changes))


def with_line(**changes) -> Claim:
    return a_claim(lines=(a_line(**changes),))


def with_practice(**changes) -> Claim:
    return a_claim(billing=replace(RIVERBEND, **changes))


def at(**changes) -> Address:
    """The practice's address, changed."""
    assert RIVERBEND.address
    return replace(RIVERBEND.address, **changes)


# ---- claims of every kind that can be sent ---------------------------------------------------------------------

ALONE = replace(
    RIVERBEND, name="Whitfield", first="Dana", npi="1000000012", tax_id="910000001", tax_kind="SY", taxonomy=None
)
SENT = {
    "an-ordinary-one": a_claim(),
    "supervised": a_claim(
        rendering=SAM, supervising=DANA, lines=(a_line("C1-L1", modifiers=("HQ", "HN"), pointers=(1,)),)
    ),
    "at-home-by-video": a_claim(place="10", lines=(a_line("C1-L1", modifiers=("95",)),)),
    "two-services-at-two-places": a_claim(
        lines=(a_line("C1-L1"), a_line("C1-L2", code="90834", modifiers=("59", "95"), place="10", pointers=(1,)))
    ),
    "a-daughter-on-her-mothers-policy": a_claim(
        cover=replace(NORTHSTAR, relation="19", holder=ROSA, authorisation="A-5512"), client_paid=Decimal("20.50")
    ),
    "at-a-school": a_claim(
        place="03",
        facility=Facility(
            name="Millbrook High School",
            address=Address(street="1 School Road", city="Millbrook", state="NY", zip="12545-0001"),
            npi="1679576722",
        ),
    ),
    "a-replacement": a_claim(frequency="7", payer_claim_number="26258ABC01"),
    "a-void": a_claim(frequency="8", payer_claim_number="26258ABC01"),
    "a-clinician-who-bills-alone": a_claim(billing=ALONE),
}
