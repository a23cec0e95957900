"""Words of the clinician's own, where they were asked for: what a client did, what was done about a risk, the topic."""

import re

from billing.records import About, is_spoken
from nlp.asked import NAMES, Asked, Named, Reply, said, trimmed, whole
from nlp.names import key_of
from nlp.phrases import phrases
from nlp.statements import Answer

FREE = ("words", "safety_action", "topic")


def own_words(reply: Reply, asked: Asked) -> Answer | None:
    """What is said of a client whose words were asked for: by name, or of the only one asked about."""
    if reply.fits(_SAME_FOR):
        return Answer(facts=())
    if "?" in reply.text or reply.fits(whole(said("words.not_words"))):
        return None
    named = reply.fits(_NAME_THEN_WORDS)
    if named:
        return _words_of(reply, asked, named)
    return _only_one(reply, asked)


_SAME_FOR = whole(rf"{said('words.same_for')}\s+.+")
_NAME_THEN_WORDS = re.compile(
    rf"[\s,.;–—-]*(?:(?:and|also)\s+)?(?P<who>{NAMES})(?P<says>.+)", re.IGNORECASE | re.DOTALL
)


def _words_of(reply: Reply, asked: Asked, match: re.Match[str]) -> Answer | None:
    clients = [_one_asked(n, asked.subjects("words")) for n in reply.named(match, "who")]
    start, end = trimmed(reply.message, *match.span("says"))
    if not all(clients) or not _says_something(reply.message[start:end]):
        return None
    facts = tuple(
        reply.words(About(slot="words", subject=c), start, end, "the words after the name") for c in clients if c
    )
    return Answer(facts=facts) if facts else None


def _one_asked(name: Named, subjects: tuple[str, ...]) -> str | None:
    inside = [s for s in name.subjects if s in subjects and not is_spoken(s)]
    return inside[0] if len(inside) == 1 else None


def _only_one(reply: Reply, asked: Asked) -> Answer | None:
    """A sentence without a name, where words were asked for of one thing only."""
    about = [a for q in asked.questions for a in q.about if a.slot in FREE]
    first = next(iter(key_of(reply.text)), "")
    opens = first in {key_of(w)[0] for w in phrases("answers", "words.not_about_a_client")}
    if len(about) != 1 or any(n.start < reply.end and reply.start < n.end for n in reply.names):
        return None
    if not _says_something(reply.text) or (opens and about[0].slot == "words") or first in _REQUESTS:
        return None
    return Answer(
        facts=(reply.words(about[0], reply.start, reply.end, f"the answer to the only question about {about[0].slot}"),)
    )


_REQUESTS = {
    "can",
    "could",
    "please",
    "pls",
    "show",
    "help",
    "what",
    "why",
    "how",
    "who",
    "when",
    "where",
    "sign",
    "undo",
    "remove",
    "delete",
    "wait",
}


def _says_something(words: str) -> bool:
    return bool(re.search(r"[^\W\d_]{3,}", words))
