"""Which group session a message speaks of: the draft of its thread, another open draft, or a new one.

A message may speak of several sessions; the reader numbers them as parts. A short answer outside a thread goes to the
one open draft; if there are several, the clinician is asked which.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from billing.record import record
from billing.records import ClinicianId, DraftId, GroupId, Heard, Presence


@record
class OpenDraft:
    """A draft as one can recognise it: whose it is, and which session it stands for, as far as that is known."""

    id: DraftId
    opened_by: ClinicianId
    group: GroupId | None = None
    met_on: date | None = None


@record
class Place:
    """Where one part of a message belongs. Neither `draft` nor `choices`: it opens a new draft."""

    part: int
    draft: DraftId | None = None
    choices: tuple[DraftId, ...] = ()


def place(
    facts: Sequence[Heard], author: ClinicianId, here: OpenDraft | None, open_drafts: Sequence[OpenDraft]
) -> tuple[Place, ...]:
    """A place for each part, in order. `here` is the draft of the thread, `open_drafts` are everybody's."""
    parts = sorted({f.part for f in facts})
    return tuple(_place(part, [f for f in facts if f.part == part], author, here, open_drafts) for part in parts)


def _place(
    part: int, facts: Sequence[Heard], author: ClinicianId, here: OpenDraft | None, open_drafts: Sequence[OpenDraft]
) -> Place:
    group, met_on = _said(facts, "group"), _said(facts, "met_on")
    if here and not (is_report(facts) and _other_session(here, group, met_on)):
        return Place(part=part, draft=here.id)
    if group is not None:
        same = [d for d in open_drafts if _same_session(d, group, met_on)]
        return Place(part=part, draft=same[0].id) if len(same) == 1 else Place(part=part, choices=_ids(same))
    return _unnamed(part, facts, [d for d in open_drafts if d.opened_by == author])


def _unnamed(part: int, facts: Sequence[Heard], own: Sequence[OpenDraft]) -> Place:
    """No group is named: it adds to what the clinician is at, if that is one thing."""
    fitting = [d for d in own if not _other_session(d, None, _said(facts, "met_on"))]
    if len(fitting) == 1:
        return Place(part=part, draft=fitting[0].id)
    return Place(part=part, choices=_ids(fitting))


def is_report(facts: Iterable[Heard]) -> bool:
    """Whether this tells of a group session by itself, rather than answering or mending something."""
    came = {f.about.subject for f in facts if f.about.slot == "presence" and isinstance(f.value, Presence)}
    return len(came) >= REPORT


REPORT = 3
"""So many clients' attendance in one message make it a report of its own."""


def _said(facts: Sequence[Heard], slot: str) -> object:
    return next((f.value for f in facts if f.about.slot == slot and not f.retracts), None)


def _same_session(d: OpenDraft, group: object, met_on: object) -> bool:
    return d.group == group and (d.met_on is None or met_on is None or d.met_on == met_on)


def _other_session(d: OpenDraft, group: object, met_on: object) -> bool:
    """Whether group or day contradict what the draft is known to be about. Blank contradicts nothing."""
    other_group = group is not None and d.group is not None and group != d.group
    other_day = met_on is not None and d.met_on is not None and met_on != d.met_on
    return other_group or other_day


def _ids(drafts: Sequence[OpenDraft]) -> tuple[DraftId, ...]:
    return tuple(d.id for d in drafts)
