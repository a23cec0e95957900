"""What a person does on the playground's page, done in the stand-in."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.playground.delivery import Ack
from bot.playground.gestures import MODAL
from bot.playground.people import Json
from bot.playground.standin import StandIn


class Gesture(BaseModel):
    """One thing done by one person. `does` names an entry of GESTURES; the rest says where, on what and with what.

    `where`: a message's ts, a view's id, or what gestures.py calls them. `filled`: what stands in the inputs around
    it, by block id; Slack sends that along with every press in a modal.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: str
    does: str
    where: str = MODAL
    element: str = ""
    block: str | None = None
    value: Any = None
    filled: Mapping[str, Any] = {}
    text: str = ""
    thread: str | None = None


def perform(slack: StandIn, gesture: Gesture) -> Json:
    """Whether it went well, and if not why, and what is to be said below single inputs.

    LookupError for what a person could not have done. Never from the stand-in's own thread.
    """
    act = GESTURES.get(gesture.does)
    if act is None:
        raise LookupError(f"nobody can {gesture.does!r} here")
    ack = act(slack, gesture) or Ack(ok=True, payload={})
    return {"ok": ack.ok, "reason": ack.reason, "errors": ack.errors}


def _say(slack: StandIn, it: Gesture) -> None:
    if not it.text.strip():
        raise LookupError("there is nothing to send")
    slack.dm(it.who, it.text, thread_ts=it.thread)


def _edit(slack: StandIn, it: Gesture) -> None:
    slack.edit(it.who, _own(slack, it), it.text)


def _delete(slack: StandIn, it: Gesture) -> None:
    slack.delete(it.who, _own(slack, it))


def _deliver_again(slack: StandIn, it: Gesture) -> None:
    slack.redeliver(slack.event_of(_own(slack, it)))


def _own(slack: StandIn, it: Gesture) -> str:
    """The message's ts, if this person wrote it."""
    message = slack.message(it.where)
    if message is None or message.get("user") != it.who:
        raise LookupError("that is not your message")
    return it.where


def _press(slack: StandIn, it: Gesture) -> Ack:
    _fill(slack, it)
    return slack.press(it.who, it.where, it.element, it.block)


def _pick(slack: StandIn, it: Gesture) -> Ack:
    _fill(slack, it)
    return slack.select(it.who, it.where, it.element, it.value, it.block)


def _submit(slack: StandIn, it: Gesture) -> Ack:
    _fill(slack, it)
    return slack.submit(it.who, it.where)


def _fill(slack: StandIn, it: Gesture) -> None:
    for block, value in it.filled.items():
        slack.select(it.who, it.where, block, value, block)


GESTURES: Mapping[str, Callable[[StandIn, Gesture], Ack | None]] = {
    "say": _say,
    "edit": _edit,
    "delete": _delete,
    "deliver_again": _deliver_again,
    "press": _press,
    "pick": _pick,
    "submit": _submit,
    "close": lambda slack, it: slack.close(it.who, it.where),
    "open_home": lambda slack, it: slack.open_home(it.who),
    "command": lambda slack, it: slack.command(it.who, it.element, it.text),
    "shortcut": lambda slack, it: slack.shortcut(it.who, it.element, it.where),
}
