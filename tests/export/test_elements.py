"""What may stand in an element, and that nothing else ever does."""

from dataclasses import replace
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.export import elements as el
from billing.export.blanks import blanks
from billing.export.elements import DELIMITERS, Unfit, clean
from billing.export.gate import refusals
from billing.export.x12 import write
from tests.export.builders import EVENING, MARIA, NORTHSTAR, a_batch, a_claim

NAMES = st.text(
    st.one_of(
        st.sampled_from("*~:^|`’ -'.ÁÉÍÑÖÜßçøŁłæ\t\n\u200b"),
        st.characters(codec="latin-1"),
        st.sampled_from("abcXYZ 李Ж😀"),
    ),
    min_size=1,
    max_size=62,
)


@pytest.mark.parametrize(
    ("given_name", "carried"),
    [
        ("Gonzalez", "GONZALEZ"),
        ("  O’Brien–Núñez ", "O'BRIEN-NUNEZ"),
        ("Weiß", "WEISS"),
        ("Łukasz Ørsted", "LUKASZ ORSTED"),
        ("Ana*Ruth", "ANA RUTH"),
        ("A~NE*IL:X^Y", "A NE IL X Y"),
        ("two\nlines\tand a\u200b joiner", "TWO LINES AND A JOINER"),
        ("ﬁnn", "FINN"),
    ],
)
def test_a_name_is_put_into_the_letters_that_a_claim_has(given_name: str, carried: str) -> None:
    assert clean(given_name, el.NAME) == carried


@pytest.mark.parametrize("name", ["李", "Жанна", "Ana😀", "\x00", "~~~", " ", "N" * 61, "ß" * 31])
def test_a_name_that_no_claim_can_carry_is_refused_and_never_cut(name: str) -> None:
    with pytest.raises(Unfit):
        clean(name, el.NAME)


@pytest.mark.parametrize("number", ["NS*44", "NS~44", "NS:44", "NS^44", "NSÉ44", "NS\n44", "N", "N" * 81])
def test_a_number_is_refused_rather_than_changed(number: str) -> None:
    with pytest.raises(Unfit):
        clean(number, el.MEMBER_ID)


def test_a_number_keeps_its_small_letters() -> None:
    assert clean(" ab-12 cd ", el.MEMBER_ID) == "ab-12 cd"


@given(NAMES)
def test_whatever_is_carried_has_no_delimiter_no_accent_and_no_control_character(name: str) -> None:
    try:
        carried = clean(name, el.NAME)
    except Unfit:
        return
    assert not set(carried) & set(DELIMITERS)
    assert carried.isascii()
    assert not any(category(c).startswith("C") for c in carried)
    assert 1 <= len(carried) <= 60
    assert clean(carried, el.NAME) == carried


@settings(deadline=None, max_examples=60)
@given(NAMES, NAMES, st.text(st.sampled_from("AB12*~:^- é"), min_size=1, max_size=20))
def test_no_name_and_no_number_ever_breaks_a_file(last: str, first: str, member: str) -> None:
    claim = a_claim(
        client=replace(MARIA, last=last, first=first, middle=None), cover=replace(NORTHSTAR, member_id=member)
    )
    if found := blanks(claim, EVENING):
        assert {blank.field for blank in found} <= {"client.last", "client.first", "cover.member_id"}
        return

    text = write(a_batch(claim)).text

    (name,) = (s.split("*") for s in text.replace("\n", "").split("~") if s.startswith("NM1*IL"))
    assert text.count("~") == write(a_batch()).text.count("~")
    assert (name[3], name[4], name[9]) == (clean(last, el.NAME), clean(first, el.FIRST), member.strip())
    assert refusals(text) == ()
