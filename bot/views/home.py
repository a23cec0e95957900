"""The Home tab."""

from bot.views.blocks import Block, section

HOW = (
    "*After a group, send me one message under “Messages”.*\n"
    "Who came and who did not, when it began and ended, what you worked on, and a few words about each client. "
    "I show you what I understood, ask only what is missing, and when nothing is, you sign."
)


def home() -> Block:
    return {"type": "home", "blocks": [section(HOW, "how")]}
