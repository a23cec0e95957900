"""The last look at a finished file: pyx12 reads it as a payer would. What it refuses is not sent."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from io import StringIO
from typing import Any

from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from billing.export.codes import FAULTS

MOST_SENTENCES = 50
"""A file that is wrong everywhere says so without saying everything."""


def refusals(text: str) -> tuple[str, ...]:
    """Why the file may not go out, a sentence each, without a value of it; empty if it may.

    Nothing touches the disk. Where pyx12 fails instead of answering, that is a refusal as well.
    """
    report = StringIO()
    try:
        accepted = x12n_document(ParamsBase(), StringIO(text), None, None, fd_json=report)
    except Exception as failure:  # noqa: BLE001 - the checker has no list of what it raises; any of it is a no
        return (f"The file cannot be checked: the checker stopped with {type(failure).__name__}",)
    if accepted:
        return ()
    found = tuple(dict.fromkeys(_found(report.getvalue(), text)))
    return found[:MOST_SENTENCES] or ("The file is not one that a payer can read",)


def _found(report: str, text: str) -> Iterator[str]:
    """Everything the report has, level by level; the values in it are left where they are."""
    claims = _claims(text)
    for interchange in json.loads(report or '{"interchanges": []}')["interchanges"]:
        yield from _envelope("interchange", interchange)
        for group in interchange["groups"]:
            yield from _envelope("group", group)
            for each in group["transactions"]:
                yield from (f"In the file, {FAULTS['set'].get(e['err_cde'], e['err_cde'])}" for e in each["errors"])
                for segment in each["segments"]:
                    yield from _segment(segment, claims)


def _envelope(what: str, level: dict[str, Any]) -> Iterator[str]:
    for error in level["errors"]:
        yield f"The {what}'s envelope is wrong (code {error['err_cde']})"


def _segment(segment: dict[str, Any], claims: tuple[tuple[int, str], ...]) -> Iterator[str]:
    where = _claim_at(segment["cur_line"], claims)
    name = f"the segment {segment['seg_id']}"
    for error in segment["errors"]:
        yield f"{where}, {name} {FAULTS['segment'].get(error['err_cde'], 'is wrong')}"
    for element in segment["elements"]:
        at = f"{segment['seg_id']}{element['ele_pos'] or 0:02}"
        for error in element["errors"]:
            yield f"{where}, the element {at} {FAULTS['element'].get(error['err_cde'], 'is wrong')}"


def _claims(text: str) -> tuple[tuple[int, str], ...]:
    """At which segment each claim begins, with whose policy it is, and its number."""
    segments = text.replace("\n", "").split("~")
    holders = (n for n, s in enumerate(segments, start=1) if re.match(r"HL\*[^*]*\*[^*]*\*22", s))
    numbers = (s.split("*")[1] for s in segments if s.startswith("CLM*"))
    return tuple(zip(holders, numbers, strict=False))


def _claim_at(segment: int, claims: tuple[tuple[int, str], ...]) -> str:
    before = bisect_right(claims, (segment, "\uffff"))
    return f"In claim {claims[before - 1][1]}" if before else "Before the first claim"
