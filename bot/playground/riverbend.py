"""The fictional practice, as a practice file."""

from importlib import resources


def riverbend() -> str:
    """Its text. Everybody in it is invented."""
    return resources.files("bot.playground").joinpath("riverbend.toml").read_text(encoding="utf-8")
