"""Modals and Home: what a user has open, the triggers that allow opening one, the hashes that forbid overwriting."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import uuid4

from bot.playground.clock import Clock
from bot.playground.elements import completed, state
from bot.playground.people import APP_ID, BOT_ID, TEAM_ID, Json

TRIGGER_SECONDS = 3.0
MOST_MODALS = 3  # how deep a stack of modals may be


class RefusedError(Exception):
    """What Slack answers instead of doing it: `error` is its code, `more` what else stands in the answer."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class Surfaces:
    def __init__(self, clock: Clock) -> None:
        self.app_id = APP_ID
        self.modals: dict[str, list[Json]] = defaultdict(list)
        self.homes: dict[str, Json] = {}
        self._clock = clock
        self._triggers: dict[str, tuple[str, float]] = {}
        self._spent: set[str] = set()

    # ---- triggers

    def new_trigger(self, user_id: str) -> str:
        """What a gesture of this user hands to the bot: within three seconds it may open one modal."""
        trigger_id = f"{uuid4().int % 10**13}.{uuid4().int % 10**12}.{uuid4().hex}"
        self._triggers[trigger_id] = (user_id, self._clock.now() + TRIGGER_SECONDS)
        return trigger_id

    def spend(self, trigger_id: str) -> str:
        """The user whose gesture it was."""
        if trigger_id not in self._triggers:
            raise RefusedError("invalid_trigger_id")
        user_id, expires = self._triggers[trigger_id]
        if self._clock.now() > expires:
            raise RefusedError("expired_trigger_id")
        if trigger_id in self._spent:
            raise RefusedError("exchanged_trigger_id")
        self._spent.add(trigger_id)
        return user_id

    # ---- modals

    def open(self, user_id: str, content: Json) -> Json:
        self.modals[user_id] = [self._view(content)]
        return self.modals[user_id][-1]

    def push(self, user_id: str, content: Json) -> Json:
        stack = self.modals[user_id]
        if len(stack) >= MOST_MODALS:
            raise RefusedError("push_limit_reached")
        view = self._view(content)
        if stack:
            view |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
        stack.append(view)
        return view

    def find(self, view_id: str | None, external_id: str | None = None) -> Json:
        """An open modal or a Home view. Refused if there is none."""
        stacks: Sequence[Sequence[Json]] = [*self.modals.values(), list(self.homes.values())]
        for view in (view for stack in stacks for view in stack):
            if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                return view
        raise RefusedError("not_found")

    def replace(self, view: Json, content: Json, expected_hash: str | None = None) -> Json:
        """Lays a view out anew, in its place; what was typed into inputs that remain is kept."""
        _same_hash(view, expected_hash)
        kept = view["state"]["values"]
        fresh = self._view(content)
        for key in ("id", "root_view_id", "previous_view_id"):
            fresh[key] = view[key]
        fresh["state"] = {"values": state(fresh["blocks"], kept)}
        view.clear()
        view |= fresh
        return view

    def close(self, user_id: str, view_id: str, *, everything: bool = False) -> None:
        """Takes this modal, and what lies on it, away."""
        stack = self.modals[user_id]
        ids = [view["id"] for view in stack]
        if everything:
            stack.clear()
        elif view_id in ids:
            del stack[ids.index(view_id) :]

    # ---- Home

    def publish(self, user_id: str, content: Json, expected_hash: str | None = None) -> Json:
        home = self.homes.get(user_id)
        if home is not None:
            return self.replace(home, content, expected_hash)
        self.homes[user_id] = self._view(content)
        return self.homes[user_id]

    def _view(self, content: Json) -> Json:
        view_id = f"V{uuid4().hex[:10].upper()}"
        blocks = completed(content.get("blocks", ()))
        return {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **content,
            "id": view_id,
            "team_id": TEAM_ID,
            "app_id": self.app_id,
            "bot_id": BOT_ID,
            "blocks": blocks,
            "state": {"values": state(blocks, {})},
            "hash": f"{int(self._clock.now())}.{uuid4().hex[:8]}",
            "root_view_id": view_id,
            "previous_view_id": None,
        }


def _same_hash(view: Json, expected: str | None) -> None:
    if expected is not None and expected != view["hash"]:
        raise RefusedError("hash_conflict")
