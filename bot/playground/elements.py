"""Interactive elements in blocks: where they stand, and what Slack sends once somebody has used one."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any
from uuid import uuid4

from billing.record import record
from bot.playground.people import Json

# Of each kind of element that holds a value: under which key it is sent, and under which key it was first given.
VALUE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
}
ACTIONS = ("button", "overflow", *VALUE_KEYS)

Values = dict[str, dict[str, Json]]  # block id → action id → what is sent of it


@record
class Place:
    """An element and the block it stands in."""

    block: Json
    element: Json

    @property
    def labels(self) -> tuple[str, ...]:
        """The words by which a person would find it."""
        said = (self.element.get("text"), self.block.get("label"))
        return tuple(text["text"] for text in said if text is not None)


def places(blocks: Sequence[Json]) -> Iterator[Place]:
    """Every interactive element, from top to bottom."""
    for block in blocks:
        held = [block.get("accessory"), block.get("element"), *block.get("elements", ())]
        for element in held:
            if isinstance(element, dict) and element.get("type") in ACTIONS:
                yield Place(block=block, element=element)


def completed(blocks: Sequence[Json]) -> list[Json]:
    """A copy of the blocks with an id for every block and element that came without one, as Slack gives them."""
    copies = deepcopy(list(blocks))
    for block in copies:
        block.setdefault("block_id", uuid4().hex[:5])
    for place in places(copies):
        place.element.setdefault("action_id", uuid4().hex[:5])
    return copies


def find(blocks: Sequence[Json], name: str, block_id: str | None = None) -> Place:
    """The one element with this action id, block id or label. LookupError if there is none, or more than one."""
    there = [place for place in places(blocks) if block_id in (None, place.block.get("block_id"))]
    found = [place for place in there if name == place.element.get("action_id")]
    found = found or [place for place in there if name == place.block.get("block_id")]
    found = found or [place for place in there if name in place.labels]
    if len(found) != 1:
        offered = ", ".join(f"{place.element.get('action_id')} {place.labels}" for place in there)
        raise LookupError(f"{len(found)} elements called {name!r}; there are: {offered or 'none'}")
    return found[0]


def options(element: Json) -> list[Json]:
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(option for group in groups for option in group["options"])]


def chosen(element: Json, choice: str) -> Json:
    """The option with this value or label. LookupError if it is not offered: nobody can pick what is not there."""
    for option in options(element):
        if choice in (option["value"], option["text"]["text"]):
            return option
    offered = ", ".join(repr(option["text"]["text"]) for option in options(element))
    raise LookupError(f"{choice!r} is not offered; there are: {offered or 'no options'}")


def filled(element: Json, value: Any) -> Json:
    """What is sent of an element into which `value` was put: text, an option's label or value, a list, a date."""
    key, _ = VALUE_KEYS[element["type"]]
    if key == "selected_option" and value is not None:
        value = chosen(element, value)
    if key == "selected_options":
        value = [chosen(element, each) for each in value]
    return {"type": element["type"], key: value}


def untouched(element: Json) -> Json:
    """What is sent of an element that nobody has touched."""
    key, initial = VALUE_KEYS[element["type"]]
    empty: list[str] | None = [] if key in ("selected_options", "selected_users") else None
    return {"type": element["type"], key: element.get(initial, empty)}


def state(blocks: Sequence[Json], kept: Values) -> Values:
    """The values of all inputs: what was `kept` from before where the same input is still there."""
    values: Values = {}
    for place in places(blocks):
        if place.element["type"] in VALUE_KEYS:
            block_id, action_id = place.block["block_id"], place.element["action_id"]
            before = kept.get(block_id, {}).get(action_id)
            same_kind = before is not None and before["type"] == place.element["type"]
            values.setdefault(block_id, {})[action_id] = before if same_kind and before else untouched(place.element)
    return values


def action(place: Place, value: Any, action_ts: str) -> Json:
    """The entry in `actions` of a block_actions payload."""
    element = place.element
    told: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": place.block["block_id"]}
    if element["type"] == "button":
        told |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    elif element["type"] == "overflow":
        told["selected_option"] = chosen(element, value)
    else:
        told |= filled(element, value)
    return told | {"action_ts": action_ts}


def complaints(blocks: Sequence[Json], values: Values) -> dict[str, str]:
    """What Slack itself says, before the bot hears of it, of inputs left empty or of the wrong length."""
    said = {}
    for place in places(blocks):
        if place.block["type"] == "input":
            key, _ = VALUE_KEYS[place.element["type"]]
            value = values[place.block["block_id"]][place.element["action_id"]][key]
            complaint = _complaint(place, value)
            if complaint:
                said[place.block["block_id"]] = complaint
    return said


def _complaint(place: Place, value: Any) -> str:
    if not value:
        return "" if place.block.get("optional") else "Please complete this required field."
    least, most = place.element.get("min_length", 0), place.element.get("max_length", 3000)
    if isinstance(value, str) and not least <= len(value) <= most:
        return f"Must be {least} to {most} characters long."
    return ""
