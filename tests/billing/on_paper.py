"""Who has to hear of what and when, worked out tick by tick with an almanac and without the bot's code.

The rules are those of the issue: half an hour after the group and again on the next working morning; supervisors on
the first and second working day; never at night, never on leave. What was missed waits for a working morning.
"""

from collections.abc import Iterator

from tests.billing.quarter import BILLER, BOSSES, HOME, SUPERVISOR, Almanac, Life, is_open

Heard = tuple[int, str, str, str]
"""At which tick, in which kind of message, who hears of what."""

Stretch = tuple[int, int, tuple[str, ...], int]
"""From a tick, until another: whose matter it is, and since when nobody has touched it."""


def everything_to_hear(story: list[Life], almanac: Almanac) -> set[Heard]:
    heard: set[Heard] = set()
    for life in story:
        heard |= set(_of_notes(life, almanac))
        heard |= set(_of_overdue(life, almanac))
        heard |= set(_of_cosigning(life, almanac))
    return {each for each in heard if each[0] in almanac.ticks} | set(_pictures(almanac))


def stretches(life: Life) -> list[Stretch]:
    """Whose it is from when to when. It is nobody's before the group is over, or before somebody begins to write."""
    begun = life.touched[0] if life.touched else life.settled
    turns = [(life.ends, life.leaders, life.ends)]
    if life.handed_at is not None:
        turns.append((life.handed_at, (life.heir,), life.ends))
    turns = [turn for turn in turns if turn[0] < begun]
    turns += [(tick, (life.writer,), max(tick, life.ends)) for tick in life.touched]
    ends = [turn[0] for turn in turns[1:]] + [life.settled]
    return [(start, end, who, rest) for (start, who, rest), end in zip(turns, ends, strict=False) if start < end]


def _of_notes(life: Life, almanac: Almanac) -> Iterator[Heard]:
    people = dict.fromkeys(who for _, _, those, _ in stretches(life) for who in those)
    for who in people:
        told = -1
        for start, end, those, rest in stretches(life):
            if who not in those:
                continue
            plain = [_tell(who, rest + 2, almanac), _morning_after(who, rest + 2, almanac)]
            for tick in range(start, end):
                wanted, silent = _as_snoozed(life, who, plain, tick, almanac)
                if not silent and _hears(who, tick, wanted, told, almanac):
                    told = tick
                    yield tick, "notes", who, life.id


def _as_snoozed(life: Life, who: str, plain: list[int], tick: int, almanac: Almanac) -> tuple[list[int], bool]:
    """Once it is put off, what was to come before then does not, and it rings when it was asked to."""
    if life.snoozed is None or life.snoozed[0] != who or tick < life.snoozed[1]:
        return plain, False
    until = life.snoozed[2]
    return [m for m in plain if m > until] + [_tell(who, until, almanac)], tick < until


def _of_overdue(life: Life, almanac: Almanac) -> Iterator[Heard]:
    bosses = {who: [boss for boss in _over(who) if boss != who] for _, _, those, _ in stretches(life) for who in those}
    for boss in dict.fromkeys(b for theirs in bosses.values() for b in theirs):
        told = -1
        wanted = _ages(boss, life.ends, almanac)
        for start, end, those, _ in stretches(life):
            if boss in those or not any(boss in bosses[who] for who in those):
                continue
            for tick in range(start, end):
                if _hears(boss, tick, wanted, told, almanac):
                    told = tick
                    yield tick, "overdue", boss, life.id


def _over(who: str) -> tuple[str, ...]:
    return (SUPERVISOR[who],) if who in SUPERVISOR else BOSSES


def _of_cosigning(life: Life, almanac: Almanac) -> Iterator[Heard]:
    if life.cosigner is None or life.cosigned is None:
        return
    told = -1
    wanted = _ages(life.cosigner, life.settled, almanac)
    for tick in range(life.settled, life.cosigned):
        if _hears(life.cosigner, tick, wanted, told, almanac):
            told = tick
            yield tick, "cosign", life.cosigner, life.note


# ---- when it is time ---------------------------------------------------------------------------------------------


def _hears(who: str, tick: int, wanted: list[int], told: int, almanac: Almanac) -> bool:
    """It has come, they were not told since, and they may be told: on its own day, else on a day of work."""
    came = [moment for moment in wanted if moment <= tick]
    if not came or max(came) <= told or not almanac.awake(who, tick) or tick in almanac.down:
        return False
    its_day = almanac.clock(who, max(came))[0] == almanac.clock(who, tick)[0]
    return its_day or almanac.works(who, tick)


def _tell(who: str, tick: int, almanac: Almanac) -> int:
    """Then, or on the first working morning from then on."""
    if almanac.awake(who, tick):
        return tick
    return tick if almanac.begins_work(who, tick) else _morning_after(who, tick, almanac)


def _morning_after(who: str, tick: int, almanac: Almanac) -> int:
    tick += 1
    while not almanac.begins_work(who, tick):
        tick += 1
    return tick


def _ages(who: str, since: int, almanac: Almanac) -> list[int]:
    """The mornings of the first and second day of work after, by the practice's calendar; if away, when back."""
    day, found, tick = almanac.shows[HOME][since][0], [], since
    counted = day
    while len(found) < 2:
        tick += 1
        today, shown = almanac.clock(who, tick)
        if today > counted and shown == "07:30":
            counted = today
            if is_open(today):
                found.append(_tell(who, tick, almanac))
    return found


# ---- the day and the week ----------------------------------------------------------------------------------------


def _pictures(almanac: Almanac) -> Iterator[Heard]:
    """The digest at eight on days of work; the week on Monday at eight or the next day of work, in one's own day."""
    opening = [t for t in almanac.ticks if almanac.shows[HOME][t][1] == "08:00" and is_open(almanac.shows[HOME][t][0])]
    weeks = [almanac.shows[HOME][t][0].isocalendar()[1] for t in opening]
    before = [almanac.first.isocalendar()[1] if almanac.first.weekday() else 0, *weeks]
    mondays = [t for t, week, last in zip(opening, weeks, before, strict=False) if week != last]
    yield from _turns("digest", BILLER, opening, almanac)
    for boss in BOSSES:
        yield from _turns("week", boss, mondays, almanac)


def _turns(kind: str, who: str, turns: list[int], almanac: Almanac) -> Iterator[Heard]:
    """Each before the next is due, as soon as the machine runs and they are awake; none while they were away."""
    for turn, following in zip(turns, [*turns[1:], almanac.ticks.stop], strict=True):
        can = (t for t in range(turn, following) if t not in almanac.down and almanac.awake(who, t))
        tick = next(can, None)
        if tick is not None and not almanac.away(who, turn):
            yield tick, kind, who, ""
