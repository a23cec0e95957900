"""Putting right what the bot understood, by saying so."""

import pytest

from billing.records import Name, Presence, SourceId, Unclear, Words, spoken
from tests.nlp.asking import answered, at, question, said_so_far, shown

DRAFT = said_so_far(
    at("maria-g", Presence.PRESENT, "shared about a fight w/ her mom", "used opposite action"),
    at("maria-l", Presence.PRESENT),
    at("deshawn"),
    at("kay", Presence.PRESENT, "tearful"),
    at("tom", Presence.PRESENT, "redirected x2"),
    at("bob", Presence.NO_SHOW, "led the closing mindfulness"),
    at("will", Presence.CANCELLED),
    at("ana", Presence.PRESENT, "talked about her mom's visit next week"),
)

TABLE = """
no, Bob did come, 10 late -> presence bob late; minutes_late bob 10
actually Bob was there -> presence bob present
Kay wasn't there -> presence kay absent
Will wasn't there -> presence will cancelled
sorry, Kay left at 2:50 -> presence kay left_early; left kay 14:50
Tom, not Bob -> instead bob tom
it was Tom not Bob -> instead bob tom
not Bob, Tom -> instead bob tom
that was Ana, not Kay -> instead kay ana
that was Ana, not Maria G -> instead maria-g ana
that was Ana, not Maria -> nothing
Maria wasn't there -> nothing
Tom, not Tom -> nothing
no, Tom led the closing, not Bob -> not words bob "led the closing"; words tom "led the closing"
it was Tom who led the closing, not Bob -> not words bob "led the closing"; words tom "led the closing"
Tom was 10 late, not Bob -> not presence bob late; presence tom late; not minutes_late bob 10; minutes_late tom 10
it ended 3:30 not 3:15 -> ends 15:30
no, we started at 2:05 -> starts 14:05
it ended at 3:30 -> ends 15:30
take out the part about the fight -> not words maria-g "shared about a fight w/ her mom"
take out the part about her mom -> nothing
take out the part about Maria G's mom -> not words maria-g "shared about a fight w/ her mom"
remove the bit about next week -> not words ana "talked about her mom's visit next week"
delete the part about the dog -> nothing
group didn't happen -> held False
the group was cancelled -> held False
not a group note -> held False
"""
ROWS = [tuple(part.strip() for part in line.split(" -> ")) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("typed", "hears"), ROWS, ids=[typed for typed, _ in ROWS])
def test_a_correction_is_heard_as_the_table_says(typed: str, hears: str):
    assert shown(typed, answered(typed, (), DRAFT)) == hears


@pytest.mark.parametrize("typed", [typed for typed, _ in ROWS if "group" not in typed])
def test_without_a_draft_there_is_nothing_to_mend(typed: str):
    assert answered(typed, ()).facts == ()


def test_the_words_that_are_moved_stand_exactly_in_the_message():
    typed = "no, Tom led the closing, not Bob"

    for fact in answered(typed, (), DRAFT).facts:
        assert fact.span is not None
        assert typed[slice(*fact.span)] == fact.quote == "led the closing"


def test_a_name_that_was_still_open_is_settled_rather_than_moved():
    waiting = Unclear(
        name="Maria",
        subject=spoken("Maria"),
        options=("maria-g", "maria-l"),
        said=(Words(text="quiet", source=SourceId("first")),),
    )
    draft = said_so_far(*DRAFT.attendance, unclear=(waiting,))
    typed = "that was Ana, not Maria"

    assert shown(typed, answered(typed, (), draft)) == "who ~maria ana"


def test_both_marias_leaves_the_name_open_while_words_wait_for_it():
    words = (Words(text="quiet", source=SourceId("first")),)
    waiting = Unclear(name="Maria", subject="~maria", options=("maria-g", "maria-l"), said=words)
    draft = said_so_far(*DRAFT.attendance, unclear=(waiting,))

    facts = answered("both there", question("who ~maria: maria-g, maria-l"), draft).facts

    assert {f.about.slot for f in facts} == {"presence"}


def test_a_correction_and_an_answer_stand_side_by_side():
    typed = "no concerns. No, Tom led the closing, not Bob"

    heard = shown(typed, answered(typed, question("risk kay"), DRAFT))

    assert heard == 'risk kay none raised; not words bob "led the closing"; words tom "led the closing"'


def test_a_stranger_is_never_put_in_somebodys_place():
    facts = answered("Jake, not Bob", (), DRAFT).facts

    assert not any(f.about.slot == "instead" or f.value is Name.UNKNOWN for f in facts)


def test_ordinary_sentences_are_left_to_the_reader():
    typed = "Kay cried when Tom talked about the hospital, Ana comforted her"

    result = answered(typed, (), DRAFT)

    assert result.facts == ()
    assert [typed[start:end] for start, end in result.rest] == [typed]


def test_a_long_report_mends_nothing_by_the_way():
    typed = "Kay wasn't there. " + "Then we went round and everybody said what had helped them through the week. " * 4

    assert answered(typed, (), DRAFT).facts == ()
