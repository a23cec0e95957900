"""835: what was paid for each claim and line, and why not more."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

from billing.export.answers import Adjustment, LinePayment, Payment
from billing.export.codes import REMARKS, adjustment
from billing.export.segments import Parts, ResponseTrouble, TransactionSet, value

CLAIM_ENDS = frozenset({"CLP", "LX", "PLB", "SE"})
OWN_SHARE = "PR"


def payees(each: TransactionSet) -> tuple[str, ...]:
    """The NPIs that are paid."""
    return tuple(value(s, 4) for s in each.segments if s[0] == "N1" and value(s, 1) == "PE" and value(s, 3) == "XX")


def payments(each: TransactionSet) -> Iterator[Payment]:
    """Every claim in the order of the file."""
    trace = next((value(s, 2) for s in each.segments if s[0] == "TRN"), "")
    paid_on = next((_date(value(s, 16)) for s in each.segments if s[0] == "BPR"), None)
    for claim in _claims(each.segments):
        yield _payment(claim, trace, paid_on)


def _claims(segments: Sequence[Parts]) -> Iterator[list[Parts]]:
    claim: list[Parts] = []
    for segment in segments:
        if segment[0] in CLAIM_ENDS and claim:
            yield claim
            claim = []
        if segment[0] == "CLP" or claim:
            claim.append(segment)


def _payment(segments: Sequence[Parts], trace: str, paid_on: date | None) -> Payment:
    head, (own, *lines) = segments[0], _services(segments)
    return Payment(
        control=value(head, 1),
        status=value(head, 2),
        charged=_amount(value(head, 3)),
        paid=_amount(value(head, 4)),
        client_owes=_amount(value(head, 5)),
        lines=tuple(_line(line) for line in lines),
        adjustments=tuple(_adjustments(own)),
        remarks=_remarks(own),
        payer_claim_number=value(head, 7) or None,
        trace=trace,
        paid_on=paid_on,
    )


def _services(segments: Sequence[Parts]) -> list[list[Parts]]:
    """What is said of the claim as a whole, then each service with what is said of it."""
    parts: list[list[Parts]] = [[]]
    for segment in segments:
        if segment[0] == "SVC":
            parts.append([])
        parts[-1].append(segment)
    return parts


def _line(segments: Sequence[Parts]) -> LinePayment:
    head = segments[0]
    return LinePayment(
        control=next((value(s, 2) for s in segments if s[0] == "REF" and value(s, 1) == "6R"), None),
        code=value(head, 1, 2),
        charged=_amount(value(head, 2)),
        paid=_amount(value(head, 3)),
        adjustments=tuple(_adjustments(segments)),
        remarks=_remarks(segments),
    )


def _adjustments(segments: Sequence[Parts]) -> Iterator[Adjustment]:
    """A CAS has a share and then up to six reasons, each with its amount and units."""
    for segment in segments:
        if segment[0] != "CAS":
            continue
        for at in range(2, len(segment), 3):
            if code := value(segment, at):
                reason, amount = adjustment(code), _amount(value(segment, at + 1))
                yield Adjustment(
                    share=value(segment, 1), code=code, amount=amount, says=reason.says, rules=reason.rules
                )


def _remarks(segments: Sequence[Parts]) -> tuple[str, ...]:
    codes = [value(s, 2) for s in segments if s[0] == "LQ" and value(s, 1) == "HE"]
    codes += [value(s, n) for s in segments if s[0] == "MOA" for n in range(3, 8)]
    return tuple(dict.fromkeys(f"{code}: {REMARKS[code]}" if code in REMARKS else code for code in codes if code))


def _amount(text: str) -> Decimal:
    """Empty is nothing. Raises ResponseTrouble for what is no amount."""
    try:
        amount = Decimal(text or 0)
    except InvalidOperation as wrong:
        raise ResponseTrouble("The remittance has an amount that is no number. Nothing of it was taken in.") from wrong
    if not amount.is_finite():
        raise ResponseTrouble("The remittance has an amount that is no number. Nothing of it was taken in.")
    return amount


def _date(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


# ---- whether it adds up ----------------------------------------------------------------------------------------


def notes(each: TransactionSet) -> Iterator[str]:
    """What does not add up, and what the payer took or gave besides the claims."""
    total = next((_amount(value(s, 2)) for s in each.segments if s[0] == "BPR"), Decimal(0))
    besides = tuple(_besides(each))
    paid = tuple(payments(each))
    sum_paid = sum((p.paid for p in paid), Decimal(0))
    if total != sum_paid - sum((amount for _, amount in besides), Decimal(0)):
        yield f"The payment of {total:.2f} is not what its claims add up to, {sum_paid:.2f}"
    for code, amount in besides:
        yield f"The payer {'kept back' if amount > 0 else 'added'} {abs(amount):.2f} besides the claims (code {code})"
    yield from (f"The decision on claim {p.control} does not add up" for p in paid if not adds_up(p))


def _besides(each: TransactionSet) -> Iterator[tuple[str, Decimal]]:
    for segment in each.segments:
        if segment[0] == "PLB":
            for at in range(3, len(segment), 2):
                yield value(segment, at, 1), _amount(value(segment, at + 1))


def adds_up(payment: Payment) -> bool:
    """What was charged, less every adjustment, is what was paid: of the claim and of each line."""
    every = (*payment.adjustments, *(a for line in payment.lines for a in line.adjustments))
    of_lines = (line.charged - _sum(line.adjustments) == line.paid for line in payment.lines)
    return payment.charged - _sum(every) == payment.paid and all(of_lines)


def _sum(adjustments: Sequence[Adjustment]) -> Decimal:
    return sum((a.amount for a in adjustments), Decimal(0))
