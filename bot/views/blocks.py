"""The few Block Kit pieces that our views are made of, as plain dicts. slackblocks checks Slack's limits.

Words of people go through `escaped`, so that nothing in them can become a link, a mention or a channel-wide call.
"""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Button,
    ContextBlock,
    DividerBlock,
    ModalView,
    SectionBlock,
    Text,
    TextType,
)
from slackblocks import Block as SlackBlock

from billing.record import record

Block = dict[str, Any]
SECTION_LIMIT = 3000
BUTTON_LIMIT = 75


@record
class View:
    """What one message shows. `text` is all that a notification may show: generic, without a client's anything."""

    text: str
    blocks: tuple[Block, ...]


@record
class Press:
    """A button: what it says, which listener hears it, and the opaque ids that it carries."""

    label: str
    action: str
    value: str
    style: str | None = None


def escaped(text: str) -> str:
    """Slack's three control characters, so that they appear as typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def section(text: str, block_id: str) -> Block:
    return _plain(SectionBlock(Text(text, type_=TextType.MARKDOWN, verbatim=True), block_id=block_id))


def sections(lines: Sequence[str], block_id: str) -> list[Block]:
    """As many sections as it takes: a line is never split, and none is dropped."""
    pages: list[list[str]] = [[]]
    for line in lines:
        if sum(len(said) + 1 for said in pages[-1]) + len(line) > SECTION_LIMIT:
            pages.append([])
        pages[-1].append(line[:SECTION_LIMIT])
    return [section("\n".join(page), f"{block_id}.{i}") for i, page in enumerate(pages) if page]


def small(text: str, block_id: str) -> Block:
    return _plain(ContextBlock([Text(text, type_=TextType.MARKDOWN, verbatim=True)], block_id=block_id))


def divider(block_id: str) -> Block:
    return _plain(DividerBlock(block_id=block_id))


def buttons(presses: Sequence[Press], block_id: str) -> Block:
    return _plain(ActionsBlock([_button(p) for p in presses], block_id=block_id))


def _button(p: Press) -> Button:
    label = p.label if len(p.label) <= BUTTON_LIMIT else p.label[: BUTTON_LIMIT - 1] + "…"
    text = Text(label, type_=TextType.PLAINTEXT)
    return Button(text, action_id=p.action, value=p.value, style=p.style)  # type: ignore[arg-type]


def modal(*, title: str, callback: str, private_metadata: str, submit: str | None, blocks: Sequence[Block]) -> Block:
    """A modal. `private_metadata` and `callback` carry opaque ids only."""
    shell = ModalView(
        title=Text(title, type_=TextType.PLAINTEXT),
        blocks=[DividerBlock(block_id="placeholder")],
        close=Text("Close", type_=TextType.PLAINTEXT),
        submit=Text(submit, type_=TextType.PLAINTEXT) if submit else None,
        private_metadata=private_metadata,
        callback_id=callback,
    )
    made = _resolved(shell)
    made["blocks"] = list(blocks)
    return made


def _plain(block: SlackBlock) -> Block:
    return _resolved(block)


def _resolved(thing: Any) -> Block:
    """The library keeps its rendering to itself and offers only text."""
    made: Block = thing._resolve()  # noqa: SLF001 - the library has no public way to a dict
    return made
