"""What a person does in Slack: writes, edits, presses, picks, submits, types a command.

Gestures on a message, a modal or Home say `where` it is: a message's ts, a view's id, MODAL (the one on top) or HOME.
An element is named by its action id, its block id or the words on it. Whoever names what is not there, or not there
only once, gets a LookupError: a person could not have done it either.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from billing.record import record
from bot.playground import elements, payloads
from bot.playground.delivery import Ack, Courier, Envelope
from bot.playground.feed import Feed
from bot.playground.limits import view_limits
from bot.playground.manifest import Manifest
from bot.playground.people import TEAM_ID, File, Json, User
from bot.playground.replies import Occasion, Replies
from bot.playground.surfaces import RefusedError
from bot.playground.workspace import Workspace

HOME = "home"
MODAL = "modal"
_SPECIAL = re.compile(r"(<(?:[@#!]|https?:|mailto:)[^<>]+>)")


@record
class Spot:
    """Where a gesture happens: on a view, or on a message in a conversation."""

    channel: str
    content: Json
    is_view: bool


class Gestures:
    def __init__(
        self, workspace: Workspace, manifest: Manifest, feed: Feed, courier: Courier, replies: Replies
    ) -> None:
        self.workspace = workspace
        self.manifest = manifest
        self._feed = feed
        self._courier = courier
        self._replies = replies

    # ---- messages

    def dm(  # noqa: PLR0917  a message is what all of these say
        self,
        user: str,
        text: str,
        thread_ts: str | None = None,
        files: Sequence[File] = (),
        bot_id: str | None = None,
        subtype: str | None = None,
    ) -> str:
        """Writes to the bot and gives the message's ts. `bot_id`: another app wrote it in the user's name."""
        with self.workspace.lock:
            author = self.workspace.users[user]
            channel = self.workspace.im(author)
            attached = [file.as_slack(user, self.workspace.clock.now()) for file in files]
            content = _typed(text) | {"thread_ts": thread_ts, "bot_id": bot_id, "subtype": subtype}
            if attached:
                content |= {"files": attached, "upload": False, "subtype": subtype or "file_share"}
            message = self.workspace.post(channel, user, content) | {"user_team": author.team_id}
            outside = author.team_id != TEAM_ID
            self._feed.tell(payloads.message_posted(channel, message), from_outside=outside)
            return str(message["ts"])

    def post_elsewhere(self, user: str, channel: str, text: str) -> str:
        """Writes in a channel that the bot is not in; it hears nothing of it. Gives the message's ts."""
        with self.workspace.lock:
            return str(self.workspace.post(channel, user, _typed(text))["ts"])

    def edit(self, user: str, ts: str, text: str) -> None:
        self._change(user, ts, user, _typed(text))

    def unfurl(self, user: str, ts: str, link: str) -> None:
        """Slack adds the preview of a link: the message has changed and nobody has edited it."""
        self._change(user, ts, None, {"attachments": [{"from_url": link, "fallback": link, "id": 1}]})

    def delete(self, user: str, ts: str) -> None:
        """Deletes one's own message. One with replies becomes a tombstone, and the bot is told of a change."""
        with self.workspace.lock:
            channel, moment = self.workspace.im(self.workspace.users[user]), self.workspace.new_ts()
            before = self.workspace.remove(channel, ts)
            tombstone = self.workspace.find(channel, ts)
            if tombstone is None:
                self._feed.tell(payloads.message_deleted(channel, before, moment))
            else:
                self._feed.tell(payloads.message_changed(channel, before, tombstone, moment))

    def _change(self, user: str, ts: str, editor: str | None, content: Json) -> None:
        with self.workspace.lock:
            channel = self.workspace.im(self.workspace.users[user])
            before = self.workspace.change(channel, ts, editor, content)
            after = self.workspace.find(channel, ts) or {}
            self._feed.tell(payloads.message_changed(channel, before, after, self.workspace.new_ts()))

    # ---- buttons and inputs

    def press(self, user: str, where: str, button: str, block_id: str | None = None) -> Ack:
        """Presses a button, and agrees if it asks whether one is sure."""
        return self._act(user, where, button, None, block_id)

    def select(self, user: str, where: str, element: str, value: Any, block_id: str | None = None) -> Ack:
        """Picks or types `value`. The bot hears of it at once, except from an input that only a submission sends."""
        return self._act(user, where, element, value, block_id)

    def _act(self, user: str, where: str, name: str, value: Any, block_id: str | None) -> Ack:
        with self.workspace.lock:
            spot = self._spot(user, where)
            place = elements.find(spot.content.get("blocks", ()), name, block_id)
            self._put(spot, place, value)
            if place.block["type"] == "input" and not place.block.get("dispatch_action"):
                return Ack(ok=True, payload={})
            action = elements.action(place, value, self.workspace.new_ts())
            payload = self._action_payload(self.workspace.users[user], spot, action)
        return self._courier.ask(Envelope(kind="interactive", payload=payload))

    def _put(self, spot: Spot, place: elements.Place, value: Any) -> None:
        """Remembers what an input holds now."""
        if place.element["type"] in elements.VALUE_KEYS:
            values = self._values(spot).setdefault(place.block["block_id"], {})
            values[place.element["action_id"]] = elements.filled(place.element, value)

    def _values(self, spot: Spot) -> elements.Values:
        if spot.is_view:
            held: elements.Values = spot.content["state"]["values"]
            return held
        untouched = elements.state(spot.content.get("blocks", ()), {})
        return self.workspace.values.setdefault(spot.content["ts"], untouched)

    def _action_payload(self, user: User, spot: Spot, action: Json) -> Json:
        trigger = {"trigger_id": self.workspace.surfaces.new_trigger(user.id)}
        if spot.is_view:
            return payloads.action_on_view(user, spot.content, [action]) | trigger
        url = self._replies.invite(Occasion(user_id=user.id, channel=spot.channel, message_ts=spot.content["ts"]))
        values = self._values(spot)
        told = payloads.action_on_message(user, spot.channel, spot.content, [action], values)
        return told | trigger | {"response_url": url}

    def _spot(self, user: str, where: str) -> Spot:
        surfaces, channel = self.workspace.surfaces, self.workspace.im(self.workspace.users[user])
        views = {view["id"]: view for view in surfaces.modals[user]}
        if user in surfaces.homes:
            views |= {HOME: surfaces.homes[user], surfaces.homes[user]["id"]: surfaces.homes[user]}
        if surfaces.modals[user]:
            views[MODAL] = surfaces.modals[user][-1]
        if where in views:
            return Spot(channel=channel, content=views[where], is_view=True)
        for message in (*self.workspace.messages(channel), *self.workspace.ephemerals[user]):
            if message["ts"] == where:
                return Spot(channel=channel, content=message, is_view=False)
        raise LookupError(f"{user} sees no message or view {where!r}")

    # ---- modals

    def submit(self, user: str, where: str = MODAL, values: Mapping[str, Any] | None = None) -> Ack:
        """Fills a modal in and submits it. Slack itself says so, in `errors`, if something required is empty."""
        with self.workspace.lock:
            spot = self._spot(user, where)
            for name, value in (values or {}).items():
                self._put(spot, elements.find(spot.content["blocks"], name), value)
            said = elements.complaints(spot.content["blocks"], spot.content["state"]["values"])
            if said:
                return Ack(ok=False, payload={"response_action": "errors", "errors": said}, reason="incomplete")
            payload = payloads.view_submission(self.workspace.users[user], spot.content)
            payload["trigger_id"] = self.workspace.surfaces.new_trigger(user)
        ack = self._courier.ask(Envelope(kind="interactive", payload=payload, expects_answer=True))
        return self._obeyed(user, spot.content, ack) if ack.ok else ack

    def close(self, user: str, where: str = MODAL) -> None:
        """Closes a modal; the bot hears of it if the view asked for that."""
        with self.workspace.lock:
            view = self._spot(user, where).content
            self.workspace.surfaces.close(user, view["id"])
            payload = payloads.view_closed(self.workspace.users[user], view)
        if view["notify_on_close"]:
            self._courier.ask(Envelope(kind="interactive", payload=payload))

    def _obeyed(self, user: str, view: Json, ack: Ack) -> Ack:
        """Does with the modal what the acknowledgement says; the modal stays if that cannot be done."""
        surfaces, said = self.workspace.surfaces, ack.payload
        asked = said.get("response_action")
        invalid = Ack(ok=False, payload=said, reason="invalid_answer")
        with self.workspace.lock:
            if asked == "errors":
                inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                return ack if ack.errors and set(ack.errors) <= inputs else invalid
            if asked in ("update", "push"):
                if view_limits(said.get("view", {})):
                    return invalid
                surfaces.replace(view, said["view"]) if asked == "update" else surfaces.push(user, said["view"])
            else:
                surfaces.close(user, view["id"], everything=asked == "clear")
        return ack

    # ---- commands, shortcuts, Home

    def command(self, user: str, command: str, text: str = "", channel: str | None = None) -> Ack:
        """Types a slash command, in the conversation with the bot if no channel is named."""
        if command not in self.manifest.commands:
            raise LookupError(f"{command} is not in the manifest")
        with self.workspace.lock:
            author = self.workspace.users[user]
            occasion = Occasion(user_id=user, channel=channel or self.workspace.im(author))
            payload = payloads.slash_command(author, command, text, occasion.channel)
            payload["trigger_id"] = self.workspace.surfaces.new_trigger(user)
            payload["response_url"] = self._replies.invite(occasion)
        ack = self._courier.ask(Envelope(kind="slash_commands", payload=payload, expects_answer=True))
        return self._shown(occasion, ack) if ack.ok else ack

    def _shown(self, occasion: Occasion, ack: Ack) -> Ack:
        try:
            with self.workspace.lock:
                self._replies.say(occasion, ack.payload)
        except RefusedError as refused:
            return Ack(ok=False, payload=ack.payload | refused.more, reason="invalid_answer")
        return ack

    def shortcut(self, user: str, callback_id: str, message_ts: str | None = None, channel: str | None = None) -> Ack:
        """Uses a shortcut: on a message if `message_ts` is given, otherwise from the search bar."""
        kind = "message" if message_ts else "global"
        if (callback_id, kind) not in self.manifest.shortcuts:
            raise LookupError(f"{callback_id} is no {kind} shortcut of the manifest")
        with self.workspace.lock:
            payload = self._shortcut_payload(self.workspace.users[user], callback_id, message_ts, channel)
            payload["trigger_id"] = self.workspace.surfaces.new_trigger(user)
        return self._courier.ask(Envelope(kind="interactive", payload=payload))

    def _shortcut_payload(self, user: User, callback_id: str, message_ts: str | None, channel: str | None) -> Json:
        if message_ts is None:
            return payloads.global_shortcut(user, callback_id, self.workspace.clock.now())
        channel = channel or self.workspace.im(user)
        message = self.workspace.find(channel, message_ts)
        if message is None:
            raise LookupError(f"no message {message_ts} in {channel}")
        url = self._replies.invite(Occasion(user_id=user.id, channel=channel, message_ts=message_ts))
        return payloads.message_shortcut(user, callback_id, channel, message) | {"response_url": url}

    def open_home(self, user: str, tab: str = HOME) -> None:
        """Opens the app; `tab` is home, or messages for the conversation."""
        with self.workspace.lock:
            channel = self.workspace.im(self.workspace.users[user])
            home = self.workspace.surfaces.homes.get(user)
            self._feed.tell(payloads.app_home_opened(user, channel, tab, home, self.workspace.new_ts()))


def _typed(text: str) -> Json:
    """What Slack makes of typed text: `text` with &, < and > escaped outside of mentions and links, and rich text."""
    parts = _SPECIAL.split(text)
    escaped = "".join(part if number % 2 else _escaped(part) for number, part in enumerate(parts))
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"text": escaped, "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [section]}]}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
