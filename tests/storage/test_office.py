"""What the office enters comes back to the rules of the session that it concerns, and of no other."""

from dataclasses import replace
from datetime import date, timedelta

from billing.office import (
    Acknowledgement,
    Authorisation,
    Consent,
    ConsentKind,
    Licence,
    Office,
    Pair,
    Register,
    Service,
    SubstanceUseGroup,
)
from billing.records import AttendanceDraft, ClientId, Draft, DraftId, LineState, Presence
from tests.storage.riverbend import DAY, LINE, NOTE, at

BEGAN = date(2026, 1, 1)
LICENCE = Licence(clinician="dana", state="NY", since=BEGAN)
CONSENT = Consent(client="c1", kind=ConsentKind.RELEASE, since=BEGAN)
AUTHORISATION = Authorisation(client="c1", payer="p1", number="A1", codes=("90853",), since=BEGAN, units=12)


def office_of(store, id: str = "d1", on: date = DAY, client: str = "c1") -> Office:
    there = AttendanceDraft(client=ClientId(client), presence=Presence.PRESENT)
    return store.background(Draft(id=DraftId(id), group="dbt", met_on=on, attendance=(there,)), at(0)).office


def test_an_office_that_entered_nothing_keeps_nothing(store):
    assert office_of(store) == Office()


def test_what_was_entered_comes_back_and_its_lists_count_as_kept(store):
    store.put_office((LICENCE, CONSENT, AUTHORISATION), by="bea")
    office = office_of(store)

    assert (office.licences, office.consents, office.authorisations) == ((LICENCE,), (CONSENT,), (AUTHORISATION,))
    assert office.keeps == (Register.LICENCES, Register.CONSENTS)


def test_a_list_is_kept_even_if_this_client_is_not_in_it(store):
    store.put_office((CONSENT,), by="bea")

    assert office_of(store, client="c4").keeps == (Register.CONSENTS,)


def test_the_same_is_entered_once_and_leaves_its_mark_in_the_audit(store):
    store.put_office((LICENCE,), by="bea")
    before = store.audit_anchor()
    store.put_office((LICENCE,), by="bea")

    assert office_of(store).licences == (LICENCE,)
    assert store.audit_anchor() == before
    assert store.verify_audit() == ()


def test_a_service_counts_on_its_day_and_an_acknowledgement_for_its_note(store, draft):
    service = Service(client="c1", code="90834")
    seen = Acknowledgement(rule="a_rule", subject="c1", by="bea", at=at(3))
    store.put_office((service,), by="bea", served_on=DAY)
    store.put_office((seen,), by="bea", draft=DraftId("d1"))

    assert (office_of(store).services, office_of(store).acknowledged) == ((service,), (seen,))
    assert office_of(store, on=DAY + timedelta(days=1)).services == ()
    assert office_of(store, id="d2").acknowledged == ()


def test_a_group_of_a_substance_use_program_is_known_as_one(store):
    program = SubstanceUseGroup(group="dbt", since=BEGAN)
    store.put_office((program,), by="bea")

    assert office_of(store).substance_use_groups == (program,)


def test_pairs_of_codes_concern_everybody(store):
    pair = Pair(column_1="90853", column_2="90834", separable=True, since=BEGAN)
    store.put_office((pair,), by="bea")

    assert office_of(store, client="c4").pairs == (pair,)


def test_a_new_quarter_replaces_the_last_one(store):
    old = Pair(column_1="90853", column_2="90834", separable=True, since=BEGAN)
    store.put_office((LICENCE,), by="bea")
    store.replace_pairs((old, replace(old, column_2="90832")), by="bea")
    store.replace_pairs((replace(old, until=DAY),), by="bea")

    assert office_of(store).pairs == (replace(old, until=DAY),)
    assert office_of(store).licences == (LICENCE,)


def test_another_group_of_the_day_and_earlier_ones_are_seen(store, draft):
    store.sign(NOTE, (LINE,))

    assert [(s.client, s.code) for s in office_of(store, id="d2").services] == [("c1", "90853")]
    assert [(v.client, v.days) for v in office_of(store, id="d2", on=DAY + timedelta(days=7)).visits] == [
        ("c1", (DAY,))
    ]
    assert office_of(store).services == office_of(store).visits == ()


def test_a_line_that_was_voided_is_no_visit(store, draft):
    store.sign(NOTE, (LINE,))
    store.save_lines([replace(LINE, state=LineState.VOIDED, held_by=())])

    assert office_of(store, id="d2").services == ()


def test_the_words_of_the_meeting_before_are_there_and_none_of_later_ones(store, draft):
    store.sign(NOTE, ())
    own = {note.attendance.client: note.words for note in NOTE.notes}

    after = office_of(store, id="d2", on=DAY + timedelta(days=7)).last_notes
    assert {last.client: last.words for last in after} == own
    assert {last.met_on for last in after} == {DAY}
    assert office_of(store, id="d2", on=DAY).last_notes == ()
