"""What an element of a claim may look like, and the one function that every value passes on its way into one."""

import re
import unicodedata
from collections.abc import Callable

from billing.export.codes import FILINGS, MODIFIERS, PLACES, RELATIONS, STATES, TAXONOMIES
from billing.record import record
from billing.rules.provider import is_npi

DELIMITERS = "*~:^"
"""Of elements, segments, components and repetitions. None of them may stand in a value."""


class Unfit(ValueError):
    """A value that no claim can carry. The text says why, to follow the name of the field in a sentence."""


@record
class Shape:
    """How long a value may be, and what it must look like.

    An `exact` value means something only as it is (a number, a code): it is refused rather than changed. Any other
    is a name or an address and is put into the letters that a claim has. `wanted` says what `fits` looks for.
    """

    longest: int
    shortest: int = 1
    exact: bool = False
    fits: Callable[[str], object] | None = None
    wanted: str = ""


def clean(value: str, shape: Shape) -> str:
    """The value as a claim carries it. Raises Unfit where it cannot; nothing is ever cut short."""
    text = value.strip() if shape.exact else _plain(value)
    if _FOREIGN.search(text):
        raise Unfit("has a character that a claim cannot carry")
    if not shape.shortest <= len(text) <= shape.longest:
        raise Unfit(f"has {len(text)} characters, where a claim takes {shape.shortest} to {shape.longest}")
    if shape.fits and not shape.fits(text):
        raise Unfit(f"is not {shape.wanted}")
    return text


_FOREIGN = re.compile(r"""[^A-Za-z0-9 !"&'()+,\-./;?=%@\[\]_{}|<>#$\\]""")
"""Whatever is not in the extended character set of X12, and the delimiters, which are."""
_SPACES = re.compile(rf"[{re.escape(DELIMITERS)}\s]+")
_LETTERS = str.maketrans(
    dict(zip("ÆŒØŁĐÐÞĦŦ", ("AE", "OE", "O", "L", "D", "D", "TH", "H", "T"), strict=True))
    | dict.fromkeys("‘’ʻʼ`´", "'")
    | dict.fromkeys("“”", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
)
"""What Unicode does not take for a letter with an accent."""


def _plain(value: str) -> str:
    """Capitals without accents; a delimiter becomes a space.

    >>> _plain("  Núñez–O’Brien~Łukasz ")
    "NUNEZ-O'BRIEN LUKASZ"
    """
    letters = value if value.isascii() else _without_accents(value)
    return _SPACES.sub(" ", letters.upper().translate(_LETTERS)).strip()


def _without_accents(value: str) -> str:
    """Letters without their marks, and without characters that nobody sees."""
    parts = unicodedata.normalize("NFKD", value)
    return "".join(c for c in parts if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


# ---- the shapes ------------------------------------------------------------------------------------------------


def _pattern(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).fullmatch


_BOX: re.Pattern[str] = re.compile(r"\bP\.? ?O\.? ?B(?:OX|\b)|\bPOST(?:AL)? OFFICE BOX|\bLOCK ?BOX|\bPMB\b|^BOX\b")

NAME = Shape(longest=60)
FIRST = Shape(longest=35)
MIDDLE = Shape(longest=25)
SUFFIX = Shape(longest=10)
STREET = Shape(longest=55)
PREMISES = Shape(
    longest=55,
    fits=lambda street: not _BOX.search(street),
    wanted="a street: mail boxes are not taken, only where the practice is",
)
CITY = Shape(longest=30, shortest=2)
STATE = Shape(longest=2, shortest=2, exact=True, fits=STATES.__contains__, wanted="one of the two-letter states")
ZIP = Shape(longest=10, shortest=5, exact=True, fits=_pattern(r"\d{5}(-?\d{4})?"), wanted="five or nine digits")
FULL_ZIP = Shape(longest=10, shortest=5, exact=True, fits=_pattern(r"\d{5}-?\d{4}"), wanted="nine digits")
NPI = Shape(longest=10, shortest=1, exact=True, fits=is_npi, wanted="ten digits with a check digit that is right")
TAX_ID = Shape(longest=11, exact=True, fits=_pattern(r"\d{9}"), wanted="nine digits without dashes")
TAX_KIND = Shape(longest=2, exact=True, fits=_pattern("EI|SY"), wanted="EI or SY")
TAXONOMY = Shape(longest=10, exact=True, fits=TAXONOMIES.__contains__, wanted="a taxonomy of behavioral health we know")
CONTACT = Shape(longest=60)
PHONE = Shape(longest=20, exact=True, fits=_pattern(r"\d{10}"), wanted="ten digits without punctuation")
EMAIL = Shape(longest=256, exact=True, fits=_pattern(r"\S+@\S+"), wanted="an e-mail address")
ENTITY_ID = Shape(longest=80, shortest=2, exact=True)
MEMBER_ID = Shape(longest=80, shortest=2, exact=True)
GROUP_NUMBER = Shape(longest=50, exact=True)
REFERENCE = Shape(longest=50, exact=True)
CONTROL = Shape(longest=20, exact=True, fits=_pattern("[A-Za-z0-9-]+"), wanted="letters, digits and dashes only")
LINE_CONTROL = Shape(longest=30, exact=True, fits=_pattern("[A-Za-z0-9-]+"), wanted="letters, digits and dashes only")
SEX = Shape(longest=1, exact=True, fits=_pattern("[FMU]"), wanted="F, M or U")
RELATION = Shape(longest=2, exact=True, fits=RELATIONS.__contains__, wanted="a relationship that payers know")
FILING = Shape(longest=2, exact=True, fits=FILINGS.__contains__, wanted="a kind of plan that payers know")
PLACE = Shape(longest=2, exact=True, fits=PLACES.__contains__, wanted="a place of service that payers know")
FREQUENCY = Shape(longest=1, exact=True, fits=_pattern("[178]"), wanted="1 (original), 7 (replacement) or 8 (void)")
DIAGNOSIS = Shape(
    longest=8,
    shortest=3,
    exact=True,
    fits=_pattern(r"[A-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?"),
    wanted="written like an ICD-10-CM code",
)
PROCEDURE = Shape(
    longest=5,
    shortest=5,
    exact=True,
    fits=_pattern(r"\d{4}[0-9A-Z]|[A-V]\d{4}"),
    wanted="written like a CPT or HCPCS code",
)
MODIFIER = Shape(longest=2, exact=True, fits=MODIFIERS.__contains__, wanted="a modifier that we know")
MAILBOX_KIND = Shape(
    longest=2, exact=True, fits=_pattern("01|14|20|27|28|29|30|33|ZZ"), wanted="ZZ, 30, 01 or the like"
)
MAILBOX_ID = Shape(longest=15, exact=True)
GROUP_ID = Shape(longest=15, shortest=2, exact=True)
