"""The playground's page over HTTP: who gets in, and that what is done there is done in the stand-in."""

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from billing.records import Practice
from bot.playground.browser import HEADERS, Browser, Persona
from bot.playground.people import User
from bot.playground.riverbend import riverbend
from bot.playground.standin import StandIn
from bot.playground.theatre import NotOurs, open_practice
from storage.store import Store
from tests.e2e.gallery import gallery

PAGE = Path(__file__).parents[2] / "bot/playground/page"
DANA, SAM = "UDANA", "USAM"


class Visitor:
    """Somebody who speaks HTTP to the page's server, with whatever headers they like."""

    def __init__(self, browser: Browser, slack: StandIn) -> None:
        self.slack = slack
        address = urlsplit(browser.url)
        self.host, self.key = address.netloc, address.path.strip("/")

    def ask(
        self, path: str, body: object = None, *, host: str | None = None, origin: str | None = None
    ) -> tuple[int, str]:
        headers = {"Host": host or self.host} | ({"Origin": origin} if origin else {})
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        connection = http.client.HTTPConnection(self.host, timeout=10)
        method = "GET" if body is None else "POST"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        told = answer.read().decode()
        connection.close()
        return answer.status, told

    def do(self, who: str = DANA, **gesture: Any) -> tuple[int, Any]:
        status, told = self.ask(f"/{self.key}/gestures", {"who": who, **gesture}, origin=f"http://{self.host}")
        return status, json.loads(told) if status == 200 else told

    def state(self, who: str = DANA) -> Any:
        return json.loads(self.ask(f"/{self.key}/state?as={who}")[1])

    def own(self, who: str = DANA) -> list[str]:
        """The ts of everything that this person has said."""
        return [message["ts"] for message in self.state(who)["seen"]["messages"] if not message["from_bot"]]

    def answered(self, who: str = DANA) -> Any:
        """What this person sees, once the bot has answered."""
        self.slack.wait_until(lambda: any(m["from_bot"] for m in self.state(who)["seen"]["messages"]))
        return self.state(who)["seen"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_practice(tmp_path_factory.mktemp("page") / "practice", riverbend())
    yield opened
    opened.close()


@pytest.fixture
def visitor(store: Store) -> Iterator[Visitor]:
    users = [User(id=DANA, name="dana", real_name="Dana"), User(id=SAM, name="sam", real_name="Sam")]
    with StandIn(users) as slack:
        app = gallery(slack)
        browser = Browser(slack, store, [Persona(id=u.id, name=u.real_name, does="clinician") for u in users])
        browser.start()
        yield Visitor(browser, slack)
        browser.stop()
        app.close()


# ---- the door


@pytest.mark.parametrize("path", ["/", "/wrong/", "/wrong/state", "/wrong/changes", "/wrong/app.js", "/%C3%A9/state"])
def test_nobody_gets_in_without_the_key(visitor: Visitor, path: str) -> None:
    status, told = visitor.ask(path)

    assert status == 403
    assert "UDANA" not in told


@pytest.mark.parametrize("host", ["example.org", "example.org:80", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.example.org"])
def test_another_host_name_is_turned_away_even_with_the_key(visitor: Visitor, host: str) -> None:
    assert visitor.ask(f"/{visitor.key}/state", host=host)[0] == 403


@pytest.mark.parametrize("origin", [None, "null", "http://example.org", "http://127.0.0.1:1", "https://{host}"])
def test_a_gesture_from_another_page_or_from_nowhere_is_turned_away(visitor: Visitor, origin: str | None) -> None:
    told = {"who": DANA, "does": "say", "text": "hello"}
    origin = origin.format(host=visitor.host) if origin else None

    assert visitor.ask(f"/{visitor.key}/gestures", told, origin=origin)[0] == 403
    assert visitor.own() == []


def test_the_state_is_not_for_other_pages_either(visitor: Visitor) -> None:
    assert visitor.ask(f"/{visitor.key}/state", origin="http://example.org")[0] == 403
    assert visitor.ask(f"/{visitor.key}/state", origin=f"http://{visitor.host}")[0] == 200


def test_every_answer_carries_a_strict_policy(visitor: Visitor) -> None:
    for path in ("/", f"/{visitor.key}/", f"/{visitor.key}/app.js", f"/{visitor.key}/state", f"/{visitor.key}/none.js"):
        connection = http.client.HTTPConnection(visitor.host, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, path
        connection.close()
    assert "unsafe" not in str(HEADERS)


@pytest.mark.parametrize("name", ["..%2Fbrowser.py", "%2E%2E/browser.py", "browser.py", "..", "page/app.js"])
def test_only_the_pages_own_files_are_served(visitor: Visitor, name: str) -> None:
    status, told = visitor.ask(f"/{visitor.key}/{name}")

    assert status in (403, 404)
    assert "LoopbackServer" not in told


# ---- the page's files


def test_the_page_needs_no_network() -> None:
    found = [
        (file.name, address)
        for file in PAGE.iterdir()
        for address in re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.]+", file.read_text(encoding="utf-8"))
        if "www.w3.org" not in address
    ]

    assert found == []


def test_the_page_never_makes_markup_of_words() -> None:
    words = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc")

    assert [file.name for file in PAGE.iterdir() if words.search(file.read_text(encoding="utf-8"))] == []


# ---- what is done there


def test_what_is_said_reaches_the_bot_and_its_answer_comes_back(visitor: Visitor) -> None:
    assert visitor.do(does="say", text="<b>hello</b>")[1]["ok"]

    seen = visitor.answered()

    said, answer = seen["messages"]
    assert said["text"] == "&lt;b&gt;hello&lt;/b&gt;"
    assert answer["thread_ts"] == said["ts"]
    assert answer["blocks"][0]["type"] == "header"


def test_a_phone_shows_the_text_of_a_message_and_never_its_blocks(visitor: Visitor) -> None:
    visitor.do(does="say", text="hello")
    visitor.answered()

    assert visitor.state(SAM)["notifications"] == [{"to": DANA, "text": "A card"}]


def test_an_answer_in_a_thread_stays_in_it(visitor: Visitor) -> None:
    visitor.do(does="say", text="hello")
    [thread] = visitor.own()

    visitor.do(does="say", text="and again", thread=thread)

    again = visitor.slack.message(visitor.own()[-1])
    assert again is not None
    assert again["thread_ts"] == thread


def test_buttons_and_selects_are_heard(visitor: Visitor) -> None:
    visitor.do(does="say", text="hello")
    card = visitor.answered()["messages"][-1]["ts"]

    visitor.do(does="press", where=card, element="throw", block="row")
    visitor.do(does="pick", where=card, element="level", value="setback")

    def heard() -> bool:
        return {"heard throw throw", "heard level setback"} <= {m["text"] for m in visitor.slack.messages(DANA)}

    assert visitor.slack.wait_until(heard)


def test_what_stands_in_a_modal_is_sent_and_what_is_wrong_comes_back(visitor: Visitor) -> None:
    visitor.do(does="say", text="hello")
    card = visitor.answered()["messages"][-1]["ts"]
    visitor.do(does="press", where=card, element="open", block="row")
    modal = visitor.slack.wait_until(lambda: visitor.state()["seen"]["modal"])["id"]
    filled = {"words": "no", "level": "setback", "risk": ["si"], "how": "video", "day": "2026-09-15"}

    assert set(visitor.do(does="submit", where=modal)[1]["errors"]) == {"words", "level", "risk", "how", "day"}
    wrong = visitor.do(does="submit", where=modal, filled=filled)[1]
    right = visitor.do(does="submit", where=modal, filled={"words": "long enough"})[1]

    assert wrong["errors"] == {"words": "A little more, please."}
    assert right["ok"]
    assert visitor.state()["seen"]["modal"] is None


def test_home_opens_and_commands_are_typed(visitor: Visitor) -> None:
    visitor.do(does="open_home")

    assert visitor.slack.wait_until(lambda: visitor.state()["seen"]["home"])["type"] == "home"
    assert visitor.do(does="command", element="/nobody")[0] == 409


def test_nobody_can_change_what_somebody_else_said(visitor: Visitor) -> None:
    visitor.do(does="say", text="hello")
    card = visitor.answered()["messages"][-1]["ts"]
    [said] = visitor.own()

    refused = [visitor.do(does=does, where=card, text="x")[0] for does in ("edit", "delete", "deliver_again")]
    refused += [visitor.do(SAM, does=does, where=said, text="x")[0] for does in ("edit", "delete", "deliver_again")]

    assert refused == [409] * 6
    assert visitor.do(does="edit", where=said, text="good night")[0] == 200
    assert visitor.state()["seen"]["messages"][0]["text"] == "good night"


@pytest.mark.parametrize(
    ("gesture", "status"),
    [
        ({"who": "UNOBODY", "does": "say", "text": "hello"}, 409),
        ({"who": DANA, "does": "say", "text": "  "}, 409),
        ({"who": DANA, "does": "fly"}, 409),
        ({"who": DANA, "does": "press", "where": "1.1", "element": "sign"}, 409),
        ({"who": DANA, "does": "say", "sings": True}, 400),
        (["not", "a", "gesture"], 400),
    ],
)
def test_what_nobody_could_do_is_refused_in_a_sentence(visitor: Visitor, gesture: object, status: int) -> None:
    got, told = visitor.ask(f"/{visitor.key}/gestures", gesture, origin=f"http://{visitor.host}")

    assert got == status
    assert told
    assert "Traceback" not in told


def test_the_page_is_told_to_look_again_when_something_has_changed(visitor: Visitor) -> None:
    connection = http.client.HTTPConnection(visitor.host, timeout=10)
    connection.request("GET", f"/{visitor.key}/changes")
    changes = connection.getresponse()
    assert changes.readline() == b"data: look\n"

    visitor.slack.dm(SAM, "hello")

    told = [changes.readline() for _ in range(2)]
    assert told[-1] == b"data: look\n"
    connection.close()


# ---- whose database


def test_a_folder_with_something_else_in_it_is_neither_used_nor_deleted(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("twelve years of work", encoding="utf-8")

    for fresh in (False, True):
        with pytest.raises(NotOurs, match="something else"):
            open_practice(tmp_path, riverbend(), fresh=fresh)
    assert (tmp_path / "thesis.txt").exists()


def test_a_real_practice_is_neither_opened_nor_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    real = open_practice(folder, riverbend())
    real.put([Practice(name="A real one", timezone="America/New_York", fictional=False)], by="setup")
    real.close()

    for fresh in (False, True):
        with pytest.raises(NotOurs, match="real practice"):
            open_practice(folder, riverbend(), fresh=fresh)
    assert (folder / "circlenote.db").exists()


def test_the_playgrounds_own_practice_is_opened_again_and_can_be_begun_anew(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    open_practice(folder, riverbend(), fresh=False).close()
    (folder / "mark").touch()

    open_practice(folder, riverbend(), fresh=False).close()
    assert (folder / "mark").exists()
    open_practice(folder, riverbend(), fresh=True).close()
    assert not (folder / "mark").exists()
