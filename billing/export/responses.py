"""The door for what comes back: a file → a `Response` → which line moves to which state, and what moved nothing."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import chain

from billing.export.acknowledgements import acknowledgements, receipts, statuses
from billing.export.answers import ClaimAnswer, FileAnswer, Kind, LinePayment, Payment, Response, Verdict
from billing.export.remittance import OWN_SHARE, notes, payees, payments
from billing.export.segments import Interchange, ResponseTrouble, TransactionSet, interchange, value
from billing.record import record
from billing.records import LineId, LineState

_KINDS = (
    ("999", "", Kind.ACKNOWLEDGEMENT),
    ("277", "005010X214", Kind.STATUS),
    ("835", "", Kind.REMITTANCE),
)
"""By the identifier of the set, and how its guide begins: a 277 is an answer to claims only in one of its guides."""


def read_response(data: bytes, npi: str, seen: Collection[str] = ()) -> Response:
    """Everything the file says. Raises ResponseTrouble, with nothing taken in, if it cannot be read or is not ours.

    `npi` is the practice's; `seen` are the fingerprints of what was taken in before.
    """
    content = interchange(data)
    fingerprint = hashlib.sha256(repr(content).encode()).hexdigest()
    if fingerprint in seen:
        raise ResponseTrouble("This file was taken in before. Nothing was done.")
    kind = _kind(content)
    for each in content.sets:
        _refuse_others(each, kind, npi)
    found = [answer for each in content.sets if kind is Kind.STATUS for answer in statuses(each)]
    acknowledged = (acknowledgements(s) for s in content.sets if kind is Kind.ACKNOWLEDGEMENT)
    remitted = tuple(s for s in content.sets if kind is Kind.REMITTANCE)
    in_files = (a for a in found if isinstance(a, FileAnswer))
    return Response(
        kind=kind,
        fingerprint=fingerprint,
        sender=content.sender,
        control=content.control,
        for_real=content.for_real,
        files=(*receipts(content.loose), *chain.from_iterable(acknowledged), *in_files),
        claims=tuple(a for a in found if isinstance(a, ClaimAnswer)),
        payments=tuple(chain.from_iterable(payments(s) for s in remitted)),
        notes=tuple(chain.from_iterable(notes(s) for s in remitted)),
    )


def _kind(content: Interchange) -> Kind:
    """What all sets of the file are."""
    kinds = {_kind_of(each) for each in content.sets}
    if len(kinds) > 1:
        raise ResponseTrouble("The file holds answers of several kinds; take them in one by one.")
    if not kinds and not content.loose:
        raise ResponseTrouble("The file is empty: there is nothing between its envelopes.")
    return kinds.pop() if kinds else Kind.RECEIPT


def _kind_of(each: TransactionSet) -> Kind:
    for id, guide, kind in _KINDS:
        if each.kind == id and each.guide.startswith(guide):
            return kind
    if each.kind == "837":
        raise ResponseTrouble("This is a claim file, as it is sent; an answer to one is a 999, 277CA or 835.")
    raise ResponseTrouble(f"This is a {each.kind} file; an answer to claims is a 999, 277CA or 835.")


def _refuse_others(each: TransactionSet, kind: Kind, npi: str) -> None:
    """Whoever else's claims these are, no number in them may touch ours."""
    billed = (value(s, 9) for s in each.segments if s[0] == "NM1" and value(s, 1) == "85" and value(s, 8) == "XX")
    named = set(payees(each)) if kind is Kind.REMITTANCE else set(billed) if kind is Kind.STATUS else set()
    if named and npi not in named:
        raise ResponseTrouble("This file is for another practice: our NPI is not in it. Nothing was taken in.")


# ---- what it means for our lines -------------------------------------------------------------------------------


@record
class Sent:
    """A claim that went out, and all it may be called in an answer. `lines` pair ours with the numbers they had."""

    claim: str
    interchange: int
    group: int
    set: str
    reference: str
    lines: tuple[tuple[LineId, str], ...]


@record
class Move:
    """A line's new state, and why. Amounts are there only if a payer decided. `rules` would have prevented it."""

    line: LineId
    state: LineState
    why: tuple[str, ...] = ()
    paid: Decimal | None = None
    client_owes: Decimal | None = None
    payer_claim_number: str | None = None
    rules: tuple[str, ...] = ()


@record
class Moves:
    """What to do with a response: in the order of `moves`, a later one of the same line counts. Nothing in the file
    is left out: what moved no line is in `unknown`, a sentence each.
    """

    moves: tuple[Move, ...]
    unknown: tuple[str, ...]


def moves(response: Response, sent: Iterable[Sent]) -> Moves:
    """The moves of our lines. What was only taken in for reading, or passed on, moves nothing and is no news."""
    ours = tuple(sent)
    by_claim = {s.claim.upper(): s for s in ours}
    found = (
        *chain.from_iterable(_of_file(answer, ours) for answer in response.files),
        *chain.from_iterable(_of_claim(answer, by_claim) for answer in response.claims),
        *chain.from_iterable(_of_payment(payment, by_claim) for payment in response.payments),
    )
    unknown = (*response.notes, *(said for said in found if isinstance(said, str)))
    return Moves(moves=tuple(m for m in found if isinstance(m, Move)), unknown=unknown)


def _of_file(answer: FileAnswer, ours: Iterable[Sent]) -> Iterator[Move | str]:
    meant = [s for s in ours if _is_of(s, answer)]
    if not meant:
        number = answer.interchange or answer.reference or f"{answer.group}, set {answer.set or 'any'}"
        yield f"The answer about file {number} is about none of ours"
    elif answer.accepted:
        yield from answer.reasons
    else:
        for id, _ in chain.from_iterable(s.lines for s in meant):
            yield Move(line=id, state=LineState.REJECTED, why=answer.reasons)


def _is_of(sent: Sent, answer: FileAnswer) -> bool:
    if answer.interchange:
        return _same(answer.interchange, str(sent.interchange))
    if answer.reference:
        return answer.reference == sent.reference
    return _same(answer.group or "", str(sent.group)) and answer.set in (None, sent.set)


def _same(one: str, other: str) -> bool:
    """Numbers with or without zeros before them."""
    return one.lstrip("0") == other.lstrip("0")


def _of_claim(answer: ClaimAnswer, by_claim: dict[str, Sent]) -> Iterator[Move | str]:
    sent = by_claim.get(answer.control.upper())
    if sent is None:
        yield f"Claim {answer.control} is none of ours; it was {answer.verdict}"
        return
    if answer.verdict is Verdict.PASSED_ON:
        return
    state = LineState.ACCEPTED if answer.verdict is Verdict.ACCEPTED else LineState.REJECTED
    for id, _ in sent.lines:
        yield Move(line=id, state=state, why=answer.reasons, payer_claim_number=answer.payer_claim_number)


# ---- money -----------------------------------------------------------------------------------------------------

TAKEN_BACK = "22"
UNDECIDED = {"23": "is not the payer's and was passed on", "25": "was only estimated"}
OWED_BY_CLIENT = frozenset({"1", "2", "3"})
"""Deductible, coinsurance, copayment: the payer agreed, and the client pays."""


def _of_payment(payment: Payment, by_claim: dict[str, Sent]) -> Iterator[Move | str]:
    sent = by_claim.get(payment.control.upper())
    if sent is None:
        yield f"Claim {payment.control} is none of ours; {payment.paid:.2f} was paid for it"
    elif payment.status in UNDECIDED:
        yield f"Claim {payment.control} {UNDECIDED[payment.status]}"
    elif not payment.lines:
        yield from _as_a_whole(payment, sent)
    else:
        for line in payment.lines:
            id = _ours(line, sent, alone=len(payment.lines) == 1)
            yield _decided(id, line, payment, sent) if id else f"A line of claim {payment.control} is none of ours"


def _ours(line: LinePayment, sent: Sent, *, alone: bool) -> LineId | None:
    """By the number that it had; without one, only if there is just one it can be."""
    if line.control is None:
        return sent.lines[0][0] if alone and len(sent.lines) == 1 else None
    return next((id for id, control in sent.lines if control.upper() == line.control.upper()), None)


def _as_a_whole(payment: Payment, sent: Sent) -> Iterator[Move | str]:
    """A claim decided without its lines: clear for one line, and for several if nothing was paid."""
    if len(sent.lines) > 1 and payment.paid:
        yield f"Claim {payment.control} was paid {payment.paid:.2f}, and not said for which line"
        return
    whole = LinePayment(control=None, code="", charged=payment.charged, paid=payment.paid, adjustments=())
    for id, _ in sent.lines:
        yield _decided(id, whole, payment, sent)


def _decided(id: LineId, line: LinePayment, payment: Payment, sent: Sent) -> Move:
    """What the client owes of the claim as a whole is a line's only if it is the only one."""
    adjustments = (*line.adjustments, *payment.adjustments)
    counted = adjustments if len(sent.lines) == 1 else line.adjustments
    own = sum((a.amount for a in counted if a.share == OWN_SHARE), Decimal(0))
    agreed = any(a.share == OWN_SHARE and a.code in OWED_BY_CLIENT and a.amount > 0 for a in adjustments)
    paid = line.paid > 0 or agreed
    remarks = (*line.remarks, *payment.remarks)
    back = ("The payer took the payment back",) if payment.status == TAKEN_BACK else ()
    why = (*back, *(f"{a.share}-{a.code}: {a.says}, {a.amount:.2f}" for a in adjustments), *remarks)
    return Move(
        line=id,
        state=LineState.PAID if paid else LineState.DENIED,
        why=why,
        paid=line.paid,
        client_owes=own,
        payer_claim_number=payment.payer_claim_number,
        rules=() if paid else tuple(dict.fromkeys(rule for a in adjustments for rule in a.rules)),
    )
