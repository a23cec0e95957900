"""What the office of a practice knows besides who pays: what was agreed, allowed, signed and done, and until when.

A practice need not keep all of these lists. Which ones it keeps stands in `Office.keeps`: only where a list is kept
does it mean something that a client or a clinician is not in it. Days are the practice's; `until` is the last day,
None while it lasts.
"""

from datetime import date, datetime, time
from enum import StrEnum

from billing.ids import ClientId, ClinicianId, GroupId, PayerId
from billing.record import record


class Register(StrEnum):
    """A list that an office may keep."""

    LICENCES = "licences"
    CREDENTIALING = "credentialing"
    ELIGIBILITY = "eligibility"
    OTHER_COVERAGE = "other coverage"
    CONSENTS = "consents"
    PLANS = "treatment plans"


@record
class Licence:
    """A clinician may practise in a state, named by its two letters."""

    clinician: ClinicianId
    state: str
    since: date
    until: date | None = None


@record
class Credentialing:
    """A payer has taken a clinician on, under this taxonomy code if it uses any."""

    clinician: ClinicianId
    payer: PayerId
    since: date
    until: date | None = None
    taxonomy: str | None = None


@record
class Eligibility:
    """What the payer answered when the office asked whether a client is insured.

    `carved_out` is who pays for behavioral health instead.
    """

    client: ClientId
    payer: PayerId
    since: date
    until: date | None = None
    active: bool = True
    carved_out: PayerId | None = None


@record
class OtherCoverage:
    """What the client answered when asked about other insurance; `pays_first` is the other payer, if one does."""

    client: ClientId
    answered_on: date
    pays_first: PayerId | None = None


@record
class Authorisation:
    """A payer agreed beforehand to so many units of these codes. `used` are those billed so far."""

    client: ClientId
    payer: PayerId
    number: str
    codes: tuple[str, ...]
    since: date
    until: date | None = None
    units: int | None = None
    used: int = 0


class ConsentKind(StrEnum):
    """RELEASE: the payer may be told. ASSIGNMENT: it may pay the practice. PART_2: both, of a substance use program."""

    RELEASE = "release of information"
    ASSIGNMENT = "assignment of benefits"
    PART_2 = "Part 2 consent"


@record
class Consent:
    """A client has signed something."""

    client: ClientId
    kind: ConsentKind
    since: date
    until: date | None = None


@record
class SubstanceUseGroup:
    """A group that belongs to a substance use program under 42 CFR Part 2."""

    group: GroupId
    since: date
    until: date | None = None


@record
class Plan:
    """A client's treatment plan. `review_by` is its last day; what it does not say is left blank."""

    client: ClientId
    since: date
    review_by: date | None = None
    signed_on: date | None = None
    assessed_on: date | None = None
    diagnoses: tuple[str, ...] = ()
    says_why_group: bool | None = None


class ReferralKind(StrEnum):
    """REFERRAL: somebody sent the client. SIGNED_PLAN: a physician has signed the treatment plan."""

    REFERRAL = "referral"
    SIGNED_PLAN = "signed plan"


@record
class Referral:
    """What a payer wants from a physician, and has."""

    client: ClientId
    payer: PayerId
    kind: ReferralKind
    since: date
    until: date | None = None


@record
class Service:
    """Another service to a client on the same day, by anybody of the practice. Add-ons are services as well.

    `documented`: it has a note of its own. `factor` is what made an interactive-complexity add-on necessary.
    """

    client: ClientId
    code: str
    starts: time | None = None
    ends: time | None = None
    modifiers: tuple[str, ...] = ()
    documented: bool = False
    factor: str = ""


@record
class Pair:
    """Two codes that are not paid together on one day: `column_2` is not paid beside `column_1`.

    `separable`: a modifier on `column_2` says that they were apart.
    """

    column_1: str
    column_2: str
    separable: bool
    since: date
    until: date | None = None


@record
class Correction:
    """The line goes out again: 7 replaces an earlier claim, 8 voids it, and the payer's number says which."""

    client: ClientId
    frequency: str
    payer_claim_number: str | None = None


@record
class ControlNumbers:
    """By which numbers a client's claim and its line come back from the payer."""

    client: ClientId
    claim: str
    line: str


@record
class Visits:
    """On which days a client was billed for group before, for this payer."""

    client: ClientId
    payer: PayerId
    days: tuple[date, ...]


@record
class LastNote:
    """A client's own words in an earlier note."""

    client: ClientId
    met_on: date
    words: tuple[str, ...]


@record
class Acknowledgement:
    """Somebody has looked at a warning about a client or a payer of this note, and lets the line go all the same."""

    rule: str
    subject: str
    by: ClinicianId
    at: datetime


@record
class Office:
    """All of it, as far as it concerns one group session. An empty one: the practice keeps none of these lists."""

    keeps: tuple[Register, ...] = ()
    licences: tuple[Licence, ...] = ()
    credentialing: tuple[Credentialing, ...] = ()
    eligibility: tuple[Eligibility, ...] = ()
    other_coverage: tuple[OtherCoverage, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()
    consents: tuple[Consent, ...] = ()
    plans: tuple[Plan, ...] = ()
    referrals: tuple[Referral, ...] = ()
    services: tuple[Service, ...] = ()
    pairs: tuple[Pair, ...] = ()
    corrections: tuple[Correction, ...] = ()
    numbers: tuple[ControlNumbers, ...] = ()
    visits: tuple[Visits, ...] = ()
    last_notes: tuple[LastNote, ...] = ()
    substance_use_groups: tuple[SubstanceUseGroup, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
