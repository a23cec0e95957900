"""Whether who is billed for was licensed, taken on by the payer, and of a kind that it pays, on the day."""

import re
from collections.abc import Iterator

from billing.findings import Asks, Case, Lack, Severity, Stops, rule
from billing.office import Credentialing, Register
from billing.records import About, Clinician, LineDraft, Mode
from billing.rules.looking import kept, leader_of, lines_and_modes, name_of, payer_name, policy_of, valid

TAXONOMY = r"[0-9A-Z]{9}X"
"""The shape of a taxonomy code."""


@rule("G011", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def who_led_was_licensed_that_day(case: Case) -> Iterator[Lack]:
    """Where the office keeps licences, who led the group, or else the supervisor, had one on the date of service.

    Source: Regs. Conn. State Agencies 17b-262-822; the practice's own list of licences
    """
    leader = leader_of(case)
    if leader is None or not kept(case, Register.LICENCES):
        return
    answers = leader if leader.licensed else _supervisor(case, leader)
    if answers and case.lines and not states_of(case, answers):
        says = f"No licence of {answers.name} was in force on {case.lines[0].served_on}"
        yield Lack(about=About(slot="licence"), says=says, question=f"{says}. From when until when is there one?")


def _supervisor(case: Case, leader: Clinician) -> Clinician | None:
    return case.background.roster.clinician(leader.supervisor) if leader.supervisor else None


def states_of(case: Case, clinician: Clinician) -> frozenset[str]:
    """Where this clinician might practise on the date of service."""
    licences = (r for r in case.background.office.licences if r.clinician == clinician.id)
    return frozenset(r.state for line in case.lines[:1] for r in valid(licences, line.served_on))


@rule("G011", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def who_is_billed_was_taken_on_by_the_payer(case: Case) -> Iterator[Lack]:
    """Where the office keeps credentialing, the rendering clinician was the payer's on the date of service.

    Source: CMS, Marriage and Family Therapists & Mental Health Counselors; the practice's own list of credentialing
    """
    if not kept(case, Register.CREDENTIALING):
        return
    for line, clinician in _rendered(case):
        if not _taken_on(case, line, clinician):
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            says = f"{clinician.name} is not on record as credentialed with {payer} on {line.served_on}: {name}"
            question = f"Was {clinician.name} credentialed with {payer} on {line.served_on}? It holds {{names}}."
            yield Lack(
                about=About(slot="credentialing", subject=line.client), says=says, question=question, together=True
            )


def _rendered(case: Case) -> Iterator[tuple[LineDraft, Clinician]]:
    """Each line, with whose work it is billed as."""
    for line in case.lines:
        if line.rendering:
            yield line, case.background.roster.clinician(line.rendering)


def _taken_on(case: Case, line: LineDraft, clinician: Clinician) -> tuple[Credentialing, ...]:
    rows = (r for r in case.background.office.credentialing if (r.clinician, r.payer) == (clinician.id, line.payer))
    return valid(rows, line.served_on)


@rule("G012", severity=Severity.BLOCK, stops=Stops.BILLING, asks=Asks.BILLER)
def the_payer_takes_the_credential(case: Case) -> Iterator[Lack]:
    """Where a payer pays only for some licences, the rendering clinician has one of them.

    Source: CMS, Marriage and Family Therapists & Mental Health Counselors; Regs. Conn. State Agencies 17b-262-822
    """
    for line, clinician in _rendered(case):
        allowed = policy_of(case, line.payer).allowed_credentials
        if allowed and clinician.credential not in allowed:
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            yield Lack(
                about=About(slot="credential", subject=line.client),
                says=f"{payer} does not take {clinician.credential or 'no credential'} for 90853: {name}",
                question=f"Does {payer} accept {clinician.credential or clinician.name} for 90853? It holds {{names}}.",
                together=True,
            )


@rule("G014", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def the_taxonomy_is_there_where_it_is_wanted(case: Case) -> Iterator[Lack]:
    """Where a payer wants it, there is a taxonomy code for the rendering clinician, ten characters that end in X.

    Source: 837P 005010X222A1, PRV03
    """
    for line, clinician in _rendered(case):
        if not policy_of(case, line.payer).needs_taxonomy:
            continue
        own = (r.taxonomy for r in _taken_on(case, line, clinician) if r.taxonomy)
        taxonomy = next(own, clinician.taxonomy)
        if not taxonomy or not re.fullmatch(TAXONOMY, taxonomy):
            name, payer = name_of(case, line.client), payer_name(case, line.payer)
            yield Lack(
                about=About(slot="taxonomy", subject=line.client),
                says=f"{payer} wants {clinician.name}'s taxonomy code, which is {taxonomy or 'not on record'}: {name}",
                question=f"Which taxonomy is {clinician.name} enrolled under with {payer}? It holds {{names}}.",
                together=True,
            )


@rule("G043", severity=Severity.WARN, stops=Stops.BILLING, asks=Asks.BILLER)
def each_remote_client_was_where_the_clinician_may_practise(case: Case) -> Iterator[Lack]:
    """Where the office keeps licences, a client at home by video or phone lives in a state of who led the group.

    Of a client who was elsewhere the state is not known, which is said. At home stands for the address on file.
    Source: CodingIntel, modifier 95 and telemedicine (the client in the US)
    """
    leader = leader_of(case)
    if leader is None or not kept(case, Register.LICENCES):
        return
    states = states_of(case, leader) or states_of(case, _supervisor(case, leader) or leader)
    for line, mode in lines_and_modes(case):
        if mode is not Mode.IN_PERSON and (where := _state(case, line)) not in states:
            name = name_of(case, line.client)
            yield Lack(
                about=About(slot="state", subject=line.client),
                says=f"{name} took part from {where or 'a state not known'}; {leader.name} may practise in "
                f"{', '.join(sorted(states)) or 'no state on record'}",
                question=f"Which state was {name} in, and may {leader.name} practise there?",
            )


def _state(case: Case, line: LineDraft) -> str | None:
    """From where, by the address on file; None if the client was not at home, or the address is missing."""
    address = case.background.roster.client(line.client).address
    return address.state if address and line.place == "10" else None
