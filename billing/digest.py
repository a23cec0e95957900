"""The biller's day: counts, money, reasons and ids. No name of a client or clinician is in it.

What the office reads is grouped by the sentence that holds a line; names in such a sentence become "a client" and
"a clinician", which also puts the same trouble of several clients together.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from billing.calendar import DAY, instant, is_working_day, practice_zone
from billing.clockwork import Books, Moved, World
from billing.record import record
from billing.records import ClaimLine, Client, ClientId, LineId, LineState, PayerId, Roster
from billing.rules.looking import capital
from billing.worklist import running_out


@record
class Total:
    """So many lines and what is charged for them. `unpriced` of them have no charge yet and add nothing."""

    count: int
    dollars: Decimal
    unpriced: int = 0


@record
class Reason:
    """Why lines are held, in one sentence without a name. A line that is held for two reasons is under both."""

    says: str
    total: Total
    oldest: date
    lines: tuple[LineId, ...]


@record
class Deadline:
    """Lines that a payer takes until `last_day` and no longer."""

    last_day: date
    payer: PayerId
    total: Total
    lines: tuple[LineId, ...]


@record
class DayOfLines:
    """How many lines of one date of service are in which state."""

    served_on: date
    states: tuple[tuple[LineState, int], ...]


@record
class BillersDay:
    """What a biller is told on a working day. What moved, moved after `since` and not after `until`, in dollars
    charged; `paid` is in dollars paid where the payer said how much. The rest is as the books are now.
    """

    day: date
    since: datetime
    until: datetime
    ready: Total
    held: Total
    reasons: tuple[Reason, ...]
    exported: Total
    rejected: Total
    paid: Total
    denied: Total
    deadlines: tuple[Deadline, ...]
    week: tuple[DayOfLines, ...]


def billers_day(day: date, books: Books, world: World) -> BillersDay:
    """The digest of that day, the same whenever it is made of the same books. It begins where the last one ended."""
    since, until = _between_digests(day, world)

    def moved(state: LineState) -> Total:
        return _moved(state, books, lambda move: since < move.at <= until)

    return BillersDay(
        day=day,
        since=since,
        until=until,
        ready=total(line for line in books.lines if line.state is LineState.READY),
        held=total(line for line in books.lines if line.state is LineState.HELD),
        reasons=reasons(books.lines, world.roster),
        exported=moved(LineState.EXPORTED),
        rejected=moved(LineState.REJECTED),
        paid=moved(LineState.PAID),
        denied=moved(LineState.DENIED),
        deadlines=_deadlines(day, books),
        week=_week_of_lines(day, books.lines),
    )


def total(lines: Iterable[ClaimLine]) -> Total:
    charges = [line.says.charge for line in lines]
    known = [charge for charge in charges if charge is not None]
    return Total(count=len(charges), dollars=sum(known, Decimal(0)), unpriced=len(charges) - len(known))


def _between_digests(day: date, world: World) -> tuple[datetime, datetime]:
    """From the digest of the working day before to that of this day: they do not overlap, and leave nothing out."""
    zone, at = practice_zone(world.roster), world.reminding.digest_at
    before = next((d for n in range(1, 15) if is_working_day(d := day - n * DAY, world)), day - DAY)
    return instant(before, at, zone), instant(day, at, zone)


def _moved(state: LineState, books: Books, counts: Callable[[Moved], bool]) -> Total:
    """Each line once, by its last move into that state; a line that the books no longer have counts nothing."""
    lines = {line.id: line for line in books.lines}
    last = {m.line: m for m in books.moves if m.state is state and counts(m) and m.line in lines}
    sums = [lines[id].says.charge if m.amount is None else m.amount for id, m in last.items()]
    known = [s for s in sums if s is not None]
    return Total(count=len(sums), dollars=sum(known, Decimal(0)), unpriced=len(sums) - len(known))


def _deadlines(day: date, books: Books) -> tuple[Deadline, ...]:
    """By payer and last day, the soonest first."""
    near = running_out(day, books)
    keys = dict.fromkeys((last, line.says.payer) for line, last in near)
    return tuple(
        Deadline(last_day=last, payer=payer, total=total(lines), lines=tuple(line.id for line in lines))
        for last, payer in keys
        if (lines := [line for line, ends in near if (ends, line.says.payer) == (last, payer)])
    )


def _week_of_lines(day: date, lines: Sequence[ClaimLine]) -> tuple[DayOfLines, ...]:
    """The seven days before this one, in order, days without lines too."""
    days = [day - n * DAY for n in range(7, 0, -1)]
    return tuple(DayOfLines(served_on=each, states=_states(each, lines)) for each in days)


def _states(day: date, lines: Sequence[ClaimLine]) -> tuple[tuple[LineState, int], ...]:
    counted = Counter(line.state for line in lines if line.says.served_on == day)
    return tuple((state, counted[state]) for state in LineState if counted[state])


# ---- why lines are held, without names ---------------------------------------------------------------------------


def reasons(lines: Sequence[ClaimLine], roster: Roster) -> tuple[Reason, ...]:
    """Each sentence once, that of the oldest line first."""
    held = sorted((line for line in lines if line.state is LineState.HELD), key=lambda line: line.says.served_on)
    under: dict[str, list[ClaimLine]] = {}
    for line in held:
        for says in dict.fromkeys(nameless(each, line.says.client, roster) for each in line.held_by):
            under.setdefault(says, []).append(line)
    return tuple(
        Reason(says=says, total=total(its), oldest=its[0].says.served_on, lines=tuple(line.id for line in its))
        for says, its in under.items()
    )


def nameless(says: str, client: ClientId, roster: Roster) -> str:
    """The sentence with "a client" or "a clinician" for every name.

    Full names of everybody; of the line's own client also each name alone, though it be a payer's as well: rather an
    odd sentence than a name.
    """
    staff = dict.fromkeys((c.name for c in roster.clinicians), "a clinician")
    clients = dict.fromkeys((way for c in roster.clients for way in _ways_to_name(c, own=c.id == client)), "a client")
    return capital(_replaced(says, {**staff, **clients}))


def _ways_to_name(client: Client, *, own: bool) -> tuple[str, ...]:
    whole = (client.name, f"{client.first} {client.last}")
    alone = (client.first, client.last, client.preferred or "", *client.also_called) if own else ()
    return tuple(filter(None, (*whole, *alone)))


def _replaced(says: str, ways: Mapping[str, str]) -> str:
    """The longest name first, so that nothing of it stays."""
    if not ways:
        return says
    longest_first = "|".join(re.escape(name) for name in sorted(ways, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", lambda m: ways[m[0]], says)
