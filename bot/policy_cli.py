"""`circlenote policy`: what payers demand, on the practice's database."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from billing.policy import PolicyTrouble
from bot.settings import Settings
from storage.trouble import StorageTrouble

if TYPE_CHECKING:
    from bot.policies import Shelf

app = typer.Typer(help="What payers demand: shipped proposals, what the practice set, and who confirmed it.")
By = Annotated[str, typer.Option("--by", help="Who says so: the id of a biller or admin of the practice.")]


def _say(what: "Callable[[Shelf], Iterable[str]]") -> None:
    """Opens the database and prints what comes of it; what goes wrong is one sentence on standard error."""
    from bot.policies import Shelf  # noqa: PLC0415 - a verb imports what it needs when it runs
    from storage.store import Store  # noqa: PLC0415

    settings = Settings()
    try:
        store = Store.open(settings.database_url, key_file=settings.key_file)
        try:
            for line in what(Shelf(store)):
                typer.echo(line)
        finally:
            store.close()
    except (PolicyTrouble, StorageTrouble, OSError) as e:
        Console(stderr=True).print(str(e), style="red", highlight=False)
        raise typer.Exit(code=2) from None


@app.command("list")
def list_() -> None:
    """Every payer, and who confirmed its terms when."""
    _say(lambda shelf: shelf.listed())


@app.command()
def show(payer: str) -> None:
    """Every term of a payer, with what is merely proposed and what it rests on."""
    _say(lambda shelf: shelf.shown(payer))


@app.command()
def confirm(payer: str, by: By) -> None:
    """Says that these are the payer's terms. Lines of the payer are released only then."""
    _say(lambda shelf: shelf.confirm(payer, by))


@app.command("set")
def set_(payer: str, key: str, value: str, by: By) -> None:
    """One term, from the contract, as in a policy file. The payer's terms have to be confirmed again afterwards."""
    _say(lambda shelf: shelf.set(payer, key, value, by))
