"""Facts → Draft: all that is known about one group session, assembled anew from everything that was said.

The facts come in the order in which they were said. A later fact replaces an earlier one about the same thing;
some slots collect instead. Nothing here looks at a clock or keeps anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time
from typing import TypeVar

from billing.record import record
from billing.records import (
    About,
    AttendanceDraft,
    ClientId,
    ClinicianId,
    Conflict,
    Draft,
    DraftId,
    Group,
    GroupId,
    Heard,
    Mode,
    Name,
    OneOf,
    Presence,
    Progress,
    Risk,
    RiskStatus,
    Roster,
    ServiceKind,
    SourceId,
    Unclear,
    Value,
    Words,
    is_spoken,
)
from billing.slots import SLOTS
from billing.times import plus_minutes

V = TypeVar("V")


def assemble(id: DraftId, facts: Sequence[Heard], roster: Roster) -> Draft:
    """The draft that these facts amount to. `roster` must be the one of the date of service, once that is known."""
    told = Told.of(facts)
    group_id = told.one(About(slot="group"), str) or told.one(About(slot="group"), OneOf)
    group = roster.group(group_id) if isinstance(group_id, str) else None
    met_on = told.one(About(slot="met_on"), date)
    starts, ends = _times(told, group)
    leader, co_leaders = _leaders(told, group)
    return Draft(
        id=id,
        leader=leader,
        co_leaders=co_leaders,
        group=GroupId(group_id) if isinstance(group_id, str) else group_id,
        held=told.one(About(slot="held"), bool),
        met_on=met_on,
        day_confirmed=told.one(About(slot="day_confirmed"), bool),
        starts=starts,
        ends=ends,
        mode=told.one(About(slot="mode"), Mode) or (group.mode if group else None),
        place=told.one(About(slot="place"), str) or (group.place if group else None),
        service=told.one(About(slot="service"), ServiceKind) or (group.service if group else None),
        headcount=told.one(About(slot="headcount"), int),
        two_groups=told.one(About(slot="two_groups"), bool),
        topic=told.shared(About(slot="topic")),
        interventions=told.shared(About(slot="interventions")),
        group_words=told.shared(About(slot="group_words")),
        attendance=_attendance(told, roster, group, met_on),
        unclear=_unclear(told),
        visitors=tuple(f.about.subject for f in told.names() if f.value is Name.VISITOR),
        conflicts=told.conflicts,
    )


# ---- what was said, after corrections ---------------------------------------------------------------------------


@record
class Told:
    """The facts that stand, by address, in the order in which they were said."""

    standing: tuple[Heard, ...]
    conflicts: tuple[Conflict, ...]

    @staticmethod
    def of(facts: Sequence[Heard]) -> "Told":
        kept = _named(_corrected(facts))
        conflicts = tuple(_conflicts(kept))
        disputed = {c.about for c in conflicts}
        return Told(standing=tuple(f for f in kept if f.about not in disputed), conflicts=conflicts)

    def all(self, about: About) -> tuple[Heard, ...]:
        return tuple(f for f in self.standing if f.about == about)

    def one(self, about: About, kind: type[V]) -> V | None:
        """The last value said of that kind; None if nothing stands."""
        last = next((f.value for f in reversed(self.standing) if f.about == about), None)
        return last if isinstance(last, kind) else None

    def words(self, about: About) -> tuple[Words, ...]:
        """Everything said there, each stretch once."""
        said: dict[str, SourceId] = {}
        for f in self.all(about):
            said.setdefault(str(f.value), f.source)
        return tuple(Words(text=text, source=source) for text, source in said.items())

    def shared(self, about: About) -> tuple[Words, ...]:
        """What was said of everybody. Words within what was said of one client are that client's alone, even if they
        name a technique: a safety plan is nobody else's business.
        """
        own = [f for f in self.standing if f.about.subject and f.about.slot in OWN and f.span]
        kept = tuple(f for f in self.standing if f.about != about or not any(_lies_in(f, o) for o in own))
        return replace(self, standing=kept).words(about)

    def risks(self, client: ClientId) -> tuple[Risk, ...]:
        """Every statement once. "None raised" is void as soon as something was."""
        said = dict.fromkeys(f.value for f in self.all(About(slot="risk", subject=client)) if isinstance(f.value, Risk))
        raised = tuple(r for r in said if r.status is not RiskStatus.NONE_RAISED)
        return raised or tuple(said)

    def names(self) -> tuple[Heard, ...]:
        """What each spoken name turned out to be: the last word on it."""
        return tuple({f.about: f for f in self.standing if f.about.slot == "who"}.values())

    def clients(self, roster: Roster) -> tuple[ClientId, ...]:
        """Whom anything was said of, in the order of the roster."""
        subjects = {f.about.subject for f in self.standing}
        return tuple(c.id for c in roster.clients if c.id in subjects)

    def authors(self) -> tuple[ClinicianId, ...]:
        """Who reported, first of all first."""
        return tuple(dict.fromkeys(f.author for f in self.standing if f.author and f.span is not None))


OWN = ("words", "risk_words", "safety_action", "progress_words")


def _lies_in(fact: Heard, other: Heard) -> bool:
    """Whether one was heard within the words of the other."""
    if fact.source != other.source or fact.span is None or other.span is None:
        return False
    return other.span[0] <= fact.span[0] and fact.span[1] <= other.span[1]


def _corrected(facts: Sequence[Heard]) -> list[Heard]:
    """Takes back what was retracted, and gives what was said of one client to the other where that was meant."""
    kept: list[Heard] = []
    for fact in facts:
        if fact.about.slot == "instead":
            kept = _given_over(kept, fact.about.subject, str(fact.value))
        elif fact.retracts:
            kept = [f for f in kept if not _takes_back(fact, f)]
        else:
            kept.append(fact)
    return kept


def _given_over(kept: Sequence[Heard], wrong: str, right: str) -> list[Heard]:
    """Nothing stays with the wrong client, so that their attendance is asked for; what the right one has, stays.

    If the wrong one was said to be there and the right one not, one of the two is not true: that is asked as well.
    """
    came, right_one = About(slot="presence", subject=wrong), About(slot="presence", subject=right)
    contradicts = any(_came(f) for f in kept if f.about == came) and any(
        not _came(f) for f in kept if f.about == right_one
    )
    has = {f.about for f in kept if f.about.subject == right and not SLOTS[f.about.slot].collects}
    kept = [f for f in kept if not (contradicts and f.about == right_one)]
    moved = []
    for f in kept:
        about = replace(f.about, subject=right) if f.about.subject == wrong else f.about
        if about == f.about or about not in has:
            moved.append(replace(f, about=about))
    return moved


def _came(fact: Heard) -> bool:
    return fact.about.slot == "presence" and isinstance(fact.value, Presence) and fact.value.attended


def _takes_back(retraction: Heard, fact: Heard) -> bool:
    if fact.about != retraction.about:
        return False
    if not SLOTS[fact.about.slot].collects or not isinstance(fact.value, str):
        return True
    return _alike(str(retraction.value), fact.value)


def _alike(said: str, again: str) -> bool:
    """Whether most of the shorter one's words stand in the longer one."""
    a, b = set(said.casefold().split()), set(again.casefold().split())
    return len(a & b) * 2 > min(len(a), len(b))


def _named(facts: Sequence[Heard]) -> list[Heard]:
    """Gives what waits under a spoken name to the client it turned out to be; drops what concerns nobody of ours."""
    turned_out = {f.about.subject: f.value for f in facts if f.about.slot == "who"}
    kept = []
    for f in facts:
        whose = turned_out.get(f.about.subject)
        if f.about.slot == "who" or not is_spoken(f.about.subject) or whose is None or isinstance(whose, OneOf):
            kept.append(f)
        elif isinstance(whose, Name):
            kept += [f] if whose is Name.UNKNOWN else []
        else:
            kept.append(replace(f, about=replace(f.about, subject=str(whose))))
    return kept


# ---- two leaders -------------------------------------------------------------------------------------------------


def _conflicts(facts: Sequence[Heard]) -> Iterable[Conflict]:
    """Where one leader's report contradicts another's. Whatever either says after having reported is decisive."""
    reports = _reports(facts)
    for about in dict.fromkeys(f.about for f in facts if not SLOTS[f.about.slot].collects):
        said = [f for f in facts if f.about == about]
        last = {f.author: f for f in said}
        values = tuple(dict.fromkeys(f.value for f in last.values()))
        decisive = said[-1].source not in reports or said[-1].span is None
        if len(last) > 1 and not decisive and not _compatible(values):
            yield Conflict(about=about, values=values)


def _reports(facts: Sequence[Heard]) -> set[SourceId]:
    """The first source of each author: what they said before they could see what the other had said."""
    first: dict[ClinicianId, SourceId] = {}
    for f in facts:
        first.setdefault(f.author, f.source)
    return set(first.values())


def _compatible(values: tuple[Value, ...]) -> bool:
    """Whether both can be true: present and late can, absent and no-show can."""
    if len(values) == 1:
        return True
    vague = {Presence.PRESENT, Presence.ABSENT}
    exact = [v for v in values if isinstance(v, Presence)]
    if len(exact) < len(values) or len({p.attended for p in exact}) > 1:
        return False
    return len(set(exact) - vague) <= 1


# ---- the parts of a draft -----------------------------------------------------------------------------------------


def _times(told: Told, group: Group | None) -> tuple[time | None, time | None]:
    """Actual start and end: as said, or as scheduled if that is what was said last, or by the minutes said."""
    starts, ends = told.one(About(slot="starts"), time), told.one(About(slot="ends"), time)
    minutes = told.one(About(slot="minutes"), int)
    if told.one(About(slot="as_scheduled"), bool) and group and group.schedule:
        starts, ends = starts or group.schedule.starts, ends or group.schedule.ends
    if starts and minutes and not ends:
        ends = plus_minutes(starts, minutes)
    if ends and minutes and not starts:
        starts = plus_minutes(ends, -minutes)
    return starts, ends


def _leaders(told: Told, group: Group | None) -> tuple[ClinicianId | None, tuple[ClinicianId, ...]]:
    """Who led: as said; else the group's own leader if they reported; else whoever reported first."""
    said = told.one(About(slot="leader"), str)
    authors = told.authors()
    leads = said or (group.leader if group and group.leader in authors else next(iter(authors), None))
    if leads is None:
        return None, ()
    named = [ClinicianId(str(f.value)) for f in told.all(About(slot="co_leader"))]
    with_them = [a for a in (*named, *authors) if a != leads]
    return ClinicianId(leads), tuple(dict.fromkeys(with_them))


def _attendance(told: Told, roster: Roster, group: Group | None, met_on: date | None) -> tuple[AttendanceDraft, ...]:
    """One entry for each client enrolled that day, then one for each other client that anything was said of."""
    enrolled = roster.enrolled(group.id, met_on) if group and met_on else ()
    others = [c for c in told.clients(roster) if c not in enrolled]
    return tuple(_one_attendance(told, c, enrolled=c in enrolled) for c in (*enrolled, *others))


def _one_attendance(told: Told, client: ClientId, *, enrolled: bool) -> AttendanceDraft:
    def at(slot: str) -> About:
        return About(slot=slot, subject=client)

    return AttendanceDraft(
        client=client,
        enrolled=enrolled,
        presence=_presence(told, client),
        minutes_late=told.one(at("minutes_late"), int),
        minutes_early=told.one(at("minutes_early"), int),
        arrived=told.one(at("arrived"), time),
        left=told.one(at("left"), time),
        mode=told.one(at("mode"), Mode),
        place=told.one(at("place"), str),
        absence_reason=told.one(at("absence_reason"), str),
        words=told.words(at("words")),
        progress=told.one(at("progress"), Progress),
        progress_words=told.words(at("progress_words")),
        risk=told.risks(client),
        risk_words=told.words(at("risk_words")),
        safety_action=told.words(at("safety_action")),
    )


def _presence(told: Told, client: ClientId) -> Presence | None:
    """The last word on it; where two leaders agree but one was more exact ("late"), the more exact word."""
    said = [f for f in told.all(About(slot="presence", subject=client)) if isinstance(f.value, Presence)]
    if not said:
        return None
    last = said[-1].value
    others = [f.value for f in said if f.author != said[-1].author]
    exact = [v for v in others if isinstance(v, Presence) and v not in (Presence.PRESENT, Presence.ABSENT)]
    if last in (Presence.PRESENT, Presence.ABSENT) and exact and _compatible((last, exact[-1])):
        last = exact[-1]
    return last if isinstance(last, Presence) else None


WAITS = ("words", "risk_words", "safety_action", "progress_words")
"""What the clinician wrote about a name that is not settled, and wants to see again."""


def _unclear(told: Told) -> tuple[Unclear, ...]:
    """The spoken names that nobody has settled, each with what waits for it."""
    return tuple(
        Unclear(
            name=f.quote,
            subject=f.about.subject,
            options=f.value.options if isinstance(f.value, OneOf) else (),
            said=tuple(w for slot in WAITS for w in told.words(About(slot=slot, subject=f.about.subject))),
        )
        for f in told.names()
        if isinstance(f.value, OneOf) or f.value is Name.UNKNOWN
    )
