"""Whatever is wrong in what comes in: somebody is told in words, nothing breaks, and no line goes out with it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.checking import check
from billing.claims import holding, line_drafts
from billing.findings import Severity, Stops
from billing.office import Licence, Service, Visits
from billing.policy import PolicyTrouble, policies_from
from billing.records import Background, Diagnosis, Draft
from tests.billing.builders import (
    DANA,
    KAY,
    LAKELAND,
    MARIA,
    TOM,
    a_background,
    a_draft,
    a_roster,
    attended,
)
from tests.billing.kept_office import BEGAN, BILLED, INDIVIDUAL, an_authorisation, in_order, terms, with_other

TWO = (attended(MARIA, "spoke first"), attended(TOM, "listened, then told of his week"))


def kept_back(draft: Draft, background: Background) -> tuple[str, ...]:
    """Why Kay's line, or else the first, is not released; what keeps the note from being signed counts as well."""
    findings = check(draft, background)
    unsigned = tuple(f.says for f in findings if f.stops is Stops.SIGNING and f.severity is Severity.BLOCK)
    lines = sorted(line_drafts(draft, background), key=lambda line: line.client != KAY)
    return unsigned + (holding(lines[0], findings) if lines else ())


def npi(number: str) -> Background:
    staff = tuple(replace(c, npi=number) if c.id == DANA else c for c in a_roster().clinicians)
    return replace(in_order(), roster=a_roster(clinicians=staff))


def diagnosed(code: str) -> Background:
    wrong = (Diagnosis(client=KAY, code=code, rank=1, since=BEGAN),)
    return replace(in_order(), diagnoses={**a_background().diagnoses, KAY: wrong})


@pytest.mark.parametrize(
    ("draft", "background", "says"),
    [
        (a_draft(), npi("12345"), "The NPI 12345 of Dana Whitfield fails its check digit"),
        (a_draft(), npi("١٢٣٤٥٦٧٨٩٣"), "fails its check digit"),
        (a_draft(), npi(""), "fails its check digit"),
        (a_draft(), diagnosed("F33"), "Kayleigh O'Brien's diagnosis F33 is not an ICD-10-CM code"),
        (a_draft(), diagnosed(""), "is not an ICD-10-CM code"),
        (a_draft(), terms(group_modifier="ZZ"), "has the modifier ZZ, which is not a usual one"),
        (a_draft(), terms(group_modifier="hq "), "Lakeland Health Plan wants hq"),
        (
            a_draft(),
            with_other(replace(INDIVIDUAL, starts=time(15), ends=time(15, 45))),
            "Kayleigh O'Brien's 90834 of the same day overlaps the group",
        ),
        (a_draft(), with_other(replace(INDIVIDUAL, starts=None)), "has no times that could be compared"),
        (a_draft(met_on=date(2026, 9, 16)), in_order(), "Wed Sep 16 is in the future"),
        (a_draft(ends=time(14)), in_order(), "would be 1440 minutes"),
        (a_draft(ends=time(19)), in_order(), "would be 300 minutes"),
        (a_draft(), replace(in_order(), fees={"90853": Decimal(-60)}), "There is no fee to charge"),
        (a_draft(), replace(in_order(), fees={"90853": Decimal("NaN")}), "There is no fee to charge"),
        (a_draft(), replace(in_order(), fees={"90853": Decimal("1e30")}), "There is no fee to charge"),
        (
            a_draft(),
            in_order(authorisations=tuple(an_authorisation(c, units=None) for c in BILLED)),
            "Kayleigh O'Brien's authorization does not say how many units it is for",
        ),
        (
            a_draft(),
            in_order(authorisations=tuple(an_authorisation(c, units=-1) for c in BILLED)),
            "Kayleigh O'Brien's authorization is used up",
        ),
        (
            a_draft(),
            in_order(authorisations=tuple(an_authorisation(c, number="") for c in BILLED)),
            "wants an authorization, and none for 90853",
        ),
        (
            a_draft(),
            in_order(licences=(Licence(clinician=DANA, state="NY", since=date(2027, 1, 1), until=BEGAN),)),
            "No licence of Dana Whitfield was in force on 2026-09-15",
        ),
    ],
)
def test_it_is_said_in_words_and_the_line_is_kept_back(draft: Draft, background: Background, says: str):
    assert [reason for reason in kept_back(draft, background) if says in reason]


# ---- odd days and hours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("today", "in_time"), [(date(2025, 2, 28), True), (date(2025, 3, 1), False)])
def test_a_group_of_29_february_is_filed_by_28_february(today: date, in_time: bool):
    draft = a_draft(met_on=date(2024, 2, 29), attendance=TWO)
    background = a_background(now=datetime(today.year, today.month, today.day, 17, tzinfo=UTC))

    assert ("there_is_still_time_to_file" in {f.rule for f in check(draft, background)}) is not in_time


def test_what_began_before_midnight_and_overlaps_after_it_is_seen():
    late = with_other(replace(INDIVIDUAL, client=MARIA, starts=time(23, 50), ends=time(0, 35)))
    earlier = with_other(replace(INDIVIDUAL, client=MARIA, starts=time(22, 30), ends=time(23, 15)))
    draft = a_draft(starts=time(23, 15), ends=time(0, 30), attendance=TWO)

    assert "overlaps the group" in " ".join(kept_back(draft, late))
    assert kept_back(draft, earlier) == ()


@pytest.mark.parametrize(
    ("day", "starts", "ends", "minutes"),
    [
        (date(2026, 3, 8), time(1, 30), time(3, 30), 120),  # an hour of it was never there
        (date(2026, 11, 1), time(0, 45), time(2), 75),  # an hour of it was there twice
        (date(2026, 11, 1), time(1, 15), time(1, 45), 30),
    ],
)
def test_where_the_clock_is_changed_the_wall_clock_counts(day: date, starts: time, ends: time, minutes: int):
    now = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    background = a_background(now=now, codes={"F33.1": replace(a_background().codes["F33.1"], release_ends=None)})
    draft = a_draft(met_on=day, starts=starts, ends=ends, attendance=TWO)

    assert [line.minutes for line in line_drafts(draft, background)] == [minutes]
    assert [f for f in check(draft, background) if f.rule != "the_note_is_signed_in_time"] == []


@pytest.mark.parametrize(("hours", "late"), [(48, False), (49, True)])
def test_the_age_of_a_note_is_counted_from_the_end_past_midnight(hours: int, late: bool):
    over = datetime(2026, 9, 15, 4, 30, tzinfo=UTC)  # half past midnight in New York
    draft = a_draft(met_on=date(2026, 9, 14), starts=time(23, 30), ends=time(0, 30), attendance=TWO)
    background = a_background(signed=None, now=over + timedelta(hours=hours, minutes=-30))

    assert ("the_note_is_signed_in_time" in {f.rule for f in check(draft, background)}) is late


@pytest.mark.parametrize(
    ("starts", "ends", "apart"),
    [
        (time(13), time(14), True),
        (time(13), time(14, 1), False),
        (time(15, 15), time(16), True),
        (time(15, 14), time(16), False),
    ],
)
def test_what_ends_or_begins_with_the_group_does_not_overlap_it(starts: time, ends: time, apart: bool):
    background = with_other(replace(INDIVIDUAL, starts=starts, ends=ends))

    assert (kept_back(a_draft(), background) == ()) is apart


@pytest.mark.parametrize(("days", "few"), [((9, 14), False), ((8, 14), True), ((16, 21), False), ((16, 22), True)])
def test_a_stretch_of_seven_days_is_counted_wherever_it_begins(days: tuple[int, int], few: bool):
    visited = Visits(client=KAY, payer=LAKELAND, days=tuple(date(2026, 9, day) for day in days))

    assert (kept_back(a_draft(), in_order(visits=(visited,))) == ()) is few


# ---- policy files ----------------------------------------------------------------------------------------------

FILE = """\
payer = "lakeland"
name = "Lakeland Health Plan"

[sources.manual]
title = "Provider manual"
grade = "P"
read_on = 2026-11-23

[[rules]]
since = 2026-01-01
frequency_caps = { value = [[2, 7]], source = "manual" }
contact_fraction = { value = "5/6", source = "manual" }
same_day_individual = { value = "XE", source = "manual" }
requires_auth = { value = true, source = "manual" }
allowed_credentials = { value = ["LCSW", "PhD"], source = "manual" }
primary_diagnoses = { value = ["Z63", "R45.8"], source = "manual" }
"""


def test_the_terms_of_a_file_arrive():
    (policy,) = policies_from(FILE, "lakeland.toml")

    assert (policy.frequency_caps, policy.contact_fraction, policy.same_day_individual) == (((2, 7),), "5/6", "XE")
    assert policy.requires_auth
    assert policy.allowed_credentials == ("LCSW", "PhD")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("frequency_caps", "frequency_cap", "line 11: nothing here is called frequency_cap"),
        ("[[2, 7]]", "[2, 7]", "line 11: frequency_caps wants a list of pairs"),
        ("[[2, 7]]", "[[2, 0]]", "line 11: frequency_caps wants a list of pairs"),
        ('"5/6"', '"6/5"', "line 12: contact_fraction wants a share"),
        ('"5/6"', '"5/0"', "line 12: contact_fraction wants a share"),
        ('"5/6"', "0.83", "line 12: contact_fraction wants a share"),
        ('"XE"', '"XQ"', "line 13: same_day_individual wants allow, 59, XE or deny"),
        ("value = true", 'value = "yes"', "line 14: requires_auth wants true or false"),
        ('"PhD"]', '""]', "line 15: allowed_credentials wants a list of credentials"),
        ('"R45.8"', '"r45"', "line 16: primary_diagnoses wants a list of beginnings"),
    ],
)
def test_a_slip_in_a_policy_file_is_told_with_its_line(right: str, wrong: str, told: str):
    with pytest.raises(PolicyTrouble, match=re.escape(told)) as trouble:
        policies_from(FILE.replace(right, wrong, 1), "lakeland.toml")

    assert str(trouble.value).startswith("lakeland.toml")


# ---- the office's own slips ------------------------------------------------------------------------------------

moments = st.none() | st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0))
services = st.builds(
    Service,
    client=st.sampled_from([KAY, MARIA, TOM, "p-nobody"]),
    code=st.sampled_from(["90834", "90853", "H0015", "99214", "90785", "90849", ""]),
    starts=moments,
    ends=moments,
    modifiers=st.lists(st.sampled_from(["59", "XE", "25", "", "ZZ"]), max_size=5).map(tuple),
    documented=st.booleans(),
)
visits = st.builds(
    Visits,
    client=st.just(KAY),
    payer=st.just(LAKELAND),
    days=st.lists(st.dates(min_value=date(2026, 8, 1), max_value=date(2026, 10, 30)), max_size=4).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(others=st.lists(services, max_size=4), visited=st.lists(visits, max_size=2))
def test_whatever_the_office_enters_is_answered_and_never_lets_a_second_group_of_a_day_go(others, visited):
    background = in_order(services=tuple(others), visits=tuple(visited))
    findings = check(a_draft(), background)

    for line in line_drafts(a_draft(), background):
        twice = any(s.client == line.client and s.code == "90853" for s in others)
        assert holding(line, findings) or not twice
