"""One program, `circlenote`, with a verb for each thing one can do with it.

Each verb imports what it needs when it runs, so that `--help` and errors are quick.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from billing.clockwork import Kind
from bot import policy_cli
from bot.settings import Settings
from storage.trouble import StorageTrouble

app = typer.Typer(
    help="Turns one message after group into signed progress notes and complete 90853 claim lines.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(policy_cli.app, name="policy")
errors = Console(stderr=True)


def _stop(sentence: object) -> typer.Exit:
    """What went wrong, in one sentence on standard error; no traceback."""
    errors.print(str(sentence), style="red", highlight=False)
    return typer.Exit(code=2)


@app.command("try")
def try_(
    play: Annotated[Path | None, typer.Option(help="Play the staff lines of a dialogue file.")] = None,
    who: Annotated[str, typer.Option("--as", help="Speak as this member of staff.")] = "dana",
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M"], help="Set the clock.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the practice's database is kept.")] = Path("var/try"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over.")] = False,
    browser: Annotated[bool, typer.Option("--browser", help="In a page on this machine instead.")] = False,
) -> None:
    """A fictional practice, and a conversation with the bot in this terminal."""
    from bot.playground import evening

    try:
        if play is not None:
            evening.play(play.read_text(encoding="utf-8"), at=at)
        elif browser:
            evening.in_browser(folder, fresh=fresh)
        else:
            evening.converse(folder, who=who, at=at, fresh=fresh)
    except (*evening.EveningTrouble, StorageTrouble, OSError) as e:
        raise _stop(e) from None


@app.command()
def read(
    practice: Annotated[list[Path], typer.Option(help="A practice as JSON; may be given several times.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Cases in, readings out, one JSON object a line.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show each fact with its words and why.")] = False,
) -> None:
    """What the reader understands of messages on standard input. Nothing is stored and nothing asked."""
    from bot import reading
    from nlp.reader import Reader

    if not (jsonl or explain):
        raise _stop("Say --jsonl (cases in, readings out) or --explain (for people).")
    reader = Reader(Settings().circlenote_model)
    try:
        rosters = {path.stem: reading.practice_from_json(path.read_text(encoding="utf-8")) for path in practice}
        if explain:
            for text in reading.explained_cases(reader, rosters, sys.stdin):
                Console(highlight=False).print(text)
        else:
            for line in reading.read_cases(reader, rosters, sys.stdin):
                print(line, flush=True)
    except (reading.CaseTrouble, OSError) as e:
        raise _stop(e) from None


@app.command()
def setup(file: Annotated[Path, typer.Argument(help="The practice as TOML (docs/practice.md).")]) -> None:
    """Creates the database, if there is none, and takes over who bills, who leads, who is treated and who pays."""
    from bot.practice_file import PracticeFileTrouble, records_in
    from bot.run import open_store

    try:
        records = records_in(file.read_text(encoding="utf-8"))
        store = open_store(Settings(), create=True)
        store.put(records, by="setup")
        store.close()
    except (PracticeFileTrouble, StorageTrouble, OSError) as e:
        raise _stop(e) from None
    print(f"Stored {len(records)} entries.")


@app.command()
def run(
    http: Annotated[int | None, typer.Option("--http", help="Listen for signed HTTP on this port.")] = None,
) -> None:
    """The bot as a Slack app, over Socket Mode or (with --http PORT) signed HTTP."""
    from bot.run import RunTrouble, serve

    try:
        serve(Settings(), http=http)
    except (RunTrouble, StorageTrouble) as e:
        raise _stop(e) from None


@app.command()
def jobs(
    run: Annotated[Kind | None, typer.Option("--run", help="Say this one now, to whom it is due.")] = None,
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The digest or week of this day.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would say, and say nothing.")] = False,
) -> None:
    """What ran and what will run by the clock; or one of it now."""
    from bot import agenda
    from bot.run import RunTrouble

    day = date.date() if date else None
    try:
        print(agenda.run_one(Settings(), run, day, dry_run=dry_run) if run else agenda.jobs_text(Settings()))
    except (RunTrouble, StorageTrouble) as e:
        raise _stop(e) from None


@app.command()
def digest(
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of this day; by default today.")] = None,
) -> None:
    """The biller's day: what is ready, what is held and why, what moved, what is running out."""
    from bot import agenda

    try:
        print(agenda.digest_text(Settings(), date.date() if date else None))
    except StorageTrouble as e:
        raise _stop(e) from None


@app.command()
def rules(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="The page docs/billing-rules.md.")] = False,
) -> None:
    """Every rule: its id, what must hold, how grave it is, who is asked, and where it comes from."""
    import json

    from billing.rulebook import markdown
    from billing.rules import RULES

    if as_markdown:
        print(markdown(), end="")
        return

    rows = [
        {
            "id": " ".join(r.tags) or r.name,
            "title": r.title,
            "severity": str(r.severity),
            "stops": str(r.stops),
            "asks": str(r.asks),
            "source": r.source,
        }
        for r in RULES
    ]
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print(f"{row['id']:<12} {row['severity']:<6} stops {row['stops']:<8} asks {row['asks']:<10} {row['title']}")


@app.command()
def why(line: Annotated[str, typer.Argument(help="The id of a claim line.")]) -> None:
    """What holds a claim line: the finding, the rule, and where the rule comes from."""
    from datetime import UTC

    from bot.run import open_store
    from bot.why import NoSuchLine
    from bot.why import why as reasons

    try:
        store = open_store(Settings())
        try:
            print("\n".join(reasons(store, line, datetime.now(UTC))))
        finally:
            store.close()
    except (NoSuchLine, StorageTrouble, OSError) as e:
        raise _stop(e) from None


codes = typer.Typer(help="Code sets that are published anew from time to time.")
app.add_typer(codes, name="codes")


@codes.callback()
def _codes() -> None:
    """Keeps the verb apart from its only command so far."""


@codes.command("load-ncci")
def load_ncci(file: Annotated[Path, typer.Argument(help="CMS's procedure-to-procedure table, as text.")]) -> None:
    """CMS's quarterly table of codes that are not paid together; the one before is replaced."""
    from billing.ncci import PairTrouble, pairs_in
    from bot.run import open_store

    try:
        pairs = pairs_in(file.read_text(encoding="utf-8", errors="replace").splitlines())
        store = open_store(Settings())
        try:
            store.replace_pairs(pairs, by="codes")
        finally:
            store.close()
    except (PairTrouble, StorageTrouble, OSError) as e:
        raise _stop(e) from None
    print(f"Loaded {len(pairs)} pairs with 90853.")
