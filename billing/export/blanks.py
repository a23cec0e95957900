"""What keeps a claim from being sent: every field that is missing, or that no payer could read.

The rules of the core look at the note and the line; what is looked at here is only what a claim adds to them. Who
asks turns each `Blank` into a finding.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from billing.export import elements as el
from billing.export.claim import (
    ORIGINAL,
    PRIMARY,
    SELF,
    BillingProvider,
    Claim,
    Cover,
    Facility,
    Person,
    Provider,
    ServiceLine,
)
from billing.export.elements import Shape, Unfit, clean
from billing.record import record
from billing.records import Address

MOST_LINES, MOST_DIAGNOSES, MOST_POINTERS, MOST_MODIFIERS = 50, 12, 4, 4
ONE_UNIT = frozenset({"90853"})
"""A session of these is one unit, however long it lasted."""


@record
class Blank:
    """One field that keeps a claim back. `field` is its path within the claim ("client.born_on", "lines.1.charge")
    or of a batch ("sender.id"); `says` is one sentence, without a full stop, that names it.
    """

    field: str
    says: str


def blanks(claim: Claim, today: date) -> tuple[Blank, ...]:
    """All that keeps this claim back; empty when it can go out. `today` is the practice's."""
    return (
        *_billing(claim.billing),
        *_provider("rendering", "rendering clinician", claim.rendering),
        *_provider("supervising", "supervising clinician", claim.supervising),
        *_facility(claim.facility),
        *_client(claim),
        *_cover(claim.cover, name_of(claim.client)),
        *_numbers(claim),
        *_diagnoses(claim),
        *_lines(claim, today),
    )


def name_of(person: Person) -> str:
    """A person as the sentences call them."""
    return " ".join(part for part in (person.first, person.last) if part) or "the client"


# ---- one field -------------------------------------------------------------------------------------------------


def need(field: str, label: str, value: str | None, shape: Shape) -> Iterator[Blank]:
    if value is None or not value.strip():
        yield Blank(field=field, says=f"{label} is missing")
    else:
        yield from may(field, label, value, shape)


def may(field: str, label: str, value: str | None, shape: Shape) -> Iterator[Blank]:
    if value is None:
        return
    try:
        clean(value, shape)
    except Unfit as wrong:
        yield Blank(field=field, says=f"{label} {wrong}")


def _address(field: str, whose: str, address: Address | None, street: Shape, zip: Shape) -> Iterator[Blank]:
    if address is None:
        yield Blank(field=field, says=f"{whose} address is missing")
        return
    yield from need(f"{field}.street", f"{whose} street", address.street, street)
    yield from need(f"{field}.city", f"{whose} city", address.city, el.CITY)
    yield from need(f"{field}.state", f"{whose} state", address.state, el.STATE)
    yield from need(f"{field}.zip", f"{whose} ZIP code", address.zip, zip)


# ---- who is paid, who served -----------------------------------------------------------------------------------


def _billing(billing: BillingProvider) -> Iterator[Blank]:
    yield from need("billing.name", "The practice's name", billing.name, el.NAME)
    yield from may("billing.first", "The billing clinician's first name", billing.first, el.FIRST)
    yield from need("billing.npi", "The practice's NPI", billing.npi, el.NPI)
    yield from need("billing.tax_id", "The practice's tax number", billing.tax_id, el.TAX_ID)
    yield from need("billing.tax_kind", "The kind of the practice's tax number", billing.tax_kind, el.TAX_KIND)
    yield from may("billing.taxonomy", "The practice's taxonomy", billing.taxonomy, el.TAXONOMY)
    yield from _address("billing.address", "The practice's", billing.address, el.PREMISES, el.FULL_ZIP)


def _provider(field: str, title: str, provider: Provider | None) -> Iterator[Blank]:
    if provider is None:
        return
    yield from need(f"{field}.last", f"The {title}'s last name", provider.last, el.NAME)
    yield from need(f"{field}.first", f"The {title}'s first name", provider.first, el.FIRST)
    yield from need(f"{field}.npi", f"The {title}'s NPI", provider.npi, el.NPI)
    yield from may(f"{field}.taxonomy", f"The {title}'s taxonomy", provider.taxonomy, el.TAXONOMY)


def _facility(facility: Facility | None) -> Iterator[Blank]:
    if facility is None:
        return
    yield from need("facility.name", "The name of where the group met", facility.name, el.NAME)
    yield from may("facility.npi", "The NPI of where the group met", facility.npi, el.NPI)
    yield from _address("facility.address", "The meeting place's", facility.address, el.PREMISES, el.FULL_ZIP)


# ---- the client, and who pays ----------------------------------------------------------------------------------


def _client(claim: Claim) -> Iterator[Blank]:
    whose = f"{name_of(claim.client)}'s"
    yield from _names("client", whose, claim.client)
    yield from _address("client.address", whose, claim.client.address, el.STREET, el.ZIP)
    yield from need("client.sex", f"{whose} sex as on the insurance card", claim.client.sex, el.SEX)
    born = claim.client.born_on
    if born is None:
        yield Blank(field="client.born_on", says=f"{whose} date of birth is missing")
    elif any(line.served_on and line.served_on < born for line in claim.lines):
        yield Blank(field="client.born_on", says=f"{whose} date of birth is after the service")


def _names(field: str, whose: str, person: Person) -> Iterator[Blank]:
    yield from need(f"{field}.last", f"{whose} last name", person.last, el.NAME)
    yield from need(f"{field}.first", f"{whose} first name", person.first, el.FIRST)
    yield from may(f"{field}.middle", f"{whose} middle name", person.middle, el.MIDDLE)
    yield from may(f"{field}.suffix", f"{whose} name suffix", person.suffix, el.SUFFIX)


def _cover(cover: Cover, client: str) -> Iterator[Blank]:
    yield from need("cover.payer_name", f"The name of {client}'s payer", cover.payer_name, el.NAME)
    yield from need("cover.payer_id", f"The electronic payer ID of {cover.payer_name}", cover.payer_id, el.ENTITY_ID)
    yield from need("cover.member_id", f"{client}'s member ID", cover.member_id, el.MEMBER_ID)
    yield from need("cover.filing", f"The kind of {client}'s plan", cover.filing, el.FILING)
    yield from may("cover.group_number", f"{client}'s group number", cover.group_number, el.GROUP_NUMBER)
    yield from may("cover.authorisation", f"{client}'s authorization number", cover.authorisation, el.REFERENCE)
    if cover.rank != PRIMARY:
        says = f"{cover.payer_name} does not pay first for {client}: a claim to a second payer is not written here"
        yield Blank(field="cover.rank", says=says)
    if not cover.released:
        yield Blank(field="cover.released", says=f"{client} has not agreed that {cover.payer_name} is told")
    yield from _holder(cover, client)


def _holder(cover: Cover, client: str) -> Iterator[Blank]:
    """Whose policy it is, and what the client is to them, say the same."""
    yield from need("cover.relation", f"{client}'s relationship to the policy's holder", cover.relation, el.RELATION)
    if cover.relation == SELF and cover.holder:
        says = f"{client} cannot be the holder of the policy, by the relationship, and somebody else as well"
        yield Blank(field="cover.relation", says=says)
    elif cover.relation not in ("", SELF) and cover.holder is None:
        yield Blank(field="cover.holder", says=f"The holder of {client}'s policy is missing")
    elif cover.holder:
        yield from _names("cover.holder", f"The {client} policy holder's", cover.holder)


# ---- numbers, diagnoses ----------------------------------------------------------------------------------------


def _numbers(claim: Claim) -> Iterator[Blank]:
    client, earlier = name_of(claim.client), claim.payer_claim_number
    yield from need("control", f"Our number for {client}'s claim", claim.control, el.CONTROL)
    yield from need("frequency", f"The frequency of {client}'s claim", claim.frequency, el.FREQUENCY)
    yield from need("place", f"The place of service of {client}'s claim", claim.place, el.PLACE)
    if claim.frequency == ORIGINAL and earlier:
        says = f"{client}'s claim is an original, and yet has the payer's number of an earlier one"
        yield Blank(field="payer_claim_number", says=says)
    elif claim.frequency != ORIGINAL:
        label = f"The payer's number of the earlier claim of {client}"
        yield from need("payer_claim_number", label, earlier, el.REFERENCE)
    if not _is_money(claim.client_paid) or claim.client_paid < 0:
        yield Blank(field="client_paid", says=f"What {client} paid is not an amount in whole cents")


def _is_money(amount: Decimal) -> bool:
    return amount.is_finite() and amount == round(amount, 2) and abs(amount) < Decimal(10) ** 8


def _diagnoses(claim: Claim) -> Iterator[Blank]:
    client, count = name_of(claim.client), len(claim.diagnoses)
    if not 1 <= count <= MOST_DIAGNOSES:
        yield Blank(field="diagnoses", says=f"{client}'s claim has {count} diagnoses, not 1 to {MOST_DIAGNOSES}")
    if len({code.replace(".", "") for code in claim.diagnoses}) != count:
        yield Blank(field="diagnoses", says=f"{client}'s claim has the same diagnosis twice")
    for code in claim.diagnoses:
        yield from need("diagnoses", f"{client}'s diagnosis {code}", code, el.DIAGNOSIS)


# ---- lines -----------------------------------------------------------------------------------------------------


def _lines(claim: Claim, today: date) -> Iterator[Blank]:
    client, count = name_of(claim.client), len(claim.lines)
    if not 1 <= count <= MOST_LINES:
        yield Blank(field="lines", says=f"{client}'s claim has {count} lines, not 1 to {MOST_LINES}")
    for number, line in enumerate(claim.lines, start=1):
        field, label = f"lines.{number}", f"of line {number} of {client}'s claim"
        yield from _codes(field, label, line)
        yield from _pointers(field, label, line, len(claim.diagnoses))
        yield from _amounts(field, label, line)
        yield from _day(field, label, line, today)
    yield from _twice(claim, client)


def _codes(field: str, label: str, line: ServiceLine) -> Iterator[Blank]:
    yield from need(f"{field}.control", f"Our number {label}", line.control, el.LINE_CONTROL)
    yield from need(f"{field}.code", f"The service code {label}", line.code, el.PROCEDURE)
    yield from may(f"{field}.place", f"The place of service {label}", line.place, el.PLACE)
    for modifier in line.modifiers:
        yield from need(f"{field}.modifiers", f"The modifier {modifier} {label}", modifier, el.MODIFIER)
    if len(line.modifiers) > MOST_MODIFIERS or len(set(line.modifiers)) < len(line.modifiers):
        says = f"The modifiers {label} are more than {MOST_MODIFIERS}, or one stands there twice"
        yield Blank(field=f"{field}.modifiers", says=says)


def _pointers(field: str, label: str, line: ServiceLine, diagnoses: int) -> Iterator[Blank]:
    if not diagnoses:
        return
    there = all(1 <= pointer <= diagnoses for pointer in line.pointers)
    once = len(set(line.pointers)) == len(line.pointers)
    if not (there and once and 1 <= len(line.pointers) <= MOST_POINTERS):
        says = f"The diagnosis pointers {label} are not 1 to {MOST_POINTERS} of its diagnoses, each once"
        yield Blank(field=f"{field}.pointers", says=says)


def _amounts(field: str, label: str, line: ServiceLine) -> Iterator[Blank]:
    if line.charge is None:
        yield Blank(field=f"{field}.charge", says=f"The charge {label} is missing")
    elif not _is_money(line.charge) or line.charge <= 0:
        yield Blank(field=f"{field}.charge", says=f"The charge {label} is not an amount in whole cents above zero")
    if line.units is None:
        yield Blank(field=f"{field}.units", says=f"The units {label} are missing")
    elif not 1 <= line.units <= (1 if line.code in ONE_UNIT else 999):
        yield Blank(field=f"{field}.units", says=f"The units {label} are {line.units}; a session is one")


def _day(field: str, label: str, line: ServiceLine, today: date) -> Iterator[Blank]:
    if line.served_on is None:
        yield Blank(field=f"{field}.served_on", says=f"The date of service {label} is missing")
    elif line.served_on > today:
        yield Blank(field=f"{field}.served_on", says=f"The date of service {label} is in the future")


def _twice(claim: Claim, client: str) -> Iterator[Blank]:
    """A payer takes the same service on the same day for a duplicate, unless a modifier tells them apart."""
    services = Counter((line.code, line.served_on, frozenset(line.modifiers)) for line in claim.lines)
    for (code, day, _), count in services.items():
        if count > 1:
            yield Blank(field="lines", says=f"{client}'s claim has {code} on {day} {count} times, with nothing apart")
    controls = [line.control for line in claim.lines]
    if len(set(controls)) < len(controls):
        yield Blank(field="lines", says=f"Two lines of {client}'s claim have the same number")
