import json
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from billing.records import Mode, Name, OneOf, Presence, Progress, Risk, RiskKind, RiskStatus, ServiceKind
from billing.slots import SLOTS
from storage.handles import Card, DraftState
from storage.ids import new_id
from storage.rows import value_from_json, value_to_json
from tests.storage.riverbend import (
    DAY,
    KAY_TEARFUL,
    MARIA_CAME,
    QUESTIONS,
    at,
    fact,
    handle,
    message,
    press,
)


def said(store, draft="d1"):
    return [(each.about.slot, each.about.subject, each.value) for each in store.facts(draft)]


def filled(heard, source, minute, author="dana"):
    return replace(heard, source=source, author=author, at=at(minute))


# ---- hearing ---------------------------------------------------------------------------------------------------


def test_facts_come_back_with_source_author_and_instant(store):
    assert store.hear(message(), (MARIA_CAME, KAY_TEARFUL), {0: "d1"}, opened=(handle(),))
    assert store.facts("d1") == (filled(MARIA_CAME, "Ddana:100.1", 0), filled(KAY_TEARFUL, "Ddana:100.1", 0))


def test_a_message_delivered_twice_is_heard_once(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    before = store.audit_anchor()
    assert not store.hear(message(), (MARIA_CAME, KAY_TEARFUL), {0: "d2"}, opened=(handle("d2"),))
    assert said(store) == [("presence", "c1", Presence.PRESENT)]
    assert [each.id for each in store.drafts()] == ["d1"]
    assert store.audit_anchor() == before


def test_one_message_may_speak_of_two_group_sessions(store):
    about_anger = fact("topic", "timers", part=1)
    store.hear(message(), (MARIA_CAME, about_anger), {0: "d1", 1: "d2"}, opened=(handle(), handle("d2")))
    assert said(store, "d1") == [("presence", "c1", Presence.PRESENT)]
    assert said(store, "d2") == [("topic", "", "timers")]
    assert {each.id for each in store.draft_in("Ddana", "100.1")} == {"d1", "d2"}


def test_a_fact_of_a_part_without_a_draft_is_refused(store):
    with pytest.raises(ValueError, match="part"):
        store.hear(message(), (fact("topic", "timers", part=1),), {0: "d1"}, opened=(handle(),))
    assert store.drafts() == ()


def test_facts_are_ordered_by_when_they_were_said_not_by_when_they_arrived(store, draft):
    store.press(press(minute=5), (fact("presence", Presence.NO_SHOW, "c1"),), draft)
    store.hear(message(minute=3), (MARIA_CAME,), {0: draft})
    assert [each.value for each in store.facts(draft)] == [Presence.PRESENT, Presence.NO_SHOW]


def test_a_press_counts_once(store, draft):
    assert store.press(press(), (fact("presence", Presence.NO_SHOW, "c1"),), draft)
    assert not store.press(press(), (fact("presence", Presence.PRESENT, "c1"),), draft)
    assert said(store) == [("presence", "c1", Presence.NO_SHOW)]


def test_a_value_of_the_wrong_type_is_refused_without_being_shown(store, draft):
    with pytest.raises(TypeError, match="does not take a str") as caught:
        store.hear(message(), (fact("presence", "Maria was there", "c1"),), {0: draft})
    assert "Maria" not in str(caught.value)
    assert said(store) == []


def test_an_instant_without_a_time_zone_is_refused(store, draft):
    with pytest.raises(StatementError, match="time zone"):
        store.press(replace(press(), at=at(1).replace(tzinfo=None)), (), draft)


# ---- edits -----------------------------------------------------------------------------------------------------


def test_an_edit_keeps_its_place_and_only_what_changed_in_it_counts_as_new(store):
    tom = fact("presence", Presence.PRESENT, "c2", "Tom there")
    store.hear(message(), (MARIA_CAME, KAY_TEARFUL, tom), {0: "d1"}, opened=(handle(),))
    store.press(press(minute=5), (fact("presence", Presence.NO_SHOW, "c1"),), "d1")
    came_late = fact("presence", Presence.LATE, "c3", "Kay late")
    again = replace(MARIA_CAME, quote="maria THERE", span=(4, 9))
    assert store.hear(message("edited"), (came_late, again, KAY_TEARFUL), {0: "d1"}, edited_at=at(9))
    assert [(each.about.subject, each.value, each.at) for each in store.facts("d1")] == [
        ("c1", Presence.PRESENT, at(0)),
        ("c3", "tearful", at(0)),
        ("c1", Presence.NO_SHOW, at(5)),
        ("c3", Presence.LATE, at(9)),
    ]
    assert store.facts("d1")[0].quote == "maria THERE"


def test_an_edit_that_changes_no_word_changes_nothing(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    assert not store.hear(message(), (), {0: "d1"}, edited_at=at(9))
    assert len(store.facts("d1")) == 1


def test_the_original_delivered_after_its_edit_does_not_bring_back_the_old_words(store):
    store.hear(message("new"), (KAY_TEARFUL,), {0: "d1"}, opened=(handle(),), edited_at=at(9))
    assert not store.hear(message("old"), (MARIA_CAME,), {0: "d1"})
    assert said(store) == [("words", "c3", "tearful")]


def test_an_older_edit_that_arrives_late_is_ignored(store):
    store.hear(message("one"), (), {0: "d1"}, opened=(handle(),))
    assert store.hear(message("three"), (KAY_TEARFUL,), {0: "d1"}, edited_at=at(9))
    assert not store.hear(message("two"), (MARIA_CAME,), {0: "d1"}, edited_at=at(8))
    assert said(store) == [("words", "c3", "tearful")]


def test_an_edit_may_move_what_was_said_to_another_draft(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    store.hear(message("yesterday"), (MARIA_CAME,), {0: "d2"}, opened=(handle("d2"),), edited_at=at(9))
    assert store.facts("d1") == ()
    assert len(store.facts("d2")) == 1


# ---- undo ------------------------------------------------------------------------------------------------------


def undo(store, minute):
    return store.withdraw_last("d1", "dana", at(minute), press(f"undo{minute}", minute, "Undo"))


def test_undo_takes_back_what_was_said_last_and_then_what_was_said_before(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    store.press(press(label="No-show"), (fact("presence", Presence.NO_SHOW, "c1"),), "d1")
    assert undo(store, 10) == "No-show"
    assert said(store) == [("presence", "c1", Presence.PRESENT)]
    assert undo(store, 10) is None  # the same undo delivered again
    assert undo(store, 11) == "Maria there, Kayleigh tearful"
    assert said(store) == []
    assert undo(store, 12) is None


def test_a_deleted_message_no_longer_counts_and_stays_deleted(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    assert store.withdraw("Ddana:100.1", "dana", at(10))
    assert not store.withdraw("Ddana:100.1", "dana", at(10))
    assert not store.withdraw("unknown", "dana", at(10))
    assert not store.hear(message("an edit from before"), (MARIA_CAME,), {0: "d1"}, edited_at=at(9))
    assert store.facts("d1") == ()


def test_a_message_edited_after_it_was_undone_counts_again(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    undo(store, 10)
    assert store.hear(message("better"), (KAY_TEARFUL,), {0: "d1"}, edited_at=at(11))
    assert said(store) == [("words", "c3", "tearful")]


# ---- drafts ----------------------------------------------------------------------------------------------------


def test_a_draft_is_found_by_the_group_session_it_was_settled_on(store, draft):
    store.settle(draft, "dbt", DAY)
    assert [each.id for each in store.drafts(group="dbt", met_on=DAY)] == ["d1"]
    assert store.drafts(group="dbt", met_on=date(2026, 9, 16)) == ()
    assert store.drafts(author="luis") == ()
    assert store.drafts(author="dana")[0] == replace(handle(), group="dbt", met_on=DAY)


def test_two_drafts_of_one_group_session_become_one(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    of_luis = replace(message(id="Dluis:7"), channel="Dluis", thread="7", author="luis")
    store.hear(of_luis, (KAY_TEARFUL,), {0: "d2"}, opened=(handle("d2", "luis", "7"),))
    store.merge("d2", "d1", by="luis")
    store.merge("d2", "d1", by="luis")
    assert {each.author for each in store.facts("d1")} == {"dana", "luis"}
    assert store.facts("d2") == store.facts("d1")
    assert [each.id for each in store.drafts()] == ["d1"]
    assert [each.id for each in store.drafts(state=DraftState.MERGED)] == ["d2"]
    assert [each.id for each in store.draft_in("Dluis", "7")] == ["d1"]
    store.press(press(), (fact("held", value=True),), "d2")
    assert ("held", "", True) in said(store, "d1")


def test_a_draft_knows_its_messages_and_who_has_spoken_of_it(store):
    store.hear(message(), (MARIA_CAME,), {0: "d1"}, opened=(handle(),))
    of_luis = replace(message(id="Dluis:7"), channel="Dluis", thread="7", author="luis")
    store.hear(of_luis, (KAY_TEARFUL,), {0: "d2"}, opened=(handle("d2", "luis", "7"),))
    store.merge("d2", "d1", by="luis")
    store.press(press(), (), "d1")
    assert store.messages("d1") == (message(), of_luis)
    assert [each.id for each in store.drafts_of("Dluis:7")] == ["d1"]
    store.withdraw("Dluis:7", "luis", at(9))
    assert store.messages("d2") == (message(),)
    assert store.speakers("d1") == {"Ddana": "dana", "Dluis": "luis"}
    assert store.handle("d2") == store.handle("d1") == handle()
    assert store.handle("no such") is None


def test_words_read_in_another_light_keep_their_place_in_time(store, draft):
    store.hear(message(minute=2), (MARIA_CAME,), {0: draft})
    store.press(press(minute=5), (fact("presence", Presence.NO_SHOW, "c1"),), draft)
    store.reread("Ddana:100.1", (KAY_TEARFUL,), {0: draft})
    assert [(each.value, each.at) for each in store.facts(draft)] == [("tearful", at(2)), (Presence.NO_SHOW, at(5))]
    with pytest.raises(ValueError, match="unknown source"):
        store.reread("no such", (), {0: draft})


def test_a_dropped_draft_is_not_in_its_thread_any_more(store, draft):
    store.drop(draft, "dana", "not_a_note")
    store.drop(draft, "dana", "not_a_note")
    assert store.drafts() == ()
    assert store.draft_in("Ddana", "100.1") == ()


def test_the_same_questions_asked_again_are_the_bundle_that_stands(store, draft):
    assert store.asked(draft) is None
    first = store.ask(draft, QUESTIONS, at(1))
    assert store.ask(draft, QUESTIONS, at(2)) == first
    second = store.ask(draft, QUESTIONS[:1], at(3))
    assert second.id != first.id
    assert store.asked(draft) == second
    assert store.asked_by_id(first.id) == first
    assert store.asked_by_id(first.id).questions == QUESTIONS
    assert store.asked_by_id("no such") is None


def test_a_card_is_remembered_and_moves(store, draft):
    card = Card(draft=draft, channel="Ddana", thread="100.1", ts="100.2", digest="x")
    assert store.card(draft, "Ddana") is None
    store.save_card(card)
    store.save_card(replace(card, digest="y"))
    assert store.card(draft, "Ddana") == replace(card, digest="y")
    store.save_card(replace(card, channel="Dluis"))
    assert [each.channel for each in store.cards(draft)] == ["Ddana", "Dluis"]


# ---- values ----------------------------------------------------------------------------------------------------

texts = st.text(max_size=30)
VALUES = {
    str: texts,
    int: st.integers(-1000, 1000),
    bool: st.booleans(),
    date: st.dates(),
    time: st.times(),
    Presence: st.sampled_from(Presence),
    Mode: st.sampled_from(Mode),
    ServiceKind: st.sampled_from(ServiceKind),
    Progress: st.sampled_from(Progress),
    Risk: st.builds(Risk, kind=st.none() | st.sampled_from(RiskKind), status=st.sampled_from(RiskStatus)),
    Name: st.sampled_from(Name),
    OneOf: st.builds(OneOf, options=st.lists(texts, max_size=3).map(tuple)),
}


@st.composite
def facts(draw):
    slot = draw(st.sampled_from(list(SLOTS.values())))
    value = draw(VALUES[draw(st.sampled_from(slot.types))])
    span = draw(st.none() | st.tuples(st.integers(0, 9), st.integers(9, 99)))
    made = fact(slot.name, value, draw(texts), draw(texts), retracts=draw(st.booleans()))
    return replace(made, span=span, why=draw(texts))


@given(st.lists(facts(), max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_fact_comes_back_as_it_was(store, heard):
    draft, source = new_id(), new_id()
    store.hear(message(id=source), heard, {0: draft}, opened=(handle(draft),))
    back = store.facts(draft)
    assert back == tuple(filled(each, source, 0) for each in heard)
    assert [type(each.value) for each in back] == [type(each.value) for each in heard]


@given(st.sampled_from(list(VALUES)).flatmap(VALUES.__getitem__))
def test_a_word_and_what_it_may_mean_stay_apart(value):
    text = value_to_json(value)
    assert json.loads(text)
    assert value_from_json(text) == value
    assert type(value_from_json(text)) is type(value)
