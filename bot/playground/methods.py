"""The Web API's methods for people, conversations and messages: from a call's arguments to Slack's answer.

Every method is a function of the workspace and the arguments. It gives what stands beside `ok` in the answer, or
raises RefusedError with Slack's error code.
"""

from collections.abc import Callable
from copy import deepcopy

from billing.record import record
from bot.playground.elements import completed
from bot.playground.limits import message_limits
from bot.playground.limits_table import MOST_TEXT
from bot.playground.payloads import TEAM, message_changed, message_deleted, message_posted
from bot.playground.people import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Json
from bot.playground.surfaces import RefusedError
from bot.playground.workspace import Workspace


@record
class Bench:
    """What a method works on: the workspace, and a way to tell the bot what it has just caused."""

    workspace: Workspace
    tell: Callable[[Json], str]


# ---- who


def auth_test(bench: Bench, args: Json) -> Json:  # noqa: ARG001  all methods look alike
    return {
        "url": f"https://{TEAM['domain']}.slack.com/",
        "team": "Riverbend",
        "team_id": TEAM_ID,
        "user": bench.workspace.users[BOT_USER_ID].name,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def team_info(bench: Bench, args: Json) -> Json:  # noqa: ARG001
    return {"team": TEAM | {"name": "Riverbend"}}


def bots_info(bench: Bench, args: Json) -> Json:
    if args.get("bot") != BOT_ID:
        raise RefusedError("bot_not_found")
    name = bench.workspace.users[BOT_USER_ID].real_name
    return {"bot": {"id": BOT_ID, "name": name, "app_id": APP_ID, "user_id": BOT_USER_ID, "deleted": False}}


def users_info(bench: Bench, args: Json) -> Json:
    user = bench.workspace.users.get(args.get("user", ""))
    if user is None:
        raise RefusedError("user_not_found")
    return {"user": user.as_slack(bench.workspace.clock.now())}


def users_list(bench: Bench, args: Json) -> Json:
    now = bench.workspace.clock.now()
    members, cursor = _page([user.as_slack(now) for user in bench.workspace.users.values()], args)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


# ---- conversations


def conversations_open(bench: Bench, args: Json) -> Json:
    user = bench.workspace.users.get(args.get("users", ""))
    if user is None:
        raise RefusedError("user_not_found")
    if user.deleted:
        raise RefusedError("user_disabled")
    if user.is_bot:
        raise RefusedError("cannot_dm_bot")
    return {"no_op": True, "already_open": True, "channel": {"id": bench.workspace.im(user)}}


def conversations_info(bench: Bench, args: Json) -> Json:
    channel = channel_of(bench, args)
    return {"channel": {"id": channel, "is_im": True, "user": bench.workspace.owner(channel).id}}


def conversations_history(bench: Bench, args: Json) -> Json:
    channel = channel_of(bench, args)
    return _listing(_within(bench.workspace.history(channel), args), args)


def conversations_replies(bench: Bench, args: Json) -> Json:
    thread = bench.workspace.replies(channel_of(bench, args), args.get("ts", ""))
    if not thread:
        raise RefusedError("thread_not_found")
    return _listing(thread, args)


def _within(messages: list[Json], args: Json) -> list[Json]:
    """Those between `oldest` and `latest`; the ends themselves only if `inclusive`."""
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    ends = (oldest, latest) if args.get("inclusive") in (True, "1", "true") else ()
    return [each for each in messages if oldest < float(each["ts"]) < latest or float(each["ts"]) in ends]


def _listing(messages: list[Json], args: Json) -> Json:
    page, cursor = _page(messages, args)
    page = deepcopy(page)
    if args.get("include_all_metadata") not in (True, "1", "true"):
        for message in page:
            message.pop("metadata", None)
    return {"messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _page(rows: list[Json], args: Json) -> tuple[list[Json], str]:
    """One page, and the cursor of the next; empty when there is none. A cursor is the number of rows gone by."""
    start, most = int(args.get("cursor") or 0), int(args.get("limit") or 100)
    end = start + most
    return rows[start:end], str(end) if end < len(rows) else ""


# ---- messages


def post_message(bench: Bench, args: Json) -> Json:
    channel = channel_of(bench, args)
    if bench.workspace.owner(channel).deleted:
        raise RefusedError("is_archived")
    content = _content(args)
    if not content:
        raise RefusedError("no_text")
    thread_ts = args.get("thread_ts")
    if thread_ts and not bench.workspace.knows_thread(channel, thread_ts):
        raise RefusedError("thread_not_found")
    message = bench.workspace.post(channel, BOT_USER_ID, {"text": ""} | content | {"thread_ts": thread_ts or None})
    bench.workspace.statuses.pop((channel, thread_ts or ""), None)
    bench.tell(message_posted(channel, message))
    return {"channel": channel, "ts": message["ts"], "message": deepcopy(message)}


def update(bench: Bench, args: Json) -> Json:
    """What the call does not mention stays: blocks too, when only the text is given."""
    channel, before = _own_message(bench, args, "cant_update_message")
    content = _content(args)
    if not content:
        raise RefusedError("no_text")
    bench.workspace.change(channel, before["ts"], BOT_USER_ID, content)
    message = bench.workspace.find(channel, before["ts"]) or {}
    bench.tell(message_changed(channel, before, message, bench.workspace.new_ts()))
    return {"channel": channel, "ts": message["ts"], "text": message["text"], "message": deepcopy(message)}


def delete(bench: Bench, args: Json) -> Json:
    channel, before = _own_message(bench, args, "cant_delete_message")
    bench.workspace.remove(channel, before["ts"])
    bench.tell(message_deleted(channel, before, bench.workspace.new_ts()))
    return {"channel": channel, "ts": before["ts"]}


def post_ephemeral(bench: Bench, args: Json) -> Json:
    channel = channel_of(bench, args)
    if args.get("user") != bench.workspace.owner(channel).id:
        raise RefusedError("user_not_in_channel")
    content = _content(args)
    if not content:
        raise RefusedError("no_text")
    message = {"type": "message", "user": BOT_USER_ID, "ts": bench.workspace.new_ts(), "is_ephemeral": True}
    bench.workspace.ephemerals[args["user"]].append(message | content | {"channel": channel})
    return {"message_ts": message["ts"]}


def get_permalink(bench: Bench, args: Json) -> Json:
    channel = channel_of(bench, args)
    ts = args.get("message_ts", "")
    if bench.workspace.find(channel, ts) is None:
        raise RefusedError("message_not_found")
    place = f"https://{TEAM['domain']}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    return {"channel": channel, "permalink": place}


def channel_of(bench: Bench, args: Json, key: str = "channel") -> str:
    """The conversation that a call names. Refused if the bot has none such."""
    channel = bench.workspace.resolve(args.get(key, ""))
    if channel is None:
        raise RefusedError("channel_not_found")
    return channel


def _own_message(bench: Bench, args: Json, refusal: str) -> tuple[str, Json]:
    """The conversation, and a copy of the message that the call wants to change."""
    channel = channel_of(bench, args)
    message = bench.workspace.find(channel, args.get("ts", ""))
    if message is None or message.get("subtype") == "tombstone":
        raise RefusedError("message_not_found")
    if message.get("bot_id") != BOT_ID:
        raise RefusedError(refusal)
    return channel, deepcopy(message)


def _content(args: Json) -> Json:
    """The text, blocks and metadata that will stand in the message. Refused if Slack would not take them."""
    content: Json = {key: args[key] for key in ("text", "metadata") if args.get(key) is not None}
    if len(content.get("text", "")) > MOST_TEXT:
        raise RefusedError("msg_too_long")
    if "metadata" in content and not {"event_type", "event_payload"} <= set(content["metadata"]):
        raise RefusedError("invalid_metadata_format")
    broken = message_limits(args)
    if broken:
        messages = [f"[ERROR] {sentence}" for sentence in broken]
        raise RefusedError("invalid_blocks", errors=broken, response_metadata={"messages": messages})
    if args.get("blocks") is not None:
        content["blocks"] = completed(args["blocks"])
    return content if content.get("text") or content.get("blocks") else {}
