"""The master keys of one practice: a small file, kept apart from the database and from its backups.

The file holds `id:BASE64` lines. The first key writes; all of them read, because older rows, backups and audit
entries still need the older keys. From each master key three independent keys are derived, one for each purpose.
"""

import base64
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.trouble import StorageTrouble

T = TypeVar("T")

_LINE = re.compile(r"(k[0-9]{1,6}):([A-Za-z0-9+/]{43}=)")


class KeyRing:
    """Master keys by id, the writing one first. Never prints a key."""

    def __init__(self, masters: Mapping[str, bytes]) -> None:
        self.ids = tuple(masters)
        self.writing = self.ids[0]
        self._file = {name: _derived(master, "file") for name, master in masters.items()}
        self._columns = {name: AESGCM(_derived(master, "columns")) for name, master in masters.items()}
        self._audit = {name: _derived(master, "audit") for name, master in masters.items()}

    def file_keys(self) -> tuple[bytes, ...]:
        """The keys that may open the database file, the likeliest first."""
        return tuple(self._file.values())

    def columns(self, id: str) -> AESGCM:
        return self._one(self._columns, id)

    def audit(self, id: str) -> bytes:
        return self._one(self._audit, id)

    def _one(self, keys: Mapping[str, T], id: str) -> T:
        if id not in keys:
            raise StorageTrouble(
                f"There is no key {id!r} in the key file; it holds {', '.join(self.ids)}. "
                "Put back the key file that this database was last used with."
            )
        return keys[id]

    def __repr__(self) -> str:
        return f"KeyRing{self.ids}"


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"circlenote/{purpose}".encode()).derive(master)


def read_keys(path: Path) -> KeyRing:
    """The key ring in `path`. Raises StorageTrouble if it is missing, readable by others, or not a key file."""
    if not path.is_file():
        raise StorageTrouble(
            f"The key file {path} is missing. The database cannot be read without it: put it back from where you "
            "keep a copy of your keys, then start again. Nothing was changed."
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise StorageTrouble(f"Other users of this machine may read the key file {path}. Run: chmod 600 {path}")
    return KeyRing(_masters(path))


def make_keys(path: Path) -> None:
    """Writes a key file with one new key, readable by its owner only. An existing file is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        _write(path, {"k1": secrets.token_bytes(32)}, os.O_EXCL)
    except FileExistsError:
        return


def add_key(path: Path) -> str:
    """Puts a new writing key before the others, all or nothing, and returns its id."""
    read_keys(path)
    masters = _masters(path)
    fresh = f"k{1 + max(int(known.lstrip('k')) for known in masters)}"
    beside = path.with_name(path.name + ".new")
    _write(beside, {fresh: secrets.token_bytes(32), **masters}, os.O_TRUNC)
    beside.replace(path)
    _keep_name(path)
    return fresh


def _masters(path: Path) -> dict[str, bytes]:
    lines = path.read_text(encoding="ascii", errors="replace").split()
    found = [_LINE.fullmatch(line) for line in lines]
    if not found or None in found:
        raise StorageTrouble(f"{path} is not a key file, or is damaged. Put it back from where you keep a copy.")
    return {match[1]: base64.b64decode(match[2]) for match in found if match}


def _write(path: Path, masters: Mapping[str, bytes], how: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.writelines(f"{name}:{base64.b64encode(master).decode()}\n" for name, master in masters.items())
        out.flush()
        os.fsync(out.fileno())
    _keep_name(path)


def _keep_name(path: Path) -> None:
    """The file's name must outlive a power cut too: without its key the database is lost."""
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
