"""The card of one group session: what was understood, what is missing, and the buttons. Pure."""

from collections.abc import Sequence

from billing.claims import coverage_of, holding
from billing.findings import Finding, Question, Severity, Stops
from billing.notes import digest, focus, headcount
from billing.record import record
from billing.records import (
    AttendanceDraft,
    Background,
    Clinician,
    Draft,
    LineDraft,
    Mode,
    Presence,
    Progress,
    RiskStatus,
    Roster,
    Words,
)
from billing.times import clock, own_times, span
from bot.views.blocks import Block, Press, View, buttons, escaped, section, sections, small

WORDS_SHOWN = 220
"""Characters of one client's words on the card; what is cut is read in full before signing."""
MOST_QUESTIONS = 18
"""So that a card with two blocks a question stays within Slack's fifty."""

MARK = {
    Presence.PRESENT: "✓",
    Presence.LATE: "◷",
    Presence.LEFT_EARLY: "◷",
    Presence.NO_SHOW: "–",
    Presence.CANCELLED: "–",
    Presence.ABSENT: "–",
}
MODE = {Mode.IN_PERSON: "in person", Mode.VIDEO: "video", Mode.AUDIO: "phone"}


@record
class Shown:
    """Everything a card is laid out from: the draft of this turn, what it lacks, and whom it is shown to."""

    draft: Draft
    background: Background
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    asked: str
    lines: tuple[LineDraft, ...]
    reader: Clinician
    said: str = ""  # one sentence about what just happened ("Took back your last message.")

    @property
    def roster(self) -> Roster:
        return self.background.roster

    @property
    def ready(self) -> bool:
        return not any(f.stops is Stops.SIGNING and f.severity is Severity.BLOCK for f in self.findings)


def card(shown: Shown) -> View:
    """The card for this turn. Its notification text says nothing about anybody."""
    blocks = [section(f"*{escaped(headline(shown.draft, shown.roster))}*", "head")]
    if shown.said:
        blocks.append(small(escaped(shown.said), "said"))
    if shown.draft.held is False:
        return View(text="A cancelled group", blocks=(*blocks, *_cancelled(shown)))
    blocks += sections(_people(shown), "people")
    blocks += sections(_shared(shown.draft), "shared")
    blocks += _asking(shown)
    return View(text=_notification(shown), blocks=tuple(blocks))


def _notification(shown: Shown) -> str:
    if not shown.questions:
        return "A group note is ready to sign"
    n = len(shown.questions)
    return f"A group note is being written: {n} question{'s' if n > 1 else ''} left"


# ---- what was understood ---------------------------------------------------------------------------------------


def headline(draft: Draft, roster: Roster) -> str:
    """Group, day, times, how, and how many came: what a clinician checks first."""
    known = draft.starts and draft.ends
    parts = [
        roster.group(draft.group).name if isinstance(draft.group, str) else "Which group?",
        f"{draft.met_on:%a %b} {draft.met_on.day}" if draft.met_on else "which day?",
        span(draft.starts, draft.ends) if known and draft.starts and draft.ends else _half_known(draft),
        MODE[draft.mode] if draft.mode else "",
        "" if draft.held is False else f"{headcount(draft)} attended",
    ]
    return " · ".join(p for p in parts if p)


def _half_known(draft: Draft) -> str:
    if draft.starts:
        return f"from {clock(draft.starts)}"
    return f"until {clock(draft.ends)}" if draft.ends else ""


def _people(shown: Shown) -> list[str]:
    settled = [a for a in shown.draft.attendance if a.presence]
    came = [a for a in settled if a.attended]
    absent = [a for a in settled if not a.attended]
    lines = [_person(a, shown) for a in (*came, *absent)]
    return lines + [
        f"? {escaped(u.name)}" + (f"   {escaped(_cut(_texts(u.said)))}" if u.said else "") for u in shown.draft.unclear
    ]


def _person(a: AttendanceDraft, shown: Shown) -> str:
    assert isinstance(a.presence, Presence)
    name = shown.roster.client(a.client).name
    guest = "" if a.enrolled else " (guest)"
    about = " · ".join(
        p for p in (_how(a, shown.draft), _mode(a, shown.draft), _cut(_texts(a.words)), _level(a), _risk(a)) if p
    )
    return f"{MARK[a.presence]} *{escaped(name)}*{guest}" + (f"   {escaped(about)}" if about else "")


def _how(a: AttendanceDraft, draft: Draft) -> str:
    """When, for those who were there in part; how, for those who were not."""
    if a.attended:
        arrived, left = own_times(a, draft.starts, draft.ends)
        partly = (arrived, left) != (draft.starts, draft.ends)
        if partly and arrived and left:
            return span(arrived, left)
        return "" if a.presence is Presence.PRESENT else str(a.presence).replace("_", " ")
    how = {Presence.NO_SHOW: "no-show", Presence.CANCELLED: "cancelled"}.get(a.presence, "absent")  # type: ignore[arg-type]
    return f"{how} ({a.absence_reason})" if a.absence_reason else how


def _said(a: AttendanceDraft) -> str:
    """What would stand in the chart; of somebody who was not there, what will not."""
    words = _cut(_texts(a.words))
    return f"not noted: {words}" if words and not a.attended else words


def _mode(a: AttendanceDraft, draft: Draft) -> str:
    return MODE[a.mode] if a.mode and a.mode is not draft.mode else ""


def _level(a: AttendanceDraft) -> str:
    return str(a.progress) if isinstance(a.progress, Progress) and a.attended else ""


def _risk(a: AttendanceDraft) -> str:
    raised = [r for r in a.risk if r.status in (RiskStatus.ENDORSED, RiskStatus.HISTORICAL)]
    return "⚠ " + ", ".join(f"{r.kind} {r.status}" for r in raised) if raised else ""


def _cut(texts: Sequence[str]) -> str:
    text = "; ".join(texts)
    return text if len(text) <= WORDS_SHOWN else text[: WORDS_SHOWN - 1] + "…"


def _texts(words: Sequence[Words]) -> tuple[str, ...]:
    return tuple(w.text for w in words)


def cut_short(draft: Draft) -> bool:
    """Whether the card leaves out words that signing would put into a chart."""
    return any(len("; ".join(w.text for w in a.words)) > WORDS_SHOWN for a in draft.attended)


def _shared(draft: Draft) -> list[str]:
    said = focus(tuple(w.text for w in (*draft.topic, *draft.interventions)))
    group = tuple(w.text for w in draft.group_words)
    return [f"_{name}:_ {escaped(_cut(texts))}" for name, texts in (("Focus", said), ("Group", group)) if texts]


# ---- what is missing -------------------------------------------------------------------------------------------


def _asking(shown: Shown) -> list[Block]:
    blocks: list[Block] = []
    if shown.questions:
        blocks.append(section(f"*{_how_many(len(shown.questions), ready=shown.ready)}*", "missing"))
    for i, question in enumerate(shown.questions[:MOST_QUESTIONS]):
        blocks += _question(i, question, shown.asked)
    if len(shown.questions) > MOST_QUESTIONS:
        blocks.append(small(f"and {len(shown.questions) - MOST_QUESTIONS} more after these", "more"))
    if shown.ready:
        blocks.append(section(escaped(outcome(shown)), "outcome"))
    blocks.append(buttons(_foot(shown), "foot"))
    return blocks


NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def _how_many(n: int, *, ready: bool) -> str:
    count = NUMBERS[n] if n < len(NUMBERS) else str(n)
    what = "thing" if n == 1 else "things"
    return f"{count} {what} to settle for billing:" if ready else f"{count} {what} before you can sign:"


def _question(i: int, question: Question, asked: str) -> list[Block]:
    asking = section(f"{i + 1}  {escaped(question.text)}", f"ask.{i}")
    if not question.choices:
        return [asking]
    presses = [Press(label=c.label, action=f"answer.{i}.{j}", value=asked) for j, c in enumerate(question.choices[:25])]
    return [asking, buttons(presses, f"answers.{i}")]


def _foot(shown: Shown) -> list[Press]:
    id = shown.draft.id
    sign = Press(
        label=f"Sign as {shown.reader.signature}", action="sign", value=f"{id}:{digest(shown.draft)}", style="primary"
    )
    always = [
        Press(label="Undo", action="undo", value=id),
        Press(label="Not a group note", action="drop", value=id),
    ]
    return [sign, Press(label="Read the notes", action="read_notes", value=id), *always] if shown.ready else always


def _cancelled(shown: Shown) -> list[Block]:
    id = shown.draft.id
    said = section("This group did not take place: there is nothing to note and nothing to bill.", "cancelled")
    foot = [
        Press(label="Right, it was cancelled", action="confirm_cancelled", value=id, style="primary"),
        Press(label="Undo", action="undo", value=id),
    ]
    return [said, buttons(foot, "foot")]


# ---- what it will lead to --------------------------------------------------------------------------------------


def outcome(shown: Shown) -> str:
    """What signing leads to: so many notes, so many lines, and what holds some of them."""
    notes, lines = len(shown.draft.attended), len(shown.lines)
    after = [f for f in shown.findings if not _settled_by_signing(f)]
    held = [why for line in shown.lines if (why := holding(line, after))]
    private = sum(coverage_of(a.client, shown.background) is None for a in shown.draft.attended)
    sentence = f"Nothing missing. {_count(notes, 'note')}, {_count(lines, 'claim line')}"
    if shown.questions:
        sentence = sentence.removeprefix("Nothing missing. ")
    if held:
        sentence += f" ({len(held)} held for now: {_reasons(held)})"
    return sentence + (f", {private} without insurance." if private else ".")


def _settled_by_signing(f: Finding) -> bool:
    return f.about.slot == "signature"


def _reasons(held: Sequence[tuple[str, ...]]) -> str:
    """What holds the lines, each reason once; the office sees them all."""
    first = list(dict.fromkeys(why[0] for why in held))
    return "; ".join(first[:2]) + (f"; and {len(first) - 2} more" if len(first) > 2 else "")


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
