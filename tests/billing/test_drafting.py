"""Later facts win, names stay unclear until settled, two leaders are asked where they differ."""

from datetime import date, time

import pytest

from billing.drafting import assemble
from billing.records import (
    About,
    ClinicianId,
    Draft,
    DraftId,
    Heard,
    Name,
    OneOf,
    Presence,
    Risk,
    RiskKind,
    RiskStatus,
    SourceId,
    Value,
    spoken,
)
from tests.riverbend import roster

TUESDAY = date(2026, 9, 15)


def heard(slot: str, value: Value, subject: str = "", *, by: str = "dana", source: str = "m1", **more: object) -> Heard:
    quote = value if isinstance(value, str) else slot
    return Heard(
        about=About(slot=slot, subject=subject),
        value=value,
        quote=str(more.pop("quote", quote)),
        span=more.pop("span", (0, 1)),  # type: ignore[arg-type]
        author=ClinicianId(by),
        source=SourceId(source),
        **more,  # type: ignore[arg-type]
    )


SESSION = (heard("group", "dbt"), heard("met_on", TUESDAY), heard("starts", time(14)), heard("ends", time(15, 15)))


def drafted(*facts: Heard) -> Draft:
    return assemble(DraftId("d"), (*SESSION, *facts), roster())


def of(draft: Draft, client: str):
    return next(a for a in draft.attendance if a.client == client)


def test_everybody_enrolled_is_in_the_draft_and_nobody_is_present_by_silence() -> None:
    draft = drafted()

    assert [a.client for a in draft.attendance] == list(roster().enrolled("dbt", TUESDAY))
    assert draft.attended == ()


def test_a_later_fact_replaces_an_earlier_one() -> None:
    draft = drafted(heard("presence", Presence.NO_SHOW, "bob"), heard("presence", Presence.LATE, "bob", source="m2"))

    assert of(draft, "bob").presence is Presence.LATE


def test_words_collect_and_stand_once() -> None:
    draft = drafted(*(heard("words", w, "tom") for w in ("quiet", "came round", "quiet")))

    assert [w.text for w in of(draft, "tom").words] == ["quiet", "came round"]


def test_what_was_said_of_a_spoken_name_waits_until_it_is_settled() -> None:
    facts = (
        heard("who", OneOf(options=("maria-g", "maria-l")), spoken("Maria"), quote="Maria"),
        heard("presence", Presence.PRESENT, spoken("Maria")),
        heard("words", "felt talked over", spoken("Maria")),
    )

    unsettled = drafted(*facts)
    settled = drafted(*facts, heard("who", "maria-g", spoken("Maria"), source="p1", span=None))

    assert [(u.name, u.options, u.said[0].text) for u in unsettled.unclear] == [
        ("Maria", ("maria-g", "maria-l"), "felt talked over")
    ]
    assert not of(unsettled, "maria-g").attended
    assert of(settled, "maria-g").presence is Presence.PRESENT
    assert of(settled, "maria-g").words[0].text == "felt talked over"
    assert settled.unclear == ()


@pytest.mark.parametrize(("who", "visitors"), [(Name.VISITOR, (spoken("Danielle"),)), (Name.NOBODY, ())])
def test_what_was_said_of_nobody_of_ours_goes_to_nobody(who: Name, visitors: tuple[str, ...]) -> None:
    draft = drafted(
        heard("who", Name.UNKNOWN, spoken("Danielle")),
        heard("words", "nervous", spoken("Danielle")),
        heard("who", who, spoken("Danielle"), source="p1", span=None),
    )

    assert draft.visitors == visitors
    assert all(not a.words for a in draft.attendance)


def test_tom_not_bob_moves_everything_and_leaves_bob_to_be_asked_about() -> None:
    draft = drafted(
        heard("presence", Presence.PRESENT, "bob"),
        heard("words", "led the closing", "bob"),
        heard("instead", "tom", "bob", source="m2"),
    )

    assert of(draft, "bob").presence is None
    assert of(draft, "bob").words == ()
    assert of(draft, "tom").presence is Presence.PRESENT
    assert [w.text for w in of(draft, "tom").words] == ["led the closing"]


def test_tom_not_bob_does_not_overrule_what_is_known_of_tom() -> None:
    draft = drafted(
        heard("presence", Presence.LATE, "tom"),
        heard("presence", Presence.PRESENT, "bob"),
        heard("instead", "tom", "bob", source="m2"),
    )

    assert of(draft, "tom").presence is Presence.LATE


def test_tom_not_bob_asks_again_if_tom_was_said_to_be_absent() -> None:
    draft = drafted(
        heard("presence", Presence.CANCELLED, "tom"),
        heard("presence", Presence.PRESENT, "bob"),
        heard("words", "led the closing", "bob"),
        heard("instead", "tom", "bob", source="m2"),
    )

    assert of(draft, "tom").presence is None
    assert [w.text for w in of(draft, "tom").words] == ["led the closing"]


def test_a_retraction_takes_back_the_words_it_speaks_of_and_no_others() -> None:
    draft = drafted(
        heard("words", "led the closing mindfulness", "bob"),
        heard("words", "made a plan", "bob"),
        heard("words", "led the closing", "bob", source="m2", retracts=True),
    )

    assert [w.text for w in of(draft, "bob").words] == ["made a plan"]


def test_a_technique_within_one_clients_words_is_not_said_of_the_group() -> None:
    draft = drafted(
        heard("interventions", "TIPP", span=(0, 4)),
        heard("words", "made a safety plan with me", "kay", span=(20, 46)),
        heard("interventions", "safety plan", span=(27, 38)),
    )

    assert [w.text for w in draft.interventions] == ["TIPP"]


def test_none_raised_is_void_once_something_was() -> None:
    none = Risk(kind=None, status=RiskStatus.NONE_RAISED)
    endorsed = Risk(kind=RiskKind.SI, status=RiskStatus.ENDORSED)

    assert of(drafted(heard("risk", none, "kay")), "kay").risk == (none,)
    assert of(drafted(heard("risk", endorsed, "kay"), heard("risk", none, "kay")), "kay").risk == (endorsed,)


def test_two_leaders_who_differ_leave_a_blank_and_a_conflict() -> None:
    draft = drafted(
        heard("presence", Presence.NO_SHOW, "bob"),
        heard("presence", Presence.PRESENT, "bob", by="sam", source="s1"),
    )

    assert of(draft, "bob").presence is None
    assert [(c.about, c.values) for c in draft.conflicts] == [
        (About(slot="presence", subject="bob"), (Presence.NO_SHOW, Presence.PRESENT))
    ]


def test_what_either_leader_says_after_reporting_settles_it() -> None:
    draft = drafted(
        heard("presence", Presence.NO_SHOW, "bob"),
        heard("presence", Presence.PRESENT, "bob", by="sam", source="s1"),
        heard("presence", Presence.PRESENT, "bob", source="m2"),
    )

    assert draft.conflicts == ()
    assert of(draft, "bob").presence is Presence.PRESENT


def test_present_and_late_do_not_contradict_each_other() -> None:
    draft = drafted(
        heard("presence", Presence.LATE, "bob"),
        heard("presence", Presence.PRESENT, "bob", by="sam", source="s1"),
    )

    assert draft.conflicts == ()
    assert of(draft, "bob").presence is Presence.LATE


def test_the_second_leader_to_report_is_a_co_leader() -> None:
    draft = drafted(heard("presence", Presence.PRESENT, "bob", by="sam", source="s1"))

    assert (draft.leader, draft.co_leaders) == ("dana", ("sam",))


def test_as_scheduled_fills_both_times_and_a_time_that_was_said_stands() -> None:
    facts = (heard("group", "dbt"), heard("met_on", TUESDAY), heard("as_scheduled", True))

    assert (assemble(DraftId("d"), facts, roster()).starts, assemble(DraftId("d"), facts, roster()).ends) == (
        time(14),
        time(15, 15),
    )
    later = assemble(DraftId("d"), (*facts, heard("ends", time(15, 30))), roster())
    assert (later.starts, later.ends) == (time(14), time(15, 30))


def test_minutes_said_give_the_end() -> None:
    draft = assemble(DraftId("d"), (heard("starts", time(23, 30)), heard("minutes", 60)), roster())

    assert draft.ends == time(0, 30)
