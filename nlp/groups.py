"""Which standing group a message is about, and whether it is about several."""

import re
from dataclasses import replace
from datetime import time

from billing.record import record
from billing.records import ClinicianId, Group, GroupId, Roster
from nlp.names import Key, key_of
from nlp.phrases import alternatives, phrases
from nlp.pipeline import Text
from nlp.rosters import members, remembered
from nlp.sentences import Sentence

_NO_NAME = re.compile(r"\b(no|cancel(?:l)?ed|cancel(?:l)?ing)\s+$", re.IGNORECASE)
_NAME_OFF = re.compile(
    r"(?:['’]?s)?(?:\s+(?:group|grp|today|tonight|tomorrow))*"
    r"\s+(?:(?:was|is|got|has been)\s+)?(?:cancel(?:l)?ed|called off|not held|off)\b(?!\s+by)",
    re.IGNORECASE,
)
_NOT_HELD = re.compile(rf"\b{alternatives(phrases('groups', 'not_held'))}\b", re.IGNORECASE)


@record
class Named:
    """A group's name in the message; `ids`: the groups it may mean. [start, end) are characters, `sentence` its number.

    `elsewhere`: it is only said where somebody comes from ("Hope from Dana's Thursday group").
    """

    ids: tuple[GroupId, ...]
    start: int
    end: int
    sentence: int
    opens: bool
    elsewhere: bool


_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")


class GroupNames:
    """What the groups of one practice are called."""

    def __init__(self, roster: Roster) -> None:
        self._keys: dict[Key, set[GroupId]] = {}
        for group in roster.groups:
            for key in _keys_of(group):
                self._keys.setdefault(key, set()).add(group.id)
        self._longest = max((len(key) for key in self._keys), default=1)
        self._begins = {key[0] for key in self._keys if key}

    def find(self, text: Text, sentences: tuple[Sentence, ...]) -> tuple[Named, ...]:
        found: list[Named] = []
        for number, sentence in enumerate(sentences):
            index = sentence.first
            while index < sentence.after:
                named = self._at(text, sentence, number, index)
                if named:
                    found.append(named[0])
                index = named[1] if named else index + 1
        return tuple(found)

    def _at(self, text: Text, sentence: Sentence, number: int, index: int) -> tuple[Named, int] | None:
        word = text.tokens[index].norm
        known = word in self._begins or f"{word}s" in self._begins
        for size in range(min(2 * self._longest, sentence.after - index) if known else 1, 0, -1):
            tokens = text.tokens[index : index + size]
            if not tokens[0].is_word or not (tokens[-1].is_word or size == 1):
                continue
            key = tuple(t.norm for t in tokens if t.is_word and t.norm != "s")
            owner = "".join(t.norm for t in tokens).replace("'", "") if size == 2 and tokens[1].norm == "s" else ""
            ids = self._keys.get(key) or self._keys.get((owner,)) or (self._short(text, index) if size == 1 else None)
            if ids and self._is_meant(text, sentence, index, size):
                named = Named(
                    ids=tuple(sorted(ids)),
                    start=tokens[0].start,
                    end=tokens[-1].end,
                    sentence=number,
                    opens=index - sentence.first < 6,
                    elsewhere=_elsewhere(text, index),
                )
                return named, index + size
        return None

    def _short(self, text: Text, index: int) -> set[GroupId] | None:
        """As in "proc grp", "soc skills": a word cut short before what follows it in the name."""
        token, following = text.tokens[index], text.at(index + 1)
        if len(token.norm) < 3 or following is None:
            return None
        fits = [
            ids
            for k, ids in self._keys.items()
            if len(k) == 2 and k[0].startswith(token.norm) and k[1] == following.norm
        ]
        if not fits and len(token.norm) > 3 and following.norm in phrases("groups", "group_words"):
            fits = [ids for key, ids in self._keys.items() if len(key) == 1 and key[0].startswith(token.norm)]
        return set().union(*fits) if fits else None

    def _is_meant(self, text: Text, sentence: Sentence, index: int, size: int) -> bool:
        """Two letters ("PM", "ss") name a group only at the start of a sentence or with the word group."""
        token = text.tokens[index]
        if size > 1 or len(token.norm) > 2:
            return True
        before = text.at(index - 1)
        after_number = (before is not None and before.end == token.start) or (before is not None and before.tag == "CD")
        return not after_number and (token.text.isupper() or index == sentence.first)


def choose(
    named: tuple[Named, ...], roster: Roster, author: ClinicianId, weekday: int, people: frozenset[str]
) -> tuple[GroupId, ...]:
    """The groups that fit best; one if the message settles it. `people`: the clients it names beyond doubt."""
    scored: dict[GroupId, float] = {}
    enrolled = {g.id: members(roster, g.id) for g in roster.groups}
    for n in named:
        for id in n.ids:
            group = roster.group(id)
            score = (
                (4 if n.opens else 2) / (1 + n.sentence * 0.5)
                + (-4 if n.elsewhere else 0)
                + (1 if len(n.ids) == 1 else 0)
            )
            score += 1 if author in (group.leader, *group.co_leaders) else 0
            score += 1 if group.schedule and weekday in group.schedule.weekdays else 0
            score += 2 * len(people & enrolled[id]) / len(people) if people else 0
            scored[id] = max(score, scored.get(id, score))
    best = max(scored.values(), default=0.0)
    return tuple(sorted(id for id, score in scored.items() if score > best - 0.5)) if best > 0 else ()


def unnamed(
    roster: Roster, author: ClinicianId, weekday: int, people: frozenset[str], starts: time | None = None
) -> tuple[GroupId, ...]:
    """The group meant where none is named: the author's own of that day, if the clients named (three at least, or two
    and the group's usual start) are all of it and no other group of that day has them all.
    """
    meets = [g for g in roster.groups if g.schedule and weekday in g.schedule.weekdays]
    timely = {g.id for g in meets if starts and g.schedule and _minutes_apart(g.schedule.starts, starts) <= 15}
    fits = [g for g in meets if len(people) > (1 if g.id in timely else 2) and people <= members(roster, g.id)]
    return (fits[0].id,) if len(fits) == 1 and author in (fits[0].leader, *fits[0].co_leaders) else ()


def _minutes_apart(one: time, other: time) -> int:
    return abs(60 * (one.hour - other.hour) + one.minute - other.minute)


def openers(named: tuple[Named, ...]) -> tuple[Named, ...]:
    """The names that open a part of a message about several groups, in order; each group once."""
    seen: dict[GroupId, Named] = {}
    for n in named:
        if n.opens and not n.elsewhere and len(n.ids) == 1:
            seen.setdefault(n.ids[0], n)
    return tuple(sorted(seen.values(), key=lambda n: n.start))


def not_held_by_name(message: str, named: tuple[Named, ...]) -> tuple[int, int] | None:
    """Where it says of the group by name that it was not held: "No bipolar tomorrow", "DBT cancelled"."""
    for n in named:
        before = _NO_NAME.search(message[: n.start])
        after = _NAME_OFF.match(message, n.end)
        if before or after:
            return (before.start(1), n.end) if before else (n.start, after.end() if after else n.end)
    return None


def not_held(message: str) -> tuple[int, int] | None:
    """Where it says so in other words: "nobody came", "had to cancel group"."""
    match = _NOT_HELD.search(message)
    return match.span() if match else None


@remembered
def group_names_of(roster: Roster) -> GroupNames:
    return GroupNames(roster)


def _keys_of(group: Group) -> set[Key]:
    """The names of a group, whole and by the words that tell it from others."""
    generic = set(phrases("groups", "generic"))
    keys: set[Key] = set()
    names = (group.name, *group.also_called)
    for name in (*names, *(_POSSESSIVE.sub("", n) for n in names if _POSSESSIVE.search(n) and " " in n)):
        words = tuple(w for w in key_of(name) if w not in {"and", "s"})
        if "&" in name and len(words) == 2:
            keys.add((f"{words[0][0]}&{words[1][0]}",))
        core = tuple(w for w in words if w not in {"group", "groups", "grp"})
        keys |= {words, core} - {()}
        keys |= {(w,) for w in words if w not in generic and len(w) > 2}
        if len(words) == 2 and words[0] in {"am", "pm"}:
            keys.add(words[:1])
    return keys | {(f"{key[0]}s",) for key in keys if len(key) == 1 and len(key[0]) > 3 and not key[0].endswith("s")}


def _elsewhere(text: Text, index: int) -> bool:
    before = [t.norm for t in text.tokens[max(0, index - 4) : index]]
    return any(word in before for word in phrases("groups", "elsewhere"))


def merged(named: tuple[Named, ...], ids: tuple[GroupId, ...]) -> Named | None:
    """Where the chosen groups are first named."""
    return next((replace(n, ids=ids) for n in named if set(n.ids) & set(ids) and not n.elsewhere), None)
