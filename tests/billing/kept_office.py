"""The invented practice once more, with an office that keeps every list and a payer that wants everything.

`in_order()` lacks nothing; each entry of `OFFICE_FAULTS` has the one fault that its rule is about.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from billing.office import (
    Authorisation,
    Consent,
    ConsentKind,
    ControlNumbers,
    Correction,
    Credentialing,
    Eligibility,
    LastNote,
    Licence,
    Office,
    OtherCoverage,
    Pair,
    Plan,
    Referral,
    ReferralKind,
    Register,
    Service,
    SubstanceUseGroup,
    Visits,
)
from billing.records import Background, Diagnosis, Draft, Mode, Payer, PayerId
from tests.billing.builders import (
    CLIENTS,
    DANA,
    DBT,
    EVENING,
    HOME,
    KAY,
    LAKELAND,
    MARIA,
    PRIYA,
    RAVI,
    TOM,
    a_background,
    a_draft,
    a_policy,
    a_roster,
    a_signature,
    said,
    those_there,
    with_one,
)

BEGAN = date(2026, 1, 1)
BILLED = (MARIA, KAY, PRIYA)
STRICT = {
    "requires_auth": True,
    "referral_required": True,
    "plan_signed_after": 15,
    "needs_taxonomy": True,
    "allowed_credentials": ("LCSW", "PhD"),
    "frequency_caps": ((2, 7),),
    "contact_fraction": "2/3",
    "max_size_alone": 8,
    "note_due_hours": 24,
}
INDIVIDUAL = Service(client=KAY, code="90834", starts=time(9), ends=time(9, 45), modifiers=("59",), documented=True)
PAIR = Pair(column_1="90853", column_2="90834", separable=True, since=BEGAN)


def an_authorisation(client: str, **changes) -> Authorisation:
    whole = Authorisation(
        client=client, payer=LAKELAND, number=f"A-{client}", codes=("90853",), since=BEGAN, units=20, used=3
    )
    return replace(whole, **changes)


def a_plan(client: str, **changes) -> Plan:
    whole = Plan(
        client=client,
        since=BEGAN,
        review_by=date(2026, 12, 31),
        signed_on=BEGAN,
        assessed_on=BEGAN,
        diagnoses=("F33.1",),
        says_why_group=True,
    )
    return replace(whole, **changes)


def an_office(**changes) -> Office:
    """Every list is kept, and everybody is in it."""
    whole = Office(
        keeps=tuple(Register),
        licences=(Licence(clinician=DANA, state="NY", since=BEGAN),),
        credentialing=(Credentialing(clinician=DANA, payer=LAKELAND, since=BEGAN, taxonomy="1041C0700X"),),
        eligibility=tuple(Eligibility(client=c, payer=LAKELAND, since=EVENING, until=EVENING) for c in BILLED),
        other_coverage=tuple(OtherCoverage(client=c, answered_on=BEGAN) for c in BILLED),
        authorisations=tuple(an_authorisation(c) for c in BILLED),
        consents=tuple(Consent(client=c, kind=kind, since=BEGAN) for c in BILLED for kind in ConsentKind),
        plans=tuple(a_plan(c) for c in BILLED),
        referrals=tuple(
            Referral(client=c, payer=LAKELAND, kind=kind, since=BEGAN) for c in BILLED for kind in ReferralKind
        ),
        services=(INDIVIDUAL,),
        pairs=(PAIR,),
        numbers=tuple(ControlNumbers(client=c, claim=f"7K{n}", line=f"7K{n}-1") for n, c in enumerate(BILLED)),
        visits=tuple(Visits(client=c, payer=LAKELAND, days=(date(2026, 9, 10),)) for c in BILLED),
        last_notes=(LastNote(client=KAY, met_on=date(2026, 9, 8), words=("did not speak until the very end of it",)),),
        substance_use_groups=(SubstanceUseGroup(group=DBT, since=BEGAN),),
    )
    return replace(whole, **changes)


def in_order(**office) -> Background:
    """The evening with the strict payer, and an office like `an_office` but for these changes."""
    return a_background(policies={LAKELAND: a_policy(**STRICT)}, office=an_office(**office))


def terms(**changes) -> Background:
    return replace(in_order(), policies={LAKELAND: a_policy(**{**STRICT, **changes})})


def without(name: str, client: str) -> Background:
    """As in order, but the list of that name has nothing of this client."""
    return in_order(**{name: tuple(r for r in getattr(an_office(), name) if r.client != client)})


def with_other(service: Service, **office) -> Background:
    return in_order(services=(service,), **office)


def with_client(**changes) -> Background:
    clients = tuple(replace(c, **changes) if c.id == KAY else c for c in CLIENTS)
    return replace(in_order(), roster=a_roster(clients=clients))


def practice(**changes) -> Background:
    return replace(in_order(), roster=a_roster(practice=replace(a_roster().practice, **changes)))


def diagnosed(code: str) -> Background:
    diagnosis = (Diagnosis(client=KAY, code=code, rank=1, since=BEGAN),)
    codes = {**a_background().codes, code: replace(a_background().codes["F33.1"], code=code)}
    return replace(in_order(), diagnoses={**a_background().diagnoses, KAY: diagnosis}, codes=codes)


LONG = "sat by the door, said little, and left with a plan for the week"


def nine_in_the_room() -> Draft:
    visitors = tuple(f"~guest {n}" for n in range(5))
    return a_draft(visitors=visitors)


OFFICE_FAULTS: dict[str, tuple[Draft, Background]] = {
    "no_note_reads_like_another": (
        a_draft(
            attendance=tuple(replace(a, words=(said(LONG),)) if a.client in (TOM, KAY) else a for a in those_there())
        ),
        in_order(),
    ),
    "process_notes_are_kept_apart": (a_draft(group_words=(said("strong countertransference tonight"),)), in_order()),
    "it_is_said_why_there_were_two_leaders": (a_draft(co_leaders=(RAVI,)), terms(two_leaders_explained=True)),
    "the_note_is_signed_in_time": (
        a_draft(),
        replace(in_order(), signed=replace(a_signature(), at=datetime(2026, 9, 16, 20, 0, tzinfo=UTC))),
    ),
    "a_large_group_had_two_leaders": (nine_in_the_room(), in_order()),
    "every_billed_client_was_there_for_the_payers_share": (a_draft(), terms(contact_fraction="5/6")),
    "not_more_groups_than_the_payer_pays_for": (
        a_draft(),
        in_order(visits=(Visits(client=KAY, payer=LAKELAND, days=(date(2026, 9, 10), date(2026, 9, 12))),)),
    ),
    "the_treatment_plan_is_current": (a_draft(), without("plans", KAY)),
    "every_billed_diagnosis_is_in_the_plan": (
        a_draft(),
        in_order(plans=tuple(a_plan(c, diagnoses=("F41.1",)) for c in BILLED)),
    ),
    "the_plan_says_why_group_is_right": (
        a_draft(),
        in_order(plans=tuple(a_plan(c, says_why_group=None) for c in BILLED)),
    ),
    "every_modifier_is_a_known_one": (a_draft(), terms(group_modifier="ZZ")),
    "the_rendering_npi_is_a_persons_own": (a_draft(), practice(npi="1234567893")),
    "who_led_was_licensed_that_day": (
        a_draft(),
        in_order(licences=(Licence(clinician=DANA, state="NY", since=BEGAN, until=date(2026, 9, 14)),)),
    ),
    "who_is_billed_was_taken_on_by_the_payer": (
        a_draft(),
        in_order(credentialing=(Credentialing(clinician=DANA, payer=LAKELAND, since=date(2026, 9, 16)),)),
    ),
    "the_payer_takes_the_credential": (a_draft(), terms(allowed_credentials=("PhD",))),
    "the_taxonomy_is_there_where_it_is_wanted": (
        a_draft(),
        in_order(credentialing=(Credentialing(clinician=DANA, payer=LAKELAND, since=BEGAN, taxonomy="1041C0700"),)),
    ),
    "each_remote_client_was_where_the_clinician_may_practise": (
        a_draft(attendance=with_one(KAY, mode=Mode.VIDEO, place="10")),
        with_client(address=replace(HOME, state="NJ")),
    ),
    "each_billed_client_can_be_told_apart": (a_draft(), with_client(sex=None)),
    "every_billed_client_was_insured_that_day": (
        a_draft(),
        in_order(
            eligibility=(*an_office().eligibility, Eligibility(client=KAY, payer=LAKELAND, since=EVENING, active=False))
        ),
    ),
    "the_payer_was_asked_about_every_billed_client": (a_draft(), without("eligibility", KAY)),
    "the_payer_that_pays_first_is_billed_first": (a_draft(), without("other_coverage", KAY)),
    "the_payer_has_authorised_the_group": (a_draft(), without("authorisations", KAY)),
    "the_authorisation_has_a_unit_left": (
        a_draft(),
        in_order(authorisations=tuple(an_authorisation(c, used=20) for c in BILLED)),
    ),
    "the_referral_is_there_where_it_is_wanted": (a_draft(), without("referrals", KAY)),
    "the_first_diagnosis_is_a_mental_one": (a_draft(), diagnosed("Z63.0")),
    "one_group_a_day_is_billed": (a_draft(), with_other(Service(client=KAY, code="90853"))),
    "no_other_service_of_the_day_shuts_out_the_group": (a_draft(), with_other(replace(INDIVIDUAL, modifiers=()))),
    "an_individual_session_of_the_day_is_marked_as_apart": (
        a_draft(),
        with_other(replace(INDIVIDUAL, modifiers=()), pairs=()),
    ),
    "other_sessions_of_the_day_were_at_other_times": (
        a_draft(),
        with_other(replace(INDIVIDUAL, starts=time(13, 30), ends=time(14, 15))),
    ),
    "the_day_was_not_paid_as_a_whole": (a_draft(), with_other(Service(client=KAY, code="H0015"))),
    "a_medical_visit_of_the_day_is_separate": (
        a_draft(),
        with_other(Service(client=KAY, code="99213", documented=True)),
    ),
    "the_add_on_stands_beside_a_group_and_says_why": (a_draft(), with_other(Service(client=KAY, code="90785"))),
    "a_correction_names_the_claim_that_it_corrects": (
        a_draft(),
        in_order(corrections=(Correction(client=KAY, frequency="7"),)),
    ),
    "our_numbers_say_nothing_of_the_client": (
        a_draft(),
        in_order(numbers=(ControlNumbers(client=KAY, claim="obrien-KAYLEIGH", line="1"),)),
    ),
    "the_practice_has_a_street_address": (
        a_draft(),
        practice(address=replace(HOME, street="P.O. Box 12", zip="100010000")),
    ),
    "the_practices_zip_code_is_whole": (a_draft(), practice(address=HOME)),
    "the_practice_has_a_tax_number": (a_draft(), practice(tax_id="12-345")),
    "each_payer_can_be_reached": (
        a_draft(),
        replace(in_order(), payers={LAKELAND: Payer(id=PayerId(LAKELAND), name="Lakeland Health Plan")}),
    ),
    "each_client_has_signed_release_and_assignment": (a_draft(), without("consents", KAY)),
    "a_substance_use_program_has_its_consent": (
        a_draft(),
        in_order(consents=tuple(c for c in an_office().consents if c.kind is not ConsentKind.PART_2)),
    ),
}
