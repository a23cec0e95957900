"""A conversation without Slack: staff speak and press buttons by their labels, the bot answers in plain text.

The terminal (`circlenote try`) and the dialogue files play on it. Each speaker has their own direct messages with the
bot; what they type starts a new thread, what they type "in thread" answers the last card they were shown.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from billing.record import record
from billing.records import Clinician, ClinicianId, Message, SourceId
from bot.conversation import Conversation
from bot.desk import pressed, submitted
from bot.outbox import Open, Out, Reply
from bot.views import sentences
from bot.views.blocks import Block
from bot.views.plain import as_text, said_by
from bot.views.receipt import charts, line_text
from storage.handles import Card, Press
from storage.store import Store

PRESSED = re.compile(r"\[(?P<label>[^\]]+)\]")
TICK = timedelta(seconds=1)


@record
class Shown:
    """What one person has before their eyes: a message of the bot, or an open modal."""

    blocks: tuple[Block, ...]
    submit: str | None = None
    callback: str = ""
    metadata: str = ""
    thread: str = ""


class StageTrouble(Exception):
    """The script asks for something that is not there; the text says what."""


class Stage:
    """`now` is the instant at which the play begins (aware); each line moves it on by a second."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store = store
        self.now = now
        self._speaking = ""
        self._seen: dict[str, list[Shown]] = {}
        self._said: dict[str, list[Message]] = {}
        self.conversation: Conversation | None = None

    def clock(self) -> datetime:
        return self.now

    def staff(self) -> tuple[Clinician, ...]:
        return self.store.roster(self.now.date()).clinicians

    # ---- staff lines ---------------------------------------------------------------------------------------------

    def say(self, who: str, text: str, *, in_thread: bool = False) -> str:
        """A message, or buttons pressed by their labels. Returns what the bot answers, ready to print."""
        self._advance(who)
        labels = PRESSED.findall(text)
        if labels and PRESSED.sub("", text).strip() == "":
            return [self._press(who, label) for label in labels][-1]
        at = f"{self.now.timestamp():.6f}"
        thread = self._thread_of(who) if in_thread else at
        message = Message(
            id=SourceId(f"D{who}:{at}"),
            channel=f"D{who}",
            thread=thread,
            author=ClinicianId(who),
            text=text,
            posted_at=self.now,
        )
        self._said.setdefault(who, []).append(message)
        return self._hear(message)

    def edit(self, who: str, text: str, edited: datetime | None = None) -> str:
        """The speaker changes the text of their last message."""
        self._advance(who)
        last = self._last_said(who)
        message = Message(
            id=last.id,
            channel=last.channel,
            thread=last.thread,
            author=last.author,
            text=text,
            posted_at=last.posted_at,
        )
        self._said[who][-1] = message
        return self._hear(message, edited or self.now)

    def delete(self, who: str) -> str:
        self._advance(who)
        return self._answer(self.bot.forget(self._last_said(who).id, ClinicianId(who)))

    def redeliver(self, who: str) -> str:
        """The same message arrives once more."""
        self._advance(who)
        return self._hear(self._last_said(who))

    def send_file(self) -> str:
        """Somebody sends a voice clip, a photo or a file."""
        self._advance()
        return said_by("bot", as_text(sentences.text_only().blocks))

    def _hear(self, message: Message, edited_at: datetime | None = None) -> str:
        if message.author not in {c.id for c in self.staff()}:
            return said_by("bot", as_text(sentences.not_staff().blocks))
        return self._answer(self.bot.hear(message, edited_at))

    # ---- buttons ---------------------------------------------------------------------------------------------------

    def _press(self, who: str, label: str) -> str:
        shown, element = self._button(who, label)
        if element is None:
            return self._submit(who, shown)
        press = Press(
            id=SourceId(f"press:{who}:{self.now.timestamp():.6f}:{label}"),
            author=ClinicianId(who),
            at=self.now,
            label=label,
        )
        return self._answer(pressed(self.bot, press, element["action_id"], element["value"]))

    def _submit(self, who: str, shown: Shown) -> str:
        self._seen[who].remove(shown)
        return self._answer(submitted(self.bot, shown.callback, shown.metadata, ClinicianId(who)))

    def _button(self, who: str, label: str) -> tuple[Shown, Block | None]:
        """The newest button of that label that this person sees; None stands for a modal's own."""
        for shown in reversed(self._seen.get(who, [])):
            if shown.submit and _same(shown.submit, label):
                return shown, None
            for element in _elements(shown.blocks):
                if _same(element["text"]["text"], label):
                    return shown, element
        raise StageTrouble(f"{who} sees no button [{label}]")

    # ---- what the bot says -----------------------------------------------------------------------------------------

    def _answer(self, replies: Iterable[Reply]) -> str:
        return "\n".join(text for reply in replies if (text := self._deliver(reply)))

    def _deliver(self, reply: Reply) -> str:
        if isinstance(reply, Open):
            return self._opened(reply)
        self._remember_card(reply)
        shown = Shown(blocks=reply.view.blocks, thread=reply.thread or "")
        seen = self._seen.setdefault(reply.to, [])
        seen[:] = [s for s in seen if not (reply.draft and s.thread == shown.thread)]
        seen.append(shown)
        whom = "bot" if reply.to == self._speaking else f"bot to {reply.to}"
        return said_by(whom, as_text(reply.view.blocks))

    def _opened(self, reply: Open) -> str:
        modal = reply.modal
        submit = modal["submit"]["text"] if "submit" in modal else None
        self._seen.setdefault(reply.to, []).append(
            Shown(
                blocks=(),
                submit=submit,
                callback=modal["callback_id"],
                metadata=modal["private_metadata"],
            )
        )
        foot = f"\n   [{submit}]" if submit else ""
        return said_by("bot", f"{modal['title']['text']}\n{as_text(modal['blocks'])}{foot}")

    def _remember_card(self, reply: Out) -> None:
        if reply.draft and reply.channel and reply.thread:
            card = Card(
                draft=reply.draft, channel=reply.channel, thread=reply.thread, ts=reply.thread, digest=reply.digest
            )
            self.store.save_card(card)

    # ---- what came of it -------------------------------------------------------------------------------------------

    def charts(self) -> str:
        """What stands in each client's chart, over all signed notes."""
        notes = self.store.notes()
        texts = [text for note in notes for text in charts(note, self.store.roster(note.session.met_on))]
        return "\n\n".join(texts)

    def chart_of(self, name: str) -> str:
        texts = self.charts().split("\n\n")
        return "\n\n".join(t for t in texts if name.casefold() in t.split("\n", 1)[0].casefold())

    def lines(self) -> str:
        """Every claim line, as a biller would read it."""
        lines = sorted(self.store.lines(), key=lambda line: (line.says.served_on, line.says.client))
        return "\n".join(line_text(line, self.store.roster(line.says.served_on)) for line in lines)

    # ---- bookkeeping -----------------------------------------------------------------------------------------------

    @property
    def bot(self) -> Conversation:
        assert self.conversation is not None
        return self.conversation

    def _advance(self, speaking: str = "") -> None:
        self.now += TICK
        self._speaking = speaking

    def _last_said(self, who: str) -> Message:
        if not self._said.get(who):
            raise StageTrouble(f"{who} has not said anything yet")
        return self._said[who][-1]

    def _thread_of(self, who: str) -> str:
        threads = [s.thread for s in self._seen.get(who, []) if s.thread]
        if not threads:
            raise StageTrouble(f"{who} has no thread to answer in")
        return threads[-1]


def _elements(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]


def _same(label: str, typed: str) -> bool:
    """Labels are compared as a person reads them: case, dashes and a trailing name do not matter."""
    a, b = (re.sub(r"[\W_]+", " ", t).casefold().strip() for t in (label, typed))
    return a == b or (b == "sign" and a.startswith("sign as "))
