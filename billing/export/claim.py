"""What a claim says, as the payer reads it. Anything may be blank here; `blanks` tells what is.

The words are those of a claim form where it has its own: a *provider* is a clinician as a payer knows one, the
*holder* is whose policy it is. Codes are those of the 837P; `codes.toml` has our own words for them.
"""

from datetime import date, datetime
from decimal import Decimal

from billing.record import record
from billing.records import Address

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
"""What a claim is to an earlier one of the same number (CLM05-3)."""
SELF = "18"
"""The client is the holder of the policy (SBR02)."""
PRIMARY = "P"
"""The payer pays first (SBR01)."""


@record
class BillingProvider:
    """Who is paid. `first` is blank for an organisation. `tax_kind` is EI (employer's number) or SY (a person's)."""

    name: str
    npi: str | None
    tax_id: str | None
    tax_kind: str
    address: Address | None
    first: str | None = None
    taxonomy: str | None = None


@record
class Provider:
    """A clinician as a payer knows one: who rendered the service, or who supervised."""

    last: str
    first: str | None
    npi: str | None
    taxonomy: str | None = None


@record
class Facility:
    """Where services were given, if not where the billing provider is. `npi` is its own, if it has one."""

    name: str
    address: Address | None
    npi: str | None = None


@record
class Person:
    """A client, or the holder of a client's policy, by legal name. `sex` is F, M or U, as on the insurance card."""

    last: str
    first: str
    middle: str | None = None
    suffix: str | None = None
    born_on: date | None = None
    sex: str | None = None
    address: Address | None = None


@record
class Cover:
    """Who pays, and by which policy.

    `filing` is the kind of plan (SBR09), `rank` is P, S or T, `relation` is what the client is to the holder, who is
    left blank where that is SELF. `assigned`: the payer may pay the practice. `released`: the client agreed that the
    payer is told. `authorisation` is the payer's number for having agreed beforehand.
    """

    payer_name: str
    payer_id: str | None
    member_id: str | None
    filing: str | None
    assigned: bool
    released: bool
    rank: str = PRIMARY
    relation: str = SELF
    holder: Person | None = None
    group_number: str | None = None
    authorisation: str | None = None


@record
class ServiceLine:
    """One service. `control` comes back with the payment. `pointers` count the claim's diagnoses from 1.

    `place` is blank where it is the claim's.
    """

    control: str
    code: str
    modifiers: tuple[str, ...]
    pointers: tuple[int, ...]
    units: int | None
    served_on: date | None
    charge: Decimal | None
    place: str | None = None


@record
class Claim:
    """One client's services of one day. `control` is our number for it, which comes back with every answer.

    `payer_claim_number` is the payer's number of the claim that this one replaces or voids. `rendering` is blank
    where the billing provider is the clinician.
    """

    control: str
    billing: BillingProvider
    cover: Cover
    client: Person
    place: str | None
    diagnoses: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    rendering: Provider | None = None
    supervising: Provider | None = None
    facility: Facility | None = None
    frequency: str = ORIGINAL
    payer_claim_number: str | None = None
    client_paid: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """What all lines charge together."""
        return sum((line.charge or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def holder(self) -> Person:
        """Whose policy it is."""
        return self.cover.holder or self.client


# ---- the file that claims travel in ----------------------------------------------------------------------------


@record
class Submitter:
    """Who sends the file: the practice, or whoever bills for it. `id` is the clearinghouse's number for them."""

    name: str
    id: str
    contact: str
    phone: str
    email: str | None = None


@record
class Receiver:
    """Who takes the file in: a clearinghouse or a payer."""

    name: str
    id: str


@record
class Mailbox:
    """An address on the envelope: `qualifier` says what kind of number `id` is (ZZ: agreed between the two).

    `group_id` is the same for the inner envelope, which is often but not always `id`.
    """

    qualifier: str
    id: str
    group_id: str


@record
class Batch:
    """Claims that go out in one file.

    `interchange` and `group` are control numbers that the practice has never used before, 1 to 999999999. `made_at`
    is local to the practice. Only a batch `for_real` is paid; any other is marked as a test.
    """

    interchange: int
    group: int
    made_at: datetime
    for_real: bool
    sender: Mailbox
    recipient: Mailbox
    submitter: Submitter
    receiver: Receiver
    claims: tuple[Claim, ...]
