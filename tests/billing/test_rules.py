"""Each rule once silent, on an evening without faults, and once heard, on one with the one fault it is about."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from billing.checking import check, next_questions
from billing.findings import Asks, Case, Finding, Rule, Stops
from billing.office import LastNote, Office
from billing.records import (
    About,
    Background,
    Client,
    ClientId,
    CodeStatus,
    Conflict,
    Draft,
    LineDraft,
    Mode,
    Name,
    NoteId,
    OneOf,
    PayerId,
    Presence,
    Risk,
    RiskKind,
    RiskStatus,
    ServiceKind,
    Unclear,
    is_spoken,
    spoken,
)
from billing.rules import RULES
from billing.rules.looking import told_apart
from billing.rules.provider import is_npi
from billing.slots import SLOTS
from tests.billing.builders import (
    DANA,
    DBT,
    EVENING,
    GRIEF,
    KAY,
    LAKELAND,
    LINDQVIST,
    MARIA,
    NOA,
    NOW,
    PRIYA,
    RAVI,
    TOM,
    WILL,
    a_background,
    a_client,
    a_coverage,
    a_draft,
    a_policy,
    a_roster,
    a_signature,
    absent,
    attended,
    said,
    those_there,
    with_one,
)
from tests.billing.kept_office import OFFICE_FAULTS, in_order

WHICH_MARIA = Unclear(name="maria", subject=spoken("maria"), options=(MARIA, LINDQVIST))
STRANGER = Unclear(name="Danielle", subject=spoken("Danielle"), options=())
ENDORSED = Risk(kind=RiskKind.SI, status=RiskStatus.ENDORSED)


def under(**terms) -> Background:
    """Lakeland with other terms."""
    return a_background(policies={LAKELAND: a_policy(**terms)})


def crowd(count: int) -> tuple[Draft, Background]:
    """So many attended, all covered."""
    ids = [ClientId(f"p-{n:02}") for n in range(count)]
    clients = tuple(a_client(id, f"Ana{n}", f"Frey{n}") for n, id in enumerate(ids))
    draft = a_draft(attendance=tuple(attended(id, f"spoke of plan {n}") for n, id in enumerate(ids)))
    background = a_background(roster=a_roster(clients=clients), coverage={id: (a_coverage(id),) for id in ids})
    same = a_background()
    return draft, replace(
        background,
        diagnoses=dict.fromkeys(ids, same.diagnoses[MARIA]),
        goals=dict.fromkeys(ids, same.goals[MARIA]),
    )


def led_by_noa(**terms) -> tuple[Draft, Background]:
    return a_draft(leader=NOA), replace(under(**terms), cosigned=a_signature(RAVI))


FAULTS: dict[str, tuple[Draft, Background]] = {
    "the_group_is_known": (a_draft(group=None), a_background()),
    "the_date_is_known_and_not_in_the_future": (a_draft(met_on=None), a_background()),
    "the_day_is_one_on_which_the_group_meets": (
        a_draft(met_on=date(2026, 9, 14), day_confirmed=None),
        a_background(),
    ),
    "the_group_took_place": (a_draft(attendance=()), a_background()),
    "the_actual_times_are_known": (a_draft(starts=None, ends=None), a_background()),
    "the_leader_is_known": (a_draft(leader=None), a_background()),
    "the_leaders_agree": (
        a_draft(
            attendance=with_one(WILL, presence=None),
            conflicts=(
                Conflict(about=About(slot="presence", subject=WILL), values=(Presence.PRESENT, Presence.NO_SHOW)),
            ),
        ),
        a_background(),
    ),
    "every_spoken_name_is_settled": (a_draft(unclear=(WHICH_MARIA,)), a_background()),
    "everybody_is_accounted_for": (a_draft(attendance=with_one(WILL, presence=None)), a_background()),
    "every_absence_is_a_no_show_or_a_cancellation": (
        a_draft(attendance=with_one(WILL, presence=Presence.ABSENT)),
        a_background(),
    ),
    "the_own_times_of_late_and_early_are_known": (
        a_draft(attendance=with_one(PRIYA, minutes_late=None)),
        a_background(),
    ),
    "the_headcount_is_who_attended": (a_draft(headcount=5), a_background()),
    "the_focus_is_stated": (a_draft(topic=(), interventions=()), a_background()),
    "every_client_has_words_of_their_own": (a_draft(attendance=with_one(TOM, words=())), a_background()),
    "risk_is_answered_for_everybody": (a_draft(attendance=with_one(TOM, risk=())), a_background()),
    "a_risk_that_was_endorsed_was_acted_on": (a_draft(attendance=with_one(KAY, risk=(ENDORSED,))), a_background()),
    "progress_is_known_for_everybody": (a_draft(attendance=with_one(TOM, progress=None)), a_background()),
    "nobody_else_is_named_in_a_chart": (
        a_draft(attendance=with_one(TOM, words=(said("knows Zoe Keller from school"),))),
        a_background(),
    ),
    "the_hour_was_psychotherapy": (a_draft(service=ServiceKind.CLASS), a_background()),
    "a_group_below_the_minimum_is_confirmed": (a_draft(attendance=(attended(MARIA, "was alone"),)), a_background()),
    "a_group_above_the_maximum_is_explained": crowd(13),
    "it_is_known_where_each_client_was": (a_draft(attendance=with_one(KAY, mode=Mode.VIDEO)), a_background()),
    "the_note_is_signed": (a_draft(), a_background(signed=None)),
    "the_note_is_cosigned_where_it_must_be": (a_draft(), under(cosign_required=True)),
    "nobody_else_has_signed_for_this_group": (a_draft(), a_background(others_that_day=(NoteId("n-9"),))),
    "enough_attended_for_the_payer": (a_draft(headcount=1, attendance=(attended(KAY, "was alone"),)), a_background()),
    "not_more_attended_than_the_payer_allows": crowd(13),
    "the_group_is_small_by_every_rule_book": (
        crowd(11)[0],
        replace(crowd(11)[1], policies={LAKELAND: a_policy(max_size=None)}),
    ),
    "the_payers_rules_are_confirmed": (a_draft(), under(confirmed_on=date(2025, 9, 14))),
    "every_billed_client_stayed_long_enough": (a_draft(), under(min_minutes=61)),
    "every_billed_client_has_a_goal": (a_draft(), a_background(goals={})),
    "the_payer_takes_the_place": (
        a_draft(attendance=with_one(KAY, mode=Mode.VIDEO, place="10")),
        under(telehealth=False),
    ),
    "every_npi_has_its_check_digit": (
        a_draft(),
        a_background(roster=a_roster(practice=replace(a_roster().practice, npi="1234567890"))),
    ),
    "an_unlicensed_clinician_has_a_supervisor": (
        a_draft(leader=NOA),
        a_background(
            roster=a_roster(
                clinicians=tuple(replace(c, supervisor=None) if c.id == NOA else c for c in a_roster().clinicians)
            )
        ),
    ),
    "the_payer_takes_supervised_work": led_by_noa(supervised_billing=None),
    "every_billed_client_has_a_member_id": (
        a_draft(),
        a_background(coverage={KAY: (a_coverage(KAY, member_id=None),)}),
    ),
    "every_billed_client_has_a_diagnosis": (a_draft(), a_background(diagnoses={})),
    "every_diagnosis_is_specific_and_in_force": (
        a_draft(),
        a_background(codes={"F33.1": CodeStatus(code="F33.1", known=True, billable=False, likely=("F33.11",))}),
    ),
    "every_code_set_is_of_the_day": (
        a_draft(met_on=date(2026, 10, 1)),
        a_background(now=datetime(2026, 10, 1, 20, tzinfo=UTC)),
    ),
    "every_line_has_a_charge": (a_draft(), a_background(fees={})),
    "there_is_still_time_to_file": (a_draft(met_on=date(2026, 6, 1)), under(filing_days=90)),
    "the_time_to_file_is_not_running_out": (a_draft(met_on=date(2026, 6, 30)), under(filing_days=90)),
    **OFFICE_FAULTS,
}
"""For each rule an evening with its fault. What no draft can cause is in MISMADE_LINES."""

MISMADE_LINES = {
    "every_pointer_points_at_a_diagnosis": {"pointers": (2,)},
    "every_line_is_one_unit": {"units": 2},
    "the_telehealth_modifier_is_the_payers": {"modifiers": ("95",)},
    "every_modifier_is_the_payers": {"modifiers": ("HO",)},
}


def a_line(**changes) -> LineDraft:
    whole = LineDraft(
        client=MARIA,
        payer=LAKELAND,
        served_on=EVENING,
        code="90853",
        units=1,
        place="11",
        modifiers=(),
        diagnoses=("F33.1",),
        pointers=(1,),
        minutes=75,
        charge=Decimal("60.00"),
        member_id="LK1",
        rendering=DANA,
        rendering_npi="1234567893",
        billing_npi="1679576722",
    )
    return replace(whole, **changes)


def heard(draft: Draft, background: Background) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.rule for f in check(draft, background)))


def the(rule: str, draft: Draft, background: Background | None = None) -> tuple[Finding, ...]:
    return tuple(f for f in check(draft, background or a_background()) if f.rule == rule)


def test_nothing_is_lacking_on_an_evening_without_faults():
    assert check(a_draft(), a_background()) == ()


def test_nothing_is_lacking_where_the_office_keeps_every_list_and_the_payer_wants_everything():
    assert check(a_draft(), in_order()) == ()


SEVERAL = {
    "the_first_diagnosis_is_a_mental_one": {"every_billed_diagnosis_is_in_the_plan"},
    "who_is_billed_was_taken_on_by_the_payer": {"the_taxonomy_is_there_where_it_is_wanted"},
    "each_client_has_signed_release_and_assignment": {"a_substance_use_program_has_its_consent"},
}
"""What else is rightly said of the same fault."""


@pytest.mark.parametrize("rule", OFFICE_FAULTS)
def test_the_office_has_one_fault_at_a_time(rule):
    assert set(heard(*OFFICE_FAULTS[rule])) - {rule} <= SEVERAL.get(rule, set())


def test_every_rule_is_tried_in_this_file():
    assert {rule.name for rule in RULES} == FAULTS.keys() | MISMADE_LINES.keys()


@pytest.mark.parametrize("rule", FAULTS)
def test_the_rule_speaks_where_its_fault_is(rule):
    assert rule in heard(*FAULTS[rule])


@pytest.mark.parametrize("rule", FAULTS)
def test_the_fault_stops_signing_only_where_the_note_would_be_untrue(rule):
    stops = {f.rule: f.stops for f in check(*FAULTS[rule])}

    signing = [name for name, what in stops.items() if what is Stops.SIGNING]
    assert signing == ([rule] if stops[rule] is Stops.SIGNING else [])


@pytest.mark.parametrize(("rule", "mistake"), MISMADE_LINES.items())
def test_the_rule_speaks_where_a_line_is_made_wrongly(rule, mistake):
    found = next(r for r in RULES if r.name == rule)

    def case(line: LineDraft) -> Case:
        return Case(draft=a_draft(), background=a_background(), lines=(line,))

    assert list(found.findings(case(a_line()))) == []
    assert [f.about.subject for f in found.findings(case(a_line(**mistake)))] == [MARIA]


@pytest.mark.parametrize("rule", FAULTS)
def test_every_question_says_whom_it_is_about(rule):
    draft, background = FAULTS[rule]
    roster = background.roster
    for finding in check(draft, background):
        subject = finding.about.subject
        if not finding.question or not subject:
            continue
        name = _name(subject, background)
        assert name in finding.says
        assert ("{names}" if finding.together else name) in finding.question
    for question in (*next_questions(check(draft, background), roster),):
        assert "{" not in question.text


def _name(subject: str, background: Background) -> str:
    if is_spoken(subject):
        return subject.removeprefix("~").title()
    payer = background.payers.get(PayerId(subject))
    return payer.name if payer else background.roster.client(subject).name


@pytest.mark.parametrize("rule", FAULTS)
def test_every_question_to_a_clinician_can_be_answered(rule):
    for finding in check(*FAULTS[rule]):
        if finding.asks is Asks.CLINICIAN and finding.question:
            assert finding.about.slot in SLOTS
            for choice in finding.choices:
                for about in choice.fills or (finding.about,):
                    assert isinstance(choice.value, SLOTS[about.slot].types)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_title_and_a_source_and_asks_only_whom_it_says(rule: Rule):
    assert rule.title.endswith(".")
    assert rule.source
    assert all(re.fullmatch(r"G0\d\d", tag) for tag in rule.tags)


def test_nothing_is_asked_of_a_group_that_was_cancelled():
    empty = a_draft(
        held=False, group=None, met_on=None, starts=None, ends=None, leader=None, attendance=(), topic=(), headcount=9
    )

    assert check(empty, a_background(signed=None, goals={})) == ()


@pytest.mark.parametrize("presence", [Presence.NO_SHOW, Presence.CANCELLED])
def test_nothing_is_asked_about_a_client_who_was_absent(presence):
    bare = {"words": (), "progress": None, "risk": ()}
    draft = a_draft(attendance=with_one(KAY, presence=presence, **bare))
    background = a_background(goals={}, diagnoses={}, coverage={KAY: (a_coverage(KAY, member_id=None),)})

    assert [f for f in check(draft, background) if f.about.subject == KAY] == []


def test_rules_on_coverage_are_silent_about_who_pays_privately():
    draft = a_draft(attendance=with_one(TOM, mode=Mode.VIDEO))
    background = a_background(goals={MARIA: (), KAY: ()}, diagnoses={}, fees={})

    assert [f for f in check(draft, background) if f.about.subject == TOM] == []


def test_nothing_of_billing_is_said_where_nobody_is_covered():
    nobody = a_background(coverage={}, policies={}, fees={}, signed=None, goals={}, others_that_day=(NoteId("n-9"),))

    assert check(a_draft(service=ServiceKind.CLASS), nobody) == ()


# ---- the session -----------------------------------------------------------------------------------------------


def test_a_group_that_could_be_two_is_asked_with_just_these():
    (finding,) = the("the_group_is_known", a_draft(group=OneOf(options=(GRIEF,))))

    assert [(c.label, c.value) for c in finding.choices] == [("Grief and Loss", GRIEF)]


def test_today_is_the_practices_day_and_not_that_of_utc():
    late_evening = datetime(2026, 9, 16, 2, 30, tzinfo=UTC)
    (finding,) = the("the_date_is_known_and_not_in_the_future", a_draft(met_on=None), a_background(now=late_evening))

    assert finding.choices[0].label == "Today, Tue Sep 15"
    assert finding.choices[1].value == date(2026, 9, 14)


def test_a_date_to_come_is_asked_about():
    (finding,) = the("the_date_is_known_and_not_in_the_future", a_draft(met_on=date(2026, 9, 16)))

    assert finding.question == "Wed Sep 16 is still to come. Which day was the group?"


def test_the_schedule_is_offered_as_one_tap_for_both_times():
    (finding,) = the("the_actual_times_are_known", a_draft(starts=None, ends=None))

    assert [(c.label, c.value) for c in finding.choices] == [("As scheduled 2:00–3:15 PM", True)]
    assert finding.choices[0].fills == (About(slot="as_scheduled"),)


def test_only_the_end_is_asked_if_only_the_end_is_missing():
    (finding,) = the("the_actual_times_are_known", a_draft(ends=None))

    assert finding.about == About(slot="ends")
    assert [c.value for c in finding.choices] == [time(15, 15)]


@pytest.mark.parametrize(
    ("ends", "fits"), [(time(14, 14), False), (time(14, 15), True), (time(18), True), (time(18, 1), False)]
)
def test_a_group_lasts_from_15_to_240_minutes(ends, fits):
    attendance = (attended(MARIA, "was there"), attended(TOM, "was quiet"))
    assert (the("the_actual_times_are_known", a_draft(ends=ends, attendance=attendance)) == ()) is fits


def test_whether_it_took_place_is_asked_only_when_all_are_known_to_be_absent():
    nobody = tuple(absent(c) for c in (MARIA, TOM, KAY, PRIYA, WILL))
    unknown = tuple(replace(a, presence=None) for a in nobody)

    assert heard(a_draft(attendance=nobody, topic=(), interventions=()), a_background()) == ("the_group_took_place",)
    assert check(a_draft(held=True, attendance=nobody, topic=(), interventions=()), a_background()) == ()
    assert the("the_group_took_place", a_draft(attendance=unknown)) == ()
    assert the("the_group_took_place", a_draft(attendance=(), group=None)) == ()


def test_a_group_past_midnight_is_no_fault():
    attendance = (attended(MARIA, "was there"), attended(TOM, "was quiet"))
    assert check(a_draft(starts=time(23, 30), ends=time(0, 30), attendance=attendance), a_background()) == ()


def test_the_groups_own_leaders_are_offered():
    (finding,) = the("the_leader_is_known", a_draft(leader=None))

    assert [c.value for c in finding.choices] == [DANA]


def test_the_kind_of_hour_is_asked_only_if_it_is_not_the_groups_own_kind():
    several_families = a_roster(
        groups=tuple(replace(g, service=ServiceKind.MULTIPLE_FAMILY) for g in a_roster().groups)
    )
    (asked,) = the("the_hour_was_psychotherapy", a_draft(service=ServiceKind.CLASS))
    (told,) = the(
        "the_hour_was_psychotherapy",
        a_draft(service=ServiceKind.MULTIPLE_FAMILY),
        a_background(roster=several_families),
    )

    assert asked.question == "As I read it, this was a class. What was it?"
    assert (told.question, told.says) == ("", "This was a group of several families, which is not 90853")


# ---- the people ------------------------------------------------------------------------------------------------


def test_two_marias_are_told_apart_by_their_full_names():
    (finding,) = the("every_spoken_name_is_settled", a_draft(unclear=(WHICH_MARIA,)))

    assert finding.question == "Which Maria: Maria Gonzalez or Maria Lindqvist?"
    assert [c.value for c in finding.choices] == [MARIA, LINDQVIST, Name.UNKNOWN]


def test_namesakes_do_not_get_two_buttons_alike():
    namesakes: tuple[Client, ...] = (
        a_client(MARIA, "Maria", "Gonzalez"),
        replace(a_client(LINDQVIST, "Maria", "Gonzalez"), born_on=None),
    )

    assert told_apart(namesakes) == ("Maria Gonzalez (born 1990)", "Maria Gonzalez (p-lindqvist)")


def test_a_name_on_no_list_is_never_made_a_client():
    (finding,) = the("every_spoken_name_is_settled", a_draft(unclear=(STRANGER,)))

    assert finding.question == "Danielle is on no list of the practice. Who is that?"
    assert [c.value for c in finding.choices] == [Name.VISITOR, Name.NOBODY]


def test_what_leaders_disagree_on_is_asked_once_with_what_each_of_them_said():
    findings = [f for f in check(*FAULTS["the_leaders_agree"]) if f.about.subject == WILL]

    assert [f.rule for f in findings] == ["the_leaders_agree"]
    assert [c.label for c in findings[0].choices] == ["Present", "No-show"]


@pytest.mark.parametrize(
    ("slot", "values", "labels"),
    [
        ("starts", (time(14), time(14, 10)), ["2:00 PM", "2:10 PM"]),
        ("met_on", (date(2026, 9, 14), date(2026, 9, 15)), ["Mon Sep 14", "Tue Sep 15"]),
        ("group", (DBT, GRIEF), ["DBT Skills", "Grief and Loss"]),
        ("two_groups", (True, False), ["Yes", "No"]),
    ],
)
def test_what_leaders_said_is_offered_in_words(slot, values, labels):
    (finding,) = the("the_leaders_agree", a_draft(conflicts=(Conflict(about=About(slot=slot), values=values),)))

    assert [c.label for c in finding.choices] == labels


def test_somebody_of_whom_something_was_told_is_not_said_to_be_unmentioned():
    (finding,) = the(
        "everybody_is_accounted_for", a_draft(attendance=with_one(WILL, presence=None, words=(said("quiet"),)))
    )

    assert finding.question == "Was Will Park there?"


def test_a_presence_heard_two_ways_is_asked_with_both():
    either = OneOf(options=(Presence.NO_SHOW.value, Presence.CANCELLED.value))
    (finding,) = the("everybody_is_accounted_for", a_draft(attendance=with_one(WILL, presence=either)))

    assert finding.question == "How was it with Will Park: no-show or cancelled?"


@pytest.mark.parametrize("own", [{"minutes_late": 90}, {"minutes_late": None, "arrived": time(15, 15)}])
def test_somebody_who_came_after_the_end_is_asked_about(own):
    (finding,) = the("the_own_times_of_late_and_early_are_known", a_draft(attendance=with_one(PRIYA, **own)))

    assert finding.about == About(slot="arrived", subject=PRIYA)


def test_visitors_count_as_heads():
    assert the("the_headcount_is_who_attended", a_draft(headcount=5, visitors=("~danielle",))) == ()


def test_heads_are_not_compared_while_it_is_open_who_came():
    open_ = a_draft(headcount=5, attendance=with_one(WILL, presence=None))

    assert the("the_headcount_is_who_attended", open_) == ()
    assert the("the_headcount_is_who_attended", a_draft(headcount=5, unclear=(STRANGER,))) == ()


# ---- the note --------------------------------------------------------------------------------------------------


def test_what_was_said_of_everybody_alike_is_nobodys_own():
    alike = tuple(replace(a, words=(said("Quiet but tracking."),)) if a.attended else a for a in those_there())
    findings = the("every_client_has_words_of_their_own", a_draft(attendance=alike))

    assert [f.about.subject for f in findings] == [MARIA, TOM, KAY, PRIYA]


def test_two_clients_may_be_described_alike():
    two = tuple(replace(a, words=(said("quiet"),)) if a.client in (TOM, KAY) else a for a in those_there())
    assert the("every_client_has_words_of_their_own", a_draft(attendance=two)) == ()


@pytest.mark.parametrize("bare", ["Progressing", "about the same", "present.", "--"])
def test_a_bare_level_is_not_a_statement(bare):
    findings = the("every_client_has_words_of_their_own", a_draft(attendance=with_one(TOM, words=(said(bare),))))

    assert [f.about.subject for f in findings] == [TOM]


@pytest.mark.parametrize(
    ("more", "asked"),
    [((), [KAY]), (("told of the new job",), []), (("sat by the door, and left with a plan for the",), [KAY])],
)
def test_one_statement_of_their_own_is_enough_to_tell_notes_apart(more, asked):
    alike = said("sat by the door, and left with a plan for the week")
    words = {TOM: (alike,), KAY: (said("sat by the door, and left with a plan for the day"), *map(said, more))}
    draft = a_draft(
        attendance=tuple(replace(a, words=words[a.client]) if a.client in words else a for a in those_there())
    )

    found = the("no_note_reads_like_another", draft)
    assert [f.about.subject for f in found] == asked


def test_what_was_said_the_last_time_is_noticed():
    words = ("spoke of the funeral, cried, and stayed until the end",)
    office = Office(last_notes=(LastNote(client=KAY, met_on=date(2026, 9, 8), words=words),))
    (finding,) = the(
        "no_note_reads_like_another",
        a_draft(attendance=with_one(KAY, words=(said(words[0].title()),))),
        a_background(office=office),
    )

    assert finding.question.startswith("Kayleigh O'Brien's note reads like the one of Tue Sep 8. What was specific")


def test_missing_words_and_risks_are_each_one_question_for_all():
    bare = tuple(replace(a, words=(), risk=()) if a.client in (TOM, KAY) else a for a in those_there())
    questions = next_questions(check(a_draft(attendance=bare), a_background()), a_roster())

    assert [q.text for q in questions] == [
        "Tell me a few words about Tom and Kayleigh.",
        "Any safety concern for Tom and Kayleigh?",
    ]


def test_a_risk_denied_needs_no_action():
    denied = Risk(kind=RiskKind.SI, status=RiskStatus.DENIED)
    assert check(a_draft(attendance=with_one(KAY, risk=(denied,))), a_background()) == ()


def test_those_of_the_group_are_a_peer_and_no_fault():
    words = (said("laughed with Tom and Priya"),)
    assert check(a_draft(attendance=with_one(KAY, words=words)), a_background()) == ()


def test_a_client_of_another_group_named_in_the_topic_stops_signing():
    (finding,) = the("nobody_else_is_named_in_a_chart", a_draft(topic=(said("what Zoe Keller did"),)))

    assert finding.about == About(slot="topic")


# ---- billing ---------------------------------------------------------------------------------------------------


def test_over_the_maximum_every_line_of_that_payer_is_held_and_no_other():
    draft, background = crowd(13)
    other = PayerId("wide")
    first = draft.attendance[0].client
    mixed = replace(
        background,
        coverage={**background.coverage, first: (a_coverage(first, payer=other),)},
        policies={**background.policies, other: a_policy(payer=other, max_size=20)},
    )

    assert [f.about.subject for f in the("not_more_attended_than_the_payer_allows", draft, mixed)] == [LAKELAND]


def test_over_the_maximum_it_is_asked_once_whether_it_was_two_groups():
    draft, background = crowd(13)
    (finding,) = the("a_group_above_the_maximum_is_explained", draft, background)

    assert finding.question == "13 attended; Lakeland Health Plan allows 12. Was this really two groups?"
    assert the("a_group_above_the_maximum_is_explained", replace(draft, two_groups=False), background) == ()


def test_self_pay_clients_and_visitors_count_for_the_size():
    two = a_draft(attendance=(attended(MARIA, "spoke"), attended(TOM, "listened")))
    one = a_draft(attendance=(attended(MARIA, "spoke"),), visitors=("~danielle",))

    assert "enough_attended_for_the_payer" not in heard(two, a_background())
    assert "enough_attended_for_the_payer" not in heard(one, a_background())


def test_exactly_the_maximum_and_exactly_the_minutes_are_enough():
    assert "not_more_attended_than_the_payer_allows" not in heard(*crowd(12))
    assert check(a_draft(), under(min_minutes=60)) == ()


def test_minutes_are_the_clients_own():
    findings = the("every_billed_client_stayed_long_enough", a_draft(), under(min_minutes=61))

    assert [(f.about.subject, f.says) for f in findings] == [
        (PRIYA, "Lakeland Health Plan demands 61 minutes; Priya Raman stayed 60 minutes")
    ]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"confirmed_on": None}, "Nobody has confirmed Lakeland Health Plan's rules for groups"),
        ({"covered": None}, "It is not known whether Lakeland Health Plan covers 90853"),
        ({"covered": False}, "Lakeland Health Plan does not cover 90853"),
    ],
)
def test_a_policy_must_be_confirmed_and_cover_the_service(terms, says):
    assert [f.says for f in the("the_payers_rules_are_confirmed", a_draft(), under(**terms))] == [says]


def test_where_a_client_was_by_video_is_one_question_for_all_of_them():
    by_video = tuple(replace(a, mode=Mode.VIDEO) if a.client in (KAY, MARIA) else a for a in those_there())
    questions = next_questions(check(a_draft(attendance=by_video), a_background()), a_roster())

    assert [q.text for q in questions] == ["Where did Maria G. and Kayleigh take part by video?"]
    assert [c.value for c in questions[0].choices] == ["10", "02"]


def test_a_client_at_home_by_video_is_no_fault():
    assert check(a_draft(attendance=with_one(KAY, mode=Mode.VIDEO, place="10")), a_background()) == ()


@pytest.mark.parametrize(
    ("terms", "mode", "place", "held"),
    [
        ({"audio_only": False}, Mode.AUDIO, "10", True),
        ({"audio_only": False}, Mode.VIDEO, "10", False),
        ({"telehealth_places": ("02",)}, Mode.VIDEO, "10", True),
        ({"places": ("53",)}, Mode.IN_PERSON, "11", True),
        ({"places": ("11", "53")}, Mode.IN_PERSON, "11", False),
    ],
)
def test_a_place_that_the_payer_does_not_take_holds_the_line(terms, mode, place, held):
    draft = a_draft(attendance=with_one(KAY, mode=mode, place=place))
    findings = the("the_payer_takes_the_place", draft, under(**terms))

    assert (KAY in [f.about.subject for f in findings]) is held


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("1234567893", True),
        ("1234567890", False),
        ("1243567893", False),
        ("3234567893", False),
        ("123456789", False),
        ("12345678931", False),
        ("１234567893", False),
        ("", False),
    ],
)
def test_an_npi_has_ten_digits_and_the_right_last_one(number, right):
    assert is_npi(number) is right


def test_a_payer_that_wants_the_supervisors_npi_does_not_go_without():
    roster = a_roster(clinicians=tuple(replace(c, npi=None) if c.id == RAVI else c for c in a_roster().clinicians))
    draft, background = led_by_noa(supervised_billing="supervisor")
    slots = [f.about.slot for f in the("every_npi_has_its_check_digit", draft, replace(background, roster=roster))]

    assert "supervising_npi" in slots


@pytest.mark.parametrize(("way", "held"), [("no", True), (None, True), ("own", False), ("supervisor", False)])
def test_supervised_work_is_billed_only_where_the_payer_is_known_to_pay(way, held):
    assert ("the_payer_takes_supervised_work" in heard(*led_by_noa(supervised_billing=way))) is held


def test_a_supervised_clinicians_note_waits_for_the_cosignature():
    draft, background = led_by_noa(supervised_billing="own")

    assert the("the_note_is_cosigned_where_it_must_be", draft, replace(background, cosigned=None))
    assert check(draft, background) == ()


@pytest.mark.parametrize("member_id", ["", "X", "X" * 81, "12-3"])
def test_a_member_id_must_fit_the_standard_and_the_payer(member_id):
    background = replace(under(member_id_pattern="[A-Z0-9]+"), coverage={KAY: (a_coverage(KAY, member_id=member_id),)})

    assert [f.about.subject for f in the("every_billed_client_has_a_member_id", a_draft(), background)] == [KAY]


def test_a_code_is_judged_by_the_code_set_of_the_day():
    later = a_background(now=datetime(2026, 10, 1, 20, tzinfo=UTC))

    assert check(a_draft(met_on=date(2026, 9, 30)), replace(later, now=NOW + timedelta(days=15))) == ()
    assert heard(a_draft(met_on=date(2026, 10, 1)), later) == ("every_code_set_is_of_the_day",)


def test_a_code_that_a_later_release_may_have_added_does_not_hold_the_line():
    strange = {"F33.1": CodeStatus(code="F33.1", known=False, billable=False, release_ends=date(2026, 9, 30))}
    later = a_background(now=datetime(2026, 10, 1, 20, tzinfo=UTC), codes=strange)

    assert heard(a_draft(met_on=date(2026, 10, 1)), later) == ("every_code_set_is_of_the_day",)
    assert "every_diagnosis_is_specific_and_in_force" in heard(a_draft(), later)


@pytest.mark.parametrize("charge", ["0", "-1", "60.005"])
def test_a_charge_is_more_than_nothing_and_in_whole_cents(charge):
    findings = the("every_line_has_a_charge", a_draft(), a_background(fees={"90853": Decimal(charge)}))

    assert {f.about.subject for f in findings} == {MARIA, KAY, PRIYA}


@pytest.mark.parametrize(
    ("day", "late", "soon"),
    [(17, False, True), (16, True, False)],
)
def test_the_last_day_for_filing_is_still_in_time(day, late, soon):
    draft, background = a_draft(met_on=date(2026, 6, day)), under(filing_days=90)

    assert ("there_is_still_time_to_file" in heard(draft, background)) is late
    assert ("the_time_to_file_is_not_running_out" in heard(draft, background)) is soon
