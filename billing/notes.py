"""Draft → GroupNote, the only way from one to the other; and what then stands in each client's chart."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from billing.checking import check, stopping
from billing.findings import Finding, Stops
from billing.privacy import without_names
from billing.records import (
    Attendance,
    AttendanceDraft,
    Background,
    Clinician,
    Draft,
    GroupNote,
    GroupSession,
    Mode,
    NoteId,
    Presence,
    ProgressNote,
    Risk,
    Roster,
    Signature,
    SourceId,
    Words,
)
from billing.times import clock, own_minutes, own_times, span

GAP = " · "


class Unfinished(ValueError):
    """A draft with blanks was to be finished: the shell offered to sign what cannot be signed yet."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f.rule for f in findings))
        self.findings = tuple(findings)


def digest(draft: Draft) -> str:
    """Stands for everything a draft says: what was shown and what is signed must have the same."""
    return _hash(asdict(draft))


def finish(draft: Draft, background: Background, id: NoteId, by: Clinician, at: datetime) -> GroupNote:
    """The note that this draft is ready to be, signed. Raises Unfinished while anything stops signing."""
    blanks = stopping(check(draft, background), Stops.SIGNING)
    if blanks:
        raise Unfinished(blanks)
    unsigned = Signature(clinician=by.id, name=by.name, credential=by.credential, at=at, digest="")
    note = GroupNote(
        id=id,
        draft=draft.id,
        session=_session(draft),
        topic=_texts(draft.topic),
        interventions=_texts(draft.interventions),
        group_words=_texts(draft.group_words),
        notes=tuple(_progress_note(a, draft, background) for a in draft.attended),
        absent=tuple(_attendance(a, draft) for a in draft.attendance if a.presence and not a.attended),
        signature=unsigned,
    )
    return replace(note, signature=replace(unsigned, digest=content_digest(note)))


def content_digest(note: GroupNote) -> str:
    """Of everything in the note but its signatures: what a signature vouches for."""
    content = asdict(note)
    for key in ("signature", "cosignature"):
        del content[key]
    return _hash(content)


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _session(draft: Draft) -> GroupSession:
    assert isinstance(draft.group, str)
    assert draft.leader
    assert draft.met_on
    assert draft.starts
    assert draft.ends
    assert draft.mode
    assert draft.place
    assert draft.service
    return GroupSession(
        group=draft.group,
        leader=draft.leader,
        co_leaders=draft.co_leaders,
        met_on=draft.met_on,
        starts=draft.starts,
        ends=draft.ends,
        mode=draft.mode,
        place=draft.place,
        service=draft.service,
        headcount=headcount(draft),
    )


def headcount(draft: Draft) -> int:
    """Everybody in the room who was treated, whoever pays."""
    return len(draft.attended) + len(draft.visitors)


def _attendance(a: AttendanceDraft, draft: Draft) -> Attendance:
    assert isinstance(a.presence, Presence)
    arrived, left = own_times(a, draft.starts, draft.ends) if a.attended else (None, None)
    return Attendance(
        client=a.client,
        presence=a.presence,
        arrived=arrived if arrived != draft.starts else None,
        left=left if left != draft.ends else None,
        mode=a.mode or draft.mode or Mode.IN_PERSON,
        place=a.place,
        reason=a.absence_reason,
    )


def _progress_note(a: AttendanceDraft, draft: Draft, background: Background) -> ProgressNote:
    assert a.progress is not None
    everybody = tuple(other.client for other in draft.attendance)

    def own(words: Sequence[Words]) -> tuple[str, ...]:
        return tuple(without_names(w.text, a.client, background.roster, everybody) for w in words)

    return ProgressNote(
        attendance=_attendance(a, draft),
        minutes=own_minutes(a, draft.starts, draft.ends) or 0,
        words=own(a.words),
        progress=a.progress,
        progress_words=own(a.progress_words),
        risk=a.risk,
        risk_words=own(a.risk_words),
        safety_action=own(a.safety_action),
        diagnoses=tuple(d.code for d in background.diagnoses.get(a.client, ())),
        goal=next((g.text for g in background.goals.get(a.client, ())), None),
    )


def _texts(words: Sequence[Words]) -> tuple[str, ...]:
    return tuple(w.text for w in words)


# ---- back to a draft: so that one set of rules serves before and after signing ------------------------------------


def reopened(note: GroupNote) -> Draft:
    """The note as the rules look at it. They are the same before and after signing; only the office's data change."""
    s = note.session
    present = [_reopened(n, s) for n in note.notes]
    absent = [AttendanceDraft(client=a.client, presence=a.presence, absence_reason=a.reason) for a in note.absent]
    return Draft(
        id=note.draft,
        leader=s.leader,
        co_leaders=s.co_leaders,
        group=s.group,
        met_on=s.met_on,
        day_confirmed=True,
        starts=s.starts,
        ends=s.ends,
        mode=s.mode,
        place=s.place,
        service=s.service,
        headcount=s.headcount,
        topic=_words(note.topic),
        interventions=_words(note.interventions),
        group_words=_words(note.group_words),
        attendance=(*present, *absent),
        visitors=("~",) * (s.headcount - len(note.notes)),
    )


def _reopened(note: ProgressNote, session: GroupSession) -> AttendanceDraft:
    a = note.attendance
    return AttendanceDraft(
        client=a.client,
        presence=a.presence,
        arrived=a.arrived or session.starts,
        left=a.left or session.ends,
        mode=a.mode,
        place=a.place,
        words=_words(note.words),
        progress=note.progress,
        progress_words=_words(note.progress_words),
        risk=note.risk,
        risk_words=_words(note.risk_words),
        safety_action=_words(note.safety_action),
    )


def _words(texts: Sequence[str]) -> tuple[Words, ...]:
    return tuple(Words(text=t, source=SourceId("")) for t in texts)


# ---- what stands in a client's chart ------------------------------------------------------------------------------


def chart_text(note: GroupNote, of: ProgressNote, roster: Roster) -> str:
    """One client's progress note as the chart has it. No other client is named in it."""
    s, a = note.session, of.attendance
    group = roster.group(s.group)
    leaders = [roster.clinician(c).signature for c in (s.leader, *s.co_leaders)]
    everybody = tuple(a.client for a in (*(n.attendance for n in note.notes), *note.absent))

    def shared(texts: Sequence[str]) -> str:
        return "; ".join(without_names(t, a.client, roster, everybody) for t in texts)

    lines = [
        f"Client: {roster.client(a.client).name}",
        _heading(note, a.mode, group.name),
        _own_time(of, s),
        f"{'Facilitators' if len(leaders) > 1 else 'Facilitator'}: {'; '.join(leaders)}",
        f"Focus and interventions: {shared(focus((*note.topic, *note.interventions)))}",
        f"Participation and response: {'; '.join(of.words)}",
        f"Risk: {_risk_line(of)}",
        _goal_line(of),
        f"Diagnosis treated: {', '.join(of.diagnoses) or 'none on file'}",
        signed_line("Signed", note.signature, roster),
        signed_line("Co-signed", note.cosignature, roster) if note.cosignature else "",
    ]
    return "\n".join(line for line in lines if line)


def _heading(note: GroupNote, mode: Mode, group: str) -> str:
    s = note.session
    when = f"{s.met_on}, {span(s.starts, s.ends)} ({s.minutes} min), {MODE_WORDS[mode]}"
    return f"Group psychotherapy, {group}{GAP}{when}{GAP}{s.headcount} clients attended"


def focus(texts: Sequence[str]) -> tuple[str, ...]:
    """Topic and interventions, each once: what a longer stretch says already is not said again.

    >>> focus(("worked on TIPP", "TIPP", "ice water"))
    ('worked on TIPP', 'ice water')
    """
    known = [t.casefold() for t in texts]
    return tuple(t for i, t in enumerate(texts) if not _said_elsewhere(i, known))


def _said_elsewhere(i: int, texts: Sequence[str]) -> bool:
    return any(texts[i] in other and (len(other) > len(texts[i]) or j < i) for j, other in enumerate(texts) if j != i)


MODE_WORDS = {Mode.IN_PERSON: "in person", Mode.VIDEO: "by video", Mode.AUDIO: "by telephone, audio only"}


def _own_time(of: ProgressNote, s: GroupSession) -> str:
    a = of.attendance
    if not (a.arrived or a.left):
        return ""
    return f"Client present {span(a.arrived or s.starts, a.left or s.ends)} ({of.minutes} min)"


def _risk_line(of: ProgressNote) -> str:
    """What was stated of each risk, always with its status; then the words, where they say more than the note does."""
    stated = ", ".join(risk_words(r) for r in of.risk)
    more = [w for w in of.risk_words if len(w.split()) > SHORT and not any(w in words for words in of.words)]
    said = f"{stated} (“{'; '.join(more)}”)" if more else stated
    return f"{said}. Action: {'; '.join(of.safety_action)}" if of.safety_action else said


SHORT = 3
"""So few words name a risk without saying more of it."""


def risk_words(risk: Risk) -> str:
    """A statement in a few words.

    >>> from billing.records import RiskKind, RiskStatus
    >>> risk_words(Risk(kind=RiskKind.SI, status=RiskStatus.DENIED))
    'SI denied'
    """
    return "none raised" if risk.kind is None else f"{risk.kind} {risk.status}"


def _goal_line(of: ProgressNote) -> str:
    said = "; ".join(of.progress_words)
    progress = f"{of.progress}{f' ({said})' if said and said.casefold() != of.progress else ''}"
    return f"Goal: {of.goal}. Progress: {progress}" if of.goal else f"Progress: {progress}"


def signed_line(verb: str, by: Signature, roster: Roster) -> str:
    """Who signed and when, in the practice's own time."""
    local = by.at.astimezone(ZoneInfo(roster.practice.timezone))
    who = f"{by.name}, {by.credential}" if by.credential else by.name
    return f"{verb} {who}, {local:%Y-%m-%d} {clock(local.time())} {local:%Z}"


def absence_text(note: GroupNote, of: Attendance, roster: Roster) -> str:
    """The attendance record of a client who did not come."""
    group = roster.group(note.session.group)
    how = "cancelled" if of.presence is Presence.CANCELLED else "did not attend, no notice"
    reason = f" ({of.reason})" if of.reason else ""
    return f"Client: {roster.client(of.client).name}\n{group.name}{GAP}{note.session.met_on}: {how}{reason}"
