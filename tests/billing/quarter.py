"""An invented clinic and what happens in it: eight clinicians, twenty-five groups, a seed.

Time is counted in ticks of a quarter of an hour. `Almanac` knows for each tick what the clocks of a zone show; it only
ever asks what a clock shows at an instant, never the other way round.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from billing.clockwork import Holiday, Leave, Pattern, Whereabouts
from billing.records import Clinician, ClinicianId, Group, GroupId, Practice, Role, Roster, Schedule

TICK = timedelta(minutes=15)
A_DAY = 96
HOME = "America/New_York"
HOLIDAYS = (
    date(2026, 10, 12),
    date(2026, 11, 26),
    date(2026, 11, 27),
    date(2026, 12, 25),
    date(2027, 1, 1),
    date(2027, 3, 15),
)
ZONES = {"c1": "America/Chicago", "c4": "America/Chicago", "c7": "America/Los_Angeles"}
SUPERVISOR = {"c2": "c0", "c3": "c0", "c4": "c0", "c5": "c1"}
BOSSES, BILLER = ("c0", "c1"), "office"
STAFF = tuple(f"c{n}" for n in range(8))
LEAVES = (
    ("c0", date(2026, 11, 9), date(2026, 11, 13)),
    ("c0", date(2026, 12, 24), date(2027, 1, 3)),
    ("c1", date(2026, 10, 29), date(2026, 11, 2)),
    ("c1", date(2026, 12, 30), date(2026, 12, 31)),
    ("c2", date(2026, 10, 19), date(2026, 10, 23)),
    ("c3", date(2026, 11, 2), date(2026, 11, 2)),
    ("c5", date(2026, 12, 7), date(2026, 12, 18)),
    ("c6", date(2027, 3, 12), date(2027, 3, 16)),
    ("c7", date(2026, 10, 8), date(2026, 10, 9)),
    (BILLER, date(2026, 11, 3), date(2026, 11, 4)),
)


@dataclass(frozen=True)
class Row:
    """A group as a line of the clinic's plan. `fortnight` is a Monday of a week in which it meets, if not in every."""

    id: str
    weekdays: str
    starts: str
    ends: str
    leaders: tuple[str, ...]
    fortnight: date | None = None
    since: date = date(2026, 1, 1)
    until: date | None = None


WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ROWS = (
    Row("g01", "Mo", "09:00", "10:15", ("c0",)),
    Row("g02", "Mo We Fr", "10:30", "11:45", ("c2",)),
    Row("g03", "Tu", "14:00", "15:15", ("c2", "c6")),
    Row("g04", "Tu Th", "16:00", "17:30", ("c3",)),
    Row("g05", "We", "18:00", "19:15", ("c4",)),
    Row("g06", "Th", "20:00", "21:15", ("c5",)),
    Row("g07", "Fr", "20:00", "21:00", ("c6", "c7")),
    Row("g08", "Sa", "10:00", "11:00", ("c7",)),
    Row("g09", "Fr", "23:30", "00:45", ("c3",)),
    Row("g10", "Su", "02:00", "03:15", ("c6",)),
    Row("g11", "Su", "02:30", "03:15", ("c5",)),
    Row("g12", "Sa", "23:30", "02:30", ("c2",)),
    Row("g13", "Tu", "09:00", "10:00", ("c1",), fortnight=date(2026, 9, 28)),
    Row("g14", "We", "09:00", "10:00", ("c1", "c5"), fortnight=date(2026, 10, 5)),
    Row("g15", "Mo Th", "13:00", "14:00", ("c4",), fortnight=date(2026, 9, 28)),
    Row("g16", "Th", "11:00", "12:00", ("c7",), until=date(2026, 11, 19)),
    Row("g17", "Mo", "15:00", "16:00", ("c3", "c4"), since=date(2026, 11, 2)),
    Row("g18", "We", "12:00", "13:00", ("c0", "c2"), since=date(2026, 10, 20), until=date(2027, 3, 17)),
    Row("g19", "Tu", "19:30", "21:00", ("c6",)),
    Row("g20", "Th", "07:00", "07:45", ("c5",)),
    Row("g21", "We", "19:45", "20:45", ("c7",)),
    Row("g22", "Fr", "12:00", "13:00", ("c1",)),
    Row("g23", "Mo", "20:15", "21:30", ("c0", "c1")),
    Row("g24", "Su", "17:00", "18:00", ("c4",)),
    Row("g25", "Tu Fr", "08:00", "08:45", ("c3", "c2")),
)


# ---- the same clinic in the bot's words --------------------------------------------------------------------------


def the_roster() -> Roster:
    def roles(who: str) -> tuple[Role, ...]:
        return (Role.CLINICIAN, Role.SUPERVISOR) if who in BOSSES else (Role.CLINICIAN,)

    staff = tuple(
        Clinician(
            id=ClinicianId(who),
            name=who,
            roles=roles(who),
            supervisor=ClinicianId(SUPERVISOR[who]) if who in SUPERVISOR else None,
        )
        for who in STAFF
    )
    office = Clinician(id=ClinicianId(BILLER), name="Office", roles=(Role.BILLER,))
    groups = tuple(Group(id=GroupId(row.id), name=row.id, leader=ClinicianId(row.leaders[0])) for row in ROWS)
    return Roster(
        practice=Practice(name="Quarter", timezone=HOME),
        clinicians=(*staff, office),
        groups=groups,
        clients=(),
        enrolments=(),
    )


def the_patterns() -> tuple[Pattern, ...]:
    return tuple(
        Pattern(
            group=GroupId(row.id),
            schedule=Schedule(
                weekdays=tuple(WEEKDAYS.index(day) for day in row.weekdays.split()),
                starts=time.fromisoformat(row.starts),
                ends=time.fromisoformat(row.ends),
            ),
            since=row.since,
            until=row.until,
            every_other_week_from=row.fortnight,
            leaders=tuple(ClinicianId(who) for who in row.leaders),
        )
        for row in ROWS
    )


def the_holidays() -> tuple[Holiday, ...]:
    return tuple(Holiday(on=day) for day in HOLIDAYS)


def the_leaves() -> tuple[Leave, ...]:
    return tuple(Leave(clinician=ClinicianId(who), since=first, until=last) for who, first, last in LEAVES)


def the_whereabouts() -> tuple[Whereabouts, ...]:
    return tuple(Whereabouts(clinician=ClinicianId(who), timezone=zone) for who, zone in ZONES.items())


# ---- clocks and calendars on paper -------------------------------------------------------------------------------


class Almanac:
    """What the clocks show at each tick from `first` on, for so many days (and a month more, to look ahead).

    The machine is `down` from some ticks until others.
    """

    def __init__(self, first: date, days: int, down: tuple[tuple[int, int], ...] = ()) -> None:
        self.first, self.days = first, days
        self.begin = datetime(first.year, first.month, first.day, 4, tzinfo=UTC)
        self.ticks = range(days * A_DAY)
        self.down = {tick for begin, end in down for tick in range(begin, end)}
        self.shows = {zone: self._shown(zone) for zone in (HOME, *ZONES.values())}
        self.at_home: dict[tuple[date, str], int] = {}
        for tick, shown in enumerate(self.shows[HOME]):
            self.at_home.setdefault(shown, tick)

    def _shown(self, zone: str) -> list[tuple[date, str]]:
        clock = ZoneInfo(zone)
        moments = (self.instant(tick).astimezone(clock) for tick in range((self.days + 30) * A_DAY))
        return [(m.date(), m.strftime("%H:%M")) for m in moments]

    def instant(self, tick: int) -> datetime:
        return self.begin + tick * TICK

    def tick_of(self, day: date, shown: str) -> int:
        """The first tick at which the practice's clocks show that, or an hour more if they never do."""
        later = f"{int(shown[:2]) + 1:02}{shown[2:]}"
        return self.at_home.get((day, shown), self.at_home.get((day, later), -1))

    def clock(self, who: str, tick: int) -> tuple[date, str]:
        return self.shows[ZONES.get(who, HOME)][tick]

    def away(self, who: str, tick: int) -> bool:
        return is_away(who, self.clock(who, tick)[0])

    def awake(self, who: str, tick: int) -> bool:
        return "07:30" <= self.clock(who, tick)[1] < "21:30" and not self.away(who, tick)

    def works(self, who: str, tick: int) -> bool:
        return is_open(self.clock(who, tick)[0]) and not self.away(who, tick)

    def begins_work(self, who: str, tick: int) -> bool:
        return self.clock(who, tick)[1] == "07:30" and self.works(who, tick)


@cache
def is_away(who: str, day: date) -> bool:
    return any(w == who and first <= day <= last for w, first, last in LEAVES)


@cache
def is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


# ---- what happens ------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """One meeting, and what becomes of it. Everything is a tick; None: it does not happen.

    From `handed_at` on it is `heir`'s to write. A draft is begun by `writer` and touched at each of `touched`.
    Settled when it is signed or cancelled.
    """

    row: Row
    day: date
    begins: int
    ends: int
    leaders: tuple[str, ...]
    settled: int = 0
    cancelled: bool = False
    handed_at: int | None = None
    heir: str = ""
    writer: str = ""
    touched: tuple[int, ...] = ()
    snoozed: tuple[str, int, int] | None = None
    cosigned: int | None = None
    questions: dict[int, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.row.id}:{self.day}:{self.row.starts.replace(':', '')}"

    @property
    def note(self) -> str:
        return f"note-{self.id}"

    @property
    def signer(self) -> str:
        return self.writer or self.heir or self.leaders[0]

    @property
    def cosigner(self) -> str | None:
        return None if self.cancelled else SUPERVISOR.get(self.signer)


def lives(almanac: Almanac, seed: int) -> list[Life]:
    """Every meeting of the period with what becomes of it: all are settled within nine days, co-signed in five more."""
    chance = random.Random(seed)
    return [_lived(life, chance) for life in _meetings(almanac)]


def _meetings(almanac: Almanac) -> Iterator[Life]:
    for n in range(almanac.days):
        day = almanac.first + timedelta(days=n)
        for row in ROWS:
            leaders = tuple(who for who in row.leaders if not is_away(who, day))
            if _meets(row, day) and leaders:
                over = day if row.ends > row.starts else day + timedelta(days=1)
                begins, ends = almanac.tick_of(day, row.starts), almanac.tick_of(over, row.ends)
                if ends <= begins:  # its beginning was moved on by an hour, its end was not
                    ends = begins + _quarters(row.ends) - _quarters(row.starts)
                yield Life(row=row, day=day, begins=begins, ends=ends, leaders=leaders)


def _quarters(shown: str) -> int:
    return int(shown[:2]) * 4 + int(shown[3:]) // 15


def _meets(row: Row, day: date) -> bool:
    in_its_time = row.since <= day <= (row.until or day)
    in_its_week = row.fortnight is None or (day - row.fortnight).days % 14 < 7
    return WEEKDAYS[day.weekday()] in row.weekdays and in_its_time and in_its_week and day not in HOLIDAYS


def _lived(life: Life, chance: random.Random) -> Life:
    """Most notes come late enough to be spoken of; some are begun, handed over, put off or cancelled first."""
    life.settled = life.ends + chance.choice((1, 2, 3, 8, chance.randrange(A_DAY), chance.randrange(A_DAY * 9)))
    what = chance.choice(("written", "written", "begun", "begun", "handed over", "cancelled", "put off"))
    if what == "cancelled":
        life.cancelled = True
        life.settled = max(life.begins - 8, life.settled - chance.randrange(A_DAY))
    if what == "handed over" and life.settled > life.ends + 1:
        life.handed_at = chance.randrange(life.ends, life.settled)
        life.heir = chance.choice([who for who in STAFF if who not in life.leaders])
    if what == "begun" and life.settled > life.ends + 1:
        _begun(life, chance)
    if what == "put off" and life.settled > life.ends + 3:
        pressed = chance.randrange(life.ends, life.settled)
        life.snoozed = (chance.choice(life.leaders), pressed, pressed + chance.randrange(1, A_DAY * 3))
    if life.cosigner:
        life.cosigned = life.settled + chance.randrange(1, A_DAY * 5)
    return life


def _begun(life: Life, chance: random.Random) -> None:
    life.writer = chance.choice(life.leaders)
    moments = {chance.randrange(life.begins + 1, life.settled) for _ in range(chance.randrange(1, 5))}
    life.touched = tuple(sorted(moments))
    life.questions = {tick: max(0, 3 - n) for n, tick in enumerate(life.touched)}
