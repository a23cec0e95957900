"""All rules, run over one draft; and what is left to ask, in one bundle."""

from collections.abc import Iterable, Sequence

from billing.claims import line_drafts
from billing.findings import Asks, Case, Finding, Question, Rule, Severity, Stops
from billing.records import Background, Client, Draft, Roster, is_spoken
from billing.rules import RULES


def check(draft: Draft, background: Background, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    """What this draft lacks, in the order of the rules. Looks at nothing else and changes nothing."""
    case = Case(draft=draft, background=background, lines=line_drafts(draft, background))
    return tuple(finding for rule in rules for finding in rule.findings(case))


def stopping(findings: Iterable[Finding], stops: Stops) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.severity is Severity.BLOCK and f.stops is stops)


def next_questions(findings: Sequence[Finding], roster: Roster, asks: Asks = Asks.CLINICIAN) -> tuple[Question, ...]:
    """Everything that this person has to be asked, at once. Like findings become one question that names them all."""
    open_ = [f for f in findings if f.asks is asks and f.question and f.severity is not Severity.INFO]
    bundles: dict[tuple[object, ...], list[Finding]] = {}
    for f in open_:
        key = (f.rule, f.question, f.choices) if f.together else (f.rule, f.question, f.about)
        bundles.setdefault(key, []).append(f)
    return tuple(_question(alike, roster) for alike in bundles.values())


def _question(alike: Sequence[Finding], roster: Roster) -> Question:
    about = tuple(dict.fromkeys(f.about for f in alike))
    text = alike[0].question
    if "{names}" in text:
        text = text.replace("{names}", listed([_called(a.subject, roster) for a in about])).replace("..", ".")
    return Question(rule=alike[0].rule, text=text, about=about, choices=alike[0].choices)


def _called(subject: str, roster: Roster) -> str:
    if not subject or is_spoken(subject):
        return subject.removeprefix("~").title()
    return short_name(subject, roster)


def short_name(client: str, roster: Roster) -> str:
    """What the practice calls a client: the first name, with as much of the family name as tells them apart."""
    c = roster.client(client)
    namesakes = [o for o in roster.clients if o.id != c.id and _first(c) in (_first(o), o.first.casefold())]
    if not namesakes:
        return c.preferred or c.first
    initial = c.last[:1].casefold()
    if any(o.last[:1].casefold() == initial for o in namesakes):
        return c.name
    return f"{c.preferred or c.first} {c.last[:1]}."


def _first(c: Client) -> str:
    return (c.preferred or c.first).casefold()


def listed(names: Sequence[str]) -> str:
    """As one says it.

    >>> listed(["Tom", "Will", "Bob"])
    'Tom, Will and Bob'
    """
    return " and ".join(([", ".join(names[:-1])] if names[:-1] else []) + list(names[-1:]))
