"""Slack's payloads → what we hear. Pure: a payload that is not ours to hear becomes None.

`Received` is what the inbox keeps: one row for each thing that happened, whatever Slack delivers how often.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from billing.record import record
from billing.records import ClinicianId, Message, SourceId
from bot.views.blocks import unescaped

Body = Mapping[str, Any]

POSTED = "message"
CHANGED = "message_changed"
DELETED = "message_deleted"
ACTION = "block_actions"
SUBMITTED = "view_submission"
HOME = "app_home_opened"


@record
class Received:
    """One happening: its id, kind and place, who did it, and the payload to be worked on later."""

    id: str
    kind: str
    user: str
    body: dict[str, Any]
    channel: str | None = None
    ts: str | None = None


def received(body: Body) -> Received | None:
    """What this payload tells of, or None: joins, topics, bots, our own messages, and places that are not a DM."""
    match body.get("type"):
        case "event_callback":
            return _event(body)
        case "block_actions":
            return _interaction(body, ACTION, f"{body['actions'][0]['action_ts']}:{body['actions'][0]['action_id']}")
        case "view_submission":
            return _interaction(body, SUBMITTED, f"{body['view']['id']}:{body['view'].get('hash', '')}")
    return None


def _event(body: Body) -> Received | None:
    event = body["event"]
    if event["type"] == "app_home_opened":
        return Received(id=body["event_id"], kind=HOME, user=event["user"], body={"event": event})
    if event["type"] != "message" or event.get("channel_type") != "im":
        return None
    match event.get("subtype"):
        case None | "file_share":
            return _posted(body, event)
        case "message_changed":
            return _changed(body, event)
        case "message_deleted":
            return _deleted(body, event)
    return None


def _posted(body: Body, event: Body) -> Received | None:
    if event.get("bot_id") or "user" not in event:
        return None
    kept = {key: event[key] for key in ("ts", "thread_ts", "channel", "user") if key in event}
    kept |= {"text": event.get("text", ""), "files": len(event.get("files", ()))}
    return _happened(body, POSTED, event["user"], kept)


def _changed(body: Body, event: Body) -> Received | None:
    """Slack also tells of a change when it unfurls a link or a thread grows: only a new text is one for us.

    A deleted message that has answers is changed into a "tombstone".
    """
    after, before = event["message"], event.get("previous_message", {})
    if after.get("subtype") == "tombstone":
        return _deleted(body, {**event, "deleted_ts": after["ts"]})
    if after.get("bot_id") or "user" not in after or after.get("text") == before.get("text"):
        return None
    kept = {key: after[key] for key in ("ts", "thread_ts", "user") if key in after}
    kept |= {"channel": event["channel"], "text": after.get("text", ""), "edited": event["ts"], "files": 0}
    return _happened(body, CHANGED, after["user"], kept)


def _deleted(body: Body, event: Body) -> Received | None:
    before = event.get("previous_message", {})
    if before.get("bot_id") or "user" not in before:
        return None
    kept = {"channel": event["channel"], "deleted": event["deleted_ts"]}
    return _happened(body, DELETED, before["user"], kept)


def _happened(body: Body, kind: str, user: str, kept: dict[str, Any]) -> Received:
    """Something happened to a message in the direct messages; `kept` is what is remembered of it."""
    place = body["event"]
    return Received(
        id=body["event_id"], kind=kind, user=user, body={"event": kept}, channel=place["channel"], ts=place["ts"]
    )


def _interaction(body: Body, kind: str, gesture: str) -> Received:
    kept = {key: body[key] for key in ("actions", "trigger_id", "channel", "view", "container") if key in body}
    user = body["user"]["id"]
    channel = body.get("channel", {}).get("id")
    return Received(id=f"{kind}:{user}:{gesture}", kind=kind, user=user, body=kept, channel=channel)


def without_words(it: Received) -> Received:
    """The same happening without anything that was said: of strangers nothing is kept."""
    event = dict(it.body.get("event", {}))
    if "text" in event:
        event["text"] = ""
    return Received(id=it.id, kind=it.kind, user=it.user, body={"event": event}, channel=it.channel, ts=it.ts)


def message_in(event: Body, author: ClinicianId) -> Message:
    """The message of a posted or changed event, at its first place in time."""
    return Message(
        id=SourceId(f"{event['channel']}:{event['ts']}"),
        channel=event["channel"],
        thread=event.get("thread_ts", event["ts"]),
        author=author,
        text=unescaped(event["text"]),
        posted_at=instant(event["ts"]),
    )


def instant(ts: str) -> datetime:
    """Slack's timestamps are seconds since 1970, UTC."""
    return datetime.fromtimestamp(float(ts), UTC)
