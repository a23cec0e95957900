"""Who is meant: finds every name in a message and says which clients it fits.

A name is settled, or fits several clients, or none. What decides is the roster, never a guess: a name that belongs to
somebody's boyfriend, to a colleague or to nobody we know is found as well, because it ends what is said of the client
before it.
"""

from billing.records import ClientId, Clinician, ClinicianId, Roster
from nlp.mentions import Kind, Mention, as_kind, mention_of, run_of, with_ids
from nlp.names import Fits, Key, Names, Rank, key_of
from nlp.naming import Naming
from nlp.phrases import phrases
from nlp.pipeline import Text, fold
from nlp.rosters import pronouns, remembered

__all__ = ["Kind", "Mention", "People", "people_of"]

_TITLES = {"mr": "he", "mister": "he", "mrs": "she", "ms": "she", "miss": "she", "mx": "they"}


class People:
    """The people of one practice, found in messages. `known_words` as in `Names`."""

    def __init__(self, roster: Roster, known_words: frozenset[str] = frozenset()) -> None:
        self.names = Names(roster, known_words)
        self._naming = Naming(known_words)
        self._staff = _staff_keys(roster.clinicians)
        self._staff_begins = {key[0] for key in self._staff}
        self._not_people = _group_words(roster) | set(phrases("people", "not_names"))
        self._pronouns = pronouns(roster)

    def find(self, text: Text, enrolled: tuple[ClientId, ...] = ()) -> tuple[Mention, ...]:
        """Every person named in the message, in order. `enrolled`: the clients of the group it speaks of, if known."""
        return self.settle(text, self.spot(text), enrolled)

    def spot(self, text: Text) -> tuple[Mention, ...]:
        """Every person named in the message, with all the clients that each name fits."""
        found: list[Mention] = []
        introduced: dict[str, Fits] = {}
        index = 0
        while index < len(text.tokens):
            mention = self._mention_at(text, index, introduced, found)
            if mention is None:
                index += 1
                continue
            found.append(mention)
            index = mention.after
        return tuple(self._outsiders(text, found))

    def settle(self, text: Text, found: tuple[Mention, ...], enrolled: tuple[ClientId, ...]) -> tuple[Mention, ...]:
        """The same names, with the clients they mean in a group where `enrolled` are."""
        surnames = sum(1 for m in found if m.ranks and set(m.ranks) == {Rank.SURNAME}) >= 2
        settled = [self._chosen(m, enrolled, surnames=surnames) for m in found]
        sure = {id for m in settled if m.settled for id in m.ids}
        return tuple(self._by_context(text, m, sure) for m in settled if m.ids or m.kind is not Kind.CLIENT)

    def named(self, words: str, enrolled: tuple[ClientId, ...] = ()) -> tuple[ClientId, ...]:
        """The clients that a name typed by itself fits ("maria g"): one when it is settled, none when it is unknown."""
        key = key_of(words)
        fits = self.names.exact(key) or (self.names.near(key[0]) if len(key) == 1 else {})
        return _best(fits, enrolled, surnames=False)

    # ---- finding -----------------------------------------------------------------------------------------------

    def _mention_at(self, text: Text, index: int, introduced: dict[str, Fits], found: list[Mention]) -> Mention | None:
        if not text.tokens[index].is_word:
            return None
        previous = found[-1].after if found else -1
        return (
            self._several(text, index)
            or self._titled(text, index)
            or self._client(text, index, introduced, previous)
            or self._colleague(text, index)
            or self._introduced(text, index)
            or self._misspelt(text, index, introduced)
            or self._stranger(text, index, previous)
        )

    def _several(self, text: Text, index: int) -> Mention | None:
        """As in "both Marias", "the two Sams"; "one of the Crystals" fits several and means one."""
        token = text.tokens[index]
        fits = self.names.plural(token.norm)
        if len(fits) < 2 or self.names.exact((token.norm,)):
            return None
        before = [t.norm for t in text.tokens[max(0, index - 3) : index]]
        one = before[-3:] in (["one", "of", "the"], ["one", "of", "our"])
        first = index - 3 if one else index
        return mention_of(text, first, index + 1, fits, many=not one)

    def _titled(self, text: Text, index: int) -> Mention | None:
        """As in "Mr. Overstreet", "Mrs. Vickers": the surname, and who it can be by the title."""
        title = _TITLES.get(text.tokens[index].norm)
        first = index + 1 + (1 if title and (t := text.at(index + 1)) and t.text == "." else 0)
        for size in range(min(2 * self.names.longest, len(text.tokens) - first), 0, -1) if title else ():
            tokens = run_of(text, first, size)
            fits = self.names.exact(tuple(t.norm for t in tokens if t.is_word)) if tokens else {}
            fitting = {i: r for i, r in fits.items() if r <= Rank.SURNAME and self._may_be(i, str(title))}
            if fitting:
                return mention_of(text, index, first + size, fitting)
        return None

    def _may_be(self, client: ClientId, pronoun: str) -> bool:
        return pronoun in (self._pronouns[client] or pronoun)

    def _client(self, text: Text, index: int, introduced: dict[str, Fits], previous: int) -> Mention | None:
        if text.tokens[index].norm not in self.names.begins and text.tokens[index].norm not in introduced:
            return None
        for size in range(min(2 * self.names.longest, len(text.tokens) - index), 0, -1):
            tokens = run_of(text, index, size)
            key = tuple(t.norm for t in tokens if t.is_word)
            fits = introduced.get(key[0]) if len(key) == 1 and size == 1 else None
            fits = fits or (self.names.exact(key) if tokens else {})
            if size == 1 and fits and (other := self._with_surname(text, index)):
                return other
            known = size == 1 and key[0] in introduced if key else False
            if fits and (known or self._naming.is_name(text, index, index + size, fits, previous)):
                if min(fits.values()) is Rank.INITIALS and len(key) == 1:
                    introduced[key[0]] = dict(fits)
                return self._longer(text, index, index + size, fits, introduced)
        return None

    def _longer(self, text: Text, first: int, after: int, fits: Fits, introduced: dict[str, Fits]) -> Mention:
        """A first name whose surname is misspelt, or a surname whose first name is: one person."""
        following = run_of(text, after, 1) if after < len(text.tokens) else ()
        if following and after - first == 1 and text.between(text.tokens[after - 1], following[0]).strip(" ") == "":
            matching = {id: Rank.FULL for id in fits if self.names.surname_sounds_like(following[0].norm, id)}
            if len(matching) == 1 and fits[next(iter(matching))] <= Rank.FIRST and following[0].norm not in introduced:
                return mention_of(text, first, after + 1, matching)
        return mention_of(text, first, after, fits)

    def _misspelt(self, text: Text, index: int, introduced: dict[str, Fits]) -> Mention | None:
        token = text.tokens[index]
        with_surname = self._with_surname(text, index)
        if with_surname is not None:
            introduced[token.norm] = {with_surname.ids[0]: Rank.FIRST}
            return with_surname
        if token.norm in self._not_people or not self._naming.may_be_misspelt(text, index):
            return None
        fits = self.names.near(token.norm)
        return self._longer(text, index, index + 1, fits, introduced) if fits else None

    def _with_surname(self, text: Text, index: int) -> Mention | None:
        """As in "moe al farsi": the surname is right, and the word before it sounds like the first name."""
        token, surname = text.tokens[index], text.at(index + 1)
        if surname is None or surname.norm not in self.names.begins:
            return None
        for size in range(min(2 * self.names.longest, len(text.tokens) - index - 1), 0, -1):
            tokens = run_of(text, index + 1, size)
            fits = self.names.exact(tuple(t.norm for t in tokens if t.is_word)) if tokens else {}
            near = text.between(token, tokens[0]) == " " if tokens else False
            ids = [i for i, r in fits.items() if r is Rank.SURNAME and self.names.first_sounds_like(token.norm, i)]
            if near and len(ids) == 1 and len(token.norm) > 1:
                return mention_of(text, index, index + 1 + size, {ids[0]: Rank.FULL})
        return None

    def _colleague(self, text: Text, index: int) -> Mention | None:
        for size in (3, 2, 1) if text.tokens[index].norm in self._staff_begins else ():
            tokens = run_of(text, index, size)
            staff = self._staff.get(tuple(t.norm for t in tokens if t.is_word)) if tokens else None
            if staff and (tokens[0].text[0].isupper() or len(tokens[0].norm) > 2):
                return mention_of(text, index, index + size, {}, kind=Kind.STAFF, staff=staff)
        return None

    def _introduced(self, text: Text, index: int) -> Mention | None:
        return self._unknown(text, index) if self._naming.is_introduced(text, index) else None

    def _stranger(self, text: Text, index: int, previous: int) -> Mention | None:
        if text.tokens[index].norm in self._not_people or not self._naming.is_stranger(text, index, previous):
            return None
        return self._unknown(text, index)

    def _unknown(self, text: Text, index: int) -> Mention:
        """Somebody on no list, with the surname if there is one."""
        token, after = text.tokens[index], index + 1
        following = text.at(after)
        if following and text.between(token, following) == " " and self._naming.is_surname(text, after):
            after += 1
        return mention_of(text, index, after, {}, kind=Kind.STRANGER)

    # ---- settling ----------------------------------------------------------------------------------------------

    def _outsiders(self, text: Text, found: list[Mention]) -> list[Mention]:
        """Marks "her boyfriend Jake", and every other "Jake" of a name that fits no client."""
        outside = {
            fold(m.text) for m in found if m.kind is not Kind.STAFF and self._naming.is_outsider(text, m.first, m.after)
        }
        return [as_kind(m, Kind.OUTSIDER) if self._is_outside(text, m, outside) else m for m in found]

    def _is_outside(self, text: Text, mention: Mention, outside: set[str]) -> bool:
        if mention.kind is Kind.STAFF:
            return False
        here = self._naming.is_outsider(text, mention.first, mention.after)
        return here or (mention.kind is Kind.STRANGER and fold(mention.text) in outside)

    def _chosen(self, mention: Mention, enrolled: tuple[ClientId, ...], *, surnames: bool) -> Mention:
        if mention.kind is not Kind.CLIENT:
            return mention
        fits = dict(zip(mention.ids, mention.ranks, strict=True))
        ids = _best(fits, enrolled, surnames=surnames)
        if mention.many and len(ids) == 1:
            ids = tuple(sorted(id for id, rank in fits.items() if rank <= Rank.FIRST))
        return with_ids(mention, ids)

    def _by_context(self, text: Text, mention: Mention, sure: set[ClientId]) -> Mention:
        """A name that fits several is settled if the message names one of them in full, or by "her" or "his"."""
        if not mention.unclear or " of the " in mention.text:
            return mention
        named = [id for id in mention.ids if id in sure]
        if len(named) == 1 and len(mention.text.split()) == 1:
            return with_ids(mention, tuple(named))
        his = self._naming.pronoun_after(text, mention.after)
        fitting = [id for id in mention.ids if his and his in (self._pronouns[id] or "")]
        others = [id for id in mention.ids if his and his not in (self._pronouns[id] or his)]
        return (
            with_ids(mention, tuple(fitting)) if len(fitting) == 1 and len(others) == len(mention.ids) - 1 else mention
        )


@remembered
def people_of(roster: Roster, known_words: frozenset[str] = frozenset()) -> People:
    """The people of a roster, indexed once."""
    return People(roster, known_words)


def _best(fits: Fits, enrolled: tuple[ClientId, ...], *, surnames: bool) -> tuple[ClientId, ...]:
    """The clients that a name fits best. Who is enrolled comes first, unless somebody else fits clearly better."""
    inside = {id: rank for id, rank in fits.items() if id in enrolled}
    if not inside:
        usable = {id: rank for id, rank in fits.items() if not enrolled or rank < Rank.INITIALS}
        return _lowest(usable)
    best = min(inside.values())
    if best > Rank.FIRST and not (surnames and best is Rank.SURNAME):
        better = {id: rank for id, rank in fits.items() if rank <= Rank.FIRST}
        if better:
            return tuple(sorted({*better, *_lowest(inside)}))
    return _lowest(inside)


def _lowest(fits: Fits) -> tuple[ClientId, ...]:
    best = min(fits.values(), default=None)
    return tuple(sorted(id for id, rank in fits.items() if rank == best))


def _staff_keys(clinicians: tuple[Clinician, ...]) -> dict[Key, ClinicianId]:
    keys: dict[Key, ClinicianId] = {}
    for clinician in clinicians:
        key = key_of(clinician.name)
        for short in (key, key[:1], (*key[:1], key[-1][0])):
            keys.setdefault(short, clinician.id)
        first = key_of(clinician.name.split()[0])
        keys.setdefault(first, clinician.id)
        for title in ("dr", *_TITLES):
            keys.setdefault((title, key[-1]), clinician.id)
    return keys


def _group_words(roster: Roster) -> set[str]:
    names = (name for g in roster.groups for name in (g.name, g.modality, *g.also_called))
    return {word for name in names for word in key_of(name)}
