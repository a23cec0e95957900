"""Work that survives the death of the process: the only module that knows DBOS.

The queue lives in the same database as our tables, so that "kept" and "will be handled" are one commit. Its own
tables are not encrypted value by value: they get ids, never words, and an error is reduced to its kind and place.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Connection, Engine

if TYPE_CHECKING:
    from storage.store import Store

_log = logging.getLogger(__name__)

_NAME = "circlenote"
_VERSION = "1"  # fixed by hand: with a computed one, unfinished work of an older release would wait for ever
_QUEUE = "inbox"
_WORKFLOW = "handle_event"
_TICK = "tick"
_WAITING = ["ENQUEUED", "PENDING", "DELAYED"]
_FAILED = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_LEASE = timedelta(minutes=10)  # handling takes seconds; who holds work longer is dead or lost the answer of a commit


class HandlingFailed(Exception):
    """Names the kind of an error and where it arose, never its text: texts quote what they choke on."""


class WorkQueue:
    """The queue as seen from outside a running bot: put work in, see what failed."""

    def __init__(self, engine: Engine) -> None:
        self._client = DBOSClient(
            system_database_engine=engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=_NAME,
            lazy=True,
        )

    def make_ready(self) -> None:
        """Brings the queue's own tables up to date and says how it is worked off. Twice is harmless."""
        self._client._sys_db.run_migrations()  # noqa: SLF001 public ways cannot open a database that needs a key
        self._client.register_queue(
            _QUEUE, partition_concurrency=1, worker_concurrency=8, polling_interval_sec=0.1, application_name=_NAME
        )

    def enqueue(self, connection: Connection, event_id: str, *, lane: str, place: int) -> None:
        """Queues the handling of an event in the caller's transaction.

        Events of one lane are handled one at a time, the lower `place` first: the queue's own times are too coarse.
        """
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": _WORKFLOW,
                "queue_name": _QUEUE,
                "workflow_id": event_id,
                "queue_partition_key": lane,
                "priority": place,
            },
            event_id,
        )

    def unfinished(self) -> tuple[str, ...]:
        return self._ids(_WAITING)

    def failed(self) -> tuple[str, ...]:
        """Events whose handling was given up, for a person to look at; `retry` starts one anew."""
        return self._ids(_FAILED)

    def retry(self, event_id: str) -> None:
        self._client.rewind_workflow(event_id)

    def take_over(self, older_than: timedelta) -> int:
        """Queues anew what somebody took and has not finished for so long: that process is dead or lost track.

        Were it alive after all, the queue's fencing makes it step aside; handling is idempotent besides.
        """
        before = (datetime.now(UTC) - older_than).isoformat()
        stale = self._ids(["PENDING"], dequeued_before=before)
        for event_id in stale:
            self._client.resume_workflow(event_id)
        return len(stale)

    def _ids(self, states: list[str], **more: Any) -> tuple[str, ...]:
        found = self._client.list_workflows(name=_WORKFLOW, status=states, load_input=False, load_output=False, **more)
        return tuple(status.workflow_id for status in found)


class Durable:
    """Handles each received event, also after a crash: at least once, in order within a conversation.

    `on_event` gets the id of an event and does all its storing in idempotent transactions. If it raises, it is
    tried again after `pause` seconds, twice as long each time, `attempts` times in all; then the event is failed.
    One runs in a process at a time. `executor` names this machine; two machines need two names.

    `on_tick`, if there is one, is called `every` few minutes (a cron line, UTC), by one process however many there
    are, up to ten seconds late. A tick that was missed is not made up for: the next one must find what was due.
    """

    def __init__(
        self,
        store: "Store",
        on_event: Callable[[str], None],
        *,
        executor: str = "first",
        attempts: int = 5,
        pause: float = 1.0,
        on_tick: Callable[[], None] | None = None,
        every: str = "*/5 * * * *",
    ) -> None:
        self._store = store
        self._on_event = on_event
        self._on_tick = on_tick
        self._every = every
        self._executor = executor
        self._attempts = attempts
        self._pause = pause
        self._running: set[str] = set()
        self._stopping = threading.Event()
        self._reaper = threading.Thread(target=self._reap, name="reaper", daemon=True)

    def start(self) -> None:
        config: DBOSConfig = {
            "name": _NAME,
            "system_database_engine": self._store.database.queue_engine,
            "application_version": _VERSION,
            "executor_id": self._executor,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 0.2,
        }
        self._store.work.make_ready()  # before the start, or it would be noticed a second late
        DBOS(config=config)
        self._register()
        tick = self._register_tick()
        DBOS.launch()
        self._schedule(tick)
        self._reaper.start()

    def stop(self) -> None:
        """Lets running work finish for a few seconds; what is cut off is taken up at the next start."""
        self._stopping.set()
        self._reaper.join()
        patience = 5 if self._running else 0
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)

    def idle(self, timeout: float) -> bool:
        """Waits until nothing is queued or being handled; False if that took longer than `timeout` seconds."""
        until = time.monotonic() + timeout
        while self._store.work.unfinished():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def failed(self) -> tuple[str, ...]:
        """Events whose handling was given up, for a person to look at."""
        return self._store.work.failed()

    def retry(self, event_id: str) -> None:
        """Handles a failed event anew, with as many attempts as the first time."""
        self._store.work.retry(event_id)

    def _register(self) -> None:
        @DBOS.step(name=_WORKFLOW, retries_allowed=True, max_attempts=self._attempts, interval_seconds=self._pause)
        def attempt(event_id: str) -> None:
            self._attempt(event_id)

        @DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=20)
        def handle_event(event_id: str) -> None:
            attempt(event_id)

    def _register_tick(self) -> Callable[[datetime, Any], None]:
        """Registered even where nothing ticks: another process may have queued one."""

        @DBOS.step(name=_TICK, retries_allowed=True, max_attempts=2, interval_seconds=self._pause)
        def attempt() -> None:
            trouble = self._trouble_in(self._on_tick, _TICK) if self._on_tick else None
            if trouble is not None:
                raise HandlingFailed(trouble)

        @DBOS.workflow(name=_TICK)
        def tick(_scheduled_at: datetime, _context: Any) -> None:
            attempt()

        return tick

    def _schedule(self, tick: Callable[[datetime, Any], None]) -> None:
        if self._on_tick is None:
            DBOS.delete_schedule(_TICK)
            return
        DBOS.apply_schedules(
            [{"schedule_name": _TICK, "workflow_fn": tick, "schedule": self._every, "automatic_backfill": False}]
        )

    def _attempt(self, event_id: str) -> None:
        trouble = self._trouble_with(event_id)
        if trouble is not None:  # raised out here, so that the original error does not travel along as its context
            raise HandlingFailed(trouble)

    def _trouble_with(self, event_id: str) -> str | None:
        return self._trouble_in(lambda: self._on_event(event_id), event_id)

    def _trouble_in(self, work: Callable[[], None], name: str) -> str | None:
        self._running.add(name)
        try:
            work()
        except Exception as error:  # noqa: BLE001 whatever it is, it is tried again and then shown as failed
            trouble = _kind_and_place(error)
            _log.warning("event %s: %s", name, trouble)
            return trouble
        finally:
            self._running.discard(name)
        return None

    def _reap(self) -> None:
        while not self._stopping.wait(60):
            try:
                self._store.work.take_over(_LEASE)
            except Exception as error:  # noqa: BLE001 the database may be away; the next round tries again
                _log.warning("taking over stale work: %s", _kind_and_place(error))


def _kind_and_place(error: BaseException) -> str:
    """For example "KeyError at conversation.py:41"."""
    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None:
        frames = frames.tb_next
    place = f" at {Path(frames.tb_frame.f_code.co_filename).name}:{frames.tb_lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
