"""A small invented practice, and one evening of it in which nothing is lacking.

Each builder gives something complete; a test says only what is different. `Riverbend` is nobody's practice and
nobody in it exists.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from billing.records import (
    Address,
    AttendanceDraft,
    Background,
    Client,
    ClientId,
    Clinician,
    ClinicianId,
    CodeStatus,
    Coverage,
    Diagnosis,
    Draft,
    DraftId,
    Enrolment,
    Goal,
    Group,
    GroupId,
    Mode,
    Payer,
    PayerId,
    Policy,
    Practice,
    Presence,
    Progress,
    Risk,
    RiskStatus,
    Role,
    Roster,
    Schedule,
    ServiceKind,
    Signature,
    SourceId,
    Words,
)

EVENING = date(2026, 9, 15)
NOW = datetime(2026, 9, 15, 19, 52, tzinfo=UTC)  # 3:52 in the afternoon in New York
DBT, GRIEF = GroupId("g-dbt"), GroupId("g-grief")
DANA, RAVI, NOA, BEA = (ClinicianId(f"c-{name}") for name in ("dana", "ravi", "noa", "bea"))
MARIA, LINDQVIST, TOM, KAY, PRIYA, WILL, ZOE = (
    ClientId(f"p-{name}") for name in ("maria", "lindqvist", "tom", "kay", "priya", "will", "zoe")
)
LAKELAND = PayerId("lakeland")
HOME = Address(street="4 Ferry Street", city="Riverbend", state="NY", zip="10001")
NONE_RAISED = Risk(kind=None, status=RiskStatus.NONE_RAISED)


def said(text: str) -> Words:
    return Words(text=text, source=SourceId("s-1"))


def a_client(
    id: ClientId, first: str, last: str, *, preferred: str | None = None, also: tuple[str, ...] = ()
) -> Client:
    return Client(
        id=id,
        first=first,
        last=last,
        preferred=preferred,
        also_called=also,
        born_on=date(1990, 3, 1),
        sex="F",
        address=HOME,
    )


CLIENTS = (
    a_client(MARIA, "Maria", "Gonzalez"),
    a_client(LINDQVIST, "Maria", "Lindqvist"),
    a_client(TOM, "Thomas", "Becker", preferred="Tom"),
    a_client(KAY, "Kayleigh", "O'Brien", also=("Kay",)),
    a_client(PRIYA, "Priya", "Raman"),
    a_client(WILL, "Will", "Park"),
    a_client(ZOE, "Zoe", "Keller"),
)
CLINICIANS = (
    Clinician(id=DANA, name="Dana Whitfield", credential="LCSW", npi="1234567893"),
    Clinician(id=RAVI, name="Ravi Anand", credential="PhD", npi="1992999825"),
    Clinician(id=NOA, name="Noa Stern", credential="LMSW", npi="1003000126", licensed=False, supervisor=RAVI),
    Clinician(id=BEA, name="Bea Holm", roles=(Role.BILLER,)),
)
GROUPS = (
    Group(id=DBT, name="DBT Skills", leader=DANA, schedule=Schedule(weekdays=(1,), starts=time(14), ends=time(15, 15))),
    Group(id=GRIEF, name="Grief and Loss", leader=RAVI),
)


def a_roster(**changes) -> Roster:
    """Riverbend: five clients in DBT Skills, Zoe and the other Maria in the grief group."""
    in_dbt = tuple(Enrolment(group=DBT, client=c, since=date(2026, 1, 6)) for c in (MARIA, TOM, KAY, PRIYA, WILL))
    in_grief = tuple(Enrolment(group=GRIEF, client=c, since=date(2026, 1, 6)) for c in (LINDQVIST, ZOE))
    whole = Roster(
        practice=Practice(
            name="Riverbend Counseling",
            timezone="America/New_York",
            npi="1679576722",
            tax_id="000000000",
            address=Address(street="1 Mill Lane", city="Riverbend", state="NY", zip="100010000"),
            fictional=True,
        ),
        clinicians=CLINICIANS,
        groups=GROUPS,
        clients=CLIENTS,
        enrolments=(*in_dbt, *in_grief),
    )
    return replace(whole, **changes)


def attended(client: ClientId, words: str, **changes) -> AttendanceDraft:
    whole = AttendanceDraft(
        client=client,
        presence=Presence.PRESENT,
        words=(said(words),),
        progress=Progress.PROGRESSING,
        risk=(NONE_RAISED,),
    )
    return replace(whole, **changes)


def absent(client: ClientId, presence: Presence = Presence.NO_SHOW) -> AttendanceDraft:
    return AttendanceDraft(client=client, presence=presence)


def those_there() -> tuple[AttendanceDraft, ...]:
    """Three attended, one late, one did not come."""
    return (
        attended(MARIA, "practiced opposite action with her mom"),
        attended(TOM, "irritable at check-in, redirected twice, came round"),
        attended(KAY, "tearful, and stayed"),
        attended(PRIYA, "did her diary card", presence=Presence.LATE, minutes_late=15),
        absent(WILL),
    )


def with_one(client: ClientId, **changes) -> tuple[AttendanceDraft, ...]:
    """Those there, with something different about one of them."""
    return tuple(replace(a, **changes) if a.client == client else a for a in those_there())


def a_draft(**changes) -> Draft:
    """Tuesday's DBT Skills, nothing lacking. On another day the clinician has said that it was that day."""
    changes = {"day_confirmed": True, **changes} if "met_on" in changes else changes
    whole = Draft(
        id=DraftId("d-1"),
        leader=DANA,
        group=DBT,
        met_on=EVENING,
        starts=time(14),
        ends=time(15, 15),
        mode=Mode.IN_PERSON,
        place="11",
        service=ServiceKind.PSYCHOTHERAPY,
        topic=(said("TIPP"),),
        interventions=(said("ice water"),),
        attendance=those_there(),
    )
    return replace(whole, **changes)


def a_policy(**changes) -> Policy:
    whole = Policy(
        payer=LAKELAND,
        since=date(2026, 1, 1),
        min_size=2,
        max_size=12,
        covered=True,
        telehealth_modifier="95",
        audio_modifier="93",
        supervised_billing="own",
        filing_days=365,
        confirmed_on=date(2026, 2, 1),
        confirmed_by=BEA,
    )
    return replace(whole, **changes)


def a_coverage(client: ClientId, **changes) -> Coverage:
    whole = Coverage(client=client, payer=LAKELAND, since=date(2026, 1, 1), member_id=f"LK{client.upper()}")
    return replace(whole, **changes)


def a_signature(by: ClinicianId = DANA) -> Signature:
    who = next(c for c in CLINICIANS if c.id == by)
    return Signature(clinician=by, name=who.name, credential=who.credential, at=NOW, digest="d1")


def a_background(**changes) -> Background:
    """Everybody but Tom is covered by Lakeland, the plan is in order, and the note is signed."""
    whole = Background(
        now=NOW,
        roster=a_roster(),
        coverage={c.id: (a_coverage(c.id),) for c in CLIENTS if c.id != TOM},
        diagnoses={c.id: (Diagnosis(client=c.id, code="F33.1", rank=1, since=date(2026, 1, 1)),) for c in CLIENTS},
        goals={c.id: (Goal(client=c.id, text="fewer crises", since=date(2026, 1, 1)),) for c in CLIENTS},
        payers={LAKELAND: Payer(id=LAKELAND, name="Lakeland Health Plan", electronic_id="LKLND")},
        policies={LAKELAND: a_policy()},
        fees={"90853": Decimal("60.00")},
        codes={"F33.1": CodeStatus(code="F33.1", known=True, billable=True, release_ends=date(2026, 9, 30))},
        signed=a_signature(),
    )
    return replace(whole, **changes)
