"""The same deliveries by signed HTTP POST to the bot's request URL."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from bot.playground.delivery import Ack, Carrier, Envelope
from bot.playground.people import Json


class SignedPosts(Carrier):
    """Posts to `url`, signed with the app's signing secret in Slack's v0 scheme."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self.url = url
        self._secret = signing_secret.encode()

    async def carry(self, envelope: Envelope, deadline: float) -> Ack:
        content_type, body = _body(envelope)
        headers = {"Content-Type": content_type, **self._signature(body), **_retry(envelope)}
        timeout = aiohttp.ClientTimeout(total=deadline)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                return _read(response.status, await response.text())
        except TimeoutError:
            return Ack(ok=False, payload={}, reason="timeout")
        except aiohttp.ClientError:
            return Ack(ok=False, payload={}, reason="connection_failed")

    def _signature(self, body: bytes) -> dict[str, str]:
        # The machine's own time, not the workspace's: the bot holds it against its own.
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _body(envelope: Envelope) -> tuple[str, bytes]:
    if envelope.kind == "events_api":
        return "application/json", json.dumps(envelope.payload).encode()
    form = envelope.payload if envelope.kind == "slash_commands" else {"payload": json.dumps(envelope.payload)}
    return "application/x-www-form-urlencoded", urlencode(form).encode()


def _retry(envelope: Envelope) -> dict[str, str]:
    """By HTTP, unlike over a socket, only a repeated delivery says which one it is."""
    if envelope.attempt == 0:
        return {}
    reason = "http_timeout" if envelope.reason == "timeout" else envelope.reason
    return {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": reason}


def _read(status: int, text: str) -> Ack:
    if status != 200:
        return Ack(ok=False, payload={}, reason="http_error")
    answer: Json = json.loads(text) if text.startswith("{") else {"text": text} if text else {}
    return Ack(ok=True, payload=answer)
