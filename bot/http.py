"""Signed HTTP: what Slack posts goes to Bolt, which checks the signature; what cannot be Slack's is refused first."""

from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlparse

from slack_bolt import App, BoltRequest, BoltResponse

PATH = "/slack/events"
LARGEST = 2_000_000
"""Bytes. Slack's largest payloads, open modals with a hundred blocks, stay well below."""
PATIENCE = 10.0
"""Seconds that a sender may take over its body."""


def server(app: App, port: int, host: str = "0.0.0.0") -> ThreadingHTTPServer:  # noqa: S104 - Slack comes from outside
    """A server for this app; `serve_forever` runs it, `shutdown` ends it."""

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_POST(self) -> None:
            refused = _refused(self)
            self._answer(BoltResponse(status=refused) if refused else _dispatched(app, self))

        def _answer(self, response: BoltResponse) -> None:
            body = (response.body or "").encode()
            self.send_response(response.status)
            for name, value in response.first_headers().items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing of a request is logged here."""

    return ThreadingHTTPServer((host, port), Handler)


def _refused(request: BaseHTTPRequestHandler) -> int:
    """A status for what Slack would never send; 0 for what Bolt may look at. An odd time stamp would trip Bolt."""
    length = request.headers.get("Content-Length", "")
    if urlparse(request.path).path != PATH:
        return 404
    if not length.isdigit() or int(length) > LARGEST:
        return 413
    return 0 if request.headers.get("X-Slack-Request-Timestamp", "").isdigit() else 401


def _dispatched(app: App, request: BaseHTTPRequestHandler) -> BoltResponse:
    body = request.rfile.read(int(request.headers["Content-Length"])).decode("utf-8", errors="replace")
    headers: dict[str, str | Sequence[str]] = {name.lower(): value for name, value in request.headers.items()}
    return app.dispatch(BoltRequest(body=body, query=urlparse(request.path).query, headers=headers))
