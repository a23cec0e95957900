"""Who may do what, and what is bound to what was shown: on a real store, without Slack."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from billing.records import ClinicianId, DraftId, LineState, NoteId, SourceId
from bot.playground.riverbend import riverbend
from bot.playground.stage import Stage
from bot.playground.theatre import open_practice, set_stage
from nlp.reader import Reader
from storage.handles import DraftState, Press

REPORT = (
    "DBT 2-3:15, TIPP. Maria and Tom there. Deshawn, Kay, Priya, Bob, Ana and Will cancelled. "
    "Maria led the check-in. Tom tried it."
)


@pytest.fixture
def stage(tmp_path: Path, reader: Reader) -> Iterator[Stage]:
    store = open_practice(tmp_path / "practice", riverbend())
    yield set_stage(store, reader, datetime.fromisoformat("2026-09-15T15:40"))
    store.close()


def draft_of(stage: Stage) -> DraftId:
    return stage.store.drafts()[0].id


def press(who: str, label: str = "None raised") -> Press:
    return Press(id=SourceId(f"p:{who}:{label}"), author=ClinicianId(who), at=datetime.now().astimezone(), label=label)


def test_a_button_pressed_by_somebody_else_does_nothing(stage: Stage) -> None:
    stage.say("dana", REPORT)
    draft = draft_of(stage)
    asked = stage.store.asked(draft)
    before = stage.store.facts(draft)
    assert asked is not None

    for who in ("sam", "noor"):
        stage.bot.answer(press(who), asked.id, 0, 0)
        stage.bot.undo(draft, press(who, "Undo"))
        stage.bot.drop(draft, ClinicianId(who))
        assert stage.bot.signing.read_notes(draft, ClinicianId(who)) == ()
        assert stage.bot.signing.sign(draft, "", ClinicianId(who)) == ()

    assert stage.store.facts(draft) == before
    assert stage.store.drafts()[0].state is DraftState.OPEN


def test_the_same_press_counts_once(stage: Stage) -> None:
    stage.say("dana", REPORT)
    draft = draft_of(stage)
    asked = stage.store.asked(draft)
    assert asked is not None

    for _ in range(2):
        stage.bot.answer(press("dana"), asked.id, 0, 0)

    assert len([f for f in stage.store.facts(draft) if f.source == "p:dana:None raised"]) == len(
        asked.questions[0].about
    )


def test_a_signature_is_bound_to_what_was_shown(stage: Stage) -> None:
    stage.say("dana", REPORT)
    stage.say("dana", "no concerns, all progressing")
    draft = draft_of(stage)

    stage.bot.signing.sign(draft, "of something else", ClinicianId("dana"))

    assert stage.store.note_of(draft) is None


def test_signing_twice_changes_nothing(stage: Stage) -> None:
    stage.say("dana", REPORT)
    stage.say("dana", "no concerns, all progressing")
    stage.say("dana", "[Sign]")
    note, lines = stage.store.notes(), stage.store.lines()

    stage.bot.signing.sign(note[0].draft, note[0].signature.digest, ClinicianId("dana"))

    assert (stage.store.notes(), stage.store.lines()) == (note, lines)
    assert {line.state for line in lines} == {LineState.READY}


def test_words_cut_on_the_card_are_read_before_signing(stage: Stage) -> None:
    long = "talked at length about " + ", ".join(f"worry number {n}" for n in range(30))
    stage.say("dana", REPORT.replace("Tom tried it.", f"Tom {long}."))
    stage.say("dana", "no concerns, all progressing")

    asked_to_read = stage.say("dana", "[Sign]")
    assert "worry number 29" in asked_to_read
    assert stage.store.notes() == ()

    stage.say("dana", "[Sign]")
    assert len(stage.store.notes()) == 1


def test_only_the_supervisor_can_cosign(stage: Stage) -> None:
    stage.say("dana", REPORT)
    stage.say("dana", "no concerns, all progressing")
    stage.say("dana", "[Sign]")
    note = stage.store.notes()[0]

    stage.bot.signing.cosign(NoteId(note.id), ClinicianId("sam"))

    assert stage.store.note(note.id).cosignature is None  # type: ignore[union-attr]


def test_every_change_is_in_the_audit_trail(stage: Stage) -> None:
    stage.say("dana", REPORT)
    stage.say("dana", "no concerns, all progressing")
    stage.say("dana", "[Sign]")

    assert stage.store.verify_audit() == ()


@pytest.mark.parametrize(
    "text", ["", " ", "🎉" * 50, "a " * 5000, "\x00\u202e", "שלום וברכה", "<!channel> <@U1>", "..."]
)
def test_whatever_is_typed_is_answered_and_nothing_is_made_of_it(stage: Stage, text: str) -> None:
    assert stage.say("dana", text)

    assert stage.store.notes() == ()
    assert stage.store.lines() == ()
