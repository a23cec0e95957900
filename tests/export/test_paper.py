"""What is printed: superbills, charts, and the values of paper claims; read back from the PDF by another library."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from billing.export.charts import chart, chart_file, chart_pdf
from billing.export.claim import Claim
from billing.export.cms1500 import Offset, TooWide, cms1500_pdf, too_wide
from billing.export.paper import COLUMNS, ROWS, Line, pdf, printable, wrapped
from billing.export.superbill import Superbill, services_of, superbill_pdf
from billing.notes import finish
from billing.records import GroupNote, NoteId, Presence
from tests.billing.builders import DANA, LINDQVIST, MARIA, a_background, a_draft, a_roster, absent
from tests.export import builders
from tests.export.builders import EVENING, RIVERBEND, SENT, a_claim, a_line, with_client

MADE_ON = date(2026, 9, 16)


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


def count_of_pages(data: bytes) -> int:
    return len(PdfReader(BytesIO(data)).pages)


# ---- superbills ------------------------------------------------------------------------------------------------


def a_bill(*claims: Claim) -> Superbill:
    services = tuple(service for claim in claims for service in services_of(claim))
    return Superbill(
        practice=RIVERBEND,
        client=builders.MARIA,
        services=services,
        made_on=MADE_ON,
        credentials=(("1000000012", "LCSW"),),
    )


def test_a_superbill_has_what_a_payer_asks_for() -> None:
    text = text_of(superbill_pdf(a_bill(a_claim())))

    for part in (
        "Riverbend Counseling",
        "NPI 1990000006",
        "990000000",
        "Maria Gonzalez",
        "Born: 1988-03-14",
        "2026-09-15",
        "90853 Group therapy session",
        "HQ in a group",
        "11 office",
        "F43.10, F33.1",
        "Dana Whitfield, LCSW, NPI 1000000012",
        "65.00",
    ):
        assert part in text


def test_a_superbill_adds_up_what_was_charged_and_paid() -> None:
    text = text_of(superbill_pdf(a_bill(a_claim(), a_claim("C2", client_paid=Decimal("20.50")))))

    assert re.search(r"Charged +130\.00", text)
    assert re.search(r"Paid +20\.50", text)
    assert re.search(r"Balance +109\.50", text)


def test_a_long_superbill_goes_on_on_further_pages_and_loses_nothing() -> None:
    bill = a_bill(*(a_claim(f"C{n}") for n in range(40)))
    data = superbill_pdf(bill)

    assert count_of_pages(data) > 1
    assert text_of(data).count("90853") == 40
    assert "page 2 of" in text_of(data)


def test_the_same_superbill_is_the_same_file() -> None:
    assert superbill_pdf(a_bill(a_claim())) == superbill_pdf(a_bill(a_claim()))


# ---- charts ----------------------------------------------------------------------------------------------------


def a_note() -> GroupNote:
    background = a_background()
    draft = a_draft()
    leader = background.roster.clinician(DANA)
    return finish(draft, background, NoteId("n-1"), leader, background.now)


def test_a_chart_has_its_clients_notes_by_day_and_nobody_elses() -> None:
    roster, note = a_roster(), a_note()
    earlier = replace(note, session=replace(note.session, met_on=date(2026, 9, 8)))

    texts = chart((note, earlier), MARIA, roster)

    assert [re.search(r"2026-09-\d\d", text)[0] for text in texts] == ["2026-09-08", "2026-09-15"]
    others = {c.last for c in roster.clients if c.id != MARIA}
    assert not [name for name in others for text in texts if name in text]


def test_where_a_client_did_not_attend_the_chart_says_so() -> None:
    draft = a_draft(attendance=(*a_draft().attendance, absent(LINDQVIST, Presence.NO_SHOW)))
    background = a_background()
    note = finish(draft, background, NoteId("n-1"), background.roster.clinician(DANA), background.now)

    assert "did not attend" in chart_file((note,), LINDQVIST, a_roster())


def test_a_chart_on_paper_says_the_same_as_the_text() -> None:
    roster, note = a_roster(), a_note()
    on_paper = re.sub(r"\s+", "", text_of(chart_pdf((note,), MARIA, roster)))

    for line in chart_file((note,), MARIA, roster).splitlines():
        assert re.sub(r"\s+", "", line) in on_paper


# ---- any words on paper ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Co", "Cn")), max_size=300))
def test_whatever_was_written_can_be_printed_and_fits_the_page(text: str) -> None:
    lines = tuple(wrapped(text))

    assert all(len(line.text) <= COLUMNS for line in lines)
    assert pdf(lines, title=text[:20], foot=text[:20]).startswith(b"%PDF")


def test_a_character_that_the_typeface_lacks_is_named_and_not_dropped() -> None:
    assert printable("said “ok” 😀") == "said “ok” [GRINNING FACE]"


def test_lines_that_belong_together_are_not_torn_apart() -> None:
    filler = tuple(Line(text=f"filler {n}") for n in range(ROWS - 1))
    block = (Line(text="heading", keeps=2), Line(text="first"), Line(text="second"))

    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf((*filler, *block), "t", "f"))).pages]

    assert len(pages) == 2
    assert "heading" in pages[1]
    assert "second" in pages[1]


# ---- paper claims ----------------------------------------------------------------------------------------------


def places(data: bytes, page: int = 0) -> dict[tuple[float, float], str]:
    """Every value by where it stands, in points from the lower left corner."""
    found: dict[tuple[float, float], str] = {}

    def note(text: str, _cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            found[round(tm[4], 1), round(tm[5], 1)] = text.strip()

    PdfReader(BytesIO(data)).pages[page].extract_text(visitor_text=note)
    return found


def at(line: int, column: int, right: float = 0, down: float = 0) -> tuple[float, float]:
    return round(21.6 + (column - 1) * 7.2 + right, 1), round(792 - line * 12 - down, 1)


@pytest.mark.parametrize("name", SENT)
def test_every_kind_of_claim_has_room_on_paper(name: str) -> None:
    assert too_wide(SENT[name], MADE_ON) == ()
    assert count_of_pages(cms1500_pdf((SENT[name],), MADE_ON)) == 1


def test_the_values_stand_where_the_form_has_its_boxes() -> None:
    found = places(cms1500_pdf((a_claim(),), MADE_ON))

    assert found[at(8, 50)] == "NS4410927"
    assert found[at(10, 1)] == "GONZALEZ, MARIA, L"
    assert found[at(10, 47)] == "X"
    assert found[at(37, 3)] == "F4310"
    assert found[at(44, 25)] == "90853"
    assert found[at(44, 45)] == "AB"
    assert found[at(44, 68)] == "1000000012"
    assert found[at(56, 23)] == "C1"
    assert found[at(61, 51)] == "1990000006"


def test_an_offset_moves_everything() -> None:
    moved = places(cms1500_pdf((a_claim(),), MADE_ON, Offset(right=9, down=-6)))

    assert moved[at(10, 1, right=9, down=-6)] == "GONZALEZ, MARIA, L"


def test_a_claim_of_more_than_six_lines_has_several_pages_each_with_its_own_sum() -> None:
    claim = a_claim(lines=tuple(a_line(f"L{n}", modifiers=(f"U{n}",)) for n in range(1, 9)))
    data = cms1500_pdf((claim,), MADE_ON)

    assert count_of_pages(data) == 2
    assert places(data, 0)[at(56, 52)].split() == ["390", "00"]
    assert places(data, 1)[at(56, 52)].split() == ["130", "00"]


def test_what_has_no_room_on_paper_is_named_by_its_box_and_never_cut() -> None:
    claim = with_client(last="Montgomery-Featherstonehaugh", first="Maximiliana")

    (blank,) = {blank for blank in too_wide(claim, MADE_ON) if blank.field == "box 2"}

    assert "Box 2" in blank.says
    with pytest.raises(TooWide):
        cms1500_pdf((claim,), MADE_ON)


def test_the_form_itself_is_not_drawn() -> None:
    page = PdfReader(BytesIO(cms1500_pdf((a_claim(),), MADE_ON))).pages[0]

    assert not page.images
    assert not re.search(rb"\b(re|l)\b\s*\n", page.get_contents().get_data())


def test_a_superbill_is_only_for_the_lines_that_were_served() -> None:
    unserved = a_claim(lines=(a_line(served_on=None),))

    assert services_of(unserved) == ()
    assert services_of(a_claim())[0].served_on == EVENING
