"""What Slack may send us. By the time a listener runs, it is in the inbox: all that is left is to acknowledge."""

import re

from slack_bolt import App

from bot.listeners import commands, home

BUTTONS = re.compile(
    r"^(answer\.\d+\.\d+|sign|undo|drop|confirm_cancelled|(read_notes|cosign)(\.\d+)?"
    r"|(later|tomorrow|not_held|took_place|else_led)\.\d+|led\.\d+\.\d+)$"
)
MODALS = re.compile(r"^(sign_read|notes)$")


def register(app: App) -> None:
    """Every event, button, modal and command that the manifest declares or our views contain."""
    app.event("message")(kept)
    app.event("app_uninstalled")(kept)
    app.event("tokens_revoked")(kept)
    app.action(BUTTONS)(acknowledged)
    app.view(MODALS)(acknowledged)
    home.register(app)
    commands.register(app)


def kept() -> None:
    """Events are acknowledged by Bolt itself."""


def acknowledged(ack: object) -> None:
    """Gestures are acknowledged here; an open modal closes."""
    ack()  # type: ignore[operator]
