"""Every Web API method that the stand-in answers, and the scope that Slack asks for it."""

from collections.abc import Callable

from bot.playground import methods, view_methods
from bot.playground.people import Json

Method = Callable[[methods.Bench, Json], Json]

# Method → (the scopes of which it needs one, how it is done). apps.connections.open belongs to the server.
METHODS: dict[str, tuple[tuple[str, ...], Method]] = {
    "auth.test": ((), methods.auth_test),
    "team.info": (("team:read",), methods.team_info),
    "bots.info": (("users:read",), methods.bots_info),
    "users.info": (("users:read",), methods.users_info),
    "users.list": (("users:read",), methods.users_list),
    "conversations.open": (("im:write",), methods.conversations_open),
    "conversations.info": (("im:read",), methods.conversations_info),
    "conversations.history": (("im:history",), methods.conversations_history),
    "conversations.replies": (("im:history",), methods.conversations_replies),
    "chat.postMessage": (("chat:write",), methods.post_message),
    "chat.update": (("chat:write",), methods.update),
    "chat.delete": (("chat:write",), methods.delete),
    "chat.postEphemeral": (("chat:write",), methods.post_ephemeral),
    "chat.getPermalink": ((), methods.get_permalink),
    "views.open": ((), view_methods.views_open),
    "views.push": ((), view_methods.views_push),
    "views.update": ((), view_methods.views_update),
    "views.publish": ((), view_methods.views_publish),
    "assistant.threads.setStatus": (("assistant:write", "chat:write"), view_methods.set_status),
    "assistant.threads.setSuggestedPrompts": (("assistant:write",), view_methods.set_suggested_prompts),
    "assistant.threads.setTitle": (("assistant:write",), view_methods.set_title),
}
