"""What comes back for claims that were sent: records without anybody's name in them.

`control` is our number for a claim or a line, as it was sent. Amounts are US dollars. Reasons are sentences in our
words.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.record import record


class Kind(StrEnum):
    """What a file is. RECEIPT and ACKNOWLEDGEMENT are about form only; STATUS takes a claim in, REMITTANCE pays."""

    RECEIPT = "TA1"
    ACKNOWLEDGEMENT = "999"
    STATUS = "277CA"
    REMITTANCE = "835"


@record
class FileAnswer:
    """Whether a whole file, or a set in it, was taken. It is known by our interchange number (TA1), by our group's
    and set's (999), or by our reference (277CA); without a set, all sets of the group are meant.
    """

    accepted: bool
    reasons: tuple[str, ...]
    interchange: str | None = None
    group: str | None = None
    set: str | None = None
    reference: str | None = None


class Verdict(StrEnum):
    """What became of a claim at the door. PASSED_ON says nothing about it yet."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PASSED_ON = "passed on"


@record
class ClaimAnswer:
    """Whether a claim was taken in, and under which number of the payer's."""

    control: str
    verdict: Verdict
    reasons: tuple[str, ...]
    payer_claim_number: str | None = None


@record
class Adjustment:
    """Why, and by how much, less is paid than was charged. `share` says who bears it (CO, PR, ...).

    `rules` are names of ours that would have prevented it.
    """

    share: str
    code: str
    amount: Decimal
    says: str
    rules: tuple[str, ...] = ()


@record
class LinePayment:
    """What a payer decided about one line. `control` is blank where the payer did not give it back."""

    control: str | None
    code: str
    charged: Decimal
    paid: Decimal
    adjustments: tuple[Adjustment, ...]
    remarks: tuple[str, ...] = ()


@record
class Payment:
    """What a payer decided about one claim. `status` is the payer's code: 1-3 processed, 4 denied, 22 taken back.

    `adjustments` are those of the claim as a whole; each line has its own.
    """

    control: str
    status: str
    charged: Decimal
    paid: Decimal
    client_owes: Decimal
    lines: tuple[LinePayment, ...]
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    payer_claim_number: str | None = None
    trace: str = ""
    paid_on: date | None = None


@record
class Response:
    """One file that came back. `fingerprint` is the same only for the same content: a file counts once.

    `notes` are sentences about what was in it and moves no line.
    """

    kind: Kind
    fingerprint: str
    sender: str
    control: str
    for_real: bool
    files: tuple[FileAnswer, ...] = ()
    claims: tuple[ClaimAnswer, ...] = ()
    payments: tuple[Payment, ...] = ()
    notes: tuple[str, ...] = ()
