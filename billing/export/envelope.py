"""What keeps a whole file from being sent: its envelope, and what no two claims in it may share."""

from collections import Counter
from collections.abc import Iterator, Sequence

from billing.export import elements as el
from billing.export.blanks import Blank, blanks, may, need
from billing.export.claim import Batch, Mailbox

LARGEST_CONTROL = 999_999_999


def batch_blanks(batch: Batch) -> tuple[Blank, ...]:
    """All that keeps the file back, its claims included: their fields are prefixed with their number."""
    ours = (*_mailbox("sender", batch.sender), *_mailbox("recipient", batch.recipient), *_parties(batch))
    theirs = (
        Blank(field=f"{claim.control}.{blank.field}", says=blank.says)
        for claim in batch.claims
        for blank in blanks(claim, batch.made_at.date())
    )
    return (*ours, *_controls(batch), *theirs)


def _mailbox(field: str, box: Mailbox) -> Iterator[Blank]:
    yield from need(f"{field}.qualifier", f"The kind of the {field}'s ID", box.qualifier, el.MAILBOX_KIND)
    yield from need(f"{field}.id", f"The {field}'s ID on the envelope", box.id, el.MAILBOX_ID)
    yield from need(f"{field}.group_id", f"The {field}'s ID on the inner envelope", box.group_id, el.GROUP_ID)


def _parties(batch: Batch) -> Iterator[Blank]:
    submitter, receiver = batch.submitter, batch.receiver
    yield from need("submitter.name", "The submitter's name", submitter.name, el.NAME)
    yield from need("submitter.id", "The submitter's ID at the clearinghouse", submitter.id, el.ENTITY_ID)
    yield from need("submitter.contact", "The name of the submitter's contact", submitter.contact, el.CONTACT)
    yield from need("submitter.phone", "The phone number of the submitter's contact", submitter.phone, el.PHONE)
    yield from may("submitter.email", "The e-mail address of the submitter's contact", submitter.email, el.EMAIL)
    yield from need("receiver.name", "The clearinghouse's name", receiver.name, el.NAME)
    yield from need("receiver.id", "The clearinghouse's ID", receiver.id, el.ENTITY_ID)


def _controls(batch: Batch) -> Iterator[Blank]:
    for field in ("interchange", "group"):
        if not 1 <= getattr(batch, field) <= LARGEST_CONTROL:
            yield Blank(field=field, says=f"The control number of the {field} is not 1 to {LARGEST_CONTROL}")
    if not batch.claims:
        yield Blank(field="claims", says="There is no claim to send")
    yield from _shared("control", "claims", [claim.control for claim in batch.claims])
    yield from _shared("lines", "lines", [line.control for claim in batch.claims for line in claim.lines])


def _shared(field: str, what: str, numbers: Sequence[str]) -> Iterator[Blank]:
    for number, count in Counter(numbers).items():
        if count > 1 and number.strip():
            yield Blank(field=field, says=f"{count} {what} have the number {number}")
