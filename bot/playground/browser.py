"""The playground's page, served on the loopback interface to whoever has its address: the address holds the key.

Beside the page itself: GET state (what one person sees), GET changes (server-sent events: look again) and POST
gestures (what a person does). Every request must name this machine as its host and carry the key in its path; one
that comes from a page must come from ours.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from importlib import resources

from aiohttp import web
from pydantic import ValidationError

from billing.record import record
from bot.playground.for_page import notifications, seen_by, written
from bot.playground.from_page import Gesture, perform
from bot.playground.people import Json
from bot.playground.server import LoopbackServer
from bot.playground.standin import StandIn
from storage.store import Store

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOOK_EVERY_SECONDS = 0.1
BREATHE_EVERY_LOOKS = 100  # a comment now and then, or a page that is gone would never be noticed
KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"  # the browser itself refuses innerHTML
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@record
class Persona:
    """Somebody whom one can be: their Slack user id, their name, and what they do at the practice."""

    id: str
    name: str
    does: str


class Browser:
    """`personas`: whom one can choose to be, the first to begin with. `port` 0 takes any that is free."""

    def __init__(self, slack: StandIn, store: Store, personas: Sequence[Persona], *, port: int = 0) -> None:
        self._slack = slack
        self._store = store
        self._personas = {each.id: each for each in personas}
        practice = store.practice()
        self._timezone = practice.timezone if practice else "UTC"
        self._key = secrets.token_urlsafe(24)
        self._files = _page_files()
        self._server = LoopbackServer(self._routes(), port)

    def start(self) -> str:
        """Serves from now on, and gives the address to open."""
        self._server.start()
        return self.url

    def stop(self) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}/{self._key}/"

    # ---- the door

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.get("/{key}/", self._guarded(self._page)),
            web.get("/{key}/state", self._guarded(self._state)),
            web.get("/{key}/changes", self._guarded(self._changes)),
            web.post("/{key}/gestures", self._guarded(self._gesture)),
            web.get("/{key}/{file}", self._guarded(self._page)),
            web.get("/{elsewhere:.*}", self._guarded(self._page)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            refusal = self._refusal(request)
            return _refused(403, refusal) if refusal else await handler(request)

        return answer

    def _refusal(self, request: web.Request) -> str:
        """Why this request is turned away; empty if it is not."""
        if request.host not in (f"127.0.0.1:{self._server.port}", f"localhost:{self._server.port}"):
            return "This page is only for the machine that it runs on."
        key = request.match_info.get("key", "")
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            return "Open the whole address that the terminal shows: it ends in a key."
        origin = request.headers.get("Origin", "" if request.method == "POST" else None)
        if origin not in (None, f"http://{request.host}"):
            return "That came from another page."
        return ""

    # ---- what is answered

    async def _page(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("file", "index.html")
        if name not in self._files:
            return _refused(404, "There is nothing here.")
        kind = KINDS[name.rsplit(".", 1)[-1]]
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8", headers=HEADERS)

    async def _state(self, request: web.Request) -> web.StreamResponse:
        """What the persona in `?as=` sees; the first one's view if that names nobody."""
        user = request.query.get("as", "")
        persona = user if user in self._personas else next(iter(self._personas))
        state = await asyncio.to_thread(self._seen, persona)
        return web.json_response(state, headers=HEADERS)

    def _seen(self, user: str) -> Json:
        manifest = self._slack.manifest
        return {
            "as": user,
            "timezone": self._timezone,
            "people": [{"id": each.id, "name": each.name, "does": each.does} for each in self._personas.values()],
            "commands": manifest.commands,
            "shortcuts": [callback for callback, kind in manifest.shortcuts if kind == "message"],
            "notifications": notifications(self._slack.workspace),
            "seen": seen_by(self._slack, user),
            "written": written(self._store),
        }

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """An event at once, and whenever anybody's view has changed. It holds no more than that something has."""
        stream = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        last, looks = "", 0
        while True:
            mark = await asyncio.to_thread(self._mark)
            if mark != last:
                await stream.write(b"data: look\n\n")
            elif looks % BREATHE_EVERY_LOOKS == 0:
                await stream.write(b":\n\n")
            last, looks = mark, looks + 1
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _mark(self) -> str:
        """A digest of what all personas see: cheaper than to have everything that changes it tell us."""
        seen = [seen_by(self._slack, user) for user in self._personas]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    async def _gesture(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            return _refused(415, "Gestures are JSON.")
        try:
            gesture = Gesture.model_validate_json(await request.read())
        except ValidationError as e:
            return _refused(400, f"{e.error_count()} things in this are not as they should be.")
        if gesture.who not in self._personas:
            return _refused(409, "There is nobody of that name.")
        try:
            done = await asyncio.to_thread(perform, self._slack, gesture)
        except LookupError as e:
            return _refused(409, str(e))
        return web.json_response(done, headers=HEADERS)


def _refused(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=sentence, headers=HEADERS)


def _page_files() -> dict[str, bytes]:
    """The page's own files, and no others, by name."""
    page = resources.files("bot.playground").joinpath("page")
    return {file.name: file.read_bytes() for file in page.iterdir() if file.name.rsplit(".", 1)[-1] in KINDS}
