"""Files that come back move the lines they are about, once; what they are not about is said, and nothing is guessed."""

from dataclasses import fields
from decimal import Decimal
from io import StringIO

import pytest
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from billing.export.answers import Kind
from billing.export.codes import known_adjustments
from billing.export.responses import Move, Sent, moves, read_response
from billing.export.segments import ResponseTrouble
from billing.export.x12 import write
from billing.records import LineId, LineState
from billing.rules import RULES
from tests.export.builders import a_batch, a_claim
from tests.export.replies import (
    DENIED,
    NPI,
    PAID,
    acknowledgement_of,
    enveloped,
    patient,
    remittance,
    sent,
    status,
)

OURS = write(a_batch(a_claim("C1"), a_claim("C2"))).text


def states(data: bytes, *ours: Sent) -> list[tuple[str, LineState]]:
    return [(m.line, m.state) for m in moves(read_response(data, NPI), ours).moves]


def one_move(data: bytes, *ours: Sent) -> Move:
    (move,) = moves(read_response(data, NPI), ours or sent("C1")).moves
    return move


def unknown(data: bytes, *ours: Sent) -> tuple[str, ...]:
    return moves(read_response(data, NPI), ours or sent("C1", "C2")).unknown


# ---- 999 and TA1 -----------------------------------------------------------------------------------------------


def test_a_file_that_could_be_read_moves_nothing_yet() -> None:
    response = read_response(acknowledgement_of(OURS), NPI)

    assert response.kind is Kind.ACKNOWLEDGEMENT
    assert [(f.group, f.set, f.accepted) for f in response.files] == [("17", "0001", True)]
    assert moves(response, sent("C1", "C2")).moves == ()
    assert moves(response, sent("C1", "C2")).unknown == ()


def test_a_file_that_could_not_be_read_rejects_every_line_in_it_with_the_reason() -> None:
    broken = OURS.replace("DMG*D8*19880314", "DMG*D8*19880230", 1)
    response = read_response(acknowledgement_of(broken), NPI)

    found = moves(response, sent("C1", "C2")).moves

    assert [m.state for m in found] == [LineState.REJECTED, LineState.REJECTED]
    assert any("DMG02 has an invalid date" in why for why in found[0].why)
    assert "19880230" not in repr(response)


def test_a_group_that_was_refused_as_a_whole_rejects_its_sets() -> None:
    data = enveloped("999", "005010X231A1", "AK1*HC*17*005010X222A1", "AK9*R*1*1*0", group="FA")

    assert states(data, *sent("C1")) == [("id-C1-1", LineState.REJECTED)]


def test_a_file_that_was_taken_with_remarks_says_them() -> None:
    remark = ("AK2*837*0001", "IK3*N4*9**8", "IK4*3*116*7", "IK5*E*5", "AK9*E*1*1*1")
    data = enveloped("999", "005010X231A1", "AK1*HC*17*005010X222A1", *remark, group="FA")

    assert states(data, *sent("C1")) == []
    assert "At segment 9, N403 has a code that is not known" in unknown(data)


def test_an_answer_about_a_file_that_is_not_ours_is_said() -> None:
    data = enveloped("999", "005010X231A1", "AK1*HC*99*005010X222A1", "AK9*R*1*1*0", group="FA")

    assert states(data, *sent("C1")) == []
    assert unknown(data) == ("The answer about file 99, set any is about none of ours",)


def test_an_envelope_that_was_refused_rejects_every_line() -> None:
    head = OURS.splitlines()[0].encode()
    receipt = head + b"\nTA1*000000042*260916*0830*R*006~\nIEA*0*000000042~\n"

    assert read_response(receipt, NPI).kind is Kind.RECEIPT
    assert states(receipt, *sent("C1")) == [("id-C1-1", LineState.REJECTED)]


# ---- 277CA -----------------------------------------------------------------------------------------------------


def test_a_claim_that_was_taken_in_is_accepted_under_the_payers_number() -> None:
    move = one_move(status(patient(4, "C1", "A2:20:PR*20260917*WQ*65", "REF*1K*26268A001")))

    assert (move.line, move.state, move.payer_claim_number) == ("id-C1-1", LineState.ACCEPTED, "26268A001")
    assert move.why == ()


def test_a_claim_that_was_not_taken_in_is_rejected_with_every_reason() -> None:
    move = one_move(status(patient(4, "C1", "A7:562:85*20260917*U*65******A6:164:IL")))

    assert move.state is LineState.REJECTED
    assert move.why == ("Rejected, something is invalid: NPI", "Rejected, something is missing: member ID")


def test_one_line_that_was_not_taken_in_rejects_its_claim() -> None:
    refused = ("DTP*472*D8*20260915", "SVC*HC:90853*65*0", "STC*A8:453*20260917*U*65", "REF*FJ*C1-L1")

    move = one_move(status(patient(4, "C1", "A1:19:PR*20260917*WQ*65", *refused)))

    assert move.state is LineState.REJECTED
    assert "Rejected, two things do not agree: modifier" in move.why


def test_what_a_payer_marks_as_refused_is_refused_whatever_its_category() -> None:
    assert one_move(status(patient(4, "C1", "E1:0:PR*20260917*U*65"))).state is LineState.REJECTED


def test_a_claim_that_was_only_passed_on_stays_as_it_is() -> None:
    assert states(status(patient(4, "C1", "A0:16:PR*20260917*WQ*65")), *sent("C1")) == []


def test_a_file_that_was_refused_at_the_door_rejects_all_its_lines() -> None:
    assert states(status(of_file="A3:24"), *sent("C1")) == [("id-C1-1", LineState.REJECTED)]


def test_a_practice_that_was_refused_at_the_door_has_all_its_lines_rejected() -> None:
    assert states(status(of_practice="A7:562"), *sent("C1")) == [("id-C1-1", LineState.REJECTED)]


def test_the_sample_is_a_277ca_by_the_guide() -> None:
    text = status(patient(4, "C1", "A2:20:PR*20260917*WQ*65", "REF*1K*26268A001")).decode()

    assert x12n_document(ParamsBase(), StringIO(text), None, None)


def test_a_claim_of_somebody_else_is_said_with_what_became_of_it() -> None:
    data = status(patient(4, "X9", "A7:21:PR*20260917*U*65"), patient(5, "C1", "A2:20:PR*20260917*WQ*65"))

    assert states(data, *sent("C1")) == [("id-C1-1", LineState.ACCEPTED)]
    assert unknown(data) == ("Claim X9 is none of ours; it was rejected",)


def test_a_code_without_words_is_shown_as_its_number() -> None:
    move = one_move(status(patient(4, "C1", "A7:9999:85*20260917*U*65")))

    assert move.why == ("Rejected, something is invalid: status 9999",)


# ---- 835 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("claims", [(PAID,), (DENIED,), (PAID, DENIED)])
def test_the_samples_are_remittances_by_the_guide(claims: tuple[str, ...]) -> None:
    text = remittance(*claims, total="45" if PAID in claims else "0").decode()

    assert x12n_document(ParamsBase(), StringIO(text), None, None)


def test_a_line_that_was_paid_has_its_amounts() -> None:
    response = read_response(remittance(PAID, total="45"), NPI)
    (move,) = moves(response, sent("C1")).moves

    assert (move.state, move.paid, move.client_owes) == (LineState.PAID, Decimal(45), Decimal(20))
    assert move.why == ("PR-3: copayment, 20.00",)
    assert move.payer_claim_number == "26268A001"
    assert (response.payments[0].trace, str(response.payments[0].paid_on)) == ("EFT5501", "2026-09-25")
    assert response.notes == ()


def test_a_denial_says_why_and_which_rule_would_have_prevented_it() -> None:
    move = one_move(remittance(DENIED, total="0"), *sent("C2"))

    assert (move.state, move.paid) == (LineState.DENIED, Decimal(0))
    assert move.why == ("CO-29: filed too late, 65.00", "N211: an appeal is not possible")
    assert "there_is_still_time_to_file" in move.rules


def test_a_line_paid_entirely_by_the_clients_deductible_is_not_a_denial() -> None:
    deductible = PAID.replace("*65*45*20*", "*65*0*65*").replace("*65*45**1", "*65*0**1").replace("PR*3*20", "PR*1*65")

    move = one_move(remittance(deductible, total="0"))

    assert (move.state, move.client_owes) == (LineState.PAID, Decimal(65))
    assert move.rules == ()


def test_a_payment_taken_back_and_decided_anew_ends_as_decided_anew() -> None:
    back = PAID.replace("CLP*C1*1*65*45*20", "CLP*C1*22*-65*-45*-20").replace("*65*45**1", "*-65*-45**1")
    back = back.replace("PR*3*20", "PR*3*-20")

    found = moves(read_response(remittance(back, PAID, total="0"), NPI), sent("C1")).moves

    assert [m.state for m in found] == [LineState.DENIED, LineState.PAID]
    assert found[0].why[0] == "The payer took the payment back"
    assert found[0].paid == Decimal(-45)


def test_several_reasons_in_one_segment_are_all_read() -> None:
    claim = PAID.replace("*65*45*20*", "*65*40*20*").replace("*65*45**1", "*65*40**1")
    claim = claim.replace("CAS*PR*3*20", "CAS*PR*3*15**2*5~CAS*CO*45*5")

    response = read_response(remittance(claim, total="40"), NPI)

    assert [(a.share, a.code, a.amount) for a in response.payments[0].lines[0].adjustments] == [
        ("PR", "3", Decimal(15)),
        ("PR", "2", Decimal(5)),
        ("CO", "45", Decimal(5)),
    ]
    assert response.notes == ()


def test_a_line_without_our_number_is_known_only_if_there_is_just_one() -> None:
    bare = PAID.replace("~REF*6R*C1-L1", "")

    assert states(remittance(bare, total="45"), *sent("C1")) == [("id-C1-1", LineState.PAID)]
    assert states(remittance(bare, total="45"), *sent("C1", lines=2)) == []
    assert unknown(remittance(bare, total="45"), *sent("C1", lines=2)) == ("A line of claim C1 is none of ours",)


def test_a_claim_denied_without_its_lines_denies_all_of_them() -> None:
    whole = "CLP*C1*4*130*0**12*26268A001*11*1~CAS*CO*16*130~NM1*QC*1*GONZALEZ*MARIA****MI*NS4410927~MOA***MA130"

    found = moves(read_response(remittance(whole, total="0"), NPI), sent("C1", lines=2)).moves

    assert [(m.line, m.state) for m in found] == [("id-C1-1", LineState.DENIED), ("id-C1-2", LineState.DENIED)]
    assert "every_npi_has_its_check_digit" in found[0].rules
    assert found[0].why[1].startswith("MA130")


def test_what_a_client_owes_of_a_whole_claim_is_not_counted_with_each_of_its_lines() -> None:
    two = PAID.replace("CLP*C1*1*65*45*20", "CLP*C1*1*130*100*30").replace("~SVC", "~CAS*PR*1*10~SVC")
    two = f"{two}~SVC*HC:90834*65*55**1~DTM*472*20260915~CAS*PR*3*10~REF*6R*C1-L2"

    found = moves(read_response(remittance(two, total="100"), NPI), sent("C1", lines=2)).moves

    assert [(m.state, m.paid, m.client_owes) for m in found] == [
        (LineState.PAID, Decimal(45), Decimal(20)),
        (LineState.PAID, Decimal(55), Decimal(10)),
    ]


def test_a_claim_paid_without_saying_for_which_line_is_left_to_a_person() -> None:
    whole = "CLP*C1*1*130*130**12*26268A001*11*1~NM1*QC*1*GONZALEZ*MARIA****MI*NS4410927"

    assert unknown(remittance(whole, total="130"), *sent("C1", lines=2)) == (
        "Claim C1 was paid 130.00, and not said for which line",
    )


def test_a_claim_that_is_not_the_payers_is_said() -> None:
    passed = PAID.replace("CLP*C1*1*65*45*20", "CLP*C1*23*65*0*").replace("*65*45**1", "*65*0**1")

    assert "Claim C1 is not the payer's and was passed on" in unknown(remittance(passed, total="0"))


def test_sums_that_do_not_agree_are_said_and_the_rest_still_counts() -> None:
    data = remittance(PAID.replace("PR*3*20", "PR*3*19"), total="44", besides=f"PLB*{NPI}*20261231*WO:77*-3.5")

    assert states(data, *sent("C1")) == [("id-C1-1", LineState.PAID)]
    assert unknown(data) == (
        "The payment of 44.00 is not what its claims add up to, 45.00",
        "The payer added 3.50 besides the claims (code WO)",
        "The decision on claim C1 does not add up",
    )


def test_money_for_a_claim_that_is_not_ours_is_not_lost() -> None:
    assert unknown(remittance(PAID.replace("CLP*C1", "CLP*X1"), total="45")) == (
        "Claim X1 is none of ours; 45.00 was paid for it",
    )


def test_our_numbers_are_known_in_small_letters_too() -> None:
    lower = remittance(PAID.replace("CLP*C1", "CLP*c1").replace("6R*C1-L1", "6R*c1-l1"), total="45")

    assert states(lower, *sent("C1")) == [("id-C1-1", LineState.PAID)]


@pytest.mark.parametrize("amount", ["abc", "NaN", "1.2.3", "Infinity"])
def test_an_amount_that_is_no_number_stops_everything(amount: str) -> None:
    with pytest.raises(ResponseTrouble, match="no number"):
        read_response(remittance(PAID.replace("*65*45*20*", f"*65*{amount}*20*"), total="45"), NPI)


# ---- files that are not taken in -------------------------------------------------------------------------------

REMITTANCE = remittance(PAID, total="45")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "does not begin with ISA"),
        (b"%PDF-1.7 remittance", "does not begin with ISA"),
        (REMITTANCE[:80], "cannot be read"),
        (REMITTANCE[: len(REMITTANCE) // 2], "cut off"),
        (REMITTANCE[: REMITTANCE.index(b"IEA")], "cut off"),
        (REMITTANCE.replace(b"SE*", b"SE*9"), "damaged"),
        (REMITTANCE.replace(b"IEA*1*000000903", b"IEA*1*000000904"), "damaged"),
        (REMITTANCE + REMITTANCE, "2 interchanges"),
        (OURS.encode(), "a claim file"),
        (enveloped("277", "005010X212", "BHT*0010*08*1*20260918*0600*DG"), "277 file"),
        (enveloped("270", "005010X279A1", "BHT*0022*13*1*20260918*0600"), "270 file"),
        (remittance(PAID, total="45", npi="1000000012"), "another practice"),
        (status(patient(4, "C1", "A2:20:PR*20260917*WQ*65"), npi="1000000012"), "another practice"),
    ],
)
def test_a_file_that_cannot_be_taken_in_says_why(data: bytes, says: str) -> None:
    with pytest.raises(ResponseTrouble, match=says):
        read_response(data, NPI)


def test_an_empty_envelope_says_that_it_is_empty() -> None:
    head = OURS.splitlines()[0].encode()

    with pytest.raises(ResponseTrouble, match="empty"):
        read_response(head + b"\nIEA*0*000000042~\n", NPI)


def test_the_same_file_counts_once_whatever_carried_it() -> None:
    seen = {read_response(REMITTANCE, NPI).fingerprint}
    as_mailed = b"\xef\xbb\xbf\r\n " + REMITTANCE.replace(b"\n", b"\r\n")

    for again in (REMITTANCE, as_mailed, REMITTANCE.replace(b"\n", b"")):
        with pytest.raises(ResponseTrouble, match="taken in before"):
            read_response(again, NPI, seen)
    assert read_response(remittance(PAID, total="45", control="000000904"), NPI, seen)


def test_a_file_broken_into_lines_of_eighty_is_still_read() -> None:
    flat = REMITTANCE.replace(b"\n", b"")
    broken = b"\r\n".join(flat[n : n + 80] for n in range(0, len(flat), 80))

    assert states(broken, *sent("C1")) == [("id-C1-1", LineState.PAID)]


def test_other_separators_are_read_as_well() -> None:
    other = REMITTANCE.translate(bytes.maketrans(b"*:~", b"|>'"))

    assert states(other, *sent("C1")) == [("id-C1-1", LineState.PAID)]


def test_nobodys_name_is_kept() -> None:
    for data in (REMITTANCE, status(patient(4, "C1", "A2:20:PR*20260917*WQ*65"))):
        assert "GONZALEZ" not in repr(read_response(data, NPI)).upper()


def test_every_rule_that_would_have_prevented_a_denial_is_one_of_ours() -> None:
    ours = {rule.name for rule in RULES}

    assert [(r.code, name) for r in known_adjustments() for name in r.rules if name not in ours] == []


def test_a_line_id_is_all_that_a_move_says_of_anybody() -> None:
    assert [f.name for f in fields(Move)] == [
        "line",
        "state",
        "why",
        "paid",
        "client_owes",
        "payer_claim_number",
        "rules",
    ]
    assert one_move(REMITTANCE).line == LineId("id-C1-1")
