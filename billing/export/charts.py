"""Progress notes of one client, to be pasted or uploaded into a chart elsewhere. No other client is named in them."""

from collections.abc import Iterator, Sequence
from datetime import date, time

from billing.export.paper import Line, pdf, wrapped
from billing.notes import absence_text, chart_text
from billing.records import ClientId, GroupNote, Roster

BETWEEN = "-" * 40


def chart(notes: Sequence[GroupNote], client: ClientId, roster: Roster) -> tuple[str, ...]:
    """Everything that signed notes have for one client, by day: progress notes, and where they did not attend."""
    entries = [entry for note in notes for entry in _entries(note, client, roster)]
    return tuple(text for _, text in sorted(entries, key=lambda entry: entry[0]))


def _entries(note: GroupNote, client: ClientId, roster: Roster) -> Iterator[tuple[tuple[date, time], str]]:
    when = note.session.met_on, note.session.starts
    for progress in note.notes:
        if progress.attendance.client == client:
            yield when, chart_text(note, progress, roster)
    for absence in note.absent:
        if absence.client == client:
            yield when, absence_text(note, absence, roster)


def chart_file(notes: Sequence[GroupNote], client: ClientId, roster: Roster) -> str:
    """The chart as one text."""
    return f"\n\n{BETWEEN}\n\n".join(chart(notes, client, roster)) + "\n"


def chart_pdf(notes: Sequence[GroupNote], client: ClientId, roster: Roster) -> bytes:
    """The chart on paper, each entry begun on the page that it fits on."""
    name = roster.client(client).name
    lines = tuple(line for text in chart(notes, client, roster) for line in _entry(text))
    return pdf(lines, title=f"Progress notes {name}", foot=f"{roster.practice.name} · {name}")


def _entry(text: str) -> Iterator[Line]:
    lines = tuple(wrapped(text, indent="  "))
    heading = Line(text=lines[0].text, bold=True, keeps=len(lines))
    yield from (heading, *lines[1:], Line())
