"""CMS's quarterly table of codes that are not paid together: the rows that concern group psychotherapy.

The published text file has a heading of some lines, then rows of tab-separated columns: column 1, column 2, a mark for
edits older than 1996, the first and the last day as yyyymmdd (a star for none), and the modifier indicator.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from billing.claims import GROUP_PSYCHOTHERAPY
from billing.office import Pair

SEPARABLE, NEVER, RETIRED = "1", "0", "9"
"""Modifier indicators: a modifier may set the two apart, nothing may, the pair does not apply any more."""


class PairTrouble(ValueError):
    """The file cannot be used; the text says which line and why."""


def pairs_in(lines: Iterable[str], code: str = GROUP_PSYCHOTHERAPY) -> tuple[Pair, ...]:
    """The pairs that `code` is one of. Raises PairTrouble for a row that makes no sense, or for none."""
    found = tuple(_ours(lines, code))
    if not found:
        raise PairTrouble(f"There is no pair with {code} in the file: is it CMS's procedure-to-procedure table?")
    return found


def _ours(lines: Iterable[str], code: str) -> Iterator[Pair]:
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        if code not in cells[:2]:
            continue
        if len(cells) < 6 or cells[5] not in (SEPARABLE, NEVER, RETIRED):
            raise PairTrouble(f"Line {number}: a row with {code} has no modifier indicator.")
        if cells[5] != RETIRED:
            yield Pair(
                column_1=cells[0],
                column_2=cells[1],
                separable=cells[5] == SEPARABLE,
                since=_day(cells[3], number) or date.min,
                until=_day(cells[4], number),
            )


def _day(text: str, number: int) -> date | None:
    if text in ("", "*"):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day without a time
    except ValueError:
        raise PairTrouble(f"Line {number}: {text!r} is no day like 20260701.") from None
