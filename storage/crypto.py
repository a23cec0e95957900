"""Columns that hold clients' data are encrypted one value at a time, on every database.

A value is: format (1 byte), length of the key id (1 byte), key id, nonce (12 bytes), AES-256-GCM ciphertext. The
name of the column is authenticated with it, so that a value moved to another column does not open.
This protects files, dumps and backups; it does not protect against whoever controls the running program.
"""

import os
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from pydantic import TypeAdapter
from sqlalchemy import Dialect, Engine, LargeBinary
from sqlalchemy.types import TypeDecorator

from storage.keys import KeyRing
from storage.trouble import StorageTrouble

_FORMAT = 1
_NONCE = 12


def seal(ring: KeyRing, value: bytes, place: str) -> bytes:
    """`value` encrypted with the writing key, to be opened at the same `place` ("table.column") only."""
    key_id = ring.writing.encode()
    nonce = os.urandom(_NONCE)
    head = bytes((_FORMAT, len(key_id))) + key_id + nonce
    return head + ring.columns(ring.writing).encrypt(nonce, value, place.encode())


def unseal(ring: KeyRing, sealed: bytes, place: str) -> bytes:
    """What `seal` was given. Raises StorageTrouble for an unknown key, a wrong key, and an altered or moved value."""
    if len(sealed) < 2 or sealed[0] != _FORMAT:
        raise StorageTrouble(f"A value of {place} is damaged. Restore the database from its last good backup.")
    start = 2 + sealed[1]
    key_id = sealed[2:start].decode("ascii", errors="replace")
    key = ring.columns(key_id)
    try:
        return key.decrypt(sealed[start : start + _NONCE], sealed[start + _NONCE :], place.encode())
    except InvalidTag:
        raise StorageTrouble(
            f"A value of {place} does not open with key {key_id!r}: wrong key file, or altered data. Put the right "
            "key file in place, or restore the last good backup."
        ) from None


_RINGS: WeakKeyDictionary[Dialect, KeyRing] = WeakKeyDictionary()


def use_keys(engine: Engine, ring: KeyRing) -> None:
    """Lets `Encrypted` columns reached through `engine` use `ring`. A column type sees only its engine's dialect,
    of which every engine has its own.
    """
    _RINGS[engine.dialect] = ring


class Encrypted(TypeDecorator[Any]):
    """Text, or a value of type `of` as JSON, encrypted. `place` is "table.column". None stays NULL."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str, of: Any = str) -> None:
        super().__init__()
        self.place = place
        self.of = of
        self._dump, self._load = _codec(of)

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(_RINGS[dialect], self._dump(value), self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self._load(unseal(_RINGS[dialect], bytes(value), self.place))


def _codec(of: Any) -> tuple[Callable[[Any], bytes], Callable[[bytes], Any]]:
    if of is str:
        return str.encode, bytes.decode
    adapter: TypeAdapter[Any] = TypeAdapter(of)
    return adapter.dump_json, adapter.validate_json
