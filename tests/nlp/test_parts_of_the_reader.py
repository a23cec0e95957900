"""The parts of the reader by themselves: names, times, risk and negation."""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from billing.records import RiskKind, RiskStatus, Schedule
from bot.reading import practice_from_json
from nlp.attribution import Attribution
from nlp.clauses import clauses_of
from nlp.clinical import risks_of
from nlp.clock import amount_of
from nlp.everyone import rest_of
from nlp.people import people_of
from nlp.pipeline import Pipeline, Shape, fold, shape_of
from nlp.sentences import sentences_of
from nlp.when import day_of, times_of, today_of

PRACTICES = Path(__file__).resolve().parent.parent / "corpus" / "practices"
RIVERBEND = practice_from_json((PRACTICES / "riverbend.json").read_text(encoding="utf-8"))
CEDAR = practice_from_json((PRACTICES / "cedar.json").read_text(encoding="utf-8"))
PIPELINE = Pipeline()
DBT = RIVERBEND.enrolled("dbt-tue", date(2026, 9, 8))
TUESDAY = datetime(2026, 9, 8, 15, 32, tzinfo=ZoneInfo("America/New_York"))
AFTERNOON = Schedule(weekdays=(1,), starts=time(14), ends=time(15, 15))


@pytest.mark.parametrize(
    ("typed", "clients"),
    [
        ("maria g", ("r01",)),
        ("Maria", ("r01",)),
        ("Kay", ("r04",)),
        ("Deshwn", ("r03",)),
        ("Preeya", ("r06",)),
        ("Kya", ("r04",)),
        ("Ferreira", ("r08",)),
        ("Bobby", ("r07",)),
        ("Zebediah", ()),
    ],
)
def test_a_name_is_known_by_nickname_misspelling_and_surname(typed: str, clients: tuple[str, ...]):
    assert people_of(RIVERBEND, PIPELINE.known_words).named(typed, DBT) == clients


def test_a_bare_name_that_fits_two_and_is_not_enrolled_fits_both():
    assert people_of(RIVERBEND).named("Maria", ()) == ("r01", "r02")


def test_no_short_name_is_guessed_from_a_misspelling():
    assert people_of(RIVERBEND, PIPELINE.known_words).named("Anq", DBT) == ()


def test_two_spellings_of_one_sound_are_two_clients():
    people = people_of(CEDAR, PIPELINE.known_words)
    morning = CEDAR.enrolled("iop-am", date(2026, 9, 14))
    assert people.named("Crystal", morning) == ("c05",)
    assert people.named("Krystal", morning) == ("c06",)


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("2-3:15", time(14), time(15, 15)),
        ("1400-1515", time(14), time(15, 15)),
        ("from 2 to 3", time(14), time(15)),
        ("two to three fifteen", time(14), time(15, 15)),
        ("2:05 - 3:20pm", time(14, 5), time(15, 20)),
        ("half past one to a quarter to three", time(13, 30), time(14, 45)),
        ("started 2:10, ended at 3", time(14, 10), time(15)),
        ("started at 2, went 65 min", time(14), time(15, 5)),
        ("ran 10 over", None, time(15, 25)),
        ("11-1", time(11), time(13)),
    ],
)
def test_hours_are_read_as_people_type_them(said: str, start: time | None, end: time):
    found = {t.slot: t.value for t in times_of(said, said, AFTERNOON, TUESDAY)}
    assert found.get("starts") == start
    assert found["ends"] == end


@pytest.mark.parametrize("said", ["2-3 times", "5/7 nights", "2023-2024", "3-4 drinks", "up til 4"])
def test_numbers_about_something_else_are_no_hours(said: str):
    assert times_of(said, said, AFTERNOON, TUESDAY) == ()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("DBT 9/1", date(2026, 9, 1)),
        ("DBT last night", date(2026, 9, 7)),
        ("mon DBT", date(2026, 9, 7)),
        ("DBT Sept 3", date(2026, 9, 3)),
        ("DBT, relapsed on Saturday", None),
    ],
)
def test_a_day_is_seen_from_when_the_message_was_sent(said: str, day: date | None):
    at = said.index("DBT")
    found = day_of(said, TUESDAY, ((0, len(said)),), ((at, at + 3),))
    assert (found.value if found else None) == day


def test_until_four_in_the_morning_it_is_still_the_evening_before():
    assert today_of(TUESDAY.replace(hour=3)) == date(2026, 9, 7)
    assert today_of(TUESDAY.replace(hour=4)) == date(2026, 9, 8)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("15", 15), ("twenty five", 25), ("half an hour", 30), ("an hour and a half", 90), ("a few", None)],
)
def test_an_amount_of_minutes_is_read_in_words(said: str, minutes: int | None):
    assert amount_of(said) == minutes


@pytest.mark.parametrize(
    ("said", "settles"),
    [
        ("everyone here", True),
        ("full house", True),
        ("7/8", True),
        ("6/8", False),
        ("everyone laughed", False),
        ("everyone picked one person", False),
        ("all 8 here", True),
    ],
)
def test_everyone_settles_the_rest_only_if_they_are_said_to_have_come(said: str, settles: bool):
    assert (rest_of(said, enrolled=8, absent=1 if "/" in said else 0, named=1) is not None) is settles


def risks(message: str) -> set[tuple[str, RiskKind | None, RiskStatus]]:
    people = people_of(RIVERBEND, PIPELINE.known_words)
    text = PIPELINE.text(message, people.names.words)
    sentences = sentences_of(text)
    clauses = clauses_of(text, sentences, people.find(text, DBT))
    owned = Attribution(RIVERBEND).owned(text, sentences, clauses)
    return {(f.subject, f.value.kind, f.value.status) for f in risks_of(text, owned)}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Tom denied SI", RiskStatus.DENIED),
        ("Tom SI denied", RiskStatus.DENIED),
        ("Tom neg SI", RiskStatus.DENIED),
        ("Tom no SI", RiskStatus.DENIED),
        ("Tom SI neg", RiskStatus.DENIED),
        ("Tom endorsed SI, no plan", RiskStatus.ENDORSED),
        ("Tom cannot deny SI", RiskStatus.ENDORSED),
        ("Tom has a hx of SI", RiskStatus.HISTORICAL),
        ("Tom was suicidal in 2019", RiskStatus.HISTORICAL),
        ("Tom passive SI", RiskStatus.ENDORSED),
        ("Tom denied cravings; SI since Monday", RiskStatus.ENDORSED),
    ],
)
def test_a_denial_is_told_from_a_claim(said: str, status: RiskStatus):
    assert risks(said + ".") == {("r05", RiskKind.SI, status)}


def test_a_denial_ends_where_somebody_else_is_named():
    assert risks("Maria denied SI, Deshawn reported SI.") == {
        ("r01", RiskKind.SI, RiskStatus.DENIED),
        ("r03", RiskKind.SI, RiskStatus.ENDORSED),
    }


def test_a_greeting_is_no_homicidal_ideation():
    assert risks("Tom said hi to Kay.") == set()


def test_what_a_relative_does_is_not_the_client_s_risk():
    assert risks("Tom said his brother relapsed.") == set()


def test_folding_takes_accents_and_marks_away():
    assert fold("Siobhán O'Brien") == "siobhan obrien"


@pytest.mark.parametrize(
    ("message", "shape"),
    [("DBT today. Tom here.", Shape.MIXED), ("tom was here today", Shape.LOWER), ("TOM WAS HERE", Shape.UPPER)],
)
def test_capitals_say_something_only_where_they_are_used(message: str, shape: Shape):
    assert shape_of(message) is shape
