"""What the bot misunderstood, put right by saying so: "no, Tom led the closing, not Bob", "it ended 3:30 not 3:15".

These need no question; they need a draft in which there is something to mend.
"""

import re
from collections.abc import Iterator

from billing.records import About, AttendanceDraft, Draft, Heard, Presence, Words
from nlp.asked import NAMES, Asked, Named, Reply, said, trimmed, whole
from nlp.pipeline import fold
from nlp.senses import MARKS, presence_said
from nlp.statements import Answer, named_clients
from nlp.when import times_of

_LEAD = r"(?:(?:no|nope|wait|oops|correction|my mistake|my bad|i meant|i mean|meant|actually|sorry|ugh)\b[\s,:.–—-]*)*"


def correction(reply: Reply, asked: Asked) -> Answer | None:
    """What this piece puts right in the draft; None if it puts nothing right."""
    if reply.fits(whole(_LEAD + said("sessions.not_held"))):
        return Answer(facts=(reply.heard(About(slot="held"), False, "says that there was no group"),))
    if asked.draft is None or not asked.mends:
        return None
    ways = (_instead, _moved, _came_after_all, _other_time, _taken_out)
    facts = next((found for way in ways if (found := tuple(way(reply, asked, asked.draft)))), ())
    return Answer(facts=facts) if facts else None


# ---- somebody else ----------------------------------------------------------------------------------------------

_IT_WAS = r"(?:(?:that|this|it)(?:['’]?s|\s+was|\s+is|\s+should\s+be)\s+|should\s+be\s+|make\s+(?:that|it)\s+)?"
_INSTEAD = whole(
    rf"{_LEAD}{_IT_WAS}(?:(?P<right>{NAMES})[\s,–—-]*(?:and\s+)?(?:not|instead\s+of|rather\s+than)\s+(?P<wrong>{NAMES})"
    rf"|not\s+(?P<wrong2>{NAMES})[\s,–—-]*(?:but\s+|it\s+was\s+)?(?P<right2>{NAMES}))"
)


def _instead(reply: Reply, asked: Asked, draft: Draft) -> Iterator[Heard]:
    """After "Tom, not Bob" everything said of Bob was meant for Tom."""
    match = reply.fits(_INSTEAD)
    if match is None:
        return
    right = _one(reply.named(match, "right") or reply.named(match, "right2"), asked)
    wrong_names = reply.named(match, "wrong") or reply.named(match, "wrong2")
    wrong = _one(wrong_names, asked)
    unsettled = [u.subject for u in draft.unclear for n in wrong_names if u.subject in n.subjects]
    if right and unsettled:
        yield reply.heard(About(slot="who", subject=unsettled[0]), right, "says who that was")
    elif right and wrong and right != wrong:
        yield reply.heard(About(slot="instead", subject=wrong), right, "says who was meant instead")


_MOVED = whole(
    rf"{_LEAD}(?:it\s+was\s+)?(?P<right>{NAMES})\s+(?:who\s+|that\s+)?(?P<words>.+?)[\s,–—-]*\b(?:not|instead\s+of)\s+(?P<wrong>{NAMES})"
    rf"|{_LEAD}(?:it\s+was\s+)?(?P<right2>{NAMES})[\s,]*not\s+(?P<wrong2>{NAMES})[\s,]*(?:who\s+|that\s+)(?P<words2>.+)"
)


def _moved(reply: Reply, asked: Asked, draft: Draft) -> Iterator[Heard]:  # noqa: ARG001 - all ways are called alike
    """By "Tom led the closing, not Bob" only this is taken from Bob and given to Tom."""
    match = reply.fits(_MOVED)
    if match is None:
        return
    which = "" if match["right"] else "2"
    right, wrong = (_one(reply.named(match, f"{part}{which}"), asked) for part in ("right", "wrong"))
    start, end = trimmed(reply.message, *match.span(f"words{which}"))
    if not (right and wrong) or right == wrong:
        return
    says = presence_said(reply.masked[start:end], asked.expected)
    if says:
        for slot, value in says:
            yield reply.heard(About(slot=slot, subject=wrong), value, "taken back from the wrong client", retracts=True)
            yield reply.heard(About(slot=slot, subject=right), value, "given to the client who was meant")
        return
    yield reply.words(About(slot="words", subject=wrong), start, end, "taken back from the wrong client", retracts=True)
    yield reply.words(About(slot="words", subject=right), start, end, "given to the client who was meant")


def _one(names: tuple[Named, ...], asked: Asked) -> str | None:
    """The one client that is meant; None if it is open or if there are several."""
    clients = named_clients(names, asked, (), mends=True) if names else ()
    return clients[0] if len(clients) == 1 and not any(n.many for n in names) else None


# ---- whether they came, and when it was -------------------------------------------------------------------------

_CAME = whole(rf"{_LEAD}(?P<who>{NAMES})(?:['’]s\b|[\s:,–—-])+(?P<says>.+?)")


def _came_after_all(reply: Reply, asked: Asked, draft: Draft) -> Iterator[Heard]:
    """As in "no, Bob did come, 10 late", "Kay wasn't there". What the draft knows more exactly stays."""
    match = reply.fits(_CAME)
    says = presence_said(reply.masked[match.start("says") : match.end("says")], asked.expected) if match else None
    if match is None or says is None:
        return
    for client in named_clients(reply.named(match, "who"), asked, asked.subjects("presence"), mends=True):
        known = next((a.presence for a in draft.attendance if a.client == client), None)
        for slot, value in says:
            exact = known if value is Presence.ABSENT and known in (Presence.NO_SHOW, Presence.CANCELLED) else value
            yield reply.heard(About(slot=slot, subject=client), exact or value, "says whether the client came")


_NOT_TIME = re.compile(r"[\s,(–—-]*\b(?:not|instead of|rather than)\b.*$", re.IGNORECASE | re.DOTALL)
_TIME_VERB = re.compile(
    rf"^[\s,]*{_LEAD}(?:it|we|group|grp|the group)?\s*(?:actually\s+)?"
    r"(?:start|began|end|ran|went|was|let out|finished)",
    re.IGNORECASE,
)
_TIME_WORDS = re.compile(
    r"(?:\b(?:it|we|group|grp|the|was|from|at|actually|no|sorry|wait|oops|correction|really|in fact)\b|[\s,.:])*",
    re.IGNORECASE,
)


def _other_time(reply: Reply, asked: Asked, draft: Draft) -> Iterator[Heard]:  # noqa: ARG001 - all ways are called alike
    """In "it ended 3:30 not 3:15", what follows "not" is what was understood before."""
    text = _NOT_TIME.sub("", reply.text)
    if not _TIME_VERB.match(reply.text):
        return
    found = times_of(text, text, asked.schedule, asked.context.now)
    left = list(text)
    for f in found:
        left[f.start : f.end] = " " * (f.end - f.start)
    if found and _TIME_WORDS.fullmatch("".join(left)):
        for f in found:
            yield reply.heard(About(slot=f.slot), f.value, f.why)


# ---- something taken out ----------------------------------------------------------------------------------------

_TAKE_OUT = whole(
    r"(?:please\s+|pls\s+|can\s+you\s+)*(?:take\s+out|remove|delete|drop|leave\s+out|scratch|cut|strike|lose)\s+"
    r"(?:(?:the|that)\s+)?(?:(?:part|bit|line|thing|piece|words?|sentence|stuff)\s+)?(?:(?:about|on|where|with|that|saying)\s+)?(?P<what>.+)"
)
_LITTLE = frozenset(
    [
        "a",
        "an",
        "the",
        "her",
        "his",
        "their",
        "she",
        "he",
        "they",
        "and",
        "of",
        "to",
        "with",
        "w",
        "s",
        "in",
        "for",
        "was",
        "is",
        "that",
        "about",
        "it",
        "on",
    ]
)


def _taken_out(reply: Reply, asked: Asked, draft: Draft) -> Iterator[Heard]:
    """For "take out the part about her mom": the one stretch of somebody's words that has all of these words."""
    match = reply.fits(_TAKE_OUT)
    if match is None:
        return
    names = reply.named(match, "what")
    clients = named_clients(names, asked, (), mends=True) if names else ()
    start, end = match.span("what")
    wanted = _content(_without(reply.message, names, start, end))
    fits = [
        (a, slot, w)
        for a in draft.attendance
        if not names or a.client in clients
        for slot, w in _told(a)
        if wanted <= _content(w.text)
    ]
    if wanted and len(fits) == 1:
        attendance, slot, words = fits[0]
        yield reply.heard(
            About(slot=slot, subject=attendance.client), words.text, "asked to be taken out", retracts=True
        )


def _told(attendance: AttendanceDraft) -> Iterator[tuple[str, Words]]:
    for slot in ("words", "progress_words", "risk_words", "safety_action"):
        for words in getattr(attendance, slot):
            yield slot, words


def _without(message: str, names: tuple[Named, ...], start: int, end: int) -> str:
    text = list(message)
    for n in names:
        text[n.start : n.end] = " " * (n.end - n.start)
    return "".join(text)[start:end].strip(MARKS)


def _content(words: str) -> frozenset[str]:
    """The words that carry the meaning, folded."""
    return frozenset(fold(w) for w in re.findall(r"[^\W_]+", words)) - _LITTLE
