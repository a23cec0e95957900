"""The whole playground in one process: a fictional practice, a stand-in for Slack, the real bot, and the page.

The bot is put together as `circlenote run` does it and reaches "Slack" over Socket Mode and the Web API.
"""

from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import SecretStr
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from billing.records import Clinician
from bot import run
from bot.app import slack_app
from bot.playground.browser import Browser, Persona
from bot.playground.people import User
from bot.playground.riverbend import riverbend
from bot.playground.standin import StandIn
from bot.playground.theatre import open_practice
from bot.settings import Settings
from storage.durable import Durable
from storage.store import Store

CONNECT_SECONDS = 15.0


class StudioTrouble(Exception):
    """The playground cannot start; the text says why, for whoever starts it."""


class Studio:
    """`folder`: where its database is, or will be. `port`: the page's; 0 takes any that is free.

    >>> with Studio(folder) as studio:  # doctest: +SKIP
    ...     webbrowser.open(studio.url)
    """

    def __init__(self, folder: Path, *, port: int = 0, fresh: bool = False) -> None:
        self._folder = folder
        self._port = port
        self._fresh = fresh
        self._running = ExitStack()
        self.url = ""

    def start(self) -> str:
        """Starts everything and gives the page's address. StudioTrouble, NotOurs, StorageTrouble or OSError if not."""
        try:
            with ExitStack() as starting:
                self.url = self._started(starting)
                self._running = starting.pop_all()
        except TimeoutError:
            raise StudioTrouble("The bot did not connect to the stand-in for Slack.") from None
        return self.url

    def stop(self) -> None:
        """Stops everything, the last started first. What was under way is taken up at the next start."""
        self._running.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _started(self, starting: ExitStack) -> str:
        store = open_practice(self._folder, riverbend(), fresh=self._fresh)
        starting.callback(store.close)
        staff = [c for c in store.roster(datetime.now(UTC).date()).clinicians if c.slack_user]
        slack = starting.enter_context(StandIn(_user(c) for c in staff))
        _start_bot(store, slack, starting)
        browser = Browser(slack, store, [_persona(c) for c in staff], port=self._port)
        starting.callback(browser.stop)
        return browser.start()


def _start_bot(store: Store, slack: StandIn, starting: ExitStack) -> None:
    settings = Settings(
        slack_bot_token=SecretStr(slack.tokens.bot),
        slack_app_token=SecretStr(slack.tokens.app),
        slack_api_url=slack.url,
    )
    client = run.web_client(settings)
    work = Durable(store, run.worker(store, client, settings))
    work.start()
    starting.callback(work.stop)
    app_client = WebClient(token=slack.tokens.app, base_url=slack.url)
    handler = SocketModeHandler(slack_app(store, client, None), slack.tokens.app, web_client=app_client)
    starting.callback(_hang_up, handler)
    handler.connect()  # type: ignore[no-untyped-call]
    slack.wait_connected(CONNECT_SECONDS)


def _hang_up(handler: SocketModeHandler) -> None:
    with suppress(Exception):  # it may have lost its connection already
        handler.close()  # type: ignore[no-untyped-call]


def _user(clinician: Clinician) -> User:
    return User(id=clinician.slack_user or "", name=clinician.id, real_name=clinician.name)


def _persona(clinician: Clinician) -> Persona:
    does = ", ".join(str(role) for role in clinician.roles)
    return Persona(id=clinician.slack_user or "", name=clinician.signature, does=does)
