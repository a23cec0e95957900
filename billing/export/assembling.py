"""Claim lines → claims: one for each client, payer, day and clinician, from what the note and the office say."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import groupby

from billing.export.claim import ORIGINAL, SELF, BillingProvider, Claim, Cover, Facility, Person, Provider, ServiceLine
from billing.office import Authorisation, Consent, ConsentKind, Office, Register
from billing.record import record
from billing.records import ClaimLine, Client, ClientId, Clinician, LineDraft, NoteId, Payer, PayerId, Roster

LONGEST_LINE_NUMBER = 30
PAYER_MAY_KNOW = (ConsentKind.RELEASE, ConsentKind.PART_2)
PAYER_MAY_PAY = (ConsentKind.ASSIGNMENT, ConsentKind.PART_2)


@record
class Insured:
    """What the office knows of a client's policy besides its number, where it is not as usual."""

    relation: str = SELF
    holder: Person | None = None
    group_number: str | None = None


@record
class Setup:
    """What claims need that neither their lines nor the office's lists have.

    `filings` is the kind of plan of each payer. `assigned` and `released`: in a practice that keeps no list of
    consents, each client has signed that the payer may pay the practice, and may be told. `facilities` are where
    groups meet, by place of service, where that is not at the billing provider's address.
    """

    roster: Roster
    payers: Mapping[PayerId, Payer]
    billing: BillingProvider
    filings: Mapping[PayerId, str]
    assigned: bool
    released: bool
    insured: Mapping[ClientId, Insured]
    facilities: Mapping[str, Facility]


# ---- the office's lists ----------------------------------------------------------------------------------------


@record
class _Paper:
    """What the office's lists say about one line. Consents are None where no list of them is kept."""

    authorisation: str | None
    frequency: str
    payer_claim_number: str | None
    released: bool | None
    assigned: bool | None

    @property
    def parts(self) -> tuple[str, ...]:
        return self.authorisation or "", self.frequency, self.payer_claim_number or ""


def _paper(says: LineDraft, office: Office) -> _Paper:
    correction = next((c for c in office.corrections if c.client == says.client), None)
    return _Paper(
        authorisation=next((a.number for a in office.authorisations if _covers(a, says)), None),
        frequency=correction.frequency if correction else ORIGINAL,
        payer_claim_number=correction.payer_claim_number if correction else None,
        released=_agreed(PAYER_MAY_KNOW, says, office),
        assigned=_agreed(PAYER_MAY_PAY, says, office),
    )


def _covers(authorisation: Authorisation, says: LineDraft) -> bool:
    theirs = authorisation.client == says.client and authorisation.payer == says.payer
    return theirs and says.code in authorisation.codes and _holds(authorisation, says.served_on)


def _agreed(kinds: Collection[ConsentKind], says: LineDraft, office: Office) -> bool | None:
    if Register.CONSENTS not in office.keeps:
        return None
    return any(c.client == says.client and c.kind in kinds and _holds(c, says.served_on) for c in office.consents)


def _holds(paper: Authorisation | Consent, on: date) -> bool:
    return paper.since <= on and (paper.until is None or on <= paper.until)


# ---- claims ------------------------------------------------------------------------------------------------------


def claims_of(
    lines: Sequence[ClaimLine], setup: Setup, offices: Mapping[NoteId, Office], new_number: Callable[[], str]
) -> tuple[Claim, ...]:
    """Every line in a claim, in the order of clients, payers and days.

    `offices` are the office's lists as they concern each note. `new_number` is asked once for each claim: letters,
    digits and dashes, at most 20 (14 for paper), never used before, and saying nothing about the client.
    """
    papers = {line.id: _paper(line.says, offices.get(line.note, Office())) for line in lines}
    keys = {line.id: (*_who(line.says), *papers[line.id].parts) for line in lines}
    groups = groupby(sorted(lines, key=lambda line: keys[line.id]), key=lambda line: keys[line.id])
    made = (tuple(group) for _, group in groups)
    return tuple(_claim(group, setup, papers[group[0].id], new_number()) for group in made)


def _who(says: LineDraft) -> tuple[str, ...]:
    """What lines of one claim have in common, besides their papers."""
    clinicians = says.rendering or "", says.rendering_npi or "", says.supervising_npi or ""
    return says.client, says.payer, says.served_on.isoformat(), *clinicians


def _claim(lines: Sequence[ClaimLine], setup: Setup, paper: _Paper, number: str) -> Claim:
    first = lines[0].says
    diagnoses = tuple(dict.fromkeys(code for line in lines for code in line.says.diagnoses))
    return Claim(
        control=number,
        billing=setup.billing,
        cover=_cover(first, setup, paper),
        client=person(setup.roster.client(first.client)),
        place=first.place,
        diagnoses=diagnoses,
        lines=tuple(_line(line, diagnoses) for line in lines),
        rendering=_rendering(first, setup.roster),
        supervising=_supervising(first, setup.roster),
        facility=setup.facilities.get(first.place or ""),
        frequency=paper.frequency,
        payer_claim_number=paper.payer_claim_number,
    )


def line_number(line: ClaimLine) -> str:
    """What a line is called on a claim: its id, which is random, as far as there is room for it."""
    return line.id[:LONGEST_LINE_NUMBER]


def _line(line: ClaimLine, diagnoses: Sequence[str]) -> ServiceLine:
    """The line's pointers, which count its own diagnoses, count the claim's instead; 0 is one that points nowhere."""
    says = line.says
    pointed = (says.diagnoses[p - 1] if 1 <= p <= len(says.diagnoses) else "" for p in says.pointers)
    return ServiceLine(
        control=line_number(line),
        code=says.code,
        modifiers=says.modifiers,
        pointers=tuple(diagnoses.index(code) + 1 if code else 0 for code in pointed),
        units=says.units,
        served_on=says.served_on,
        charge=says.charge,
        place=says.place,
    )


def person(client: Client) -> Person:
    """A client by legal name."""
    return Person(last=client.last, first=client.first, born_on=client.born_on, sex=client.sex, address=client.address)


def provider(clinician: Clinician, npi: str | None) -> Provider:
    """A clinician as a claim knows one: the last word of the name is the last name."""
    first, _, last = clinician.name.rpartition(" ")
    return Provider(last=last, first=first or None, npi=npi, taxonomy=clinician.taxonomy)


def _cover(says: LineDraft, setup: Setup, paper: _Paper) -> Cover:
    payer, insured = setup.payers[says.payer], setup.insured.get(says.client, Insured())
    return Cover(
        payer_name=payer.name,
        payer_id=payer.electronic_id,
        member_id=says.member_id,
        filing=setup.filings.get(says.payer),
        assigned=setup.assigned if paper.assigned is None else paper.assigned,
        released=setup.released if paper.released is None else paper.released,
        relation=insured.relation,
        holder=insured.holder,
        group_number=insured.group_number,
        authorisation=paper.authorisation,
    )


def _rendering(says: LineDraft, roster: Roster) -> Provider | None:
    return provider(roster.clinician(says.rendering), says.rendering_npi) if says.rendering else None


def _supervising(says: LineDraft, roster: Roster) -> Provider | None:
    """Who supervised, unless it is billed under their own number anyway."""
    if not says.supervising_npi or says.supervising_npi == says.rendering_npi:
        return None
    supervisors = (c for c in roster.clinicians if c.npi == says.supervising_npi)
    return next((provider(c, c.npi) for c in supervisors), None)
