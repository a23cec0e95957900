"""Claim lines → claims: one for each client, payer, day and clinician, from what the note and the office say."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from billing.export.claim import SELF, BillingProvider, Claim, Cover, Facility, Person, Provider, ServiceLine
from billing.record import record
from billing.records import ClaimLine, Client, ClientId, Clinician, LineDraft, Payer, PayerId, Roster

LONGEST_LINE_NUMBER = 30


@record
class Insured:
    """What the office knows of a client's policy besides its number, where it is not as usual."""

    relation: str = SELF
    holder: Person | None = None
    group_number: str | None = None
    authorisation: str | None = None


@record
class Office:
    """What claims need besides their lines. Set up once.

    `filings` is the kind of plan of each payer. `assigned` and `released`: each client has signed that the payer may
    pay the practice, and may be told. `facilities` are where groups meet, by place of service, where that is not at the
    billing provider's address.
    """

    roster: Roster
    payers: Mapping[PayerId, Payer]
    billing: BillingProvider
    filings: Mapping[PayerId, str]
    assigned: bool
    released: bool
    insured: Mapping[ClientId, Insured]
    facilities: Mapping[str, Facility]


def claims_of(lines: Sequence[ClaimLine], office: Office, new_number: Callable[[], str]) -> tuple[Claim, ...]:
    """Every line in a claim, in the order of clients, payers and days. `new_number` is asked once for each claim:
    at most 20 letters, digits and dashes, never used before, and saying nothing about the client.
    """
    ordered = sorted(lines, key=lambda line: _together(line.says))
    groups = groupby(ordered, key=lambda line: _together(line.says))
    return tuple(_claim(tuple(group), office, new_number()) for _, group in groups)


def _together(says: LineDraft) -> tuple[str, ...]:
    """What lines of one claim have in common."""
    clinicians = says.rendering or "", says.rendering_npi or "", says.supervising_npi or ""
    return says.client, says.payer, says.served_on.isoformat(), *clinicians


def _claim(lines: Sequence[ClaimLine], office: Office, number: str) -> Claim:
    first = lines[0].says
    diagnoses = tuple(dict.fromkeys(code for line in lines for code in line.says.diagnoses))
    return Claim(
        control=number,
        billing=office.billing,
        cover=_cover(first, office),
        client=person(office.roster.client(first.client)),
        place=first.place,
        diagnoses=diagnoses,
        lines=tuple(_line(line, diagnoses) for line in lines),
        rendering=_rendering(first, office.roster),
        supervising=_supervising(first, office.roster),
        facility=office.facilities.get(first.place or ""),
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


def _cover(says: LineDraft, office: Office) -> Cover:
    payer, insured = office.payers[says.payer], office.insured.get(says.client, Insured())
    return Cover(
        payer_name=payer.name,
        payer_id=payer.electronic_id,
        member_id=says.member_id,
        filing=office.filings.get(says.payer),
        assigned=office.assigned,
        released=office.released,
        relation=insured.relation,
        holder=insured.holder,
        group_number=insured.group_number,
        authorisation=insured.authorisation,
    )


def _rendering(says: LineDraft, roster: Roster) -> Provider | None:
    return provider(roster.clinician(says.rendering), says.rendering_npi) if says.rendering else None


def _supervising(says: LineDraft, roster: Roster) -> Provider | None:
    """Who supervised, unless it is billed under their own number anyway."""
    if not says.supervising_npi or says.supervising_npi == says.rendering_npi:
        return None
    supervisors = (c for c in roster.clinicians if c.npi == says.supervising_npi)
    return next((provider(c, c.npi) for c in supervisors), None)
