"""Claims as a CSV file, one row for each line: for a practice whose billing program takes nothing better."""

import csv
from collections.abc import Callable, Iterable
from io import StringIO

from billing.export.claim import Claim, Provider, ServiceLine
from billing.record import record

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute instead of show."""


@record
class Column:
    """One column: its heading, what stands in it, and where that comes from."""

    name: str
    means: str
    of: Callable[[Claim, ServiceLine], object]


def _modifier(n: int) -> Column:
    return Column(
        name=f"modifier_{n}",
        means=f"modifier {n}, if there is one",
        of=lambda _, line: line.modifiers[n - 1] if n <= len(line.modifiers) else "",
    )


def _diagnosis(n: int) -> Column:
    return Column(
        name=f"diagnosis_{n}",
        means=f"diagnosis {n} of the claim, with its dot",
        of=lambda claim, _: claim.diagnoses[n - 1] if n <= len(claim.diagnoses) else "",
    )


def _name(provider: Provider | None) -> str:
    return ", ".join(part for part in (provider.last, provider.first) if part) if provider else ""


_CLAIM = (
    Column(name="claim", means="our number for the claim", of=lambda c, _: c.control),
    Column(name="line", means="our number for the line", of=lambda _, s: s.control),
    Column(name="frequency", means="1 original, 7 replacement, 8 void", of=lambda c, _: c.frequency),
    Column(name="payer_claim", means="the payer's number of an earlier claim", of=lambda c, _: c.payer_claim_number),
    Column(name="last", means="client's legal last name", of=lambda c, _: c.client.last),
    Column(name="first", means="client's legal first name", of=lambda c, _: c.client.first),
    Column(name="born_on", means="client's date of birth, 2026-01-31", of=lambda c, _: c.client.born_on),
    Column(name="sex", means="F, M or U as on the insurance card", of=lambda c, _: c.client.sex),
    Column(name="street", means="client's street", of=lambda c, _: c.client.address and c.client.address.street),
    Column(name="city", means="client's city", of=lambda c, _: c.client.address and c.client.address.city),
    Column(name="state", means="client's state", of=lambda c, _: c.client.address and c.client.address.state),
    Column(name="zip", means="client's ZIP code", of=lambda c, _: c.client.address and c.client.address.zip),
    Column(name="payer", means="payer's name", of=lambda c, _: c.cover.payer_name),
    Column(name="payer_id", means="payer's electronic ID", of=lambda c, _: c.cover.payer_id),
    Column(name="member_id", means="member ID", of=lambda c, _: c.cover.member_id),
    Column(name="group_number", means="group number of the policy", of=lambda c, _: c.cover.group_number),
    Column(name="relation", means="client to policy holder: 18 self, 19 child, ...", of=lambda c, _: c.cover.relation),
    Column(name="holder_last", means="policy holder's last name", of=lambda c, _: c.holder.last),
    Column(name="holder_first", means="policy holder's first name", of=lambda c, _: c.holder.first),
    Column(name="authorization", means="authorization number", of=lambda c, _: c.cover.authorisation),
)
_LINE = (
    Column(name="date", means="date of service, 2026-01-31", of=lambda _, s: s.served_on),
    Column(name="place", means="place of service", of=lambda c, s: s.place or c.place),
    Column(name="code", means="service code", of=lambda _, s: s.code),
    *(_modifier(n) for n in range(1, 5)),
    Column(name="units", means="units", of=lambda _, s: s.units),
    Column(name="charge", means="charge in dollars, 65.00", of=lambda _, s: s.charge),
    Column(name="pointers", means="which diagnoses, as 1:2", of=lambda _, s: ":".join(map(str, s.pointers))),
    *(_diagnosis(n) for n in range(1, 13)),
)
_PRACTICE = (
    Column(name="rendering", means="clinician who led, last name, first name", of=lambda c, _: _name(c.rendering)),
    Column(name="rendering_npi", means="their NPI", of=lambda c, _: c.rendering and c.rendering.npi),
    Column(name="supervising", means="supervising clinician, if any", of=lambda c, _: _name(c.supervising)),
    Column(name="supervising_npi", means="their NPI", of=lambda c, _: c.supervising and c.supervising.npi),
    Column(name="practice", means="who is paid", of=lambda c, _: c.billing.name),
    Column(name="practice_npi", means="their NPI", of=lambda c, _: c.billing.npi),
    Column(name="tax_id", means="their tax number", of=lambda c, _: c.billing.tax_id),
)
COLUMNS: tuple[Column, ...] = (*_CLAIM, *_LINE, *_PRACTICE)


def rows(claims: Iterable[Claim]) -> str:
    """The file's text: a heading and a row for each line, every cell in quotes, lines ended by CR LF.

    A cell that a spreadsheet would compute begins with an apostrophe instead.
    """
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    for claim in claims:
        for line in claim.lines:
            writer.writerow([_cell(column.of(claim, line)) for column in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    """A value as a cell.

    >>> _cell("=1+1"), _cell(None)
    ("'=1+1", '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
