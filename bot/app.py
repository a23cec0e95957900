"""The Slack app: what Slack sends is kept before it is acknowledged, and worked on afterwards."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot import events, listeners
from storage.store import Store

log = logging.getLogger(__name__)


def slack_app(store: Store, slack: WebClient, signing_secret: str | None) -> App:
    """Bolt acknowledges an event before any listener runs, so the inbox row is written in a middleware: if that
    fails, Slack gets an error and delivers again.
    """
    app = App(client=slack, signing_secret=signing_secret, token_verification_enabled=False)

    @app.middleware
    def keep(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:
        it = events.received(body)
        if it is not None:
            stranger = store.clinician_of(it.user) is None
            _keep(store, events.without_words(it) if stranger else it)
        return next()

    @app.error
    def failed(error: Exception, request: BoltRequest) -> BoltResponse:  # noqa: ARG001 - Bolt passes by name
        log.error("a request failed: %s", type(error).__name__)
        return BoltResponse(status=500)

    listeners.register(app)
    return app


def _keep(store: Store, it: events.Received) -> None:
    new = store.receive(it.id, it.kind, {"kind": it.kind, "user": it.user, **it.body}, it.channel or it.user, it.ts)
    log.info("%s %s", it.kind, "kept" if new else "known already")
