"""For each way in which payers deny 90853: the mistake is in the data, somebody hears of it, and the line stays.

The keys are adjustment codes as they stand in a remittance, with our own words for what went wrong.
"""

from dataclasses import replace
from datetime import date

import pytest

from billing.checking import check
from billing.claims import claim_lines, line_drafts
from billing.notes import finish
from billing.office import Acknowledgement, Correction, Eligibility, OtherCoverage, Service, Visits
from billing.records import (
    Background,
    CodeStatus,
    Draft,
    LineDraft,
    LineId,
    LineState,
    Mode,
    NoteId,
    PayerId,
    ServiceKind,
)
from tests.billing.builders import (
    BEA,
    DANA,
    EVENING,
    HOME,
    KAY,
    LAKELAND,
    NOA,
    NOW,
    RAVI,
    a_background,
    a_coverage,
    a_draft,
    a_roster,
    a_signature,
    with_one,
)
from tests.billing.kept_office import (
    BILLED,
    INDIVIDUAL,
    PAIR,
    an_authorisation,
    an_office,
    diagnosed,
    in_order,
    practice,
    terms,
    with_client,
    with_other,
    without,
)

Evening = tuple[Draft, Background]


def covered(**changes) -> Background:
    """Kay's coverage is different."""
    return replace(in_order(), coverage={**a_background().coverage, KAY: (a_coverage(KAY, **changes),)})


def led_by_noa(**changes) -> Evening:
    return a_draft(leader=NOA), replace(terms(**changes), cosigned=a_signature(RAVI))


def by_video(**changes) -> Evening:
    return a_draft(attendance=with_one(KAY, mode=Mode.VIDEO, place="10")), terms(**changes)


def header_code(**changes) -> Background:
    status = CodeStatus(code="F33.1", known=True, billable=True)
    return replace(in_order(), codes={"F33.1": replace(status, **changes)})


def clinicians(**changes) -> Background:
    staff = tuple(replace(c, **changes) if c.id == DANA else c for c in a_roster().clinicians)
    return replace(in_order(), roster=a_roster(clinicians=staff))


OTHER_PAYER = PayerId("shoreline")
DENIALS: dict[tuple[str, str], tuple[Evening, str]] = {
    ("4", "a visit by a physician without 25"): (
        (a_draft(), with_other(Service(client=KAY, code="99214", documented=True))),
        "a_medical_visit_of_the_day_is_separate",
    ),
    ("4", "a modifier that nobody has heard of"): (
        (a_draft(), terms(group_modifier="QZ")),
        "every_modifier_is_a_known_one",
    ),
    ("5", "in person at a place for telehealth"): (
        (a_draft(attendance=with_one(KAY, place="10")), in_order()),
        "it_is_known_where_each_client_was",
    ),
    ("58", "a partial hospital"): (
        (a_draft(place="52"), terms(places=("11", "53"))),
        "the_payer_takes_the_place",
    ),
    ("8", "a wrong taxonomy"): (
        (a_draft(), in_order(credentialing=tuple(replace(c, taxonomy="LCSW") for c in an_office().credentialing))),
        "the_taxonomy_is_there_where_it_is_wanted",
    ),
    ("170", "an associate"): (led_by_noa(supervised_billing="no"), "the_payer_takes_supervised_work"),
    ("170", "a credential that the payer does not take"): (
        (a_draft(), terms(allowed_credentials=("MD",))),
        "the_payer_takes_the_credential",
    ),
    ("11", "no mental disorder first"): ((a_draft(), diagnosed("E11.9")), "the_first_diagnosis_is_a_mental_one"),
    ("11", "a diagnosis that the plan does not name"): (
        (a_draft(), diagnosed("F41.1")),
        "every_billed_diagnosis_is_in_the_plan",
    ),
    ("15", "an authorization for another code"): (
        (a_draft(), in_order(authorisations=tuple(an_authorisation(c, codes=("90837",)) for c in BILLED))),
        "the_payer_has_authorised_the_group",
    ),
    ("15", "an authorization that has ended"): (
        (a_draft(), in_order(authorisations=tuple(an_authorisation(c, until=date(2026, 9, 14)) for c in BILLED))),
        "the_payer_has_authorised_the_group",
    ),
    ("16", "no sex as on the card"): ((a_draft(), with_client(sex="")), "each_billed_client_can_be_told_apart"),
    ("16", "no fee"): ((a_draft(), replace(in_order(), fees={})), "every_line_has_a_charge"),
    ("16", "a box for an address"): (
        (a_draft(), practice(address=replace(HOME, street="PO Box 9"))),
        "the_practice_has_a_street_address",
    ),
    ("16", "no tax number"): ((a_draft(), practice(tax_id=None)), "the_practice_has_a_tax_number"),
    ("16", "no consent"): ((a_draft(), without("consents", KAY)), "each_client_has_signed_release_and_assignment"),
    ("16", "no diagnosis"): ((a_draft(), replace(in_order(), diagnoses={})), "every_billed_client_has_a_diagnosis"),
    ("18", "the co-leader has signed as well"): (
        (a_draft(), replace(in_order(), others_that_day=(NoteId("n-9"),))),
        "nobody_else_has_signed_for_this_group",
    ),
    ("18", "sent again as if for the first time"): (
        (a_draft(), with_other(Service(client=KAY, code="90853"))),
        "one_group_a_day_is_billed",
    ),
    ("18", "replaced without the payer's number"): (
        (a_draft(), in_order(corrections=(Correction(client=KAY, frequency="7"),))),
        "a_correction_names_the_claim_that_it_corrects",
    ),
    ("22", "another payer is first"): (
        (
            a_draft(),
            in_order(
                other_coverage=(
                    *an_office().other_coverage,
                    OtherCoverage(client=KAY, answered_on=EVENING, pays_first=OTHER_PAYER),
                )
            ),
        ),
        "the_payer_that_pays_first_is_billed_first",
    ),
    ("26", "before the insurance began"): (
        (a_draft(), in_order(eligibility=(Eligibility(client=KAY, payer=LAKELAND, since=EVENING, active=False),))),
        "every_billed_client_was_insured_that_day",
    ),
    ("27", "nobody has asked whether it still lasts"): (
        (a_draft(), without("eligibility", KAY)),
        "the_payer_was_asked_about_every_billed_client",
    ),
    ("29", "a backlog"): ((a_draft(met_on=date(2026, 6, 1)), terms(filing_days=90)), "there_is_still_time_to_file"),
    ("31", "no member ID"): ((a_draft(), covered(member_id=None)), "every_billed_client_has_a_member_id"),
    ("140", "a slip in the date of birth"): (
        (a_draft(), with_client(born_on=date(2029, 3, 1))),
        "each_billed_client_can_be_told_apart",
    ),
    ("50", "no plan"): ((a_draft(), without("plans", KAY)), "the_treatment_plan_is_current"),
    ("50", "no goal"): ((a_draft(), replace(in_order(), goals={})), "every_billed_client_has_a_goal"),
    ("96", "not covered"): ((a_draft(), terms(covered=False)), "the_payers_rules_are_confirmed"),
    ("96", "a class"): ((a_draft(service=ServiceKind.CLASS), in_order()), "the_hour_was_psychotherapy"),
    ("97", "an individual session without a modifier"): (
        (a_draft(), with_other(replace(INDIVIDUAL, modifiers=()), pairs=())),
        "an_individual_session_of_the_day_is_marked_as_apart",
    ),
    ("97", "a program paid by the day"): (
        (a_draft(), with_other(Service(client=KAY, code="S9480"))),
        "the_day_was_not_paid_as_a_whole",
    ),
    ("236", "a pair that is never paid"): (
        (a_draft(), in_order(pairs=(replace(PAIR, separable=False),))),
        "no_other_service_of_the_day_shuts_out_the_group",
    ),
    ("109", "behavioral health is carved out"): (
        (a_draft(), in_order(eligibility=tuple(replace(e, carved_out=OTHER_PAYER) for e in an_office().eligibility))),
        "every_billed_client_was_insured_that_day",
    ),
    ("119", "two in a week already"): (
        (a_draft(), in_order(visits=(Visits(client=KAY, payer=LAKELAND, days=(date(2026, 9, 9), date(2026, 9, 14))),))),
        "not_more_groups_than_the_payer_pays_for",
    ),
    ("222", "one that day already"): (
        (
            a_draft(),
            replace(
                terms(frequency_caps=((1, 1),)),
                office=an_office(visits=(Visits(client=KAY, payer=LAKELAND, days=(EVENING,)),)),
            ),
        ),
        "not_more_groups_than_the_payer_pays_for",
    ),
    ("146", "a code deleted before the day"): (
        (a_draft(), header_code(known=False)),
        "every_diagnosis_is_specific_and_in_force",
    ),
    ("181", "a code that there never was"): (
        (a_draft(), replace(in_order(), codes={})),
        "every_diagnosis_is_specific_and_in_force",
    ),
    ("167", "a header"): ((a_draft(), header_code(billable=False)), "every_diagnosis_is_specific_and_in_force"),
    ("151", "two groups that day"): (
        (a_draft(), with_other(Service(client=KAY, code="90853", documented=True))),
        "one_group_a_day_is_billed",
    ),
    ("185", "not credentialed yet"): (
        (
            a_draft(),
            in_order(credentialing=tuple(replace(c, since=date(2026, 9, 16)) for c in an_office().credentialing)),
        ),
        "who_is_billed_was_taken_on_by_the_payer",
    ),
    ("B7", "the licence had lapsed"): (
        (a_draft(), in_order(licences=tuple(replace(r, until=date(2026, 8, 31)) for r in an_office().licences))),
        "who_led_was_licensed_that_day",
    ),
    ("197", "no authorization"): ((a_draft(), without("authorisations", KAY)), "the_payer_has_authorised_the_group"),
    ("198", "an authorization that is used up"): (
        (a_draft(), in_order(authorisations=tuple(an_authorisation(c, used=20) for c in BILLED))),
        "the_authorisation_has_a_unit_left",
    ),
    ("206", "no NPI"): ((a_draft(), clinicians(npi=None)), "every_npi_has_its_check_digit"),
    ("207", "an NPI with a slip"): ((a_draft(), clinicians(npi="1234567983")), "every_npi_has_its_check_digit"),
    ("208", "the practice's NPI as the clinician's"): (
        (a_draft(), practice(npi="1234567893")),
        "the_rendering_npi_is_a_persons_own",
    ),
    ("226", "not signed"): ((a_draft(), replace(in_order(), signed=None)), "the_note_is_signed"),
    ("252", "not co-signed"): ((a_draft(), terms(cosign_required=True)), "the_note_is_cosigned_where_it_must_be"),
    ("243", "no referral"): ((a_draft(), without("referrals", KAY)), "the_referral_is_there_where_it_is_wanted"),
    ("242", "nobody has confirmed the contract"): (
        (a_draft(), terms(confirmed_on=None)),
        "the_payers_rules_are_confirmed",
    ),
    ("B15", "an add-on that does not say why"): (
        (a_draft(), with_other(Service(client=KAY, code="90785"))),
        "the_add_on_stands_beside_a_group_and_says_why",
    ),
    ("107", "an add-on for who was absent"): (
        (
            a_draft(attendance=with_one(KAY, presence=None)),
            with_other(Service(client=KAY, code="90785", factor="interpreter of signs")),
        ),
        "the_add_on_stands_beside_a_group_and_says_why",
    ),
}
"""The mistake, and the rule that speaks."""


def kays(draft: Draft, background: Background) -> tuple[LineDraft, ...]:
    return tuple(line for line in line_drafts(draft, background) if line.client == KAY)


@pytest.mark.parametrize("denial", DENIALS, ids=lambda d: f"{d[0]}: {d[1]}")
def test_the_mistake_is_heard_and_the_line_is_not_released(denial: tuple[str, str]):
    (draft, background), rule = DENIALS[denial]
    findings = check(draft, background)

    assert rule in {f.rule for f in findings}
    assert kays(draft, background) or denial[0] == "107"
    for says in kays(draft, background):
        assert LineState.READY not in _states(draft, background, says)


def _states(draft: Draft, background: Background, says: LineDraft) -> set[LineState]:
    signer = background.roster.clinician(DANA)
    note = finish(a_draft(), a_background(), NoteId("n-1"), signer, NOW)
    lines = claim_lines(note, (says,), check(draft, background), lambda: LineId("l-1"))
    return {line.state for line in lines}


def test_without_a_mistake_the_line_is_ready():
    assert {_states(a_draft(), in_order(), says).pop() for says in line_drafts(a_draft(), in_order())} == {
        LineState.READY
    }


TABLE = (
    "4 5 58 8 170 11 15 16 18 22 26 27 29 31 140 50 96 97 236 109 119 222 146 167 181 151 185 B7 197 198 206 207 208"
    " 226 252 242 243 B15 107"
)
"""253 is left out: Medicare's sequestration is not a mistake."""


def test_every_row_of_the_table_has_its_mistake():
    assert {code for code, _ in DENIALS} == set(TABLE.split())


def test_a_warning_that_holds_a_line_lets_it_go_once_somebody_acknowledges_it():
    background = with_other(Service(client=KAY, code="H0015"))
    seen = Acknowledgement(rule="the_day_was_not_paid_as_a_whole", subject=KAY, by=BEA, at=NOW)
    after = replace(background, office=replace(background.office, acknowledged=(seen,)))
    (says,) = kays(a_draft(), background)

    assert _states(a_draft(), background, says) == {LineState.HELD}
    assert _states(a_draft(), after, says) == {LineState.READY}


def test_nobody_can_acknowledge_what_blocks():
    background = without("authorisations", KAY)
    seen = Acknowledgement(rule="the_payer_has_authorised_the_group", subject=KAY, by=BEA, at=NOW)
    after = replace(background, office=replace(background.office, acknowledged=(seen,)))
    (says,) = kays(a_draft(), after)

    assert _states(a_draft(), after, says) == {LineState.HELD}
