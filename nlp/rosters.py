"""What is looked up in a roster again and again, indexed once for each roster.

A roster is known again by being the same object: to compare ten thousand clients by value costs more than reading.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from operator import is_
from typing import ParamSpec, TypeVar

from billing.records import ClientId, Enrolment, Roster

P = ParamSpec("P")
T = TypeVar("T")
_KEPT = 16


def remembered(make: Callable[P, T]) -> Callable[P, T]:
    """`make`, which is not run again for the last rosters (and whatever else it is given) seen."""
    kept: list[tuple[tuple[object, ...], T]] = []

    def look_up(*given: P.args, **named: P.kwargs) -> T:
        for known, made in kept:
            if len(known) == len(given) and all(map(is_, known, given)):
                return made
        made = make(*given, **named)
        kept[:] = [(given, made), *kept[: _KEPT - 1]]
        return made

    return look_up


@remembered
def enrolments_by_group(roster: Roster) -> dict[str, tuple[Enrolment, ...]]:
    found: dict[str, list[Enrolment]] = defaultdict(list)
    for e in roster.enrolments:
        found[e.group].append(e)
    return {group: tuple(enrolments) for group, enrolments in found.items()}


def members(roster: Roster, group: str) -> frozenset[ClientId]:
    """Everybody who ever was enrolled."""
    return frozenset(e.client for e in enrolments_by_group(roster).get(group, ()))


def enrolled(roster: Roster, group: str, on: date) -> tuple[ClientId, ...]:
    """The clients enrolled in `group` on that day, in roster order."""
    inside = enrolments_by_group(roster).get(group, ())
    return tuple(e.client for e in inside if e.since <= on and (e.until is None or on <= e.until))


@remembered
def pronouns(roster: Roster) -> dict[str, str]:
    """Of each client as the roster has them, in lower case; blank where it does not say."""
    return {c.id: (c.pronouns or "").lower() for c in roster.clients}
