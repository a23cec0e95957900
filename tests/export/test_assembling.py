"""From signed notes to claims: every line in one claim, and nothing in it that note and office do not have."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import count

from billing.claims import claim_lines, line_drafts
from billing.export.assembling import Insured, Office, claims_of, line_number
from billing.export.blanks import blanks
from billing.export.claim import Facility
from billing.export.gate import refusals
from billing.export.x12 import write
from billing.notes import finish
from billing.records import ClaimLine, LineDraft, LineId, NoteId
from tests.billing.builders import DANA, EVENING, KAY, LAKELAND, MARIA, NOA, RAVI, a_background, a_draft, a_roster
from tests.export.builders import RIVERBEND, ROSA, a_batch, at


def an_office(**changes) -> Office:
    """Everything that the core does not know yet."""
    roster = a_roster()
    clients = tuple(replace(c, sex="U", address=at(street="1 Elm Street")) for c in roster.clients)
    payer = replace(a_background().payers[LAKELAND], electronic_id="LAKE1")
    office = Office(
        roster=replace(roster, clients=clients),
        payers={LAKELAND: payer},
        billing=RIVERBEND,
        filings={LAKELAND: "CI"},
        assigned=True,
        released=True,
        insured={},
        facilities={},
    )
    return replace(office, **changes)


def numbers() -> Iterator[str]:
    return (f"C{n}" for n in count(1))


def the_lines(**says) -> tuple[ClaimLine, ...]:
    """The lines of a signed note; `says` is what each of them says otherwise."""
    draft, background, ids = a_draft(), a_background(), count(1)
    note = finish(draft, background, NoteId("n-1"), background.roster.clinician(DANA), background.now)
    drafts = tuple(replace(d, member_id="LK1234", **says) for d in line_drafts(draft, background))
    return claim_lines(note, drafts, (), lambda: LineId(f"{next(ids):032x}"[::-1]))


def with_says(line: ClaimLine, **changes) -> ClaimLine:
    says: LineDraft = replace(line.says, **changes)
    return replace(line, id=LineId(line.id[::-1]), says=says)


def test_each_client_of_an_evening_has_a_claim_that_can_be_sent() -> None:
    lines = the_lines()
    made = claims_of(lines, an_office(), numbers().__next__)

    assert len(made) == len(lines) == 3
    assert [blanks(claim, EVENING) for claim in made] == [(), (), ()]
    assert refusals(write(a_batch(*made)).text) == ()
    assert {line.control for claim in made for line in claim.lines} == {line_number(line) for line in lines}


def test_a_claim_says_what_the_line_says() -> None:
    (line,) = (line for line in the_lines() if line.says.client == MARIA)

    (claim,) = claims_of((line,), an_office(), numbers().__next__)

    assert (claim.control, claim.client.first, claim.client.last) == ("C1", "Maria", "Gonzalez")
    assert (claim.place, claim.diagnoses, claim.total) == ("11", ("F33.1",), Decimal("60.00"))
    assert (claim.cover.member_id, claim.cover.payer_id, claim.cover.filing) == ("LK1234", "LAKE1", "CI")
    assert claim.rendering
    assert (claim.rendering.first, claim.rendering.last, claim.rendering.npi) == ("Dana", "Whitfield", "1234567893")
    assert claim.supervising is None


def test_two_services_of_a_client_on_one_day_are_one_claim_with_their_diagnoses_counted_together() -> None:
    (first,) = (line for line in the_lines() if line.says.client == MARIA)
    second = with_says(first, code="90834", diagnoses=("F43.10", "F33.1"), pointers=(1, 2), modifiers=("59",))

    (claim,) = claims_of((first, second), an_office(), numbers().__next__)

    assert claim.diagnoses == ("F33.1", "F43.10")
    assert [line.pointers for line in claim.lines] == [(1,), (2, 1)]
    assert claim.total == Decimal("120.00")
    assert blanks(claim, EVENING) == ()


def test_another_day_another_payer_or_another_clinician_is_another_claim() -> None:
    (line,) = (line for line in the_lines() if line.says.client == MARIA)
    others = (
        with_says(line, served_on=EVENING.replace(day=8)),
        with_says(line, rendering=RAVI, rendering_npi="1992999825"),
    )

    assert len(claims_of((line, *others), an_office(), numbers().__next__)) == 3


def test_a_pointer_to_no_diagnosis_stays_wrong_and_is_found() -> None:
    (line,) = (line for line in the_lines(pointers=(2,)) if line.says.client == KAY)

    (claim,) = claims_of((line,), an_office(), numbers().__next__)

    assert [b.field for b in blanks(claim, EVENING)] == ["lines.1.pointers"]


def test_a_supervisor_is_named_unless_the_claim_is_under_their_own_number() -> None:
    supervised = {"rendering": NOA, "rendering_npi": "1003000126", "supervising_npi": "1992999825"}
    under_own = {"rendering": RAVI, "rendering_npi": "1992999825", "supervising_npi": "1992999825"}

    own, _, _ = claims_of(the_lines(**supervised), an_office(), numbers().__next__)
    supervisors, _, _ = claims_of(the_lines(**under_own), an_office(), numbers().__next__)

    assert own.supervising
    assert (own.supervising.last, own.supervising.npi) == ("Anand", "1992999825")
    assert supervisors.supervising is None


def test_what_only_the_office_knows_of_a_policy_is_in_the_claim() -> None:
    insured = {MARIA: Insured(relation="19", holder=ROSA, group_number="G1", authorisation="A1")}
    (line,) = (line for line in the_lines() if line.says.client == MARIA)

    (claim,) = claims_of((line,), an_office(insured=insured), numbers().__next__)

    assert (claim.holder, claim.cover.relation) == (ROSA, "19")
    assert (claim.cover.group_number, claim.cover.authorisation) == ("G1", "A1")


def test_where_a_group_meets_is_named_if_it_is_not_at_the_practice() -> None:
    school = Facility(name="Millbrook High School", address=at(street="1 School Road"))

    (claim, *_) = claims_of(the_lines(place="03"), an_office(facilities={"03": school}), numbers().__next__)
    (other, *_) = claims_of(the_lines(), an_office(facilities={"03": school}), numbers().__next__)

    assert claim.facility is school
    assert other.facility is None


def test_what_the_office_does_not_have_is_asked_for_field_by_field() -> None:
    office = an_office(roster=a_roster(), filings={}, released=False)
    (claim, *_) = claims_of(the_lines(), office, numbers().__next__)

    assert [b.field for b in blanks(claim, EVENING)] == [
        "client.address",
        "client.sex",
        "cover.filing",
        "cover.released",
    ]
