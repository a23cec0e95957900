"""Which session a message speaks of: never guessed between two."""

from datetime import date

from billing.placing import OpenDraft, Place, place
from billing.records import About, ClinicianId, DraftId, GroupId, Heard, Presence, Value

TUESDAY, THURSDAY = date(2026, 9, 15), date(2026, 9, 17)


def fact(slot: str, value: Value, subject: str = "", part: int = 0) -> Heard:
    return Heard(about=About(slot=slot, subject=subject), value=value, quote="", span=(0, 1), part=part)


def opened(id: str, group: str | None, met_on: date | None, by: str = "dana") -> OpenDraft:
    return OpenDraft(id=DraftId(id), opened_by=ClinicianId(by), group=GroupId(group) if group else None, met_on=met_on)


DBT, PROCESS = opened("d1", "dbt", TUESDAY), opened("d2", "process", THURSDAY)
REPORT = tuple(fact("presence", Presence.PRESENT, who) for who in ("maria-g", "tom", "kay"))
DANA = ClinicianId("dana")


def test_a_report_about_a_new_session_opens_a_draft() -> None:
    assert place((fact("group", "dbt"), *REPORT), DANA, None, ()) == (Place(part=0),)


def test_a_report_about_a_session_that_another_leader_has_opened_joins_it() -> None:
    others = opened("d9", "dbt", TUESDAY, by="sam")

    placed = place((fact("group", "dbt"), fact("met_on", TUESDAY), *REPORT), DANA, None, (others, PROCESS))

    assert placed == (Place(part=0, draft=DraftId("d9")),)


def test_the_same_group_on_another_day_is_another_session() -> None:
    placed = place((fact("group", "dbt"), fact("met_on", date(2026, 9, 22)), *REPORT), DANA, None, (DBT,))

    assert placed == (Place(part=0),)


def test_what_is_said_in_a_thread_belongs_to_its_draft() -> None:
    assert place((fact("presence", Presence.LATE, "tom"),), DANA, DBT, (DBT, PROCESS))[0].draft == "d1"


def test_naming_another_group_in_a_thread_mends_the_draft_unless_it_is_a_report() -> None:
    assert place((fact("group", "process"),), DANA, DBT, (DBT,))[0].draft == "d1"
    assert place((fact("group", "process"), *REPORT), DANA, DBT, (DBT,)) == (Place(part=0),)


def test_a_short_answer_goes_to_the_one_open_draft() -> None:
    assert place((fact("presence", Presence.LATE, "tom"),), DANA, None, (DBT,))[0].draft == "d1"


def test_with_two_open_drafts_a_short_answer_is_asked_about() -> None:
    assert place((fact("presence", Presence.LATE, "tom"),), DANA, None, (DBT, PROCESS))[0].choices == ("d1", "d2")


def test_another_clinicians_drafts_are_no_place_for_a_short_answer() -> None:
    others = opened("d9", "dbt", TUESDAY, by="sam")

    assert place((fact("presence", Presence.LATE, "tom"),), DANA, None, (others, PROCESS))[0].draft == "d2"


def test_each_part_of_a_message_has_its_own_place() -> None:
    facts = (fact("group", "dbt"), fact("group", "process", part=1))

    assert place(facts, DANA, None, (PROCESS,)) == (Place(part=0), Place(part=1, draft=DraftId("d2")))
