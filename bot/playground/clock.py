"""The stand-in's clock: it runs like any other, and can be set."""

import time
from datetime import datetime


class Clock:
    """Seconds since the epoch. Used for message timestamps and for what expires; never for waiting."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def set(self, instant: datetime) -> None:
        """From now on it is this instant, and time goes on from there. `instant` must be aware."""
        self._ahead = instant.timestamp() - time.time()

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
