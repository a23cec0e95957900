"""How what happens in Slack reaches the bot: one attempt or several, each with a deadline, whatever carries it."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Protocol

from billing.record import record
from bot.playground.people import Json

ACK_SECONDS = 3.0
RETRY_SECONDS = (0.0, 60.0, 300.0)  # Slack sends an event again at once, then after a minute, then after five


@record
class Envelope:
    """One thing that the bot is told. `kind`: events_api, interactive or slash_commands.

    `expects_answer`: the acknowledgement may carry an answer. `attempt` counts from 0; `reason`: why there is another.
    """

    kind: str
    payload: Json
    expects_answer: bool = False
    attempt: int = 0
    reason: str = ""


@record
class Ack:
    """What came back within the deadline. Not `ok`: the user sees Slack's warning sign; `reason` says why.

    Reasons: no_connection, connection_failed, timeout, http_error, invalid_answer.
    """

    ok: bool
    payload: Json
    reason: str = ""

    @property
    def errors(self) -> dict[str, str]:
        """What the bot, or Slack itself, said of single inputs of a modal: block id → sentence."""
        return dict(self.payload.get("errors", {}))


@record
class Attempt:
    """One attempt to deliver something, and what became of it. `event_id` is empty for interactions."""

    kind: str
    event_id: str
    number: int
    ack: Ack


class Carrier(Protocol):
    """Takes one envelope to the bot and waits for its acknowledgement, at most the deadline."""

    async def carry(self, envelope: Envelope, deadline: float) -> Ack: ...


class Courier:
    """Delivers interactions once, and events until they are acknowledged or Slack would give up.

    Runs on the server's loop; `send` and `ask` may be called from any thread.
    """

    def __init__(self, carrier: Carrier, ack_seconds: float, retry_seconds: Sequence[float]) -> None:
        self.carrier = carrier
        self.ack_seconds = ack_seconds
        self.retry_seconds = tuple(retry_seconds)
        self.attempts: list[Attempt] = []
        self.last_attempt = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way = 0
        self._counting = threading.Lock()

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Delivers on this loop from now on."""
        self._loop = loop
        self._under_way = 0

    def end(self) -> None:
        """Delivers no more; what was under way is lost with its loop."""
        self._loop = None

    @property
    def under_way(self) -> int:
        """How many attempts wait for their acknowledgement. An event that waits for its next attempt is not counted."""
        return self._under_way

    def send(self, envelope: Envelope) -> None:
        """Delivers an event in the background, with retries."""
        self._start(self._insist(envelope))

    def send_once(self, envelope: Envelope) -> None:
        """Delivers an event in the background, once."""
        self._start(self._attempt(envelope))

    def ask(self, envelope: Envelope) -> Ack:
        """Delivers an interaction and waits for its acknowledgement. Never from the server's own thread."""
        return self._start(self._attempt(envelope)).result(self.ack_seconds + 5)

    def _start(self, delivery: Coroutine[None, None, Ack]) -> Future[Ack]:
        if self._loop is None:
            delivery.close()
            raise RuntimeError("the stand-in is not running")
        self._count(1)
        return asyncio.run_coroutine_threadsafe(delivery, self._loop)

    def _count(self, change: int) -> None:
        with self._counting:
            self._under_way += change

    async def _insist(self, envelope: Envelope) -> Ack:
        ack = await self._attempt(envelope)
        for number, delay in enumerate(self.retry_seconds, start=1):
            if ack.ok:
                break
            await asyncio.sleep(delay)
            self._count(1)
            ack = await self._attempt(replace(envelope, attempt=number, reason=ack.reason))
        return ack

    async def _attempt(self, envelope: Envelope) -> Ack:
        """One attempt. Whoever starts it has counted it as under way already, so that nothing looks idle between."""
        try:
            ack = await self.carrier.carry(envelope, self.ack_seconds)
        finally:
            self.last_attempt = time.monotonic()
            self._count(-1)
        event_id = envelope.payload.get("event_id", "")
        self.attempts.append(Attempt(kind=envelope.kind, event_id=event_id, number=envelope.attempt, ack=ack))
        return ack
