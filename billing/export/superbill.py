"""A superbill: what a client was charged for, to be handed in to whoever may pay it back. One for each client."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from billing.export.blanks import name_of
from billing.export.claim import BillingProvider, Claim, Person, Provider
from billing.export.codes import MODIFIERS, PLACES, PROCEDURES
from billing.export.paper import Line, pdf, wrapped
from billing.record import record

WIDTH = 11
"""Of a column of money."""


@record
class Service:
    """One service that a client was charged for. `diagnoses` are codes with their dots."""

    served_on: date
    code: str
    modifiers: tuple[str, ...]
    place: str
    units: int
    diagnoses: tuple[str, ...]
    charge: Decimal
    paid: Decimal
    clinician: Provider | None


@record
class Superbill:
    """All services of one client. It needs no coverage. `credential` is what follows each clinician's name."""

    practice: BillingProvider
    client: Person
    services: tuple[Service, ...]
    made_on: date
    credentials: tuple[tuple[str, str], ...] = ()
    """Pairs of NPI and credential."""


def services_of(claim: Claim) -> tuple[Service, ...]:
    """The services of a claim without blanks. What the client paid stands beside the first."""
    return tuple(
        Service(
            served_on=line.served_on,
            code=line.code,
            modifiers=line.modifiers,
            place=line.place or claim.place or "",
            units=line.units or 0,
            diagnoses=tuple(claim.diagnoses[p - 1] for p in line.pointers),
            charge=line.charge or Decimal(0),
            paid=claim.client_paid if number == 0 else Decimal(0),
            clinician=claim.rendering,
        )
        for number, line in enumerate(claim.lines)
        if line.served_on
    )


def superbill_pdf(bill: Superbill) -> bytes:
    """The superbill on paper, with a line to sign."""
    name = name_of(bill.client)
    return pdf(tuple(_lines(bill)), title=f"Superbill {name}", foot=f"{bill.practice.name} · {name}")


def _lines(bill: Superbill) -> Iterator[Line]:
    yield Line(text="SUPERBILL", bold=True)
    yield Line(text="This is not a claim: it is for the client to hand in.")
    yield Line()
    yield from _practice(bill.practice)
    yield Line()
    yield from _client(bill)
    yield Line()
    for service in sorted(bill.services, key=lambda s: s.served_on):
        yield from _service(service, dict(bill.credentials))
    yield from _sums(bill.services)
    yield Line()
    yield Line(text="Signature: ______________________________   Date: ______________")


def _practice(practice: BillingProvider) -> Iterator[Line]:
    name = " ".join(part for part in (practice.first, practice.name) if part)
    yield from wrapped(name)
    if practice.address:
        a = practice.address
        yield from wrapped(f"{a.street}, {a.city}, {a.state} {a.zip}")
    yield Line(text=f"NPI {practice.npi or 'not on file'}   Tax number {practice.tax_id or 'not on file'}")


def _client(bill: Superbill) -> Iterator[Line]:
    client = bill.client
    yield from wrapped(f"Client: {name_of(client)}")
    if client.born_on:
        yield Line(text=f"Born: {client.born_on}")
    if client.address:
        a = client.address
        yield from wrapped(f"Address: {a.street}, {a.city}, {a.state} {a.zip}")
    yield Line(text=f"Made on: {bill.made_on}")


def _service(service: Service, credentials: dict[str, str]) -> Iterator[Line]:
    what = f"{service.code} {PROCEDURES.get(service.code, '')}".strip()
    money = f"{service.charge:>{WIDTH}.2f}{service.paid:>{WIDTH}.2f}"
    yield Line(text=f"{service.served_on}  {what:<42}{service.units:>3}{money}", bold=True, keeps=4)
    if service.modifiers:
        modifiers = ", ".join(f"{m} {MODIFIERS.get(m, '')}".strip() for m in service.modifiers)
        yield from wrapped(f"            Modifiers: {modifiers}", indent=" " * 14)
    place = f"{service.place} {PLACES.get(service.place, '')}".strip()
    yield from wrapped(f"            Place: {place}", indent=" " * 14)
    yield from wrapped(f"            Diagnoses: {', '.join(service.diagnoses)}", indent=" " * 14)
    if service.clinician:
        yield from wrapped(f"            By: {_clinician(service.clinician, credentials)}", indent=" " * 14)


def _clinician(clinician: Provider, credentials: dict[str, str]) -> str:
    name = " ".join(part for part in (clinician.first, clinician.last) if part)
    credential = credentials.get(clinician.npi or "", "")
    return f"{name}{f', {credential}' if credential else ''}, NPI {clinician.npi or 'not on file'}"


def _sums(services: Sequence[Service]) -> Iterator[Line]:
    charged = sum((s.charge for s in services), Decimal(0))
    paid = sum((s.paid for s in services), Decimal(0))
    yield Line(keeps=3)
    for label, amount in (("Charged", charged), ("Paid", paid), ("Balance", charged - paid)):
        yield Line(text=f"{label:>57}{amount:>{WIDTH}.2f}", bold=True)
