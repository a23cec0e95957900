"""What stands in a chart is what was said, with its status, and nobody else's name."""

from dataclasses import replace
from datetime import date, time

import pytest

from billing.claims import line_drafts
from billing.notes import Unfinished, chart_text, content_digest, digest, finish, reopened
from billing.records import (
    AttendanceDraft,
    ClientId,
    ClinicianId,
    Draft,
    DraftId,
    GroupId,
    GroupNote,
    Mode,
    NoteId,
    Presence,
    Progress,
    Risk,
    RiskKind,
    RiskStatus,
    ServiceKind,
    SourceId,
    Words,
)
from tests.riverbend import DBT, EVENING, background, roster

NONE_RAISED = Risk(kind=None, status=RiskStatus.NONE_RAISED)


def said(*texts: str) -> tuple[Words, ...]:
    return tuple(Words(text=t, source=SourceId("m")) for t in texts)


def there(client: str, words: str, **more: object) -> AttendanceDraft:
    given = {"progress": Progress.PROGRESSING, "risk": (NONE_RAISED,), "presence": Presence.PRESENT} | more
    return AttendanceDraft(client=ClientId(client), words=said(words), **given)  # type: ignore[arg-type]


def a_draft(*came: AttendanceDraft) -> Draft:
    names = {a.client for a in came}
    absent = tuple(
        AttendanceDraft(client=ClientId(c), presence=Presence.CANCELLED) for c in DBT if ClientId(c) not in names
    )
    return Draft(
        id=DraftId("d"),
        leader=ClinicianId("dana"),
        group=GroupId("dbt"),
        met_on=date(2026, 9, 15),
        starts=time(14),
        ends=time(15, 15),
        mode=Mode.IN_PERSON,
        place="11",
        service=ServiceKind.PSYCHOTHERAPY,
        topic=said("wise mind"),
        attendance=(*came, *absent),
    )


def signed(*came: AttendanceDraft) -> GroupNote:
    return finish(a_draft(*came), background(), NoteId("n"), roster().clinician("dana"), EVENING)


def chart(note: GroupNote, client: str) -> str:
    return chart_text(note, next(n for n in note.notes if n.attendance.client == client), roster())


@pytest.mark.parametrize(
    ("risk", "words", "stands"),
    [
        (Risk(kind=RiskKind.SI, status=RiskStatus.DENIED), "SI", "Risk: SI denied"),
        (Risk(kind=RiskKind.AOD, status=RiskStatus.HISTORICAL), "2023 relapse", "Risk: AOD historical"),
        (NONE_RAISED, "", "Risk: none raised"),
    ],
)
def test_a_risk_never_stands_without_its_status(risk: Risk, words: str, stands: str) -> None:
    kay = there("kay", "tearful", risk=(risk,), risk_words=said(words) if words else ())
    note = signed(kay, there("tom", "tried it"))

    assert stands in chart(note, "kay").splitlines()


def test_an_endorsed_risk_stands_with_what_was_done_about_it() -> None:
    endorsed = Risk(kind=RiskKind.SI, status=RiskStatus.ENDORSED)
    kay = there("kay", "withdrawn", risk=(endorsed,), safety_action=said("called her mother, safety plan"))

    assert "Risk: SI endorsed. Action: called her mother, safety plan" in chart(signed(kay, there("tom", "ok")), "kay")


def test_other_clients_are_a_peer_in_the_words_and_in_the_shared_part() -> None:
    note = signed(there("kay", "sat with Tom"), there("tom", "cried; Kay sat with him"))

    assert "sat with a peer" in chart(note, "kay")
    assert "Tom" not in chart(note, "kay")


def test_a_draft_with_blanks_cannot_be_finished() -> None:
    with pytest.raises(Unfinished, match="every_client_has_words_of_their_own"):
        signed(replace(there("kay", ""), words=()), there("tom", "tried it"))


def test_a_client_who_came_late_has_their_own_minutes() -> None:
    note = signed(there("kay", "tearful", presence=Presence.LATE, minutes_late=15), there("tom", "tried it"))

    assert "Client present 2:15–3:15 PM (60 min)" in chart(note, "kay")
    assert "Client present" not in chart(note, "tom")


def test_the_digest_stands_for_every_word_and_for_nothing_but_the_content() -> None:
    note, other = signed(there("kay", "tearful"), there("tom", "a")), signed(there("kay", "tearful"), there("tom", "b"))

    assert note.signature.digest == content_digest(note)
    assert content_digest(note) != content_digest(other)
    assert content_digest(replace(note, cosignature=note.signature)) == content_digest(note)
    assert digest(a_draft(there("kay", "x"))) != digest(a_draft(there("kay", "y")))


def test_a_note_looked_at_again_has_the_same_lines() -> None:
    draft = a_draft(there("kay", "tearful", presence=Presence.LATE, minutes_late=15), there("tom", "tried it"))
    note = finish(draft, background(), NoteId("n"), roster().clinician("dana"), EVENING)

    assert line_drafts(reopened(note), background()) == line_drafts(draft, background())
