"""Signing: a draft becomes a note and its lines, once; a supervisor co-signs; lines are looked at again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from billing.checking import check
from billing.claims import claim_lines, line_drafts, settled
from billing.notes import digest, finish, reopened
from billing.records import Background, ClinicianId, Draft, DraftId, GroupNote, LineId, NoteId, Roster, Signature
from bot.outbox import Open, Out, Reply
from bot.turns import Turn, Turns
from bot.views import sentences
from bot.views.card import cut_short
from bot.views.receipt import cosign_request, notes_modal
from storage.handles import DraftState
from storage.store import Store


class Signing:
    """`clock` gives the present instant, in UTC."""

    def __init__(self, store: Store, turns: Turns, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock
        self._new_id = new_id

    def sign(self, draft: DraftId, shown: str, by: ClinicianId, *, read: bool = False) -> tuple[Reply, ...]:
        """The clinician says that the note is true. Bound to what was shown: a draft that has changed is shown anew.

        If the card left words out, the notes are shown in full first, and `read` says that they were.
        """
        handle = self._store.handle(draft)
        if handle is None or not self._turns.may_speak(by, handle):
            return ()
        if handle.state is not DraftState.OPEN:
            return self._turns.show(handle)
        turn = self._turns.look(handle, by)
        if by not in (turn.draft.leader, *turn.draft.co_leaders):
            return self._turns.show(handle, said=sentences.ONLY_A_LEADER)
        if digest(turn.draft) != shown or not turn.shown.ready:
            return self._turns.show(handle, said=sentences.CHANGED_SINCE)
        if cut_short(turn.draft) and not read:
            return (Open(to=by, modal=notes_modal(turn.shown, sign=True)),)
        return self._signed(turn, by)

    def _signed(self, turn: Turn, by: ClinicianId) -> tuple[Reply, ...]:
        at = self._clock()
        background = turn.shown.background
        signer = background.roster.clinician(by)
        note = finish(turn.draft, background, NoteId(self._new_id()), signer, at)
        after = replace(background, signed=note.signature)
        lines = claim_lines(
            note,
            line_drafts(reopened(note), after),
            check(reopened(note), after),
            lambda: LineId(self._new_id()),
        )
        self._store.sign(note, lines)
        signed = self._store.note_of(turn.draft.id)
        if signed is None:
            return self._turns.show(turn.handle, said=sentences.CHANGED_SINCE)
        replies = self._turns.show(replace(turn.handle, state=DraftState.SIGNED))
        return (*replies, *self._ask_supervisor(signed, background.roster))

    def _ask_supervisor(self, note: GroupNote, roster: Roster) -> tuple[Reply, ...]:
        supervisor = roster.clinician(note.signature.clinician).supervisor
        if supervisor is None or note.cosignature is not None:
            return ()
        return (Out(to=supervisor, view=cosign_request(note, roster), key=f"cosign:{note.id}"),)

    def cosign(self, note_id: NoteId, by: ClinicianId) -> tuple[Reply, ...]:
        """A supervisor agrees with a supervisee's signed note; its lines are looked at again."""
        note = self._store.note(note_id)
        roster = self._turns.roster(self._clock())
        if note is None or roster.clinician(note.signature.clinician).supervisor != by:
            return ()
        who = roster.clinician(by)
        signature = Signature(
            clinician=by, name=who.name, credential=who.credential, at=self._clock(), digest=note.signature.digest
        )
        self._store.cosign(note_id, signature)
        self.reassess(note_id)
        handle = self._store.handle(note.draft)
        thanks = Out(to=by, view=sentences.cosigned(), key=f"cosign:{note_id}", anew=True)
        return (*self._turns.show(handle), thanks) if handle else (thanks,)

    def reassess(self, note_id: NoteId) -> None:
        """Looks at a signed note's lines again, after the office's data or a signature changed."""
        note = self._store.note(note_id)
        assert note is not None
        draft = reopened(note)
        background = self._background_of(note, draft)
        findings = check(draft, background)
        says = {d.client: d for d in line_drafts(draft, background)}
        lines = self._store.lines(note=note_id)
        self._store.save_lines([settled(line, says.get(line.says.client, line.says), findings) for line in lines])

    def read_notes(self, draft: DraftId, by: ClinicianId) -> tuple[Reply, ...]:
        """Every note in full, in a modal: what signing would put into each chart, or what was signed."""
        handle = self._store.handle(draft)
        if handle is None or not self._turns.may_read(by, handle):
            return ()
        turn = self._turns.look(handle, by)
        note = self._store.note_of(draft)
        if note is None and not turn.shown.ready:
            return self._turns.show(handle)
        return (Open(to=by, modal=notes_modal(turn.shown, note=note)),)

    def _background_of(self, note: GroupNote, draft: Draft) -> Background:
        background = self._store.background(draft, self._clock())
        return replace(background, signed=note.signature, cosigned=note.cosignature)
