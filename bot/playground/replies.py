"""What the bot says in answer to a command or a button: in its acknowledgement, or later to the response URL."""

from collections.abc import Callable
from uuid import uuid4

from billing.record import record
from bot.playground.elements import completed
from bot.playground.feed import Feed
from bot.playground.limits import message_limits
from bot.playground.payloads import message_changed, message_deleted, message_posted
from bot.playground.people import BOT_USER_ID, Json
from bot.playground.surfaces import RefusedError
from bot.playground.workspace import Workspace

MOST_USES = 5
OPEN_SECONDS = 30 * 60.0


@record
class Occasion:
    """What is answered to: who did something, where, and on which message if on one."""

    user_id: str
    channel: str
    message_ts: str | None = None


class Replies:
    """`base_url`: where the stand-in answers, without a slash at the end."""

    def __init__(self, workspace: Workspace, feed: Feed, base_url: Callable[[], str]) -> None:
        self._workspace = workspace
        self._feed = feed
        self._base_url = base_url
        self._occasions: dict[str, tuple[Occasion, float]] = {}
        self._uses: dict[str, int] = {}

    def invite(self, occasion: Occasion) -> str:
        """A response URL, good for five answers within half an hour."""
        key = uuid4().hex
        self._occasions[key] = (occasion, self._workspace.clock.now() + OPEN_SECONDS)
        self._uses[key] = 0
        return f"{self._base_url()}/respond/{key}"

    def use(self, key: str, answer: Json) -> None:
        """An answer posted to a response URL. Refused when it is unknown, used up or too old."""
        occasion, until = self._occasions.get(key, (None, 0.0))
        if occasion is None or self._uses[key] >= MOST_USES or self._workspace.clock.now() > until:
            raise RefusedError("used_url")
        self._uses[key] += 1
        self.say(occasion, answer)

    def say(self, occasion: Occasion, answer: Json) -> None:
        """Shows an answer: to the user only unless it says otherwise, or in place of the message it is about."""
        broken = message_limits(answer)
        if broken:
            raise RefusedError("invalid_blocks", errors=broken)
        if answer.get("delete_original"):
            self._delete(occasion)
        elif answer.get("replace_original"):
            self._replace(occasion, _content(answer))
        elif answer.get("response_type") == "in_channel":
            self._post(occasion, _content(answer) | {"thread_ts": answer.get("thread_ts")})
        elif answer.get("text") or answer.get("blocks"):
            self._whisper(occasion, _content(answer))

    def _post(self, occasion: Occasion, content: Json) -> None:
        message = self._workspace.post(occasion.channel, BOT_USER_ID, content)
        if self._workspace.resolve(occasion.channel):
            self._feed.tell(message_posted(occasion.channel, message))

    def _whisper(self, occasion: Occasion, content: Json) -> None:
        message = {"type": "message", "user": BOT_USER_ID, "ts": self._workspace.new_ts(), "is_ephemeral": True}
        self._workspace.ephemerals[occasion.user_id].append(message | content | {"channel": occasion.channel})

    def _replace(self, occasion: Occasion, content: Json) -> None:
        whisper = self._whispered(occasion)
        if whisper is not None:
            whisper |= content
            return
        ts = occasion.message_ts or ""
        before = self._workspace.change(occasion.channel, ts, BOT_USER_ID, content)
        after = self._workspace.find(occasion.channel, ts) or {}
        self._feed.tell(message_changed(occasion.channel, before, after, self._workspace.new_ts()))

    def _delete(self, occasion: Occasion) -> None:
        whisper = self._whispered(occasion)
        if whisper is not None:
            self._workspace.ephemerals[occasion.user_id].remove(whisper)
            return
        before = self._workspace.remove(occasion.channel, occasion.message_ts or "")
        self._feed.tell(message_deleted(occasion.channel, before, self._workspace.new_ts()))

    def _whispered(self, occasion: Occasion) -> Json | None:
        whispers = self._workspace.ephemerals[occasion.user_id]
        return next((each for each in whispers if each["ts"] == occasion.message_ts), None)


def _content(answer: Json) -> Json:
    return {"text": answer.get("text", ""), "blocks": completed(answer.get("blocks") or ())}
