"""What holds for every message whatever: facts stand on words, nobody is invented, nothing crashes."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.records import WHOLE, ClinicianId, Heard, Roster, is_spoken, spoken
from billing.slots import SLOTS
from bot.reading import practice_from_json
from nlp.context import Context
from nlp.reader import Reader

PRACTICES = Path(__file__).resolve().parent.parent / "corpus" / "practices"
RIVERBEND = practice_from_json((PRACTICES / "riverbend.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 9, 8, 15, 32, tzinfo=ZoneInfo("America/New_York"))
WORDS = "DBT process grief 2-3:15 today here NS cancelled late 15 denied SI everyone but and , . : ; - ( ) both the"
PHRASES = ("no show", "left early", "said she", "8 of 8", "told him", "that was", "\n", "\n- ", "🙂", "the rest", "w/")
FRAGMENTS = (*(client.first for client in RIVERBEND.clients), *WORDS.split(), *PHRASES)


def read(reader: Reader, message: str, roster: Roster = RIVERBEND) -> tuple[Heard, ...]:
    return reader.read(message, Context(now=NOW, author=ClinicianId("dana"), roster=roster))


def assert_sound(message: str, facts: tuple[Heard, ...]) -> None:
    known = {WHOLE, *(client.id for client in RIVERBEND.clients)}
    for fact in facts:
        assert fact.span is not None
        assert message[slice(*fact.span)] == fact.quote
        assert fact.about.subject in known or is_spoken(fact.about.subject)
        assert isinstance(fact.value, SLOTS[fact.about.slot].types)
        assert fact.why


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(FRAGMENTS), max_size=30))
def test_every_fact_of_a_message_about_groups_stands_on_its_words(reader: Reader, parts: list[str]):
    message = " ".join(parts)
    facts = read(reader, message)
    assert_sound(message, facts)
    assert read(reader, message) == facts


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.text(max_size=300))
def test_no_text_whatever_breaks_the_reader(reader: Reader, message: str):
    assert_sound(message, read(reader, message))


def test_ten_thousand_characters_are_read_to_the_end(reader: Reader):
    message = "DBT today 2-3:15. " + "Tom talked about work. " * 435 + "Bob no show."
    facts = read(reader, message)
    assert_sound(message, facts)
    assert any(f.about.subject == "r07" and f.value == "no_show" for f in facts)


@pytest.mark.parametrize("message", ["", "   \n ", "🙂", "👍👍👍", "?", "..."])
def test_a_message_without_words_says_nothing(reader: Reader, message: str):
    assert read(reader, message) == ()


def test_without_the_model_the_rules_read_alone():
    facts = read(Reader("no_such_model_anywhere"), "DBT 2-3:15. Tom and Kay here. Bob no show.")
    heard = {(f.about.slot, f.about.subject): f.value for f in facts}
    assert heard["group", WHOLE] == "dbt-tue"
    assert heard["presence", "r05"] == "present"
    assert heard["presence", "r07"] == "no_show"


def test_what_is_said_of_an_unclear_name_waits_under_that_name(reader: Reader):
    process = "Process 6-7:30. Grace and Maria there. Maria cried about her mom."
    facts = read(reader, process)
    cried = [f.about.subject for f in facts if f.about.slot == "words" and "cried" in f.quote]
    assert cried == [spoken("Maria")]
