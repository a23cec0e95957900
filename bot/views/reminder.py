"""What a person is reminded of: one message, a line and a few buttons for each thing. Names groups, never a client."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from billing.clockwork import Kind, Owed, Owing, Reminder
from billing.record import record
from billing.records import Clinician, ClinicianId, GroupNote, NoteId, Roster
from bot.views.blocks import Block, Press, View, buttons, escaped, section, small

MOST_THINGS = 20
"""So that a message with two blocks for each stays within Slack's fifty."""
MOST_IN_A_ROW = 20
"""Buttons; Slack takes 25."""

TITLES = {
    Kind.NOTES: ("One group note is waiting for you", "{n} group notes are waiting for you"),
    Kind.COSIGN: ("One note waits for your co-signature", "{n} notes wait for your co-signature"),
    Kind.OVERDUE: ("One group note is overdue", "{n} group notes are overdue"),
}
NOTHING = "Nothing is waiting here right now."


@record
class Telling:
    """What a reminder is laid out from. `id` is what its buttons carry; `notes` are those that wait to be co-signed."""

    of: Reminder
    id: str
    roster: Roster
    notes: Mapping[NoteId, GroupNote]


def reminder(telling: Telling) -> View:
    """The message as it is to stand."""
    of = telling.of
    if not of.about:
        return View(text=NOTHING, blocks=(section(f"✓ {NOTHING}", "nothing"),))
    one, many = TITLES[of.kind]
    title = one if len(of.about) == 1 else many.format(n=len(of.about))
    blocks = [section(f"*{title}*", "title")]
    for i, mention in enumerate(of.about[:MOST_THINGS]):
        blocks += _thing(i, mention.of, telling)
    if len(of.about) > MOST_THINGS:
        blocks.append(small(f"and {len(of.about) - MOST_THINGS} more after these", "more"))
    return View(text=title, blocks=tuple(blocks))


def _thing(i: int, thing: Owed, telling: Telling) -> list[Block]:
    note = telling.notes.get(thing.note) if thing.note else None
    said = f"*{escaped(session_name(thing, telling.roster))}* · {escaped(_state(thing, telling, note))}"
    presses = [*_settling(i, thing, telling, note), *_later(i, telling.id)]
    return [section(said, f"thing.{i}"), buttons(presses, f"do.{i}")]


def session_name(thing: Owed, roster: Roster) -> str:
    """The group and its day, as far as they are known."""
    name = roster.group(thing.group).name if thing.group else "A group not named yet"
    return f"{name} · {thing.met_on:%a %b} {thing.met_on.day}" if thing.met_on else name


def _state(thing: Owed, telling: Telling, note: GroupNote | None) -> str:
    if thing.kind is Owing.COSIGNATURE:
        return f"signed by {note.signature.name}" if note else "signed"
    lacks = "no note yet" if thing.kind is Owing.NOTE else _lacks(thing.questions)
    return lacks + _whose(thing.by, telling)


def _lacks(questions: int) -> str:
    if questions == 0:
        return "ready to sign"
    return "one question left" if questions == 1 else f"{questions} questions left"


def _whose(by: Sequence[ClinicianId], telling: Telling) -> str:
    """Of several who can settle it, the others; to a supervisor, whose it is."""
    names = [telling.roster.clinician(who).name for who in by if who != telling.of.to]
    if not names:
        return ""
    return f" · {' or '.join(names)}" if telling.of.to not in by else f" · you or {' or '.join(names)}"


# ---- what can be done about it -----------------------------------------------------------------------------------


def _settling(i: int, thing: Owed, telling: Telling, note: GroupNote | None) -> list[Press]:
    if thing.kind is Owing.COSIGNATURE and note:
        return [
            Press(label="Read the notes", action=f"read_notes.{i}", value=note.draft),
            Press(label="Co-sign", action=f"cosign.{i}", value=note.id, style="primary"),
        ]
    if thing.kind is Owing.NOTE and telling.of.to in thing.by:
        return [
            Press(label="It was cancelled", action=f"not_held.{i}", value=telling.id),
            Press(label="Somebody else led", action=f"else_led.{i}", value=telling.id),
        ]
    return []


def _later(i: int, id: str) -> list[Press]:
    return [
        Press(label="Remind me in 1 hour", action=f"later.{i}", value=id),
        Press(label="Tomorrow morning", action=f"tomorrow.{i}", value=id),
    ]


def who_led(session: str, i: int, id: str, others: Sequence[Clinician]) -> View:
    """Asks who led instead, with a button for each of `others`."""
    blocks = [section(f"Who led *{escaped(session)}*?", "who")]
    for start in range(0, len(others), MOST_IN_A_ROW):
        row = [
            Press(label=c.name, action=f"led.{i}.{n}", value=f"{id}:{c.id}")
            for n, c in enumerate(others[start : start + MOST_IN_A_ROW], start=start)
        ]
        blocks.append(buttons(row, f"who.{start}"))
    return View(text="Who led that group?", blocks=tuple(blocks))


def cancelled(session: str, i: int, id: str) -> View:
    said = section(f"Noted: *{escaped(session)}* did not take place, so no note is owed.", "cancelled")
    foot = buttons([Press(label="It did take place", action=f"took_place.{i}", value=id)], "foot")
    return View(text="Noted: that group did not take place", blocks=(said, foot))


def took_place(session: str) -> View:
    text = f"Noted: *{escaped(session)}* did take place, so its note is owed."
    return View(text="Noted: that group did take place", blocks=(section(text, "said"),))


def led_instead(session: str, who: Clinician) -> View:
    text = f"Noted: *{escaped(who.name)}* led *{escaped(session)}* and will be asked for its note."
    return View(text="Noted who led that group", blocks=(section(text, "said"),))


def snoozed(until: datetime) -> View:
    """`until` is by the clock of who reads it."""
    hour = f"{until:%I:%M %p}".lstrip("0")
    text = f"I will remind you on {until:%a %b} {until.day} at {hour}."
    return View(text=text, blocks=(section(text, "said"),))


def settled() -> View:
    text = "That is settled already, so I changed nothing."
    return View(text=text, blocks=(section(text, "said"),))


def for_somebody_else() -> View:
    text = "That reminder was for somebody else, so I changed nothing."
    return View(text=text, blocks=(section(text, "said"),))
