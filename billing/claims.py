"""What is billed: one 90853 line for each client who attended and has somebody to bill.

A `LineDraft` says what a line would say, with blanks where only the office can help; a `ClaimLine` is made of it
only from a signed note.
"""

from collections.abc import Callable, Sequence

from billing.findings import Finding, Severity, Stops
from billing.records import (
    WHOLE,
    AttendanceDraft,
    Background,
    ClaimLine,
    ClientId,
    Clinician,
    Coverage,
    Draft,
    GroupNote,
    LineDraft,
    LineId,
    LineState,
    Mode,
    Policy,
)
from billing.times import own_minutes

GROUP_PSYCHOTHERAPY = "90853"
UNITS = 1
"""One session is one unit, however long (Medicaid NCCI practitioner MUE, Q1 2026)."""
MOST_MODIFIERS = 4
MOST_POINTERS = 4


def line_drafts(draft: Draft, background: Background) -> tuple[LineDraft, ...]:
    """What the line of each client who attended and is covered would say. Nothing before the day is known."""
    if draft.met_on is None or draft.held is False:
        return ()
    covered = [(a, coverage_of(a.client, background)) for a in draft.attended]
    return tuple(_line_draft(draft, a, coverage, background) for a, coverage in covered if coverage)


def coverage_of(client: ClientId, background: Background) -> Coverage | None:
    """Who pays first on the date of service; None for a client who pays privately or not at all."""
    return next(iter(background.coverage.get(client, ())), None)


def _line_draft(draft: Draft, a: AttendanceDraft, coverage: Coverage, background: Background) -> LineDraft:
    assert draft.met_on is not None
    leader = background.roster.clinician(draft.leader) if draft.leader else None
    policy = background.policies.get(coverage.payer)
    rendering, supervising = _who_bills(leader, policy, background)
    codes = tuple(d.code for d in sorted(background.diagnoses.get(a.client, ()), key=lambda d: d.rank))
    mode = a.mode or draft.mode or Mode.IN_PERSON
    return LineDraft(
        client=a.client,
        payer=coverage.payer,
        served_on=draft.met_on,
        code=GROUP_PSYCHOTHERAPY,
        units=UNITS,
        place=place_of_service(draft, a, mode),
        modifiers=modifiers(mode, leader, policy),
        diagnoses=codes,
        pointers=tuple(range(1, min(len(codes), MOST_POINTERS) + 1)),
        minutes=own_minutes(a, draft.starts, draft.ends),
        charge=background.fees.get(GROUP_PSYCHOTHERAPY),
        member_id=coverage.member_id,
        rendering=rendering.id if rendering else None,
        rendering_npi=rendering.npi if rendering else None,
        billing_npi=background.roster.practice.npi,
        supervising_npi=supervising.npi if supervising else None,
    )


def place_of_service(draft: Draft, a: AttendanceDraft, mode: Mode) -> str | None:
    """The client's own place: the room's code, or for telehealth what was said of this client, None while unsaid."""
    if a.place:
        return a.place
    if mode.telehealth:
        return draft.place if draft.place in ("02", "10") else None
    return draft.place


def modifiers(mode: Mode, leader: Clinician | None, policy: Policy | None) -> tuple[str, ...]:
    """Exactly what the payer's row says, telehealth first, at most four."""
    if policy is None:
        return ()
    tele = {Mode.VIDEO: policy.telehealth_modifier, Mode.AUDIO: policy.audio_modifier}.get(mode)
    credential = dict(policy.credential_modifiers).get(leader.credential) if leader else None
    wanted = (tele, policy.group_modifier, credential)
    return tuple(dict.fromkeys(m for m in wanted if m))[:MOST_MODIFIERS]


def _who_bills(
    leader: Clinician | None, policy: Policy | None, background: Background
) -> tuple[Clinician | None, Clinician | None]:
    """Rendering and supervising clinician. NPIs are never swapped unless the payer's row says under whose to bill."""
    if leader is None or leader.supervisor is None:
        return leader, None
    supervisor = background.roster.clinician(leader.supervisor)
    if policy and policy.supervised_billing == "supervisor":
        return supervisor, supervisor
    return leader, supervisor


# ---- from a signed note -------------------------------------------------------------------------------------------


def claim_lines(
    note: GroupNote, drafts: Sequence[LineDraft], findings: Sequence[Finding], new_id: Callable[[], LineId]
) -> tuple[ClaimLine, ...]:
    """The lines of a signed note: ready where nothing keeps them, held with the reasons otherwise."""
    return tuple(
        settled(ClaimLine(id=new_id(), note=note.id, state=LineState.HELD, says=d), d, findings) for d in drafts
    )


def settled(line: ClaimLine, says: LineDraft, findings: Sequence[Finding]) -> ClaimLine:
    """The same line as note and office data have it now. A line that has left the house is not touched."""
    if line.state not in (LineState.HELD, LineState.READY):
        return line
    held_by = holding(says, findings)
    state = LineState.HELD if held_by else LineState.READY
    return ClaimLine(id=line.id, note=line.note, state=state, says=says, held_by=held_by)


def holding(line: LineDraft, findings: Sequence[Finding]) -> tuple[str, ...]:
    """What keeps this line from being released, a sentence each.

    A warning that stops billing does so until somebody acknowledges it: then its rule is silent.
    """
    keeping = (f for f in findings if f.severity is not Severity.INFO and f.stops is not Stops.NOTHING)
    return tuple(dict.fromkeys(f.says for f in keeping if f.about.subject in subjects_of(line)))


def subjects_of(line: LineDraft) -> tuple[str, ...]:
    """Whose findings concern this line: the whole session's, the client's and the payer's."""
    return WHOLE, line.client, line.payer
