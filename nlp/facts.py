"""From a scene to facts: each with the words it was heard in, the stretch they stand in, and why."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Protocol

from billing.record import record
from billing.records import WHOLE, About, Heard, Name, OneOf, Presence, Risk, Value, is_spoken, spoken
from nlp.clinical import Finding, actions_of, chars, labelled_risks, progress_of, risks_of, risks_of_everybody
from nlp.context import Context
from nlp.learned.judge import Judged
from nlp.mentions import Kind, Mention
from nlp.phrases import alternatives, phrases
from nlp.scene import Scene
from nlp.session import about_session, leaders_of, modes_of
from nlp.when import today_of
from nlp.words import Stretch, stretches_of, trimmed

_EXPECTED = re.compile(rf"\b{alternatives(phrases('presence', 'expected'))}\b", re.IGNORECASE)
_INTRODUCED = re.compile(
    rf"(?:\b{alternatives(phrases('people', 'persons'))}(?:\s+(?:named|called))?|\bnew|🆕)\W*$", re.IGNORECASE
)
_PARTIAL = {Presence.LATE, Presence.LEFT_EARLY}
_REASON = 80  # characters that a reason for an absence may have


class Stands(Protocol):
    """Whatever stands in the message: [start, end) are characters, `why` says how it was understood."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def why(self) -> str: ...


@record
class At:
    start: int
    end: int
    why: str


def facts_of(scene: Scene, context: Context, judged: Judged | None = None) -> Iterator[Heard]:
    """All that a scene says; nothing if it is not about a group session. `judged`: as the learned part sees it."""
    if not _is_about_a_session(scene, context):
        return
    yield from _of_session(scene, context)
    if scene.off:
        return
    yield from _of_manner(scene, context, judged)
    yield from _of_names(scene)
    yield from _of_attendance(scene, (judged.unsure if judged else frozenset()) | _settled(context))
    yield from _of_words(scene, judged)


def _is_about_a_session(scene: Scene, context: Context) -> bool:
    """A message that neither says who came nor when, and belongs to no thread, is chatter."""
    said = bool(scene.signs or scene.times or scene.rest or scene.off)
    named = scene.part.named is not None and (scene.day is not None or "?" not in scene.text.message)
    return said or context.draft is not None or (named and len(scene.text.tokens) > 3)


def _heard(scene: Scene, slot: str, subject: str, value: Value, at: Stands) -> Heard:
    return Heard(
        about=About(slot=slot, subject=subject),
        value=value,
        quote=scene.text.message[at.start : at.end],
        span=(at.start, at.end),
        part=scene.part.number,
        why=at.why,
    )


# ---- the session -------------------------------------------------------------------------------------------------


def _of_session(scene: Scene, context: Context) -> Iterator[Heard]:
    named, groups = scene.part.named, scene.part.groups
    if named and groups:
        value: Value = groups[0] if len(groups) == 1 else OneOf(options=groups)
        yield _heard(scene, "group", WHOLE, value, At(start=named.start, end=named.end, why="the group's name"))
    if scene.day:
        yield _heard(scene, "met_on", WHOLE, scene.day.value, scene.day)
    elif named and not context.draft:
        at = At(start=named.start, end=named.end, why="no day is given: the day it was sent")
        yield _heard(scene, "met_on", WHOLE, _unsaid_day(scene, context), at)
    yield from (_heard(scene, said.slot, WHOLE, said.value, said) for said in scene.times)
    if scene.off:
        at = At(start=scene.off[0], end=scene.off[1], why="says that it was not held")
        yield _heard(scene, "held", WHOLE, False, at)


def _unsaid_day(scene: Scene, context: Context) -> date:
    """The day it was sent; the day before, if the group began at an hour that had not come yet."""
    today = today_of(context.now)
    starts = next((s.value for s in scene.times if s.slot == "starts"), None)
    later = isinstance(starts, time) and starts > context.now.time() and today == context.now.date()
    return date.fromordinal(today.toordinal() - 1) if later else today


def _of_manner(scene: Scene, context: Context, judged: Judged | None) -> Iterator[Heard]:
    """How they met, who led, and what it was about."""
    for subject, mode, start, end in modes_of(scene.text, scene.owned, scene.firsts):
        yield _heard(scene, "mode", subject, mode, At(start=start, end=end, why="how they took part"))
    for slot, clinician, start, end in leaders_of(scene.text, scene.mentions, context.author):
        yield _heard(scene, slot, WHOLE, clinician, At(start=start, end=end, why="says who led"))
    lines = context.draft is None
    for said in about_session(scene.text, scene.owned, _taken(scene), bare_lines=lines):
        yield _heard(scene, said.slot, WHOLE, said.value, said)
    for slot, found in (("interventions", judged.techniques), ("group_words", judged.group_words)) if judged else ():
        for at in found:
            yield _heard(scene, slot, WHOLE, scene.text.message[at.start : at.end], at)


def _taken(scene: Scene) -> tuple[tuple[int, int], ...]:
    """Characters that speak of day, hour or attendance."""
    spans = [(s.cue.start, s.cue.end) for s in scene.every_sign if not s.described]
    spans += [(t.start, t.end) for t in scene.times]
    spans += [(s.start, s.end) for s in (scene.day, scene.rest, scene.part.named) if s]
    return tuple(spans)


# ---- people ------------------------------------------------------------------------------------------------------


def _of_names(scene: Scene) -> Iterator[Heard]:
    """Whom to ask about: names that fit several clients, and strangers who came or were expected."""
    asked: set[str] = set()
    for mention in scene.mentions:
        subject = spoken(mention.text)
        value = _unsettled(scene, mention, subject)
        if value is not None and subject not in asked:
            asked.add(subject)
            why = "a name on no list of the practice" if isinstance(value, Name) else "the name fits several clients"
            yield _heard(scene, "who", subject, value, At(start=mention.start, end=mention.end, why=why))


def _unsettled(scene: Scene, mention: Mention, subject: str) -> Name | OneOf | None:
    if mention.unclear:
        return OneOf(options=mention.ids)
    stranger = mention.kind is Kind.STRANGER and _is_expected(scene, mention, subject)
    return Name.UNKNOWN if stranger else None


def _is_expected(scene: Scene, mention: Mention, subject: str) -> bool:
    if subject in scene.signs or _INTRODUCED.search(scene.text.message[: mention.start]):
        return True
    sentence = next(s for s in scene.sentences if s.first <= mention.first < s.after)
    start, end = chars(scene.text, sentence.first, sentence.after)
    return bool(_EXPECTED.search(scene.text.message, start, end))


def _settled(context: Context) -> frozenset[str]:
    """Of whom it is known already whether they came: "everybody else" is never said of them."""
    return frozenset(a.client for a in context.draft.attendance if a.presence) if context.draft else frozenset()


def _of_attendance(scene: Scene, apart: frozenset[str]) -> Iterator[Heard]:
    """`apart`: of these, only what is said of them by name counts."""
    for subject, sign in scene.signs.items():
        yield _heard(scene, "presence", subject, sign.presence, sign.cue)
    for sign in scene.every_sign:
        if sign.subject not in scene.signs or scene.signs[sign.subject].presence not in _PARTIAL:
            continue
        for slot in ("minutes_late", "minutes_early", "arrived", "left"):
            value = getattr(sign.cue, slot)
            if value is not None:
                yield _heard(scene, slot, sign.subject, value, sign.cue)
    if scene.rest:
        unclear = {id for m in scene.mentions if m.unclear for id in m.ids} | apart
        others = (c for c in scene.enrolled if c not in scene.signs and c not in unclear)
        yield from (_heard(scene, "presence", c, scene.rest.presence, scene.rest) for c in others)


# ---- words -------------------------------------------------------------------------------------------------------


def _of_words(scene: Scene, judged: Judged | None) -> Iterator[Heard]:
    dropped = tuple((s.cue.start, s.cue.end) for s in scene.every_sign if not s.described)
    for stretch in _joined(scene, tuple(stretches_of(scene.text, scene.owned, dropped)), judged, dropped):
        yield from _words(scene, stretch)
    risks = _risks(scene, judged)
    for found in (*risks, *progress_of(scene.text, scene.owned), *actions_of(scene.text, scene.owned, risks)):
        if not scene.is_away(found.subject):
            yield _heard(scene, found.slot, found.subject, found.value, found)
            if found.slot == "risk":
                words = scene.text.message[found.start : found.end]
                yield _heard(scene, "risk_words", found.subject, words, found)


def _joined(
    scene: Scene, ruled: tuple[Stretch, ...], judged: Judged | None, dropped: tuple[tuple[int, int], ...]
) -> Iterator[Stretch]:
    """What the learned part reads, and what the rules alone may say: of names not settled, of those who were away, and
    words right after a name, of which nothing is lost unless the learned part gives some of them to somebody else.
    """
    if judged is None:
        yield from ruled
        return
    whole = [s for s in ruled if is_spoken(s.subject) or scene.is_away(s.subject) or _plain(s, judged)]
    yield from whole
    for read in judged.stretches:
        yield from (s for s in _besides(scene, read, whole) if _says_more(scene, s, dropped))


def _besides(scene: Scene, read: Stretch, whole: list[Stretch]) -> Iterator[Stretch]:
    """What it says that is not said already."""
    said = sorted((s.start, s.end) for s in whole if s.subject == read.subject)
    edges = [read.start, *(e for a, b in said if a < read.end and read.start < b for e in (a, b)), read.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        for a, b in trimmed(scene.text.message, start, end) if start < end else ():
            yield replace(read, start=a, end=b)


def _says_more(scene: Scene, read: Stretch, dropped: tuple[tuple[int, int], ...]) -> bool:
    """Whether there is more in it than names and attendance."""
    names = [(m.start, m.end) for m in scene.mentions]
    words = [t for t in scene.text.tokens if t.is_word and read.start <= t.start < read.end]
    return any(not any(a <= t.start < b for a, b in (*names, *dropped)) for t in words)


def _plain(stretch: Stretch, judged: Judged) -> bool:
    others = (s for s in judged.stretches if s.subject != stretch.subject)
    taken = any(stretch.start < s.end and s.start < stretch.end for s in others)
    return not taken and stretch.why.startswith("the names that begin the clause")


def _risks(scene: Scene, judged: Judged | None) -> tuple[Finding, ...]:
    """Each client's own statements, then what was said of everybody who was there."""
    by_rule = (*risks_of(scene.text, scene.owned), *labelled_risks(scene.text, scene.owned, scene.firsts))
    heard = {(r.subject, r.value.kind) for r in by_rule if isinstance(r.value, Risk)}
    more = (
        (r for r in judged.risks if isinstance(r.value, Risk) and (r.subject, r.value.kind) not in heard)
        if judged
        else ()
    )
    own = (*by_rule, *more)
    came = [s for s, sign in scene.signs.items() if sign.presence.attended]
    if scene.rest and scene.rest.presence is Presence.PRESENT:
        came += [c for c in scene.enrolled if c not in scene.signs]
    found = [r for r in own if not scene.is_away(r.subject)]
    said = {(r.subject, r.value.kind) for r in found if isinstance(r.value, Risk)}
    general = risks_of_everybody(scene.text, scene.owned, tuple(came))
    found += [r for r in general if isinstance(r.value, Risk) and (r.subject, r.value.kind) not in said]
    return tuple(found)


def _words(scene: Scene, stretch: Stretch) -> Iterator[Heard]:
    """Of somebody who was not there only why: that is no part of a note."""
    said = scene.text.message[stretch.start : stretch.end]
    if not scene.is_away(stretch.subject):
        yield _heard(scene, "words", stretch.subject, said, stretch)
    elif stretch.subject in scene.signs and len(said) < _REASON:
        yield _heard(scene, "absence_reason", stretch.subject, said, stretch)
