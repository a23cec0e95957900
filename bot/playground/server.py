"""An aiohttp application on a thread of its own, on the loopback interface and for nobody else."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_MOST_BYTES = 4 * 1024 * 1024


@web.middleware
async def _only_by_loopback_name(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns away a page of another site that had its own name resolve to this machine (DNS rebinding)."""
    name = request.host.rsplit(":", 1)[0]
    if name not in ("127.0.0.1", "localhost"):
        raise web.HTTPForbidden(text="only for this machine")
    return await handler(request)


class LoopbackServer:
    """`port` 0 takes any that is free, and keeps it over a stop and a new start."""

    def __init__(self, routes: Sequence[web.RouteDef], port: int) -> None:
        self.port = port
        self._routes = routes
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    @property
    def running(self) -> bool:
        return self._loop is not None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop it serves on. RuntimeError while it does not run."""
        if self._loop is None:
            raise RuntimeError("the stand-in is not running")
        return self._loop

    def start(self) -> asyncio.AbstractEventLoop:
        """Serves from now on and gives the loop that it serves on. OSError if the port is taken."""
        started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), name="stand-in", daemon=True)
        self._thread.start()
        self._loop = started.result()
        return self._loop

    def stop(self) -> None:
        if self._thread is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
            self._thread = self._loop = None

    async def _serve(self, started: "Future[asyncio.AbstractEventLoop]") -> None:
        self._stopping = asyncio.Event()
        application = web.Application(middlewares=[_only_by_loopback_name], client_max_size=_MOST_BYTES)
        application.add_routes(self._routes)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
        except OSError as taken:
            started.set_exception(taken)
        else:
            self.port = runner.addresses[0][1]
            started.set_result(asyncio.get_running_loop())
            await self._stopping.wait()
        await runner.cleanup()
