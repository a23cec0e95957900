"""The real process against a local stand-in for Slack: a message in, questions, a signature out."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.riverbend import riverbend
from bot.playground.standin import StandIn
from bot.practice_file import records_in
from storage.store import Store

REPORT = (
    "DBT 2-3:15, TIPP. Maria and Tom there, everyone else cancelled. Maria led the check-in. Tom tried it. "
    "No safety concerns, both progressing."
)


@pytest.fixture
def slack() -> Iterator[StandIn]:
    with_staff = StandIn()
    with_staff.start()
    yield with_staff
    with_staff.stop()


@pytest.fixture
def environment(tmp_path: Path, slack: StandIn) -> dict[str, str]:
    database = f"sqlite:///{tmp_path / 'data' / 'circlenote.db'}"
    store = Store.open(database, key_file=tmp_path / "keys" / "key", create=True)
    store.put(records_in(riverbend()), by="setup")
    store.close()
    return {
        **os.environ,
        "DATABASE_URL": database,
        "CIRCLENOTE_KEY_FILE": str(tmp_path / "keys" / "key"),
        "SLACK_BOT_TOKEN": "xoxb-stand-in",
        "SLACK_APP_TOKEN": "xapp-stand-in",
        "SLACK_API_URL": slack.url,
    }


@pytest.fixture
def bot(environment: dict[str, str], slack: StandIn) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], env=environment, stderr=subprocess.PIPE, text=True
    )
    slack.wait_until(lambda: slack.connections() > 0, timeout=30)
    yield process
    process.terminate()
    process.wait(timeout=20)


def buttons(message: dict) -> list[str]:
    return [e["text"]["text"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]


def test_a_message_becomes_a_signed_note(bot: subprocess.Popen[str], slack: StandIn) -> None:
    ts = slack.dm("UDANA", REPORT)
    slack.wait_until(lambda: len(slack.messages("UDANA")) > 1, timeout=20)
    card = slack.messages("UDANA")[-1]

    assert card["thread_ts"] == ts
    assert any(label.startswith("Sign as Dana") for label in buttons(card))
    slack.press("UDANA", card["ts"], next(label for label in buttons(card) if label.startswith("Sign")))
    slack.wait_until(lambda: "Signed" in str(slack.message(card["ts"])["blocks"]), timeout=20)
