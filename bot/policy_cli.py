"""`circlenote policy`: what payers demand, as shipped, set and confirmed. Works on the practice's database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib import resources
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from billing.policy import PolicyFile, PolicyTrouble, shipped
from billing.proposals import Term, confirmed, proposed, terms, with_term
from billing.record import record
from billing.records import ClinicianId, Draft, DraftId, Payer, PayerId, Policy, Role
from bot.settings import Settings
from storage.store import Store
from storage.trouble import StorageTrouble

app = typer.Typer(help="What payers demand: shipped proposals, what the practice set, and who confirmed it.")
out, errors = Console(highlight=False, soft_wrap=True, markup=False), Console(stderr=True)


@record
class _Shelf:
    """All that is known of payers today: `payers` and `ours` are in the database, `files` are shipped."""

    store: Store
    today: date
    payers: dict[PayerId, Payer]
    ours: dict[PayerId, Policy]
    files: tuple[PolicyFile, ...]

    def policy(self, payer: PayerId) -> Policy:
        """The practice's row, else the shipped one, else an empty one for a payer that is known."""
        known = {*self.payers, *(file.payer.id for file in self.files)}
        if payer not in known:
            raise PolicyTrouble(f"There is no payer “{payer}”. Known are: {', '.join(sorted(known))}.")
        empty = Policy(payer=payer, since=date(self.today.year, 1, 1))
        return self.ours.get(payer) or proposed(self.files, payer, self.today) or empty

    def keep(self, policy: Policy, by: str) -> None:
        """The policy, and its payer if the practice did not have it yet."""
        new = () if policy.payer in self.payers else tuple(f.payer for f in self.files if f.payer.id == policy.payer)
        self.store.put((*new, policy), by=by)

    def name(self, payer: PayerId) -> str:
        names = {file.payer.id: file.payer.name for file in self.files}
        return self.payers[payer].name if payer in self.payers else names[payer]


def shipped_files() -> tuple[PolicyFile, ...]:
    folder = resources.files("billing").joinpath("policies")
    return shipped({f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")})


@contextmanager
def _shelf() -> Iterator[_Shelf]:
    """Opens the database; what goes wrong is one sentence on standard error."""
    settings = Settings()
    try:
        store = Store.open(settings.database_url, key_file=settings.key_file)
        try:
            yield _filled(store)
        finally:
            store.close()
    except (PolicyTrouble, StorageTrouble, OSError) as e:
        errors.print(str(e), style="red", highlight=False)
        raise typer.Exit(code=2) from None


def _filled(store: Store) -> _Shelf:
    now = datetime.now(UTC)
    known = store.background(Draft(id=DraftId("")), now)  # of no session: what is in force today
    today = now.astimezone(ZoneInfo(known.roster.practice.timezone)).date()
    return _Shelf(store=store, today=today, payers=dict(known.payers), ours=dict(known.policies), files=shipped_files())


@app.command("list")
def list_() -> None:
    """Every payer: the practice's own first, then those that are only shipped."""
    with _shelf() as shelf:
        shipped_only = [file.payer.id for file in shelf.files if file.payer.id not in shelf.payers]
        for payer in (*shelf.payers, *shipped_only):
            out.print(f"{payer:<16} {_standing(shelf.ours.get(payer)):<34} {shelf.name(payer)}")


def _standing(policy: Policy | None) -> str:
    if policy is None:
        return "proposed, not taken over"
    return f"confirmed {policy.confirmed_on} by {policy.confirmed_by}" if policy.confirmed_on else "not confirmed"


@app.command()
def show(payer: str) -> None:
    """Every term of a payer, what is merely proposed, and what rests on what."""
    with _shelf() as shelf:
        policy = shelf.policy(PayerId(payer))
        out.print(f"{shelf.name(policy.payer)}, from {policy.since}: {_standing(shelf.ours.get(policy.payer))}")
        for term in terms(policy, shelf.files):
            out.print(_line(term))
        out.print(f"Source: {policy.source or 'none'}\nEvidence: {policy.evidence or 'none'}")


def _line(term: Term) -> str:
    unset = term.value in (None, ())
    hint = f"   ({term.proposed} says {term.source})" if term.proposed is not None and unset else ""
    return f"  {term.key:<22} {'not set' if unset else term.value}{hint}"


By = Annotated[str, typer.Option("--by", help="Who says so: the id of a biller or admin of the practice.")]


@app.command("set")
def set_(payer: str, key: str, value: str, by: By) -> None:
    """One term, from the contract. The row has to be confirmed again afterwards."""
    _change(payer, by, lambda policy, today, _: with_term(policy, key, value, today), "Set; now confirm it")


@app.command()
def confirm(payer: str, by: By) -> None:
    """Says that these are the payer's terms. Shipped proposals are taken over; lines are released only then."""
    _change(payer, by, lambda policy, today, who: confirmed(policy, who, today), "Confirmed")


def _change(payer: str, by: str, change: Callable[[Policy, date, ClinicianId], Policy], done: str) -> None:
    with _shelf() as shelf:
        who = _office(shelf, by)
        policy = change(shelf.policy(PayerId(payer)), shelf.today, who)
        shelf.keep(policy, by=who)
        out.print(f"{done}: {shelf.name(policy.payer)}.")


def _office(shelf: _Shelf, by: str) -> ClinicianId:
    staff = shelf.store.roster(shelf.today).clinicians
    office = [c.id for c in staff if {Role.BILLER, Role.ADMIN} & set(c.roles)]
    if by not in office:
        raise PolicyTrouble(f"“{by}” is no biller or admin of the practice. There are: {', '.join(office) or 'none'}.")
    return ClinicianId(by)
