"""Answers that settle one thing: a button's label typed, yes or no, which Maria, which group, which day, who led."""

import re
from collections.abc import Iterator

from billing.findings import Choice, Question
from billing.records import About, Client, Heard, Name, OneOf, Presence, Value
from billing.slots import SLOTS
from nlp.asked import NAMES, Asked, Reply, said, whole
from nlp.names import key_of
from nlp.senses import MARKS, NONE_RAISED
from nlp.statements import Answer
from nlp.when import day_of

# ---- labels, yes and no -----------------------------------------------------------------------------------------


def label(reply: Reply, asked: Asked) -> Answer | None:
    """The label of a button, typed. Where two questions offer the same, it is open which was meant."""
    typed = _plain(reply.text)
    fits = [(q, c) for q in asked.questions for c in q.choices if _plain(c.label) == typed]
    return Answer(facts=_chosen(reply, *fits[0], "the label of a button")) or None if len(fits) == 1 else None


def _plain(label: str) -> str:
    """A label by its letters: "No-show", "no show" and "[No‑show]" are the same."""
    return " ".join(re.findall(r"[^\W_]+", label.casefold()))


def _chosen(reply: Reply, question: Question, choice: Choice, why: str) -> tuple[Heard, ...]:
    fills = [a for a in choice.fills or question.about if type(choice.value) in SLOTS[a.slot].types]
    return tuple(reply.heard(about, choice.value, why) for about in fills)


_YES_OR_NO = re.compile(r"(?:^|[.!]\s+)(?:Was|Were|Did|Any|Is|Are)\b[^?]*\?\s*$")


def yes_or_no(reply: Reply, asked: Asked) -> Answer | None:
    """A yes or a no, where one question can be answered so, and nobody's attendance is open as well."""
    yes, no = reply.fits(whole(said("yes"))), reply.fits(whole(said("no")))
    questions = [q for q in asked.questions if _YES_OR_NO.search(q.text) and not re.search(r"\bor\b", q.text)]
    questions += [q for q in asked.questions if q not in questions and any(_opens(c, "yes") for c in q.choices)]
    unmentioned = [q for q in asked.about("presence") if q not in questions]
    if not (yes or no) or len(questions) != 1 or unmentioned:
        return None
    facts = _yes(reply, questions[0]) if yes else _no(reply, questions[0])
    return Answer(facts=facts) if facts else None


def _yes(reply: Reply, question: Question) -> tuple[Heard, ...]:
    labelled = [c for c in question.choices if _opens(c, "yes")]
    return _chosen(reply, question, labelled[0], "yes") if labelled else _meant(reply, question, _MEANS_YES, "yes")


def _no(reply: Reply, question: Question) -> tuple[Heard, ...]:
    labelled = [c for c in question.choices if _opens(c, "no")]
    return _chosen(reply, question, labelled[0], "no") if labelled else _meant(reply, question, _MEANS_NO, "no")


def _opens(choice: Choice, word: str) -> bool:
    return _plain(choice.label).split()[:1] == [word] and not isinstance(choice.value, Presence)


_MEANS_YES: dict[str, Value] = {"two_groups": True, "held": True, "presence": Presence.PRESENT}
_MEANS_NO: dict[str, Value] = {"two_groups": False, "held": False, "presence": Presence.ABSENT, "risk": NONE_RAISED}


def _meant(reply: Reply, question: Question, means: dict[str, Value], why: str) -> tuple[Heard, ...]:
    return tuple(reply.heard(a, means[a.slot], why) for a in question.about if a.slot in means)


# ---- who --------------------------------------------------------------------------------------------------------


def who(reply: Reply, asked: Asked) -> Answer | None:
    """As in "Gonzalez", "the second one", "a visitor", "that's Shelly", where a name was asked about."""
    questions = asked.about("who")
    facts = _is_somebody(reply, asked) or _is_nobody_of_ours(reply, asked)
    if not facts and questions:
        facts = _both_came(reply, asked, questions)
    return Answer(facts=facts) if facts else None


def _is_somebody(reply: Reply, asked: Asked) -> tuple[Heard, ...]:
    """The one question that this name, or this place in the list, can settle."""
    equation = reply.fits(_EQUATION)
    subjects = [n.subjects[-1] for n in reply.named(equation, "spoken")] if equation and equation["spoken"] else []
    questions = [q for q in asked.about("who") if not subjects or any(a.subject in subjects for a in q.about)]
    name = reply.message[slice(*equation.span("name"))].strip(MARKS) if equation else reply.text.strip(MARKS)
    settled = [(q, client) for q in questions if (client := _option(name, q, asked))]
    if len(settled) != 1:
        return ()
    question, client = settled[0]
    return tuple(reply.heard(a, client, "says who it is") for a in question.about if a.slot == "who")


_EQUATION = re.compile(
    rf"\s*(?:(?P<spoken>{NAMES})\s*(?:['’]s|is|was|=|means)\s+|(?:(?:that|it|this)(?:['’]?s|\s+is|\s+was|\s+would\s+be)|i\s+meant?|meant|=|the)\s+)?(?P<name>.+?)[\s.!]*",
    re.IGNORECASE,
)


def _option(name: str, question: Question, asked: Asked) -> str | None:
    """The client that a name, an initial or "the first one" picks; None if it picks none, or more than one."""
    ours: dict[str, Client] = {c.id: c for c in asked.roster.clients}
    options = [ours[c.value] for c in question.choices if isinstance(c.value, str) and c.value in ours]
    place = re.fullmatch(rf"(?:the\s+)?(?P<nth>{said('ordinals')})(?:\s+(?:one|maria))?", name, re.IGNORECASE)
    if place and options:
        nth = _ORDINALS.index(place["nth"].casefold())
        return options[nth].id if nth < len(options) else None
    key = key_of(name)
    if len(key) == 1 and len(key[0]) == 1:
        initial = [c.id for c in options if key[0] in (key_of(c.last)[0][0], key_of(c.first)[0][0])]
        return initial[0] if len(initial) == 1 else None
    fits = asked.people.named(name, tuple(c.id for c in options)) if key else ()
    inside = [id for id in fits if not options or id in {c.id for c in options}]
    return inside[0] if len(inside) == 1 and len(fits) == 1 else None


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def _is_nobody_of_ours(reply: Reply, asked: Asked) -> tuple[Heard, ...]:
    """As in "a visitor", "wasn't there, I only mentioned her": of the name given, or of the only one asked about."""
    match = reply.fits(_NOT_OURS)
    if match is None:
        return ()
    value = next(n for n in (Name.VISITOR, Name.NOBODY, Name.UNKNOWN) if match[n.value])
    named = [s for n in reply.named(match, "whom") for s in n.subjects] if match["whom"] else []
    about = [a for q in asked.about("who") for a in q.about if not match["whom"] or a.subject in named]
    offered = [q for q in asked.about("who") if any(c.value in tuple(Name) for c in q.choices)]
    if len(about) != 1 or (value is not Name.UNKNOWN and len(offered) == 1 and _offers_clients(offered[0], asked)):
        return ()
    return (reply.heard(about[0], value, "says that the name is no client of the group"),)


def _offers_clients(question: Question, asked: Asked) -> bool:
    return any(c.value == client.id for c in question.choices for client in asked.roster.clients)


_NOT_OURS = whole(
    rf"(?:(?P<whom>{NAMES})\s+)?(?:(?:she|he|they|it|that|was|is|were|['’]s|just)\s*)*"
    rf"(?:(?P<visitor>{said('name.visitor')})|(?P<nobody>{said('name.nobody')}(?:[\s,]+{said('name.nobody')})*)|(?P<unknown>{said('name.unknown')}))"
)


def _both_came(reply: Reply, asked: Asked, questions: tuple[Question, ...]) -> tuple[Heard, ...]:
    """As in "both were there" to "Which Maria?": each of them came. What was said of the name still waits."""
    match = reply.fits(_BOTH_CAME)
    options = tuple(c.value for c in questions[0].choices if isinstance(c.value, str) and not isinstance(c.value, Name))
    if match is None or len(questions) != 1 or len(options) != 2 or asked.about("presence"):
        return ()
    why = "both of those whom the name fits"
    came = tuple(reply.heard(About(slot="presence", subject=o), Presence.PRESENT, why) for o in options)
    waiting = (
        [u for u in asked.draft.unclear if u.subject == questions[0].about[0].subject and u.said] if asked.draft else ()
    )
    settles = reply.heard(questions[0].about[0], OneOf(options=options), why, retracts=True)
    return came if waiting else (*came, settles)


_BOTH_CAME = whole(
    rf"{said('both')}(?:\s+{NAMES})?\s+(?:were\s+|are\s+)?{said('presence.present')}|{NAMES}\s+both\s+{said('presence.present')}"
)


# ---- which session ----------------------------------------------------------------------------------------------

_GROUP_FILLER = {"the", "one", "group", "grp", "it", "was", "my", "is", "that"}


def session(reply: Reply, asked: Asked) -> Answer | None:
    """Which group, which day, one group or two, and whether it took place."""
    facts = (
        tuple(_two_groups(reply, asked))
        or tuple(_group(reply, asked))
        or tuple(_day(reply, asked))
        or tuple(_leader(reply, asked))
    )
    return Answer(facts=facts) if facts else None


def _two_groups(reply: Reply, asked: Asked) -> Iterator[Heard]:
    for key in ("two_groups", "one_group"):
        if asked.about("two_groups") and reply.fits(whole(said(f"sessions.{key}"))):
            yield reply.heard(About(slot="two_groups"), key == "two_groups", "one group or two")
            return


def _group(reply: Reply, asked: Asked) -> Iterator[Heard]:
    """The one group among those offered whose name has all the words of the answer."""
    words = {w for w in key_of(reply.text) if w not in _GROUP_FILLER}
    offered = {c.value for q in asked.about("group") for c in q.choices}
    groups = [g for g in asked.roster.groups if not offered or g.id in offered]
    fits = [g for g in groups if any(words <= set(key_of(name)) for name in (g.name, *g.also_called))]
    if asked.about("group") and words and len(fits) == 1:
        yield reply.heard(About(slot="group"), fits[0].id, "the name of one of the groups offered")


def _day(reply: Reply, asked: Asked) -> Iterator[Heard]:
    """A day and nothing else."""
    text = reply.text
    everywhere = ((0, len(text)),)
    day = day_of(text, asked.context.now, everywhere, everywhere) if asked.about("met_on") else None
    if day and re.fullmatch(
        r"(?:\b(?:it|was|on|the|that|from|last|this)\b|[\s,.!])*",
        text[: day.start] + " " + text[day.end :],
        re.IGNORECASE,
    ):
        yield reply.heard(About(slot="met_on"), day.value, day.why)


def _leader(reply: Reply, asked: Asked) -> Iterator[Heard]:
    """As in "me", or the first name of one of those offered."""
    questions = asked.about("leader")
    if questions and re.fullmatch(r"(?:it was )?(?:me|i did|i led(?: it)?|myself)[\s.!]*", reply.text, re.IGNORECASE):
        yield reply.heard(About(slot="leader"), asked.context.author, "who wrote this")
    fits = [
        c
        for q in questions
        for c in q.choices
        if _plain(c.label).split()[:1] == _plain(reply.text).split() and isinstance(c.value, str)
    ]
    if len(fits) == 1:
        yield reply.heard(About(slot="leader"), fits[0].value, "the name of one of the clinicians offered")
