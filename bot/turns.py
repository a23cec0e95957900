"""One turn of a draft: its facts assembled, checked and laid out, wherever its card stands."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from billing.checking import check, next_questions
from billing.claims import line_drafts
from billing.drafting import assemble
from billing.findings import Question
from billing.notes import digest
from billing.record import record
from billing.records import ClinicianId, Draft, GroupNote, Message, Roster
from bot.outbox import Out, Reply
from bot.views import sentences
from bot.views.blocks import View
from bot.views.card import Shown, card
from bot.views.receipt import receipt, stub
from storage.handles import Asked, DraftHandle, DraftState
from storage.store import Store

WHICH_SESSION = "the_session_is_known"
"""The question that comes before all others: which session a message was about."""


@record
class Turn:
    """What the facts of one draft amount to at this moment."""

    handle: DraftHandle
    draft: Draft
    shown: Shown


class Turns:
    """Looks at drafts and shows them. `clock` gives the present instant, in UTC."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self.clock = clock

    # ---- showing -------------------------------------------------------------------------------------------------

    def show(self, handle: DraftHandle, said: str = "", at: Message | None = None) -> tuple[Reply, ...]:
        if handle.state is DraftState.OPEN:
            handle, said = self._joined(handle, said)
        stands = {(c.channel, c.thread) for c in self._store.cards(handle.id)}
        if at and at.channel not in {channel for channel, _ in stands}:
            stands.add((at.channel, at.thread))
        if not stands:
            stands.add((handle.channel, handle.thread))
        return tuple(self._card(handle, channel, thread, said) for channel, thread in sorted(stands))

    def _card(self, handle: DraftHandle, channel: str, thread: str, said: str) -> Out:
        to = self._store.speakers(handle.id).get(channel, handle.opened_by)
        view, shown_digest = self._view(handle, to, said)
        return Out(
            to=to,
            view=view,
            key=f"card:{handle.id}:{channel}",
            channel=channel,
            thread=thread,
            draft=handle.id,
            digest=shown_digest,
        )

    def _view(self, handle: DraftHandle, to: ClinicianId, said: str) -> tuple[View, str]:
        if handle.state in (DraftState.DROPPED, DraftState.MERGED):
            return stub(handle.state), ""
        note = self._store.note_of(handle.id)
        if note:
            return receipt(note, self._store.lines(note=note.id), self.roster_of(note)), note.signature.digest
        turn = self.look(handle, to, said)
        waiting = self.waiting(handle)
        if waiting:
            return sentences.which_session(waiting), ""
        return card(turn.shown), digest(turn.draft)

    def _joined(self, handle: DraftHandle, said: str) -> tuple[DraftHandle, str]:
        """Two drafts that turn out to be about the same session become one: the one that was opened first."""
        draft = self.draft(handle)
        if not isinstance(draft.group, str) or draft.met_on is None:
            return handle, said
        self._store.settle(handle.id, draft.group, draft.met_on)
        same = self._store.drafts(group=draft.group, met_on=draft.met_on)
        first = min(same, key=lambda d: d.opened_at, default=handle)
        if first.id == handle.id or self.waiting(handle):
            return handle, said
        self._store.merge(handle.id, first.id, handle.opened_by)
        return first, sentences.JOINED

    # ---- looking -------------------------------------------------------------------------------------------------

    def look(self, handle: DraftHandle, reader: ClinicianId, said: str = "") -> Turn:
        """Assembles the draft and checks it; remembers what is asked, so that an answer is read in its light."""
        draft = self.draft(handle)
        background = self._store.background(draft, self.clock())
        findings = check(draft, background)
        questions = next_questions(findings, background.roster)
        asked = self._remember(handle, questions)
        shown = Shown(
            draft=draft,
            background=background,
            findings=findings,
            questions=questions,
            asked=asked,
            lines=line_drafts(draft, background),
            reader=background.roster.clinician(reader),
            said=said,
        )
        return Turn(handle=handle, draft=draft, shown=shown)

    def _remember(self, handle: DraftHandle, questions: tuple[Question, ...]) -> str:
        if handle.state is not DraftState.OPEN or self.waiting(handle):
            last = self._store.asked(handle.id)
            return last.id if last else ""
        return self._store.ask(handle.id, questions, self.clock()).id

    def draft(self, handle: DraftHandle) -> Draft:
        """Assembled twice where the day changes the roster: enrolments are those of the date of service."""
        facts = self._store.facts(handle.id)
        today = self.clock().astimezone(self.zone()).date()
        draft = assemble(handle.id, facts, self._store.roster(today))
        if draft.met_on and draft.met_on != today:
            draft = assemble(handle.id, facts, self._store.roster(draft.met_on))
        return draft

    # ---- who and when --------------------------------------------------------------------------------------------

    def may_speak(self, who: ClinicianId, handle: DraftHandle) -> bool:
        """A draft belongs to those who report in it."""
        return who == handle.opened_by or who in self._store.speakers(handle.id).values()

    def may_read(self, who: ClinicianId, handle: DraftHandle) -> bool:
        supervisor = self.roster(self.clock()).clinician(handle.opened_by).supervisor
        return self.may_speak(who, handle) or who == supervisor

    def waiting(self, handle: DraftHandle) -> Asked | None:
        """What was asked, if it is still open which session the draft is about."""
        asked = self._store.asked(handle.id)
        return asked if asked and any(q.rule == WHICH_SESSION for q in asked.questions) else None

    def roster(self, at: datetime) -> Roster:
        return self._store.roster(at.astimezone(self.zone()).date())

    def roster_of(self, note: GroupNote) -> Roster:
        return self._store.roster(note.session.met_on)

    def zone(self) -> ZoneInfo:
        practice = self._store.practice()
        return ZoneInfo(practice.timezone if practice else "UTC")
