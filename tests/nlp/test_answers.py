"""Short answers, read in the light of the question; the tables are in answers.txt."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.records import Presence, is_spoken
from billing.slots import SLOTS
from nlp.answers import is_undo
from tests.nlp.asking import CLIENTS, Row, answered, at, question, rows, said_so_far, shown

TABLE = rows(Path(__file__).with_name("answers.txt"))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"line {row.number}: {row.typed}")
def test_an_answer_is_heard_as_the_table_says(row: Row):
    assert shown(row.typed, answered(row.typed, row.asked)) == row.hears


def test_the_table_is_large_enough_to_mean_something():
    assert len(TABLE) >= 150


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"line {row.number}")
def test_every_fact_quotes_exactly_what_stands_there_and_says_why(row: Row):
    for fact in answered(row.typed, row.asked).facts:
        assert fact.span is not None
        assert row.typed[slice(*fact.span)] == fact.quote
        assert fact.why
        assert type(fact.value) in SLOTS[fact.about.slot].types


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"line {row.number}")
def test_answers_and_what_is_left_do_not_overlap(row: Row):
    result = answered(row.typed, row.asked)
    for start, end in result.rest:
        assert 0 <= start < end <= len(row.typed)
        assert not any(
            f.about.slot == "words" and f.span and f.span[0] < end and start < f.span[1] for f in result.facts
        )


def test_without_a_question_and_without_a_draft_everything_is_left():
    result = answered("no concerns", ())

    assert result.facts == ()
    assert result.rest == ((0, 11),)


def test_no_concerns_settles_only_those_who_were_asked_about():
    draft = said_so_far(at("tom", Presence.PRESENT), at("bob", Presence.PRESENT))

    result = answered("no concerns", question("risk tom"), draft)

    assert {f.about.subject for f in result.facts} == {"tom"}


def test_of_two_marias_the_one_who_was_asked_about_is_meant():
    draft = said_so_far(at("maria-g", Presence.PRESENT), at("maria-l"))

    result = answered("maria was a no show", question("presence maria-l"), draft)

    assert shown("maria was a no show", result) == "presence maria-l no_show"


def test_five_past_is_of_the_hour_at_which_the_group_starts():
    typed = "started 5 past"

    assert shown(typed, answered(typed, question("starts"), said_so_far())) == "starts 14:05"


def test_no_answers_a_question_whose_names_have_full_stops():
    (asked,) = question("risk tom, maria-g")
    asked = replace(asked, text="Any safety concern for Maria G., Tom and Will?")

    assert shown("no", answered("no", (asked,))) == "risk tom none raised; risk maria-g none raised"


def test_same_for_will_is_understood_and_is_no_note():
    result = answered("same for Will", question("words tom, will"))

    assert (result.facts, result.rest) == ((), ())


@pytest.mark.parametrize(
    "text", ["undo", "Undo.", "scratch that", "never mind that last one", "nvm", "oops undo", "Take that back!"]
)
def test_these_take_the_last_message_back(text: str):
    assert is_undo(text)


@pytest.mark.parametrize(
    "text",
    ["take out the part about her mom", "undo Tom's no-show", "nevermind the gap", "", "Tom did his undoing exercise"],
)
def test_these_do_not(text: str):
    assert not is_undo(text)


BITS = [
    *("no", "yes", "both", "all", "none", "here", "there", "no show", "late", "10", "3:15", "cancelled", "she", "he"),
    *("the rest", "except", "no concerns", "progressing", "about the same", "denied SI", "quiet", ",", ".", "and"),
    *("Maria", "the first one", "G", "a visitor", "not", "was"),
]
ASKED = [
    "presence lee",
    "presence lee, sam",
    "risk tom, will",
    "progress tom, will",
    "words tom",
    "who ~maria: maria-g, maria-l",
    "who ~jake",
    "ends",
    "times",
    "headcount",
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(BITS), min_size=1, max_size=8),
    st.lists(st.sampled_from(ASKED), min_size=1, max_size=3, unique=True),
)
def test_a_bare_answer_never_fills_what_was_not_asked(bits: list[str], asked: list[str]):
    questions = tuple(q for line in asked for q in question(line))
    subjects = {a.subject for q in questions for a in q.about}
    offered = {c.value for q in questions for c in q.choices}
    offered |= {client for client, name in (("maria-g", "Maria G"),) if name in " ".join(bits)}
    draft = said_so_far(*(at(c.id, Presence.PRESENT) for c in CLIENTS))

    for fact in answered(" ".join(bits), questions, draft).facts:
        assert fact.about.subject in subjects | offered, "somebody who was neither asked about nor named"
        assert is_spoken(fact.about.subject) or fact.about.slot != "who"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_without_stumbling(text: str):
    questions = (
        *question("presence lee, sam"),
        *question("words tom"),
        *question("times"),
        *question("who ~maria: maria-g, maria-l"),
    )
    result = answered(text, questions, said_so_far(at("tom", Presence.PRESENT)))

    for fact in result.facts:
        assert fact.span is not None
        assert text[slice(*fact.span)] == fact.quote
