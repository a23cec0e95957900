"""A file that came back, taken apart: whole, or not at all.

pyx12 reads segments and checks the envelopes; the guides are not checked, for payers follow them loosely.
"""

from collections.abc import Iterator, Sequence
from io import StringIO

from pyx12.errors import X12Error
from pyx12.segment import Segment
from pyx12.x12file import X12Reader

from billing.record import record

Parts = tuple[str, ...]
"""A segment: its name and its elements, so that NM109 is parts[9]. Components are divided by colons."""


class ResponseTrouble(ValueError):
    """A file cannot be taken in, and nothing of it was. The text says why, for the person who has it."""


@record
class TransactionSet:
    """One transaction set, from ST to SE, and the guide that its group follows."""

    guide: str
    segments: tuple[Parts, ...]

    @property
    def kind(self) -> str:
        return value(self.segments[0], 1)


@record
class Interchange:
    """One file. `loose` are segments outside of any set: receipts."""

    sender: str
    control: str
    for_real: bool
    loose: tuple[Parts, ...]
    sets: tuple[TransactionSet, ...]


def value(parts: Parts, position: int, component: int = 0) -> str:
    """An element, or one component of it counted from 1; empty if there is none."""
    element = parts[position] if position < len(parts) else ""
    if not component:
        return element
    components = element.split(":")
    return components[component - 1] if component <= len(components) else ""


def interchange(data: bytes) -> Interchange:
    """The file's content. Raises ResponseTrouble if it is no X12, or not all there, or more than one interchange."""
    segments = _read(_text(data))
    head, sets, loose = segments[0], tuple(_sets(segments)), tuple(s for s in segments if s[0] == "TA1")
    return Interchange(
        sender=value(head, 6).strip(), control=value(head, 13), for_real=value(head, 15) == "P", loose=loose, sets=sets
    )


def _text(data: bytes) -> str:
    """Without what programs on the way put around it: byte order marks, line ends, spaces."""
    text = data.decode("utf-8-sig", errors="replace").lstrip()
    if not text.startswith("ISA"):
        raise ResponseTrouble("This is not an X12 file: it does not begin with ISA.")
    return text if text[105:106] in ("\r", "\n") else text.replace("\r", "").replace("\n", "")


def _read(text: str) -> tuple[Parts, ...]:
    try:
        reader = X12Reader(StringIO(text))
        segments = tuple(_parts(segment) for segment in reader)
        reader.cleanup()
    except (X12Error, IndexError) as wrong:
        raise ResponseTrouble("The file's envelope cannot be read: it may have been cut off or changed.") from wrong
    if (count := sum(s[0] == "ISA" for s in segments)) > 1:
        raise ResponseTrouble(f"The file holds {count} interchanges; take them in one by one.")
    codes = {(level, code) for level, code, *_ in reader.pop_errors() if level in ("isa", "gs", "st")}
    if codes & {("isa", "023"), ("gs", "3"), ("st", "2")}:
        raise ResponseTrouble("The file was cut off: its end is missing. Fetch it again.")
    if codes:
        raise ResponseTrouble("The file is damaged: its counts or control numbers do not agree. Fetch it again.")
    return segments


def _parts(segment: Segment) -> Parts:
    return (segment.get_seg_id() or "", *(element.format(":") for element in segment.elements))


def _sets(segments: Sequence[Parts]) -> Iterator[TransactionSet]:
    guide, start = "", 0
    for at, parts in enumerate(segments):
        if parts[0] == "GS":
            guide = value(parts, 8)
        elif parts[0] == "ST":
            start = at
        elif parts[0] == "SE":
            yield TransactionSet(guide=guide, segments=tuple(segments[start : at + 1]))
