"""The real process against the local stand-in for Slack: a message in, questions, a signature out."""

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from billing.clockwork import OfficeHours, Reminding
from billing.records import LineState
from bot.playground.people import User, voice_clip
from bot.playground.riverbend import riverbend
from bot.playground.standin import StandIn
from bot.practice_file import records_in
from storage.store import Store

STAFF = [
    User(id="UDANA", name="dana", real_name="Dana Whitfield"),
    User(id="USAM", name="sam", real_name="Sam Ellery"),
    User(id="UNOOR", name="noor", real_name="Noor Haddad"),
    User(id="UELSE", name="pat", real_name="Pat Stranger"),
]
REPORT = (
    "DBT 9/15 2-3:15, TIPP. Maria and Tom there, everyone else cancelled. Maria led the check-in. Tom cried & laughed."
)
PATIENCE = 60.0


class Evening:
    """The stand-in, the running bot, and the store beside them, looked at from outside."""

    def __init__(self, slack: StandIn, folder: Path) -> None:
        self.slack = slack
        self.environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder / 'data' / 'circlenote.db'}",
            "CIRCLENOTE_KEY_FILE": str(folder / "keys" / "key"),
            "SLACK_BOT_TOKEN": slack.tokens.bot,
            "SLACK_APP_TOKEN": slack.tokens.app,
            "SLACK_API_URL": slack.url,
            "REMINDERS": "off",
        }
        self.log = folder / "log.txt"
        self.bot: subprocess.Popen[bytes] | None = None

    def store(self, *, create: bool = False) -> Store:
        key = Path(self.environment["CIRCLENOTE_KEY_FILE"])
        return Store.open(self.environment["DATABASE_URL"], key_file=key, create=create)

    def start(self, *arguments: str) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "bot", "run", *arguments]
            self.bot = subprocess.Popen(command, env=self.environment, stderr=log, stdout=log)
        if not arguments:
            self.slack.wait_connected(timeout=PATIENCE)

    def stop(self) -> None:
        assert self.bot is not None
        self.bot.terminate()
        self.bot.wait(timeout=PATIENCE)

    def kill(self) -> None:
        assert self.bot is not None
        self.bot.kill()
        self.bot.wait(timeout=PATIENCE)

    def wait(self, look: Callable[[], Any]) -> Any:
        return self.slack.wait_until(look, timeout=PATIENCE)

    def said(self, user: str) -> list[dict[str, Any]]:
        return [m for m in self.slack.messages(user) if m.get("bot_id")]

    def card(self, user: str) -> dict[str, Any]:
        return self.wait(lambda: next((m for m in reversed(self.said(user)) if "foot" in str(m["blocks"])), None))

    def press(self, user: str, label: str) -> None:
        """Presses the button on the card once it is there; waits until the card has changed."""

        def there() -> tuple[dict[str, Any], str] | None:
            card = self.card(user)
            full = next((b for b in buttons(card) if b.startswith(label)), None)
            return (card, full) if full else None

        card, full = self.wait(there)
        before = str(card["blocks"])
        self.slack.press(user, card["ts"], full)
        self.wait(lambda: str(self.slack.message(card["ts"])["blocks"]) != before)  # type: ignore[index]


def buttons(message: dict[str, Any]) -> list[str]:
    return [e["text"]["text"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with StandIn(STAFF) as slack:
        it = Evening(slack, tmp_path)
        store = it.store(create=True)
        store.put(records_in(riverbend()), by="setup")
        store.close()
        it.start()
        yield it
        if it.bot is not None and it.bot.poll() is None:
            it.stop()


def test_a_message_goes_through_questions_to_signed_notes_and_lines(evening: Evening) -> None:
    ts = evening.slack.dm("UDANA", REPORT)
    card = evening.card("UDANA")
    assert card["thread_ts"] == ts

    evening.press("UDANA", "None raised")
    evening.press("UDANA", "Progressing")
    evening.press("UDANA", "Sign as Dana")

    evening.stop()
    store = evening.store()
    note = store.notes()[0]
    assert [n.words for n in note.notes] == [("led the check-in",), ("cried & laughed",)]
    assert {(line.says.client, line.state) for line in store.lines()} == {
        ("maria-g", LineState.READY),
        ("tom", LineState.READY),
    }
    store.close()


def test_signed_http_does_the_same_and_an_unsigned_request_is_refused(evening: Evening) -> None:
    evening.stop()
    evening.environment["SLACK_SIGNING_SECRET"] = evening.slack.tokens.signing_secret
    port = a_free_port()
    evening.start("--http", str(port))
    address = f"http://127.0.0.1:{port}/slack/events"
    evening.wait(lambda: answers(address))
    evening.slack.deliver_by_http(address)

    evening.slack.dm("UDANA", REPORT)
    evening.press("UDANA", "None raised")

    assert answers(address.replace("events", "elsewhere")) == 404
    assert answers(address, {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=forged"}) == 401
    assert answers(address, {"X-Slack-Request-Timestamp": "abc", "X-Slack-Signature": "v0=forged"}) == 401


def a_free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def answers(address: str, headers: dict[str, str] | None = None) -> int:
    """The status of an empty POST; 0 while nobody answers."""
    request = urllib.request.Request(address, data=b"{}", headers=headers or {}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as e:
        return e.code
    except OSError:
        return 0


def test_a_short_answer_in_the_thread_updates_the_same_card(evening: Evening) -> None:
    ts = evening.slack.dm("UDANA", REPORT)
    card = evening.card("UDANA")

    evening.slack.dm("UDANA", "no concerns, all progressing", thread_ts=ts)
    evening.wait(lambda: "Sign as Dana" in str(evening.slack.message(card["ts"])["blocks"]))  # type: ignore[index]

    assert len(evening.said("UDANA")) == 1


def test_notifications_and_buttons_carry_nothing_about_anybody(evening: Evening) -> None:
    evening.slack.dm("UDANA", REPORT)
    evening.press("UDANA", "None raised")
    evening.press("UDANA", "Progressing")
    evening.slack.press("UDANA", evening.card("UDANA")["ts"], "Read the notes")
    evening.wait(lambda: evening.slack.view("UDANA"))

    names = re.compile(r"maria|tom\b|gonzalez|becker|cried|check-in|dbt", re.IGNORECASE)
    for call in evening.slack.calls():
        said = [call.args.get("text", ""), str(call.args.get("metadata", ""))]
        said += re.findall(r"'(?:value|action_id|block_id|private_metadata|callback_id)': '([^']*)'", str(call.args))
        assert not [s for s in said if names.search(s)], call.method


def test_what_arrives_twice_counts_once(evening: Evening) -> None:
    ts = evening.slack.dm("UDANA", REPORT)
    evening.card("UDANA")

    evening.slack.redeliver(evening.slack.event_of(ts))
    evening.slack.same_message_new_event(ts)
    evening.slack.dm("UELSE", "hello")
    evening.wait(lambda: evening.said("UELSE"))

    assert len(evening.said("UDANA")) == 1


def test_strangers_files_and_chatter_are_answered_and_nothing_is_kept(evening: Evening) -> None:
    evening.slack.dm("UELSE", REPORT)
    evening.slack.dm("UNOOR", REPORT)
    evening.slack.dm("UDANA", "", files=(voice_clip(),))
    evening.slack.dm("USAM", "🎉")
    evening.wait(lambda: all(evening.said(user) for user in ("UELSE", "UNOOR", "UDANA", "USAM")))

    assert "not on its list" in str(evening.said("UELSE")[0])
    assert "Only clinicians" in str(evening.said("UNOOR")[0])
    assert "text only" in str(evening.said("UDANA")[0])
    assert "does not look like a group note" in str(evening.said("USAM")[0])
    evening.stop()
    store = evening.store()
    assert store.drafts() == ()
    store.close()


def test_an_edited_message_is_read_again_and_a_deleted_one_forgotten(evening: Evening) -> None:
    ts = evening.slack.dm("UDANA", REPORT)
    card = evening.card("UDANA")

    evening.slack.edit("UDANA", ts, REPORT.replace("2-3:15", "2-3:30"))
    evening.wait(lambda: "3:30" in str(evening.slack.message(card["ts"])["blocks"]))  # type: ignore[index]
    evening.slack.delete("UDANA", ts)
    evening.wait(lambda: "3:30" not in str(evening.slack.message(card["ts"])["blocks"]))  # type: ignore[index]


def test_killed_after_the_acknowledgement_it_answers_when_it_is_back(evening: Evening) -> None:
    evening.slack.inject("chat.postMessage", delay=3.0)
    evening.slack.dm("UDANA", REPORT)
    evening.wait(lambda: any(a.kind == "events_api" and a.ack.ok for a in evening.slack.attempts()))
    evening.kill()
    evening.slack.clear_faults()

    evening.start()
    evening.card("UDANA")

    assert len(evening.said("UDANA")) == 1


def test_a_button_brings_what_is_due_up_to_date_at_once(evening: Evening) -> None:
    evening.stop()
    evening.environment["REMINDERS"] = "on"
    whenever = Reminding(quiet_from=time(0), quiet_until=time(0), working_days=tuple(range(7)), digest_at=time(0))
    store = evening.store()
    store.put((OfficeHours(reminding=whenever),), by="setup")
    store.close()
    evening.start()

    evening.slack.dm("UDANA", REPORT)
    evening.press("UDANA", "None raised")

    evening.wait(lambda: "Claims on" in str(evening.said("UNOOR")))
    assert len(evening.said("UNOOR")) == 1


def test_logs_hold_no_word_of_anybody(evening: Evening) -> None:
    evening.slack.inject("chat.postMessage", error="fatal_error", times=1)
    evening.slack.dm("UDANA", REPORT)
    evening.press("UDANA", "None raised")
    evening.slack.dm("UDANA", "x" * 13_000)
    evening.wait(lambda: "longer than" in str(evening.said("UDANA")))
    evening.stop()

    logged = evening.log.read_text(encoding="utf-8").casefold()
    assert "message kept" in logged
    assert not [word for word in ("maria", "becker", "cried", "check-in", "dbt", "traceback") if word in logged]
