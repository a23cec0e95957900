"""The events that the bot is told: only those its manifest subscribes to, each kept so that it can be told again."""

from copy import deepcopy
from uuid import uuid4

from bot.playground.delivery import Courier, Envelope
from bot.playground.manifest import Manifest
from bot.playground.payloads import event_callback
from bot.playground.people import Json
from bot.playground.workspace import Workspace


class Feed:
    def __init__(self, workspace: Workspace, manifest: Manifest, courier: Courier) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._courier = courier
        self.told: dict[str, Json] = {}

    def tell(self, event: Json, *, from_outside: bool = False) -> str:
        """Sends the event on its way and gives its id; empty if the app does not subscribe to it."""
        if not self._manifest.subscribes(event):
            return ""
        payload = event_callback(event, self._workspace.clock.now(), from_outside=from_outside)
        self.told[payload["event_id"]] = payload
        self._courier.send(Envelope(kind="events_api", payload=payload))
        return str(payload["event_id"])

    def again(self, event_id: str) -> None:
        """The same event once more, marked as a repetition: Slack does this when an acknowledgement got lost."""
        payload = self.told[event_id]
        self._courier.send_once(Envelope(kind="events_api", payload=payload, attempt=1, reason="timeout"))

    def anew(self, event_id: str) -> str:
        """What this event told, under a new event id: Slack does this too, and nothing but the message tells."""
        payload = deepcopy(self.told[event_id]) | {"event_id": f"Ev{uuid4().hex[:10].upper()}"}
        self.told[payload["event_id"]] = payload
        self._courier.send(Envelope(kind="events_api", payload=payload))
        return str(payload["event_id"])

    def event_of(self, ts: str) -> str:
        """The id of the event that first told of the message with this timestamp. LookupError if none did."""
        for event_id, payload in self.told.items():
            if payload["event"]["type"] == "message" and payload["event"]["ts"] == ts:
                return event_id
        raise LookupError(f"no event told of a message {ts}")
