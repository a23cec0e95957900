"""What was asked, and a piece of the reply to it: everything that the readings of an answer look at.

A `Reply` hides every name behind signs of the same length, so that one pattern fits "Tom was late" and "Bob and Will
were late" alike and every place found in it is a place in the message.
"""

import re
from dataclasses import replace
from datetime import time
from functools import cache

from billing.findings import Question
from billing.record import record
from billing.records import About, ClientId, Draft, Heard, Roster, Schedule, Value, is_spoken
from nlp.clock import shifted
from nlp.context import Context
from nlp.people import Kind, People
from nlp.phrases import alternatives, phrases
from nlp.pipeline import Text, fold

NAME = "\ue000"
"""Stands for each character of a name."""

AND = r"(?:\s*(?:,\s*(?:and|&)?|and|&|\+|/)\s*|\s+)"
_ONE_NAME = rf"(?<!{NAME}){NAME}+(?!{NAME})"
NAMES = rf"{_ONE_NAME}(?:{AND}{_ONE_NAME})*"
_INITIAL = re.compile(
    r"(?<![\w'’])(?!a\s+(?!was\b|is\b|did|cancel|came\b|never\b))[^\W\d_]{1,3}(?![\w'’])\.?", re.IGNORECASE
)


SHORT = 40
"""Words of a message that may still be an answer or a correction; anything longer is a report."""


@record
class Named:
    """A name in the reply: [start, end) in the message, and whom it may mean (clients' ids, or spoken names)."""

    start: int
    end: int
    subjects: tuple[str, ...]
    many: bool = False


@record
class Asked:
    """What the bot asked last, what it knows, and everybody named in the reply."""

    text: Text
    context: Context
    people: People
    names: tuple[Named, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.context.asked

    @property
    def draft(self) -> Draft | None:
        return self.context.draft

    @property
    def roster(self) -> Roster:
        return self.context.roster

    @property
    def mends(self) -> bool:
        """Whether the message may put something right: there is a draft, and it is no report of its own."""
        return self.draft is not None and len(self.text.message.split()) <= SHORT

    @property
    def schedule(self) -> Schedule | None:
        """When the group of the draft usually meets."""
        group = self.draft.group if self.draft else None
        return next((g.schedule for g in self.roster.groups if g.id == group), None)

    @property
    def expected(self) -> time:
        """The start, as far as anybody knows: as said, as scheduled, or some two hours before the message."""
        if self.draft and self.draft.starts:
            return self.draft.starts
        return self.schedule.starts if self.schedule else shifted(self.context.now.time(), -120)

    def about(self, slot: str) -> tuple[Question, ...]:
        """The open questions about that slot, in the order of asking."""
        return tuple(q for q in self.questions if any(a.slot == slot for a in q.about))

    def subjects(self, *slots: str) -> tuple[str, ...]:
        """Everybody that these slots were asked of."""
        return tuple(dict.fromkeys(a.subject for q in self.questions for a in q.about if a.slot in slots))

    def singular_they(self, clients: tuple[str, ...]) -> bool:
        """Whether "they" may be one of these clients rather than all."""
        return any("they" in (c.pronouns or "") for c in self.roster.clients if c.id in clients)

    def only(self, *slots: str) -> bool:
        """Whether nothing else was asked."""
        return bool(self.questions) and all(a.slot in slots for q in self.questions for a in q.about)


@record
class Reply:
    """A piece of the message, [start, end), that may be one answer. `masked` is the message with all names hidden."""

    message: str
    masked: str
    start: int
    end: int
    names: tuple[Named, ...]

    @property
    def text(self) -> str:
        return self.message[self.start : self.end]

    def fits(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """A match of the whole piece, but for marks at its ends."""
        return pattern.fullmatch(self.masked, self.start, self.end)

    def named(self, match: re.Match[str], group: str) -> tuple[Named, ...]:
        """The names that stand in a part of the match; empty if the part is missing."""
        start, end = match.span(group)
        return tuple(n for n in self.names if start <= n.start and n.end <= end)

    def heard(self, about: About, value: Value, why: str, *, retracts: bool = False) -> Heard:
        span = (self.start, self.end)
        return Heard(about=about, value=value, quote=self.text, span=span, why=why, retracts=retracts)

    def words(self, about: About, start: int, end: int, why: str, *, retracts: bool = False) -> Heard:
        """A stretch of the clinician's own words, without the blanks and marks around it."""
        start, end = trimmed(self.message, start, end)
        quote = self.message[start:end]
        return Heard(about=about, value=quote, quote=quote, span=(start, end), why=why, retracts=retracts)

    def upto(self, end: int) -> "Reply":
        return Reply(message=self.message, masked=self.masked, start=self.start, end=end, names=self.names)


def masked(message: str, asked: Asked) -> str:
    """The message with every name hidden."""
    signs = list(message)
    for n in asked.names:
        signs[n.start : n.end] = NAME * (n.end - n.start)
    return "".join(signs)


def trimmed(message: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without blanks and marks at its ends; closing brackets and quotes stay."""
    while start < end and message[start] in " \t\n,.;:-–—!":
        start += 1
    while start < end and message[end - 1] in " \t\n,.;:-–—!":
        end -= 1
    return start, end


@cache
def said(key: str) -> str:
    """A regular expression for any of the phrases under `key` in answers.toml."""
    return alternatives(phrases("answers", key))


@cache
def whole(expression: str) -> re.Pattern[str]:
    """The pattern of a whole answer, with the little words that people put around one."""
    lead = rf"(?:{said('before')}\b[\s,:]*)*"
    trail = rf"(?:[\s,]+{said('after')})*"
    return re.compile(rf"[\s,.;:!()–—-]*{lead}(?:{expression}){trail}[\s,.;:!()–—-]*", re.IGNORECASE)


def asked_of(text: Text, context: Context, people: People) -> Asked:
    """What was asked in `context`, with the names that `people` and the questions themselves find in `text`."""
    asked = Asked(text=text, context=context, people=people)
    enrolled = _likely(asked)
    found = [
        Named(start=m.start, end=m.end, subjects=tuple(m.ids), many=m.many)
        for m in people.find(text, enrolled)
        if m.kind is not Kind.STAFF
    ]
    found = _with_spoken(text.message, asked, found)
    return replace(asked, names=tuple(sorted(found, key=lambda n: n.start)))


def with_initials(asked: Asked) -> Asked:
    """The same, where also a letter or two ("d", "mg") may stand for somebody asked about."""
    taken = [range(n.start, n.end) for n in asked.names]
    subjects = tuple(s for s in asked.subjects(*CLIENT_SLOTS) if s and not is_spoken(s))
    short = [
        Named(start=m.start(), end=m.end(), subjects=fits)
        for m in _INITIAL.finditer(asked.text.message)
        if not any(m.start() in r for r in taken) and (fits := _short_for(m.group(), subjects, asked))
    ]
    return replace(asked, names=tuple(sorted((*asked.names, *short), key=lambda n: n.start)))


OWN_TIMES = ("minutes_late", "minutes_early", "arrived", "left")
CLIENT_SLOTS = ("presence", *OWN_TIMES, "words", "progress", "risk", "safety_action", "mode")


def _likely(asked: Asked) -> tuple[ClientId, ...]:
    """The people of this session, who come first where a name fits several."""
    enrolled = tuple(a.client for a in asked.draft.attendance) if asked.draft else ()
    return enrolled or tuple(ClientId(s) for s in asked.subjects(*CLIENT_SLOTS) if not is_spoken(s))


def _with_spoken(message: str, asked: Asked, found: list[Named]) -> list[Named]:
    """Adds the names that are still unsettled, as they were spoken: "Jake was a visitor"."""
    spoken = {s for s in asked.subjects("who") if is_spoken(s)}
    spoken |= {u.subject for u in asked.draft.unclear} if asked.draft else set()
    for subject in sorted(spoken, key=len, reverse=True):
        pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, subject.removeprefix("~").split())) + r"(?!\w)"
        for m in re.finditer(pattern, message, re.IGNORECASE):
            same = [n for n in found if n.start < m.end() and m.start() < n.end]
            if not same:
                found = [*found, Named(start=m.start(), end=m.end(), subjects=(subject,))]
            elif all((n.start, n.end) == m.span() and len(n.subjects) != 1 for n in same):
                both = Named(start=m.start(), end=m.end(), subjects=(*same[0].subjects, subject), many=same[0].many)
                found = [n for n in found if n not in same] + [both]
    return found


def _short_for(word: str, subjects: tuple[str, ...], asked: Asked) -> tuple[str, ...]:
    """Those asked about whose first name begins so, if it is one letter, or whom the practice calls so."""
    letters = fold(word)
    if letters in {"i", "no", "and", "all", "the", "was", "she", "he"}:
        return ()
    if len(letters) > 1:
        fits = asked.people.named(letters, tuple(map(ClientId, subjects)))
        return tuple(s for s in subjects if s in fits)
    clients = [c for c in asked.roster.clients if c.id in subjects]
    return tuple(c.id for c in clients if letters in {fold(n)[:1] for n in (c.preferred or c.first, c.first)})
