"""What a message says of clients it does not name: "Everyone here", "all but Ana", "7/8", "the rest cancelled"."""

import re

from billing.record import record
from billing.records import Presence
from nlp.clock import NUMBERS
from nlp.phrases import alternatives, phrases, table

_FLAGS = re.IGNORECASE
_CAME = rf"(?:{alternatives(phrases('presence', 'came'))})(?![\w'])"
_BUT = r"(?:but|except(?:\s+for)?|minus|besides|other\s+than|apart\s+from|save(?:\s+for)?|w/o|without|bar)\b"
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(w for w in NUMBERS if len(w) > 2)})"
_FILL = (
    rf"(?:\s+(?:was|were|is|are|all|finally|who|of|the|them|us|{_NUMBER}|showed|today|tonight|else|actually|came|back|on|list|"
    r"really|just|has|had|have|did))*\s+"
)
_EVERYONE = re.compile(
    rf"\b{alternatives(phrases('presence', 'everyone'))}"
    rf"(?:{_FILL}{_CAME}|\s+(?:today\s+|tonight\s+|here\s+|there\s+|came\s+|was\s+there\s+|in\s+)*{_BUT})"
    rf"|\b{alternatives(phrases('presence', 'everyone_alone'))}\b"
    rf"|(?<!told )(?<!texted )(?<!called )(?<!tell )\ball\s+(?:of\s+)?(?:the\s+)?{_NUMBER}"
    r"(?:\s+(?:of\s+(?:them|us)|clients|members|pts|enrolled|on\s+the\s+(?:list|roster)))*"
    rf"(?:{_FILL}{_CAME}|\s+on\s+(?=mon|tue|wed|thu|fri|sat|sun)|\s*(?:[.,!]|[^\w\s,.'-])(?=\s|$))"
    rf"|(?:^|[.,;:•+|\n]\s*)(?:{alternatives(('everyone', 'everybody', 'evryone', 'evrybody'))})\s*(?:[.,;!\n]|$)"
    rf"|\ball\s+but\b(?!\s+{_NUMBER}\b)",
    _FLAGS,
)
_REST_HEAD = (
    rf"(?:^|(?<=[\s,.;(:]))(?P<who>{alternatives(phrases('presence', 'the_rest'))})"
    r"(?:\s+(?:was|were|is|are|have|had|all|of|them|the|group|just|either))*\s+"
)
_REST = re.compile(_REST_HEAD + _CAME, _FLAGS)
_REST_AWAY = {
    Presence(name): re.compile(_REST_HEAD + alternatives(words), _FLAGS)
    for name, words in table("presence", "rest_away").items()
}
_ALL_BUT = re.compile(rf"\b(?:all|everyone|everybody)\s+(?:but|except)\s+(?P<n>{_NUMBER})\b", _FLAGS)
_ONLY = re.compile(r"\b(?:nobody|no\s+one|noone)\s+(?:but|except)\b", _FLAGS)
_FRACTION = re.compile(
    rf"(?<![\d/:])(?P<n>{_NUMBER})\s*(?:/|\s(?:of|out\s+of|for)(?:\s+(?:the|our))?\s)\s*(?P<all>{_NUMBER})(?![\d/:]|\s*(?:nights|days|times|wks|weeks|meetings|pm|am|min|months|stars|people\s+said))",
    _FLAGS,
)
_COUNT = re.compile(
    rf"(?:\bso\s+(?P<a>{_NUMBER})\b|\b(?P<b>{_NUMBER})\s+(?:others\s+|other\s+|clients\s+|people\s+|members\s+|total\s+|mamas\s+|moms\s+|men\s+|women\s+|teens\s+|kids\s+|vets\s+|souls\s+|ppl\s+|pts\s+|folks\s+|of\s+them\s+|in\s+all\s+)*"
    rf"(?:were\s+(?:all\s+)?)?(?:there|here|present|made\s+it|came|attended|in\s+attendance|showed(?:\s+up)?|in\b(?=\s*[.,:;]|\s*$)|on\b(?=\s*[.,:;]))"
    rf"|(?:\bn\s*=\s*|\b(?:present|here)\s*x\s*)(?P<d>{_NUMBER})\b|(?:^|[.;,:]\s+)(?P<c>{_NUMBER})(?:\s+(?:of\s+(?:them|us)|today|tonight|in\s+all))?\s*[.;:])",
    _FLAGS,
)


@record
class Rest:
    """What happened to everybody enrolled who was not named; [start, end) are characters."""

    presence: Presence
    start: int
    end: int
    why: str


def rest_of(message: str, enrolled: int, absent: int, named: int) -> Rest | None:
    """What the message says of the clients that it does not name. `enrolled`, `absent`, `named`: how many.

    A count settles it only if it adds up.
    """
    away = _rest_away(message)
    if away:
        return away
    for match in (*_EVERYONE.finditer(message), *_REST.finditer(message)):
        told = re.match(r"\s*(?:has|have|had)\s+been\s+told|\s+(?:who|that)\b", message[match.end() :])
        if not told:
            return Rest(
                presence=Presence.PRESENT,
                start=match.start(),
                end=match.end(),
                why="everybody, or the rest, is said to have come",
            )
    return _all_but(message, absent) or _counted(message, enrolled, absent, named)


def _all_but(message: str, absent: int) -> Rest | None:
    """As in "All but two": only where two are named as absent."""
    for match in _ALL_BUT.finditer(message):
        if _int(match["n"]) == absent:
            return Rest(
                presence=Presence.PRESENT, start=match.start(), end=match.end(), why="all but those named as absent"
            )
    return None


def _rest_away(message: str) -> Rest | None:
    for presence, pattern in _REST_AWAY.items():
        match = pattern.search(message)
        if match:
            return Rest(presence=presence, start=match.start(), end=match.end(), why="said of all the others")
    only = _ONLY.search(message)
    if only:
        return Rest(presence=Presence.ABSENT, start=only.start(), end=only.end(), why="nobody else came")
    return None


def _counted(message: str, enrolled: int, absent: int, named: int) -> Rest | None:
    for match in _FRACTION.finditer(message):
        if _int(match["all"]) == enrolled and _int(match["n"]) == enrolled - absent:
            return Rest(
                presence=Presence.PRESENT, start=match.start(), end=match.end(), why="the count leaves nobody out"
            )
    for match in _COUNT.finditer(message):
        number = _int(match["a"] or match["b"] or match["c"] or match["d"])
        if number == enrolled - absent and (absent or number == enrolled) and number >= named - absent:
            return Rest(
                presence=Presence.PRESENT, start=match.start(), end=match.end(), why="the count leaves nobody out"
            )
    return None


def _int(said: str) -> int:
    return int(said) if said.isdigit() else NUMBERS[said.lower()]
