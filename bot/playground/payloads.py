"""What Slack sends the bot, in Slack's shapes. Pure: from what happened to the payload that tells of it."""

from collections.abc import Sequence
from copy import deepcopy
from uuid import uuid4

from bot.playground.elements import Values
from bot.playground.people import APP_ID, BOT_USER_ID, TEAM_ID, Json, User

VERIFICATION_TOKEN = "stand-in"  # noqa: S105  the deprecated token that Slack still sends; nobody checks it
TEAM = {"id": TEAM_ID, "domain": "riverbend"}


# ---- events


def event_callback(event: Json, now: float, *, from_outside: bool = False) -> Json:
    """The wrapper around every event. `from_outside`: in a conversation shared with another company."""
    authorization = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True}
    return {
        "type": "event_callback",
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "event_id": f"Ev{uuid4().hex[:10].upper()}",
        "event_time": int(now),
        "authorizations": [authorization | {"is_enterprise_install": False}],
        "is_ext_shared_channel": from_outside,
        "event_context": f"4-{uuid4().hex}",
    }


def message_posted(channel: str, message: Json) -> Json:
    return deepcopy(message) | {"channel": channel, "channel_type": "im", "event_ts": message["ts"]}


def message_changed(channel: str, before: Json, after: Json, ts: str) -> Json:
    """`ts` is the moment of the change; the message's own stands within."""
    return _hidden("message_changed", channel, ts) | {"message": deepcopy(after), "previous_message": before}


def message_deleted(channel: str, before: Json, ts: str) -> Json:
    return _hidden("message_deleted", channel, ts) | {"deleted_ts": before["ts"], "previous_message": before}


def _hidden(subtype: str, channel: str, ts: str) -> Json:
    place = {"channel": channel, "channel_type": "im"}
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts} | place


def app_home_opened(user_id: str, channel: str, tab: str, home: Json | None, ts: str) -> Json:
    event = {"type": "app_home_opened", "user": user_id, "channel": channel, "tab": tab, "event_ts": ts}
    return event | {"view": home} if home is not None and tab == "home" else event


# ---- interactions


def _gesture(kind: str, user: User) -> Json:
    return {
        "type": kind,
        "token": VERIFICATION_TOKEN,
        "api_app_id": APP_ID,
        "team": TEAM,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def action_on_message(user: User, channel: str, message: Json, actions: Sequence[Json], values: Values) -> Json:
    ephemeral = bool(message.get("is_ephemeral"))
    place = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": ephemeral}
    if "thread_ts" in message:
        place["thread_ts"] = message["thread_ts"]
    return _gesture("block_actions", user) | {
        "container": place,
        "channel": {"id": channel, "name": "directmessage"},
        "message": deepcopy(message),
        "state": {"values": values},
        "actions": list(actions),
    }


def action_on_view(user: User, view: Json, actions: Sequence[Json]) -> Json:
    return _gesture("block_actions", user) | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": deepcopy(view),
        "actions": list(actions),
    }


def view_submission(user: User, view: Json) -> Json:
    return _gesture("view_submission", user) | {"view": deepcopy(view), "response_urls": []}


def view_closed(user: User, view: Json) -> Json:
    return _gesture("view_closed", user) | {"view": deepcopy(view), "is_cleared": False}


def message_shortcut(user: User, callback_id: str, channel: str, message: Json) -> Json:
    return _gesture("message_action", user) | {
        "callback_id": callback_id,
        "action_ts": message["ts"],
        "message_ts": message["ts"],
        "message": deepcopy(message),
        "channel": {"id": channel, "name": "directmessage" if channel.startswith("D") else "general"},
    }


def global_shortcut(user: User, callback_id: str, now: float) -> Json:
    return _gesture("shortcut", user) | {"callback_id": callback_id, "action_ts": f"{now:.6f}"}


def slash_command(user: User, command: str, text: str, channel: str) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM["domain"],
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "general",
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }
