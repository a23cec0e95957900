"""The Web API's methods for modals, Home and the agent's surface; see methods.py."""

from copy import deepcopy

from bot.playground.limits import view_limits
from bot.playground.methods import Bench, channel_of
from bot.playground.people import Json
from bot.playground.surfaces import RefusedError

MOST_PROMPTS = 4
MOST_LOADING_MESSAGES = 10


def views_open(bench: Bench, args: Json) -> Json:
    content = _view(args, "modal")
    user_id = bench.workspace.surfaces.spend(args.get("trigger_id", ""))
    return {"view": deepcopy(bench.workspace.surfaces.open(user_id, content))}


def views_push(bench: Bench, args: Json) -> Json:
    content = _view(args, "modal")
    user_id = bench.workspace.surfaces.spend(args.get("trigger_id", ""))
    return {"view": deepcopy(bench.workspace.surfaces.push(user_id, content))}


def views_update(bench: Bench, args: Json) -> Json:
    surfaces = bench.workspace.surfaces
    view = surfaces.find(args.get("view_id"), args.get("external_id"))
    content = _view(args, view["type"])
    return {"view": deepcopy(surfaces.replace(view, content, args.get("hash")))}


def views_publish(bench: Bench, args: Json) -> Json:
    content = _view(args, "home")
    user_id = args.get("user_id", "")
    if user_id not in bench.workspace.users:
        raise RefusedError("user_not_found")
    return {"view": deepcopy(bench.workspace.surfaces.publish(user_id, content, args.get("hash")))}


def _view(args: Json, kind: str) -> Json:
    """The view of a call. Refused, with a sentence for each reason, if Slack would not take it."""
    view = args.get("view")
    broken = view_limits(view) if isinstance(view, dict) else ["view must be an object"]
    if not broken and isinstance(view, dict) and view["type"] == kind:
        return view
    broken = broken or [f"view.type must be {kind} here"]
    messages = [f"[ERROR] {sentence}" for sentence in broken]
    raise RefusedError("invalid_arguments", errors=broken, response_metadata={"messages": messages})


# ---- the agent's surface


def set_status(bench: Bench, args: Json) -> Json:
    """Shown until the bot posts into that thread; an empty status takes it away."""
    if len(args.get("loading_messages") or ()) > MOST_LOADING_MESSAGES:
        raise RefusedError("invalid_arguments")
    place = (channel_of(bench, args, "channel_id"), args.get("thread_ts", ""))
    if args.get("status"):
        bench.workspace.statuses[place] = args["status"]
    else:
        bench.workspace.statuses.pop(place, None)
    return {}


def set_suggested_prompts(bench: Bench, args: Json) -> Json:
    """With `thread_ts`, an app with an agent view is told that all is well and nothing happens: so does Slack."""
    channel = channel_of(bench, args, "channel_id")
    prompts = args.get("prompts") or []
    if not 0 < len(prompts) <= MOST_PROMPTS or not all({"title", "message"} <= set(each) for each in prompts):
        raise RefusedError("invalid_arguments")
    if not args.get("thread_ts"):
        bench.workspace.prompts[channel] = prompts
    return {}


def set_title(bench: Bench, args: Json) -> Json:
    bench.workspace.titles[channel_of(bench, args, "channel_id"), args.get("thread_ts", "")] = args.get("title", "")
    return {}
