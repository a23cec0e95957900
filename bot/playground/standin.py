"""Slack on this machine, as far as the bot can tell: start it, do what people do, look at what stands in it.

The bot runs unchanged with SLACK_API_URL set to `url`. Gestures (see gestures.py) may come from any thread but the
stand-in's own.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Self, TypeVar

from aiohttp import web

from bot.playground.clock import Clock
from bot.playground.delivery import ACK_SECONDS, RETRY_SECONDS, Attempt, Courier
from bot.playground.faults import Fault
from bot.playground.feed import Feed
from bot.playground.gestures import Gestures
from bot.playground.http_events import SignedPosts
from bot.playground.manifest import MANIFEST_FILE, read_manifest
from bot.playground.methods import Bench
from bot.playground.people import Json, User
from bot.playground.replies import Replies
from bot.playground.server import LoopbackServer
from bot.playground.socket_mode import SocketMode
from bot.playground.surfaces import RefusedError
from bot.playground.web_api import Tokens, WebApi
from bot.playground.workspace import Call, Workspace

T = TypeVar("T")
_LOOK_EVERY_SECONDS = 0.01


class StandIn(Gestures):
    """`people`: who is in the workspace. `ack_seconds`, `retry_seconds`: Slack's patience, shorter in tests.

    Events go over Socket Mode, or by signed HTTP after `deliver_by_http`.
    """

    def __init__(
        self,
        people: Iterable[User] = (),
        *,
        port: int = 0,
        manifest_file: Path = MANIFEST_FILE,
        ack_seconds: float = ACK_SECONDS,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self.tokens = Tokens()
        self.socket = SocketMode()
        manifest, workspace = read_manifest(manifest_file), Workspace(people, Clock())
        courier = Courier(self.socket, ack_seconds, retry_seconds)
        feed = Feed(workspace, manifest, courier)
        super().__init__(workspace, manifest, feed, courier, Replies(workspace, feed, lambda: self.base_url))
        self._api = WebApi(Bench(workspace=workspace, tell=feed.tell), manifest, self.tokens, self._new_socket_url)
        self._server = LoopbackServer(self._routes(), port)

    # ---- life

    def start(self) -> None:
        """Serves from now on; after a stop, on the same port and with everything still there."""
        self._courier.begin(self._server.start())

    def stop(self) -> None:
        """Stops serving. What waited for another attempt is lost."""
        if self._server.running:
            self.drop_sockets()
            self._server.stop()
            self._courier.end()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def url(self) -> str:
        """What SLACK_API_URL must be."""
        return f"{self.base_url}/api/"

    @property
    def clock(self) -> Clock:
        return self.workspace.clock

    def deliver_by_http(self, request_url: str) -> None:
        """From now on everything is posted to this URL, signed, instead of sent down a socket."""
        self._courier.carrier = SignedPosts(request_url, self.tokens.signing_secret)

    # ---- trouble

    def inject(
        self,
        method: str,
        *,
        error: str = "",
        retry_after: int | None = None,
        status: int | None = None,
        delay: float = 0.0,
        after_effect: bool = False,
        times: int = 1,
    ) -> None:
        """Spoils the next `times` calls of this method ("*": of any); see Fault."""
        fault = Fault(
            method=method,
            error=error,
            retry_after=retry_after,
            status=status,
            delay=delay,
            after_effect=after_effect,
        )
        self._api.faults.order(fault, times)

    def clear_faults(self) -> None:
        self._api.faults.clear()

    def disconnect_sockets(self) -> None:
        """Asks the app to reconnect, as Slack does every few hours."""
        asyncio.run_coroutine_threadsafe(self.socket.refresh(), self._server.loop)

    def drop_sockets(self) -> None:
        """Cuts the app's connections without a word."""
        self._server.loop.call_soon_threadsafe(self.socket.drop)

    def redeliver(self, event_id: str) -> None:
        """Sends the same event again, marked as a repetition."""
        self._feed.again(event_id)

    def same_message_new_event(self, ts: str) -> str:
        """Tells of the same message under a new event id, and gives that id."""
        return self._feed.anew(self._feed.event_of(ts))

    def event_of(self, ts: str) -> str:
        """The id of the event that told of this message."""
        return self._feed.event_of(ts)

    def uninstall(self) -> None:
        """An admin removes the app: its tokens are void at once, and it is told so."""
        self._api.revoked = True
        self._feed.tell({"type": "tokens_revoked", "tokens": {"bot": [self.tokens.bot]}})
        self._feed.tell({"type": "app_uninstalled"})

    # ---- what can be seen

    def messages(self, where: str) -> list[Json]:
        """The conversation of this user with the bot, or this channel: everything, in order, as Slack has it."""
        with self.workspace.lock:
            return deepcopy(self.workspace.messages(self.workspace.resolve(where) or where))

    def message(self, ts: str) -> Json | None:
        """The bot's or a user's message with this timestamp, as it stands now."""
        with self.workspace.lock:
            channels = [self.workspace.im(user) for user in self.workspace.users.values()]
            found = (self.workspace.find(channel, ts) for channel in channels)
            return deepcopy(next((message for message in found if message is not None), None))

    def ephemerals(self, user: str) -> list[Json]:
        """What only this user has seen."""
        with self.workspace.lock:
            return deepcopy(self.workspace.ephemerals[user])

    def home(self, user: str) -> Json | None:
        with self.workspace.lock:
            return deepcopy(self.workspace.surfaces.homes.get(user))

    def view(self, user: str) -> Json | None:
        """The modal that lies on top for this user."""
        with self.workspace.lock:
            stack = self.workspace.surfaces.modals[user]
            return deepcopy(stack[-1]) if stack else None

    def status(self, user: str, thread_ts: str) -> str:
        """What the bot says it is doing in a thread; empty when it says nothing."""
        with self.workspace.lock:
            channel = self.workspace.im(self.workspace.users[user])
            return self.workspace.statuses.get((channel, thread_ts), "")

    def calls(self, method: str | None = None) -> list[Call]:
        """Every call of the Web API so far, or of this method."""
        with self.workspace.lock:
            return [call for call in self.workspace.calls if method in (None, call.method)]

    def attempts(self, event_id: str | None = None) -> list[Attempt]:
        """Every attempt to deliver so far, or those of this event."""
        return [each for each in self._courier.attempts if event_id in (None, each.event_id)]

    # ---- waiting

    def wait_until(self, look: Callable[[], T], timeout: float = 5.0) -> T:
        """What `look` gives, as soon as it is true. TimeoutError if that does not happen."""
        deadline = time.monotonic() + timeout
        while not (seen := look()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not seen within {timeout} s")
            time.sleep(_LOOK_EVERY_SECONDS)
        return seen

    def wait_connected(self, timeout: float = 5.0) -> None:
        """Until the app has a socket open."""
        self.wait_until(lambda: self.socket.connections, timeout)

    def wait_idle(self, quiet: float = 0.2, timeout: float = 10.0) -> None:
        """Until nothing is under way to the bot and it has not called for `quiet` seconds.

        A bot that thinks longer than that between two calls looks idle: then wait for what it does instead.
        """
        self.wait_until(lambda: self._idle_for() >= quiet, timeout)

    def _idle_for(self) -> float:
        if self._courier.under_way:
            return 0.0
        return time.monotonic() - max(self._api.last_call, self._courier.last_attempt)

    # ---- the server

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/{method}", self._api.answer),
            web.get("/link", self.socket.connect),
            web.post("/respond/{key}", self._respond),
        ]

    def _new_socket_url(self) -> str:
        return f"ws://127.0.0.1:{self._server.port}/link?ticket={self.socket.new_ticket()}"

    async def _respond(self, request: web.Request) -> web.Response:
        answer = json.loads(await request.text())
        try:
            with self.workspace.lock:
                self._replies.use(request.match_info["key"], answer)
        except RefusedError as refused:
            return web.Response(status=404, text=refused.error)
        return web.Response(text="ok")
