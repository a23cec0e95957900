"""Word lists that a clinician can read and correct: one TOML file for each module that uses them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def phrases(file: str, key: str) -> tuple[str, ...]:
    """The phrases under `key` ("a" or "a.b") in `file`, in lower case as people type them.

    Raises KeyError where there is no such list: the file and the code belong together.
    """
    found: Any = _file(file)
    for part in key.split("."):
        found = found[part]
    return tuple(found)


@cache
def table(file: str, key: str) -> dict[str, tuple[str, ...]]:
    """The lists under `key` by their names."""
    return {name: tuple(words) for name, words in _file(file)[key].items()}


def alternatives(words: tuple[str, ...]) -> str:
    """A regular expression for any of `words`, longest first; a blank matches any run of blanks.

    A word may itself use `?`, `(a|b)` and `.`-free expressions, so that a list can say "cancel(l)?ed".
    """
    longest = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(w.replace(" ", r"\s+") for w in longest) + ")"
