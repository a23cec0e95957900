"""The shell around the core: hear → remember → decide → answer; and sign.

Nothing here knows how Slack or a terminal speaks: what comes in is a `Message` or a `Press`, what goes out are
replies. Each public method may be called again after a crash and then changes nothing more.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from billing.checking import check, next_questions
from billing.claims import claim_lines, line_drafts, settled
from billing.drafting import assemble
from billing.findings import Choice, Question
from billing.notes import digest, finish, reopened
from billing.placing import OpenDraft, Place, place
from billing.record import record
from billing.records import (
    About,
    Background,
    ClinicianId,
    Draft,
    DraftId,
    GroupNote,
    Heard,
    LineId,
    Message,
    NoteId,
    Role,
    Roster,
    Signature,
    SourceId,
)
from bot.outbox import Open, Out, Reply
from bot.views import sentences
from bot.views.blocks import View
from bot.views.card import Shown, card, cut_short
from bot.views.receipt import cosign_request, notes_modal, receipt, stub
from nlp.answers import is_undo
from nlp.context import Context
from nlp.reader import Reader
from storage.handles import Asked, DraftHandle, DraftState, Press
from storage.store import Store

WHICH_SESSION = "the_session_is_known"
NEW_SESSION = "new"


@record
class Turn:
    """What the facts of one draft amount to at this moment."""

    handle: DraftHandle
    draft: Draft
    shown: Shown


class Conversation:
    """Hears clinicians and answers them. `clock` gives the present instant, in UTC."""

    def __init__(self, store: Store, reader: Reader, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._new_id = new_id

    # ---- what a clinician says ---------------------------------------------------------------------------------

    def hear(self, message: Message, edited_at: datetime | None = None) -> tuple[Reply, ...]:
        """Reads a message (or its edited text) and answers it. A message heard before changes nothing."""
        speaker = self._roster(message.posted_at).clinician(message.author)
        if Role.CLINICIAN not in speaker.roles:
            return (_say(message, sentences.not_a_clinician()),)
        thread = self._drafts_of_thread(message)
        own = thread or self._own_open(message.author)
        about = own[0] if len(own) == 1 else None
        if about and about.state is DraftState.SIGNED:
            return (_say(message, sentences.already_signed()),)
        if about and is_undo(message.text):
            return self.undo(about.id, message)
        return self._take(message, about, own, edited_at)

    def _take(
        self, message: Message, about: DraftHandle | None, own: Sequence[DraftHandle], edited_at: datetime | None
    ) -> tuple[Reply, ...]:
        """`about` is the one draft that the message can speak of besides a new one, `own` are those it may."""
        opened_it = about is not None and self._opened(message, about)
        facts = self._reader.read(message.text, self._context(message, None if opened_it else about))
        if about is None and not any(f.about.slot == "group" for f in facts):
            fitting = [d for d in own if self._reader.read(message.text, self._context(message, d))]
            if fitting:
                return self._ask_which(message, fitting)
        if not facts:
            return self._nothing_heard(message, about)
        places = place(facts, message.author, _open(about) if about else None, [_open(d) for d in self._store.drafts()])
        if any(p.choices for p in places):
            return self._ask_which(message, [h for p in places for c in p.choices if (h := self._store.handle(c))])
        parts, opened = self._placed(message, places)
        if opened_it or opened:
            facts = self._said_of_all(message, facts)
        if not self._store.hear(message, facts, parts, opened, edited_at=edited_at):
            return self._again(message)
        warned = tuple(_say(message, sentences.process_notes()) for f in facts if f.about.slot == "process_notes")[:1]
        replies = [self._turn(draft, message) for draft in dict.fromkeys(parts.values())]
        return (*warned, *(r for turn in replies for r in turn))

    def _opened(self, message: Message, draft: DraftHandle) -> bool:
        """Whether this is the message that the draft began with: edited, it is read as it was, without the draft."""
        first = next(iter(self._store.messages(draft.id)), None)
        return first is not None and first.id == message.id

    def _said_of_all(self, message: Message, facts: tuple[Heard, ...]) -> tuple[Heard, ...]:
        """A report may answer for everybody what would be asked next ("no safety concerns, all progressing").

        That is only understood once it is known who was there: so it is read again in the light of these questions.
        """
        if len({f.part for f in facts}) > 1:
            return facts
        told = [replace(f, source=message.id, author=message.author, at=message.posted_at) for f in facts]
        draft = assemble(DraftId(""), told, self._roster(message.posted_at))
        background = self._store.background(draft, self._clock())
        asking = next_questions(check(draft, background), background.roster)
        asked = tuple(q for q in asking if {a.slot for a in q.about} <= {"risk", "progress"})
        context = replace(self._context(message, None), asked=asked, draft=draft)
        again = self._reader.read_of_all(message.text, context) if asked else ()
        new = [f for f in again if f.about.slot in ("risk", "progress") and f not in facts]
        return (*(f for f in facts if not _covered(f, new)), *new)

    def _placed(self, message: Message, places: Sequence[Place]) -> tuple[dict[int, DraftId], list[DraftHandle]]:
        """Each part's draft, and the drafts opened for it."""
        parts: dict[int, DraftId] = {}
        opened: list[DraftHandle] = []
        for p in places:
            if p.draft is None:
                opened.append(self._new_handle(message))
            parts[p.part] = p.draft or opened[-1].id
        return parts, opened

    def _ask_which(self, message: Message, fitting: Sequence[DraftHandle]) -> tuple[Reply, ...]:
        """It could speak of several sessions: nothing is read into it before the clinician says which."""
        waiting = self._new_handle(message)
        if not self._store.hear(message, (), {0: waiting.id}, (waiting,)):
            return self._again(message)
        roster = self._roster(self._clock())
        offered = [Choice(label=sentences.session_label(h, roster), value=h.id) for h in dict.fromkeys(fitting)]
        question = Question(
            rule=WHICH_SESSION,
            text="Which group session is this about?",
            about=(About(slot="session"),),
            choices=(*offered, Choice(label="Another one", value=NEW_SESSION)),
        )
        self._store.ask(waiting.id, (question,), self._clock())
        return self._turn(waiting.id, message)

    def _nothing_heard(self, message: Message, about: DraftHandle | None) -> tuple[Reply, ...]:
        """Remembered, so that it is answered once; not a word of it is used."""
        self._store.hear(message, (), {0: about.id} if about else {})
        if about and (about.channel, about.thread) == (message.channel, message.thread):
            return (_say(message, sentences.not_understood()), *self._turn(about.id, message))
        return (_say(message, sentences.not_about_a_group()),)

    def _again(self, message: Message) -> tuple[Reply, ...]:
        """Heard before: the cards of what it spoke of, once more."""
        return tuple(r for d in self._store.drafts_of(message.id) for r in self._turn(d.id, message))

    def forget(self, source: SourceId, by: ClinicianId) -> tuple[Reply, ...]:
        """The clinician deleted a message: what only it said is no longer known. A signed note stays as it is."""
        drafts = self._store.drafts_of(source)
        self._store.withdraw(source, by, self._clock())
        return tuple(
            r for d in drafts if d.state is DraftState.OPEN for r in self._show(d, said=sentences.MESSAGE_DELETED)
        )

    # ---- what a clinician presses --------------------------------------------------------------------------------

    def answer(self, press: Press, asked_id: str, question: int, choice: int) -> tuple[Reply, ...]:
        """A tap on one of the choices of a question, under the bundle that it was asked in."""
        asked = self._store.asked_by_id(asked_id)
        handle = self._store.handle(asked.draft) if asked else None
        if asked is None or handle is None or not self._may_speak(press.author, handle):
            return (_to(press, sentences.not_yours()),)
        if handle.state is not DraftState.OPEN or not _still_open(asked, self._store.asked(handle.id), question):
            return self._show(handle, said=sentences.OUTDATED)
        asking = asked.questions[question]
        chosen = asking.choices[choice]
        if asking.rule == WHICH_SESSION:
            return self._choose_session(press, handle, chosen)
        facts = tuple(
            Heard(about=about, value=chosen.value, quote=chosen.label, why="pressed")
            for about in (chosen.fills or asking.about)
        )
        self._store.press(press, facts, handle.id)
        return self._show(handle)

    def undo(self, draft: DraftId, undoing: Message | Press) -> tuple[Reply, ...]:
        """Takes back the last thing that was said or pressed. With nothing left to know, the draft is given up."""
        handle = self._store.handle(draft)
        if handle is None or not self._may_speak(undoing.author, handle):
            return ()
        if handle.state is not DraftState.OPEN:
            return self._show(handle)
        took = self._store.withdraw_last(handle.id, undoing.author, self._clock(), undoing)
        if not self._store.facts(handle.id):
            return self.drop(handle.id, undoing.author)
        return self._show(handle, said=sentences.taken_back(took))

    def drop(self, draft: DraftId, by: ClinicianId, *, cancelled: bool = False) -> tuple[Reply, ...]:
        """Not a group note after all, or a group that did not take place: nothing is noted and nothing billed."""
        handle = self._store.handle(draft)
        if handle is None or not self._may_speak(by, handle) or handle.state is DraftState.SIGNED:
            return ()
        self._store.drop(draft, by, "cancelled" if cancelled else "not_a_note")
        return self._show(replace(handle, state=DraftState.DROPPED))

    def _choose_session(self, press: Press, waiting: DraftHandle, chosen: Choice) -> tuple[Reply, ...]:
        """The clinician says which session a message was about: it is read anew in that light."""
        new = chosen.value == NEW_SESSION
        about = waiting if new else self._store.handle(DraftId(str(chosen.value)))
        assert about is not None
        self._store.press(press, (), waiting.id)
        self._store.ask(waiting.id, (), press.at)
        for message in self._store.messages(waiting.id):
            facts = self._reader.read(message.text, self._context(message, None if new else about))
            self._store.reread(message.id, [replace(f, part=0) for f in facts], {0: about.id})
        if not new:
            self._store.merge(waiting.id, about.id, press.author)
            return (*self._show(replace(waiting, state=DraftState.MERGED)), *self._show(about))
        return self._show(about)

    # ---- signing -------------------------------------------------------------------------------------------------

    def sign(self, draft: DraftId, shown: str, by: ClinicianId, *, read: bool = False) -> tuple[Reply, ...]:
        """The clinician says that the note is true. Bound to what was shown: a draft that has changed is shown anew.

        If the card left words out, the notes are shown in full first, and `read` says that they were.
        """
        handle = self._store.handle(draft)
        if handle is None or not self._may_speak(by, handle):
            return ()
        if handle.state is not DraftState.OPEN:
            return self._show(handle)
        turn = self._look(handle, by)
        if by not in (turn.draft.leader, *turn.draft.co_leaders):
            return self._show(handle, said=sentences.ONLY_A_LEADER)
        if digest(turn.draft) != shown or not turn.shown.ready:
            return self._show(handle, said=sentences.CHANGED_SINCE)
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
        assert signed is not None
        replies = self._show(replace(turn.handle, state=DraftState.SIGNED))
        return (*replies, *self._ask_supervisor(signed, background.roster))

    def _ask_supervisor(self, note: GroupNote, roster: Roster) -> tuple[Reply, ...]:
        supervisor = roster.clinician(note.signature.clinician).supervisor
        if supervisor is None or note.cosignature is not None:
            return ()
        return (Out(to=supervisor, view=cosign_request(note, roster), key=f"cosign:{note.id}"),)

    def cosign(self, note_id: NoteId, by: ClinicianId) -> tuple[Reply, ...]:
        """A supervisor agrees with a supervisee's signed note; its lines are looked at again."""
        note = self._store.note(note_id)
        roster = self._roster(self._clock())
        if note is None or roster.clinician(note.signature.clinician).supervisor != by:
            return ()
        who = roster.clinician(by)
        signature = Signature(
            clinician=by, name=who.name, credential=who.credential, at=self._clock(), digest=note.signature.digest
        )
        self._store.cosign(note_id, signature)
        self.reassess(note_id)
        handle = self._store.handle(note.draft)
        thanks = Out(to=by, view=sentences.cosigned(), key=f"cosigned:{note_id}")
        return (*self._show(handle), thanks) if handle else (thanks,)

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
        if handle is None or not self._may_read(by, handle):
            return ()
        turn = self._look(handle, by)
        note = self._store.note_of(draft)
        if note is None and not turn.shown.ready:
            return self._show(handle)
        return (Open(to=by, modal=notes_modal(turn.shown, note=note)),)

    # ---- one turn ------------------------------------------------------------------------------------------------

    def _turn(self, draft: DraftId, message: Message) -> tuple[Reply, ...]:
        """The card of this draft wherever it stands, and in the thread of this message if it stands nowhere there."""
        handle = self._store.handle(draft)
        assert handle is not None
        return self._show(handle, at=message)

    def _show(self, handle: DraftHandle, said: str = "", at: Message | None = None) -> tuple[Reply, ...]:
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
            return receipt(note, self._store.lines(note=note.id), self._roster_of(note)), note.signature.digest
        turn = self._look(handle, to, said)
        waiting = self._waiting(handle)
        if waiting:
            return sentences.which_session(waiting), ""
        return card(turn.shown), digest(turn.draft)

    def _joined(self, handle: DraftHandle, said: str) -> tuple[DraftHandle, str]:
        """Two drafts that turn out to be about the same session become one: the one that was opened first."""
        draft = self._draft(handle)
        if not isinstance(draft.group, str) or draft.met_on is None:
            return handle, said
        self._store.settle(handle.id, draft.group, draft.met_on)
        same = self._store.drafts(group=draft.group, met_on=draft.met_on)
        first = min(same, key=lambda d: d.opened_at, default=handle)
        if first.id == handle.id or self._waiting(handle):
            return handle, said
        self._store.merge(handle.id, first.id, handle.opened_by)
        return first, sentences.JOINED

    def _look(self, handle: DraftHandle, reader: ClinicianId, said: str = "") -> Turn:
        """Assembles the draft and checks it; remembers what is asked, so that an answer is read in its light."""
        draft = self._draft(handle)
        background = self._store.background(draft, self._clock())
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
        if handle.state is not DraftState.OPEN or self._waiting(handle):
            last = self._store.asked(handle.id)
            return last.id if last else ""
        return self._store.ask(handle.id, questions, self._clock()).id

    def _draft(self, handle: DraftHandle) -> Draft:
        """Assembled twice where the day changes the roster: enrolments are those of the date of service."""
        facts = self._store.facts(handle.id)
        today = self._clock().astimezone(self._zone()).date()
        draft = assemble(handle.id, facts, self._store.roster(today))
        if draft.met_on and draft.met_on != today:
            draft = assemble(handle.id, facts, self._store.roster(draft.met_on))
        return draft

    # ---- who, where, when ----------------------------------------------------------------------------------------

    def _context(self, message: Message, about: DraftHandle | None) -> Context:
        asked = self._store.asked(about.id, before=message.posted_at) if about else None
        return Context(
            now=message.posted_at.astimezone(self._zone()),
            author=message.author,
            roster=self._roster(message.posted_at),
            asked=asked.questions if asked else (),
            draft=self._draft(about) if about else None,
        )

    def _drafts_of_thread(self, message: Message) -> list[DraftHandle]:
        """What this thread speaks of. A signed draft counts as well: what is said there is about that session."""
        return list({d.id: d for d in self._store.draft_in(message.channel, message.thread)}.values())

    def _own_open(self, author: ClinicianId) -> list[DraftHandle]:
        return [d for d in self._store.drafts() if self._may_speak(author, d)]

    def _may_speak(self, who: ClinicianId, handle: DraftHandle) -> bool:
        """A draft belongs to those who report in it."""
        return who == handle.opened_by or who in self._store.speakers(handle.id).values()

    def _may_read(self, who: ClinicianId, handle: DraftHandle) -> bool:
        supervisor = self._roster(self._clock()).clinician(handle.opened_by).supervisor
        return self._may_speak(who, handle) or who == supervisor

    def _new_handle(self, message: Message) -> DraftHandle:
        return DraftHandle(
            id=DraftId(self._new_id()),
            opened_by=message.author,
            opened_at=message.posted_at,
            channel=message.channel,
            thread=message.thread,
        )

    def _waiting(self, handle: DraftHandle) -> Asked | None:
        """What was asked, if it is still open which session the draft is about."""
        asked = self._store.asked(handle.id)
        return asked if asked and any(q.rule == WHICH_SESSION for q in asked.questions) else None

    def _background_of(self, note: GroupNote, draft: Draft) -> Background:
        background = self._store.background(draft, self._clock())
        return replace(background, signed=note.signature, cosigned=note.cosignature)

    def _roster(self, at: datetime) -> Roster:
        return self._store.roster(at.astimezone(self._zone()).date())

    def _roster_of(self, note: GroupNote) -> Roster:
        return self._store.roster(note.session.met_on)

    def _zone(self) -> ZoneInfo:
        practice = self._store.practice()
        return ZoneInfo(practice.timezone if practice else "UTC")


def _covered(fact: Heard, by: Sequence[Heard]) -> bool:
    """Whether words taken for the topic turned out to be an answer for everybody."""
    if fact.about.slot not in ("topic", "interventions", "group_words") or fact.span is None:
        return False
    return any(f.span and f.span[0] < fact.span[1] and fact.span[0] < f.span[1] for f in by)


def _open(handle: DraftHandle) -> OpenDraft:
    return OpenDraft(id=handle.id, opened_by=handle.opened_by, group=handle.group, met_on=handle.met_on)


def _still_open(asked: Asked, last: Asked | None, question: int) -> bool:
    """An old card's button still counts while the same thing is being asked."""
    return last is not None and question < len(asked.questions) and asked.questions[question] in last.questions


def _say(message: Message, view: View) -> Out:
    return Out(to=message.author, view=view, key=f"say:{message.id}", channel=message.channel, thread=message.thread)


def _to(press: Press, view: View) -> Out:
    return Out(to=press.author, view=view, key=f"say:{press.id}")
