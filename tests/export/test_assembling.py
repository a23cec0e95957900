"""From signed notes to claims: every line in one claim, and nothing in it that note and office do not have."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from billing.claims import claim_lines, line_drafts
from billing.export.assembling import Insured, Setup, claims_of, line_number
from billing.export.blanks import blanks
from billing.export.claim import Claim, Facility
from billing.export.gate import refusals
from billing.export.x12 import write
from billing.notes import finish
from billing.office import Authorisation, Consent, ConsentKind, Correction, Office, Register
from billing.records import ClaimLine, LineDraft, LineId, NoteId
from tests.billing.builders import DANA, EVENING, KAY, LAKELAND, MARIA, NOA, RAVI, a_background, a_draft, a_roster
from tests.export.builders import RIVERBEND, ROSA, a_batch, at


def a_setup(**changes) -> Setup:
    """Everything that the core does not know yet."""
    roster = a_roster()
    clients = tuple(replace(c, sex="U", address=at(street="1 Elm Street")) for c in roster.clients)
    payer = replace(a_background().payers[LAKELAND], electronic_id="LAKE1")
    setup = Setup(
        roster=replace(roster, clients=clients),
        payers={LAKELAND: payer},
        billing=RIVERBEND,
        filings={LAKELAND: "CI"},
        assigned=True,
        released=True,
        insured={},
        facilities={},
    )
    return replace(setup, **changes)


def numbers() -> Iterator[str]:
    return (f"C{n}" for n in count(1))


def the_lines(**says) -> tuple[ClaimLine, ...]:
    """The lines of a signed note; `says` is what each of them says otherwise."""
    draft, background, ids = a_draft(), a_background(), count(1)
    note = finish(draft, background, NoteId("n-1"), background.roster.clinician(DANA), background.now)
    drafts = tuple(replace(d, member_id="LK1234", **says) for d in line_drafts(draft, background))
    return claim_lines(note, drafts, (), lambda: LineId(f"{next(ids):032x}"[::-1]))


def with_says(line: ClaimLine, id: str = "another", **changes) -> ClaimLine:
    says: LineDraft = replace(line.says, **changes)
    return replace(line, id=LineId(id), says=says)


def test_each_client_of_an_evening_has_a_claim_that_can_be_sent() -> None:
    lines = the_lines()
    made = claims_of(lines, a_setup(), {}, numbers().__next__)

    assert len(made) == len(lines) == 3
    assert [blanks(claim, EVENING) for claim in made] == [(), (), ()]
    assert refusals(write(a_batch(*made)).text) == ()
    assert {line.control for claim in made for line in claim.lines} == {line_number(line) for line in lines}


def test_a_claim_says_what_the_line_says() -> None:
    (line,) = (line for line in the_lines() if line.says.client == MARIA)

    (claim,) = claims_of((line,), a_setup(), {}, numbers().__next__)

    assert (claim.control, claim.client.first, claim.client.last) == ("C1", "Maria", "Gonzalez")
    assert (claim.place, claim.diagnoses, claim.total) == ("11", ("F33.1",), Decimal("60.00"))
    assert (claim.cover.member_id, claim.cover.payer_id, claim.cover.filing) == ("LK1234", "LAKE1", "CI")
    assert claim.rendering
    assert (claim.rendering.first, claim.rendering.last, claim.rendering.npi) == ("Dana", "Whitfield", "1234567893")
    assert claim.supervising is None


def test_two_services_of_a_client_on_one_day_are_one_claim_with_their_diagnoses_counted_together() -> None:
    (first,) = (line for line in the_lines() if line.says.client == MARIA)
    second = with_says(first, code="90834", diagnoses=("F43.10", "F33.1"), pointers=(1, 2), modifiers=("59",))

    (claim,) = claims_of((first, second), a_setup(), {}, numbers().__next__)

    assert claim.diagnoses == ("F33.1", "F43.10")
    assert [line.pointers for line in claim.lines] == [(1,), (2, 1)]
    assert claim.total == Decimal("120.00")
    assert blanks(claim, EVENING) == ()


def test_another_day_another_payer_or_another_clinician_is_another_claim() -> None:
    (line,) = (line for line in the_lines() if line.says.client == MARIA)
    others = (
        with_says(line, served_on=EVENING.replace(day=8)),
        with_says(line, "a-third", rendering=RAVI, rendering_npi="1992999825"),
    )

    assert len(claims_of((line, *others), a_setup(), {}, numbers().__next__)) == 3


def test_a_pointer_to_no_diagnosis_stays_wrong_and_is_found() -> None:
    (line,) = (line for line in the_lines(pointers=(2,)) if line.says.client == KAY)

    (claim,) = claims_of((line,), a_setup(), {}, numbers().__next__)

    assert [b.field for b in blanks(claim, EVENING)] == ["lines.1.pointers"]


def test_a_supervisor_is_named_unless_the_claim_is_under_their_own_number() -> None:
    supervised = {"rendering": NOA, "rendering_npi": "1003000126", "supervising_npi": "1992999825"}
    under_own = {"rendering": RAVI, "rendering_npi": "1992999825", "supervising_npi": "1992999825"}

    own, _, _ = claims_of(the_lines(**supervised), a_setup(), {}, numbers().__next__)
    supervisors, _, _ = claims_of(the_lines(**under_own), a_setup(), {}, numbers().__next__)

    assert own.supervising
    assert (own.supervising.last, own.supervising.npi) == ("Anand", "1992999825")
    assert supervisors.supervising is None


def test_what_only_the_office_knows_of_a_policy_is_in_the_claim() -> None:
    insured = {MARIA: Insured(relation="19", holder=ROSA, group_number="G1")}
    (line,) = (line for line in the_lines() if line.says.client == MARIA)

    (claim,) = claims_of((line,), a_setup(insured=insured), {}, numbers().__next__)

    assert (claim.holder, claim.cover.relation, claim.cover.group_number) == (ROSA, "19", "G1")


def marias(office: Office, **setup) -> Claim:
    """Her claim, by the office's lists."""
    (line,) = (line for line in the_lines() if line.says.client == MARIA)
    (claim,) = claims_of((line,), a_setup(**setup), {line.note: office}, numbers().__next__)
    return claim


def test_the_authorization_that_covers_the_day_and_the_code_is_in_the_claim() -> None:
    right = Authorisation(client=MARIA, payer=LAKELAND, number="A1", codes=("90853",), since=EVENING, until=EVENING)
    wrong = (
        replace(right, number="A2", client=KAY),
        replace(right, number="A3", codes=("90834",)),
        replace(right, number="A4", since=EVENING + timedelta(days=1), until=None),
        replace(right, number="A5", since=date(2026, 1, 1), until=EVENING - timedelta(days=1)),
    )

    assert marias(Office(authorisations=(*wrong, right))).cover.authorisation == "A1"
    assert marias(Office(authorisations=wrong)).cover.authorisation is None


def test_a_correction_replaces_the_earlier_claim_by_the_payers_number() -> None:
    claim = marias(Office(corrections=(Correction(client=MARIA, frequency="7", payer_claim_number="P1"),)))

    assert (claim.frequency, claim.payer_claim_number) == ("7", "P1")
    assert marias(Office(corrections=(Correction(client=KAY, frequency="8"),))).frequency == "1"


def test_where_consents_are_kept_a_client_without_one_is_not_sent() -> None:
    kept = (Register.CONSENTS,)
    release = Consent(client=MARIA, kind=ConsentKind.RELEASE, since=date(2026, 1, 1))
    lapsed = replace(release, until=EVENING - timedelta(days=1))
    part_2 = replace(release, kind=ConsentKind.PART_2)

    def said(*consents: Consent) -> tuple[bool, bool]:
        cover = marias(Office(keeps=kept, consents=consents)).cover
        return cover.released, cover.assigned

    assert said() == said(lapsed) == said(replace(release, client=KAY)) == (False, False)
    assert said(release) == (True, False)
    assert said(part_2) == (True, True)
    assert marias(Office(), released=False).cover.released is False


def test_a_correction_and_an_original_are_never_one_claim() -> None:
    (line,) = (line for line in the_lines() if line.says.client == MARIA)
    other = replace(with_says(line, code="90834"), note=NoteId("n-2"))
    offices = {line.note: Office(corrections=(Correction(client=MARIA, frequency="8", payer_claim_number="P1"),))}

    made = claims_of((line, other), a_setup(), offices, numbers().__next__)

    assert sorted(claim.frequency for claim in made) == ["1", "8"]


def test_where_a_group_meets_is_named_if_it_is_not_at_the_practice() -> None:
    school = Facility(name="Millbrook High School", address=at(street="1 School Road"))

    (claim, *_) = claims_of(the_lines(place="03"), a_setup(facilities={"03": school}), {}, numbers().__next__)
    (other, *_) = claims_of(the_lines(), a_setup(facilities={"03": school}), {}, numbers().__next__)

    assert claim.facility is school
    assert other.facility is None


def test_what_the_office_does_not_have_is_asked_for_field_by_field() -> None:
    clients = tuple(replace(c, sex=None, address=None) for c in a_roster().clients)
    setup = a_setup(roster=a_roster(clients=clients), filings={}, released=False)

    (claim, *_) = claims_of(the_lines(), setup, {}, numbers().__next__)

    assert [b.field for b in blanks(claim, EVENING)] == [
        "client.address",
        "client.sex",
        "cover.filing",
        "cover.released",
    ]
