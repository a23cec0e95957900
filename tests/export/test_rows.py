"""The CSV says what the claim file says, and no spreadsheet computes any of it."""

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.export.rows import COLUMNS, FORMULA, rows
from tests.export.builders import MARIA, SENT, a_claim, with_client


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.mark.parametrize("name", SENT)
def test_every_line_of_a_claim_has_a_row_with_its_values(name: str) -> None:
    claim = SENT[name]

    found = read(rows((claim,)))

    assert [row["line"] for row in found] == [line.control for line in claim.lines]
    for row, line in zip(found, claim.lines, strict=True):
        assert (row["claim"], row["last"], row["member_id"]) == (claim.control, "Gonzalez", "NS4410927")
        assert (row["date"], row["code"], row["place"]) == ("2026-09-15", line.code, line.place or claim.place)
        assert tuple(row[f"modifier_{n}"] for n in range(1, 5) if row[f"modifier_{n}"]) == line.modifiers
        assert tuple(row[f"diagnosis_{n}"] for n in range(1, 13) if row[f"diagnosis_{n}"]) == claim.diagnoses
        assert (row["charge"], row["units"]) == ("65.00", "1")
        assert row["pointers"] == ":".join(map(str, line.pointers))


def test_the_heading_is_there_without_claims_too() -> None:
    assert rows(()) == ",".join(f'"{column.name}"' for column in COLUMNS) + "\r\n"


def test_every_column_says_what_it_means_and_no_two_have_the_same_name() -> None:
    assert all(column.means for column in COLUMNS)
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "\r=2"])
def test_a_name_that_looks_like_a_formula_is_shown_and_not_computed(name: str) -> None:
    (row,) = read(rows((with_client(last=name),)))

    assert row["last"].startswith("'")
    assert row["last"][1:].replace("\n", "\r") == name


@given(st.text(min_size=1, max_size=80))
def test_no_name_breaks_a_row_or_begins_a_formula(name: str) -> None:
    text = rows((a_claim(client=replace(MARIA, last=name, first=name)),))

    (row,) = csv.reader(StringIO(text[text.index("\r\n") + 2 :], newline=""))
    assert len(row) == len(COLUMNS)
    assert not any(cell.startswith(FORMULA) for cell in row)


def test_a_client_without_an_address_has_empty_cells() -> None:
    (row,) = read(rows((with_client(address=None),)))

    assert (row["street"], row["zip"]) == ("", "")
