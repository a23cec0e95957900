"""The app's manifest, as far as the stand-in must honour it: what the app may call, and what it is told."""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped, unused-ignore]  # its stubs are a separate package

from billing.record import record

MANIFEST_FILE = Path(__file__).parents[2] / "manifest.yml"


@record
class Manifest:
    """`scopes`: what the bot token may do. `events`: what Slack tells the app. `shortcuts`: callback id → type."""

    name: str
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    commands: tuple[str, ...]
    shortcuts: tuple[tuple[str, str], ...]

    def subscribes(self, event: dict[str, Any]) -> bool:
        """Whether Slack would send this event to the app. Messages are subscribed by kind of conversation."""
        if event["type"] == "message":
            return f"message.{event['channel_type']}" in self.events
        return event["type"] in self.events


def read_manifest(path: Path = MANIFEST_FILE) -> Manifest:
    """The manifest in this file. A file that is not a manifest raises KeyError or yaml.YAMLError."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    features, settings = content["features"], content["settings"]
    return Manifest(
        name=content["display_information"]["name"],
        scopes=tuple(content["oauth_config"]["scopes"]["bot"]),
        events=tuple(settings["event_subscriptions"]["bot_events"]),
        commands=tuple(command["command"] for command in features.get("slash_commands", ())),
        shortcuts=tuple((each["callback_id"], each["type"]) for each in features.get("shortcuts", ())),
    )
