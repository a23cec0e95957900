"""One message, laid out: the group sessions it speaks of; for each who is named, whose clauses they are, who came."""

import re
from collections.abc import Iterator
from datetime import time

from billing.record import record
from billing.records import ClientId, Group, is_spoken
from nlp.attribution import Attribution, Owned
from nlp.clauses import clauses_of
from nlp.clinical import chars
from nlp.context import Context
from nlp.cues import ABSENT
from nlp.everyone import Rest, rest_of
from nlp.groups import Named, choose, group_names_of, merged, not_held, not_held_by_name, openers, unnamed
from nlp.mentions import Mention
from nlp.people import People
from nlp.pipeline import Text
from nlp.presence import Sign, settled, signs_of
from nlp.rosters import enrolled, pronouns
from nlp.sentences import Sentence
from nlp.when import SaidDay, SaidTime, day_of, times_of, today_of

Span = tuple[int, int]


@record
class Layout:
    """A message in sentences, with every name spotted in it but none settled yet."""

    text: Text
    sentences: tuple[Sentence, ...]
    people: People
    found: tuple[Mention, ...]


@record
class Part:
    """What a message says of one group session: its sentences, the groups it may be, where the group is named."""

    number: int
    groups: tuple[str, ...]
    first: int
    after: int
    named: Named | None


@record
class Scene:
    """One part, read. `off`: where it says that the group was not held. `rest`: what it says of all not named."""

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
    off: Span | None

    @property
    def firsts(self) -> tuple[int, ...]:
        """The first token of each sentence."""
        return tuple(s.first for s in self.sentences)

    def is_away(self, subject: str) -> bool:
        """Whether nothing said of them belongs into a note: they were not there, or are of another group."""
        sign = self.signs.get(subject)
        elsewhere = bool(self.enrolled) and not is_spoken(subject) and subject not in self.enrolled and sign is None
        return elsewhere or (sign is not None and sign.presence in ABSENT)


def scenes_of(layout: Layout, context: Context) -> Iterator[Scene]:
    yield from (scene_of(layout, part, context) for part in _parts(layout, context))


# ---- which group sessions ----------------------------------------------------------------------------------------


def _parts(layout: Layout, context: Context) -> Iterator[Part]:
    text, sentences = layout.text, layout.sentences
    named = group_names_of(context.roster).find(text, sentences)
    opening = openers(named)
    if (
        len(opening) > 1
        and opening[0].sentence != opening[-1].sentence
        and all(_is_own_part(text, sentences, n) for n in opening)
    ):
        starts = [0, *(n.sentence for n in opening[1:])]
        for number, (n, first, after) in enumerate(zip(opening, starts, [*starts[1:], len(sentences)], strict=True)):
            yield Part(number=number, groups=n.ids, first=first, after=after, named=n)
        return
    sure = frozenset(i for m in layout.people.settle(text, layout.found, ()) for i in m.clients)
    weekday = today_of(context.now).weekday()
    groups = choose(named, context.roster, context.author, weekday, sure)
    at = merged(named, groups)
    if not groups and not named and context.draft is None and layout.found:
        said = _today_said(text, sentences, context)
        day = said.value.weekday() if said else weekday
        groups = unnamed(context.roster, context.author, day, sure, _start_said(text, context))
        start, end = (said.start, said.end) if said else (layout.found[0].start, layout.found[0].end)
        at = Named(ids=groups, start=start, end=end, sentence=0, opens=True, elsewhere=False) if groups else None
    yield Part(number=0, groups=groups, first=0, after=len(sentences), named=at)


def _start_said(text: Text, context: Context) -> time | None:
    said = times_of(text.message, text.message, None, context.now)
    return next((s.value for s in said if s.slot == "starts" and isinstance(s.value, time)), None)


def _today_said(text: Text, sentences: tuple[Sentence, ...], context: Context) -> SaidDay | None:
    """The day that the first sentence speaks of, if it is the day that the message was sent or the one before."""
    said = day_of(text.message, context.now, (chars(text, sentences[0].first, sentences[0].after),), ())
    return said if said and (context.now.date() - said.value).days in {0, 1} else None


def _is_own_part(text: Text, sentences: tuple[Sentence, ...], named: Named) -> bool:
    """Whether the sentence that names the group says when it met or who came: then it begins a part of its own."""
    sentence = sentences[named.sentence]
    rest = text.message[named.end : text.tokens[sentence.after - 1].end]
    return (
        bool(re.search(r"\d|\b(?:everyone|full house|all|here|there|present)\b|:", rest, re.IGNORECASE))
        and named.start - text.tokens[sentence.first].start < 25
    )


def scene_of(layout: Layout, part: Part, context: Context) -> Scene:
    """One part of a message, read by the rules."""
    text, inside = layout.text, layout.sentences[part.first : part.after]
    day = _day(text, inside, part, context)
    group = _group(part, context)
    on = day.value if day else today_of(context.now)
    members = enrolled(context.roster, group.id, on) if group else ()
    here = tuple(m for m in layout.found if inside[0].first <= m.first < inside[-1].after)
    mentions = layout.people.settle(text, here, members)
    owned = Attribution(pronouns(context.roster)).owned(text, inside, clauses_of(text, inside, mentions))
    expected = group.schedule.starts if group and group.schedule else time(12)
    signs = signs_of(text, owned, tuple(s.first for s in inside), expected)
    chosen = _usable(settled(text.message, signs), members)
    rest = _rest(text, inside, members, chosen)
    return Scene(
        part=part,
        text=text,
        sentences=inside,
        mentions=mentions,
        owned=owned,
        enrolled=members,
        signs=chosen,
        every_sign=signs,
        rest=rest,
        day=day,
        times=_times(text, inside, owned, group, context),
        off=_off(text, owned, part, chosen, rest=rest),
    )


def _group(part: Part, context: Context) -> Group | None:
    """The one group of this part: named in it, or what the thread is about."""
    if len(part.groups) == 1:
        return context.roster.group(part.groups[0])
    drafted = context.draft.group if context.draft and not part.groups else None
    return context.roster.group(drafted) if isinstance(drafted, str) else None


def _day(text: Text, inside: tuple[Sentence, ...], part: Part, context: Context) -> SaidDay | None:
    """The day said of this session; in a thread only where the group is named with it."""
    if context.draft is not None and part.named is None:
        return None
    heads = [chars(text, s.first, s.after) for s in inside[:2]]
    names: tuple[tuple[int, int], ...] = ()
    if part.named:
        sentence = inside[part.named.sentence - part.first]
        heads.insert(0, chars(text, sentence.first, sentence.after))
        names = ((part.named.start, part.named.end),)
    group = _group(part, context)
    meets = group.schedule.weekdays if group and group.schedule else ()
    return day_of(text.message, context.now, tuple(heads), names, meets)


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


def _off(text: Text, owned: tuple[Owned, ...], part: Part, signs: dict[str, Sign], *, rest: Rest | None) -> Span | None:
    """Where the message says that the group was not held, unless it also says who came.

    "No DBT today" is plain; words that may mean something else give way to "everybody came".
    """
    listed = (s.cue for s in signs.values() if s.presence.attended and not s.described)
    if any("," in text.message[cue.start : cue.end] for cue in listed):
        return None
    plain = not_held_by_name(text.message, (part.named,) if part.named else ())
    at = plain or (not_held(text.message) if rest is None else None)
    spans = [chars(text, o.clause.first, o.clause.after) for o in owned if o.subjects]
    return at if at and (plain or not any(a <= at[0] < b for a, b in spans)) else None


def _usable(signs: dict[str, Sign], enrolled: tuple[ClientId, ...]) -> dict[str, Sign]:
    """A client of another group is a guest only if the message says that they came."""
    guests = {s for s in signs if enrolled and s not in enrolled and not is_spoken(s)}
    return {s: sign for s, sign in signs.items() if s not in guests or not sign.described or sign.guest}


def _rest(
    text: Text, inside: tuple[Sentence, ...], enrolled: tuple[ClientId, ...], signs: dict[str, Sign]
) -> Rest | None:
    start, end = chars(text, inside[0].first, inside[-1].after)
    absent = sum(1 for id, s in signs.items() if s.presence in ABSENT and id in enrolled)
    named = sum(1 for id in signs if id in enrolled)
    whole = _blanked(text.message, ((0, start), (end, len(text.message))))
    return rest_of(whole, len(enrolled), absent, named) if enrolled else None
