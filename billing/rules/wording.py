"""Whether what was written could be anybody's, or belongs elsewhere."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import combinations

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.records import About
from billing.rules.looking import day_name, name_of

ALIKE = 0.9
"""From this share of words in common, in the same order, two statements are one."""
FEWEST_WORDS = 6
"""Fewer, in all that is said of a client, are alike by chance."""

Statement = tuple[str, ...]
"""The words of one statement, in lower case."""

PROCESS = re.compile(
    r"\b(counter-?transference|transference|process notes?|my (?:own )?(?:hypothesis|fantasy|hunch|associations?))\b",
    re.IGNORECASE,
)
"""Words of an analysis of the session, which the law keeps apart from the record."""


@rule("G034", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.CLINICIAN)
def no_note_reads_like_another(case: Case) -> Iterator[Lack]:
    """What is said of one client is not what is said of another, nor what was said of them the last time.

    One statement of their own is enough.
    Source: SOAP Note AI, group therapy notes (cloned notes in audits)
    """
    told = {a.client: _statements(w.text for w in a.words) for a in case.draft.attended}
    clones = {one: other for other, one in combinations(told, 2) if _says_no_more(told[one], told[other])}
    yield from (_cloned(case, one, f"{name_of(case, other)}'s") for one, other in clones.items())
    for last in case.background.office.last_notes:
        again = last.client in told and last.client not in clones
        if again and _says_no_more(told[last.client], _statements(last.words)):
            yield _cloned(case, last.client, f"the one of {day_name(last.met_on)}")


def _statements(texts: Iterable[str]) -> tuple[Statement, ...]:
    return tuple(tuple(re.findall(r"\w+", text.casefold())) for text in texts)


def _says_no_more(one: tuple[Statement, ...], other: tuple[Statement, ...]) -> bool:
    """Whether every statement of the one has its like among those of the other."""
    enough = all(sum(len(statement) for statement in each) >= FEWEST_WORDS for each in (one, other))
    return enough and all(any(_alike(mine, theirs) for theirs in other) for mine in one)


def _alike(one: Statement, other: Statement) -> bool:
    match = SequenceMatcher(None, one, other, autojunk=False)
    return one == other or (match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE)


def _cloned(case: Case, client: str, like: str) -> Lack:
    name = name_of(case, client)
    return Lack(
        about=About(slot="words", subject=client),
        says=f"{name}'s note reads like {like}",
        question=f"{name}'s note reads like {like}. What was specific to {name} this time?",
    )


@rule("G058", severity=Severity.INFO, stops=Stops.NOTHING, asks=Asks.CLINICIAN)
def process_notes_are_kept_apart(case: Case) -> Iterator[Lack]:
    """What analyses the session is not part of the note: it belongs into psychotherapy notes, kept apart.

    Source: 45 CFR 164.501
    """
    draft = case.draft
    whole = (*draft.topic, *draft.interventions, *draft.group_words)
    texts = (w.text for w in (*whole, *(w for a in draft.attended for w in (*a.words, *a.progress_words))))
    found = next((match[0] for text in texts for match in PROCESS.finditer(text)), None)
    if found:
        says = f"“{found}” sounds like process notes, which are kept apart from the record"
        yield Lack(about=About(slot="process_notes"), says=says, question="Shall I keep that out of the note?")
