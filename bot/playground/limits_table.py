"""What Block Kit allows, as data: for each kind of block, element and part, what it may hold and how much.

Source: Slack's reference pages for blocks, block elements and composition objects.
"""

from enum import StrEnum

from billing.record import record

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_MARKDOWN = 12_000  # characters, over all markdown blocks of one message
MOST_TEXT = 40_000  # characters of a message's `text`
MOST_VIEW_BYTES = 250_000


class Surface(StrEnum):
    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


EVERYWHERE = (Surface.MESSAGE, Surface.MODAL, Surface.HOME)
MESSAGES = (Surface.MESSAGE,)
VIEWS = (Surface.MODAL, Surface.HOME)


@record
class Text:
    """A text object's longest length. `plain`: mrkdwn is not allowed in it."""

    most: int
    plain: bool = False


@record
class Kind:
    """What one kind of block, element or part may hold; counts and lengths are the most allowed.

    `texts` are text objects, `strings` plain strings, `lists` how many a list may hold (least, most), `parts` are
    kinds of its own by key, and `holds` the types that may stand in its `elements`, `element` or `accessory`.
    """

    required: tuple[str, ...] = ()
    texts: tuple[tuple[str, Text], ...] = ()
    strings: tuple[tuple[str, int], ...] = ()
    lists: tuple[tuple[str, int, int], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    holds: tuple[str, ...] = ()
    surfaces: tuple[Surface, ...] = EVERYWHERE


SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI_SELECTS = tuple(f"multi_{select}" for select in SELECTS)
PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")

IN_SECTION = ("button", "overflow", "image", "workflow_button", *PICKERS, *SELECTS, *MULTI_SELECTS)
IN_ACTIONS = ("button", "overflow", "workflow_button", "datetimepicker", *PICKERS, *SELECTS)
IN_INPUT = (*TYPED, "datetimepicker", *PICKERS, *SELECTS, *MULTI_SELECTS)

BLOCKS = {
    "section": Kind(
        texts=(("text", Text(most=3000)),),
        lists=(("fields", 1, 10),),
        parts=(("fields", "field"),),
        holds=IN_SECTION,
    ),
    "header": Kind(required=("text",), texts=(("text", Text(most=150, plain=True)),)),
    "divider": Kind(),
    "image": Kind(
        required=("alt_text",),
        texts=(("title", Text(most=2000, plain=True)),),
        strings=(("alt_text", 2000), ("image_url", 3000)),
    ),
    "actions": Kind(required=("elements",), lists=(("elements", 1, 25),), holds=IN_ACTIONS),
    "context": Kind(required=("elements",), lists=(("elements", 1, 10),), holds=("image", "mrkdwn", "plain_text")),
    "input": Kind(
        required=("label", "element"),
        texts=(("label", Text(most=2000, plain=True)), ("hint", Text(most=2000, plain=True))),
        holds=IN_INPUT,
    ),
    "markdown": Kind(required=("text",), strings=(("text", MOST_MARKDOWN),), surfaces=MESSAGES),
    "rich_text": Kind(required=("elements",)),
    "table": Kind(required=("rows",), lists=(("rows", 1, 100),), surfaces=MESSAGES),
    "data_table": Kind(required=("rows", "caption"), lists=(("rows", 2, 201),), surfaces=MESSAGES),
    "context_actions": Kind(
        required=("elements",),
        lists=(("elements", 1, 5),),
        holds=("feedback_buttons", "icon_button"),
        surfaces=MESSAGES,
    ),
    "alert": Kind(required=("text",), texts=(("text", Text(most=200)),), surfaces=VIEWS),
    "card": Kind(texts=(("body", Text(most=200)),), surfaces=(Surface.MESSAGE, Surface.HOME)),
    "carousel": Kind(
        required=("elements",), lists=(("elements", 1, 10),), surfaces=(Surface.MESSAGE, Surface.HOME), holds=("card",)
    ),
    "container": Kind(lists=(("child_blocks", 1, 10),)),
    "plan": Kind(required=("title",), surfaces=MESSAGES),
    "task_card": Kind(required=("task_id", "title"), surfaces=MESSAGES),
    "video": Kind(
        required=("alt_text", "title", "thumbnail_url", "video_url"), texts=(("title", Text(most=200, plain=True)),)
    ),
}

_PLACEHOLDER = ("placeholder", Text(most=150, plain=True))
_CONFIRM = ("confirm", "confirm")
_OPTIONS = (("options", "option"), ("option_groups", "option_group"), _CONFIRM)
_SELECT = Kind(texts=(_PLACEHOLDER,), parts=(_CONFIRM,))
_PICKER = Kind(texts=(_PLACEHOLDER,), parts=(_CONFIRM,))
_TYPED = Kind(texts=(_PLACEHOLDER,), strings=(("initial_value", 3000),))

ELEMENTS = {
    "button": Kind(
        required=("text",),
        texts=(("text", Text(most=75, plain=True)),),
        strings=(("value", 2000), ("url", 3000), ("accessibility_label", 75)),
        parts=(_CONFIRM,),
    ),
    "workflow_button": Kind(required=("text",), texts=(("text", Text(most=75, plain=True)),)),
    "static_select": Kind(
        texts=(_PLACEHOLDER,), lists=(("options", 1, 100), ("option_groups", 1, 100)), parts=_OPTIONS
    ),
    "multi_static_select": Kind(
        texts=(_PLACEHOLDER,), lists=(("options", 1, 100), ("option_groups", 1, 100)), parts=_OPTIONS
    ),
    "overflow": Kind(required=("options",), lists=(("options", 1, 5),), parts=_OPTIONS),
    "checkboxes": Kind(
        required=("options",), lists=(("options", 1, 10),), parts=(("options", "rich_option"), _CONFIRM)
    ),
    "radio_buttons": Kind(
        required=("options",), lists=(("options", 1, 10),), parts=(("options", "rich_option"), _CONFIRM)
    ),
    **dict.fromkeys((*SELECTS[1:], *MULTI_SELECTS[1:]), _SELECT),
    **dict.fromkeys(("datepicker", "timepicker", "datetimepicker"), _PICKER),
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input", "number_input"), _TYPED),
    "rich_text_input": Kind(texts=(_PLACEHOLDER,)),
    "file_input": Kind(surfaces=(Surface.MODAL,)),
    "image": Kind(required=("alt_text",), strings=(("alt_text", 2000), ("image_url", 3000))),
    "feedback_buttons": Kind(required=("positive_button", "negative_button")),
    "icon_button": Kind(required=("icon", "text"), texts=(("text", Text(most=75, plain=True)),)),
    "card": BLOCKS["card"],
}

PARTS = {
    "option": Kind(
        required=("text", "value"),
        texts=(("text", Text(most=75, plain=True)), ("description", Text(most=75, plain=True))),
        strings=(("value", 150),),
    ),
    "rich_option": Kind(
        required=("text", "value"),
        texts=(("text", Text(most=75)), ("description", Text(most=75))),
        strings=(("value", 150),),
    ),
    "option_group": Kind(
        required=("label", "options"),
        texts=(("label", Text(most=75, plain=True)),),
        lists=(("options", 1, 100),),
        parts=(("options", "option"),),
    ),
    "confirm": Kind(
        required=("title", "text"),
        texts=(
            ("title", Text(most=100, plain=True)),
            ("text", Text(most=300)),
            ("confirm", Text(most=30, plain=True)),
            ("deny", Text(most=30, plain=True)),
        ),
    ),
}

VIEW = Kind(
    texts=(
        ("title", Text(most=24, plain=True)),
        ("submit", Text(most=24, plain=True)),
        ("close", Text(most=24, plain=True)),
    ),
    strings=(("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)),
)
