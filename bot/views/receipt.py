"""What is left in Slack after signing: counts, and a way to read the notes. And the notes in full, in a modal."""

from collections.abc import Sequence

from billing.checking import short_name
from billing.notes import absence_text, chart_text, digest, finish
from billing.records import ClaimLine, GroupNote, LineState, NoteId, Roster
from bot.views.blocks import Block, Press, View, buttons, divider, escaped, modal, section, sections
from bot.views.card import Shown, headline
from storage.handles import DraftState


def receipt(note: GroupNote, lines: Sequence[ClaimLine], roster: Roster) -> View:
    """The stub that replaces a signed card. It names the group and the day, and no client."""
    s = note.session
    ready = sum(line.state is LineState.READY for line in lines)
    held = sum(line.state is LineState.HELD for line in lines)
    said = [
        f"*Signed · {escaped(roster.group(s.group).name)} · {s.met_on:%a %b} {s.met_on.day}*",
        f"{_count(len(note.notes), 'note')}, {_count(len(lines), 'claim line')}: {ready} ready, {held} held.",
        *_waiting_for(note, roster),
    ]
    read = buttons([Press(label="Read the notes", action="read_notes", value=note.draft)], "foot")
    return View(text="A group note is signed", blocks=(section("\n".join(said), "receipt"), read))


def _waiting_for(note: GroupNote, roster: Roster) -> list[str]:
    supervisor = roster.clinician(note.signature.clinician).supervisor
    if supervisor is None:
        return []
    name = roster.clinician(supervisor).name
    return [f"Co-signed by {name}." if note.cosignature else f"Waiting for {name} to co-sign."]


def stub(state: DraftState) -> View:
    """What stands where a card was that leads nowhere any more."""
    text = (
        "Put together with your other draft."
        if state is DraftState.MERGED
        else "Set aside: nothing noted, nothing billed."
    )
    return View(text=text, blocks=(section(text, "stub"),))


def cosign_request(note: GroupNote, roster: Roster) -> View:
    """What a supervisor gets: that there is something to read, and the two buttons."""
    who = roster.clinician(note.signature.clinician).name
    day = f"{note.session.met_on:%b} {note.session.met_on.day}"
    said = f"*{escaped(who)}* signed a group note: {_count(len(note.notes), 'client')}, {day}."
    presses = [
        Press(label="Read the notes", action="read_notes", value=note.draft),
        Press(label="Co-sign", action="cosign", value=note.id, style="primary"),
    ]
    return View(text="A note waits for your co-signature", blocks=(section(said, "cosign"), buttons(presses, "foot")))


def notes_modal(shown: Shown, note: GroupNote | None = None, *, sign: bool = False) -> Block:
    """Every word that is, or would be, in each client's chart."""
    signed = note is not None
    note = note or finish(shown.draft, shown.background, NoteId(""), shown.reader, shown.background.now)
    blocks: list[Block] = [section(f"*{escaped(headline(shown.draft, shown.roster))}*", "head")]
    for i, text in enumerate(charts(note, shown.roster, signed=signed)):
        blocks += [divider(f"line.{i}"), *sections(escaped(text).split("\n"), f"note.{i}")]
    return modal(
        title="The notes",
        callback="sign_read" if sign else "notes",
        private_metadata=f"{shown.draft.id}:{digest(shown.draft)}" if sign else shown.draft.id,
        submit="Sign" if sign else None,
        blocks=blocks[:100],
    )


def charts(note: GroupNote, roster: Roster, *, signed: bool = True) -> tuple[str, ...]:
    """What stands in each chart, the absent last."""
    texts = [chart_text(note, of, roster) for of in note.notes]
    texts += [absence_text(note, of, roster) for of in note.absent]
    return tuple(t if signed else _unsigned(t) for t in texts)


def _unsigned(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(("Signed ", "Co-signed ")))


def line_text(line: ClaimLine, roster: Roster) -> str:
    """One claim line as a person reads it: day, code, modifiers, diagnoses, place, charge, who, and what holds it."""
    says = line.says
    code = "-".join((says.code, *says.modifiers))
    charge = f"${says.charge:.2f}" if says.charge is not None else "no fee"
    head = (
        f"{says.served_on} {code} x{says.units} {','.join(says.diagnoses) or 'no dx'} POS {says.place or '?'} {charge}"
    )
    tail = "ready" if line.state is LineState.READY else str(line.state)
    why = f": {'; '.join(line.held_by)}" if line.held_by else ""
    return f"{head} {short_name(says.client, roster)} → {says.payer} · {tail}{why}"


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
