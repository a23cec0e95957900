"""Slack's end of Socket Mode: connections that the bot opens, envelopes down, acknowledgements up."""

import asyncio
import json
from uuid import uuid4

from aiohttp import ClientConnectionResetError, WSMsgType, web

from bot.playground.delivery import Ack, Carrier, Envelope
from bot.playground.people import APP_ID, Json

MOST_CONNECTIONS = 10
REFRESH_SECONDS = 1.0  # how long an old connection lingers after Slack has asked for a new one


class SocketMode(Carrier):
    """Any number of connections of one app; each envelope goes down one of them, in turn."""

    def __init__(self) -> None:
        self._connections: list[tuple[web.Request, web.WebSocketResponse]] = []
        self._awaited: dict[str, asyncio.Future[Json]] = {}
        self._tickets: set[str] = set()

    @property
    def connections(self) -> int:
        return len(self._connections)

    def new_ticket(self) -> str:
        """Allows one connection: part of the address that apps.connections.open gives."""
        ticket = str(uuid4())
        self._tickets.add(ticket)
        return ticket

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Holds one connection from hello until either end closes it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.connections >= MOST_CONNECTIONS:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = (request, socket)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(json.loads(message.data))
        finally:
            if connection in self._connections:
                self._connections.remove(connection)
        return socket

    async def carry(self, envelope: Envelope, deadline: float) -> Ack:
        if not self._connections:
            return Ack(ok=False, payload={}, reason="no_connection")
        envelope_id = str(uuid4())
        answer = self._awaited[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await self._next().send_json(self._wire(envelope_id, envelope))
            return Ack(ok=True, payload=await asyncio.wait_for(answer, deadline))
        except TimeoutError:
            return Ack(ok=False, payload={}, reason="timeout")
        except ClientConnectionResetError:
            return Ack(ok=False, payload={}, reason="connection_failed")
        finally:
            del self._awaited[envelope_id]

    async def refresh(self) -> None:
        """Asks the app to reconnect, as Slack does every few hours, and closes the old connections a little later."""
        old = list(self._connections)
        for _, socket in old:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
        await asyncio.sleep(REFRESH_SECONDS)
        for request, _ in old:
            _cut(request)

    def drop(self) -> None:
        """Cuts every connection without a word, as a network does."""
        for request, _ in self._connections:
            _cut(request)
        self._connections.clear()

    def _next(self) -> web.WebSocketResponse:
        self._connections.append(self._connections.pop(0))
        return self._connections[-1][1]

    def _hear(self, message: Json) -> None:
        answer = self._awaited.get(message.get("envelope_id", ""))
        if answer is not None and not answer.done():
            answer.set_result(message.get("payload") or {})

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connections,
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18_060},
            "connection_info": {"app_id": APP_ID},
        }

    def _wire(self, envelope_id: str, envelope: Envelope) -> Json:
        wire: Json = {
            "envelope_id": envelope_id,
            "type": envelope.kind,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.expects_answer,
        }
        if envelope.kind == "events_api":
            wire |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
        return wire


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
