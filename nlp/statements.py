"""What an answer says of the clients asked about: whether they came, how they are doing, whether they are safe.

A `Statement` is "whom" and "what". Each kind of question has one reading of the "what"; whom it may be said of depends
only on what was asked: a bare word counts where it can mean one client, "all" means everybody asked and nobody else.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from billing.findings import Question
from billing.record import record
from billing.records import About, Heard, Presence, is_spoken
from nlp.asked import NAME, NAMES, OWN_TIMES, Asked, Named, Reply, said, whole
from nlp.senses import MARKS, NONE_RAISED, Says, presence_said, progress_said, risk_said


@record
class Answer:
    """What a piece of the reply says. `general`: of everybody, so that a word on one client goes before it.

    `end`: where the answer ends, if the piece goes on with something that is not part of it.
    """

    facts: tuple[Heard, ...]
    general: bool = False
    end: int | None = None


@record
class Statement:
    """Whom the words in [start, end) speak of: `names`, or the kind of quantifier ("all", "both", "rest", "none",
    "neither", "they", "one"), or "" where nobody is said.
    """

    whom: str
    names: tuple[Named, ...]
    start: int
    end: int


KINDS = ("both", "neither", "rest", "none", "all", "they", "one")
GENERAL = ("both", "neither", "rest", "none", "all", "they", "")
Sense = Callable[[str], Says | None]


# ---- whom -------------------------------------------------------------------------------------------------------


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """As in "Tom and Will were late", "all denied SI", "no-show: Lee, Sam"; then the words by themselves."""
    whom = "|".join(rf"(?P<{kind}>{said(kind)})" for kind in KINDS)
    first = whole(
        rf"(?:(?:(?:both|the two)\s+)?(?P<who>{NAMES})(?:\s+(?:both|all)\b)?|(?:{whom})(?!\w))"
        r"(?:['’]s\b|[\s:,=–—-])*(?P<says>.*?)"
    )
    last = whole(rf"(?P<says>[^{NAME}]+?)\s*(?:\b(?:for|with|from|by|was|were|is|are)\b|[:=–—-])?\s*(?P<who>{NAMES})")
    of_rest = whole(rf"(?P<says>[^{NAME}]+?)\s+(?:for|with|from|about)\s+(?P<rest>{said('rest')})")
    return (first, last, of_rest, whole(r"(?P<says>.*?)"))


def statements(reply: Reply) -> Iterator[Statement]:
    for form in _forms():
        match = reply.fits(form)
        if match is None:
            continue
        parts = match.groupdict()
        kind = next((k for k in KINDS if parts.get(k)), "")
        names = reply.named(match, "who") if parts.get("who") else ()
        start, end = match.span("says")
        yield Statement(whom="names" if names else kind, names=names, start=start, end=end)


def subjects_of(statement: Statement, asked: Asked, slot: str, fitting: tuple[str, ...]) -> tuple[str, ...]:
    """The clients it may be said of; empty if that is open. `fitting`: those asked about whom it can answer for."""
    if statement.whom == "names":
        return named_clients(statement.names, asked, fitting, mends=slot == "presence")
    if statement.whom in ("both", "neither"):
        return fitting if len(fitting) == 2 else ()
    if statement.whom == "rest":
        return tuple(s for s in fitting if not any(s in n.subjects for n in asked.names))
    if statement.whom in ("all", "none") or (statement.whom == "they" and not asked.singular_they(fitting)):
        return fitting
    if statement.whom == "" and slot == "risk":
        return fitting
    return fitting if len(fitting) == 1 else ()


def named_clients(names: tuple[Named, ...], asked: Asked, fitting: tuple[str, ...], *, mends: bool) -> tuple[str, ...]:
    """The clients meant by these names, all of them or none: of namesakes the one who was asked about.

    Somebody who was not asked about counts only where the draft is being mended; otherwise it is the reader's business.
    """
    found: list[str] = []
    for name in names:
        inside = tuple(s for s in name.subjects if s in fitting)
        outside = tuple(s for s in name.subjects if not is_spoken(s)) if mends and asked.mends else ()
        ids = (outside if name.many else ()) or inside or outside
        if not ids or (len(ids) > 1 and not name.many):
            return ()
        found += ids
    return tuple(dict.fromkeys(found))


# ---- the three kinds of question ---------------------------------------------------------------------------------


def presence(reply: Reply, asked: Asked) -> Answer | None:
    """As in "d was a no show", "both there", "none of them", "10 late"."""
    return _read(reply, asked, "presence", lambda words: presence_said(words, asked.expected))


def progress(reply: Reply, asked: Asked) -> Answer | None:
    """As in "all progressing except tom, about the same"."""
    return _read(reply, asked, "progress", progress_said)


def risk(reply: Reply, asked: Asked) -> Answer | None:
    """As in "no concerns", "all denied SI"; never of anybody who was not asked about."""
    return _read(reply, asked, "risk", risk_said)


def _read(reply: Reply, asked: Asked, slot: str, sense: Sense) -> Answer | None:
    excepted = reply.fits(_excepting())
    if excepted:
        return _all_but(reply, excepted, asked, slot, sense)
    for statement in statements(reply):
        facts = _facts(statement, reply, asked, slot, sense)
        if facts:
            return Answer(facts=facts, general=statement.whom in GENERAL)
    return None


def _facts(statement: Statement, reply: Reply, asked: Asked, slot: str, sense: Sense) -> tuple[Heard, ...]:
    words = reply.masked[statement.start : statement.end]
    says = _unsaid(statement.whom, asked, slot) if not words.strip(MARKS) else sense(words)
    if says and words.strip(MARKS) and statement.whom in ("none", "neither"):
        says = _turned(says)
    if not says or (statement.whom == "" and _ambiguous(words, asked, slot)):
        return ()
    fitting = _fitting(statement, asked, slot, says)
    return tuple(
        reply.heard(About(slot=s, subject=client), value, f"answers the question about {slot}")
        for client in subjects_of(statement, asked, slot, fitting)
        for s, value in says
    )


def _fitting(statement: Statement, asked: Asked, slot: str, says: Says) -> tuple[str, ...]:
    """Those asked about whom it can answer for. "Both there" is no answer to "no-show or cancelled?"."""
    if statement.whom == "names" or slot != "presence":
        return asked.subjects(slot)
    value = dict(says).get("presence")
    own = tuple(s for s, _ in says if s in OWN_TIMES)
    open_to_it = [q for q in asked.about("presence") if _offers(q, value)]
    timed = asked.subjects(*own) if own else ()
    return tuple(dict.fromkeys((*(a.subject for q in open_to_it for a in q.about if a.slot == "presence"), *timed)))


def _offers(question: Question, value: object) -> bool:
    offered = [c.value for c in question.choices if isinstance(c.value, Presence)]
    return not offered or (isinstance(value, Presence) and any(o.attended == value.attended for o in offered))


def _unsaid(whom: str, asked: Asked, slot: str) -> Says | None:
    """What "both", "all of them", "nobody" say by themselves; nothing where they could answer two questions."""
    if slot == "presence" and whom in ("both", "all") and asked.only("presence"):
        return (("presence", Presence.PRESENT),)
    several = len(asked.subjects("presence")) > 1
    if slot == "presence" and whom in ("none", "neither") and several and not asked.about("risk"):
        return (("presence", Presence.ABSENT),)
    return (("risk", NONE_RAISED),) if slot == "risk" and whom == "none" and not several else None


def _turned(says: Says) -> Says | None:
    """By "none of them came" is meant that they were absent; what "nobody was late" says of anybody is open."""
    return (("presence", Presence.ABSENT),) if says == (("presence", Presence.PRESENT),) else None


def _ambiguous(words: str, asked: Asked, slot: str) -> bool:
    """Whether words with no subject could answer another question as well, or be said of one client only."""
    if slot != "risk":
        return False
    plain = words.strip(MARKS).casefold()
    if plain.startswith("den"):
        return len(asked.subjects("risk")) > 1
    return plain in ("none", "nothing") and not asked.only("risk", "progress")


@cache
def _excepting() -> re.Pattern[str]:
    return whole(rf"(?P<main>[^{NAME}]+?)[\s,(–-]+{said('risk.except')}\s+(?P<but>{NAMES})(?P<tail>.*)")


def _all_but(reply: Reply, match: re.Match[str], asked: Asked, slot: str, sense: Sense) -> Answer | None:
    """As in "all progressing except Tom, about the same". What else is told of the exception is left over."""
    but = named_clients(reply.named(match, "but"), asked, asked.subjects(slot), mends=False)
    main = _read(reply.upto(match.end("main")), asked, slot, sense) if but else None
    if main is None or not main.general:
        return None
    tail = reply.masked[match.start("tail") : match.end("tail")].strip(MARKS)
    says = sense(tail) if tail else None
    facts = [f for f in main.facts if f.about.subject not in but]
    facts += [
        reply.heard(About(slot=s, subject=c), v, f"the exception, about {slot}") for c in but for s, v in says or ()
    ]
    leftover = not says and (tail or slot == "risk")
    return Answer(facts=tuple(facts), general=True, end=match.start("but") if leftover else None)
