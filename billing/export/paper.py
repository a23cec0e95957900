"""Plain pages as PDF: one typeface, lines from top to bottom, made the same from the same content."""

import unicodedata
from collections.abc import Iterator, Sequence
from io import BytesIO
from textwrap import wrap

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from billing.record import record

WIDTH, HEIGHT = LETTER
MARGIN, LEADING = 54, 13
REGULAR, BOLD, SIZE = "Courier", "Courier-Bold", 9
COLUMNS = 93
"""Characters between the margins."""
ROWS = int((HEIGHT - 2 * MARGIN) // LEADING)


@record
class Line:
    """One line on paper. `keeps` is how many lines after it must be on the same page."""

    text: str = ""
    bold: bool = False
    keeps: int = 0


def printable(text: str) -> str:
    """The text in characters that the typeface has: others by their base letter, or else by name. None is dropped.

    >>> printable("Łukasz é ok 😀")
    'Lukasz é ok [GRINNING FACE]'
    """
    return "".join(_printable(c) for c in unicodedata.normalize("NFC", text))


_BASE = str.maketrans("ŁłĐđĦħŦŧ", "LlDdHhTt")


def _printable(character: str) -> str:
    if _has(character):
        return character
    base = "".join(c for c in unicodedata.normalize("NFKD", character.translate(_BASE)) if _has(c))
    return base or f"[{unicodedata.name(character, f'character {ord(character):x}')}]"


def _has(character: str) -> bool:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return character.isprintable()


def wrapped(text: str, width: int = COLUMNS, indent: str = "") -> Iterator[Line]:
    """Every line of a text, broken where it has to be; nothing is cut off."""
    for line in text.splitlines() or [""]:
        parts = wrap(printable(line.expandtabs(4)), width, subsequent_indent=indent, break_on_hyphens=False)
        yield from (Line(text=part) for part in parts or [""])


def pdf(lines: Sequence[Line], title: str, foot: str) -> bytes:
    """The lines on as many letter pages as they need, each with `foot` and its number. `title` is the document's."""
    pages = tuple(_pages(lines))
    out = BytesIO()
    canvas = new_canvas(out, title)
    for number, page in enumerate(pages, start=1):
        for row, line in enumerate(page):
            canvas.setFont(BOLD if line.bold else REGULAR, SIZE)
            canvas.drawString(MARGIN, HEIGHT - MARGIN - row * LEADING, printable(line.text))
        canvas.setFont(REGULAR, SIZE)
        canvas.drawString(MARGIN, MARGIN / 2, printable(f"{foot} · page {number} of {len(pages)}"))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def new_canvas(out: BytesIO, title: str) -> Canvas:
    """Without a date and a random number in it: the same content is the same file."""
    canvas = Canvas(out, pagesize=LETTER, invariant=1)
    canvas.setTitle(printable(title))
    canvas.setCreator("Circlenote")
    return canvas


def _pages(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    start = 0
    for at, line in enumerate(lines):
        last = at + min(line.keeps, ROWS - 1)
        if last - start >= ROWS and at > start:
            yield lines[start:at]
            start = at
    if lines[start:] or not lines:
        yield lines[start:]
