"""The slash command. It answers only whom it was typed by, and repeats nothing."""

from typing import Any

from slack_bolt import Ack, App

HELP = (
    "Send me one message after group, here in our direct messages: who came, when, what you worked on, and a few "
    "words about each client. I ask what is missing, and you sign."
)
ELSEWHERE = "Please use this in our direct messages: what concerns clients does not belong anywhere else."


def register(app: App) -> None:
    app.command("/circlenote")(typed)


def typed(ack: Ack, command: dict[str, Any]) -> None:
    ack(HELP if command.get("channel_name") == "directmessage" else ELSEWHERE)
