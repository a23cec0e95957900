"""What a message says of the group session itself: how it met, who led it, what it was about."""

import re
from collections.abc import Iterator

from billing.record import record
from billing.records import ClinicianId, Mode
from nlp.attribution import Owned
from nlp.clinical import chars
from nlp.mentions import Kind, Mention
from nlp.phrases import alternatives, phrases, table
from nlp.pipeline import Text

_FLAGS = re.IGNORECASE
_MODES = {
    Mode(name): re.compile(rf"(?<!\w){alternatives(words)}(?!\w)", _FLAGS)
    for name, words in table("session", "mode").items()
}
_MODE_BEFORE = {
    Mode(name): re.compile(rf"(?:^|[\s,;.(])(?P<cue>{alternatives(words)})\s*[:=]?\s*$", _FLAGS)
    for name, words in table("session", "mode_before").items()
}
_MODE_WORDS = ("person", "zoom", "video", "telehealth", "phone", "virtual", "online")
_NOT_MODE = re.compile(alternatives(phrases("session", "not_mode.words")), _FLAGS)
_LED = re.compile(rf"^\W*(?:and\s+)?{alternatives(phrases('session', 'lead.led'))}\b", _FLAGS)
_CO_LED = re.compile(rf"^\W*{alternatives(phrases('session', 'lead.co_led'))}\b", _FLAGS)
_I_CO_LED = re.compile(rf"\bI\s+{alternatives(phrases('session', 'lead.co_led'))}\b", _FLAGS)
_PROCESS = re.compile(rf"\b{alternatives(phrases('session', 'process.words'))}", _FLAGS)
_TECHNIQUE = re.compile(
    rf"(?<![\w-])(?:{alternatives(phrases('clinical', 'group.techniques'))}|"
    rf"(?:[\w'’-]+\s+){{1,2}}{alternatives(phrases('clinical', 'group.technique_nouns'))})(?![\w-])",
    _FLAGS,
)
_DONE = re.compile(
    rf"\b{alternatives(phrases('clinical', 'group.done'))}\s*[:=]?\s+(?:the\s+|a\s+|an\s+|some\s+|our\s+|on\s+)*"
    rf"(?!{alternatives(phrases('clinical', 'group.not_done'))}\b)"
    r"(?P<what>[\w\"“'’&+-]+(?:\s+(?!(?:w/|with|and\s+then|then|for|because|which|again|at|today|tonight|but|since|where|who|as|so|um|uh)\b)"
    r"[\w\"“”'’&+/-]+){0,6})",
    _FLAGS,
)
_SHORT = 5  # words of a line that names a technique; a longer one tells the topic
_TOPIC = re.compile(
    rf"^\W*(?:🎯\s*)?(?:so\s+|then\s+|and\s+|okay\s+)?{alternatives(phrases('clinical', 'group.topic_starts'))}\b",
    _FLAGS,
)
_GROUP_STARTS = re.compile(rf"^\W*{alternatives(phrases('clinical', 'group.group_starts'))}\b", _FLAGS)
_ABOUT_GROUP = re.compile(rf"\b{alternatives(phrases('clinical', 'group.about_group'))}\b", _FLAGS)
_SMALL_TALK = re.compile(
    rf"\b(?:hi|hey|hello|sorry|thanks|thx|thank|long|quick|note|notes|attendance|late|early|ok|okay|please|question|fyi|dr|"
    rf"who|absent|missing|present|room|today|tonight|yesterday|week|again|luck|{'|'.join(_MODE_WORDS)})\b",
    _FLAGS,
)
_LEADING = {
    "the",
    "a",
    "an",
    "her",
    "his",
    "their",
    "did",
    "and",
    "w/",
    "with",
    "of",
    "on",
    "we",
    "used",
    "for",
    "in",
    "to",
    "our",
    "some",
    "through",
    "by",
    "then",
    "practiced",
    "practised",
    "reviewed",
    "filled",
    "brought",
    "taught",
    "until",
    "doing",
    "us",
    "about",
    "asked",
    "good",
    "asking",
    "led",
}


@record
class Said:
    """Words about the whole session; [start, end) are characters."""

    slot: str
    value: Mode | bool | str
    start: int
    end: int
    why: str


def modes_of(text: Text, owned: tuple[Owned, ...], firsts: tuple[int, ...]) -> Iterator[tuple[str, Mode, int, int]]:
    """Subject (blank: the whole session), way of meeting, and the characters that say so.

    "On Zoom: Jose & Kat" speaks of these two; where it stands by itself it speaks of everybody.
    """
    of_clients = list(_modes_of_clients(text, owned, firsts))
    if of_clients:
        yield from of_clients
        return
    shadowed = [m.span() for m in _NOT_MODE.finditer(text.message)]
    found = [
        (mode, m.start(), m.end())
        for mode, p in _MODES.items()
        for m in p.finditer(text.message)
        if not _inside(m.span(), shadowed)
    ]
    by_phone = [f for f in _owned_calls(text, owned, found) if len({mode for mode, _, _ in found}) > 1]
    yield from by_phone
    found = [f for f in found if f[1:] not in {(start, end) for _, _, start, end in by_phone}]
    modes = {mode for mode, _, _ in found}
    if Mode.AUDIO in modes:
        found = [f for f in found if f[0] is Mode.AUDIO]
    elif len(modes) > 1:
        return
    owned_spans = [chars(text, o.clause.body, o.clause.after) for o in owned if o.named]
    for mode, start, end in found:
        if mode is Mode.AUDIO or not _inside((start, end), owned_spans):
            yield "", mode, start, end
            return


def _owned_calls(
    text: Text, owned: tuple[Owned, ...], found: list[tuple[Mode, int, int]]
) -> Iterator[tuple[str, Mode, int, int]]:
    """Who alone was on the phone, where the others met another way: "Bob by phone only"."""
    for mode, start, end in found:
        for own in owned if mode is Mode.AUDIO else ():
            if own.named and _inside((start, end), [chars(text, own.clause.body, own.clause.after)]):
                yield from ((s, mode, start, end) for s in own.subjects)


def _modes_of_clients(
    text: Text, owned: tuple[Owned, ...], firsts: tuple[int, ...]
) -> Iterator[tuple[str, Mode, int, int]]:
    found: list[tuple[str, Mode, int, int]] = []
    for own in owned:
        if own.clause.subject is None:
            continue
        begin = text.tokens[firsts[own.clause.sentence]].start
        before = text.message[begin : text.tokens[own.clause.subject.first].start]
        for mode, pattern in _MODE_BEFORE.items():
            match = pattern.search(before)
            if match:
                found.extend((s, mode, begin + match.start("cue"), begin + match.end("cue")) for s in own.subjects)
    if len({mode for _, mode, _, _ in found}) > 1:
        yield from found


def leaders_of(
    text: Text, mentions: tuple[Mention, ...], author: ClinicianId
) -> Iterator[tuple[str, ClinicianId, int, int]]:
    """Slot, clinician and characters, only where the message says who led."""
    for mention in mentions:
        if mention.kind is not Kind.STAFF or mention.staff is None:
            continue
        rest = text.message[mention.end : mention.end + 40]
        for slot, pattern in (("co_leader", _CO_LED), ("leader", _LED)):
            match = pattern.search(rest)
            if match:
                yield slot, mention.staff, mention.start, mention.end + match.end()
                break
    mine = _I_CO_LED.search(text.message)
    if mine:
        yield "co_leader", author, mine.start(), mine.end()


def about_session(
    text: Text, owned: tuple[Owned, ...], taken: tuple[tuple[int, int], ...], *, bare_lines: bool = True
) -> Iterator[Said]:
    """Topic, techniques and words about the group. `taken`: characters about day, hour or attendance.

    `bare_lines`: a few words by themselves ("Trigger mapping.") are taken for what was done.
    """
    for own in owned:
        start, end = chars(text, own.clause.first, own.clause.after)
        for first, last in _lines(text.message, start, end) if not own.subjects else ():
            said = _about_group(text.message, first, last, taken)
            done = _DONE.search(text.message, first, last)
            if done and not _is_taken(done.span("what"), taken):
                yield _said("interventions", text.message, *done.span("what"), "what the group did")
            elif said is None and bare_lines and _is_bare(text, first, last, taken):
                slot = "interventions" if len(text.message[first:last].split()) <= _SHORT else "topic"
                said = _said(slot, text.message, first, last, "a line of its own")
            if said:
                yield said
    yield from _techniques(text)
    process = _PROCESS.search(text.message)
    if process:
        yield Said(
            slot="process_notes", value=True, start=process.start(), end=process.end(), why="psychotherapy notes"
        )


def _said(slot: str, message: str, start: int, end: int, why: str) -> Said:
    return Said(slot=slot, value=message[start:end], start=start, end=end, why=why)


def _is_taken(span: tuple[int, int], taken: tuple[tuple[int, int], ...]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in taken)


def _is_bare(text: Text, start: int, end: int, taken: tuple[tuple[int, int], ...]) -> bool:
    """A few words without a verb, a number or a greeting, about neither day, hour, mode nor attendance."""
    if _is_taken((start, end), taken) or _SMALL_TALK.search(text.message[start:end]):
        return False
    tokens = [t for t in text.tokens if start <= t.start < end and t.is_word]
    told = any(t.is_verb or t.tag in {"PRP", "UH", "WP", "CD"} or any(c.isdigit() for c in t.text) for t in tokens)
    return 0 < len(tokens) <= 7 and not told and any(t.tag.startswith("NN") for t in tokens)


def _lines(message: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """[start, end) without blanks and marks around it."""
    while start < end and not (message[start].isalnum() or message[start] in "\"“'"):
        start += 1
    while end > start and message[end - 1] in " .,;!-–\n":
        end -= 1
    if end - start > 3:
        yield start, end


def _about_group(message: str, start: int, end: int, taken: tuple[tuple[int, int], ...]) -> Said | None:
    line = message[start:end]
    if _TOPIC.match(line):
        return _said("topic", message, start, end, "says what it was about")
    if _is_taken((start, end), taken):
        return None
    if _GROUP_STARTS.match(line) or _ABOUT_GROUP.search(line):
        return _said("group_words", message, start, end, "speaks of the group as a whole")
    return None


def _techniques(text: Text) -> Iterator[Said]:
    for match in _TECHNIQUE.finditer(text.message):
        start, end = match.span()
        words = match.group().split()
        while len(words) > 1 and words[0].lower().strip("'’") in _LEADING:
            start += len(words[0]) + (
                len(text.message[start + len(words[0]) : end]) - len(text.message[start + len(words[0]) : end].lstrip())
            )
            words = words[1:]
        yield Said(slot="interventions", value=text.message[start:end], start=start, end=end, why="a known technique")


def _inside(span: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in spans)
