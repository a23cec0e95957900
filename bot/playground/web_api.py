"""The door of the Web API: who calls, with which scopes and arguments; what goes wrong on order; the log of calls."""

import asyncio
import json
import time
from collections.abc import Callable

from aiohttp import web

from billing.record import record
from bot.playground.faults import Fault, Faults
from bot.playground.manifest import Manifest
from bot.playground.method_table import METHODS
from bot.playground.methods import Bench
from bot.playground.people import Json
from bot.playground.surfaces import RefusedError
from bot.playground.workspace import Call

_JSON_ARGUMENTS = ("blocks", "view", "metadata", "prompts", "loading_messages")  # text, when they come in a form


@record
class Tokens:
    """What the app has been given. `revoked` turns every call away, as after the app was uninstalled."""

    bot: str = "xoxb-stand-in"
    app: str = "xapp-stand-in"
    signing_secret: str = "stand-in-secret"  # noqa: S105  the stand-in's own, on this machine only


class WebApi:
    """Answers POST /api/{method}. `new_socket_url` gives the address for one Socket Mode connection."""

    def __init__(self, bench: Bench, manifest: Manifest, tokens: Tokens, new_socket_url: Callable[[], str]) -> None:
        self.faults = Faults()
        self.last_call = 0.0
        self.revoked = False
        self._bench = bench
        self._scopes = manifest.scopes
        self._tokens = tokens
        self._new_socket_url = new_socket_url

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            args = await _arguments(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or args.pop("token", "")
        self.last_call = time.monotonic()
        fault = self.faults.take(method) or Fault(method=method)
        await asyncio.sleep(fault.delay)
        if fault.spoils_answer and not fault.after_effect:
            self._log(method, args, fault.error or "injected")
            return _spoilt(fault)
        body = self._perform(method, token, args)
        self.last_call = time.monotonic()
        return _spoilt(fault) if fault.spoils_answer else self._response(body)

    def _perform(self, method: str, token: str, args: Json) -> Json:
        with self._bench.workspace.lock:
            try:
                body = {"ok": True, **self._allowed(method, token, args)}
            except RefusedError as refused:
                body = {"ok": False, "error": refused.error, **refused.more}
            self._log(method, args, body.get("error", ""))
        return body

    def _allowed(self, method: str, token: str, args: Json) -> Json:
        if not token:
            raise RefusedError("not_authed")
        if self.revoked:
            raise RefusedError("account_inactive")
        if token == self._tokens.app and method == "apps.connections.open":
            return {"url": self._new_socket_url()}
        if token != self._tokens.bot:
            raise RefusedError("not_allowed_token_type" if token == self._tokens.app else "invalid_auth")
        if method not in METHODS:
            raise RefusedError("unknown_method", req_method=method)
        scopes, perform = METHODS[method]
        if scopes and not set(scopes) & set(self._scopes):
            raise RefusedError("missing_scope", needed=scopes[0], provided=",".join(self._scopes))
        return perform(self._bench, args)

    def _log(self, method: str, args: Json, error: str) -> None:
        with self._bench.workspace.lock:
            self._bench.workspace.calls.append(Call(method=method, args=args, error=error))

    def _response(self, body: Json) -> web.Response:
        return web.json_response(body, headers={"x-oauth-scopes": ",".join(self._scopes)})


def _spoilt(fault: Fault) -> web.Response:
    if fault.retry_after is not None:
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.status is not None:
        return web.Response(status=fault.status, text="upstream trouble")
    return web.json_response({"ok": False, "error": fault.error})


async def _arguments(request: web.Request) -> Json:
    """A call's arguments, whichever way they came. The sdk sends an empty body as JSON when there are none."""
    if request.content_type == "application/json":
        text = await request.text()
        return dict(json.loads(text)) if text else {}
    args: Json = dict(request.query) | dict(await request.post())
    for name in _JSON_ARGUMENTS:
        if name in args:
            args[name] = json.loads(args[name])
    return args
