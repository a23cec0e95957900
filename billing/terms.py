"""The terms that a payer's policy may have, by the name of their field in `Policy`, and what a value of each may be."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from billing.record import record

_KNOWN = (
    "25 59 76 77 93 95 AF AH AJ FQ GT HA HE HF HL HM HN HO HP HQ SA TD TE "
    "U1 U2 U3 U4 U5 U6 U7 U8 U9 UA UB UC UD XE XP XS XU"
)
KNOWN_MODIFIERS = frozenset(_KNOWN.split())
"""Those that are said to occur with group psychotherapy. Any other may be a slip of the pen."""


@record
class Term:
    """`wants` says what a value is to be, to follow "wants" in a sentence; `accepts` whether one is."""

    wants: str
    accepts: Callable[[object], bool]


def frozen(value: Any) -> Any:
    """Lists as tuples, tables as tuples of pairs, at any depth."""
    if isinstance(value, dict):
        return tuple(value.items())
    return tuple(frozen(each) for each in value) if isinstance(value, list) else value


def _is_count(value: object) -> bool:
    return type(value) is int and value > 0


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_modifier(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z0-9]{2}", value) is not None


def _are_texts(pattern: str) -> Callable[[object], bool]:
    def accepts(value: object) -> bool:
        return isinstance(value, list) and all(isinstance(each, str) and re.fullmatch(pattern, each) for each in value)

    return accepts


def _are_modifiers(value: object) -> bool:
    return isinstance(value, dict) and all(_is_modifier(m) for m in value.values())


def _are_caps(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(cap, list) and len(cap) == 2 and all(_is_count(n) for n in cap) for cap in value
    )


def _is_pattern(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(value))
    except re.error:
        return False


def _is_share(value: object) -> bool:
    found = re.fullmatch(r"([1-9]\d?)/([1-9]\d?)", value) if isinstance(value, str) else None
    return found is not None and int(found[1]) <= int(found[2])


def _is_one_of(*words: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in words


_COUNTS = (
    "min_size",
    "max_size",
    "max_size_alone",
    "min_minutes",
    "note_due_hours",
    "filing_days",
    "corrected_claim_days",
    "plan_signed_after",
)
_YES_OR_NO = (
    "covered",
    "telehealth",
    "audio_only",
    "cosign_required",
    "two_leaders_explained",
    "requires_auth",
    "referral_required",
    "needs_taxonomy",
    "pays_last",
)


def _terms() -> Iterator[tuple[str, Term]]:
    for key in _COUNTS:
        yield key, Term(wants="a whole number above 0", accepts=_is_count)
    for key in _YES_OR_NO:
        yield key, Term(wants="true or false", accepts=_is_yes_or_no)
    for key in ("telehealth_modifier", "audio_modifier", "group_modifier"):
        yield key, Term(wants="two capitals or digits", accepts=_is_modifier)
    for key in ("telehealth_places", "places"):
        yield key, Term(wants="a list of two-digit places of service", accepts=_are_texts(r"\d\d"))
    yield "credential_modifiers", Term(wants="a table of credentials and modifiers", accepts=_are_modifiers)
    yield "allowed_credentials", Term(wants="a list of credentials", accepts=_are_texts(r"\S+"))
    beginnings = _are_texts(r"[A-Z]\d?[0-9A-Z]?(\.[0-9A-Z]+)?")
    yield "primary_diagnoses", Term(wants="a list of beginnings of diagnosis codes", accepts=beginnings)
    yield "frequency_caps", Term(wants="a list of pairs like [2, 7], sessions in days", accepts=_are_caps)
    yield "contact_fraction", Term(wants='a share like "5/6"', accepts=_is_share)
    yield "member_id_pattern", Term(wants="a regular expression", accepts=_is_pattern)
    yield "supervised_billing", Term(wants="no, supervisor or own", accepts=_is_one_of("no", "supervisor", "own"))
    ways = _is_one_of("allow", "59", "XE", "deny")
    yield "same_day_individual", Term(wants="allow, 59, XE or deny", accepts=ways)


TERMS = dict(_terms())
