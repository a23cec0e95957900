"""`circlenote try`: an evening at Riverbend, in the terminal or from a script."""

import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from billing.records import ClinicianId
from bot import logs
from bot.playground.riverbend import riverbend
from bot.playground.script import CLOCK, played, typed
from bot.playground.stage import Stage, StageTrouble
from bot.playground.theatre import EXAMPLE, NotOurs, open_practice, set_stage
from bot.settings import Settings
from bot.views.plain import said_by
from nlp.reader import Reader

EveningTrouble = (StageTrouble, NotOurs)
"""What can go wrong for whoever tries it; the text says what."""

WELCOME = """Riverbend Counseling is fictional, and so is everybody in it. You are {who}.
Type what you would write after group, press buttons by typing their label, as in [Sign]. Ctrl-D ends the evening.
For example, paste this:

{example}
"""


def play(script: str, *, at: datetime | None) -> None:
    """Plays the staff lines of a dialogue file on a practice of its own, and prints the whole conversation."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_practice(Path(folder) / "practice", riverbend())
        stage = set_stage(store, Reader(Settings().circlenote_model), at or clock_of(script))
        try:
            print(played(script, stage))
            _ending(stage)
        finally:
            store.close()


def clock_of(script: str) -> datetime | None:
    found = next((m for line in script.splitlines() if (m := CLOCK.match(line))), None)
    return datetime.fromisoformat(found["at"]) if found else None


def converse(folder: Path, *, who: str, at: datetime | None, fresh: bool) -> None:
    """A conversation with a person, or with whatever is in the pipe."""
    print("Getting ready ...", file=sys.stderr, flush=True)
    store = open_practice(folder, riverbend(), fresh=fresh)
    try:
        stage = set_stage(store, Reader(Settings().circlenote_model), at, who)
        print(WELCOME.format(who=_name_of(who, stage), example=EXAMPLE))
        for text in _typed(who):
            _one_turn(stage, who, text)
        _ending(stage)
    finally:
        store.close()


def in_browser(folder: Path, *, fresh: bool) -> None:
    """The same practice and the real bot, with a page on this machine in Slack's place. Until Ctrl-C."""
    from bot.playground.studio import Studio  # noqa: PLC0415 - Slack's libraries are only for this

    logs.set_up("ERROR")
    print("Getting ready ...", file=sys.stderr, flush=True)
    with Studio(folder, fresh=fresh) as studio:
        print(f"Circlenote's playground is open at\n\n    {studio.url}\n\nCtrl-C ends it.", flush=True)
        webbrowser.open(studio.url)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


def _name_of(who: str, stage: Stage) -> str:
    staff = {c.id: c.signature for c in stage.staff()}
    if who not in staff:
        raise StageTrouble(f"Nobody at Riverbend is called {who}: choose one of {', '.join(staff)}.")
    return staff[ClinicianId(who)]


def _typed(who: str) -> Iterator[str]:
    if sys.stdin.isatty():
        yield from _prompted(who)
        return
    for text in typed(sys.stdin):
        print(said_by(who, text))
        yield text


def _prompted(who: str) -> Iterator[str]:
    while True:
        try:
            text = input(f"{who}> ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return
        if text:
            yield text


def _one_turn(stage: Stage, who: str, text: str) -> None:
    """A label that is nowhere to be seen is said so; the conversation goes on."""
    try:
        print(stage.say(who, text), flush=True)
    except StageTrouble as e:
        print(said_by("bot", f"({e})"), flush=True)


def _ending(stage: Stage) -> None:
    charts, lines = stage.charts(), stage.lines()
    print("\n―― in the charts ――\n")
    print(charts or "nothing is signed yet")
    print("\n―― claim lines ――\n")
    print(lines or "none yet")
