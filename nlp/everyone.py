""" "Everyone here", "all but Ana", "7/8", "the rest on": what a message says of clients it does not name."""

import re

from billing.record import record
from nlp.clock import NUMBERS
from nlp.phrases import alternatives, phrases

_FLAGS = re.IGNORECASE
_CAME = rf"(?:{alternatives(phrases('presence', 'came'))})(?![\w'])"
_BUT = r"(?:but|except(?:\s+for)?|minus|besides|other\s+than|apart\s+from|save(?:\s+for)?|w/o|without|bar)\b"
_FILL = r"(?:\s+(?:was|were|is|are|all|finally|who|of|the|them|us|\d{1,2}|eight|nine|ten|eleven|twelve|seven|six|five|showed|today|tonight|else|actually|came|back))*\s+"
_EVERYONE = re.compile(
    rf"\b{alternatives(phrases('presence', 'everyone'))}(?:{_FILL}{_CAME}|\s+(?:today\s+|tonight\s+|here\s+)?{_BUT})"
    rf"|\b{alternatives(phrases('presence', 'everyone_alone'))}\b"
    rf"|\ball\s+(?:of\s+)?(?:the\s+)?(?:\d{{1,2}}|{'|'.join(NUMBERS)})(?:\s+(?:of\s+them|clients|members|pts))?(?:\s+(?:were|was|are))?\s+{_CAME}",
    _FLAGS,
)
_REST = re.compile(rf"(?:^|(?<=[\s,.;(]))(?:{alternatives(phrases('presence', 'the_rest'))})(?:\s+(?:was|were|is|are|all|of|them|the|group))*\s+{_CAME}", _FLAGS)
_NUMBER = rf"\d{{1,2}}|{'|'.join(w for w in NUMBERS if len(w) > 2)}"
_FRACTION = re.compile(rf"(?<![\d/])(?P<n>\d{{1,2}})\s*(?:/|of|out\s+of)\s*(?P<all>\d{{1,2}})(?![\d/]|\s*(?:nights|days|times|wks|weeks|meetings|pm|am))", _FLAGS)
_COUNT = re.compile(
    rf"(?:\bso\s+(?P<a>{_NUMBER})\b|\b(?P<b>{_NUMBER})\s+(?:others\s+|clients\s+|people\s+|members\s+|total\s+)?(?:there|here|present|made\s+it|came|attended|in\s+attendance|showed(?:\s+up)?)\b)", _FLAGS
)


@record
class Rest:
    """Who was not named came as well; [start, end) are characters."""

    start: int
    end: int
    why: str


def rest_of(message: str, enrolled: int, absent: int, named: int) -> Rest | None:
    """Whether everybody enrolled who is not said to be absent came. `enrolled`, `absent`, `named`: how many.

    A count settles it only if it adds up.
    """
    for match in (*_EVERYONE.finditer(message), *_REST.finditer(message)):
        if not re.match(r"\s*(?:has|have|had)\s+been\s+told", message[match.end() :]):
            return Rest(start=match.start(), end=match.end(), why="everybody, or the rest, is said to have come")
    for match in _FRACTION.finditer(message):
        if int(match["all"]) == enrolled and int(match["n"]) == enrolled - absent:
            return Rest(start=match.start(), end=match.end(), why="the count leaves nobody out")
    for match in _COUNT.finditer(message):
        said = (match["a"] or match["b"]).lower()
        number = int(said) if said.isdigit() else NUMBERS[said]
        if number == enrolled - absent and number > named / 2 and absent:
            return Rest(start=match.start(), end=match.end(), why="the count leaves nobody out")
    return None
