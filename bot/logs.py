"""Logs hold ids and counts, never words. Slack's libraries log bodies at DEBUG and texts in errors: they may not."""

import logging
import traceback
from pathlib import Path
from typing import Any

LOUD = ("slack_bolt", "slack_sdk", "aiohttp", "dbos", "sqlalchemy", "alembic")


class OneLine(logging.Formatter):
    """An error is named by its kind and where it arose. Its text, which may quote a message, is left out."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        kind, trace = ei[0], traceback.extract_tb(ei[2])
        place = f"{Path(trace[-1].filename).name}:{trace[-1].lineno}" if trace else "?"
        return f"{kind.__name__ if kind else 'error'} at {place}"


def set_up(level: str) -> None:
    """One handler for everything, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in LOUD:
        logger = logging.getLogger(name)
        logger.setLevel(logging.ERROR)
        logger.propagate = False
        logger.handlers = [_Kinds()]


class _Kinds(logging.Handler):
    """What a library logs is reduced to where it was logged: its text may hold a message's words."""

    def emit(self, record: logging.LogRecord) -> None:
        logging.getLogger("bot.libraries").warning(
            "%s reported trouble (%s:%d)", record.name, record.module, record.lineno
        )
