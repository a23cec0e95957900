"""Payer policies as the practice makes them its own: what is proposed, set and confirmed."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from billing.policy import GRADES, PolicyFile, PolicyTrouble, in_force
from billing.record import record
from billing.records import ClinicianId, PayerId, Policy
from billing.terms import TERMS, frozen


@record
class Term:
    """One term of a payer: what counts now, and what is merely proposed, with its source. None: nothing is known."""

    key: str
    value: object
    proposed: object = None
    source: str = ""


def proposed(files: Iterable[PolicyFile], payer: PayerId, on: date) -> Policy | None:
    """What the shipped files say of a payer for that day, as far as there is evidence for it; None if nothing."""
    rows = (policy for file in files if file.payer.id == payer for policy in file.policies)
    return in_force(rows, on).get(payer)


def terms(policy: Policy, files: Iterable[PolicyFile]) -> tuple[Term, ...]:
    """Every term there is, by name, with what the shipped files hold without evidence beside it."""
    heard = {h.key: h for file in files for h in file.hearsay if h.payer == policy.payer}
    return tuple(_term(policy, key, heard) for key in sorted(TERMS))


def _term(policy: Policy, key: str, heard: Mapping[str, Any]) -> Term:
    value, hearsay = getattr(policy, key), heard.get(key)
    if hearsay is None:
        return Term(key=key, value=value)
    return Term(key=key, value=value, proposed=hearsay.value, source=f"{hearsay.source}; {GRADES[hearsay.grade]}")


def with_term(policy: Policy, key: str, text: str, today: date) -> Policy:
    """The policy with one term set, and so not confirmed any more. `text` is a value as in a policy file.

    Raises PolicyTrouble if there is no such term, or the value is none for it.
    """
    if key not in TERMS:
        raise PolicyTrouble(f"No term is called {key}. There are: {', '.join(sorted(TERMS))}.")
    value = _value(text)
    if not TERMS[key].accepts(value):
        raise PolicyTrouble(f"{key} wants {TERMS[key].wants}, not {text!r}.")
    evidence = ", ".join((*_others(policy, key), f"{key} C {today}"))
    changed = replace(policy, evidence=evidence, confirmed_on=None, confirmed_by=None)
    return replace(changed, **{key: frozen(value)})


def _others(policy: Policy, key: str) -> Iterator[str]:
    return (each for each in policy.evidence.split(", ") if each and not each.startswith(f"{key} "))


def _value(text: str) -> object:
    """As in a policy file; what is not TOML is taken for a word."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def confirmed(policy: Policy, by: ClinicianId, today: date) -> Policy:
    """The policy as somebody of the practice confirms it. Raises PolicyTrouble while it is open what is covered."""
    if policy.covered is None:
        raise PolicyTrouble(f"Nobody knows yet whether {policy.payer} covers 90853: set covered first.")
    return replace(policy, confirmed_on=today, confirmed_by=by)
