"""The biller's day and the supervisor's week: counts, money, reasons and bars. No client is named in either."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from billing.digest import BillersDay, DayOfLines, Deadline, Reason, Total
from billing.records import LineState, PayerId, Roster
from billing.week import SupervisorsWeek, Timeliness, Trend
from bot.views.blocks import Block, View, divider, escaped, section, sections, small

WIDTH = 10
"""Characters of a whole bar."""
MOST_REASONS = 12
LATE = "Late: this should have been here earlier."


# ---- the biller's day --------------------------------------------------------------------------------------------


def digest(day: BillersDay, payers: Mapping[PayerId, str], *, late: bool = False) -> View:
    """What is ready, what is held and why, what moved since the last digest, and what is running out."""
    blocks = [section(f"*Claims on {day.day:%A, %B} {day.day.day}*", "title")]
    if late:
        blocks.append(small(LATE, "late"))
    blocks += sections(_standing(day), "standing")
    if day.reasons:
        blocks += [divider("d.reasons"), *sections(["*Held, and why*", *_reasons(day.reasons)], "reasons")]
    if day.deadlines:
        blocks += [divider("d.last"), *sections(["*Running out*", *_deadlines(day.deadlines, payers)], "deadlines")]
    if any(each.states for each in day.week):
        blocks += [divider("d.week"), *sections(["*The last seven days of service*", *_week(day.week)], "week")]
    return View(text="Your claim digest", blocks=tuple(blocks))


def _standing(day: BillersDay) -> list[str]:
    moved = (("sent", day.exported), ("rejected", day.rejected), ("paid", day.paid), ("denied", day.denied))
    news = [f"{money(t)} {what}" for what, t in moved if t.count]
    return [
        f"Ready to send: {money(day.ready)}",
        f"Held: {money(day.held)}",
        f"Since the last digest: {', '.join(news) or 'nothing moved'}",
    ]


def _reasons(reasons: Iterable[Reason]) -> list[str]:
    given = tuple(reasons)
    lines = [
        f"• {escaped(r.says.rstrip('.'))}: {money(r.total)}, oldest {r.oldest:%b} {r.oldest.day}"
        for r in given[:MOST_REASONS]
    ]
    return lines + ([f"• and {len(given) - MOST_REASONS} more reasons"] if len(given) > MOST_REASONS else [])


def _deadlines(deadlines: Iterable[Deadline], payers: Mapping[PayerId, str]) -> list[str]:
    return [
        f"• {escaped(payers.get(d.payer, d.payer))} takes {money(d.total)} until {d.last_day:%b} {d.last_day.day}"
        for d in deadlines
    ]


def _week(days: Iterable[DayOfLines]) -> list[str]:
    with_lines = [each for each in days if each.states]
    most = max(sum(n for _, n in each.states) for each in with_lines)
    return [
        f"{each.served_on:%a %b} {each.served_on.day}  {bar(sum(n for _, n in each.states), most)}  {_states(each)}"
        for each in with_lines
    ]


def _states(day: DayOfLines) -> str:
    return ", ".join(f"{n} {'sent' if state is LineState.EXPORTED else state}" for state, n in day.states)


def money(total: Total) -> str:
    """So many lines and what they come to; those without a charge are said so."""
    lines = f"{total.count} line{'' if total.count == 1 else 's'}"
    priced = f"${total.dollars:,.2f}" if total.dollars or not total.unpriced else ""
    without = f"{total.unpriced} without a fee" if total.unpriced else ""
    said = ", ".join(part for part in (priced, without) if part)
    return f"{lines} ({said})" if total.count else "none"


# ---- the supervisor's week ---------------------------------------------------------------------------------------


def week(of: SupervisorsWeek, roster: Roster, *, late: bool = False) -> View:
    """How timely the notes were, by clinician and by group, and whether clients keep coming."""
    blocks = [section(f"*Your groups in the week of {of.week_of:%B} {of.week_of.day}*", "title")]
    if late:
        blocks.append(small(LATE, "late"))
    people = [_timeliness(roster.clinician(t.of).name, t) for t in of.by_clinician]
    groups = [_timeliness(roster.group(t.of).name, t) for t in of.by_group]
    coming = [_trend(t, roster) for t in of.trends if any(w.meetings for w in t.weeks)]
    for name, title, lines in (
        ("people", "Notes signed within a day, by clinician", people),
        ("groups", "Notes signed within a day, by group", groups),
        ("coming", "Clients who came, over eight weeks", coming),
    ):
        blocks += _part(name, title, lines)
    if len(blocks) == 1 + late:
        blocks.append(section("No group met.", "nothing"))
    return View(text="Your week", blocks=tuple(blocks))


def _part(name: str, title: str, lines: list[str]) -> list[Block]:
    return sections([f"*{title}*", *lines], name) if lines else []


def _timeliness(name: str, t: Timeliness) -> str:
    in_time = t.same_day + t.next_day
    rest = [f"{t.later} later" if t.later else "", f"{t.missing} missing" if t.missing else ""]
    hours = f"half of them within {t.median_hours:g} h" if t.median_hours is not None else ""
    more = ", ".join(part for part in (*rest, hours) if part)
    return f"{bar(in_time, t.met)}  {escaped(name)}: {in_time} of {t.met}" + (f" ({more})" if more else "")


def _trend(t: Trend, roster: Roster) -> str:
    came = sum(w.attended for w in t.weeks)
    places = came + sum(w.absent for w in t.weeks)
    share = f"{Decimal(came * 100) / places:.0f} %" if places else "nobody yet"
    return f"{bar(came, places)}  {escaped(roster.group(t.group).name)}: {share}{_change(t.change)}"


def _change(change: float | None) -> str:
    if change is None:
        return ""
    points = round(change * 100)
    return f", {abs(points)} points {'more' if points > 0 else 'fewer'} than before" if points else ", as before"


def bar(part: int, whole: int) -> str:
    """A share as a bar of text.

    >>> bar(3, 4)
    '████████░░'
    """
    filled = round(WIDTH * part / whole) if whole else 0
    return "█" * filled + "░" * (WIDTH - filled)
