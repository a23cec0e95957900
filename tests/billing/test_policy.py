"""Policy files: what may stand in them, which row is in force, and what evidence is needed to hold a line."""

import re
from datetime import date
from pathlib import Path

import pytest

from billing.policy import (
    BINDING,
    PolicyTrouble,
    in_force,
    largest_group,
    policies_from,
    policy_file,
    policy_for,
    shipped,
    smallest_group,
)
from billing.records import PayerId, Policy

LAKELAND = """\
payer = "lakeland"
name = "Lakeland Health Plan"

[sources.manual]
title = "Provider manual, chapter 3"
grade = "P"
read_on = 2026-11-23

[sources.blog]
title = "somebody's blog"
grade = "B"
read_on = 2026-11-23

[[rules]]
since = 2025-01-01
max_size = { value = 10, source = "manual" }

[[rules]]
since = 2026-01-01
confirmed_on = 2026-02-01
confirmed_by = "c-bea"
max_size = { value = 12, source = "manual" }
min_minutes = { value = 45, source = "blog" }
credential_modifiers = { value = { LCSW = "HO", PhD = "HP" }, source = "manual" }
places = { value = ["11", "53"], source = "manual" }
"""
FOLDER = Path(__file__).resolve().parents[2] / "billing" / "policies"


def the_shipped_texts() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")}


@pytest.mark.parametrize(
    ("day", "most"),
    [(date(2025, 1, 1), 10), (date(2025, 12, 31), 10), (date(2026, 1, 1), 12), (date(2027, 5, 1), 12)],
)
def test_the_row_in_force_on_the_date_of_service_counts(day, most):
    assert in_force(policies_from(LAKELAND, "lakeland.toml"), day)[PayerId("lakeland")].max_size == most


def test_before_the_first_row_there_is_no_policy():
    assert in_force(policies_from(LAKELAND, "lakeland.toml"), date(2024, 12, 31)) == {}


def test_a_row_ends_with_its_last_day():
    policy = Policy(payer=PayerId("p"), since=date(2026, 1, 1), until=date(2026, 3, 31))

    assert in_force([policy], date(2026, 3, 31)) == {"p": policy}
    assert in_force([policy], date(2026, 4, 1)) == {}


def test_what_the_practice_adds_later_wins_over_what_is_shipped_for_the_same_day():
    ours = Policy(payer=PayerId("lakeland"), since=date(2026, 1, 1), max_size=8)
    rows = (*policies_from(LAKELAND, "lakeland.toml"), ours)

    assert in_force(rows, date(2026, 9, 15))["lakeland"] == ours


def test_a_value_without_evidence_is_hearsay_and_limits_nothing():
    file = policy_file(LAKELAND, "lakeland.toml")

    assert file.policies[1].min_minutes is None
    assert [(h.key, h.value, h.grade, h.source) for h in file.hearsay] == [("min_minutes", 45, "B", "somebody's blog")]


def test_a_policy_says_where_it_comes_from_and_who_confirmed_it():
    policy = policies_from(LAKELAND, "lakeland.toml")[1]

    assert policy.source == "Provider manual, chapter 3"
    assert policy.evidence.startswith("max_size P 2026-11-23")
    assert (policy.confirmed_on, policy.confirmed_by) == (date(2026, 2, 1), "c-bea")


def test_lists_and_tables_come_frozen():
    policy = policies_from(LAKELAND, "lakeland.toml")[1]

    assert policy.places == ("11", "53")
    assert policy.credential_modifiers == (("LCSW", "HO"), ("PhD", "HP"))
    assert hash(policy)


def test_a_payer_without_a_row_demands_nothing_but_the_usual_size():
    unknown = policy_for({}, PayerId("nobody"))

    assert (smallest_group(unknown), largest_group(unknown)) == (2, 12)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('payer = "lakeland"', 'payer = ""', "line 1: payer is missing, or no text"),
        ('name = "Lakeland Health Plan"', "", ": name is missing, or no text"),
        ('grade = "P"', 'grade = "A+"', "line 4: source manual has the grade 'A+'"),
        ("read_on = 2026-11-23\n\n[sources.blog]", "\n[sources.blog]", "line 4: source manual needs read_on"),
        ("since = 2025-01-01", 'since = "2025"', "line 15: since wants a date like 2026-01-31, not '2025'"),
        ("since = 2025-01-01", "", "line 14: a row of [[rules]] needs since"),
        ("since = 2025-01-01", "since = 2025-01-01T10:00:00", "line 15: since wants a date"),
        ("{ value = 10, ", '{ value = "ten", ', "line 16: max_size wants a whole number above 0, not 'ten'"),
        ("{ value = 10, ", "{ value = 0, ", "line 16: max_size wants a whole number above 0, not 0"),
        ("{ value = 10, ", "{ value = true, ", "line 16: max_size wants a whole number above 0, not True"),
        ("{ value = 12, ", "{ value = -1, ", "line 22: max_size wants a whole number above 0, not -1"),
        ("min_minutes", "minimum_minutes", "line 23: nothing here is called minimum_minutes"),
        ('source = "blog" }', 'source = "log" }', "line 23: min_minutes names the source 'log'"),
        ('{ value = 45, source = "blog" }', "45", "line 23: min_minutes needs a value and a source"),
        ('source = "blog" }', 'source = "blog", on = 1 }', "line 23: nothing here is called on"),
        ('["11", "53"]', '["11", "5"]', "line 25: places wants a list of two-digit places of service"),
        ('LCSW = "HO"', 'LCSW = "HO1"', "line 24: credential_modifiers wants a table"),
        ('payer = "lakeland"', 'payer = "lakeland', "(at line 1, column 18)"),
        (LAKELAND[LAKELAND.index("[[rules]]") :], "", ": there are no [[rules]]"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(right, wrong, told):
    assert right in LAKELAND
    with pytest.raises(PolicyTrouble, match=re.escape(told)) as trouble:
        policies_from(LAKELAND.replace(right, wrong, 1), "lakeland.toml")

    assert str(trouble.value).startswith("lakeland.toml")


@pytest.mark.parametrize("pattern", ["'[A-Z'", "7"])
def test_a_pattern_must_be_one(pattern):
    text = f'{LAKELAND}member_id_pattern = {{ value = {pattern}, source = "manual" }}\n'

    with pytest.raises(PolicyTrouble, match="line 26: member_id_pattern wants a regular expression"):
        policies_from(text, "lakeland.toml")


def test_two_files_for_one_payer_are_refused():
    with pytest.raises(PolicyTrouble, match=r"b.toml: lakeland has a file already"):
        shipped({"a.toml": LAKELAND, "b.toml": LAKELAND})


# ---- what is shipped -------------------------------------------------------------------------------------------


def test_every_shipped_file_is_read_and_named_for_its_payer():
    texts = the_shipped_texts()
    files = shipped(texts)

    assert {f"{file.payer.id}.toml" for file in files} == texts.keys()
    assert len(files) == 21


def test_no_shipped_row_counts_as_confirmed():
    assert all(policy.confirmed_on is None for file in shipped(the_shipped_texts()) for policy in file.policies)


def test_no_shipped_limit_rests_on_hearsay():
    for file in shipped(the_shipped_texts()):
        for policy in file.policies:
            grades = set(re.findall(r" ([A-Z]) \d{4}-", policy.evidence))
            assert grades <= BINDING
        assert all(h.grade not in BINDING for h in file.hearsay)


@pytest.mark.parametrize(
    ("payer", "least", "most", "minutes"),
    [
        ("medicare-ngs", None, 12, None),
        ("ct-medicaid", None, 12, 45),
        ("ny-omh", 2, 12, 60),
        ("pa-medicaid", 2, 12, None),
        ("wi-medicaid", 2, 10, None),
        ("nh-medicaid", 2, 10, None),
        ("ca-medicaid", 2, 8, 90),
        ("il-medicaid", None, None, None),
        ("mn-medicaid", None, None, None),
        ("aetna", None, None, None),
        ("tricare", None, None, None),
    ],
)
def test_the_shipped_limits_are_those_with_evidence(payer, least, most, minutes):
    policies = [policy for file in shipped(the_shipped_texts()) for policy in file.policies]
    policy = in_force(policies, date(2026, 9, 15))[PayerId(payer)]

    assert (policy.min_size, policy.max_size, policy.min_minutes) == (least, most, minutes)


@pytest.mark.parametrize(
    ("member_id", "fits"),
    [("1EG4TE5MK73", True), ("1EG4TE5MK7", False), ("1SG4TE5MK73", False), ("0EG4TE5MK73", False)],
)
def test_a_medicare_number_is_recognised_by_its_pattern(member_id, fits):
    (file,) = (f for f in shipped(the_shipped_texts()) if f.payer.id == "medicare-ngs")
    (pattern,) = (h.value for h in file.hearsay if h.key == "member_id_pattern")

    assert bool(re.fullmatch(str(pattern), member_id)) is fits
