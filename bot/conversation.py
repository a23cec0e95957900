"""The shell around the core: hear → remember → decide → answer; and sign.

Nothing here knows how Slack or a terminal speaks: what comes in is a `Message` or a `Press`, what goes out are
replies. Each public method may be called again after a crash and then changes nothing more.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from billing.checking import check, next_questions
from billing.drafting import assemble
from billing.findings import Choice, Question
from billing.placing import OpenDraft, Place, is_report, place
from billing.records import (
    About,
    ClinicianId,
    DraftId,
    Heard,
    Message,
    Role,
    SourceId,
)
from bot.outbox import Out, Reply
from bot.reminded import Reminded
from bot.signing import Signing
from bot.turns import WHICH_SESSION, Turns
from bot.views import sentences
from bot.views.blocks import View
from nlp.answers import is_undo
from nlp.context import Context
from nlp.reader import Reader
from storage.handles import Asked, DraftHandle, DraftState, Press
from storage.store import Store

NEW_SESSION = "new"


class Conversation:
    """Hears clinicians and answers them. `clock` gives the present instant, in UTC."""

    def __init__(self, store: Store, reader: Reader, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._new_id = new_id
        self._turns = Turns(store, clock)
        self.signing = Signing(store, self._turns, clock, new_id)
        self.reminded = Reminded(store, clock)

    # ---- what a clinician says ---------------------------------------------------------------------------------

    def hear(self, message: Message, edited_at: datetime | None = None) -> tuple[Reply, ...]:
        """Reads a message (or its edited text) and answers it. A message heard before changes nothing."""
        speaker = self._turns.roster(message.posted_at).clinician(message.author)
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
        if not facts or (about is None and not _names_a_session(facts)):
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
        draft = assemble(DraftId(""), told, self._turns.roster(message.posted_at))
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
                opened.append(self._new_handle(message, len(opened)))
            parts[p.part] = p.draft or opened[-1].id
        return parts, opened

    def _ask_which(self, message: Message, fitting: Sequence[DraftHandle]) -> tuple[Reply, ...]:
        """It could speak of several sessions: nothing is read into it before the clinician says which."""
        waiting = self._new_handle(message)
        if not self._store.hear(message, (), {0: waiting.id}, (waiting,)):
            return self._again(message)
        roster = self._turns.roster(self._clock())
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
            r for d in drafts if d.state is DraftState.OPEN for r in self._turns.show(d, said=sentences.MESSAGE_DELETED)
        )

    # ---- what a clinician presses --------------------------------------------------------------------------------

    def answer(self, press: Press, asked_id: str, question: int, choice: int) -> tuple[Reply, ...]:
        """A tap on one of the choices of a question, under the bundle that it was asked in."""
        asked = self._store.asked_by_id(asked_id)
        handle = self._store.handle(asked.draft) if asked else None
        if asked is None or handle is None or not self._turns.may_speak(press.author, handle):
            return (_to(press, sentences.not_yours()),)
        if handle.state is not DraftState.OPEN or not _still_open(asked, self._store.asked(handle.id), question):
            return self._turns.show(handle, said=sentences.OUTDATED)
        asking = asked.questions[question]
        chosen = asking.choices[choice]
        if asking.rule == WHICH_SESSION:
            return self._choose_session(press, handle, chosen)
        facts = tuple(
            Heard(about=about, value=chosen.value, quote=chosen.label, why="pressed")
            for about in (chosen.fills or asking.about)
        )
        self._store.press(press, facts, handle.id)
        return self._turns.show(handle)

    def undo(self, draft: DraftId, undoing: Message | Press) -> tuple[Reply, ...]:
        """Takes back the last thing that was said or pressed. With nothing left to know, the draft is given up."""
        handle = self._store.handle(draft)
        if handle is None or not self._turns.may_speak(undoing.author, handle):
            return ()
        if handle.state is not DraftState.OPEN:
            return self._turns.show(handle)
        took = self._store.withdraw_last(handle.id, undoing.author, self._clock(), undoing)
        if not self._store.facts(handle.id):
            return self.drop(handle.id, undoing.author)
        return self._turns.show(handle, said=sentences.taken_back(took))

    def drop(self, draft: DraftId, by: ClinicianId, *, cancelled: bool = False) -> tuple[Reply, ...]:
        """Not a group note after all, or a group that did not take place: nothing is noted and nothing billed."""
        handle = self._store.handle(draft)
        if handle is None or not self._turns.may_speak(by, handle) or handle.state is DraftState.SIGNED:
            return ()
        self._store.drop(draft, by, "cancelled" if cancelled else "not_a_note")
        return self._turns.show(replace(handle, state=DraftState.DROPPED))

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
            return (*self._turns.show(replace(waiting, state=DraftState.MERGED)), *self._turns.show(about))
        return self._turns.show(about)

    def _turn(self, draft: DraftId, message: Message) -> tuple[Reply, ...]:
        """The card of this draft wherever it stands, and in the thread of this message if it stands nowhere there."""
        handle = self._store.handle(draft)
        assert handle is not None
        return self._turns.show(handle, at=message)

    # ---- who, where, when ----------------------------------------------------------------------------------------

    def _context(self, message: Message, about: DraftHandle | None) -> Context:
        asked = self._store.asked(about.id, before=message.posted_at) if about else None
        mend = Question(rule="", text="", about=(About(slot="met_on"),))
        return Context(
            now=message.posted_at.astimezone(self._turns.zone()),
            author=message.author,
            roster=self._turns.roster(message.posted_at),
            asked=(*(asked.questions if asked else ()), mend) if about else (),
            draft=self._turns.draft(about) if about else None,
        )

    def _drafts_of_thread(self, message: Message) -> list[DraftHandle]:
        """What this thread speaks of. A signed draft counts as well: what is said there is about that session."""
        return list({d.id: d for d in self._store.draft_in(message.channel, message.thread)}.values())

    def _own_open(self, author: ClinicianId) -> list[DraftHandle]:
        return [d for d in self._store.drafts() if self._turns.may_speak(author, d)]

    def _new_handle(self, message: Message, before: int = 0) -> DraftHandle:
        """A draft that this message opens; `before` others of it come first."""
        return DraftHandle(
            id=DraftId(self._new_id()),
            opened_by=message.author,
            opened_at=message.posted_at + timedelta(microseconds=before),
            channel=message.channel,
            thread=message.thread,
        )


def _names_a_session(facts: Sequence[Heard]) -> bool:
    """Whether a message that belongs to no draft can begin one: it names a group or its hours, or tells who came."""
    return is_report(facts) or any(f.about.slot in ("group", "starts", "ends", "minutes", "held") for f in facts)


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
