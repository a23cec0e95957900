"""Each limit of Block Kit: silent at the limit, and one sentence beyond it."""

import pytest

from bot.playground.limits import message_limits, view_limits


def plain(length):
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length):
    return {"type": "mrkdwn", "text": "x" * length}


def options(number, **more):
    return [{"text": plain(5), "value": f"v{each}"} | more for each in range(number)]


def button(**more):
    return {"type": "button", "text": plain(4)} | more


def select(**more):
    return {"type": "static_select", "options": options(2)} | more


def typed(**more):
    return {"type": "plain_text_input"} | more


def section(**more):
    return {"type": "section", "text": mrkdwn(5)} | more


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements)} | more


def of_input(element=None, **more):
    return {"type": "input", "label": plain(5), "element": element or typed()} | more


def choice(kind, number, **more):
    return actions({"type": kind, "options": options(number)} | more)


def grouped(label):
    return actions({"type": "static_select", "option_groups": [{"label": label, "options": options(1)}]})


def confirmed(**more):
    return actions(button(confirm={"title": plain(5), "text": plain(5)} | more))


def modal(*blocks, **more):
    return {"type": "modal", "title": plain(5), "submit": plain(4), "blocks": list(blocks)} | more


# what it is: a block within the limit, the same block beyond it, and what the sentence speaks of
IN_A_MESSAGE = {
    "section text": (section(text=mrkdwn(3000)), section(text=mrkdwn(3001)), "3000"),
    "section fields": (section(fields=[mrkdwn(5)] * 10), section(fields=[mrkdwn(5)] * 11), "1 to 10"),
    "field text": (section(fields=[mrkdwn(2000)]), section(fields=[mrkdwn(2001)]), "fields[0]"),
    "section needs something": (section(), {"type": "section"}, "text or fields"),
    "text not empty": (section(text=mrkdwn(1)), section(text=mrkdwn(0)), "empty"),
    "text object": (section(), section(text="words"), "text object"),
    "header": ({"type": "header", "text": plain(150)}, {"type": "header", "text": plain(151)}, "150"),
    "header plain": ({"type": "header", "text": plain(5)}, {"type": "header", "text": mrkdwn(5)}, "plain_text"),
    "actions elements": (actions(*[button()] * 25), actions(*[button()] * 26), "1 to 25"),
    "context elements": (
        {"type": "context", "elements": [mrkdwn(5)] * 10},
        {"type": "context", "elements": [mrkdwn(5)] * 11},
        "1 to 10",
    ),
    "image alt text": (
        {"type": "image", "alt_text": "x" * 2000, "image_url": "https://example.org/a.png"},
        {"type": "image", "alt_text": "x" * 2001, "image_url": "https://example.org/a.png"},
        "2000",
    ),
    "image needs alt text": (
        {"type": "image", "alt_text": "x", "image_url": "https://example.org/a.png"},
        {"type": "image", "image_url": "https://example.org/a.png"},
        "alt_text is missing",
    ),
    "button text": (actions(button(text=plain(75))), actions(button(text=plain(76))), "75"),
    "button plain": (actions(button()), actions(button(text=mrkdwn(4))), "plain_text"),
    "button value": (actions(button(value="x" * 2000)), actions(button(value="x" * 2001)), "2000"),
    "button url": (actions(button(url="x" * 3000)), actions(button(url="x" * 3001)), "3000"),
    "button style": (actions(button(style="danger")), actions(button(style="loud")), "neither"),
    "action_id": (actions(button(action_id="x" * 255)), actions(button(action_id="x" * 256)), "255"),
    "action_id once": (
        actions(button(action_id="a"), button(action_id="b")),
        actions(button(action_id="a"), button(action_id="a")),
        "2 times",
    ),
    "block_id": (section(block_id="x" * 255), section(block_id="x" * 256), "255"),
    "select options": (actions(select(options=options(100))), actions(select(options=options(101))), "1 to 100"),
    "select needs options": (actions(select()), actions({"type": "static_select"}), "option_groups"),
    "placeholder": (actions(select(placeholder=plain(150))), actions(select(placeholder=plain(151))), "150"),
    "option text": (
        actions(select(options=options(1, text=plain(75)))),
        actions(select(options=options(1, text=plain(76)))),
        "75",
    ),
    "option value": (
        actions(select(options=options(1, value="x" * 150))),
        actions(select(options=options(1, value="x" * 151))),
        "150",
    ),
    "option description": (
        actions(select(options=options(1, description=plain(75)))),
        actions(select(options=options(1, description=plain(76)))),
        "75",
    ),
    "option value once": (
        actions(select(options=options(2))),
        actions(select(options=options(2, value="same"))),
        "'same' 2 times",
    ),
    "initial option": (
        actions(select(initial_option=options(1)[0])),
        actions(select(initial_option={"text": plain(5), "value": "other"})),
        "not among",
    ),
    "group label": (grouped(plain(75)), grouped(plain(76)), "75"),
    "checkboxes": (choice("checkboxes", 10), choice("checkboxes", 11), "1 to 10"),
    "radio buttons": (choice("radio_buttons", 10), choice("radio_buttons", 11), "1 to 10"),
    "overflow": (choice("overflow", 5), choice("overflow", 6), "1 to 5"),
    "confirm title": (confirmed(title=plain(100)), confirmed(title=plain(101)), "100"),
    "confirm text": (confirmed(text=plain(300)), confirmed(text=plain(301)), "300"),
    "confirm button": (confirmed(confirm=plain(30)), confirmed(confirm=plain(31)), "30"),
    "markdown": ({"type": "markdown", "text": "x" * 12_000}, {"type": "markdown", "text": "x" * 12_001}, "12000"),
    "table rows": ({"type": "table", "rows": [[]] * 100}, {"type": "table", "rows": [[]] * 101}, "1 to 100"),
    "table cells": (
        {"type": "table", "rows": [[mrkdwn(1)] * 20]},
        {"type": "table", "rows": [[mrkdwn(1)] * 21]},
        "21 cells",
    ),
    "data table rows": (
        {"type": "data_table", "caption": "x", "rows": [[]] * 201},
        {"type": "data_table", "caption": "x", "rows": [[]] * 202},
        "2 to 201",
    ),
    "container": (
        {"type": "container", "child_blocks": [section()] * 10},
        {"type": "container", "child_blocks": [section()] * 11},
        "1 to 10",
    ),
    "card": ({"type": "card", "body": mrkdwn(200)}, {"type": "card", "body": mrkdwn(201)}, "200"),
    "input label": (of_input(label=plain(2000)), of_input(label=plain(2001)), "2000"),
    "input hint": (of_input(hint=plain(2000)), of_input(hint=plain(2001)), "2000"),
    "input needs an element": (of_input(), {"type": "input", "label": plain(5)}, "element is missing"),
    "longest input": (of_input(typed(max_length=3000)), of_input(typed(max_length=3001)), "bounds"),
    "shortest input": (
        of_input(typed(min_length=5, max_length=5)),
        of_input(typed(min_length=6, max_length=5)),
        "bounds",
    ),
    "first words of an input": (
        of_input(typed(initial_value="x" * 3000)),
        of_input(typed(initial_value="x" * 3001)),
        "3000",
    ),
    "button not in an input": (of_input(select()), of_input(button()), "not allowed there"),
    "text input only in an input": (of_input(typed()), actions(typed()), "not allowed there"),
    "a block at all": (section(), {"type": "paragraph"}, "is no block"),
    "alert not in a message": (section(), {"type": "alert", "text": mrkdwn(5)}, "not allowed in a message"),
}

IN_A_MODAL = {
    "title": (modal(title=plain(24)), modal(title=plain(25)), "24"),
    "title at all": (modal(), {"type": "modal", "blocks": []}, "title is missing"),
    "submit": (modal(submit=plain(24)), modal(submit=plain(25)), "24"),
    "close": (modal(close=plain(24)), modal(close=plain(25)), "24"),
    "private metadata": (modal(private_metadata="x" * 3000), modal(private_metadata="x" * 3001), "3000"),
    "callback_id": (modal(callback_id="x" * 255), modal(callback_id="x" * 256), "255"),
    "external_id": (modal(external_id="x" * 255), modal(external_id="x" * 256), "255"),
    "blocks": (modal(*[section()] * 100), modal(*[section()] * 101), "100"),
    "input needs submit": (
        modal(of_input()),
        {"type": "modal", "title": plain(5), "blocks": [of_input()]},
        "submit is missing",
    ),
    "markdown": (modal(section()), modal({"type": "markdown", "text": "x"}), "not allowed in a modal"),
    "table": (modal(section()), modal({"type": "table", "rows": [[]]}), "not allowed in a modal"),
    "card": (modal(section()), modal({"type": "card", "body": mrkdwn(5)}), "not allowed in a modal"),
    "alert": (
        modal({"type": "alert", "text": mrkdwn(200)}),
        modal({"type": "alert", "text": mrkdwn(201)}),
        "200",
    ),
    "one focus": (
        modal(of_input(typed(focus_on_load=True)), of_input()),
        modal(*[of_input(typed(focus_on_load=True))] * 2),
        "focus_on_load",
    ),
    "size": (modal(*[section(text=mrkdwn(2400))] * 99), modal(*[section(text=mrkdwn(2600))] * 99), "bytes"),
    "kind": (modal(), modal() | {"type": "window"}, "modal or home"),
}

IN_HOME = {
    "blocks": ({"type": "home", "blocks": [section()] * 100}, {"type": "home", "blocks": [section()] * 101}, "100"),
    "no title": ({"type": "home", "blocks": []}, {"type": "home", "blocks": [], "title": plain(5)}, "title"),
    "no files": (
        {"type": "home", "blocks": [of_input(typed())]},
        {"type": "home", "blocks": [of_input({"type": "file_input"})]},
        "file_input",
    ),
}


@pytest.mark.parametrize("name", IN_A_MESSAGE)
def test_a_block_in_a_message(name):
    within, beyond, speaks_of = IN_A_MESSAGE[name]
    assert message_limits({"blocks": [within]}) == []
    [sentence, *_] = message_limits({"blocks": [beyond]})
    assert speaks_of in sentence


@pytest.mark.parametrize("name", IN_A_MODAL)
def test_a_modal(name):
    within, beyond, speaks_of = IN_A_MODAL[name]
    assert view_limits(within) == []
    [sentence] = view_limits(beyond)
    assert speaks_of in sentence


@pytest.mark.parametrize("name", IN_HOME)
def test_a_home_view(name):
    within, beyond, speaks_of = IN_HOME[name]
    assert view_limits(within) == []
    [sentence] = view_limits(beyond)
    assert speaks_of in sentence


def test_a_message_has_fifty_blocks_at_most():
    assert message_limits({"blocks": [section()] * 50}) == []
    assert message_limits({"blocks": [section()] * 51}) == ["blocks has 51 items; the most in a message is 50"]


def test_markdown_is_counted_over_all_blocks():
    half = {"type": "markdown", "text": "x" * 6000}
    assert message_limits({"blocks": [half, half]}) == []
    assert "12001" in message_limits({"blocks": [half, half | {"text": "x" * 6001}]})[0]


def test_a_message_has_one_table_at_most():
    table = {"type": "table", "rows": [[]]}
    assert message_limits({"blocks": [table]}) == []
    assert message_limits({"blocks": [table, table]}) == ["blocks has more than one table"]


def test_a_block_id_stands_once():
    assert message_limits({"blocks": [section(block_id="a"), section(block_id="b")]}) == []
    assert "'a' stands 2 times" in message_limits({"blocks": [section(block_id="a"), section(block_id="a")]})[0]


def test_the_same_action_id_may_stand_in_two_blocks():
    assert message_limits({"blocks": [actions(button(action_id="a")), actions(button(action_id="a"))]}) == []


def test_the_text_of_a_message_has_a_limit_too():
    assert message_limits({"text": "x" * 40_000}) == []
    assert "40001" in message_limits({"text": "x" * 40_001})[0]


def test_what_is_no_list_of_blocks_is_said_so():
    assert message_limits({"blocks": {"type": "section"}}) == ["blocks must be a list of objects"]
