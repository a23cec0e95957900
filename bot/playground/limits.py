"""Whether Slack would take this payload: Block Kit's limits on counts, lengths, places and ids.

Pure functions from a message or a view to sentences, one for each thing that Slack would refuse; none means it would
be taken. The stand-in refuses by them, and the tests of the views hold every view against them.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.playground.elements import options
from bot.playground.limits_table import (
    BLOCKS,
    ELEMENTS,
    MOST_BLOCKS,
    MOST_MARKDOWN,
    MOST_TEXT,
    MOST_VIEW_BYTES,
    PARTS,
    VIEW,
    Kind,
    Surface,
    Text,
)
from bot.playground.people import Json

MOST_ID = 255


def message_limits(message: Json) -> list[str]:
    """What Slack would refuse in the arguments of chat.postMessage, chat.update or chat.postEphemeral."""
    return list(_message(message))


def view_limits(view: Json) -> list[str]:
    """What Slack would refuse in a modal or in a Home view."""
    if view.get("type") not in ("modal", "home"):
        return [f"view.type must be modal or home, not {view.get('type')!r}"]
    return list(_view(view))


# ---- wholes


def _message(message: Json) -> Iterator[str]:
    text = message.get("text") or ""
    if len(text) > MOST_TEXT:
        yield f"text is {len(text)} characters long; the most is {MOST_TEXT}"
    yield from _blocks(message.get("blocks") or (), Surface.MESSAGE)


def _view(view: Json) -> Iterator[str]:
    surface = Surface(view["type"])
    blocks = view.get("blocks") or ()
    yield from _fits(VIEW, view, "view")
    if surface is Surface.MODAL and "title" not in view:
        yield "view.title is missing"
    if surface is Surface.MODAL and "submit" not in view and '"type": "input"' in json.dumps(blocks):
        yield "view.submit is missing; a modal with an input needs it"
    if surface is Surface.HOME:
        yield from (f"view.{key} is not allowed in a home view" for key in ("title", "submit", "close") if key in view)
    size = len(json.dumps(view).encode())
    if size > MOST_VIEW_BYTES:
        yield f"view is {size} bytes; the most is {MOST_VIEW_BYTES}"
    yield from _blocks(blocks, surface)


def _blocks(blocks: object, surface: Surface) -> Iterator[str]:
    if not isinstance(blocks, list | tuple) or not all(isinstance(block, dict) for block in blocks):
        yield "blocks must be a list of objects"
        return
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"blocks has {len(blocks)} items; the most in a {surface} is {MOST_BLOCKS[surface]}"
    for number, block in enumerate(blocks):
        yield from _block(block, surface, f"blocks[{number}]")
    yield from _ids_of_blocks(blocks)
    yield from _together(blocks)


def _together(blocks: Sequence[Json]) -> Iterator[str]:
    """What is limited over all blocks of a payload."""
    markdown = sum(len(block.get("text", "")) for block in blocks if block.get("type") == "markdown")
    if markdown > MOST_MARKDOWN:
        yield f"markdown is {markdown} characters long in all; the most is {MOST_MARKDOWN}"
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "blocks has more than one table"
    focused = sum(bool(element.get("focus_on_load")) for block in blocks for _, element in _held(block))
    if focused > 1:
        yield f"focus_on_load is set on {focused} elements; the most is 1"


# ---- blocks and elements


def _block(block: Json, surface: Surface, path: str) -> Iterator[str]:
    kind = BLOCKS.get(block.get("type", ""))
    if kind is None:
        yield f"{path}.type {block.get('type')!r} is no block"
        return
    if surface not in kind.surfaces:
        yield f"{path} is a {block['type']}, which is not allowed in a {surface}"
    yield from _fits(kind, block, path)
    if block["type"] == "section" and not (block.get("text") or block.get("fields")):
        yield f"{path} needs text or fields"
    if kind.holds:
        for key, element in _held(block):
            yield from _element(element, kind, surface, f"{path}.{key}")
    yield from _ids_of_elements(block, path)
    yield from _columns(block, path)
    for number, child in enumerate(block.get("child_blocks", ())):
        yield from _block(child, surface, f"{path}.child_blocks[{number}]")


def _held(block: Json) -> Iterator[tuple[str, Json]]:
    for key in ("accessory", "element"):
        if key in block:
            yield key, block[key]
    for number, element in enumerate(block.get("elements", ())):
        yield f"elements[{number}]", element


def _element(element: Json, holder: Kind, surface: Surface, path: str) -> Iterator[str]:
    name = element.get("type", "")
    if name not in holder.holds:
        yield f"{path}.type {name!r} is not allowed there"
        return
    if name in ("mrkdwn", "plain_text"):
        yield from _text(element, Text(most=3000), path)
        return
    kind = ELEMENTS[name]
    if surface not in kind.surfaces:
        yield f"{path} is a {name}, which is not allowed in a {surface}"
    yield from _fits(kind, element, path)
    yield from _choice(element, path)
    yield from _bounds(element, path)


def _choice(element: Json, path: str) -> Iterator[str]:
    """What a choice needs: options at all, each value once, and first choices that are among them."""
    if "static_select" in element["type"] and not options(element):
        yield f"{path} needs options or option_groups"
    values = Counter(option.get("value") for option in options(element))
    for value, times in values.items():
        if times > 1:
            yield f"{path}.options has the value {value!r} {times} times"
    if element["type"] in ("external_select", "multi_external_select"):
        return
    first = [element.get("initial_option"), *element.get("initial_options", ())]
    for option in first:
        if option is not None and option not in options(element):
            yield f"{path} has an initial option that is not among its options"


def _bounds(element: Json, path: str) -> Iterator[str]:
    if element["type"] == "button" and element.get("style", "primary") not in ("primary", "danger"):
        yield f"{path}.style {element['style']!r} is neither primary nor danger"
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not 0 <= least <= most or not 1 <= most <= 3000:
            yield f"{path} has length bounds {least} to {most}; they must be within 0 to 3000"


def _columns(block: Json, path: str) -> Iterator[str]:
    if block["type"] in ("table", "data_table"):
        for number, row in enumerate(block.get("rows", ())):
            if len(row) > 20:
                yield f"{path}.rows[{number}] has {len(row)} cells; the most is 20"


# ---- what every kind has


def _fits(kind: Kind, value: Json, path: str) -> Iterator[str]:
    """Holds a block, an element or a part against its line in the table."""
    for key in kind.required:
        if key not in value:
            yield f"{path}.{key} is missing"
    for key, text in kind.texts:
        if value.get(key) is not None:
            yield from _text(value[key], text, f"{path}.{key}")
    yield from _strings(kind.strings, value, path)
    for key, least, most in kind.lists:
        if key in value and not least <= len(value[key]) <= most:
            yield f"{path}.{key} has {len(value[key])} items; allowed are {least} to {most}"
    for key, part in kind.parts:
        yield from _parts(value.get(key), part, f"{path}.{key}")


def _strings(strings: Sequence[tuple[str, int]], value: Json, path: str) -> Iterator[str]:
    for key, most in (*strings, ("block_id", MOST_ID), ("action_id", MOST_ID)):
        if len(value.get(key) or "") > most:
            yield f"{path}.{key} is {len(value[key])} characters long; the most is {most}"


def _parts(value: object, part: str, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _fits(PARTS[part], dict(value), path)
    elif isinstance(value, Sequence):
        for number, each in enumerate(value):
            here = f"{path}[{number}]"
            yield from _text(each, Text(most=2000), here) if part == "field" else _fits(PARTS[part], each, here)


def _text(value: object, text: Text, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping) or value.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{path} must be a text object"
        return
    if text.plain and value["type"] != "plain_text":
        yield f"{path} must be plain_text"
    length = len(value.get("text", ""))
    if length == 0:
        yield f"{path} is empty"
    if length > text.most:
        yield f"{path} is {length} characters long; the most is {text.most}"


# ---- ids


def _ids_of_blocks(blocks: Sequence[Json]) -> Iterator[str]:
    ids = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    yield from (f"block_id {name!r} stands {times} times" for name, times in ids.items() if times > 1)


def _ids_of_elements(block: Json, path: str) -> Iterator[str]:
    ids = Counter(element["action_id"] for _, element in _held(block) if element.get("action_id"))
    yield from (f"action_id {name!r} stands {times} times in {path}" for name, times in ids.items() if times > 1)
