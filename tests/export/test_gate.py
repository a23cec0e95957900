"""The gate says no in sentences, and no name, date or number of a person leaves it by any way."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from billing.export.gate import MOST_SENTENCES, refusals
from billing.export.x12 import write
from tests.export.builders import a_batch, a_claim

GOOD = write(a_batch(*(a_claim(f"C{n}") for n in range(1, 4)))).text


def test_a_good_file_passes() -> None:
    assert refusals(GOOD) == ()


def test_a_refusal_names_the_claim_and_the_element() -> None:
    second = GOOD.index("NM1*IL", GOOD.index("CLM*C1"))
    broken = GOOD[:second] + GOOD[second:].replace("DMG*D8*19880314", "DMG*D8*19880230", 1)

    assert refusals(broken) == ("In claim C2, the element DMG02 has an invalid date",)


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """All that reaches the program's log, whatever level somebody may have set for the checker."""
    log = StringIO()
    handler, root, checker = logging.StreamHandler(log), logging.getLogger(), logging.getLogger("pyx12")
    silent = checker.level
    checker.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield log
    root.removeHandler(handler)
    checker.setLevel(silent)


def test_the_checker_prints_nothing_and_logs_nothing(capfd: pytest.CaptureFixture[str], logged: StringIO) -> None:
    said = refusals(GOOD.replace("19880314", "19880230").replace("NM1*IL*1", "NM1*IL*7"))

    assert said
    assert logged.getvalue() == ""
    assert capfd.readouterr() == ("", "")
    assert not any(secret in sentence for sentence in said for secret in ("1988", "GONZALEZ", "NS44"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        GOOD[:60],
        GOOD.replace("GONZALEZ", "GONZÁLEZ"),
        GOOD.replace("HC:90853:HQ", "HC:90853:HQ:1:2:3:4:5:6:7:8"),
        GOOD.replace("005010X222A1", "005010X222A2"),
    ],
    ids=["nothing", "no X12", "cut off", "a letter outside ASCII", "too many components", "another guide"],
)
def test_what_the_checker_fails_at_is_refused(text: str) -> None:
    assert refusals(text) != ()


def test_a_file_that_is_wrong_everywhere_says_so_briefly() -> None:
    many = write(a_batch(*(a_claim(f"C{n}") for n in range(MOST_SENTENCES + 20)))).text

    assert len(refusals(many.replace("NM1*IL*1", "NM1*IL*7"))) == MOST_SENTENCES
