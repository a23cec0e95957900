"""Dialogue files: whole conversations that a clinician can read, and how they are played.

# what this dialogue is for
at: 2026-09-15T15:40
dana> what Dana types; an indented line
      continues it
bot> what the bot answers
dana> [Present]
dana in thread> an answer in the thread of her last card
dana edits> the new text of her last message
dana deletes>
dana resends>
dana sends> voice.m4a
show> lines            (or: chart of Kay)
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from billing.record import record
from bot.playground.stage import Stage, StageTrouble
from bot.views.plain import said_by

SPEAKS = re.compile(
    r"^(?P<who>[a-z][\w-]*)(?: (?P<how>in thread|edits|deletes|resends|sends|to [\w-]+))?>(?: (?P<text>.*))?$"
)
CLOCK = re.compile(r"^at: (?P<at>\S+)$")


@record
class Cue:
    """One staff line of a script; `head` is everything that stands above it and is not the bot's."""

    head: tuple[str, ...]
    who: str
    how: str
    text: str


def cues(script: str) -> Iterator[Cue]:
    """The lines to be played, in order. The bot's own lines are left out: they are what is checked."""
    head: list[str] = []
    open_cue: list[str] = []
    current: re.Match[str] | None = None
    for line in script.splitlines():
        speaks = SPEAKS.match(line)
        if current and not speaks and line[:1].isspace() and line.strip():
            if current["who"] != "show":
                open_cue.append(line)
            continue
        if current:
            yield from _cue(head, current, open_cue)
            head, current = [], None
        if speaks:
            current, open_cue = speaks, []
        else:
            head.append(line)
    if current:
        yield from _cue(head, current, open_cue)


def _cue(head: list[str], spoken: re.Match[str], more: list[str]) -> Iterator[Cue]:
    if spoken["who"] == "bot":
        return
    text = joined([spoken["text"] or "", *more])
    yield Cue(head=tuple(head), who=spoken["who"], how=spoken["how"] or "", text=text)


LIST_ITEM = re.compile(r"^([-•*+]|\d+[.)]|[\w' .]{1,24}( -|:|,? –) )")


def joined(lines: Iterable[str]) -> str:
    """What was typed over several lines: wrapped prose is one line, items of a list keep their own."""
    text = ""
    for line in (raw.strip() for raw in lines):
        text += ("\n" if LIST_ITEM.match(line) else " ") + line if text else line
    return text


def played(script: str, stage: Stage) -> str:
    """The whole conversation as it went, in the form of a script."""
    out: list[str] = []
    for cue in cues(script):
        out += cue.head
        for line in cue.head:
            clock = CLOCK.match(line)
            if clock:
                stage.now = datetime.fromisoformat(clock["at"]).replace(tzinfo=stage.now.tzinfo)
        out += [_spoken(cue), _performed(cue, stage)]
    return "\n".join(line.rstrip() for part in out for line in part.split("\n")).rstrip() + "\n"


def _spoken(cue: Cue) -> str:
    return said_by(f"{cue.who} {cue.how}".strip(), cue.text)


def _performed(cue: Cue, stage: Stage) -> str:
    """A script that asks for what is not there is told so on the spot, and goes on."""
    try:
        return perform(cue, stage)
    except StageTrouble as e:
        return said_by("bot", f"({e})")


def perform(cue: Cue, stage: Stage) -> str:
    """What the bot answers to this line."""
    match cue.how:
        case "edits":
            return stage.edit(cue.who, cue.text)
        case "deletes":
            return stage.delete(cue.who)
        case "resends":
            return stage.redeliver(cue.who)
        case "sends":
            return stage.send_file()
        case _ if cue.who == "show":
            return _show(cue.text, stage)
        case _:
            return stage.say(cue.who, cue.text, in_thread=cue.how == "in thread")


def _show(what: str, stage: Stage) -> str:
    text = stage.lines() if what == "lines" else stage.chart_of(what.removeprefix("chart of "))
    return "\n".join(f"  {line}" for line in (text or "none").split("\n"))


def typed(lines: Iterable[str]) -> Iterator[str]:
    """What one person types: each line is one message, an indented line continues the one before."""
    pending: list[str] = []
    for line in (raw.rstrip("\n") for raw in lines):
        if pending and line[:1].isspace() and line.strip():
            pending.append(line)
            continue
        if pending:
            yield joined(pending)
        pending = [line] if line.strip() else []
    if pending:
        yield joined(pending)
