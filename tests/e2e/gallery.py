"""A small Slack app that uses every block the page draws, and repeats what it is told."""

import json
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.standin import StandIn

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def options(*labels: str) -> list[Block]:
    return [{"text": plain(label), "value": label.lower().replace(" ", "-")} for label in labels]


def words(text: str, **more: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, action: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(label), "action_id": action, "value": action, **more}


def wanted(block_id: str, label: str, element: Block, **more: Any) -> Block:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


SURE = {
    "title": plain("Really?"),
    "text": plain("It cannot be undone."),
    "confirm": plain("Do it"),
    "deny": plain("No"),
}
LEVELS = options("Progressing", "About the same", "Setback")
CARD = [
    {"type": "header", "text": plain("Every block :wave:")},
    words("*bold* _soft_ `code` <https://example.org|a link> &lt;script&gt;alert(1)&lt;/script&gt; :tada:"),
    words("Tom", accessory={"type": "static_select", "action_id": "level", "options": LEVELS}),
    {"type": "section", "fields": [plain("Day"), plain("Tuesday"), plain("Came"), plain("6 of 8")]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "small print for <@UDANA>"}]},
    {"type": "divider"},
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("Fill in", "open", style="primary"),
            button("Throw away", "throw", style="danger", confirm=SURE),
            {"type": "overflow", "action_id": "more", "options": options("Snooze", "Return")},
        ],
    },
]
INPUTS = [
    wanted("words", "A few words", {"type": "plain_text_input", "action_id": "typed", "multiline": True}),
    wanted("level", "Level", {"type": "static_select", "action_id": "picked", "options": LEVELS}),
    wanted("risk", "Safety", {"type": "checkboxes", "action_id": "ticked", "options": options("SI", "HI")}),
    wanted("how", "How", {"type": "radio_buttons", "action_id": "ticked", "options": options("Video", "Phone")}),
    wanted("day", "Day", {"type": "datepicker", "action_id": "day"}),
    wanted("late", "Arrived", {"type": "timepicker", "action_id": "time"}, optional=True),
    {"type": "actions", "block_id": "row", "elements": [button("One more", "again")]},
]


def modal(*more: Block) -> Block:
    shell = {"type": "modal", "callback_id": "filled", "title": plain("Finish in one go"), "submit": plain("Save")}
    return shell | {"close": plain("Not now"), "blocks": [*INPUTS, *more]}


def gallery(standin: StandIn) -> SocketModeHandler:
    """The app, connected. Close it when done."""
    slack = WebClient(token=standin.tokens.bot, base_url=standin.url)
    app = App(client=slack, signing_secret="unused", token_verification_enabled=False)
    _answer_messages(app)
    _answer_modals(app)
    handler = SocketModeHandler(
        app, standin.tokens.app, web_client=WebClient(token=standin.tokens.app, base_url=standin.url)
    )
    handler.connect()
    standin.wait_connected()
    return handler


def _answer_messages(app: App) -> None:
    @app.event("message")
    def heard(event: dict[str, Any], say: Any) -> None:
        if event.get("subtype") is None:
            say(text="A card", blocks=CARD, thread_ts=event["ts"])

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CARD})

    @app.action("open")
    def fill_in(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    for action in ("level", "throw", "more"):
        app.action(action)(told)


def told(ack: Any, action: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
    ack()
    chosen = action.get("selected_option", action).get("value")
    client.chat_postMessage(channel=body["user"]["id"], text=f"heard {action['action_id']} {chosen}")


def _answer_modals(app: App) -> None:
    @app.action("again")
    def one_more(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        more = wanted("second", "More words", {"type": "plain_text_input", "action_id": "typed"}, optional=True)
        client.views_update(view_id=body["view"]["id"], view=modal(more))

    @app.view("filled")
    def submitted(ack: Any, view: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
        values = view["state"]["values"]
        if len(values["words"]["typed"]["value"]) < 5:
            ack(response_action="errors", errors={"words": "A little more, please."})
            return
        ack()
        held = {block: next(iter(inputs.values())) for block, inputs in values.items()}
        client.chat_postMessage(channel=body["user"]["id"], text=f"filled {json.dumps(held)}")
