"""Words of the clinician's own, where they were asked for: what a client did, what was done about a risk, the topic.

A sentence without a name counts only where one thing alone was asked for, and nobody else is spoken of. Sentences that
also tell of attendance are left to the reader, who reads both.
"""

import re
from collections.abc import Iterator

from billing.records import About, Heard, is_spoken
from nlp.asked import NAME, NAMES, OWN_TIMES, SHORT, Asked, Named, Reply, said, trimmed, whole
from nlp.attribution import Owned
from nlp.clauses import Clause
from nlp.clinical import actions_of, progress_of, risks_of
from nlp.names import key_of
from nlp.phrases import phrases
from nlp.senses import MARKS, parts_of, presence_said
from nlp.statements import Answer

FREE = ("words", "safety_action", "topic")

_SAME_FOR = whole(rf"{said('words.same_for')}\s+.+")
_NAME_THEN_WORDS = re.compile(
    rf"[\s,.;–—-]*(?:(?:and|also)\s+)?(?P<who>{NAMES})(?:\s+(?:both|all)\b)?(?P<says>.+)", re.IGNORECASE | re.DOTALL
)
_CLOCK_RANGE = re.compile(r"\d(?::\d\d)?\s*(?:-|–|to)\s*\d{1,2}(?::\d\d)?")


def own_words(reply: Reply, asked: Asked) -> Answer | None:
    """What is said of a client whose words were asked for: by name, or of the only one asked about.

    "Same for Will" is understood and says nothing: it is no note of Will's own, and no note of anybody else's either.
    """
    if reply.fits(_SAME_FOR):
        return Answer(facts=())
    if "?" in reply.message or reply.fits(whole(said("words.not_words"))):
        return None
    named = reply.fits(_NAME_THEN_WORDS)
    return _words_of(reply, asked, named) if named else _only_one(reply, asked)


def _words_of(reply: Reply, asked: Asked, match: re.Match[str]) -> Answer | None:
    """The words after a name, unless they name somebody else as well: who does what to whom, the reader knows."""
    clients = [_one_asked(n, asked.subjects("words", "safety_action")) for n in reply.named(match, "who")]
    start, end = trimmed(reply.message, *match.span("says"))
    said_of_one = NAME not in reply.masked[start:end] and _says_something(reply.masked[start:end])
    if not all(clients) or not said_of_one or _tells_attendance(reply, asked, start, end):
        return None
    facts = tuple(f for c in clients if c for f in _said_of(reply, asked, c, start, end))
    return Answer(facts=facts) if facts else None


def _one_asked(name: Named, subjects: tuple[str, ...]) -> str | None:
    inside = [s for s in name.subjects if s in subjects and not is_spoken(s)]
    return inside[0] if len(inside) == 1 else None


def _tells_attendance(reply: Reply, asked: Asked, start: int, end: int) -> bool:
    return any(presence_said(part, asked.expected) for part in parts_of(reply.message[start:end]))


def _said_of(reply: Reply, asked: Asked, client: str, start: int, end: int) -> Iterator[Heard]:
    """The words, and what is clinical in them: risk with its negation, progress, what was done.

    If of this client only that was asked, they say what was done about a risk.
    """
    if client not in asked.subjects("words"):
        yield reply.words(About(slot="safety_action", subject=client), start, end, "what was done, as asked")
        return
    yield reply.words(About(slot="words", subject=client), start, end, "answers the question about this client")
    tokens = [i for i, t in enumerate(asked.text.tokens) if start <= t.start < end]
    clause = Clause(first=tokens[0], body=tokens[0], after=tokens[-1] + 1, sentence=0, subject=None)
    owned = (Owned(clause=clause, subjects=(client,), named=False),)
    risks = tuple(risks_of(asked.text, owned))
    for found in (*risks, *progress_of(asked.text, owned), *actions_of(asked.text, owned, risks)):
        quote, span = reply.message[found.start : found.end], (found.start, found.end)
        about = About(slot=found.slot, subject=found.subject)
        yield Heard(about=about, value=found.value, quote=quote, span=span, why=found.why)
        if found.slot == "risk":
            yield reply.words(About(slot="risk_words", subject=client), found.start, found.end, found.why)


def _only_one(reply: Reply, asked: Asked) -> Answer | None:
    """A sentence without a name, where words were asked for of one thing only."""
    about = [a for q in asked.questions for a in q.about if a.slot in FREE]
    if len(about) != 1 or not _speaks_of(about[0], reply, asked):
        return None
    start, end = trimmed(reply.message, reply.start, reply.end)
    if about[0].slot == "words":
        return Answer(facts=tuple(_said_of(reply, asked, about[0].subject, start, end)))
    return Answer(facts=(reply.words(about[0], start, end, "the answer to the only question of its kind"),))


def _speaks_of(about: About, reply: Reply, asked: Asked) -> bool:
    """Whether the reply can be about nothing else: nobody else is named in it, and nobody else is asked about."""
    others = {s for n in asked.names for s in n.subjects or ("",)} - {about.subject}
    open_besides = set(asked.subjects("presence", "who", *OWN_TIMES)) - {about.subject}
    if others or (about.subject and open_besides) or len(reply.message.split()) > SHORT:
        return False
    first = next(iter(key_of(reply.text)), "")
    openings = ("words.requests", "words.not_about_a_client") if about.slot == "words" else ("words.requests",)
    if any(first in _opening(key) for key in openings) or _CLOCK_RANGE.search(reply.message):
        return False
    is_said = _says_something(reply.masked[reply.start : reply.end])
    return is_said and not _tells_attendance(reply, asked, reply.start, reply.end)


def _opening(key: str) -> set[str]:
    return {key_of(word)[0] for word in phrases("answers", key)}


def _says_something(words: str) -> bool:
    return bool(re.search(r"[^\W\d_]{3,}", words.strip(MARKS)))
