"""What the playground's page is told: what one person would see in Slack, and what has been written for good."""

from copy import deepcopy
from typing import cast

from billing.checking import short_name
from billing.records import ClaimLine, GroupNote, Roster
from bot.playground.people import BOT_USER_ID, Json
from bot.playground.standin import StandIn
from bot.playground.workspace import Workspace
from bot.views.receipt import charts, line_text
from storage.store import Store

KEPT_FROM_PAGE = ("metadata", "team", "app_id", "bot_id", "client_msg_id")  # what Slack shows nobody either


def seen_by(slack: StandIn, user: str) -> Json:
    """Everything that stands before this user's eyes: the conversation, whispers, Home, and the modal on top."""
    workspace = slack.workspace
    with workspace.lock:
        channel = workspace.im(workspace.users[user])
        modals = workspace.surfaces.modals[user]
        seen = {
            "messages": [_shown(each) for each in workspace.messages(channel)],
            "whispers": [_shown(each) for each in workspace.ephemerals[user]],
            "values": {ts: values for ts, values in workspace.values.items() if workspace.find(channel, ts)},
            "home": workspace.surfaces.homes.get(user),
            "modal": modals[-1] if modals else None,
            "statuses": {thread: status for (at, thread), status in workspace.statuses.items() if at == channel},
            "prompts": workspace.prompts.get(channel, []),
        }
        return deepcopy(seen)


def notifications(workspace: Workspace) -> list[Json]:
    """What every phone has shown so far, in order: of each message of the bot its first `text`, never its blocks."""
    with workspace.lock:
        posted = [call.args for call in workspace.calls if call.method == "chat.postMessage" and not call.error]
        channels = [(workspace.resolve(args["channel"]), args) for args in posted]
        return [{"to": workspace.owner(at).id, "text": args.get("text", "")} for at, args in channels if at]


def written(store: Store) -> Json:
    """The charts' notes and the claim lines that have come of it all, the newest session first."""
    notes = sorted(store.notes(), key=lambda note: note.signature.at, reverse=True)
    lines = sorted(store.lines(), key=lambda line: (line.says.served_on, line.says.client))
    return {
        "notes": [_note(note, store.roster(note.session.met_on)) for note in notes],
        "lines": [_line(line, store.roster(line.says.served_on)) for line in lines],
    }


def _note(note: GroupNote, roster: Roster) -> Json:
    session = note.session
    return {
        "id": note.id,
        "title": f"{roster.group(session.group).name} · {session.met_on:%a %b} {session.met_on.day}",
        "cosigned": note.cosignature is not None,
        "charts": list(charts(note, roster)),
    }


def _line(line: ClaimLine, roster: Roster) -> Json:
    says = line.says
    code = "-".join((says.code, *says.modifiers))
    charge = f"${says.charge:.2f}" if says.charge is not None else "no fee"
    return {
        "id": line.id,
        "client": short_name(says.client, roster),
        "figures": " · ".join((f"{says.served_on:%b} {says.served_on.day}", code, charge, says.payer)),
        "state": str(line.state),
        "why": list(line.held_by),
        "text": line_text(line, roster),
    }


def _shown(message: Json) -> Json:
    kept = {key: value for key, value in message.items() if key not in KEPT_FROM_PAGE}
    return kept | {"from_bot": _is_bots(message)}


def _is_bots(message: Json) -> bool:
    return cast("str", message.get("user")) == BOT_USER_ID
