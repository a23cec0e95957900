from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, NoResultFound

from billing.records import GroupNote, LineState
from storage.handles import DraftState
from storage.ids import new_id
from storage.trouble import LineIsOut
from tests.storage.riverbend import COSIGNED, DAY, LINE, NOTE, at, handle, message


def test_a_signed_note_and_its_lines_come_back_equal(store, draft):
    assert store.sign(NOTE, (LINE,))
    assert store.note("n1") == NOTE
    assert store.note_of("d1") == NOTE
    assert store.lines() == (LINE,)
    assert store.drafts(state=DraftState.SIGNED)[0].met_on == DAY
    assert store.note("other") is None
    assert store.note_of("other") is None


def test_signing_twice_changes_nothing(store, draft):
    store.sign(NOTE, (LINE,))
    before = store.audit_anchor()
    assert not store.sign(replace(NOTE, id="n2", topic=("other",)), (replace(LINE, id="l2", note="n2"),))
    assert store.notes() == (NOTE,)
    assert store.lines() == (LINE,)
    assert store.audit_anchor() == before


def test_one_group_session_is_signed_once_even_from_two_drafts(store, draft):
    store.hear(message(id="x"), (), {0: "d2"}, opened=(handle("d2"),))
    store.sign(NOTE, ())
    assert not store.sign(replace(NOTE, id="n2", draft="d2"), ())
    assert [each.id for each in store.drafts()] == ["d2"]
    later = replace(NOTE.session, starts=time(16))
    assert store.sign(replace(NOTE, id="n2", draft="d2", session=later), ())


def test_a_note_that_fails_half_way_leaves_nothing(store, draft):
    with pytest.raises(IntegrityError):
        store.sign(NOTE, (LINE, replace(LINE, id="l2")))
    assert store.note("n1") is None
    assert store.lines() == ()
    assert [each.id for each in store.drafts()] == ["d1"]
    assert store.verify_audit() == ()


def test_a_supervisor_agrees_once_and_the_note_stays_as_it_was(store, draft):
    store.sign(NOTE, ())
    assert store.cosign("n1", COSIGNED)
    assert not store.cosign("n1", replace(COSIGNED, at=at(55)))
    assert store.note("n1") == replace(NOTE, cosignature=COSIGNED)
    with pytest.raises(NoResultFound):
        store.cosign("n9", COSIGNED)


def test_notes_are_found_by_group_and_day(store, draft):
    store.sign(NOTE, ())
    assert store.notes(group="dbt", met_on=DAY, since=DAY) == (NOTE,)
    assert store.notes(group="anger") == ()
    assert store.notes(since=date(2026, 9, 16)) == ()


def test_lines_are_found_by_note_client_state_and_day(store, draft):
    store.sign(NOTE, (LINE,))
    assert store.lines(note="n1", client="c1", state=LineState.HELD, served_on=DAY) == (LINE,)
    assert store.lines(state=LineState.READY) == ()
    assert store.lines(client="c3") == ()


def test_a_line_is_released_with_what_the_office_added(store, draft):
    store.sign(NOTE, (LINE,))
    ready = replace(LINE, state=LineState.READY, held_by=(), says=replace(LINE.says, member_id="NEW222"))
    store.save_lines([ready])
    assert store.lines() == (ready,)


@pytest.mark.parametrize("home_again", [LineState.HELD, LineState.READY])
@pytest.mark.parametrize("out", [state for state in LineState if state not in (LineState.HELD, LineState.READY)])
def test_a_line_that_left_the_house_does_not_come_back(store, draft, out, home_again):
    store.sign(NOTE, (LINE,))
    store.save_lines([replace(LINE, state=out)])
    with pytest.raises(LineIsOut, match="void or replace"):
        store.save_lines([replace(LINE, state=home_again)])
    assert store.lines()[0].state is out


texts = st.text(max_size=20)


@given(st.lists(texts, max_size=3), texts, st.none() | texts, st.times())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_note_comes_back_as_it_was(store, words, reason, goal, arrived):
    progress = NOTE.notes[0]
    attendance = replace(progress.attendance, arrived=arrived, reason=reason)
    note: GroupNote = replace(
        NOTE,
        id=new_id(),
        draft=new_id(),
        session=replace(NOTE.session, starts=arrived),
        topic=tuple(words),
        notes=(replace(progress, attendance=attendance, words=tuple(words), goal=goal),),
    )
    store.hear(message(id=new_id()), (), {0: note.draft}, opened=(handle(note.draft),))
    if store.sign(note, ()):
        assert store.note(note.id) == note
