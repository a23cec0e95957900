"""The names of one practice: what its clients may be called, and which client a spelling comes closest to.

Exact names are looked up by hash. Only words that are in no dictionary are compared by sound and by edits, and never
with names of three letters or fewer.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cache, lru_cache

from metaphone import doublemetaphone
from nicknames import NickNamer
from rapidfuzz.distance import OSA

from billing.records import Client, ClientId, Roster
from nlp.phrases import table
from nlp.pipeline import fold

Key = tuple[str, ...]
_PARTS = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*\.?")


class Rank(IntEnum):
    """How good a match is; the lower the better."""

    FULL = 0
    FIRST = 1
    SURNAME = 2
    NICKNAME = 3
    INITIALS = 4
    SOUND = 5


Fits = dict[ClientId, Rank]


def key_of(name: str) -> Key:
    """The folded words of a name.

    >>> key_of("Jean-Paul St. Clair")
    ('jean', 'paul', 'st', 'clair')
    """
    return tuple(fold(part) for part in _PARTS.findall(name))


class Names:
    """`known_words`: words that are no misspelt names, in lower case."""

    def __init__(self, roster: Roster, known_words: frozenset[str] = frozenset()) -> None:
        self._known = known_words
        self._clients = {c.id: c for c in roster.clients}
        self._fits: dict[Key, Fits] = defaultdict(dict)
        for client in roster.clients:
            for key, rank in _keys(client):
                fits = self._fits[key]
                fits[client.id] = min(rank, fits.get(client.id, rank))
        self._add_nicknames(roster.clients)
        self.longest = max((len(key) for key in self._fits), default=1)
        self.begins = frozenset(key[0] for key in self._fits if key)
        self.words = frozenset(word for key in self._fits for word in key if len(word) > 2)
        self._firsts = {
            key[0]: tuple(fits) for key, fits in self._fits.items() if len(key) == 1 and Rank.FIRST in fits.values()
        }
        self._spoken = self._spoken_names(roster.clients)
        self._alike: dict[str, list[str]] = defaultdict(list)
        for name in self._spoken:
            for bucket in (f"{name[0]}{len(name)}", *_sounds(name)):
                self._alike[bucket].append(name)

    def exact(self, key: Key) -> Fits:
        return self._fits.get(key, {})

    def near(self, word: str) -> Fits:
        """The clients whose name `word` is a misspelling of; empty if it is a word of its own or too far off."""
        if word in self._irregular:
            return dict(self._irregular[word])
        if not word.isalpha() or len(word) < 3 or word in self._known:
            return {}
        names = self._names_like(word)
        scored = [(score, id) for name in names if (score := _closeness(word, name)) for id in self._spoken[name]]
        best = max((score for score, _ in scored), default=0.0)
        return {id: Rank.SOUND for score, id in scored if score >= best - 0.06}

    def _names_like(self, word: str) -> tuple[str, ...]:
        """All names that `word` can be close to: of about its length with its first letter, or of its sound."""
        buckets = (*(f"{word[0]}{size}" for size in range(len(word) - 2, len(word) + 3)), *_sounds(word))
        return tuple(dict.fromkeys(name for bucket in buckets for name in self._alike.get(bucket, ())))

    def plural(self, word: str) -> Fits:
        """The clients that "Marias", "the Crystals" may mean: all who have the name or one much like it."""
        stem = next((s for s in (word[:-1], word[:-2]) if (word.endswith("s") and self.exact((s,)))), "")
        fits = {id: rank for id, rank in self.exact((stem,)).items() if rank <= Rank.SURNAME}
        if not fits:
            return {}
        alike = (ids for name, ids in self._firsts.items() if _same_sound(stem, name) and OSA.distance(stem, name) <= 1)
        return fits | {id: Rank.FIRST for ids in alike for id in ids}

    def surname_sounds_like(self, word: str, client: ClientId) -> bool:
        """For the word after a first name: "mohammed sadiki"."""
        last = key_of(self._clients[client].last)
        return len(last) == 1 and word[:1] == last[0][0] and _same_sound(word, last[0])

    def first_sounds_like(self, word: str, client: ClientId) -> bool:
        """For the word before a surname: "robbie patil", "moe al farsi"."""
        person = self._clients[client]
        heard = [
            key[0] for name in (person.first, person.preferred or "", *person.also_called) if (key := key_of(name))
        ]
        return any(
            word == name or _same_sound(word, name) or (len(word) > 1 and name.startswith(word)) for name in heard
        )

    def _add_nicknames(self, clients: tuple[Client, ...]) -> None:
        own = {key for client in clients for key, rank in _keys(client) if rank is Rank.FIRST}
        for client in clients:
            for nickname in _nicknames(fold(client.first)):
                if (nickname,) not in own:
                    self._fits[(nickname,)].setdefault(client.id, Rank.NICKNAME)

    def _spoken_names(self, clients: tuple[Client, ...]) -> dict[str, tuple[ClientId, ...]]:
        """Every single name of three letters or more, and who has it; and the irregular sounds on the side."""
        found: dict[str, set[ClientId]] = defaultdict(set)
        self._irregular: dict[str, Fits] = defaultdict(dict)
        sounds = table("people", "sounds_like")
        for client in clients:
            for name in (client.first, client.preferred or "", client.last, *client.also_called):
                key = key_of(name)
                if len(key) == 1 and len(key[0]) > 2:
                    found[key[0]].add(client.id)
                for spelling in sounds.get("".join(key), ()):
                    self._irregular[spelling][client.id] = Rank.SOUND
        return {name: tuple(sorted(ids)) for name, ids in found.items()}


def _keys(client: Client) -> Iterator[tuple[Key, Rank]]:
    """Everything that the roster itself says the client may be called."""
    last = key_of(client.last)
    for name in filter(None, (client.first, client.preferred, *client.also_called)):
        first = key_of(name)
        yield first, Rank.FIRST
        yield (*first, *last), Rank.FULL
        yield (*last, *first), Rank.FULL
        yield (*first, last[0][0]), Rank.FULL
        yield (first[0][0], *last), Rank.FULL
        if name.isupper() and len(first) == 1:
            yield tuple(first[0]), Rank.FIRST
    yield last, Rank.SURNAME
    yield from _initials(client)


def _initials(client: Client) -> Iterator[tuple[Key, Rank]]:
    last = key_of(client.last)
    whole = "".join(part[0] for part in last)
    for first in filter(None, (key_of(client.first), key_of(client.preferred or ""))):
        yield (first[0][0] + whole,), Rank.INITIALS
        yield ("".join(part[0] for part in first) + whole,), Rank.INITIALS
        if len(first) > 1:
            yield ("".join(part[0] for part in first),), Rank.INITIALS
        yield (first[0][0] + last[0][0],), Rank.INITIALS if len(last) == 1 else Rank.SOUND
        if len(last) > 1:
            yield (first[0][0] + last[0][0], *(part[0] for part in last[1:])), Rank.INITIALS


@cache
def _namer() -> NickNamer:
    return NickNamer()


def _nicknames(first: str) -> Iterable[str]:
    return sorted(n for n in _namer().nicknames_of(first) if len(n) > 2)


@cache
def given_names() -> frozenset[str]:
    """Common given names, to know a person by who is on no list."""
    return frozenset(name for full, short in _namer().nickname_lookup.items() for name in (full, *short))


def _same_sound(word: str, name: str) -> bool:
    return bool(_sounds(word) & _sounds(name))


@lru_cache(maxsize=1 << 16)
def _sounds(word: str) -> frozenset[str]:
    """The metaphone codes of a word."""
    return frozenset(filter(None, doublemetaphone(word)))


def _closeness(word: str, name: str) -> float:
    """From 0 (another word) to 1 (the same); edits lead, sound helps."""
    edits = OSA.distance(word, name)
    likeness = 1 - edits / max(len(word), len(name))
    if len(name) <= 3:
        swapped = edits == 1 and sorted(word) == sorted(name)
        return likeness if swapped else 0.0
    if len(word) < 4:
        return 0.0
    sound = _same_sound(word, name)
    if edits > (1 if len(name) < 7 else 2) and not (sound and likeness >= 0.55):
        return 0.0
    return likeness + (0.1 if sound else 0) if word[0] == name[0] or sound else 0.0
