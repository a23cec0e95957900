"""The values of a paper claim, to be printed on the form that a practice has in stock. The form itself is not drawn.

The grid is the printer's: ten characters an inch, six lines an inch. Where values land on a page is the form's; where
a printer puts the page differs, so a practice moves everything by an offset once, with a test page.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from billing.export import elements as el
from billing.export.blanks import Blank, name_of
from billing.export.claim import ORIGINAL, SELF, Claim, Facility, Person, Provider, ServiceLine
from billing.export.elements import clean
from billing.export.paper import HEIGHT, new_canvas
from billing.record import record
from billing.records import Address

LINE, COLUMN, EDGE = 12.0, 7.2, 21.6
"""Points: six lines and ten characters an inch, the first of them three tenths of an inch from the paper's edge."""
FONT, SIZE = "Courier", 12
LINES_ON_A_PAGE = 6
ON_FILE = "SIGNATURE ON FILE"

MEDICARE, MEDICAID, MILITARY, VETERANS, GROUP_PLAN, FEDERAL_WORKERS, OTHER = 1, 8, 15, 24, 31, 39, 45
KINDS_OF_PLAN = {"MB": MEDICARE, "MC": MEDICAID, "CH": MILITARY, "VA": VETERANS, "FI": FEDERAL_WORKERS}
RELATION_BOXES = {SELF: 33, "01": 38, "19": 42}
OTHER_RELATION = 47


@record
class Offset:
    """How far to move everything, in points (a seventy-second of an inch): to the right and down."""

    right: float = 0.0
    down: float = 0.0


CENTRED = Offset()


@record
class Mark:
    """A value of a numbered box, at a place of the grid: line and column, from 1. `width` is how many characters the
    box has.
    """

    box: str
    line: int
    column: int
    width: int
    text: str


class TooWide(ValueError):
    """Claims with a value that does not fit its box were to be printed: whoever prints looks at `too_wide` first."""


def too_wide(claim: Claim, made_on: date) -> tuple[Blank, ...]:
    """What has no room on paper, though it has in a file. The claim has no `blanks`."""
    marks = (mark for page in _pages(claim, made_on) for mark in page if len(mark.text) > mark.width)
    return tuple(
        Blank(
            field=f"box {mark.box}",
            says=f"Box {mark.box} of {name_of(claim.client)}'s paper claim has room for {mark.width} characters, "
            f"not {len(mark.text)}",
        )
        for mark in marks
    )


def cms1500_pdf(claims: Sequence[Claim], made_on: date, offset: Offset = CENTRED) -> bytes:
    """A page for every six lines of each claim. The claims have no `blanks`, and nothing in them is `too_wide`."""
    if any(too_wide(claim, made_on) for claim in claims):
        raise TooWide
    out = BytesIO()
    canvas = new_canvas(out, "Paper claims, values only")
    for page in (page for claim in claims for page in _pages(claim, made_on)):
        canvas.setFont(FONT, SIZE)
        for mark in page:
            x = EDGE + (mark.column - 1) * COLUMN + offset.right
            canvas.drawString(x, HEIGHT - mark.line * LINE - offset.down, mark.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _pages(claim: Claim, made_on: date) -> Iterator[tuple[Mark, ...]]:
    """The marks of each page of one claim; each page has its own total."""
    for start in range(0, len(claim.lines), LINES_ON_A_PAGE):
        lines = claim.lines[start : start + LINES_ON_A_PAGE]
        yield (*_who(claim), *_what(claim), *_lines(lines, claim), *_foot(lines, claim, made_on))


# ---- boxes 1 to 13: who is insured, who was treated -------------------------------------------------------------


def _who(claim: Claim) -> Iterator[Mark]:
    cover, client, holder = claim.cover, claim.client, claim.holder
    yield Mark(box="0", line=2, column=41, width=38, text=clean(cover.payer_name, el.NAME))
    yield _cross("1", 8, KINDS_OF_PLAN.get(cover.filing or "", GROUP_PLAN if cover.group_number else OTHER))
    yield Mark(box="1a", line=8, column=50, width=29, text=cover.member_id or "")
    yield Mark(box="2", line=10, column=1, width=28, text=_name(client))
    yield from _day("3", 10, 31, client.born_on)
    yield from (_cross("3", 10, column) for sex, column in (("M", 42), ("F", 47)) if client.sex == sex)
    yield Mark(box="4", line=10, column=50, width=29, text=_name(holder))
    yield _cross("6", 12, RELATION_BOXES.get(cover.relation, OTHER_RELATION))
    yield from _address("5", 1, client.address)
    yield from _address("7", 50, holder.address)
    yield Mark(box="11", line=18, column=50, width=29, text=cover.group_number or "")
    yield from (_cross("10", line, 41) for line in (20, 22, 24))
    yield Mark(box="11c", line=24, column=50, width=29, text=clean(cover.payer_name, el.NAME))
    yield _cross("11d", 26, 57)
    yield Mark(box="12", line=29, column=7, width=30, text=ON_FILE if cover.released else "")
    yield Mark(box="13", line=29, column=57, width=22, text=ON_FILE if cover.assigned else "")


def _cross(box: str, line: int, column: int) -> Mark:
    return Mark(box=box, line=line, column=column, width=1, text="X")


def _name(person: Person) -> str:
    """Last, first, first letter of the middle name."""
    middle = clean(person.middle, el.MIDDLE)[:1] if person.middle else ""
    parts = clean(person.last, el.NAME), clean(person.first, el.FIRST), middle
    return ", ".join(part for part in parts if part)


def _day(box: str, line: int, column: int, day: date | None) -> Iterator[Mark]:
    if day:
        parts = ((0, 2, f"{day:%m}"), (3, 2, f"{day:%d}"), (6, 4, f"{day:%Y}"))
        yield from (Mark(box=box, line=line, column=column + at, width=width, text=text) for at, width, text in parts)


def _address(box: str, column: int, address: Address | None) -> Iterator[Mark]:
    if address:
        yield Mark(box=box, line=12, column=column, width=29, text=clean(address.street, el.STREET))
        yield Mark(box=box, line=14, column=column, width=24, text=clean(address.city, el.CITY))
        yield Mark(box=box, line=14, column=column + 25, width=2, text=address.state)
        yield Mark(box=box, line=16, column=column, width=12, text=address.zip)


# ---- boxes 21 to 24: what was done ------------------------------------------------------------------------------

LETTERS = "ABCDEFGHIJKL"
"""How the paper form counts diagnoses."""
DIAGNOSIS_LINES, DIAGNOSIS_COLUMNS = (37, 38, 39), (3, 16, 29, 42)
FIRST_SERVICE = 44


def _what(claim: Claim) -> Iterator[Mark]:
    yield Mark(box="21", line=36, column=42, width=1, text="0")
    for number, code in enumerate(claim.diagnoses):
        line, column = DIAGNOSIS_LINES[number // 4], DIAGNOSIS_COLUMNS[number % 4]
        yield Mark(box="21", line=line, column=column, width=8, text=code.replace(".", ""))
    if claim.frequency != ORIGINAL:
        yield Mark(box="22", line=37, column=51, width=10, text=claim.frequency)
        yield Mark(box="22", line=37, column=62, width=18, text=claim.payer_claim_number or "")
    yield Mark(box="23", line=39, column=51, width=28, text=claim.cover.authorisation or "")


def _lines(lines: Sequence[ServiceLine], claim: Claim) -> Iterator[Mark]:
    for number, line in enumerate(lines):
        yield from _line(FIRST_SERVICE + 2 * number, line, claim)


def _line(at: int, line: ServiceLine, claim: Claim) -> Iterator[Mark]:
    day = f"{line.served_on:%m %d %y}" if line.served_on else ""
    yield from (Mark(box="24A", line=at, column=column, width=8, text=day) for column in (1, 10))
    yield Mark(box="24B", line=at, column=19, width=2, text=line.place or claim.place or "")
    yield Mark(box="24D", line=at, column=25, width=6, text=line.code)
    for n, modifier in enumerate(line.modifiers):
        yield Mark(box="24D", line=at, column=33 + 3 * n, width=2, text=modifier)
    yield Mark(box="24E", line=at, column=45, width=4, text="".join(LETTERS[p - 1] for p in line.pointers))
    yield Mark(box="24F", line=at, column=50, width=8, text=_amount(line.charge))
    yield Mark(box="24G", line=at, column=59, width=3, text=str(line.units or ""))
    npi = claim.rendering.npi if claim.rendering else claim.billing.npi
    yield Mark(box="24J", line=at, column=68, width=10, text=npi or "")


def _amount(amount: Decimal | None) -> str:
    """Dollars and cents with a space between them, to the right.

    >>> _amount(Decimal("65.5"))
    '   65 50'
    """
    return f"{amount or 0:8.2f}".replace(".", " ")


# ---- boxes 25 to 33: who is paid --------------------------------------------------------------------------------


def _foot(lines: Sequence[ServiceLine], claim: Claim, made_on: date) -> Iterator[Mark]:
    billing, total = claim.billing, sum((s.charge or Decimal(0) for s in lines), Decimal(0))
    first_page = lines[0] is claim.lines[0]
    yield Mark(box="25", line=56, column=1, width=15, text=billing.tax_id or "")
    yield _cross("25", 56, 17 if billing.tax_kind == "SY" else 19)
    yield Mark(box="26", line=56, column=23, width=14, text=claim.control)
    yield _cross("27", 56, 38)
    yield Mark(box="28", line=56, column=52, width=8, text=_amount(total))
    yield Mark(box="29", line=56, column=62, width=8, text=_amount(claim.client_paid) if first_page else "")
    yield from _signed(claim.rendering, made_on)
    name = " ".join(part for part in (billing.first, billing.name) if part)
    payee = Facility(name=name, address=billing.address, npi=billing.npi)
    yield from _place("32", 23, 26, claim.facility or payee)
    yield from _place("33", 50, 29, payee)


def _signed(clinician: Provider | None, made_on: date) -> Iterator[Mark]:
    if clinician:
        name = " ".join(clean(part, el.NAME) for part in (clinician.first, clinician.last) if part)
        yield Mark(box="31", line=60, column=1, width=21, text=name)
        yield Mark(box="31", line=61, column=1, width=10, text=f"{made_on:%m %d %Y}")


def _place(box: str, column: int, width: int, facility: Facility) -> Iterator[Mark]:
    yield Mark(box=box, line=58, column=column, width=width, text=clean(facility.name, el.NAME))
    yield Mark(box=f"{box}a", line=61, column=column + 1, width=10, text=facility.npi or "")
    if a := facility.address:
        yield Mark(box=box, line=59, column=column, width=width, text=clean(a.street, el.STREET))
        place = f"{clean(a.city, el.CITY)} {a.state} {a.zip}"
        yield Mark(box=box, line=60, column=column, width=width, text=place)
