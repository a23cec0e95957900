"""Spellings as numbers: hashed ids, and a short vector for each common word."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]

from nlp.pipeline import Token

WIDTH = 64
COLUMNS = 5


class Lexicon:
    """Word vectors of an English dictionary, kept in one byte a number."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as file:
            self._rows = {int(k): int(r) for k, r in zip(file["keys"], file["rows"], strict=True)}
            self._vectors = file["vectors"].astype(np.float32) / 32
        self._none = np.zeros(WIDTH, dtype=np.float32)
        self._cache: dict[tuple[str, str], tuple[int, ...]] = {}

    def vector(self, word: str) -> NDArray[np.float32]:
        row = self._rows.get(hash_string(word)) if word else None
        return self._none if row is None else self._vectors[row]

    def ids(self, token: Token, *, hidden: str) -> tuple[int, ...]:
        """Spelling, beginning, end, shape and part of speech, hashed."""
        if hidden:
            return self._ids(hidden, "NNP")
        return self._ids(token.norm if not token.norm.isdigit() else "d" * len(token.norm), token.tag)

    def _ids(self, word: str, tag: str) -> tuple[int, ...]:
        known = self._cache.get((word, tag))
        if known is None:
            parts = (word, word[:3], word[-3:], _shape(word), tag)
            known = self._cache[word, tag] = tuple(hash_string(p) if p else 0 for p in parts)
        return known


def _shape(word: str) -> str:
    return "".join("d" if c.isdigit() else "x" if c.isalpha() else c for c in word)[:6]
