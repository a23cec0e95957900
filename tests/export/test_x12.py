"""What stands in a claim file: golden files, and every field found again by readers that are not ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pyx12.x12file import X12Reader
from x12sdk.io import X12ModelReader

from billing.export import x12
from billing.export.claim import Batch, Claim
from billing.export.gate import refusals
from billing.export.x12 import Incomplete, write
from tests.export.builders import MARIA, SENT, a_batch, a_claim, a_line, with_client

GOLDEN = Path(__file__).parent / "golden"


def independently(text: str) -> dict[str, Any]:
    """The first set, as a rule base that is not ours and not the gate's reads it."""
    with X12ModelReader(text.replace("\n", "")) as reader:
        return next(iter(reader.models())).model_dump()


def segments(text: str, name: str) -> list[list[str]]:
    return [s.split("*") for s in text.replace("\n", "").split("~") if s.split("*")[0] == name]


@pytest.mark.parametrize("name", SENT)
def test_a_claim_is_written_as_it_always_was(name: str, *, rewrite: bool) -> None:
    text, golden = write(a_batch(SENT[name])).text, GOLDEN / f"{name}.837"

    if rewrite:
        golden.write_text(text, encoding="ascii")

    assert text == golden.read_text(encoding="ascii")


@pytest.mark.parametrize("name", SENT)
def test_the_gate_and_an_independent_validator_take_every_kind_of_claim(name: str) -> None:
    text = write(a_batch(SENT[name])).text

    assert refusals(text) == ()
    assert independently(text)["header"]["st_segment"]["transaction_set_identifier_code"] == "837"


def test_sex_unknown_is_taken_by_the_gate_and_only_for_that_refused_by_the_other_validator() -> None:
    text = write(a_batch(with_client(sex="U"))).text

    assert refusals(text) == ()
    with pytest.raises(ValueError, match=r"(?s)1 validation error.*gender_code"):
        independently(text)


@pytest.mark.parametrize("name", SENT)
def test_every_field_of_a_claim_is_found_again(name: str) -> None:
    claim = SENT[name]
    top = independently(write(a_batch(claim)).text)["loop_2000a"][0]
    holder = top["loop_2000b"][0]
    client = holder["loop_2000c"][0] if claim.cover.holder else holder
    said = (client["loop_2300"])[0]

    assert _billing(top) == _given_billing(claim)
    assert _cover(holder) == _given_cover(claim)
    assert _person(client["loop_2010ca" if claim.cover.holder else "loop_2010ba"]) == _given_person(claim)
    assert _said(said) == _given(claim)
    assert tuple(_lines(said)) == tuple(_given_lines(claim))


def flat(value: object) -> str:
    """A composite as it stands in the file."""
    return ":".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _billing(top: dict[str, Any]) -> tuple[object, ...]:
    loop = top["loop_2010aa"]
    name, ref = loop["nm1_segment"], loop["ref_segment"][0]
    return (
        name["name_last_or_organization_name"],
        name["identification_code"],
        loop["n3_segment"]["address_information_1"],
        loop["n4_segment"]["city_name"],
        loop["n4_segment"]["state_province_code"],
        loop["n4_segment"]["postal_code"],
        str(ref["reference_identification_qualifier"]),
        ref["reference_identification"],
        top["prv_segment"] and top["prv_segment"]["reference_identification"],
    )


def _given_billing(claim: Claim) -> tuple[object, ...]:
    b, a = claim.billing, claim.billing.address
    place = (a.street.upper(), a.city.upper(), a.state, a.zip)
    return (b.name.upper(), b.npi, *place, b.tax_kind, b.tax_id, b.taxonomy)


def _cover(holder: dict[str, Any]) -> tuple[object, ...]:
    sbr, name, payer = holder["sbr_segment"], holder["loop_2010ba"]["nm1_segment"], holder["loop_2010bb"]["nm1_segment"]
    return (
        str(sbr["payer_responsibility_code"]),
        sbr["individual_relationship_code"],
        sbr["group_policy_number"],
        str(sbr["claim_filing_indicator_code"]),
        name["name_last_or_organization_name"],
        name["name_first"],
        name["identification_code"],
        payer["name_last_or_organization_name"],
        payer["identification_code"],
    )


def _given_cover(claim: Claim) -> tuple[object, ...]:
    c, h = claim.cover, claim.holder
    relation = None if c.holder else "18"
    names = (h.last.upper(), h.first.upper())
    return (c.rank, relation, c.group_number, c.filing, *names, c.member_id, c.payer_name.upper(), c.payer_id)


def _person(loop: dict[str, Any]) -> tuple[object, ...]:
    name, dmg = loop["nm1_segment"], loop["dmg_segment"]
    return (
        name["name_last_or_organization_name"],
        name["name_first"],
        name["name_middle"],
        str(dmg["date_time_period"]).replace("-", ""),
        str(dmg["gender_code"]),
        loop["n3_segment"]["address_information_1"],
        loop["n4_segment"]["postal_code"],
    )


def _given_person(claim: Claim) -> tuple[object, ...]:
    p = claim.client
    names = (p.last.upper(), p.first.upper(), p.middle and p.middle.upper())
    return (*names, f"{p.born_on:%Y%m%d}", p.sex, p.address.street.upper(), p.address.zip)


def _said(said: dict[str, Any]) -> tuple[object, ...]:
    clm = said["clm_segment"]
    refs = {str(r["reference_identification_qualifier"]): r["reference_identification"] for r in said["ref_segment"]}
    people = [said[loop] for loop in ("loop_2310b", "loop_2310c", "loop_2310d") if said.get(loop)]
    return (
        clm["patient_control_number"],
        Decimal(str(clm["total_claim_charge_amount"])),
        flat(clm["health_care_service_location_information"]),
        refs.get("G1"),
        refs.get("F8"),
        Decimal(str(said["amt_segment"]["monetary_amount"] if said["amt_segment"] else 0)),
        tuple(flat(code) for code in (said["hi_segment"][0][f"health_care_code_{n}"] for n in range(1, 13)) if code),
        tuple(p["nm1_segment"]["identification_code"] for p in people),
    )


def _given(claim: Claim) -> tuple[object, ...]:
    kinds = ("ABK", *("ABF",) * 11)
    codes = tuple(f"{kind}:{code.replace('.', '')}" for kind, code in zip(kinds, claim.diagnoses, strict=False))
    rendering = (claim.rendering.npi,) if claim.rendering and claim.rendering.npi != claim.billing.npi else ()
    return (
        claim.control,
        claim.total,
        f"{claim.place}:B:{claim.frequency}",
        claim.cover.authorisation,
        claim.payer_claim_number,
        claim.client_paid,
        codes,
        (
            *rendering,
            *((claim.facility.npi,) if claim.facility else ()),
            *((claim.supervising.npi,) if claim.supervising else ()),
        ),
    )


def _lines(said: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for loop in said["loop_2400"]:
        sv1 = loop["sv1_segment"]
        refs = {
            str(r["reference_identification_qualifier"]): r["reference_identification"] for r in loop["ref_segment"]
        }
        yield (
            flat(sv1["product_service_id_qualifier"]),
            Decimal(str(sv1["line_item_charge_amount"])),
            Decimal(str(sv1["service_unit_count"])),
            sv1["place_of_service_code"],
            flat(sv1["composite_diagnosis_code_pointer"]),
            str(loop["dtp_segment"][0]["date_time_period"]).replace("-", ""),
            refs["6R"],
        )


def _given_lines(claim: Claim) -> Iterator[tuple[object, ...]]:
    for line in claim.lines:
        yield (
            ":".join(("HC", line.code, *line.modifiers)),
            line.charge,
            Decimal(line.units),
            line.place,
            ":".join(map(str, line.pointers)),
            f"{line.served_on:%Y%m%d}",
            line.control,
        )


# ---- the file --------------------------------------------------------------------------------------------------


def test_a_test_file_says_that_it_is_one() -> None:
    assert segments(write(a_batch()).text, "ISA")[0][15] == "T"
    assert segments(write(a_batch(for_real=True)).text, "ISA")[0][15] == "P"


def test_a_written_file_says_what_its_answers_will_call_it() -> None:
    written = write(a_batch(a_claim("C1"), a_claim("C2")))

    (only,) = written.sets
    assert (only.number, only.reference, only.claims) == ("0001", "000000042-0001", ("C1", "C2"))
    assert segments(written.text, "BHT")[0][3] == only.reference
    assert segments(written.text, "GS")[0][6] == "17"


def test_more_claims_than_a_set_takes_are_written_as_several_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x12, "CLAIMS_IN_A_SET", 2)

    written = write(a_batch(*(a_claim(f"C{n}") for n in range(5))))

    assert refusals(written.text) == ()
    assert [each.claims for each in written.sets] == [("C0", "C1"), ("C2", "C3"), ("C4",)]
    assert [st[2] for st in segments(written.text, "ST")] == ["0001", "0002", "0003"]
    assert [bht[3] for bht in segments(written.text, "BHT")] == [each.reference for each in written.sets]
    assert [ge[1] for ge in segments(written.text, "GE")] == ["3"]
    assert [clm[1] for clm in segments(written.text, "CLM")] == [f"C{n}" for n in range(5)]


def test_two_billing_providers_each_have_their_own_claims() -> None:
    alone = SENT["a-clinician-who-bills-alone"]
    text = write(a_batch(a_claim("C1"), replace(alone, control="C2", lines=(a_line("C2-L1"),)))).text

    assert refusals(text) == ()
    assert [nm1[9] for nm1 in segments(text, "NM1") if nm1[1] == "85"] == ["1990000006", "1000000012"]
    assert [hl[2] for hl in segments(text, "HL") if hl[3] == "22"] == ["1", "3"]


def test_who_bills_alone_is_not_named_twice() -> None:
    text = write(a_batch(SENT["a-clinician-who-bills-alone"])).text

    assert not [nm1 for nm1 in segments(text, "NM1") if nm1[1] == "82"]


def test_one_blank_keeps_back_the_whole_file() -> None:
    batch = a_batch(a_claim("C1"), replace(with_client(sex=None), control="C2", lines=(a_line("C2-L1"),)))

    with pytest.raises(Incomplete) as refused:
        write(batch)

    assert [(b.field, b.says) for b in refused.value.blanks] == [
        ("C2.client.sex", "Maria Gonzalez's sex as on the insurance card is missing")
    ]
    assert "Gonzalez" not in str(refused.value)


@pytest.mark.parametrize(
    ("batch", "field"),
    [
        (a_batch(a_claim("C1"), a_claim("C1")), "control"),
        (a_batch(a_claim("C1"), a_claim("C2", lines=(a_line("C1-L1"),))), "lines"),
        (a_batch(interchange=0), "interchange"),
        (a_batch(group=1_000_000_000), "group"),
        (replace(a_batch(), claims=()), "claims"),
        (a_batch(submitter=replace(a_batch().submitter, phone="(845) 555-0100")), "submitter.phone"),
        (a_batch(receiver=replace(a_batch().receiver, id=" ")), "receiver.id"),
        (a_batch(sender=replace(a_batch().sender, id="SIXTEEN-LETTERS!")), "sender.id"),
        (a_batch(recipient=replace(a_batch().recipient, qualifier="XX")), "recipient.qualifier"),
    ],
)
def test_what_is_wrong_with_the_envelope_is_named(batch: Batch, field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        write(batch)

    assert field in {blank.field for blank in refused.value.blanks}


def test_midnight_and_the_turn_of_the_year_are_in_the_envelope_as_they_are() -> None:
    made_at = datetime(2027, 1, 1, 0, 5)  # noqa: DTZ001 - the practice's own time

    isa = segments(write(a_batch(made_at=made_at)).text, "ISA")[0]

    assert isa[9:11] == ["270101", "0005"]


def test_pyx12_counts_the_same_segments_as_were_written() -> None:
    text = write(a_batch(a_claim("C1", client=MARIA), a_claim("C2"))).text
    with X12Reader(StringIO(text)) as reader:
        errors = [error for _ in reader for error in reader.pop_errors()]

    assert errors == []
