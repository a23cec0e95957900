"""What the stand-in answers to a client that does something right, and to one that does not."""

import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.people import BOT_ID, User
from bot.playground.standin import StandIn

DANA, LEE = "U0DANA", "U0LEE"
PEOPLE = (
    User(id=DANA, name="dana", real_name="Dana Whitfield", tz="America/Chicago"),
    User(id=LEE, name="lee", real_name="Lee Gone", deleted=True),
)


@pytest.fixture
def slack():
    with StandIn(PEOPLE) as standin:
        yield standin


@pytest.fixture
def client(slack):
    return WebClient(slack.tokens.bot, base_url=slack.url)


def plain(text):
    return {"type": "plain_text", "text": text}


def modal(*blocks):
    return {"type": "modal", "callback_id": "note", "title": plain("A note"), "blocks": list(blocks)}


def refusal(call, **args):
    with pytest.raises(SlackApiError) as refused:
        call(**args)
    return refused.value.response


def trigger(slack, user=DANA):
    return slack.workspace.surfaces.new_trigger(user)


# ---- who calls


def test_a_caller_without_a_token_or_with_a_wrong_one_is_turned_away(slack):
    assert refusal(WebClient(base_url=slack.url).auth_test)["error"] == "not_authed"
    assert refusal(WebClient("xoxb-other", base_url=slack.url).auth_test)["error"] == "invalid_auth"


def test_each_token_is_good_for_its_own_methods_only(slack, client):
    assert refusal(client.apps_connections_open, app_token=slack.tokens.bot)["error"] == "unknown_method"
    app = WebClient(slack.tokens.app, base_url=slack.url)
    assert refusal(app.auth_test)["error"] == "not_allowed_token_type"
    assert app.apps_connections_open(app_token=slack.tokens.app)["url"].startswith("ws://127.0.0.1:")


def test_a_method_outside_the_manifests_scopes_is_refused(slack, client):
    refused = refusal(client.team_info)
    assert refused["error"] == "missing_scope"
    assert refused["needed"] == "team:read"
    assert "chat:write" in refused["provided"].split(",")
    assert slack.calls("team.info")[0].error == "missing_scope"


def test_an_unknown_method_is_refused(client):
    assert refusal(client.api_call, api_method="chat.postTelegram")["error"] == "unknown_method"


def test_after_the_app_is_removed_nothing_works(slack, client):
    slack.uninstall()
    assert refusal(client.auth_test)["error"] == "account_inactive"


def test_a_page_of_another_site_cannot_reach_it(slack):
    request = urllib.request.Request(f"{slack.url}auth.test", method="POST", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 403


# ---- people and conversations


def test_people_are_known_with_their_time_zone(client):
    user = client.users_info(user=DANA)["user"]
    assert (user["real_name"], user["tz"]) == ("Dana Whitfield", "America/Chicago")
    assert user["tz_offset"] in (-18000, -21600)
    assert refusal(client.users_info, user="U0NOBODY")["error"] == "user_not_found"


def test_the_list_of_people_comes_in_pages(client):
    pages = [page["members"] for page in client.users_list(limit=2)]
    assert [len(page) for page in pages] == [2, 1]


def test_a_direct_conversation_is_opened_by_user(client):
    assert client.conversations_open(users=DANA)["channel"]["id"] == "D0DANA"
    assert refusal(client.conversations_open, users=LEE)["error"] == "user_disabled"


# ---- messages


def test_a_message_can_be_posted_changed_and_deleted(slack, client):
    ts = client.chat_postMessage(channel=DANA, text="one")["ts"]
    client.chat_update(channel="D0DANA", ts=ts, text="two")
    assert (slack.message(ts)["text"], slack.message(ts)["bot_id"]) == ("two", BOT_ID)
    assert "edited" in slack.message(ts)
    client.chat_delete(channel="D0DANA", ts=ts)
    assert slack.messages(DANA) == []


def test_an_update_of_the_text_alone_keeps_the_blocks(slack, client):
    blocks = [{"type": "section", "text": plain("card")}]
    ts = client.chat_postMessage(channel=DANA, text="one", blocks=blocks)["ts"]
    client.chat_update(channel="D0DANA", ts=ts, text="two")
    assert slack.message(ts)["blocks"][0]["text"]["text"] == "card"


def test_the_bot_cannot_touch_what_is_not_its_own(slack, client):
    ts = slack.dm(DANA, "mine")
    assert refusal(client.chat_update, channel="D0DANA", ts=ts, text="x")["error"] == "cant_update_message"
    assert refusal(client.chat_delete, channel="D0DANA", ts=ts)["error"] == "cant_delete_message"
    assert refusal(client.chat_delete, channel="D0DANA", ts="1.000001")["error"] == "message_not_found"


def test_a_message_that_slack_would_not_take_is_refused(client):
    assert refusal(client.chat_postMessage, channel="C0GENERAL", text="x")["error"] == "channel_not_found"
    assert refusal(client.chat_postMessage, channel=DANA, text="x" * 40_001)["error"] == "msg_too_long"
    assert refusal(client.api_call, api_method="chat.postMessage", json={"channel": DANA})["error"] == "no_text"
    assert refusal(client.chat_postMessage, channel=DANA, text="x", thread_ts="1.000001")["error"] == "thread_not_found"
    refused = refusal(client.chat_postMessage, channel=DANA, text="x", metadata={"event_type": "draft"})
    assert refused["error"] == "invalid_metadata_format"


def test_arguments_that_are_no_json_are_refused(client):
    refused = refusal(client.api_call, api_method="chat.postMessage", params={"channel": DANA, "blocks": "[{"})
    assert refused["error"] == "invalid_json"


def test_blocks_can_come_in_a_form(slack, client):
    blocks = '[{"type": "section", "text": {"type": "plain_text", "text": "card"}}]'
    ts = client.api_call("chat.postMessage", params={"channel": DANA, "text": "x", "blocks": blocks})["ts"]
    assert slack.message(ts)["blocks"][0]["text"]["text"] == "card"


def test_blocks_beyond_a_limit_are_refused_with_the_sentence(client):
    blocks = [{"type": "header", "text": plain("x" * 151)}]
    refused = refusal(client.chat_postMessage, channel=DANA, text="x", blocks=blocks)
    assert refused["error"] == "invalid_blocks"
    assert refused["errors"] == ["blocks[0].text is 151 characters long; the most is 150"]


def test_a_reply_to_a_deleted_message_lands_outside_the_thread(slack, client):
    ts = slack.dm(DANA, "never mind")
    slack.delete(DANA, ts)
    client.chat_postMessage(channel=DANA, text="An answer", thread_ts=ts)
    assert "thread_ts" not in slack.messages(DANA)[0]


def test_history_is_newest_first_without_replies_and_a_thread_is_in_order(slack, client):
    first, second = slack.dm(DANA, "one"), slack.dm(DANA, "two")
    reply = client.chat_postMessage(channel=DANA, text="re one", thread_ts=first)["ts"]
    assert [m["ts"] for m in client.conversations_history(channel="D0DANA")["messages"]] == [second, first]
    assert [m["ts"] for m in client.conversations_replies(channel="D0DANA", ts=first)["messages"]] == [first, reply]
    after = client.conversations_history(channel="D0DANA", oldest=first)["messages"]
    assert [m["ts"] for m in after] == [second]


def test_metadata_is_kept_and_given_to_who_asks_for_it(client):
    metadata = {"event_type": "card", "event_payload": {"draft": "d1"}}
    client.chat_postMessage(channel=DANA, text="x", metadata=metadata)
    history = client.conversations_history
    assert history(channel="D0DANA", include_all_metadata=True)["messages"][0]["metadata"] == metadata
    assert "metadata" not in history(channel="D0DANA")["messages"][0]


def test_an_ephemeral_message_is_seen_by_its_user_alone(slack, client):
    client.chat_postEphemeral(channel="D0DANA", user=DANA, text="only you")
    assert [m["text"] for m in slack.ephemerals(DANA)] == ["only you"]
    assert slack.messages(DANA) == []
    refused = refusal(client.chat_postEphemeral, channel="D0DANA", user=LEE, text="x")
    assert refused["error"] == "user_not_in_channel"


def test_a_message_has_a_link(client):
    ts = client.chat_postMessage(channel=DANA, text="x")["ts"]
    link = client.chat_getPermalink(channel="D0DANA", message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/D0DANA/p{ts.replace('.', '')}")


def test_the_clock_decides_when_a_message_was_written(slack):
    evening = datetime(2026, 9, 15, 19, 40, tzinfo=UTC)
    slack.clock.set(evening)
    assert 0 <= float(slack.dm(DANA, "group note")) - evening.timestamp() < 60


# ---- views


def test_a_trigger_opens_one_modal_within_three_seconds(slack, client):
    late = trigger(slack)
    slack.clock.advance(3.1)
    assert refusal(client.views_open, trigger_id=late, view=modal())["error"] == "expired_trigger_id"
    fresh = trigger(slack)
    client.views_open(trigger_id=fresh, view=modal())
    assert refusal(client.views_open, trigger_id=fresh, view=modal())["error"] == "exchanged_trigger_id"
    assert refusal(client.views_open, trigger_id="1.2.x", view=modal())["error"] == "invalid_trigger_id"


def test_modals_lie_three_deep_at_most(slack, client):
    client.views_open(trigger_id=trigger(slack), view=modal())
    client.views_push(trigger_id=trigger(slack), view=modal())
    client.views_push(trigger_id=trigger(slack), view=modal())
    assert refusal(client.views_push, trigger_id=trigger(slack), view=modal())["error"] == "push_limit_reached"


def test_a_view_that_has_changed_meanwhile_is_not_overwritten(slack, client):
    view = client.views_open(trigger_id=trigger(slack), view=modal())["view"]
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal({"type": "divider"}))
    refused = refusal(client.views_update, view_id=view["id"], hash=view["hash"], view=modal())
    assert refused["error"] == "hash_conflict"
    assert len(slack.view(DANA)["blocks"]) == 1


def test_home_too_is_guarded_by_its_hash(slack, client):
    home = {"type": "home", "blocks": []}
    first = client.views_publish(user_id=DANA, view=home)["view"]
    second = client.views_publish(user_id=DANA, view=home | {"blocks": [{"type": "divider"}]})["view"]
    assert second["id"] == first["id"]
    refused = refusal(client.views_publish, user_id=DANA, view=home, hash=first["hash"])
    assert refused["error"] == "hash_conflict"
    assert len(slack.home(DANA)["blocks"]) == 1


def test_a_view_beyond_a_limit_is_refused_with_the_sentence(slack, client):
    view = modal() | {"title": plain("A title that is far too long")}
    refused = refusal(client.views_open, trigger_id=trigger(slack), view=view)
    assert refused["error"] == "invalid_arguments"
    assert "view.title is 28 characters long; the most is 24" in refused["errors"]
    assert slack.view(DANA) is None


def test_there_is_nothing_to_update_once_a_modal_is_closed(slack, client):
    view = client.views_open(trigger_id=trigger(slack), view=modal())["view"]
    slack.close(DANA)
    assert refusal(client.views_update, view_id=view["id"], view=modal())["error"] == "not_found"


# ---- the agent's surface


def test_a_status_stands_until_the_bot_answers_in_that_thread(slack, client):
    ts = slack.dm(DANA, "hello")
    client.assistant_threads_setStatus(channel_id="D0DANA", thread_ts=ts, status="is reading…")
    assert slack.status(DANA, ts) == "is reading…"
    client.chat_postMessage(channel=DANA, text="x", thread_ts=ts)
    assert slack.status(DANA, ts) == ""


def test_suggested_prompts_in_a_thread_are_silently_ignored(slack, client):
    prompts = [{"title": "Owed", "message": "What do I owe?"}]
    client.assistant_threads_setSuggestedPrompts(channel_id="D0DANA", thread_ts="1.000001", prompts=prompts)
    assert slack.workspace.prompts == {}
    client.assistant_threads_setSuggestedPrompts(channel_id="D0DANA", prompts=prompts)
    assert slack.workspace.prompts == {"D0DANA": prompts}


# ---- trouble on order


def test_an_ordered_error_comes_as_often_as_ordered(slack, client):
    slack.inject("chat.postMessage", error="fatal_error", times=2)
    for _ in range(2):
        assert refusal(client.chat_postMessage, channel=DANA, text="x")["error"] == "fatal_error"
    assert client.chat_postMessage(channel=DANA, text="x")["ok"]


def test_a_rate_limit_says_how_long_to_wait(slack, client):
    slack.inject("*", retry_after=7)
    refused = refusal(client.auth_test)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")


def test_a_call_can_take_effect_though_its_answer_is_lost(slack, client):
    slack.inject("chat.postMessage", status=503, after_effect=True)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=DANA, text="posted all the same")
    assert [m["text"] for m in slack.messages(DANA)] == ["posted all the same"]


def test_what_stands_in_the_workspace_outlives_a_restart_on_the_same_port(slack, client):
    client.chat_postMessage(channel=DANA, text="before")
    slack.stop()
    slack.start()
    client.chat_postMessage(channel=DANA, text="after")
    assert [m["text"] for m in slack.messages(DANA)] == ["before", "after"]


def test_waiting_for_what_does_not_happen_ends(slack):
    with pytest.raises(TimeoutError):
        slack.wait_until(lambda: slack.view(DANA), timeout=0.05)
