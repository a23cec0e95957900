"""Trouble on order: what goes wrong with the next calls of a method."""

import threading

from billing.record import record


@record
class Fault:
    """One spoilt call. `method` is a method's name, or "*" for any.

    `error`: refused with this code. `retry_after`: refused with 429 and this many seconds. `status`: a bare HTTP
    status. `delay`: seconds before anything happens. `after_effect`: the call does what it should, and only its answer
    is spoilt, as when a connection breaks too late.
    """

    method: str
    error: str = ""
    retry_after: int | None = None
    status: int | None = None
    delay: float = 0.0
    after_effect: bool = False

    @property
    def spoils_answer(self) -> bool:
        return bool(self.error) or self.retry_after is not None or self.status is not None


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def order(self, fault: Fault, times: int) -> None:
        with self._lock:
            self._waiting.extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault that this call of the method shall have; each is used once, in the order in which they came."""
        with self._lock:
            fault = next((each for each in self._waiting if each.method in (method, "*")), None)
            if fault is not None:
                self._waiting.remove(fault)
            return fault

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
