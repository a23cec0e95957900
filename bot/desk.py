"""What happened → what is done about it: the one place where a kept event is worked on.

It may be worked on again after a crash; everything in it happens once all the same.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from billing.records import Clinician, ClinicianId, DraftId, NoteId, SourceId
from bot import events
from bot.conversation import Conversation
from bot.outbox import Out, Reply
from bot.views import sentences
from bot.views.blocks import View
from storage.handles import Press

Action = Callable[[Conversation, Press, str, str], tuple[Reply, ...]]


class Desk:
    """`staff` finds a member of staff by their Slack user id; `longest` is in characters."""

    def __init__(self, conversation: Conversation, staff: Callable[[str], Clinician | None], longest: int) -> None:
        self._conversation = conversation
        self._staff = staff
        self._longest = longest

    def work(self, event_id: str, kind: str, user: str, body: Mapping[str, Any]) -> tuple[Reply, ...]:
        """What is to be said about this event."""
        who = self._staff(user)
        if who is None:
            return self._stranger(kind, body)
        match kind:
            case events.POSTED | events.CHANGED:
                return self._heard(body["event"], who)
            case events.DELETED:
                event = body["event"]
                return self._conversation.forget(SourceId(f"{event['channel']}:{event['deleted']}"), who.id)
            case events.ACTION:
                return self._pressed(event_id, body["actions"][0], who)
            case events.SUBMITTED:
                return self._submitted(body["view"], who)
        return ()

    def _stranger(self, kind: str, body: Mapping[str, Any]) -> tuple[Reply, ...]:
        """Told so, and shown nothing. Only a message is answered at all."""
        if kind != events.POSTED:
            return ()
        return (_in_thread(body["event"], ClinicianId(""), sentences.not_staff()),)

    def _heard(self, event: Mapping[str, Any], who: Clinician) -> tuple[Reply, ...]:
        message = events.message_in(event, who.id)
        if len(message.text) > self._longest:
            return (_in_thread(event, who.id, sentences.too_long(self._longest)),)
        files = (_in_thread(event, who.id, sentences.text_only()),) if event["files"] else ()
        if files and not message.text.strip():
            return files
        edited = events.instant(event["edited"]) if "edited" in event else None
        return (*files, *self._conversation.hear(message, edited))

    def _pressed(self, event_id: str, action: Mapping[str, Any], who: Clinician) -> tuple[Reply, ...]:
        press = Press(
            id=SourceId(event_id),
            author=who.id,
            at=datetime.now(UTC),
            label=action.get("text", {}).get("text", ""),
        )
        return pressed(self._conversation, press, action["action_id"], action.get("value", ""))

    def _submitted(self, view: Mapping[str, Any], who: Clinician) -> tuple[Reply, ...]:
        return submitted(self._conversation, view["callback_id"], view["private_metadata"], who.id)


def pressed(conversation: Conversation, press: Press, action: str, value: str) -> tuple[Reply, ...]:
    """What a button does. `value` holds opaque ids; who may press it is checked where it takes effect."""
    name, _, place = action.partition(".")
    act = ACTIONS.get(name)
    return act(conversation, press, value, place) if act else ()


def _answer(conversation: Conversation, press: Press, value: str, place: str) -> tuple[Reply, ...]:
    question, _, choice = place.partition(".")
    return conversation.answer(press, value, int(question), int(choice))


def _sign(conversation: Conversation, press: Press, value: str, _place: str) -> tuple[Reply, ...]:
    draft, _, shown = value.partition(":")
    return conversation.signing.sign(DraftId(draft), shown, press.author)


ACTIONS: Mapping[str, Action] = {
    "answer": _answer,
    "sign": _sign,
    "undo": lambda c, press, value, _: c.undo(DraftId(value), press),
    "drop": lambda c, press, value, _: c.drop(DraftId(value), press.author),
    "confirm_cancelled": lambda c, press, value, _: c.drop(DraftId(value), press.author, cancelled=True),
    "read_notes": lambda c, press, value, _: c.signing.read_notes(DraftId(value), press.author),
    "cosign": lambda c, press, value, _: c.signing.cosign(NoteId(value), press.author),
    "later": lambda c, press, value, place: c.reminded.in_an_hour(press, value, place),
    "tomorrow": lambda c, press, value, place: c.reminded.tomorrow_morning(press, value, place),
    "not_held": lambda c, press, value, place: c.reminded.was_cancelled(press, value, place),
    "took_place": lambda c, press, value, place: c.reminded.took_place(press, value, place),
    "else_led": lambda c, press, value, place: c.reminded.who_led(press, value, place),
    "led": lambda c, press, value, place: c.reminded.led(press, value, place),
}


def submitted(conversation: Conversation, callback: str, metadata: str, by: ClinicianId) -> tuple[Reply, ...]:
    """What a modal's own button does."""
    if callback != "sign_read":
        return ()
    draft, _, shown = metadata.partition(":")
    return conversation.signing.sign(DraftId(draft), shown, by, read=True)


def _in_thread(event: Mapping[str, Any], to: ClinicianId, view: View) -> Out:
    thread = event.get("thread_ts", event["ts"])
    return Out(to=to, view=view, key=f"note:{event['channel']}:{event['ts']}", channel=event["channel"], thread=thread)
