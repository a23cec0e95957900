"""Claims as an 837P file (005010X222A1): which segment says what, and in which order. pyx12 keeps the envelopes.

The functions stand in the order in which their segments do. Every value passes `clean`; what is not a value of the
claim is a constant of the guide.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import count, groupby

from pyx12.segment import Segment
from pyx12.x12file import X12Writer

from billing.export import elements as el
from billing.export.blanks import Blank
from billing.export.claim import (
    ORIGINAL,
    SELF,
    Batch,
    BillingProvider,
    Claim,
    Cover,
    Facility,
    Mailbox,
    Person,
    Provider,
    ServiceLine,
    Submitter,
)
from billing.export.elements import Shape, clean
from billing.export.envelope import batch_blanks
from billing.record import record
from billing.records import Address

GUIDE = "005010X222A1"
CLAIMS_IN_A_SET = 5_000
"""More in one transaction set than clearinghouses take."""

Segments = Iterator[Segment]


class Incomplete(ValueError):
    """A batch with blanks was to be written: whoever writes one looks at its `batch_blanks` first."""

    def __init__(self, blanks: Sequence[Blank]) -> None:
        super().__init__(", ".join(blank.field for blank in blanks))
        self.blanks = tuple(blanks)


@record
class WrittenSet:
    """What a transaction set is called, in the answers that will come: by its `number` within the group (999) or by
    its `reference` (277CA); and the numbers of its claims.
    """

    number: str
    reference: str
    claims: tuple[str, ...]


@record
class Written:
    """A finished file and what it has to be known by."""

    text: str
    sets: tuple[WrittenSet, ...]


def write(batch: Batch) -> Written:
    """The file. Raises Incomplete if anything keeps it back: there is no file with a part of the claims."""
    if blanks := batch_blanks(batch):
        raise Incomplete(blanks)
    sets, out = _sets(batch), StringIO()
    writer = X12Writer(out, seg_term="~", ele_term="*", subele_term=":", eol="\n", repetition_term="^")
    for segment in _interchange(batch, sets):
        writer.Write(segment)
    writer.Close()
    return Written(text=out.getvalue(), sets=sets)


def _sets(batch: Batch) -> tuple[WrittenSet, ...]:
    numbers = [claim.control for claim in batch.claims]
    return tuple(
        WrittenSet(
            number=f"{number:04}",
            reference=f"{batch.interchange:09}-{number:04}",
            claims=tuple(numbers[start : start + CLAIMS_IN_A_SET]),
        )
        for number, start in enumerate(range(0, len(numbers), CLAIMS_IN_A_SET), start=1)
    )


# ---- values ----------------------------------------------------------------------------------------------------


def _segment(*elements: str) -> Segment:
    return Segment("*".join(elements), "~", "*", ":")


def _some(value: str | None, shape: Shape) -> str:
    """An element that may stay empty."""
    return clean(value, shape) if value else ""


def _given(value: str | None, shape: Shape) -> str:
    """An element that `blanks` has seen to be there."""
    assert value is not None
    return clean(value, shape)


def _day(day: date | None) -> str:
    assert day is not None
    return f"{day:%Y%m%d}"


def _amount(amount: Decimal | None) -> str:
    """Dollars without zeros at the end.

    >>> _amount(Decimal("60.00")), _amount(Decimal("60.50"))
    ('60', '60.5')
    """
    assert amount is not None
    return f"{amount.normalize():f}"


def _address(address: Address | None) -> Segments:
    assert address is not None
    zip = clean(address.zip, el.ZIP).replace("-", "")
    yield _segment("N3", clean(address.street, el.STREET))
    yield _segment("N4", clean(address.city, el.CITY), clean(address.state, el.STATE), zip)


def _person(role: str, person: Person, *number: str) -> Segment:
    names = (clean(person.last, el.NAME), clean(person.first, el.FIRST), _some(person.middle, el.MIDDLE))
    return _segment("NM1", role, "1", *names, "", _some(person.suffix, el.SUFFIX), *number)


# ---- envelopes -------------------------------------------------------------------------------------------------


def _interchange(batch: Batch, sets: Sequence[WrittenSet]) -> Segments:
    at, usage = batch.made_at, "P" if batch.for_real else "T"
    none, boxes = ("00", " " * 10), (*_box(batch.sender), *_box(batch.recipient))
    stamp = (f"{at:%y%m%d}", f"{at:%H%M}", "^", "00501", f"{batch.interchange:09}", "0", usage, ":")
    yield _segment("ISA", *none, *none, *boxes, *stamp)
    ids = clean(batch.sender.group_id, el.GROUP_ID), clean(batch.recipient.group_id, el.GROUP_ID)
    yield _segment("GS", "HC", *ids, _day(at), f"{at:%H%M}", str(batch.group), "X", GUIDE)
    for number, each in enumerate(sets):
        start = number * CLAIMS_IN_A_SET
        yield from _transaction(batch, each, batch.claims[start : start + CLAIMS_IN_A_SET])


def _box(box: Mailbox) -> tuple[str, str]:
    return clean(box.qualifier, el.MAILBOX_KIND), clean(box.id, el.MAILBOX_ID).ljust(15)


def _transaction(batch: Batch, each: WrittenSet, claims: Sequence[Claim]) -> Segments:
    yield _segment("ST", "837", each.number, GUIDE)
    yield _segment("BHT", "0019", "00", each.reference, _day(batch.made_at), f"{batch.made_at:%H%M}", "CH")
    yield from _submitter(batch.submitter)
    receiver = clean(batch.receiver.name, el.NAME), clean(batch.receiver.id, el.ENTITY_ID)
    yield _segment("NM1", "40", "2", receiver[0], "", "", "", "", "46", receiver[1])
    levels = count(1)
    for billing, theirs in groupby(claims, key=lambda claim: claim.billing):
        parent = next(levels)
        yield from _billing(billing, parent)
        for claim in theirs:
            yield from _levels(claim, parent, levels)
    yield _segment("SE")  # the writer puts in the count and the number, but does not see by itself where a set ends


def _submitter(submitter: Submitter) -> Segments:
    name, id = clean(submitter.name, el.NAME), clean(submitter.id, el.ENTITY_ID)
    yield _segment("NM1", "41", "2", name, "", "", "", "", "46", id)
    phone = "TE", clean(submitter.phone, el.PHONE)
    email = ("EM", clean(submitter.email, el.EMAIL)) if submitter.email else ()
    yield _segment("PER", "IC", clean(submitter.contact, el.CONTACT), *phone, *email)


# ---- who is paid, who is insured, who was treated --------------------------------------------------------------


def _billing(billing: BillingProvider, level: int) -> Segments:
    yield _segment("HL", str(level), "", "20", "1")
    if billing.taxonomy:
        yield _segment("PRV", "BI", "PXC", clean(billing.taxonomy, el.TAXONOMY))
    kind, first = ("1", clean(billing.first, el.FIRST)) if billing.first else ("2", "")
    npi = _given(billing.npi, el.NPI)
    yield _segment("NM1", "85", kind, clean(billing.name, el.NAME), first, "", "", "", "XX", npi)
    yield from _address(billing.address)
    yield _segment("REF", clean(billing.tax_kind, el.TAX_KIND), _given(billing.tax_id, el.TAX_ID))


def _levels(claim: Claim, parent: int, levels: Iterator[int]) -> Segments:
    """The holder of the policy and, where that is somebody else, the client; then the claim."""
    holder, dependent = next(levels), claim.cover.relation != SELF
    yield _segment("HL", str(holder), str(parent), "22", "1" if dependent else "0")
    yield from _holder(claim.cover, claim.holder, dependent=dependent)
    if dependent:
        yield _segment("HL", str(next(levels)), str(holder), "23", "0")
        yield _segment("PAT", clean(claim.cover.relation, el.RELATION))
        yield _person("QC", claim.client)
        yield from _particulars(claim.client)
    yield from _claim(claim)


def _holder(cover: Cover, holder: Person, *, dependent: bool) -> Segments:
    relation, group = "" if dependent else SELF, _some(cover.group_number, el.GROUP_NUMBER)
    yield _segment("SBR", cover.rank, relation, group, "", "", "", "", "", _given(cover.filing, el.FILING))
    yield _person("IL", holder, "MI", _given(cover.member_id, el.MEMBER_ID))
    if not dependent:
        yield from _particulars(holder)
    payer = clean(cover.payer_name, el.NAME), _given(cover.payer_id, el.ENTITY_ID)
    yield _segment("NM1", "PR", "2", payer[0], "", "", "", "", "PI", payer[1])


def _particulars(person: Person) -> Segments:
    yield from _address(person.address)
    yield _segment("DMG", "D8", _day(person.born_on), _given(person.sex, el.SEX))


# ---- the claim and its lines -----------------------------------------------------------------------------------


def _claim(claim: Claim) -> Segments:
    place = f"{_given(claim.place, el.PLACE)}:B:{clean(claim.frequency, el.FREQUENCY)}"
    assigned = "Y" if claim.cover.assigned else "N"
    head = clean(claim.control, el.CONTROL), _amount(claim.total)
    yield _segment("CLM", *head, "", "", place, "Y", "A", assigned, "Y")
    if claim.client_paid:
        yield _segment("AMT", "F5", _amount(claim.client_paid))
    if claim.cover.authorisation:
        yield _segment("REF", "G1", clean(claim.cover.authorisation, el.REFERENCE))
    if claim.frequency != ORIGINAL:
        yield _segment("REF", "F8", _given(claim.payer_claim_number, el.REFERENCE))
    yield _segment("HI", *_diagnoses(claim))
    yield from _clinicians(claim)
    for number, line in enumerate(claim.lines, start=1):
        yield from _line(number, line, claim.place)


def _diagnoses(claim: Claim) -> Iterator[str]:
    for number, code in enumerate(claim.diagnoses):
        yield f"{'ABF' if number else 'ABK'}:{clean(code, el.DIAGNOSIS).replace('.', '')}"


def _clinicians(claim: Claim) -> Segments:
    """Who rendered the service is left out where it is who is paid: payers reject the same NPI twice."""
    if claim.rendering and claim.rendering.npi != claim.billing.npi:
        yield _clinician("82", claim.rendering)
        if claim.rendering.taxonomy:
            yield _segment("PRV", "PE", "PXC", clean(claim.rendering.taxonomy, el.TAXONOMY))
    if claim.facility:
        yield from _facility(claim.facility)
    if claim.supervising:
        yield _clinician("DQ", claim.supervising)


def _facility(facility: Facility) -> Segments:
    npi = ("XX", clean(facility.npi, el.NPI)) if facility.npi else ()
    yield _segment("NM1", "77", "2", clean(facility.name, el.NAME), "", "", "", "", *npi)
    yield from _address(facility.address)


def _clinician(role: str, provider: Provider) -> Segment:
    names = clean(provider.last, el.NAME), _given(provider.first, el.FIRST)
    return _segment("NM1", role, "1", *names, "", "", "", "XX", _given(provider.npi, el.NPI))


def _line(number: int, line: ServiceLine, place: str | None) -> Segments:
    service = ":".join(("HC", clean(line.code, el.PROCEDURE), *(clean(m, el.MODIFIER) for m in line.modifiers)))
    own_place = "" if line.place in (None, place) else _given(line.place, el.PLACE)
    pointers = ":".join(str(pointer) for pointer in line.pointers)
    yield _segment("LX", str(number))
    yield _segment("SV1", service, _amount(line.charge), "UN", str(line.units), own_place, "", pointers)
    yield _segment("DTP", "472", "D8", _day(line.served_on))
    yield _segment("REF", "6R", clean(line.control, el.LINE_CONTROL))
