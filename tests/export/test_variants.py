"""Seventy-four ways in which a claim file can be broken, and what keeps each of them from being sent.

Each is refused by the field that is wrong, by a rule of the core before there is a claim, or by the gate; or it cannot
be written, because what it would take is no value of a claim.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.checking import check
from billing.export.blanks import blanks
from billing.export.claim import Batch, Claim, Facility
from billing.export.envelope import batch_blanks
from billing.export.gate import refusals
from billing.export.x12 import write
from billing.records import Background, CodeStatus, Diagnosis, Draft
from tests.billing.builders import MARIA as CLIENT
from tests.billing.builders import a_background, a_draft, a_policy
from tests.export.builders import (
    DANA,
    EVENING,
    RIVERBEND,
    ROSA,
    SENT,
    SUBMITTER,
    a_batch,
    a_claim,
    a_line,
    at,
    with_client,
    with_cover,
    with_line,
    with_practice,
)

BY_FIELD: dict[str, tuple[Claim, str]] = {
    "b08 name of 61 letters": (with_practice(name="R" * 61), "billing.name"),
    "b09 claim number of 39": (a_claim("C" * 39, lines=(a_line(),)), "control"),
    "b10 claim number of 21": (a_claim("C" * 21, lines=(a_line(),)), "control"),
    "b11 no charge": (with_line(charge=None), "lines.1.charge"),
    "b12 letters that no claim has": (with_client(last="李"), "client.last"),
    "b15 no date of birth": (with_client(born_on=None), "client.born_on"),
    "b16 no units": (with_line(units=None), "lines.1.units"),
    "b17 no diagnosis": (a_claim(diagnoses=()), "diagnoses"),
    "b20 no ZIP of the practice": (with_practice(address=at(zip="")), "billing.address.zip"),
    "b21 a short ZIP of the practice": (with_practice(address=at(zip="12545")), "billing.address.zip"),
    "b22 frequency Z": (a_claim(frequency="Z", payer_claim_number="1"), "frequency"),
    "b23 no date of service": (with_line(served_on=None), "lines.1.served_on"),
    "b26 no tax number": (with_practice(tax_id=None), "billing.tax_id"),
    "b27 a kind of plan that is none": (with_cover(filing="QQ"), "cover.filing"),
    "b28 five modifiers": (with_line(modifiers=("HQ", "HO", "95", "U1", "U2")), "lines.1.modifiers"),
    "b29 a mail box": (with_practice(address=at(street="P.O. Box 12")), "billing.address.street"),
    "b31 51 lines": (a_claim(lines=tuple(a_line(f"L{n}") for n in range(51))), "lines"),
    "b32 no payer ID": (with_cover(payer_id=None), "cover.payer_id"),
    "b33 no member ID": (with_cover(member_id=None), "cover.member_id"),
    "b34 no address of the client": (with_client(address=None), "client.address"),
    "b36 a pointer to no diagnosis": (with_line(pointers=(3,)), "lines.1.pointers"),
    "b37 pointer 13": (with_line(pointers=(13,)), "lines.1.pointers"),
    "b38 no pointer": (with_line(pointers=()), "lines.1.pointers"),
    "b39 a dependent of nobody": (with_cover(relation="19"), "cover.holder"),
    "b40 the holder and somebody else": (with_cover(holder=ROSA), "cover.relation"),
    "b41 a day in the future": (with_line(served_on=EVENING + timedelta(days=366)), "lines.1.served_on"),
    "b42 born after the service": (with_client(born_on=EVENING + timedelta(days=1)), "client.born_on"),
    "b43 a replacement of nothing": (a_claim(frequency="7"), "payer_claim_number"),
    "b44 neither self nor anybody": (with_cover(relation=""), "cover.relation"),
    "b49 a service code that is none": (with_line(code="90X53"), "lines.1.code"),
    "b50 a modifier on no list": (with_line(modifiers=("ZQ",)), "lines.1.modifiers"),
    "b51 a place that is none": (a_claim(place="77"), "place"),
    "b52 a taxonomy on no list": (a_claim(rendering=replace(DANA, taxonomy="1041C0799X")), "rendering.taxonomy"),
    "b53 a state that is none": (with_practice(address=at(state="XX")), "billing.address.state"),
    "b54 an NPI with a wrong check digit": (with_practice(npi="1990000007"), "billing.npi"),
    "b55 an NPI of nine digits": (a_claim(rendering=replace(DANA, npi="100000001")), "rendering.npi"),
    "b58 sex X": (with_client(sex="X"), "client.sex"),
    "b59 no units at all": (with_line(units=0), "lines.1.units"),
    "b60 a charge that is no number": (with_line(charge=Decimal("NaN")), "lines.1.charge"),
    "b62 a clinician without a first name": (a_claim(rendering=replace(DANA, first=None)), "rendering.first"),
    "b63 a tax number with a dash": (with_practice(tax_id="99-0000000"), "billing.tax_id"),
    "b65 a diagnosis twice": (a_claim(diagnoses=("F43.10", "F4310")), "diagnoses"),
    "b67 the client's state is none": (with_client(address=at(state="XX")), "client.address.state"),
    "b70 minutes for units": (with_line(units=120), "lines.1.units"),
    "b72 the same service twice": (a_claim(lines=(a_line("L1"), a_line("L2"))), "lines"),
    "b73 a pointer twice": (with_line(pointers=(1, 1)), "lines.1.pointers"),
    "b74 a charge of nothing": (with_line(charge=Decimal(0)), "lines.1.charge"),
}
BY_ENVELOPE: dict[str, tuple[Batch, str]] = {
    "b13 a sender's ID of spaces": (a_batch(sender=replace(a_batch().sender, id="  ")), "sender.id"),
    "b24 nobody to talk to": (a_batch(submitter=replace(SUBMITTER, contact="")), "submitter.contact"),
    "b64 a phone number with punctuation": (
        a_batch(submitter=replace(SUBMITTER, phone="(617) 555-0100")),
        "submitter.phone",
    ),
}


def instead(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def without(start: str) -> Callable[[str], str]:
    return lambda text: "".join(s for s in text.splitlines(keepends=True) if not s.startswith(start))


def swapped(first: str, second: str) -> Callable[[str], str]:
    """Two neighbours in the other order."""
    return lambda text: re.sub(rf"({first}[^~]*~\n)({second}[^~]*~\n)", r"\2\1", text, count=1)


BY_GATE: dict[str, Callable[[str], str]] = {
    "b01 the count of segments": instead("SE*", "SE*1"),
    "b02 two numbers of a set": instead("*0001~\nGE", "*0002~\nGE"),
    "b03 the count of sets": instead("GE*1*", "GE*2*"),
    "b04 two numbers of the file": instead("IEA*1*000000042", "IEA*1*000000043"),
    "b05 a level below none": instead("HL*2*1*22", "HL*2*9*22"),
    "b06 a level out of turn": instead("HL*2*1*22", "HL*5*1*22"),
    "b07 an unknown segment": instead("HI*", "ZZZ*1~\nHI*"),
    "b14 separators at the end": instead("N3*12 FERRY LANE~", "N3*12 FERRY LANE**~"),
    "b18 a list of diagnoses that is none": instead("HI*ABK:", "HI*XX:"),
    "b25 the wrong order": swapped("SV1", "DTP"),
    "b30 no assignment": instead("*Y*A*Y*Y~", "*Y*A**Y~"),
    "b45 two lines 1": instead("LX*2~", "LX*1~"),
    "b56 a date that is none": instead("DTP*472*D8*20260915", "DTP*472*D8*20261332"),
    "b57 the thirtieth of February": instead("DMG*D8*19880314", "DMG*D8*19850230"),
    "b66 no trailers": lambda text: without("GE")(without("IEA")(text)),
    "b68 a terminator in a name": instead("NM1*IL*1*GONZALEZ", "NM1*IL*1*GON~ZALEZ"),
    "b69 a separator in a name": instead("NM1*IL*1*GONZALEZ", "NM1*IL*1*GON*ZALEZ*A*B*C*D"),
}


def coded(code: str, *, known: bool) -> Background:
    """Maria's only diagnosis is that one."""
    whole = a_background()
    diagnosis = Diagnosis(client=CLIENT, code=code, rank=1, since=date(2026, 1, 1))
    status = CodeStatus(code=code, known=known, billable=False)
    return replace(whole, diagnoses={**whole.diagnoses, CLIENT: (diagnosis,)}, codes={**whole.codes, code: status})


IN_PERSON_WITH_95 = replace(
    a_background(), policies={p: a_policy(group_modifier="95") for p in a_background().policies}
)
BY_RULE: dict[str, tuple[Draft, Background, str]] = {
    "b46 a diagnosis that is none": (
        a_draft(),
        coded("F99.X9", known=False),
        "every_diagnosis_is_specific_and_in_force",
    ),
    "b47 a diagnosis that is a heading": (
        a_draft(),
        coded("F41", known=True),
        "every_diagnosis_is_specific_and_in_force",
    ),
    "b71 telehealth in the office": (a_draft(), IN_PERSON_WITH_95, "the_telehealth_modifier_is_the_payers"),
}
BY_CONSTRUCTION: dict[str, str] = {
    "b19 an outdated list of diagnoses": r"HI\*ABK:F4310\*ABF:F331~",
    "b35 a total that is none": r"CLM\*C1\*130\*",
    "b48 a diagnosis with its dot": r"HI\*ABK:F4310\*ABF:F331~",
    "b61 two guides": r"(?s)GS\*.*\*005010X222A1~\nST\*837\*0001\*005010X222A1~",
}
"""Whatever the data, the file says this."""


@pytest.mark.parametrize("variant", BY_FIELD)
def test_a_broken_claim_is_refused_by_the_field_that_is_wrong(variant: str) -> None:
    claim, field = BY_FIELD[variant]

    found = blanks(claim, EVENING)

    assert {blank.field for blank in found} == {field}
    assert all(len(blank.says) > 20 and not blank.says.endswith(".") for blank in found)


@pytest.mark.parametrize("variant", BY_ENVELOPE)
def test_a_broken_envelope_is_refused_by_the_field_that_is_wrong(variant: str) -> None:
    batch, field = BY_ENVELOPE[variant]

    assert {blank.field for blank in batch_blanks(batch)} == {field}


@pytest.mark.parametrize("variant", BY_RULE)
def test_a_rule_keeps_a_broken_line_from_ever_becoming_a_claim(variant: str) -> None:
    draft, background, rule = BY_RULE[variant]

    assert rule in {finding.rule for finding in check(draft, background)}


TWO_LINES = a_batch(a_claim(lines=(a_line("L1"), a_line("L2", code="90834", modifiers=("59",)))))


@pytest.mark.parametrize("variant", BY_GATE)
def test_a_broken_file_does_not_pass_the_gate(variant: str) -> None:
    text = write(TWO_LINES).text
    broken = BY_GATE[variant](text)

    assert broken != text
    assert refusals(broken) != ()
    assert "GONZALEZ" not in " ".join(refusals(broken))


@pytest.mark.parametrize("variant", BY_CONSTRUCTION)
def test_what_no_data_can_break_is_always_right(variant: str) -> None:
    assert re.search(BY_CONSTRUCTION[variant], write(TWO_LINES).text)


def test_all_seventy_four_are_here() -> None:
    every = (*BY_FIELD, *BY_ENVELOPE, *BY_GATE, *BY_RULE, *BY_CONSTRUCTION)

    assert sorted(name[:3] for name in every) == [f"b{n:02}" for n in range(1, 75)]


@pytest.mark.parametrize("name", SENT)
def test_a_claim_in_which_nothing_is_lacking_is_not_refused(name: str) -> None:
    assert blanks(SENT[name], EVENING) == ()


@pytest.mark.parametrize("rank", ["S", "T"])
def test_a_second_payer_is_refused_in_plain_words(rank: str) -> None:
    (blank,) = blanks(with_cover(rank=rank), EVENING)

    assert blank.field == "cover.rank"
    assert "does not pay first" in blank.says


def test_nothing_is_sent_without_the_clients_agreement() -> None:
    assert [b.field for b in blanks(with_cover(released=False), EVENING)] == ["cover.released"]


def test_a_claim_that_lacks_everything_says_so_field_by_field() -> None:
    empty = a_claim(
        "",
        billing=replace(RIVERBEND, name="", npi=None, tax_id=None, tax_kind="", address=None),
        cover=replace(with_cover().cover, payer_name="", payer_id=None, member_id=None, filing=None),
        client=replace(with_client().client, last="", first="", born_on=None, sex=None, address=None),
        place=None,
        diagnoses=(),
        lines=(),
    )

    fields = [blank.field for blank in blanks(empty, EVENING)]

    assert len(fields) == len(set(fields)) == 18


def test_a_meeting_place_without_a_full_address_is_refused() -> None:
    school = Facility(name="Millbrook High School", address=at(zip="12545"), npi="123")

    fields = [blank.field for blank in blanks(a_claim(facility=school), EVENING)]

    assert fields == ["facility.npi", "facility.address.zip"]


@pytest.mark.parametrize(
    "street", ["PO Box 7", "p.o. box 7", "Post Office Box 7", "P O Box 9", "Lockbox 4", "12 Elm PMB 5"]
)
def test_a_mail_box_is_known_by_any_of_its_names(street: str) -> None:
    assert [b.field for b in blanks(with_practice(address=at(street=street)), EVENING)] == ["billing.address.street"]


@pytest.mark.parametrize("street", ["12 Ferry Lane", "9 Boxwood Road", "1 Popular Oboe Place", "3 Post Office Square"])
def test_a_street_is_not_taken_for_a_mail_box(street: str) -> None:
    assert blanks(with_practice(address=at(street=street)), EVENING) == ()
