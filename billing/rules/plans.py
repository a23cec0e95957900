"""What the client's treatment plan must say, where the office keeps treatment plans."""

from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.office import Plan, Register
from billing.records import About, LineDraft
from billing.rules.looking import kept, name_of


def _planned(case: Case) -> Iterator[tuple[LineDraft, Plan | None]]:
    """Each line with the client's latest plan that had begun; nothing where the office keeps no plans."""
    if not kept(case, Register.PLANS):
        return
    for line in case.lines:
        plans = [p for p in case.background.office.plans if p.client == line.client and p.since <= line.served_on]
        yield line, max(plans, key=lambda p: p.since, default=None)


@rule("G056", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_treatment_plan_is_current(case: Case) -> Iterator[Lack]:
    """On the date of service there is an assessment, and a signed treatment plan that is not due for review.

    Source: OIG, On-Site Psychological Services (2020); Minn. R. 9505.0371
    """
    for line, plan in _planned(case):
        if wrong := _wrong_with(plan, line):
            name = name_of(case, line.client)
            yield Lack(
                about=About(slot="plan", subject=line.client),
                says=f"{name}'s treatment plan {wrong}",
                question=f"{name}'s treatment plan {wrong}. Update it before billing?",
            )


def _wrong_with(plan: Plan | None, line: LineDraft) -> str:
    if plan is None:
        return "is not on file"
    if plan.signed_on is None or plan.signed_on > line.served_on:
        return f"was not signed by {line.served_on}"
    if plan.assessed_on is None or plan.assessed_on > line.served_on:
        return "has no assessment before it"
    return f"was due for review on {plan.review_by}" if plan.review_by and plan.review_by < line.served_on else ""


@rule("G024", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def every_billed_diagnosis_is_in_the_plan(case: Case) -> Iterator[Lack]:
    """Each diagnosis on a line is one that the client's treatment plan names, where the plan names any.

    Source: AAPC, group psychotherapy coding strategies; Illinois HFS notice of 2014-06-26
    """
    for line, plan in _planned(case):
        strangers = [code for code in line.diagnoses if plan and plan.diagnoses and code not in plan.diagnoses]
        if strangers:
            name = name_of(case, line.client)
            says = f"{', '.join(strangers)} is not in {name}'s treatment plan"
            yield Lack(
                about=About(slot="diagnosis", subject=line.client),
                says=says,
                question=f"{says}. Add it or change it?",
            )


@rule("G036", severity=Severity.WARN, stops=Stops.NOTHING, asks=Asks.BILLER)
def the_plan_says_why_group_is_right(case: Case) -> Iterator[Lack]:
    """The treatment plan says why group treatment is right for this client.

    It is said once, in the plan, and not asked of the clinician after every group.
    Source: AAPC, group psychotherapy coding strategies
    """
    for line, plan in _planned(case):
        if plan and not plan.says_why_group:
            name = name_of(case, line.client)
            yield Lack(
                about=About(slot="medical_necessity", subject=line.client),
                says=f"{name}'s treatment plan does not say why group is right",
                question=f"Why is group right for {name}, and what is next? The plan should say so.",
            )
