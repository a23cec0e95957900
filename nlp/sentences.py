"""A message cut into sentences: at full stops, line ends, bullets and signs that people put between thoughts."""

import re
import unicodedata

from billing.record import record
from nlp.pipeline import Text

_FULL_STOP = re.compile(r"[.!?…]+[\"”’')\]]*$")
_INITIAL = re.compile(r"[A-Z]\.")
_INITIALS = re.compile(r"[A-Z]{2,3}\.")
_BULLETS = {"•", "·", "▪", "◦", "*", "→"}
_CLOSERS = {'"', "”", "’", "'", ")", "]"}


@record
class Sentence:
    """Tokens [first, after). `line`: it begins a line or a list item; `parts` are numbers of its first tokens after
    weaker cuts (emoji, semicolons).
    """

    first: int
    after: int
    line: bool
    cuts: tuple[int, ...] = ()


def sentences_of(text: Text) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    first, line = 0, True
    for index, token in enumerate(text.tokens):
        broken = index > first and _breaks_before(text, index)
        if broken:
            found.append(_sentence(text, first, index, line=line))
            first, line = index, _line_between(text, index)
        if token.text in _BULLETS and index == first:
            first = index + 1
    if first < len(text.tokens):
        found.append(_sentence(text, first, len(text.tokens), line=line))
    return tuple(s for s in found if s.first < s.after)


def _sentence(text: Text, first: int, after: int, *, line: bool) -> Sentence:
    cuts = tuple(i for i in range(first + 1, after) if _is_weak_cut(text, i - 1) and not _is_weak_cut(text, i))
    return Sentence(first=first, after=after, line=line, cuts=cuts)


def _breaks_before(text: Text, index: int) -> bool:
    before, token = text.tokens[index - 1], text.tokens[index]
    if _line_between(text, index) or token.text in _BULLETS:
        return True
    if _FULL_STOP.fullmatch(token.text) or (token.text in _CLOSERS and token.start == before.end):
        return False
    return _ends_with_initials(text, index) or _stopped(text, index)


def _ends_with_initials(text: Text, index: int) -> bool:
    """As in "Bill S. Rick cried", "Vic, MB. Rick cried": the full stop of a name is the sentence's as well."""
    before, token = text.tokens[index - 1], text.tokens[index]
    if not token.text[0].isupper() or token.start == before.end:
        return False
    first = text.at(index - 2)
    named = first is not None and first.text[0].isupper() and first.end + 1 == before.start
    return bool(_INITIALS.fullmatch(before.text)) or (named and bool(_INITIAL.fullmatch(before.text)))


def _stopped(text: Text, index: int) -> bool:
    before, token = text.tokens[index - 1], text.tokens[index]
    quoted = before.text in _CLOSERS and index > 1
    ended = text.tokens[index - 2] if quoted else before
    if not _FULL_STOP.fullmatch(ended.text):
        return False
    if quoted:
        return token.text[0].isupper() or not token.is_word
    return token.start > before.end or not token.is_word


def _line_between(text: Text, index: int) -> bool:
    return "\n" in text.between(text.tokens[index - 1], text.tokens[index])


def _is_weak_cut(text: Text, index: int) -> bool:
    """A semicolon, a sign, a table's bar, or a slash with blanks around it."""
    token = text.tokens[index]
    if token.text == "/":
        following = text.at(index + 1)
        return following is not None and following.start > token.end
    return token.text in {";", "|"} or is_sign(token.text)


def is_sign(text: str) -> bool:
    """Whether it is an emoji or another pictorial sign."""
    return bool(text) and unicodedata.category(text[0]) == "So"
