"""A short answer, read in the light of what was asked: "3:15", "both there", "no concerns", "Gonzalez".

The message is cut at its marks, and the longest pieces are tried first. A piece counts only if a reading understands
the whole of it; whatever is left over is the reader's, who reads it as any other message. A bare answer fills only what
was asked about, and never one of two.
"""

import re
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise

from billing.record import record
from billing.records import Heard
from billing.slots import SLOTS
from nlp.asked import NAME, Asked, Reply, asked_of, masked, said, trimmed, whole, with_initials
from nlp.context import Context
from nlp.corrections import correction
from nlp.figures import number, times
from nlp.groups import group_names_of
from nlp.own_words import own_words
from nlp.people import People
from nlp.pipeline import Text
from nlp.sentences import sentences_of
from nlp.settling import label, session, who, yes_or_no
from nlp.statements import Answer, presence, progress, risk

Reading = Callable[[Reply, Asked], Answer | None]

READINGS: tuple[Reading, ...] = (correction, label, who, yes_or_no, presence, risk, progress, times, number, session)
"""In this order each piece is tried; words of one's own come last, for what nothing else understands."""

REPORT = 3
"""A message that begins with a group and names so many clients is a report of its own, whatever was asked before."""

LONGEST = 10
"""Pieces that one answer may consist of."""

_CUT = re.compile(r"\n+|(?<![ap]\.m)(?<!\s\w)(?<!^\w)[.;!?]+(?=\s|$)|,|\s(?:[–—-]+|and|but|&)(?=\s)", re.IGNORECASE)


_CONTRAST = re.compile(
    r"\b(?:not|\w+n['’]?t|but|except|though|however|less|worse|concern\w*|risk|safety|si|hi)\b", re.IGNORECASE
)


@record
class Answered:
    """What the message answers, and the stretches [start, end) of it that are left for the reader, in order."""

    facts: tuple[Heard, ...]
    rest: tuple[tuple[int, int], ...]


@record
class Piece:
    """[start, end) between two marks; `sentence` counts the sentences of the message."""

    start: int
    end: int
    sentence: int


@record
class Taken:
    """An answer, and where in the message it stands."""

    answer: Answer
    start: int
    end: int


def is_undo(text: str) -> bool:
    """Whether the message takes back the one before: "undo", "scratch that".

    >>> is_undo("Scratch that!"), is_undo("scratch that part about her mom")
    (True, False)
    """
    return bool(whole(said("undo")).fullmatch(text))


def answers(text: Text, context: Context, people: People) -> Answered:
    """What `text` answers of `context.asked`, or mends of `context.draft`.

    Facts are those of the reader: without source, author and instant, which the store fills in.
    """
    asked = asked_of(text, context, people)
    if not (context.asked or context.draft) or _is_report(asked):
        return Answered(facts=(), rest=_rest(text.message, []))
    pieces = _pieces(text.message)
    views = (asked, with_initials(asked))
    taken = _uninterrupted(list(_short_answers(text.message, pieces, views)), pieces, masked(text.message, views[1]))
    taken += _own_words(text.message, _left(pieces, taken), asked)
    taken.sort(key=lambda t: t.start)
    return Answered(facts=_settled(taken, pieces, views[1]), rest=_rest(text.message, taken))


def _is_report(asked: Asked) -> bool:
    """Whether the message begins with another group than the draft's, or tells of this one by itself."""
    found = group_names_of(asked.roster).find(asked.text, sentences_of(asked.text))
    opening = [n for n in found if n.opens and n.sentence == 0 and not n.elsewhere]
    clients = {s for n in asked.names if len(n.subjects) == 1 for s in n.subjects}
    another = any(asked.draft and asked.draft.group not in n.ids for n in opening) and not asked.about("group")
    return another or (bool(opening) and len(clients) >= REPORT)


# ---- pieces -----------------------------------------------------------------------------------------------------


def _pieces(message: str) -> tuple[Piece, ...]:
    """What stands between two marks; what is asked ("Lee no show?") is no answer and is left out."""
    found: list[Piece] = []
    start = sentence = 0
    for cut in (*_CUT.finditer(message), None):
        mark = cut.group().strip() if cut else "."
        first, last = trimmed(message, start, cut.start() if cut else len(message))
        if first < last:
            found.append(Piece(start=first, end=last, sentence=sentence))
        if "?" in mark or message[first:last].endswith("?"):
            found = [p for p in found if p.sentence != sentence]
        start = cut.end() if cut else start
        sentence += mark in ("", ".", ";", "!", "?") or mark[0] in ".!?"
    return tuple(found)


def _short_answers(message: str, pieces: tuple[Piece, ...], views: tuple[Asked, ...]) -> Iterator[Taken]:
    """The longest answer from the first piece on, then from the piece after it, and so on."""
    at = 0
    while at < len(pieces):
        found = _longest(message, pieces, at, views)
        if found is None:
            at += 1
            continue
        taken, at = found
        yield taken


def _longest(message: str, pieces: tuple[Piece, ...], at: int, views: tuple[Asked, ...]) -> tuple[Taken, int] | None:
    """The longest answer that begins at piece `at`, and the piece after it."""
    sentence = [p for p in pieces[at : at + LONGEST] if p.sentence == pieces[at].sentence]
    for count in range(len(sentence), 0, -1):
        start, end = sentence[0].start, sentence[count - 1].end
        for asked in views:
            answer = _understood(_reply(message, asked, start, end), asked)
            if answer:
                ends = answer.end or end
                return Taken(answer=answer, start=start, end=ends), at + sum(p.start < ends for p in sentence[:count])
    return None


def _uninterrupted(taken: list[Taken], pieces: tuple[Piece, ...], hidden: str) -> list[Taken]:
    """Without what goes on: "Bob absent, he'd cancelled at 4" and "Present: Ana, Bob" are the reader's as a whole."""
    left = _left(pieces, taken)
    return [t for t in taken if t.answer.end or not _goes_on(t, pieces, left, hidden)]


def _goes_on(taken: Taken, pieces: tuple[Piece, ...], left: tuple[Piece, ...], hidden: str) -> bool:
    """Whether an answer about somebody is followed, in its sentence, by what does not speak of somebody else."""
    last = next(p for p in pieces if p.end >= taken.end)
    following = next((p for p in left if p.start >= taken.end), None)
    if (
        following is None
        or following.sentence != last.sentence
        or following != next(p for p in pieces if p.start >= taken.end)
    ):
        return False
    begins_anew = re.match(rf"{NAME}+\s*[^\s{NAME}]", hidden[following.start : following.end])
    return NAME in hidden[taken.start : taken.end] and not begins_anew


def _understood(reply: Reply, asked: Asked) -> Answer | None:
    return next((answer for reading in READINGS if (answer := reading(reply, asked))), None)


def _reply(message: str, asked: Asked, start: int, end: int) -> Reply:
    return Reply(message=message, masked=masked(message, asked), start=start, end=end, names=asked.names)


def _own_words(message: str, left: tuple[Piece, ...], asked: Asked) -> Iterator[Taken]:
    """What is left of each sentence, taken together as far as it speaks of the same person."""
    for _, run in groupby(left, key=lambda p: p.sentence):
        pieces = tuple(run)
        for start, end in _by_name(pieces, masked(message, asked)):
            answer = own_words(_reply(message, asked, start, end), asked)
            if answer:
                yield Taken(answer=answer, start=start, end=end)


def _by_name(pieces: tuple[Piece, ...], hidden: str) -> Iterator[tuple[int, int]]:
    """The pieces together, cut where a name begins one; a list of names stays with what is said of it."""
    start, end = pieces[0].start, pieces[0].end
    for before, piece in pairwise(pieces):
        only_names = not hidden[before.start : before.end].replace(NAME, "").strip()
        if hidden[piece.start] == NAME and not only_names:
            yield start, end
            start = piece.start
        end = piece.end
    yield start, end


# ---- what comes of it -------------------------------------------------------------------------------------------


def _left(pieces: tuple[Piece, ...], taken: list[Taken]) -> tuple[Piece, ...]:
    return tuple(p for p in pieces if not any(t.start < p.end and p.start < t.end for t in taken))


def _settled(taken: list[Taken], pieces: tuple[Piece, ...], asked: Asked) -> tuple[Heard, ...]:
    """All facts in order. What was said of everybody gives way to what was said of one, understood or not."""
    single = {
        f.about for t in taken if not t.answer.general for f in t.answer.facts if not SLOTS[f.about.slot].collects
    }
    return tuple(
        fact
        for t in taken
        for fact in t.answer.facts
        if not t.answer.general
        or not (fact.about in single or fact.about.subject in _set_apart(t, taken, pieces, asked))
    )


def _set_apart(answer: Taken, taken: list[Taken], pieces: tuple[Piece, ...], asked: Asked) -> set[str]:
    """Whom the rest of the sentence, or a "but" after it, speaks of: "all progressing, Tom not so much"."""
    sentences = {p.sentence for p in pieces if answer.start <= p.start < answer.end}
    apart = [
        p
        for p in _left(pieces, taken)
        if p.sentence in sentences or _CONTRAST.search(asked.text.message, p.start, p.end)
    ]
    return {s for n in asked.names for s in n.subjects if any(p.start <= n.start < p.end for p in apart)}


def _rest(message: str, taken: list[Taken]) -> tuple[tuple[int, int], ...]:
    """The stretches between the answers that have words in them."""
    edges = [0, *(edge for t in taken for edge in (t.start, t.end)), len(message)]
    gaps = (trimmed(message, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))
    return tuple((start, end) for start, end in gaps if start < end)
