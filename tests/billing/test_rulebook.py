"""The page of rules is that of the code, every id is there, and weak sources do not block."""

import re
from pathlib import Path

import pytest

from billing.checking import check
from billing.findings import Rule, Severity, Stops
from billing.rulebook import because, markdown
from billing.rules import RULES
from tests.billing.builders import KAY, a_background, a_coverage, a_draft
from tests.billing.kept_office import OFFICE_FAULTS
from tests.billing.test_rules import a_line

PAGE = Path(__file__).resolve().parents[2] / "docs" / "billing-rules.md"
SECOND_HAND = (
    "AAPC",
    "ACC",
    "Appeal Win",
    "Behave Health",
    "Clinical Note AI",
    "CodingIntel",
    "Optum360",
    "Sessions Health",
    "SOAP Note AI",
    "recalled",
    "therathink.com",
)


def test_the_page_is_written_from_the_rules():
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run `circlenote rules --markdown > docs/billing-rules.md`"


def test_all_fifty_eight_of_the_rule_book_are_there():
    assert {tag for rule in RULES for tag in rule.tags} == {f"G{number:03}" for number in range(1, 59)}


def test_no_two_rules_have_the_same_name_or_sentence():
    assert len({rule.name for rule in RULES}) == len({rule.title for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_only_second_hand_or_recalled_never_blocks(rule: Rule):
    weak = [any(name in source for name in SECOND_HAND) for source in rule.source.split(";")]

    assert not all(weak) or rule.severity is not Severity.BLOCK


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_source_can_be_found_without_this_project(rule: Rule):
    assert not re.search(r"reference|section \d|design", rule.source.replace("section 3.11", ""))


def test_a_held_line_says_why_with_the_rule_and_its_source():
    findings = check(a_draft(), a_background(coverage={KAY: (a_coverage(KAY, member_id=None),)}))

    (reason,) = because(a_line(client=KAY), findings)

    assert reason.startswith("Kayleigh O'Brien's member ID for Lakeland Health Plan is missing — G015: Each line has")
    assert reason.endswith("if it has one. Source: 837P 005010X222A1, loop 2010BA, NM109.")
    assert because(a_line(), findings) == ()


@pytest.mark.parametrize("name", OFFICE_FAULTS)
def test_each_fault_that_stops_billing_is_a_reason_for_somebody(name):
    draft, background = OFFICE_FAULTS[name]
    rule = next(r for r in RULES if r.name == name)
    findings = check(draft, background)
    told = [reason for client in background.coverage for reason in because(a_line(client=client), findings)]

    assert any(rule.source in reason for reason in told) is (rule.stops is Stops.BILLING)
