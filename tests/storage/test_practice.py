from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import event

from billing.records import Client, Draft, Enrolment, Unclear
from storage import codes
from storage.store import Store
from storage.trouble import StorageTrouble
from tests.storage.riverbend import (
    ANGER,
    BEA,
    DANA,
    DAY,
    DBT,
    DRAFT,
    EVERYTHING,
    KAY,
    LEE,
    LUIS,
    MARIA,
    NOON,
    NOTE,
    PRACTICE,
    TOM,
)


def test_what_was_put_comes_back_equal(store):
    roster = store.roster(DAY)
    assert store.practice() == roster.practice == PRACTICE
    assert roster.clinicians == (BEA, DANA, LUIS)
    assert roster.groups == (ANGER, DBT)
    assert roster.clients == (MARIA, TOM, KAY, LEE)


def test_the_roster_holds_enrolments_of_the_day_only(store):
    assert store.roster(DAY).enrolled("dbt", DAY) == ("c1", "c3")
    assert store.roster(date(2026, 8, 31)).enrolled("dbt", date(2026, 8, 31)) == ("c1", "c2")
    assert [each.client for each in store.roster(date(2026, 9, 16)).enrolments] == ["c1", "c3", "c4"]


def test_putting_the_same_twice_changes_nothing(store):
    before = store.audit_anchor()
    store.put(EVERYTHING, by="admin")
    assert store.audit_anchor() == before


def test_ending_an_enrolment_changes_it_and_is_seen_at_once(store):
    assert "c1" in store.roster(DAY).enrolled("dbt", DAY)
    store.put([Enrolment(group="dbt", client="c1", since=date(2026, 1, 1), until=date(2026, 9, 1))], by="admin")
    assert store.roster(DAY).enrolled("dbt", DAY) == ("c3",)


def test_a_change_made_by_another_process_is_seen(home, store):
    assert len(store.roster(DAY).clients) == 4
    url, keys = home
    other = Store.open(url, key_file=keys)
    other.put([Client(id="c5", first="Will", last="Park")], by="admin")
    other.close()
    assert len(store.roster(DAY).clients) == 5


def test_clinicians_are_found_by_their_slack_user(store):
    assert store.clinician_of("ULUIS") == LUIS
    assert store.clinician_of("UNOBODY") is None


def test_the_background_holds_what_was_valid_on_the_date_of_service(store):
    found = store.background(DRAFT, NOON)
    assert [each.member_id for each in found.coverage["c1"]] == ["NEW222"]
    assert [each.code for each in found.diagnoses["c1"]] == ["F60.3", "F33.1"]
    assert found.goals["c1"][0].text == "reduce impulsive self-criticism"
    assert found.fees == {"90853": Decimal("72.50")}
    assert found.policies["ohp"].max_size == 10
    assert found.policies["ohp"].credential_modifiers == (("LCSW", "AJ"),)
    assert found.payers["ohp"].name == "Oregon Health Plan"
    assert found.roster == store.roster(DAY)

    before = store.background(Draft(id="d1", group="dbt", met_on=date(2026, 8, 31)), NOON)
    assert [each.member_id for each in before.coverage["c1"]] == ["OLD111"]
    assert [each.code for each in before.diagnoses["c1"]] == ["F60.3", "F33.1", "F41"]
    assert before.fees == {"90853": Decimal("65.00")}
    assert before.policies["ohp"].max_size == 12


def test_without_a_date_of_service_it_is_today_where_the_practice_is(store):
    two_in_the_morning_utc = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
    found = store.background(Draft(id="d1", group="dbt"), two_in_the_morning_utc)
    assert [each.member_id for each in found.coverage["c1"]] == ["OLD111"]


def test_somebody_who_may_have_been_meant_is_in_the_background_too(store):
    draft = Draft(id="d1", met_on=DAY, unclear=(Unclear(name="Mari", subject="~mari", options=("c1",)),))
    assert set(store.background(draft, NOON).coverage) == {"c1"}


def test_the_background_knows_which_codes_may_be_billed(store):
    found = store.background(DRAFT, NOON).codes
    assert found["F33.1"].known
    assert found["F33.1"].billable
    assert found["F33"].known
    assert not found["F33"].billable
    assert found["F33"].likely[:2] == ("F33.0", "F33.1")
    assert "F33.4" not in found["F33"].likely
    assert found["F33"].release_ends == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("code", "known", "billable"),
    [
        *[("F33", True, False), ("F33.4", True, False), ("Z63", True, False)],
        *[("F33.41", True, True), ("F99", True, True), ("R40.2110", True, True), ("Z63.0", True, True)],
        *[(text, False, False) for text in ("F33.7", "f33.1", "F", "", "F%", "F3_", "F33.1; DROP")],
    ],
)
def test_a_code_is_billable_only_if_it_is_a_leaf_of_the_release(store, code, known, billable):
    with store.database.read() as session:
        status = codes.statuses(session, [code])[code]
    assert (status.known, status.billable) == (known, billable)


def test_the_background_tells_of_signatures_and_of_other_notes_of_the_same_session(store, draft):
    assert store.background(DRAFT, NOON).signed is None
    store.sign(NOTE, ())
    assert store.background(DRAFT, NOON).signed == NOTE.signature
    assert store.background(DRAFT, NOON).others_that_day == ()
    other = Draft(id="d2", group="dbt", met_on=DAY, starts=NOTE.session.starts)
    assert store.background(other, NOON).others_that_day == ("n1",)


def test_a_large_practice_takes_no_more_queries_than_a_small_one(store):
    def queries(on: date) -> int:
        seen = []
        event.listen(store.database.engine, "before_cursor_execute", listener := lambda *_: seen.append(1))
        store.background(Draft(id="d1", group="dbt", met_on=on), NOON)
        event.remove(store.database.engine, "before_cursor_execute", listener)
        return len(seen)

    small = queries(date(2026, 9, 20))
    people = [Client(id=f"x{n}", first=f"A{n}", last="B") for n in range(60)]
    store.put([*people, *(Enrolment(group="dbt", client=each.id, since=DAY) for each in people)], by="admin")
    assert queries(date(2026, 9, 21)) == small <= 20
    assert queries(date(2026, 9, 21)) < small  # the roster is kept


def test_before_the_set_up_there_is_a_sentence(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/d/new.db", key_file=tmp_path / "keys", create=True)
    assert store.practice() is None
    with pytest.raises(StorageTrouble, match="not set up yet"):
        store.roster(DAY)
    store.close()
