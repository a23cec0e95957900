"""`circlenote run`: settings, store, reader and Slack put together, and started."""

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler

from bot import events, logs
from bot.app import slack_app
from bot.conversation import Conversation
from bot.delivery import Delivery
from bot.desk import Desk
from bot.http import server
from bot.jobs import Jobs
from bot.settings import Settings
from nlp.reader import Reader
from storage.durable import Durable
from storage.ids import new_id
from storage.store import Store

log = logging.getLogger(__name__)


class RunTrouble(Exception):
    """The bot cannot start; the text says what is missing, for whoever starts it."""


def open_store(settings: Settings, *, create: bool = False) -> Store:
    return Store.open(settings.database_url, key_file=settings.key_file, create=create)


def serve(settings: Settings, *, http: int | None) -> None:
    """Runs until it is asked to stop (SIGTERM, Ctrl-C). Raises RunTrouble or StorageTrouble if it cannot start."""
    _complete(settings, http=http)
    logs.set_up(settings.log_level)
    store = open_store(settings)
    if store.practice() is None:
        raise RunTrouble("There is no practice in the database yet: run `circlenote setup FILE` first.")
    slack = web_client(settings)
    jobs = Jobs(store, Delivery(slack, store), lambda: datetime.now(UTC)) if settings.reminders else None
    work = Durable(
        store,
        worker(store, slack, settings, jobs),
        executor=settings.circlenote_node,
        on_tick=jobs.tick if jobs else None,
    )
    work.start()
    app = slack_app(store, slack, _secret(settings))
    try:
        _listen(app, settings, http)
    finally:
        work.stop()
        store.close()


def worker(store: Store, slack: WebClient, settings: Settings, jobs: Jobs | None = None) -> Callable[[str], None]:
    """What is done with each kept event: worked out at the desk, delivered to Slack.

    A button may settle what somebody is reminded of, so the reminders are brought up to date at once.
    """
    conversation = Conversation(store, Reader(settings.circlenote_model), lambda: datetime.now(UTC), new_id)
    desk = Desk(conversation, store.clinician_of, settings.longest_message)
    delivery = Delivery(slack, store)

    def on_event(event_id: str) -> None:
        it = store.event(event_id)
        for reply in desk.work(event_id, str(it["kind"]), str(it["user"]), it):
            trigger = it.get("trigger_id")
            delivery.deliver(reply, str(trigger) if trigger else None)
        if jobs and it["kind"] in (events.ACTION, events.SUBMITTED):
            jobs.tick()

    return on_event


def web_client(settings: Settings) -> WebClient:
    assert settings.slack_bot_token is not None
    slack = WebClient(token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
    slack.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=3))
    slack.retry_handlers.append(ServerErrorRetryHandler(max_retry_count=3))
    return slack


def _complete(settings: Settings, *, http: int | None) -> None:
    needed = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    needed |= {"SLACK_SIGNING_SECRET": settings.slack_signing_secret} if http else {}
    needed |= {} if http else {"SLACK_APP_TOKEN": settings.slack_app_token}
    missing = [name for name, value in needed.items() if value is None]
    if missing:
        raise RunTrouble(f"Missing in the environment: {', '.join(missing)}. docs/slack.md says where to find them.")


def _secret(settings: Settings) -> str | None:
    return settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else None


def _listen(app: App, settings: Settings, http: int | None) -> None:
    stopping = threading.Event()
    for s in (signal.SIGTERM, signal.SIGINT):
        signal.signal(s, lambda *_: stopping.set())
    if http:
        listening = server(app, http)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        log.info("listening for signed HTTP")
        stopping.wait()
        listening.shutdown()
        return
    assert settings.slack_app_token is not None
    handler = SocketModeHandler(
        app,
        settings.slack_app_token.get_secret_value(),
        web_client=WebClient(token=settings.slack_app_token.get_secret_value(), base_url=settings.slack_api_url),
    )
    handler.connect()  # type: ignore[no-untyped-call]
    log.info("connected to Slack")
    stopping.wait()
    with suppress(Exception):
        handler.close()  # type: ignore[no-untyped-call]
