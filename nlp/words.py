"""Which characters of a clause are a client's words: everything said, without the names and without attendance."""

import re
from collections.abc import Iterator

from billing.record import record
from nlp.attribution import Owned
from nlp.clinical import chars
from nlp.phrases import alternatives, phrases
from nlp.pipeline import Text

_SPLIT = re.compile(r"\s*[,;]\s+|\s+[-–—]\s+|\s*\.\s+|\s+(?:and|but|then)\s+(?=\w)|\s*[()]\s*")
_TRIM_LEFT = re.compile(
    r"^(?:[\s,;:.\-–—)(+*•!]|['’]s\b(?=\s)|(?:and|but|then|um|uh|also|so|is|was|were|are)\b)+", re.IGNORECASE
)
_TRIM_RIGHT = re.compile(
    r"(?:[\s,;:\-–—(]|\b(?:and|but|then|so|um|uh|okay|also|just|only|then|when|because|with|w/|or)\b)+$|(?<=[\w\s])\.$",
    re.IGNORECASE,
)
_VERB = {"VBD", "VBZ", "VBP", "VBG", "VBN", "MD", "JJ", "RB"}
_ECHO = re.compile(rf"\W*{alternatives(phrases('clauses', 'echoes'))}\W*", re.IGNORECASE)


@record
class Stretch:
    """[start, end) of the message that belongs to `subject`."""

    subject: str
    start: int
    end: int
    why: str


def stretches_of(text: Text, owned: tuple[Owned, ...], dropped: tuple[tuple[int, int], ...]) -> Iterator[Stretch]:
    """Each client's words. `dropped`: characters that speak of attendance or of the hour."""
    for own in owned:
        start, end = chars(text, own.clause.body, own.clause.after)
        for span in _kept(text, start, end, dropped):
            yield from (Stretch(subject=s, start=span[0], end=span[1], why=own.why) for s in own.subjects)
        for subject, first, after in own.also:
            start, end = chars(text, first, after)
            for span in _kept(text, start, end, dropped):
                yield Stretch(
                    subject=subject, start=span[0], end=span[1], why="what one client does to another belongs to both"
                )


def _kept(text: Text, start: int, end: int, dropped: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """[start, end) without the pieces that speak of attendance, and without what merely explains those."""
    run: tuple[int, int] | None = None
    explains = False
    for first, last in pieces(text.message, start, end):
        attendance = any(a < last and first < b for a, b in dropped)
        if attendance or (explains and _is_reason(text, first, last)):
            explains = True
            if run:
                yield from trimmed(text.message, *run)
            run = None
            continue
        explains = False
        run = (run[0], last) if run else (first, last)
    if run:
        yield from trimmed(text.message, *run)


def pieces(message: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """[start, end) cut at commas, brackets, full stops and "and"."""
    at = start
    for match in _SPLIT.finditer(message, start, end):
        if at < match.start():
            yield at, match.start()
        at = match.end()
    if at < end:
        yield at, end


def _is_reason(text: Text, first: int, last: int) -> bool:
    """A few words without a verb after an attendance word: "left 10 min early, ride"."""
    tokens = [t for t in text.tokens if first <= t.start < last and t.is_word]
    return len(tokens) <= 4 and not any(t.tag in _VERB for t in tokens)


def trimmed(message: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """[start, end) without marks and joining words around it; nothing if no word is left."""
    left = _TRIM_LEFT.match(message[start:end])
    start += left.end() if left else 0
    right = _TRIM_RIGHT.search(message, start, end)
    end = right.start() if right else end
    said = message[start:end]
    if re.search(r"\w{2}", said) and not _ECHO.fullmatch(said):
        yield start, end
