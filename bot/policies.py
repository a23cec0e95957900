"""What payers demand, as shipped, as the practice set it, and as somebody of the office confirmed it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import resources
from zoneinfo import ZoneInfo

from billing.policy import PolicyFile, PolicyTrouble, shipped
from billing.proposals import Term, confirmed, proposed, terms, with_term
from billing.records import ClinicianId, Draft, DraftId, PayerId, Policy, Role
from storage.store import Store


def shipped_files() -> tuple[PolicyFile, ...]:
    """Everything in billing/policies."""
    folder = resources.files("billing").joinpath("policies")
    return shipped({f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")})


class Shelf:
    """The policies in force today. Every method returns lines to be shown, or raises PolicyTrouble."""

    def __init__(self, store: Store, now: datetime | None = None) -> None:
        known = store.background(Draft(id=DraftId("")), now or datetime.now(UTC))  # no session: what counts today
        self._store = store
        self._today = known.now.astimezone(ZoneInfo(known.roster.practice.timezone)).date()
        self._office = [c.id for c in known.roster.clinicians if {Role.BILLER, Role.ADMIN} & set(c.roles)]
        self._ours = known.policies
        self._files = shipped_files()
        self._shipped = {file.payer.id: file.payer for file in self._files}
        self._payers = known.payers

    def listed(self) -> Iterator[str]:
        """Every payer: the practice's own first, then those that are only shipped."""
        for payer in dict.fromkeys((*self._payers, *self._shipped)):
            yield f"{payer:<16} {self._standing(payer):<36} {self._name(payer)}"

    def shown(self, payer: str) -> Iterator[str]:
        """Every term of a payer, what is merely proposed beside it, and what it rests on."""
        policy = self._policy(PayerId(payer))
        yield f"{self._name(policy.payer)}, from {policy.since}: {self._standing(policy.payer)}"
        yield from (_line(term) for term in terms(policy, self._files))
        yield f"Source: {policy.source or 'none'}"
        yield f"Evidence: {policy.evidence or 'none'}"

    def set(self, payer: str, key: str, value: str, by: str) -> Iterator[str]:
        """One term as the contract has it. The policy is not confirmed any more."""
        policy = with_term(self._policy(PayerId(payer)), key, value, self._today)
        self._keep(policy, self._of_the_office(by))
        yield f"Set for {self._name(policy.payer)}: {key} = {value}. Its lines are held until it is confirmed."

    def confirm(self, payer: str, by: str) -> Iterator[str]:
        """Somebody of the office says that these are the payer's terms; what was proposed becomes the practice's."""
        who = self._of_the_office(by)
        policy = confirmed(self._policy(PayerId(payer)), who, self._today)
        self._keep(policy, who)
        yield f"Confirmed for a year: {self._name(policy.payer)}."

    # ---- what is known -------------------------------------------------------------------------------------------

    def _policy(self, payer: PayerId) -> Policy:
        """The practice's row, else the shipped one, else an empty one."""
        if payer not in self._payers and payer not in self._shipped:
            known = ", ".join(dict.fromkeys((*self._payers, *self._shipped)))
            raise PolicyTrouble(f"There is no payer “{payer}”. There are: {known}.")
        empty = Policy(payer=payer, since=date(self._today.year, 1, 1))
        return self._ours.get(payer) or proposed(self._files, payer, self._today) or empty

    def _name(self, payer: PayerId) -> str:
        return (self._payers.get(payer) or self._shipped[payer]).name

    def _standing(self, payer: PayerId) -> str:
        policy = self._ours.get(payer)
        if policy is None:
            return "proposed" if payer in self._shipped else "nothing is known"
        return f"confirmed {policy.confirmed_on} by {policy.confirmed_by}" if policy.confirmed_on else "not confirmed"

    def _of_the_office(self, by: str) -> ClinicianId:
        if by not in self._office:
            there = ", ".join(self._office) or "nobody"
            raise PolicyTrouble(f"“{by}” is no biller or admin of the practice. There is: {there}.")
        return ClinicianId(by)

    def _keep(self, policy: Policy, by: ClinicianId) -> None:
        """The policy, and its payer if the practice did not have it yet."""
        new = () if policy.payer in self._payers else (self._shipped[policy.payer],)
        self._store.put((*new, policy), by=by)


def _line(term: Term) -> str:
    unset = term.value in (None, ())
    hint = f"   ({term.proposed} says {term.source})" if unset and term.proposed is not None else ""
    return f"  {term.key:<22} {'not set' if unset else term.value}{hint}"
