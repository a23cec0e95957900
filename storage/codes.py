"""ICD-10-CM codes of the chapters that group therapy meets: F (mental), R (symptoms), Z (factors).

They are copied into the database once, when it is made, from the package that carries the official release, so
that nobody holds the whole code set in memory afterwards.
"""

import re
from collections.abc import Iterable
from datetime import date
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session, col, or_, select

from billing.records import CodeStatus
from storage.tables import CodeRow

RELEASE = "April-2026"
RELEASE_ENDS = date(2026, 9, 30)
_LIKELY = 10
_OURS = re.compile(r"[FRZ]\d[0-9A-Z]{1,5}")


def load_codes(session: Session) -> None:
    """Fills the table of a new database; does nothing if it is filled."""
    if session.exec(select(CodeRow).limit(1)).first():
        return
    ours = sorted({_dotted(code) for code in _release().split() if _OURS.fullmatch(code)})
    rows = [
        {"code": code, "billable": not following.startswith(code)}  # a header stands right before its first leaf
        for code, following in pairwise([*ours, ""])
    ]
    session.execute(insert(CodeRow), rows)


def _release() -> str:
    """The list of codes, one a line without dots. Importing the package would read the whole tabular list besides:
    two seconds and two hundred megabytes.
    """
    found = find_spec("simple_icd_10_cm")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "data" / f"code-list-{RELEASE}.txt").read_text(encoding="utf-8")


def _dotted(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def statuses(session: Session, codes: Iterable[str]) -> dict[str, CodeStatus]:
    """What the release says of each code, in one query."""
    wanted = sorted(set(codes))
    below = [col(CodeRow.code).startswith(code, autoescape=True) for code in wanted if len(code) >= 3]
    found = session.exec(select(CodeRow).where(or_(False, *below)).order_by(col(CodeRow.code))).all()
    return {code: _status(code, found) for code in wanted}


def _status(code: str, found: Iterable[CodeRow]) -> CodeStatus:
    family = [row for row in found if row.code.startswith(code)]
    own = next((row for row in family if row.code == code), None)
    leaves = tuple(row.code for row in family if row.billable and row.code != code)
    return CodeStatus(
        code=code,
        known=own is not None,
        billable=own is not None and own.billable,
        likely=leaves[:_LIKELY],
        release_ends=RELEASE_ENDS,
    )
