"""The stand-in against a real Bolt app, over Socket Mode and over signed HTTP."""

import re
import threading
import time
from itertools import count

import pytest
import yaml
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.app.app import SlackAppDevelopmentServer
from slack_sdk import WebClient, WebhookClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.playground.gestures import HOME, MODAL
from bot.playground.manifest import MANIFEST_FILE
from bot.playground.people import User, voice_clip
from bot.playground.standin import StandIn

NUMBERS = count(1)


def plain(text):
    return {"type": "plain_text", "text": text}


MODAL_VIEW = {
    "type": "modal",
    "callback_id": "note",
    "title": plain("A note"),
    "submit": plain("Save"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": plain("A few words"),
            "element": {"type": "plain_text_input", "action_id": "typed"},
        },
        {
            "type": "actions",
            "block_id": "more",
            "elements": [{"type": "button", "action_id": "add_line", "text": plain("Another line")}],
        },
    ],
}


def card(text):
    presence = [{"text": plain(word), "value": word.lower()} for word in ("Present", "No-show")]
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {
            "type": "actions",
            "block_id": "tom",
            "elements": [
                {"type": "button", "action_id": "open", "text": plain("Write it here"), "value": "draft-1"},
                {"type": "static_select", "action_id": "presence", "placeholder": plain("Tom"), "options": presence},
            ],
        },
    ]


class EchoApp:
    """A small bot: it repeats what it hears in a thread, with a button that opens a modal."""

    def __init__(self, standin, *retry_handlers):
        self.bodies = []
        self.retries = []
        self.headers = []
        self.slow_once = set()
        client = WebClient(standin.tokens.bot, base_url=standin.url, retry_handlers=list(retry_handlers))
        self.app = App(client=client, signing_secret=standin.tokens.signing_secret)
        self._listen_to_events(self.app)
        self._listen_to_presses(self.app)
        self._listen_to_modals(self.app)

    def _listen_to_events(self, app):
        @app.middleware
        def note_down(req, body, next):
            self.bodies.append(body)
            event = body.get("event", {})
            self.headers.append((body.get("event_id"), req.headers))
            self.retries.append((body.get("event_id"), req.headers.get("x-slack-retry-num")))
            if event.get("text") == "slow" and event["ts"] not in self.slow_once:
                self.slow_once.add(event["ts"])
                time.sleep(0.6)
            next()

        @app.event("message")
        def heard(event, say):
            if event.get("subtype") is None:
                say(text="An echo", blocks=card(f"You said: {event['text']}"), thread_ts=event["ts"])

        @app.event("app_home_opened")
        def home(event, client):
            button = {"type": "button", "action_id": "open", "text": plain("Start")}
            view = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
            client.views_publish(user_id=event["user"], view=view)

    def _listen_to_presses(self, app):
        @app.action("open")
        def open_modal(ack, body, client):
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=MODAL_VIEW)

        @app.action("presence")
        def picked(ack, action, respond):
            ack()
            respond(text=f"Tom: {action['selected_option']['value']}", replace_original=False)

        @app.action("add_line")
        def add_line(ack, body, client):
            ack()
            line = {"type": "section", "text": plain("One more")}
            view = MODAL_VIEW | {"blocks": [*MODAL_VIEW["blocks"], line]}
            client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

        @app.command("/circlenote")
        def command(ack, command):
            ack(text=f"Heard {command['text']} in {command['channel_id']}")

        @app.shortcut("group_note")
        def shortcut(ack, shortcut, client):
            ack()
            client.chat_postMessage(channel=shortcut["user"]["id"], text=shortcut["message"]["text"])

    def _listen_to_modals(self, app):
        @app.view("note")
        def submitted(ack, view):
            typed = view["state"]["values"]["words"]["typed"]["value"]
            if typed == "no":
                ack(response_action="errors", errors={"words": "A little more, please."})
            elif typed == "next":
                ack(response_action="push", view=MODAL_VIEW | {"callback_id": "second"})
            else:
                ack()

        @app.view_closed(re.compile("note|second"))
        def closed(ack):
            ack()


@pytest.fixture(scope="module")
def slack(tmp_path_factory):
    """A workspace whose app has, beside what Circlenote's has, a shortcut on messages."""
    manifest = yaml.safe_load(MANIFEST_FILE.read_text(encoding="utf-8"))
    manifest["features"]["shortcuts"] = [{"name": "Make a note", "type": "message", "callback_id": "group_note"}]
    file = tmp_path_factory.mktemp("app") / "manifest.yml"
    file.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    with StandIn(manifest_file=file) as standin:
        yield standin


@pytest.fixture(scope="module")
def bot(slack):
    echo = EchoApp(slack)
    handler = SocketModeHandler(echo.app, slack.tokens.app)
    handler.connect()
    slack.wait_connected()
    yield echo
    handler.close()


@pytest.fixture
def dana(slack):
    """Somebody new in the workspace, so that tests do not see each other's messages."""
    number = next(NUMBERS)
    slack.workspace.add(User(id=f"U0DANA{number}", name="dana", real_name="Dana Whitfield"))
    return f"U0DANA{number}"


def reply_to(slack, user, ts):
    return slack.wait_until(
        lambda: next((m for m in slack.messages(user) if m.get("thread_ts") == ts != m["ts"]), None)
    )


def test_a_message_is_answered_in_its_thread(slack, bot, dana):
    ts = slack.dm(dana, "Tom & Bob <3")
    reply = reply_to(slack, dana, ts)
    assert reply["blocks"][0]["text"]["text"] == "You said: Tom &amp; Bob &lt;3"
    assert slack.message(ts)["reply_count"] == 1


def test_events_look_like_slacks(slack, bot, dana):
    ts = slack.dm(dana, "hello")
    body = slack.wait_until(lambda: next((b for b in bot.bodies if b.get("event", {}).get("ts") == ts), None))
    assert body["type"] == "event_callback"
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"][0]["is_bot"] is True
    assert body["event"]["channel_type"] == "im"
    assert body["event"]["event_ts"] == ts
    assert body["event"]["client_msg_id"]


def test_the_bots_own_message_comes_back_as_an_event_and_bolt_ignores_it(slack, bot, dana):
    reply_to(slack, dana, slack.dm(dana, "hello"))
    slack.wait_idle()
    assert len(slack.messages(dana)) == 2


def test_a_pressed_button_opens_a_modal_and_its_errors_come_back(slack, bot, dana):
    reply = reply_to(slack, dana, slack.dm(dana, "hello"))
    assert slack.press(dana, reply["ts"], "Write it here").ok
    slack.wait_until(lambda: slack.view(dana))
    assert slack.submit(dana, values={"typed": "no"}).errors == {"words": "A little more, please."}
    assert slack.view(dana) is not None
    assert slack.submit(dana, values={"words": "Tom led the closing"}).ok
    assert slack.view(dana) is None


def test_slack_itself_refuses_a_required_input_left_empty(slack, bot, dana):
    reply = reply_to(slack, dana, slack.dm(dana, "hello"))
    slack.press(dana, reply["ts"], "open")
    slack.wait_until(lambda: slack.view(dana))
    before = len(bot.bodies)
    assert slack.submit(dana).errors == {"words": "Please complete this required field."}
    assert len(bot.bodies) == before


def test_a_submission_can_lay_a_second_modal_on_the_first(slack, bot, dana):
    reply = reply_to(slack, dana, slack.dm(dana, "hello"))
    slack.press(dana, reply["ts"], "open")
    first = slack.wait_until(lambda: slack.view(dana))
    slack.submit(dana, values={"typed": "next"})
    second = slack.view(dana)
    assert second["previous_view_id"] == first["id"]
    slack.close(dana, second["id"])
    assert slack.view(dana)["id"] == first["id"]


def test_what_was_typed_survives_an_update_of_the_modal(slack, bot, dana):
    reply = reply_to(slack, dana, slack.dm(dana, "hello"))
    slack.press(dana, reply["ts"], "open")
    slack.wait_until(lambda: slack.view(dana))
    slack.select(dana, MODAL, "typed", "half a thought")
    slack.press(dana, MODAL, "Another line")
    view = slack.wait_until(lambda: (v := slack.view(dana)) and len(v["blocks"]) == 3 and v)
    assert view["state"]["values"]["words"]["typed"]["value"] == "half a thought"


def test_closing_a_modal_is_told_to_a_bot_that_asked_for_it(slack, bot, dana):
    reply = reply_to(slack, dana, slack.dm(dana, "hello"))
    slack.press(dana, reply["ts"], "open")
    slack.wait_until(lambda: slack.view(dana))
    slack.close(dana)
    assert bot.bodies[-1]["type"] == "view_closed"
    assert slack.view(dana) is None


def test_a_pick_reaches_the_bot_and_its_answer_only_the_user(slack, bot, dana):
    reply = reply_to(slack, dana, slack.dm(dana, "hello"))
    assert slack.select(dana, reply["ts"], "presence", "No-show").ok
    said = slack.wait_until(lambda: slack.ephemerals(dana))
    assert said[0]["text"] == "Tom: no-show"


def test_nobody_can_pick_or_press_what_is_not_there(slack, bot, dana):
    reply = reply_to(slack, dana, slack.dm(dana, "hello"))
    with pytest.raises(LookupError, match="Present"):
        slack.select(dana, reply["ts"], "presence", "Maybe")
    with pytest.raises(LookupError, match="Write it here"):
        slack.press(dana, reply["ts"], "Sign")


def test_a_command_is_answered_in_its_acknowledgement(slack, bot, dana):
    ack = slack.command(dana, "/circlenote", "owed", channel="C0GENERAL")
    assert ack.payload["text"] == "Heard owed in C0GENERAL"
    assert slack.ephemerals(dana)[0]["text"] == "Heard owed in C0GENERAL"
    assert slack.messages("C0GENERAL") == []


def test_a_shortcut_on_a_message_elsewhere_brings_its_text(slack, bot, dana):
    ts = slack.post_elsewhere(dana, "C0GENERAL2", "DBT today")
    assert slack.shortcut(dana, "group_note", ts, channel="C0GENERAL2").ok
    assert slack.wait_until(lambda: slack.messages(dana))[0]["text"] == "DBT today"


def test_home_is_published_when_opened_and_its_buttons_work(slack, bot, dana):
    slack.open_home(dana)
    slack.wait_until(lambda: slack.home(dana))
    assert slack.press(dana, HOME, "Start").ok
    assert slack.wait_until(lambda: slack.view(dana))["callback_id"] == "note"


def events_of(bot, subtype, ts):
    """Events of this subtype that tell of the message with this timestamp."""
    events = [body["event"] for body in bot.bodies if body.get("event", {}).get("subtype") == subtype]
    return [e for e in events if ts in (e.get("deleted_ts"), e.get("message", {}).get("ts"), e["ts"])]


def test_edits_previews_and_deletions_arrive_in_slacks_shapes(slack, bot, dana):
    ts = slack.dm(dana, "hello", subtype="me_message")
    slack.edit(dana, ts, "goodbye")
    [edited] = slack.wait_until(lambda: events_of(bot, "message_changed", ts))
    assert (edited["message"]["text"], edited["previous_message"]["text"]) == ("goodbye", "hello")
    assert edited["message"]["edited"]["user"] == dana
    slack.delete(dana, ts)
    [deleted] = slack.wait_until(lambda: events_of(bot, "message_deleted", ts))
    assert deleted["previous_message"]["text"] == "goodbye"


def test_a_link_preview_changes_a_message_that_nobody_edited(slack, bot, dana):
    ts = slack.dm(dana, "see https://example.org", subtype="me_message")
    slack.unfurl(dana, ts, "https://example.org")
    [changed] = slack.wait_until(lambda: events_of(bot, "message_changed", ts))
    assert changed["message"]["text"] == changed["previous_message"]["text"]
    assert "edited" not in changed["message"]


def test_deleting_a_message_with_replies_leaves_a_tombstone(slack, bot, dana):
    ts = slack.dm(dana, "hello")
    reply_to(slack, dana, ts)
    slack.delete(dana, ts)
    changes = slack.wait_until(lambda: events_of(bot, "message_changed", ts))
    assert changes[-1]["message"]["subtype"] == "tombstone"
    assert changes[-1]["previous_message"]["text"] == "hello"


def test_a_voice_clip_is_a_file_share(slack, bot, dana):
    ts = slack.dm(dana, "", files=[voice_clip("group went well")])
    [event] = slack.wait_until(lambda: events_of(bot, "file_share", ts))
    assert event["files"][0]["mimetype"].startswith("audio/")


def test_the_same_event_can_come_again_and_the_same_message_anew(slack, bot, dana):
    ts = slack.dm(dana, "hello", subtype="me_message")
    event_id = slack.event_of(ts)
    slack.redeliver(event_id)
    slack.wait_until(lambda: (event_id, ["1"]) in bot.retries)
    other = slack.same_message_new_event(ts)
    assert other != event_id
    slack.wait_until(lambda: (other, ["0"]) in bot.retries)


def test_a_gesture_fails_when_the_bot_is_not_there():
    with StandIn([User(id="U0ERIN", name="erin", real_name="Erin")], ack_seconds=0.1) as impatient:
        ack = impatient.command("U0ERIN", "/circlenote", "help")
    assert (ack.ok, ack.reason) == (False, "no_connection")


def test_an_event_that_is_not_acknowledged_in_time_comes_again():
    erin = User(id="U0ERIN", name="erin", real_name="Erin")
    with StandIn([erin], ack_seconds=0.3, retry_seconds=(0.0, 0.1, 0.1)) as slack:
        echo = EchoApp(slack)
        handler = SocketModeHandler(echo.app, slack.tokens.app)
        handler.connect()
        slack.wait_connected()
        ts = slack.dm("U0ERIN", "slow")
        event_id = slack.event_of(ts)
        slack.wait_until(lambda: len(slack.attempts(event_id)) == 2)
        handler.close()
    first, second = slack.attempts(event_id)
    assert (first.ack.reason, second.ack.ok) == ("timeout", True)
    assert [retry for id_, retry in echo.retries if id_ == event_id] == [["0"], ["1"]]


def test_what_is_said_while_the_bot_is_away_comes_later():
    erin = User(id="U0ERIN", name="erin", real_name="Erin")
    with StandIn([erin], retry_seconds=(0.0, 0.2, 0.2, 0.2, 0.2, 0.2)) as slack:
        ts = slack.dm("U0ERIN", "hello")
        handler = SocketModeHandler(EchoApp(slack).app, slack.tokens.app)
        handler.connect()
        assert reply_to(slack, "U0ERIN", ts)
        handler.close()
    assert slack.attempts(slack.event_of(ts))[0].ack.reason == "no_connection"


def test_the_bot_reconnects_when_slack_asks_it_to(slack, bot, dana):
    opened = len(slack.calls("apps.connections.open"))
    slack.disconnect_sockets()
    slack.wait_until(lambda: len(slack.calls("apps.connections.open")) > opened)
    slack.wait_until(lambda: slack.socket.connections == 1)
    assert reply_to(slack, dana, slack.dm(dana, "still there?"))


def test_the_bot_finds_its_way_back_after_a_broken_connection():
    frank = User(id="U0FRANK", name="frank", real_name="Frank")
    with StandIn([frank], retry_seconds=(0.0, *[0.1] * 40)) as slack:
        handler = SocketModeHandler(EchoApp(slack).app, slack.tokens.app, ping_interval=0.3)
        handler.connect()
        slack.wait_connected()
        slack.drop_sockets()
        ts = slack.dm("U0FRANK", "hello")
        assert reply_to(slack, "U0FRANK", ts)
        handler.close()


def test_of_several_connections_each_gets_its_share(slack, bot, dana):
    second = SocketModeHandler(bot.app, slack.tokens.app)
    second.connect()
    slack.wait_until(lambda: slack.socket.connections == 2)
    heard = []
    second.client.socket_mode_request_listeners.insert(0, lambda _, request: heard.append(request.envelope_id))
    for _ in range(4):
        assert slack.command(dana, "/circlenote").ok
    second.close()
    slack.wait_until(lambda: slack.socket.connections == 1)
    assert len(heard) == 2


def test_somebody_from_another_company_can_be_told_by_the_event(slack, bot):
    slack.workspace.add(User(id="U0OUT", name="out", real_name="Out", team_id="T0OTHER", is_stranger=True))
    ts = slack.dm("U0OUT", "hello", subtype="me_message")
    body = slack.wait_until(lambda: next((b for b in bot.bodies if b.get("event", {}).get("ts") == ts), None))
    assert body["is_ext_shared_channel"] is True
    assert body["event"]["team"] == body["event"]["user_team"] == "T0OTHER"


def test_a_response_url_is_used_up_after_five_answers(slack, bot, dana):
    slack.command(dana, "/circlenote")
    url = bot.bodies[-1]["response_url"]
    assert [WebhookClient(url).send(text=f"{n}").status_code for n in range(6)] == [200] * 5 + [404]
    assert [m["text"] for m in slack.ephemerals(dana)][1:] == list("01234")


def test_a_rate_limit_is_waited_out(slack):
    slack.workspace.add(User(id="U0LIMIT", name="dana", real_name="Dana"))
    client = WebClient(slack.tokens.bot, base_url=slack.url, retry_handlers=[RateLimitErrorRetryHandler()])
    slack.inject("chat.postMessage", retry_after=1)
    assert client.chat_postMessage(channel="U0LIMIT", text="hello")["ok"]
    outcomes = [call.error for call in slack.calls("chat.postMessage") if call.args["channel"] == "U0LIMIT"]
    assert outcomes == ["injected", ""]


@pytest.fixture
def by_http():
    """The same bot behind Bolt's own HTTP server, with signatures checked."""
    erin = User(id="U0ERIN", name="erin", real_name="Erin")
    with StandIn([erin], ack_seconds=0.3, retry_seconds=(0.0,)) as standin:
        echo = EchoApp(standin)
        server = SlackAppDevelopmentServer(0, "/slack/events", echo.app)
        port = server._server.server_address[1]
        thread = threading.Thread(target=server._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        standin.deliver_by_http(f"http://127.0.0.1:{port}/slack/events")
        yield standin, echo
        server._server.shutdown()
        server._server.server_close()
        thread.join()


def test_signed_http_carries_the_same_conversation(by_http):
    slack, _ = by_http
    reply = reply_to(slack, "U0ERIN", slack.dm("U0ERIN", "hello"))
    assert slack.press("U0ERIN", reply["ts"], "Write it here").ok
    slack.wait_until(lambda: slack.view("U0ERIN"))
    assert slack.submit("U0ERIN", values={"typed": "no"}).errors == {"words": "A little more, please."}
    assert slack.command("U0ERIN", "/circlenote", "owed").payload["text"].startswith("Heard owed")


def test_a_repetition_by_http_says_so_in_its_headers_and_a_first_delivery_does_not(by_http):
    slack, echo = by_http
    event_id = slack.event_of(slack.dm("U0ERIN", "slow"))
    slack.wait_until(lambda: [retry for id_, retry in echo.retries if id_ == event_id] == [None, ["1"]])
    second = next(headers for id_, headers in echo.headers if id_ == event_id and "x-slack-retry-num" in headers)
    assert second["x-slack-retry-reason"] == ["http_timeout"]


def test_a_wrong_signature_is_turned_away_by_bolt(by_http):
    slack, _ = by_http
    slack._courier.carrier._secret = b"not the secret"
    assert slack.command("U0ERIN", "/circlenote").reason == "http_error"
