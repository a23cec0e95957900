"""The rules for people: as a page of documentation, and as the answer to why a line is held."""

from collections.abc import Iterator, Sequence

from billing.claims import subjects_of
from billing.findings import Asks, Finding, Rule, Severity, Stops
from billing.records import LineDraft
from billing.rules import RULES

HEAD = """\
# What is checked, and where it comes from

<!-- Written by `circlenote rules --markdown`. Change the rules in billing/rules, then write this page again. -->

Every rule is a sentence that holds when all is well. Where it does not, there is a finding:

- **block**: the note cannot be signed, or the line is held, until it is mended.
- **warn**: somebody is told. Where it stops billing, the line is held until a named person acknowledges it.
- **info**: it is mentioned, and nobody is asked.

The ids are those of the rule book for 90853; a rule without one is about the note alone. A rule that rests only on
second-hand or recalled sources does not block. What a payer demands is not here but in `billing/policies`, and counts
once the practice has confirmed it.
"""

STOPPED = {Stops.SIGNING: "the signature", Stops.BILLING: "the line", Stops.NOTHING: "nothing"}
ASKED = {Asks.CLINICIAN: "the clinician", Asks.BILLER: "the biller", Asks.NOBODY: "nobody"}


def markdown(rules: Sequence[Rule] = RULES) -> str:
    """The whole page, rules in the order in which they are asked."""
    table = ["| id | what must hold | severity | stops | is asked | source |", "|---|---|---|---|---|---|"]
    return "\n".join((HEAD, *table, *(_row(rule) for rule in rules))) + "\n"


def _row(rule: Rule) -> str:
    cells = (" ".join(rule.tags), rule.title, str(rule.severity), STOPPED[rule.stops], ASKED[rule.asks], rule.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def because(line: LineDraft, findings: Sequence[Finding], rules: Sequence[Rule] = RULES) -> tuple[str, ...]:
    """Why a line is held, a sentence for each reason, with the rule and its source; empty if nothing holds it."""
    return tuple(dict.fromkeys(_reasons(line, findings, {rule.name: rule for rule in rules})))


def _reasons(line: LineDraft, findings: Sequence[Finding], rules: dict[str, Rule]) -> Iterator[str]:
    for finding in findings:
        holds = finding.severity is not Severity.INFO and finding.stops is not Stops.NOTHING
        if holds and finding.about.subject in subjects_of(line):
            rule = rules[finding.rule]
            tags = f"{' '.join(rule.tags)}: " if rule.tags else ""
            yield f"{finding.says} — {tags}{rule.title} Source: {rule.source}."
