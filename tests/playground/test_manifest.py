"""The Slack app's manifest: within Slack's lengths, and asking for no more than the bot needs."""

import pytest
import yaml

from bot.playground.manifest import MANIFEST_FILE, read_manifest
from bot.playground.method_table import METHODS

SCOPES = {"assistant:write", "chat:write", "commands", "im:history", "im:write", "users:read"}
EVENTS = {"app_home_opened", "app_uninstalled", "message.im", "tokens_revoked"}
LENGTHS = {
    ("display_information", "name"): (1, 35),
    ("display_information", "description"): (1, 140),
    ("display_information", "long_description"): (175, 4000),
    ("features", "bot_user", "display_name"): (1, 80),
    ("features", "agent_view", "agent_description"): (1, 300),
    ("features", "agent_view", "suggested_prompts"): (0, 4),
    ("features", "shortcuts"): (0, 5),
    ("features", "slash_commands"): (0, 5),
}
LENGTHS_OF_EACH = {
    ("shortcuts", "name"): 24,
    ("shortcuts", "callback_id"): 255,
    ("shortcuts", "description"): 150,
    ("slash_commands", "command"): 32,
    ("slash_commands", "description"): 2000,
    ("slash_commands", "usage_hint"): 1000,
}


@pytest.fixture(scope="module")
def manifest():
    return yaml.safe_load(MANIFEST_FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", LENGTHS, ids=".".join)
def test_every_text_and_list_is_as_long_as_slack_allows(manifest, path):
    value = manifest
    for key in path[:-1]:
        value = value[key]
    value = value.get(path[-1], ()) if path[-1] in ("shortcuts", "suggested_prompts") else value[path[-1]]
    least, most = LENGTHS[path]
    assert least <= len(value) <= most


@pytest.mark.parametrize("path", LENGTHS_OF_EACH, ids=".".join)
def test_every_text_of_a_shortcut_or_command_is_as_long_as_slack_allows(manifest, path):
    listed, key = path
    for each in manifest["features"].get(listed, ()):
        assert 1 <= len(each[key]) <= LENGTHS_OF_EACH[path]


def test_only_sections_that_slack_knows_stand_in_it(manifest):
    assert set(manifest) == {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert manifest["_metadata"]["major_version"] == 2
    known = {"app_home", "bot_user", "agent_view", "slash_commands", "shortcuts"}
    assert {"app_home", "bot_user", "agent_view", "slash_commands"} <= set(manifest["features"]) <= known


def test_the_bot_asks_for_the_scopes_it_needs_and_for_no_others(manifest):
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_no_scope_or_event_reaches_into_a_channel(manifest):
    asked = read_manifest().scopes + read_manifest().events
    assert not [
        each for each in asked if each.startswith(("channels", "groups", "mpim", "message.channels", "app_ment"))
    ]


def test_the_bot_is_told_of_what_it_listens_to_and_of_nothing_else(manifest):
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == EVENTS


def test_it_is_an_agent_that_can_be_written_to(manifest):
    home = manifest["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert "assistant_view" not in manifest["features"]


def test_buttons_socket_mode_and_installation_for_an_organisation_are_on(manifest):
    settings = manifest["settings"]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    assert settings["org_deploy_enabled"]


def test_commands_begin_with_a_slash_and_shortcuts_have_a_kind(manifest):
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == ["/circlenote"]
    assert {kind for _, kind in read_manifest().shortcuts} <= {"message", "global"}


def test_every_scope_that_the_stand_in_checks_is_one_that_slack_has():
    checked = {scope for scopes, _ in METHODS.values() for scope in scopes}
    assert checked - SCOPES == {"team:read", "im:read"}
