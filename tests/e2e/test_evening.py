"""A real browser plays whole evenings in the playground. `make e2e` runs this and nothing else.

With CIRCLENOTE_E2E=required a missing browser is a failure. With CIRCLENOTE_SHOTS=docs/img the pictures go there.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.browser import Browser, Persona
from bot.playground.people import User
from bot.playground.riverbend import riverbend
from bot.playground.standin import StandIn
from bot.playground.studio import Studio
from bot.playground.theatre import open_practice
from tests.e2e.gallery import gallery

HERE = Path(__file__).parent
SECONDS = 240


def missing(cause: str) -> None:
    if os.environ.get("CIRCLENOTE_E2E") == "required":
        pytest.fail(cause)
    pytest.skip(cause)


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        missing("there is no node on this machine")
    return str(found)


@pytest.fixture(scope="module")
def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        missing("there is no chromium on this machine")
    if not (HERE / "node_modules" / "playwright-core").exists():
        missing("playwright-core is not installed: npm ci --prefix tests/e2e")
    return str(found)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio(tmp_path / "practice") as running:
        yield running


def play(node: str, script: str, *arguments: str, **environment: str) -> None:
    command = [node, str(HERE / script), *arguments]
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mrkdwn_is_read_as_slack_reads_it(node: str) -> None:
    play(node, "mrkdwn.mjs")


def test_an_evening_from_the_first_message_to_the_co_signed_note(
    node: str, chromium: str, studio: Studio, tmp_path: Path
) -> None:
    shots = os.environ.get("CIRCLENOTE_SHOTS") or str(tmp_path / "shots")
    play(node, "evening.mjs", studio.url, shots, CHROMIUM=chromium)


@pytest.fixture
def every_block(tmp_path: Path) -> Iterator[Browser]:
    """The page with another app behind it, which uses everything that the page can draw."""
    store = open_practice(tmp_path / "practice", riverbend())
    dana = User(id="UDANA", name="dana", real_name="Dana Whitfield")
    with StandIn([dana]) as slack:
        app = gallery(slack)
        browser = Browser(slack, store, [Persona(id="UDANA", name="Dana Whitfield", does="clinician")])
        browser.start()
        yield browser
        browser.stop()
        app.close()
    store.close()


def test_every_block_and_input_works(node: str, chromium: str, every_block: Browser, tmp_path: Path) -> None:
    play(node, "gallery.mjs", every_block.url, str(tmp_path / "shots"), CHROMIUM=chromium)
