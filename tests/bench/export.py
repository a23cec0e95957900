"""How long ten thousand lines keep a core busy: to be written, beside another library's writing, and to pass the gate.

    python -m tests.bench.export [LINES]

Figures to hold on two ordinary cores: written in 3 s, with the gate in 25 s, in 300 MB.
"""

import resource
import sys
from collections.abc import Callable
from datetime import date
from time import process_time
from typing import TypeVar

from x12sdk.io import X12ModelReader, write_transactions

from billing.export.gate import refusals
from billing.export.x12 import write
from tests.export.builders import a_batch, a_claim

T = TypeVar("T")
PEER_LINES = 1_000


def timed(work: Callable[[], T]) -> tuple[float, T]:
    start = process_time()
    result = work()
    return process_time() - start, result


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peer(text: str) -> float:
    """Seconds a line for the other library to build its models and write them."""
    with X12ModelReader(text.replace("\n", "")) as reader:
        (model,) = reader.models()
    values = as_given(model.model_dump(exclude_none=True))
    parties = {"sender_id": "RB0001", "receiver_id": "HGX01"}
    seconds, _ = timed(lambda: write_transactions([type(model).model_validate(values)], **parties))
    return seconds / PEER_LINES


def as_given(value: object) -> object:
    """The values of a model as one gives them to it: its dates are text."""
    if isinstance(value, dict):
        return {key: as_given(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_given(each) for each in value]
    return f"{value:%Y%m%d}" if isinstance(value, date) else value


def main(lines: int) -> None:
    batch = a_batch(*(a_claim(f"C{n}") for n in range(lines)))
    writing, written = timed(lambda: write(batch))
    checking, found = timed(lambda: refusals(written.text))
    assert found == ()
    memory = megabytes()
    beside = peer(write(a_batch(*(a_claim(f"C{n}") for n in range(PEER_LINES)))).text) * lines
    print(f"{lines} lines: written in {writing:.2f} s, {writing / beside:.2f} of the other library's {beside:.2f} s")
    print(f"gate {checking:.2f} s, both {writing + checking:.2f} s; {memory:.0f} MB at most")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
