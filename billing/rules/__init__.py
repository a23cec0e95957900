"""All rules, in the order in which they are asked: the session, the people, the note, then what billing needs."""

from collections.abc import Iterator
from dataclasses import replace

from billing.findings import Case, Lack, Rule, Severity
from billing.rules import (
    authorisations,
    claim,
    coverage,
    credentials,
    line,
    note,
    people,
    place,
    plans,
    policy_rules,
    provider,
    same_day,
    session,
    timeliness,
    wording,
)
from billing.rules.looking import group_of


def _considerate(rule: Rule) -> Rule:
    """The same rule, silent where asking would be a nuisance.

    Nothing is lacking of a group that did not take place; while it is not known which group it was, nothing else is
    asked but who, when and which; what two leaders disagree on is asked as just that; and a warning that somebody has
    acknowledged is not repeated.
    """

    def look(case: Case) -> Iterator[Lack]:
        if case.draft.held is False or (group_of(case) is None and rule not in FIRST):
            return
        disputed = {conflict.about for conflict in case.draft.conflicts} if rule is not people.the_leaders_agree else ()
        seen = {a.subject for a in case.background.office.acknowledged if a.rule == rule.name}
        for lack in rule.look(case):
            let_go = rule.severity is Severity.WARN and lack.about.subject in seen
            if lack.about not in disputed and not let_go:
                yield lack

    return replace(rule, look=look)


FIRST = (
    session.the_group_is_known,
    session.the_date_is_known_and_not_in_the_future,
    session.the_actual_times_are_known,
    people.every_spoken_name_is_settled,
)

RULES: tuple[Rule, ...] = tuple(
    _considerate(rule)
    for rule in (
        session.the_group_is_known,
        session.the_date_is_known_and_not_in_the_future,
        session.the_day_is_one_on_which_the_group_meets,
        session.the_group_took_place,
        session.the_actual_times_are_known,
        session.the_leader_is_known,
        people.the_leaders_agree,
        people.every_spoken_name_is_settled,
        people.everybody_is_accounted_for,
        people.every_absence_is_a_no_show_or_a_cancellation,
        people.the_own_times_of_late_and_early_are_known,
        people.the_headcount_is_who_attended,
        note.the_focus_is_stated,
        note.every_client_has_words_of_their_own,
        note.risk_is_answered_for_everybody,
        note.a_risk_that_was_endorsed_was_acted_on,
        note.progress_is_known_for_everybody,
        note.nobody_else_is_named_in_a_chart,
        wording.no_note_reads_like_another,
        wording.process_notes_are_kept_apart,
        provider.it_is_said_why_there_were_two_leaders,
        session.the_hour_was_psychotherapy,
        policy_rules.a_group_below_the_minimum_is_confirmed,
        policy_rules.a_group_above_the_maximum_is_explained,
        place.it_is_known_where_each_client_was,
        timeliness.the_note_is_signed,
        timeliness.the_note_is_cosigned_where_it_must_be,
        timeliness.the_note_is_signed_in_time,
        timeliness.nobody_else_has_signed_for_this_group,
        policy_rules.enough_attended_for_the_payer,
        policy_rules.not_more_attended_than_the_payer_allows,
        policy_rules.the_group_is_small_by_every_rule_book,
        provider.a_large_group_had_two_leaders,
        policy_rules.the_payers_rules_are_confirmed,
        policy_rules.every_billed_client_stayed_long_enough,
        policy_rules.every_billed_client_was_there_for_the_payers_share,
        policy_rules.not_more_groups_than_the_payer_pays_for,
        policy_rules.every_billed_client_has_a_goal,
        plans.the_treatment_plan_is_current,
        plans.every_billed_diagnosis_is_in_the_plan,
        plans.the_plan_says_why_group_is_right,
        place.the_payer_takes_the_place,
        place.the_telehealth_modifier_is_the_payers,
        place.every_modifier_is_the_payers,
        place.every_modifier_is_a_known_one,
        provider.every_npi_has_its_check_digit,
        provider.the_rendering_npi_is_a_persons_own,
        provider.an_unlicensed_clinician_has_a_supervisor,
        provider.the_payer_takes_supervised_work,
        credentials.who_led_was_licensed_that_day,
        credentials.who_is_billed_was_taken_on_by_the_payer,
        credentials.the_payer_takes_the_credential,
        credentials.the_taxonomy_is_there_where_it_is_wanted,
        credentials.each_remote_client_was_where_the_clinician_may_practise,
        coverage.every_billed_client_has_a_member_id,
        claim.each_billed_client_can_be_told_apart,
        coverage.every_billed_client_was_insured_that_day,
        coverage.the_payer_was_asked_about_every_billed_client,
        coverage.the_payer_that_pays_first_is_billed_first,
        authorisations.the_payer_has_authorised_the_group,
        authorisations.the_authorisation_has_a_unit_left,
        authorisations.the_referral_is_there_where_it_is_wanted,
        line.every_billed_client_has_a_diagnosis,
        line.every_diagnosis_is_specific_and_in_force,
        line.every_code_set_is_of_the_day,
        line.the_first_diagnosis_is_a_mental_one,
        line.every_pointer_points_at_a_diagnosis,
        line.every_line_has_a_charge,
        line.every_line_is_one_unit,
        same_day.one_group_a_day_is_billed,
        same_day.no_other_service_of_the_day_shuts_out_the_group,
        same_day.an_individual_session_of_the_day_is_marked_as_apart,
        same_day.other_sessions_of_the_day_were_at_other_times,
        same_day.the_day_was_not_paid_as_a_whole,
        same_day.a_medical_visit_of_the_day_is_separate,
        same_day.the_add_on_stands_beside_a_group_and_says_why,
        claim.a_correction_names_the_claim_that_it_corrects,
        claim.our_numbers_say_nothing_of_the_client,
        claim.the_practice_has_a_street_address,
        claim.the_practices_zip_code_is_whole,
        claim.the_practice_has_a_tax_number,
        claim.each_payer_can_be_reached,
        claim.each_client_has_signed_release_and_assignment,
        claim.a_substance_use_program_has_its_consent,
        timeliness.there_is_still_time_to_file,
        timeliness.the_time_to_file_is_not_running_out,
    )
)
