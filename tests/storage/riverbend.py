"""Riverbend, an invented practice: two group leaders, a biller, four clients, two groups."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from billing.findings import Choice, Question
from billing.records import (
    About,
    Address,
    Attendance,
    AttendanceDraft,
    ClaimLine,
    Client,
    Clinician,
    Coverage,
    Diagnosis,
    Draft,
    Enrolment,
    Fee,
    Goal,
    Group,
    GroupNote,
    GroupSession,
    Heard,
    LineDraft,
    LineState,
    Message,
    Mode,
    OneOf,
    Payer,
    Policy,
    Practice,
    Presence,
    Progress,
    ProgressNote,
    Risk,
    RiskKind,
    RiskStatus,
    Role,
    Schedule,
    ServiceKind,
    Signature,
)
from storage.handles import DraftHandle, Press

DAY = date(2026, 9, 15)
NOON = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def at(minute: int) -> datetime:
    return NOON.replace(hour=20, minute=minute)


DANA = Clinician(id="dana", name="Dana Whitfield", credential="LCSW", npi="1234567893", slack_user="UDANA")
LUIS = Clinician(id="luis", name="Luis Ortega", credential="LMFT-A", supervisor="dana", slack_user="ULUIS")
BEA = Clinician(id="bea", name="Bea Holm", roles=(Role.BILLER, Role.ADMIN), slack_user="UBEA")
MARIA = Client(
    id="c1",
    first="Maria",
    last="Gonzalez",
    preferred="Mari",
    also_called=("Maz",),
    pronouns="she/her",
    born_on=date(1990, 2, 3),
    sex="F",
    address=Address(street="1 Alder Way", city="Salem", state="OR", zip="97301"),
)
TOM = Client(id="c2", first="Tom", last="Becker")
KAY = Client(id="c3", first="Kayleigh", last="O'Brien")
LEE = Client(id="c4", first="Lee", last="Sandoval")
DBT = Group(
    id="dbt",
    name="DBT Skills",
    leader="dana",
    also_called=("dbt",),
    co_leaders=("luis",),
    schedule=Schedule(weekdays=(1,), starts=time(14), ends=time(15, 15)),
    modality="DBT",
)
ANGER = Group(id="anger", name="Anger", leader="luis", service=ServiceKind.CLASS, mode=Mode.VIDEO, place="10")
OHP = Payer(id="ohp", name="Oregon Health Plan", electronic_id="ORHP1")
PRACTICE = Practice(name="Riverbend", timezone="America/Los_Angeles", npi="1679576722", fictional=True)
START = date(2026, 1, 1)

EVERYTHING = (
    Enrolment(group="dbt", client="c1", since=START),
    Enrolment(group="dbt", client="c2", since=START, until=date(2026, 8, 31)),
    Enrolment(group="dbt", client="c3", since=date(2026, 9, 15)),
    Enrolment(group="dbt", client="c4", since=date(2026, 9, 16)),
    Coverage(client="c1", payer="ohp", since=START, until=date(2026, 9, 14), member_id="OLD111"),
    Coverage(client="c1", payer="ohp", since=date(2026, 9, 15), member_id="NEW222"),
    Diagnosis(client="c1", code="F33.1", rank=2, since=START),
    Diagnosis(client="c1", code="F60.3", rank=1, since=START),
    Diagnosis(client="c1", code="F41", rank=3, since=START, until=date(2026, 9, 1)),
    Diagnosis(client="c3", code="F33", rank=1, since=START),
    Goal(client="c1", text="reduce impulsive self-criticism", since=START),
    Fee(code="90853", amount=Decimal("65.00"), since=START, until=date(2026, 9, 14)),
    Fee(code="90853", amount=Decimal("72.50"), since=date(2026, 9, 15)),
    Policy(payer="ohp", since=START, until=date(2026, 8, 31), max_size=12),
    Policy(payer="ohp", since=date(2026, 9, 1), max_size=10, credential_modifiers=(("LCSW", "AJ"),)),
    DBT,
    ANGER,
    OHP,
    DANA,
    LUIS,
    BEA,
    MARIA,
    TOM,
    KAY,
    LEE,
    PRACTICE,
)  # in no helpful order: the store knows what refers to what

DRAFT = Draft(
    id="d1",
    group="dbt",
    met_on=DAY,
    starts=time(14),
    attendance=(AttendanceDraft(client="c1"), AttendanceDraft(client="c3")),
)


def handle(id: str = "d1", by: str = "dana", thread: str = "100.1") -> DraftHandle:
    return DraftHandle(id=id, opened_by=by, opened_at=at(0), channel=f"D{by}", thread=thread)


def message(text: str = "Maria there, Kayleigh tearful", id: str = "Ddana:100.1", minute: int = 0) -> Message:
    return Message(id=id, channel="Ddana", thread="100.1", author="dana", text=text, posted_at=at(minute))


def press(id: str = "p1", minute: int = 5, label: str = "No-show") -> Press:
    return Press(id=id, author="dana", at=at(minute), label=label)


def fact(
    slot: str, value: object, subject: str = "", quote: str = "", *, part: int = 0, retracts: bool = False
) -> Heard:
    return Heard(
        about=About(slot=slot, subject=subject), value=value, quote=quote, span=(0, 3), part=part, retracts=retracts
    )


MARIA_CAME = fact("presence", Presence.PRESENT, "c1", "Maria there")
KAY_TEARFUL = fact("words", "tearful", "c3", "Kayleigh tearful")

QUESTIONS = (
    Question(
        rule="everybody_is_settled",
        text="Kayleigh O'Brien wasn't mentioned.",
        about=(About(slot="presence", subject="c3"), About(slot="who", subject="~kay")),
        choices=(Choice(label="Present", value=Presence.PRESENT), Choice(label="present", value="present")),
    ),
    Question(rule="which_kay", text="Which?", about=(), choices=(Choice(label="?", value=OneOf(options=("c1",))),)),
)

SIGNED = Signature(clinician="dana", name="Dana Whitfield", credential="LCSW", at=at(40), digest="abc")
COSIGNED = Signature(clinician="bea", name="Bea Holm", credential="", at=at(50), digest="abc")
NOTE = GroupNote(
    id="n1",
    draft="d1",
    session=GroupSession(
        group="dbt",
        leader="dana",
        co_leaders=("luis",),
        met_on=DAY,
        starts=time(14),
        ends=time(15, 15),
        mode=Mode.IN_PERSON,
        place="11",
        service=ServiceKind.PSYCHOTHERAPY,
        headcount=2,
    ),
    topic=("TIPP",),
    interventions=("ice water",),
    group_words=(),
    notes=(
        ProgressNote(
            attendance=Attendance(client="c1", presence=Presence.LATE, arrived=time(14, 15)),
            minutes=60,
            words=("practiced opp action w/ her mom",),
            progress=Progress.PROGRESSING,
            progress_words=(),
            risk=(Risk(kind=RiskKind.SI, status=RiskStatus.DENIED), Risk(kind=None, status=RiskStatus.NONE_RAISED)),
            risk_words=("denied SI",),
            safety_action=(),
            diagnoses=("F60.3", "F33.1"),
            goal="reduce impulsive self-criticism",
        ),
    ),
    absent=(Attendance(client="c3", presence=Presence.NO_SHOW, reason="sick"),),
    signature=SIGNED,
)
LINE = ClaimLine(
    id="l1",
    note="n1",
    state=LineState.HELD,
    says=LineDraft(
        client="c1",
        payer="ohp",
        served_on=DAY,
        code="90853",
        units=1,
        place="11",
        modifiers=("AJ",),
        diagnoses=("F60.3",),
        pointers=(1,),
        minutes=60,
        charge=Decimal("72.50"),
        member_id=None,
        rendering="dana",
        rendering_npi="1234567893",
        billing_npi=None,
    ),
    held_by=("Mari Gonzalez has no member ID.",),
)
