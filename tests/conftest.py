"""What the tests share.

`--rewrite` lets dialogues take over what the bot says now; the diff is the review.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from nlp.reader import Reader


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the dialogues as they went (never in CI)")


@pytest.fixture(scope="session")
def rewrite(request: pytest.FixtureRequest) -> bool:
    wanted = bool(request.config.getoption("--rewrite"))
    if wanted and os.environ.get("CI"):
        pytest.fail("CI compares dialogues, it does not rewrite them")
    return wanted


@pytest.fixture(scope="session")
def reader() -> "Reader":
    """The pipeline is loaded once, and only by who needs it."""
    from nlp.reader import Reader

    return Reader()


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parent.parent
