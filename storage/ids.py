"""Ids are opaque: they say nothing about whom or what they stand for."""

from uuid import uuid4


def new_id() -> str:
    """A new random id, 32 hexadecimal digits, unique for ever."""
    return uuid4().hex
