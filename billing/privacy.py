"""Keeps other clients out of a client's chart: their names become "a peer".

A name is matched as a whole word in any case: full, first, preferred and last names, nicknames, "Maria L", "MariaL",
and initials in capitals. Some names are words as well (Will, Hope, May): those count as names where they have a
capital, and as words where what stands around them leaves no other reading. What is also the client's own name stays.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from billing.record import record
from billing.records import Client, ClientId, Roster

PEER = "a peer"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALSO_WORDS = _words(
    """
    al april art best bill black brown bush case cash chance chase christian church cook cross day di dot drew
    ed faith field forest frank good grace gray green guy harmony heaven hill honor hope house hunter joy
    justice king lake little long love mark may mercy moon noble page park pat patience power price rain ray
    rich river rivers rose rush savage serenity sharp short skip sky small song star stone storm strong summer sun
    sunny trinity west white will winter wood woods young
    """
)
"""Names that a note may well use as plain words, in lower case. The list is short on purpose: "bob" is Bob."""

LITTLE_WORDS = _words("am an as at be by do go he if in is it me my no on or see so to up us we you")
"""Names that begin sentences as plain words, and are names only with a capital further on."""

VERBS = _words("chase drew may will")
PREPOSITIONS = _words("about between by from toward towards with")
"""No verb can follow one: "with will" is Will."""

MODALS = frozenset(("may", "will"))
AFTER_A_MODAL = re.compile(
    r"\s+(?:also |not |still |then |now )?(?:ask|attend|be|begin|bring|call|check|complete|come|continue|do|follow|get"
    r"|go|have|join|keep|meet|need|not|practice|read|return|see|share|speak|start|stay|take|talk|think|try|use|want"
    r"|work|write)\b"
)
"""What can follow the plain word at the beginning of a sentence: "Will practice at home"."""

AFTER_A_NAME = re.compile(r"\s+(?:and|did|felt|gave|got|had|has|is|led|said|shared|talked|was|went)\b", re.IGNORECASE)
"""What cannot follow "will" or "may" as a verb: "will was quiet" is Will."""

MONTHS = _words("april august june may")
BEFORE_A_MONTH = _words("early in last late next since this until")

ABBREVIATIONS = _words(
    """
    AA AD AH AM AP AV BA BP CA CD CM CO CP CT DA DC DO DT DV DX ED ER ET FX GI HI HR HX ID IM IN IP IQ IT IV LA
    LD MA MD MH MI MS MT NA NO NP NY OA OD OK OP OR OT PA PC PD PE PM PO PR PT RN RX SA SH SI SO ST SW TB TX UA
    UP US VA VM WA
    """
)
"""Pairs of capitals that mean something else in a note. As initials they are left alone: "denied SI" must stay."""

PLAIN_WITH_S = _words("as bus gas has his is its this thus us was yes")
"""Words that are not somebody's possessive without an apostrophe."""

NO_LETTER_BEFORE, NO_LETTER_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
"""Digits and underscores do not count as letters: "@maria_l" and "Tom2" are names too."""


@record
class _Finder:
    """Finds names, the longest first. `own` are the keys of names that stay, though they are another's as well."""

    pattern: re.Pattern[str]
    own: frozenset[str]

    def others(self, text: str) -> Iterator[re.Match[str]]:
        """Every place where somebody else is named."""
        return (m for m in self.pattern.finditer(text) if self.names_another(m))

    def names_another(self, match: re.Match[str]) -> bool:
        return _key(match["name"]) not in self.own and not _is_plain_word(match)


def without_names(text: str, own: ClientId, roster: Roster, present: Sequence[ClientId]) -> str:
    """The text for the chart of `own`, with every way to name another of those present as "a peer".

    Clients whose name another shares keep it: "Maria" stays in Maria's chart, "Maria L" does not. `own` may be blank,
    for text that goes into everybody's chart. Everything else stays as it was written, in Unicode's NFC.
    """
    plain = unicodedata.normalize("NFC", text)
    others = (way for c in roster.clients if c.id in present and c.id != own for way in _ways_to_name(c))
    finder = _finder(others, own, roster)
    replaced = finder.pattern.sub(lambda m: _peer(m) if finder.names_another(m) else m[0], plain)
    return replaced if replaced == plain else SEVERAL.sub(_peers, replaced)


def names_left(text: str, own: ClientId, roster: Roster) -> tuple[str, ...]:
    """What in this text still names another client, in order, each once.

    Every way to name those who share a group with `own`; of everybody else, whose first names may be anybody's, full
    names only.
    """
    plain = unicodedata.normalize("NFC", text)
    mates = _groupmates(own, roster)
    near = [way for c in roster.clients if c.id in mates for way in _ways_to_name(c)]
    far = [way for c in roster.clients if c.id not in mates and c.id != own for way in _full_names(c)]
    return tuple(dict.fromkeys(m["name"] for m in _finder([*near, *far], own, roster).others(plain)))


def _groupmates(own: ClientId, roster: Roster) -> frozenset[ClientId]:
    groups = {e.group for e in roster.enrolments if e.client == own}
    return frozenset(e.client for e in roster.enrolments if e.group in groups and e.client != own)


def _finder(others: Iterable[tuple[str, str]], own: ClientId, roster: Roster) -> _Finder:
    """Of names and their patterns. One's own are sought as well, so that they shield what they cover."""
    mine = dict(way for c in roster.clients if c.id == own for way in _ways_to_name(c))
    by_length = sorted({**dict(others), **mine}.items(), key=lambda way: -len(way[0]))
    names = "|".join(pattern for _, pattern in by_length) or "(?!)"
    pattern = rf"{NO_LETTER_BEFORE}(?P<name>{names})(?P<whose>['’]?s|(?<=s)['’])?{NO_LETTER_AFTER}"
    return _Finder(pattern=re.compile(pattern, re.IGNORECASE), own=frozenset(_key(name) for name in mine))


# ---- what takes the place of a name ----------------------------------------------------------------------------


SEVERAL = re.compile(rf"\b({PEER})(?:(?:,? (?:and|&|\+) |, ?| ?[/+&] ?){PEER})+\b(?!['’])", re.IGNORECASE)


def _peer(match: re.Match[str]) -> str:
    capital = match["name"][0].isupper() and _opens_a_sentence(match)
    return (PEER.capitalize() if capital else PEER) + ("'s" if match["whose"] else "")


def _peers(match: re.Match[str]) -> str:
    """Several in a row."""
    return "Peers" if match[1][0] == "A" else "peers"


def _opens_a_sentence(match: re.Match[str]) -> bool:
    before = match.string[: match.start()].rstrip()
    return not before or before[-1] in ".!?"


# ---- name or word ----------------------------------------------------------------------------------------------


def _is_plain_word(match: re.Match[str]) -> bool:
    """Whether what looks like a name is meant as a word."""
    name, whose = match["name"], match["whose"]
    word = name.casefold()
    if whose == "s" and (len(name) < 3 or word in ALSO_WORDS or f"{word}s" in PLAIN_WITH_S):
        return True
    if word in LITTLE_WORDS:
        return not name.istitle() or _opens_a_sentence(match)
    if word not in ALSO_WORDS or whose:
        return len(name) == 1 and name.islower()
    return _is_plain_capital(match) if name[0].isupper() else not _is_lower_case_name(match)


def _is_lower_case_name(match: re.Match[str]) -> bool:
    """Whether it stands where no verb can: "with will", "will was quiet"."""
    subject = match["name"] in MODALS and AFTER_A_NAME.match(match.string, match.end())
    return bool(subject) or _follows(match, VERBS, PREPOSITIONS)


def _is_plain_capital(match: re.Match[str]) -> bool:
    """A sentence that begins with "Will practice", a month, or an abbreviation such as ED."""
    name, word = match["name"], match["name"].casefold()
    modal = word in MODALS and _opens_a_sentence(match) and AFTER_A_MODAL.match(match.string, match.end())
    return bool(modal) or _follows(match, MONTHS, BEFORE_A_MONTH) or (len(name) == 2 and not name.istitle())


def _follows(match: re.Match[str], words: frozenset[str], before: frozenset[str]) -> bool:
    """Whether this is one of `words`, with one of `before` in front of it."""
    in_front = match.string[: match.start()].split()[-1:]
    return match["name"].casefold() in words and bool(in_front) and in_front[0].casefold() in before


OWN_WORDS = frozenset("ANRUWX")
"""Letters that are words by themselves in a quick message: as an initial they need a capital."""

ABBREVIATING_DOT = r"(?:\.(?!\s*$|\s+(?-i:[A-Z])))?"
"""A dot, unless it ends the sentence."""


# ---- the ways to write a name ----------------------------------------------------------------------------------


def _key(name: str) -> str:
    """A name by its letters: the same for "Maria L." and "maria_l"."""
    return "".join(letter for letter in name.casefold() if letter.isalpha())


def _ways_to_name(client: Client) -> Iterator[tuple[str, str]]:
    """Every way to write this client's name, with the pattern that finds it."""
    yield from _full_names(client)
    for name in (*_first_names(client), client.last):
        for spelling in _spellings(name):
            yield spelling, _loose(spelling)
    initials = (client.first[:1] + client.last[:1]).upper()
    if len(initials) == 2 and initials not in ABBREVIATIONS:
        yield initials, rf"(?-i:{re.escape(initials[0])}\.?\s?{re.escape(initials[1])}\b\.?)"


def _full_names(client: Client) -> Iterator[tuple[str, str]]:
    """First and last name, either of them perhaps as an initial."""
    for last in _spellings(client.last):
        yield f"{client.first[:1]} {last}", rf"{re.escape(client.first[:1])}\.?\s?{_loose(last)}"
        for name in _first_names(client):
            for first in _spellings(name):
                yield f"{first} {last}", rf"{_loose(first)}[\s._-]*{_loose(last)}"
                yield f"{first} {last[:1]}", rf"{_loose(first)}{_last_initial(last[:1])}"


def _first_names(client: Client) -> tuple[str, ...]:
    """What the client is called; not single letters that are words."""
    return tuple(n for n in (client.first, client.preferred, *client.also_called) if n and n not in ("A", "I"))


def _spellings(name: str) -> tuple[str, ...]:
    """As the roster has it, and without accents."""
    composed = unicodedata.normalize("NFC", name)
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return tuple(dict.fromkeys((composed, bare)))


def _loose(name: str) -> str:
    """Finds a name with any blanks and any kind of apostrophe, or none."""
    return re.sub(r"['’]", "['’]?", re.escape(name)).replace(r"\ ", r"\s+")


def _last_initial(letter: str) -> str:
    """Finds the L of "Maria L", "maria l." and "Maria_L"; not the a of "gave Tom a hug", nor the w of "Tom w/ mom"."""
    if letter == "I":
        return r"(?:[._]?(?-i:I)\b|\s(?-i:I)\.)"
    initial = rf"(?-i:{letter})" if letter in OWN_WORDS else re.escape(letter)
    return rf"[\s._-]?{initial}\b{ABBREVIATING_DOT}(?!/)"
