"""TA1, 999 and 277CA: whether files and claims were taken in."""

from collections.abc import Iterable, Iterator, Sequence

from billing.export.answers import ClaimAnswer, FileAnswer, Verdict
from billing.export.codes import CATEGORIES, FAULTS, STATUSES
from billing.export.segments import Parts, TransactionSet, value

TAKEN = frozenset("AE")
"""Accepted, and accepted with errors noted."""


def receipts(loose: Iterable[Parts]) -> Iterator[FileAnswer]:
    """TA1: whether the envelope could be read."""
    for parts in loose:
        taken = value(parts, 4) in TAKEN
        reasons = () if taken else (f"The envelope was refused (code {value(parts, 5)})",)
        yield FileAnswer(accepted=taken, reasons=reasons, interchange=value(parts, 1))


# ---- 999 -------------------------------------------------------------------------------------------------------


def acknowledgements(each: TransactionSet) -> Iterator[FileAnswer]:
    """999: whether each set could be read; where it names none, whether the group could."""
    group = next((value(s, 2) for s in each.segments if s[0] == "AK1"), "")
    parts = _split(each.segments, "AK2")
    yield from (_of_set(group, part) for part in parts[1:])
    last = next((s for s in each.segments if s[0] == "AK9"), ())
    if len(parts) == 1 and last:
        taken = value(last, 1) in TAKEN
        yield FileAnswer(accepted=taken, reasons=() if taken else ("The whole group was refused",), group=group)


def _split(segments: Sequence[Parts], name: str) -> list[list[Parts]]:
    """What stands before the first segment of that name, then each of them with what follows it."""
    parts: list[list[Parts]] = [[]]
    for segment in segments:
        if segment[0] == name:
            parts.append([])
        parts[-1].append(segment)
    return parts


def _of_set(group: str, segments: Sequence[Parts]) -> FileAnswer:
    end = next((s for s in segments if s[0] == "IK5"), ())
    faults = (f"In the file, {_fault('set', value(end, n))}" for n in range(2, 7) if value(end, n))
    reasons = tuple(dict.fromkeys((*_faults(segments), *faults)))
    return FileAnswer(accepted=value(end, 1) in TAKEN, reasons=reasons, group=group, set=value(segments[0], 2))


def _faults(segments: Sequence[Parts]) -> Iterator[str]:
    """Each fault by where it is: the values that came back with it are left out."""
    for part in _split(segments, "IK3")[1:]:
        claim = next((value(s, 1, 2) for s in part if s[0] == "CTX" and value(s, 1, 1) == "CLM01"), "")
        where, name = f"In claim {claim}, " if claim else f"At segment {value(part[0], 2)}, ", value(part[0], 1)
        elements = [s for s in part if s[0] == "IK4"]
        if not elements:
            yield f"{where}{name} {_fault('segment', value(part[0], 4))}"
        for s in elements:
            yield f"{where}{name}{value(s, 1, 1):0>2} {_fault('element', value(s, 3))}"


def _fault(level: str, code: str) -> str:
    return FAULTS[level].get(code, f"is wrong (code {code})")


# ---- 277CA -----------------------------------------------------------------------------------------------------

LEVEL_OF_FILE, LEVEL_OF_PRACTICE, LEVEL_OF_CLAIM = "21", "19", "PT"
REFUSED = frozenset({"A3", "A4", "A6", "A7", "A8"})
TAKEN_IN = frozenset({"A1", "A2", "A5"})


def statuses(each: TransactionSet) -> Iterator[FileAnswer | ClaimAnswer]:
    """277CA: whether the file was taken in, whether the practice's claims in it were, and then each claim."""
    file = ""
    for level in _split(each.segments, "HL")[1:]:
        kind, trace = value(level[0], 3), next((value(s, 2) for s in level if s[0] == "TRN"), "")
        found = [s for s in level if s[0] == "STC"]
        if kind == LEVEL_OF_FILE:
            file = trace
        if kind == LEVEL_OF_CLAIM:
            yield _of_claim(trace, level, found)
        elif kind in (LEVEL_OF_FILE, LEVEL_OF_PRACTICE) and found:
            accepted = _verdict(found) is not Verdict.REJECTED
            yield FileAnswer(accepted=accepted, reasons=() if accepted else _reasons(found), reference=file)


def _of_claim(control: str, level: Sequence[Parts], found: Sequence[Parts]) -> ClaimAnswer:
    number = next((value(s, 2) for s in level if s[0] == "REF" and value(s, 1) == "1K"), None)
    verdict = _verdict(found)
    reasons = _reasons(found) if verdict is Verdict.REJECTED else ()
    return ClaimAnswer(control=control, verdict=verdict, reasons=reasons, payer_claim_number=number)


def _verdict(found: Sequence[Parts]) -> Verdict:
    """One refusal, of the claim or any line of it, refuses the claim."""
    categories = {value(s, 1, 1) for s in found}
    if categories & REFUSED or any(value(s, 3) == "U" for s in found):
        return Verdict.REJECTED
    return Verdict.ACCEPTED if categories & TAKEN_IN else Verdict.PASSED_ON


def _reasons(found: Sequence[Parts]) -> tuple[str, ...]:
    """How it went, and why: a segment has room for three of these."""
    said = (value(s, n) for s in found for n in (1, 10, 11))
    return tuple(dict.fromkeys(_reason(*(f"{status}::".split(":")[:2])) for status in said if status))


def _reason(category: str, status: str) -> str:
    """A sentence.

    >>> _reason("A7", "562")
    'Rejected, something is invalid: NPI'
    """
    how = CATEGORIES.get(category, f"category {category}")
    return f"{how[:1].upper()}{how[1:]}: {STATUSES.get(status, f'status {status}')}"
