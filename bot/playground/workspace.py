"""What stands in the workspace: people, conversations with the bot, views, and a log of every call the bot made.

State only: nothing here talks to the bot. Messages and views are kept in the shape in which Slack sends them. Whoever
reads or changes it holds `lock`: gestures come from the caller's thread, the bot's calls from the server's.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from copy import deepcopy
from uuid import uuid4

from billing.record import record
from bot.playground.clock import Clock
from bot.playground.elements import Values
from bot.playground.people import BOT, BOT_ID, BOT_USER_ID, Json, User
from bot.playground.surfaces import Surfaces


@record
class Call:
    """One call of the Web API by the bot. `error`: what it was refused with, empty if it was not."""

    method: str
    args: Json
    error: str


class Workspace:
    def __init__(self, people: Iterable[User], clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.users: dict[str, User] = {user.id: user for user in (BOT, *people)}
        self.ephemerals: dict[str, list[Json]] = defaultdict(list)
        self.surfaces = Surfaces(clock)
        self.statuses: dict[tuple[str, str], str] = {}
        self.prompts: dict[str, list[Json]] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.values: dict[str, Values] = {}  # of inputs in messages, by the message's ts
        self.calls: list[Call] = []
        self._messages: dict[str, list[Json]] = {self.im(user): [] for user in self.users.values()}
        self._owner = {self.im(user): user.id for user in self.users.values()}
        self._stamps: set[str] = set()
        self._deleted: set[str] = set()

    def add(self, user: User) -> None:
        """Somebody joins, or is known differently from now on (a guest, deactivated)."""
        self.users[user.id] = user
        self._messages.setdefault(self.im(user), [])
        self._owner[self.im(user)] = user.id

    # ---- conversations

    @staticmethod
    def im(user: User) -> str:
        """The direct conversation between this user and the bot."""
        return f"D{user.id[1:]}"

    def resolve(self, channel: str) -> str | None:
        """The conversation that a call names, by its id or by its user; None where the bot has none."""
        if channel in self.users:
            channel = self.im(self.users[channel])
        return channel if channel in self._owner and self._owner[channel] != BOT_USER_ID else None

    def owner(self, channel: str) -> User:
        return self.users[self._owner[channel]]

    def new_ts(self) -> str:
        """A timestamp that no message has: Slack's are the messages' ids."""
        micros = int(self.clock.now() * 1_000_000)
        while (ts := f"{micros // 1_000_000}.{micros % 1_000_000:06d}") in self._stamps:
            micros += 1
        self._stamps.add(ts)
        return ts

    # ---- messages

    def messages(self, channel: str) -> list[Json]:
        """All of a conversation, replies too, in the order in which they came. The state itself, not a copy."""
        return self._messages.setdefault(channel, [])

    def find(self, channel: str, ts: str) -> Json | None:
        return next((each for each in self._messages.get(channel, ()) if each["ts"] == ts), None)

    def knows_thread(self, channel: str, ts: str) -> bool:
        """Whether a reply to it is possible. One to a deleted message is, and Slack puts it outside any thread."""
        return ts in self._deleted or self.find(channel, ts) is not None

    def post(self, channel: str, author: str, content: Json) -> Json:
        """Adds a message. `content` is what its author gave: text, blocks, thread_ts, metadata, files, subtype."""
        message: Json = {"type": "message", "user": author, "ts": self.new_ts(), "team": self.users[author].team_id}
        message |= {key: value for key, value in content.items() if value is not None}
        if author == BOT_USER_ID:
            message |= {"bot_id": BOT_ID, "app_id": self.surfaces.app_id}
        else:
            message["client_msg_id"] = str(uuid4())
        if message.get("thread_ts") in self._deleted:
            del message["thread_ts"]
        self.messages(channel).append(message)
        self._count_replies(channel, message.get("thread_ts"))
        return message

    def change(self, channel: str, ts: str, editor: str | None, content: Json) -> Json:
        """Replaces what `content` names, and marks the message edited if a person or the bot did it.

        Gives the message as it was. LookupError if there is no such message.
        """
        message = self._present(channel, ts)
        before = deepcopy(message)
        message |= content
        if editor is not None:
            message["edited"] = {"user": editor, "ts": self.new_ts()}
        return before

    def remove(self, channel: str, ts: str) -> Json:
        """Takes a message away and gives it as it was; one with replies leaves a tombstone, as in Slack."""
        message = self._present(channel, ts)
        before = deepcopy(message)
        replies = self.replies(channel, ts)[1:]
        if replies:
            message.clear()
            message |= {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": ts}
            message |= {"text": "This message was deleted.", "thread_ts": ts, "reply_count": len(replies)}
            return before
        self._messages[channel].remove(message)
        self._deleted.add(ts)
        self._count_replies(channel, before.get("thread_ts"))
        return before

    def history(self, channel: str) -> list[Json]:
        """What stands outside threads, the newest first."""
        return [each for each in reversed(self._messages[channel]) if each.get("thread_ts", each["ts"]) == each["ts"]]

    def replies(self, channel: str, ts: str) -> list[Json]:
        """A thread: the message it hangs on, then the replies in order. Empty if there is no such message."""
        thread = [each for each in self._messages[channel] if ts in (each["ts"], each.get("thread_ts"))]
        return thread if self.find(channel, ts) is not None else []

    def _present(self, channel: str, ts: str) -> Json:
        message = self.find(channel, ts)
        if message is None:
            raise LookupError(f"no message {ts} in {channel}")
        return message

    def _count_replies(self, channel: str, thread_ts: str | None) -> None:
        parent = self.find(channel, thread_ts) if thread_ts else None
        if parent is None:
            return
        replies = self.replies(channel, parent["ts"])[1:]
        parent |= {"thread_ts": parent["ts"], "reply_count": len(replies)}
        if replies:
            parent["latest_reply"] = replies[-1]["ts"]
