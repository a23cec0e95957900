"""Every card stays within Slack's limits, with one client and with twenty-four, with the longest names and words."""

from dataclasses import replace
from datetime import date, time

import pytest

from billing.checking import check, next_questions
from billing.claims import line_drafts
from billing.records import (
    AttendanceDraft,
    Background,
    Client,
    ClientId,
    ClinicianId,
    Draft,
    DraftId,
    Enrolment,
    GroupId,
    Mode,
    Presence,
    Progress,
    Risk,
    RiskStatus,
    ServiceKind,
    SourceId,
    Unclear,
    Words,
)
from bot.playground import limits
from bot.views.card import Shown, card, cut_short
from bot.views.plain import as_text
from bot.views.receipt import notes_modal
from tests.riverbend import background

NONE_RAISED = Risk(kind=None, status=RiskStatus.NONE_RAISED)


def crowd(n: int, letters: int) -> tuple[Background, tuple[Client, ...]]:
    clients = tuple(
        Client(id=ClientId(f"c{i}"), first=f"{'Maximiliana' * 9}"[:letters] + str(i), last="Ó" * letters)
        for i in range(n)
    )
    known = background()
    enrolled = tuple(Enrolment(group=GroupId("dbt"), client=c.id, since=date(2026, 1, 1)) for c in clients)
    return replace(known, roster=replace(known.roster, clients=clients, enrolments=enrolled)), clients


def a_draft(attendance: tuple[AttendanceDraft, ...], **more: object) -> Draft:
    return Draft(
        id=DraftId("d" * 32),
        leader=ClinicianId("dana"),
        group=GroupId("dbt"),
        met_on=date(2026, 9, 15),
        starts=time(14),
        ends=time(15, 15),
        mode=Mode.IN_PERSON,
        place="11",
        service=ServiceKind.PSYCHOTHERAPY,
        topic=(said("wise mind " * 40),),
        attendance=attendance,
        **more,  # type: ignore[arg-type]
    )


def said(text: str) -> Words:
    return Words(text=text, source=SourceId("m"))


def shown(draft: Draft, known: Background) -> Shown:
    findings = check(draft, known)
    return Shown(
        draft=draft,
        background=known,
        findings=findings,
        questions=next_questions(findings, known.roster),
        asked="a" * 32,
        lines=line_drafts(draft, known),
        reader=known.roster.clinician("dana"),
        said="Took back the last thing you said.",
    )


def there(client: Client, words: str) -> AttendanceDraft:
    return AttendanceDraft(
        client=client.id,
        presence=Presence.PRESENT,
        words=(said(words),),
        progress=Progress.PROGRESSING,
        risk=(NONE_RAISED,),
    )


SIZES = [(1, 5), (8, 12), (24, 40)]


@pytest.mark.parametrize(("n", "letters"), SIZES)
def test_a_card_full_of_words_keeps_within_slacks_limits(n: int, letters: int) -> None:
    known, clients = crowd(n, letters)
    draft = a_draft(tuple(there(c, f"spoke of worry {i} " * 40) for i, c in enumerate(clients)))
    view = card(shown(draft, known))

    assert limits.message_limits({"text": view.text, "blocks": list(view.blocks)}) == []
    assert cut_short(draft)


@pytest.mark.parametrize(("n", "letters"), SIZES)
def test_a_card_full_of_questions_keeps_within_slacks_limits(n: int, letters: int) -> None:
    known, clients = crowd(n, letters)
    unmentioned = tuple(AttendanceDraft(client=c.id) for c in clients[1:])
    unclear = (Unclear(name="Maria", subject="~maria", options=tuple(c.id for c in clients)),)
    view = card(shown(a_draft((there(clients[0], "led the closing"), *unmentioned), unclear=unclear), known))

    assert limits.message_limits({"text": view.text, "blocks": list(view.blocks)}) == []


@pytest.mark.parametrize(("n", "letters"), SIZES)
def test_the_notes_in_full_leave_out_no_word_and_keep_within_slacks_limits(n: int, letters: int) -> None:
    known, clients = crowd(n, letters)
    draft = a_draft(tuple(there(c, f"spoke of worry {i} " * 60) for i, c in enumerate(clients)))
    modal = notes_modal(shown(draft, known), sign=True)

    assert limits.view_limits(modal) == []
    assert all(f"spoke of worry {i} " * 59 in as_text(modal["blocks"]) for i in range(n))


def test_what_people_type_cannot_become_markup() -> None:
    known, clients = crowd(1, 5)
    view = card(shown(a_draft((there(clients[0], "<!channel> <@U1> <http://x|y> & done"),)), known))

    assert "<!channel>" not in str(view.blocks)
    assert "&lt;!channel&gt;" in str(view.blocks)
    assert "<!channel> <@U1> <http://x|y> & done" in as_text(view.blocks)
