"""What a draft lacks, and how it is asked for.

A `Rule` looks at a `Case` and yields `Finding`s; `check` runs them all; `next_questions` puts what is left to ask
into one bundle, in the order of the rules.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

from billing.record import record
from billing.records import About, Background, Draft, LineDraft, Value


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Stops(StrEnum):
    """SIGNING: the note would be untrue or incomplete. BILLING: the note is fine, the line is held."""

    SIGNING = "signing"
    BILLING = "billing"
    NOTHING = "nothing"


class Asks(StrEnum):
    CLINICIAN = "clinician"
    BILLER = "biller"
    NOBODY = "nobody"


@record
class Choice:
    """An answer that can be tapped: it fills every address in `fills`, or else every one of its question."""

    label: str
    value: Value
    fills: tuple[About, ...] = ()


@record
class Finding:
    """One place where a draft does not satisfy a rule.

    `says` states it in one sentence, `question` is how it is put to a person. Where `together` is set, findings of
    the same rule are asked as one question: `question` then contains "{names}".
    """

    rule: str
    about: About
    severity: Severity
    stops: Stops
    asks: Asks
    says: str
    question: str = ""
    choices: tuple[Choice, ...] = ()
    together: bool = False


@record
class Question:
    """What is asked at once: each answer fills all addresses in `about`. Kept with the facts it led to."""

    rule: str
    text: str
    about: tuple[About, ...]
    choices: tuple[Choice, ...] = ()


@record
class Case:
    """What a rule looks at: the draft, what is known besides it, and what the lines would say."""

    draft: Draft
    background: Background
    lines: tuple[LineDraft, ...]


@record
class Lack:
    """What a rule found lacking, in the rule's own words; the rule adds how grave it is and who is asked."""

    about: About
    says: str
    question: str = ""
    choices: tuple[Choice, ...] = ()
    together: bool = False


Look = Callable[[Case], Iterator[Lack]]


@record
class Rule:
    """What a complete record must satisfy.

    `name` is a sentence that holds when all is well, `title` is that sentence for people, `tags` are ids of the rule
    book, `source` is where the rule comes from.
    """

    name: str
    tags: tuple[str, ...]
    title: str
    severity: Severity
    stops: Stops
    asks: Asks
    source: str
    look: Look

    def findings(self, case: Case) -> Iterator[Finding]:
        """What of this case does not satisfy the rule; empty when all is well."""
        for lack in self.look(case):
            yield Finding(
                rule=self.name,
                about=lack.about,
                severity=self.severity,
                stops=self.stops,
                asks=self.asks,
                says=lack.says,
                question=lack.question,
                choices=lack.choices,
                together=lack.together,
            )


def rule(*tags: str, severity: Severity, stops: Stops, asks: Asks) -> Callable[[Look], Rule]:
    """Makes a rule of a function that yields lacks.

    The function's name is the rule's name, the first line of its docstring is the title, and the line that starts
    with "Source:" is the source. A rule without either is a programmer's mistake and raises ValueError.
    """

    def make(look: Look) -> Rule:
        lines = [line.strip() for line in (look.__doc__ or "").strip().splitlines()]
        sources = [line.removeprefix("Source:").strip() for line in lines if line.startswith("Source:")]
        if not lines or not sources:
            raise ValueError(f"rule {look.__name__} needs a statement and a source")
        return Rule(
            name=look.__name__,
            tags=tags,
            title=lines[0],
            severity=severity,
            stops=stops,
            asks=asks,
            source=sources[0],
            look=look,
        )

    return make
