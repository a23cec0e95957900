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
    if _FULL_STOP.fullmatch(token.text) and not _line_between(text, index):
        return False
    if _line_between(text, index) or token.text in _BULLETS:
        return True
    if token.text in _CLOSERS and token.start == before.end:
        return False
    if _INITIALS.fullmatch(before.text) and token.text[0].isupper() and token.start > before.end:
        return True
    if _INITIAL.fullmatch(before.text) and token.text[0].isupper() and index > 1 and token.start > before.end:
        return text.tokens[index - 2].text[0].isupper() and text.tokens[index - 2].end + 1 == before.start
    ended = before if not (before.text in _CLOSERS and index > 1) else text.tokens[index - 2]
    stopped = bool(_FULL_STOP.fullmatch(ended.text))
    if before is not ended and stopped:
        return token.text[0].isupper() or not token.is_word
    return stopped and (token.start > before.end or not token.is_word)


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
