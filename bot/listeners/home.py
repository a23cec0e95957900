"""The Home tab: how to begin."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.views.home import home


def register(app: App) -> None:
    app.event("app_home_opened")(opened)


def opened(event: dict[str, Any], client: WebClient) -> None:
    if event.get("tab") == "home":
        client.views_publish(user_id=event["user"], view=home())
