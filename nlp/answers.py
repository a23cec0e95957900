"""A short answer, read in the light of what was asked: "3:15", "both there", "no concerns", "Gonzalez".

The message is cut at its marks, and the longest pieces are tried first. A piece counts only if a reading understands
the whole of it; whatever is left over is the reader's, who reads it as any other message. A bare answer fills only what
was asked about, and never one of two.
"""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from billing.record import record
from billing.records import Heard
from billing.slots import SLOTS
from nlp.asked import NAME, Asked, Reply, asked_of, said, trimmed, whole, with_initials
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

_CUT = re.compile(r"\n+|(?<![ap]\.m)[.;!?]+(?=\s|$)|,|\s(?:[–—-]+|and|but|&)(?=\s)", re.IGNORECASE)


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
    taken = list(_short_answers(text.message, pieces, views))
    taken += _own_words(text.message, _left(pieces, taken), asked)
    taken.sort(key=lambda t: t.start)
    return Answered(facts=_settled(taken), rest=_rest(text.message, taken))


def _is_report(asked: Asked) -> bool:
    """Whether the message begins with another group than the draft's, or tells of this one by itself."""
    found = group_names_of(asked.roster).find(asked.text, sentences_of(asked.text))
    opening = [n for n in found if n.opens and n.sentence == 0 and not n.elsewhere]
    clients = {s for n in asked.names if len(n.subjects) == 1 for s in n.subjects}
    another = any(asked.draft and asked.draft.group not in n.ids for n in opening) and not asked.about("group")
    return another or (bool(opening) and len(clients) >= REPORT)


# ---- pieces -----------------------------------------------------------------------------------------------------


def _pieces(message: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    start = sentence = 0
    for cut in (*_CUT.finditer(message), None):
        end = cut.start() if cut else len(message)
        first, last = trimmed(message, start, end)
        if first < last:
            found.append(Piece(start=first, end=last, sentence=sentence))
        start = cut.end() if cut else end
        sentence += bool(cut and cut.group().strip() in ("", *".;!?"))
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


def _understood(reply: Reply, asked: Asked) -> Answer | None:
    return next((answer for reading in READINGS if (answer := reading(reply, asked))), None)


def _reply(message: str, asked: Asked, start: int, end: int) -> Reply:
    masked = list(message)
    for n in asked.names:
        masked[n.start : n.end] = NAME * (n.end - n.start)
    return Reply(message=message, masked="".join(masked), start=start, end=end, names=asked.names)


def _own_words(message: str, left: tuple[Piece, ...], asked: Asked) -> Iterator[Taken]:
    """What is left of each sentence, taken together."""
    for _, run in groupby(left, key=lambda p: p.sentence):
        pieces = tuple(run)
        start, end = pieces[0].start, pieces[-1].end
        answer = own_words(_reply(message, asked, start, end), asked)
        if answer:
            yield Taken(answer=answer, start=start, end=end)


# ---- what comes of it -------------------------------------------------------------------------------------------


def _left(pieces: tuple[Piece, ...], taken: list[Taken]) -> tuple[Piece, ...]:
    return tuple(p for p in pieces if not any(t.start < p.end and p.start < t.end for t in taken))


def _settled(taken: list[Taken]) -> tuple[Heard, ...]:
    """All facts in order; what was said of everybody gives way to what was said of one."""
    single = {f.about for t in taken if not t.answer.general for f in t.answer.facts}
    return tuple(
        f
        for t in taken
        for f in t.answer.facts
        if not (t.answer.general and f.about in single and not SLOTS[f.about.slot].collects)
    )


def _rest(message: str, taken: list[Taken]) -> tuple[tuple[int, int], ...]:
    """The stretches between the answers that have words in them."""
    edges = [0, *(edge for t in taken for edge in (t.start, t.end)), len(message)]
    gaps = (trimmed(message, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))
    return tuple((start, end) for start, end in gaps if start < end)
