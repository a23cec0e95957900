"""A view as plain text: what the terminal prints, and what the dialogue files hold. Buttons stand in brackets."""

import re
import textwrap
from collections.abc import Iterable, Sequence

from bot.views.blocks import Block, unescaped


def as_text(blocks: Iterable[Block]) -> str:
    """One line for each line that Slack would show."""
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: Block) -> list[str]:
    match block["type"]:
        case "section":
            return _words(block["text"]["text"])
        case "context":
            return [line for e in block["elements"] for line in _words(e["text"])]
        case "actions":
            return ["   " + " ".join(f"[{e['text']['text']}]" for e in block["elements"])]
        case _:
            return ["—" * 8]


def _words(mrkdwn: str) -> list[str]:
    without_bold = re.sub(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)", r"\1", mrkdwn)
    plain = re.sub(r"^_([^_\n]+)_", r"\1", without_bold, flags=re.MULTILINE)
    return unescaped(plain).split("\n")


def said_by(who: str, text: str, width: int = 116) -> str:
    """A speaker and what they said, continued under itself."""
    prefix = f"{who}> "
    pad = " " * len(prefix)
    lines: list[str] = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, width, subsequent_indent=_hang(line)) or [""]
    return "\n".join((prefix if i == 0 else pad) + line for i, line in enumerate(lines)).rstrip()


def _hang(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()) + 2)


def button_labels(blocks: Sequence[Block]) -> tuple[str, ...]:
    return tuple(e["text"]["text"] for b in blocks if b["type"] == "actions" for e in b["elements"])
