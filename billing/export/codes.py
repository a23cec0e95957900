"""Code numbers with our own words, from codes.toml: what may stand on a claim, and what payers answer with."""

import tomllib
from importlib.resources import files
from typing import Any

from billing.record import record


@record
class Reason:
    """Why a payer pays less. `rules` are names of ours that would have prevented it."""

    code: str
    says: str
    rules: tuple[str, ...] = ()


def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("codes.toml").read_text(encoding="utf-8"))


_CODES = _table()

STATES: frozenset[str] = frozenset(_CODES["states"])
RELATIONS: dict[str, str] = _CODES["relations"]
FILINGS: dict[str, str] = _CODES["filings"]
PLACES: dict[str, str] = _CODES["places"]
MODIFIERS: dict[str, str] = _CODES["modifiers"]
TAXONOMIES: dict[str, str] = _CODES["taxonomies"]
PROCEDURES: dict[str, str] = _CODES["procedures"]

FAULTS: dict[str, dict[str, str]] = _CODES["faults"]
"""What a 999 finds wrong: of a set, a segment, an element; by the code in IK5, IK3, IK4."""
CATEGORIES: dict[str, str] = _CODES["categories"]
STATUSES: dict[str, str] = _CODES["statuses"]
"""What a 277CA says of a claim: how it went, and why."""
SHARES: dict[str, str] = _CODES["shares"]
"""Who bears an adjustment, by its group code."""
REMARKS: dict[str, str] = _CODES["remarks"]

_ADJUSTMENTS = {
    code: Reason(code=code, says=entry["says"], rules=tuple(entry.get("rules", ())))
    for code, entry in _CODES["adjustments"].items()
}


def adjustment(code: str) -> Reason:
    """What an adjustment code means; for one that we have no words for, its number."""
    return _ADJUSTMENTS.get(code) or Reason(code=code, says=f"reason {code} of the payer's list")


def known_adjustments() -> tuple[Reason, ...]:
    """All that we have words for."""
    return tuple(_ADJUSTMENTS.values())
