"""Replies → Slack: each is said once, however often we are asked to say it.

Slack takes no idempotency key, so ours goes into the message's metadata and is looked for before anything is posted
that has no known place yet. Cards are updated where they stand.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.outbox import Open, Out, Reply
from bot.views.blocks import View
from storage.handles import Card
from storage.reminders import Place
from storage.store import Store

log = logging.getLogger(__name__)
EVENT_TYPE = "circlenote"
LOOK_BACK = 50
"""Messages looked through for one that may have been posted before a crash."""


class Delivery:
    def __init__(self, slack: WebClient, store: Store) -> None:
        self._slack = slack
        self._store = store

    def deliver(self, reply: Reply, trigger: str | None = None) -> None:
        """Says it. `trigger` is what Slack gave us to open a modal with; it is good for three seconds."""
        if isinstance(reply, Open):
            self._open(reply, trigger)
        elif reply.draft:
            self._card(reply)
        else:
            self._once(reply, self._channel(reply), reply.thread)

    def _open(self, reply: Open, trigger: str | None) -> None:
        """An expired trigger is not worth a failure: the button is still there to be pressed again."""
        if trigger is None:
            return
        try:
            self._slack.views_open(trigger_id=trigger, view=reply.modal)
        except SlackApiError as e:
            if e.response.get("error") not in ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"):
                raise
            log.info("a trigger had expired")

    def _card(self, reply: Out) -> None:
        channel = self._channel(reply)
        known = self._store.card(reply.draft, channel) if reply.draft else None
        ts = (
            known.ts
            if known and self.change(Place(channel=channel, ts=known.ts), reply.view)
            else self._once(reply, channel, reply.thread)
        )
        assert reply.draft is not None
        card = Card(draft=reply.draft, channel=channel, thread=reply.thread or ts, ts=ts, digest=reply.digest)
        self._store.save_card(card)

    def post(self, reply: Out) -> Place:
        """Posts it unless it stands there already, and says where."""
        channel = self._channel(reply)
        return Place(channel=channel, ts=self._once(reply, channel, reply.thread))

    def change(self, place: Place, view: View) -> bool:
        """False if the message is gone: somebody may delete what we said."""
        try:
            self._slack.chat_update(channel=place.channel, ts=place.ts, **_says(view))
        except SlackApiError as e:
            if e.response.get("error") not in ("message_not_found", "cant_update_message"):
                raise
            return False
        return True

    def remove(self, place: Place) -> None:
        """Deletes the message. One that is gone already is fine."""
        try:
            self._slack.chat_delete(channel=place.channel, ts=place.ts)
        except SlackApiError as e:
            if e.response.get("error") not in ("message_not_found", "cant_delete_message"):
                raise

    def _once(self, reply: Out, channel: str, thread: str | None) -> str:
        """Posts it unless it stands there already; returns its timestamp."""
        standing = self._standing(reply.key, channel, thread)
        if standing:
            if reply.anew:
                self.change(Place(channel=channel, ts=standing), reply.view)
            return standing
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": reply.key}}
        posted = self._slack.chat_postMessage(
            channel=channel, thread_ts=thread, metadata=metadata, unfurl_links=False, **_says(reply.view)
        )
        return str(posted["ts"])

    def _standing(self, key: str, channel: str, thread: str | None) -> str | None:
        for message in self._recent(channel, thread):
            if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                return str(message["ts"])
        return None

    def _recent(self, channel: str, thread: str | None) -> list[dict[str, Any]]:
        look: dict[str, Any] = {"channel": channel, "limit": LOOK_BACK, "include_all_metadata": True}
        if thread:
            found = self._slack.conversations_replies(ts=thread, **look)
        else:
            found = self._slack.conversations_history(**look)
        messages: list[dict[str, Any]] = found.get("messages") or []
        return messages

    def _channel(self, reply: Out) -> str:
        """Where the person spoke, or their own direct messages with us."""
        if reply.channel:
            return reply.channel
        staff = self._store.roster(datetime.now(UTC).date())
        user = staff.clinician(reply.to).slack_user
        opened = self._slack.conversations_open(users=user)
        return str(opened["channel"]["id"])


def _says(view: View) -> dict[str, Any]:
    return {"text": view.text, "blocks": list(view.blocks)}
