"""Whose words are whose.

A clause belongs to the names that begin it. Without a name it goes on with whoever the sentence before was about, if
it begins like something said of a person and nothing speaks against it. What one client does to another belongs to
both. A name that is not settled keeps its own words: they never fall to the client before.
"""

from collections.abc import Mapping
from dataclasses import replace

from billing.record import record
from billing.records import spoken
from nlp.clauses import Clause, NameList, Role
from nlp.mentions import Kind, Mention
from nlp.phrases import phrases
from nlp.pipeline import Text, Token
from nlp.sentences import Sentence

_HE = {"he", "hes", "his", "him", "himself"}
_SHE = {"she", "shes", "her", "hers", "herself"}
_THEY = {"they", "theyre", "their", "theirs", "them"}
_STARTS_CARRIED = {"VBD", "VBZ", "VBN", "VBG", "RB", "JJ", "JJR", "MD", "RBR", "CC"}
_BREAKS = {",", ";", "and", "but", ".", "–"}


@record
class Owned:
    """A clause and whom it is about: client ids and spoken names. Empty: nobody in particular.

    `named`: a name begins it. `also`: who shares it, with the tokens they share. `answers`: it answers
    the clause before.
    """

    clause: Clause
    subjects: tuple[str, ...]
    named: bool
    also: tuple[tuple[str, int, int], ...] = ()
    answers: bool = False
    why: str = ""


class Attribution:
    """Gives every clause to its owners, one message at a time."""

    def __init__(self, pronouns: Mapping[str, str]) -> None:
        self._pronouns = pronouns

    def owned(self, text: Text, sentences: tuple[Sentence, ...], clauses: tuple[Clause, ...]) -> tuple[Owned, ...]:
        found: list[Owned] = []
        for clause in clauses:
            fresh = clause.first == sentences[clause.sentence].first
            if fresh and sentences[clause.sentence].line:
                found.append(self._owned(text, clause, [], fresh=True))
            else:
                found.append(self._owned(text, clause, _recent(found, sentences), fresh=fresh))
        return _corrected(text, self._answered(text, _merged(text, found)))

    def _owned(self, text: Text, clause: Clause, recent: list[Owned], *, fresh: bool) -> Owned:
        if clause.subject is not None:
            subjects = subjects_of(clause.subject)
            own = Owned(clause=clause, subjects=subjects, named=True, why="the names that begin the clause")
        else:
            subjects, why = self._carried(text, clause, recent, fresh=fresh)
            own = Owned(clause=clause, subjects=subjects, named=False, why=why)
        also = (*self._objects(text, own), *self._meant_by_pronoun(text, own, recent))
        return replace(own, also=tuple(dict.fromkeys(a for a in also if a[0] not in own.subjects)))

    def _answered(self, text: Text, found: list[Owned]) -> list[Owned]:
        """As in "Al asked Sid how he manages; he said ...": the answer is Sid's."""
        split: list[Owned] = []
        for own in found:
            asked = {s for s, _, _ in own.also}
            at = _answer_at(text, own.clause) if len(asked) == 1 else None
            if at is None or not self._agrees(text.tokens[at].norm, next(iter(asked))):
                split.append(own)
                continue
            kept = tuple((s, a, min(b, at)) for s, a, b in own.also)
            split.append(replace(own, clause=replace(own.clause, after=at), also=kept))
            answer = replace(own.clause, first=at, body=at, subject=None, others=())
            split.append(
                Owned(clause=answer, subjects=tuple(asked), named=False, answers=True, why="answers what was asked")
            )
        return split

    # ---- no name begins it -----------------------------------------------------------------------------------------

    def _carried(self, text: Text, clause: Clause, recent: list[Owned], *, fresh: bool) -> tuple[tuple[str, ...], str]:
        first = next((t for t in text.tokens[clause.first : clause.after] if t.is_word), None)
        if first is None:
            return (), ""
        if first.norm in _HE | _SHE | _THEY:
            return self._meant(first, recent), f"“{first.text}” goes on with the one before"
        if first.norm in phrases("clauses", "nobody") or not fresh:
            return self._only_object(clause, first), "the only client named in the sentence"
        if not recent:
            return self._only_object(clause, first), "the only client named in the sentence"
        if (first.tag in _STARTS_CARRIED or first.norm == "not") and not clause.others and recent[0].subjects:
            return recent[0].subjects, "goes on with whom the sentence before is about"
        return self._only_object(clause, first), "the only client named in the sentence"

    def _only_object(self, clause: Clause, first: Token) -> tuple[str, ...]:
        """As in "Best script of the day was Ana's": one client is named and nobody else acts."""
        if first.norm in {"i", "we", "you", "group", "grp", "everyone", "everybody", "nobody", "can", "please", "next"}:
            return ()
        named = [s for names in clause.others for s in subjects_of(names)]
        staff = any(m.kind is not Kind.CLIENT for names in clause.others for m in names.mentions)
        return tuple(named) if len(clause.others) == 1 and not staff else ()

    def _meant(self, pronoun: Token, recent: list[Owned]) -> tuple[str, ...]:
        """The latest subjects that the pronoun can mean; several for "they"."""
        for owned in recent:
            if not owned.subjects:
                continue
            if pronoun.norm in _THEY and len(owned.subjects) > 1:
                return owned.subjects
            if len(owned.subjects) == 1 and self._agrees(pronoun.norm, owned.subjects[0]):
                return owned.subjects
        return ()

    def _agrees(self, pronoun: str, subject: str) -> bool:
        known = self._pronouns.get(subject, "")
        kind = "he" if pronoun in _HE else "she" if pronoun in _SHE else "they"
        return kind in known.split("/") if known else kind != "they"

    # ---- who shares it -----------------------------------------------------------------------------------------------

    def _objects(self, text: Text, own: Owned) -> list[tuple[str, int, int]]:
        """Clients who are acted on share the piece they are named in; one who acts inside shares what follows."""
        found: list[tuple[str, int, int]] = []
        for names in own.clause.others:
            if not names.shares or not own.subjects:
                continue
            first, after = _piece(text, own.clause, names.first)
            if names.role is Role.EMBEDDED:
                first, after = names.first, own.clause.after
            found.extend((s, first, after) for s in subjects_of(names))
        return found

    def _meant_by_pronoun(self, text: Text, own: Owned, recent: list[Owned]) -> list[tuple[str, int, int]]:
        """As in "Jim agreed w/ her", "Maria held her hand": the clause is about the one before, too."""
        if not own.named or not own.subjects or not recent or not recent[0].subjects:
            return []
        before = recent[0]
        same_sentence = before.clause.sentence == own.clause.sentence
        for index in range(own.clause.body, min(own.clause.body + 8, own.clause.after)):
            token = text.tokens[index]
            if (
                token.norm in phrases("people", "relations")
                or token.norm in phrases("clauses", "reports")
                or token.norm in {"herself", "himself"}
            ):
                return []
            if token.norm in {"it", "that"} and same_sentence and token.tag != "IN" and index < own.clause.body + 6:
                return self._share(before, own, len(before.subjects) == 1)
            if token.norm in {"him", "her", "them"}:
                touches = text.tokens[index - 1].norm in phrases("clauses", "touches")
                plain = token.tag != "PRP$" or touches
                meant = self._meant(token, recent[:2]) if plain else ()
                return [(s, own.clause.first, own.clause.after) for s in meant]
        return []

    def _share(self, before: Owned, own: Owned, sure: bool) -> list[tuple[str, int, int]]:
        return [(s, own.clause.first, own.clause.after) for s in before.subjects] if sure else []


def subjects_of(names: NameList) -> tuple[str, ...]:
    """The subjects that a list of names stands for: clients' ids, and spoken names for whoever is not settled."""
    found: list[str] = []
    for mention in names.mentions:
        found.extend(subject_of(mention))
    return tuple(dict.fromkeys(found))


def subject_of(mention: Mention) -> tuple[str, ...]:
    if mention.settled:
        return mention.ids
    return (spoken(mention.text),) if mention.unclear or mention.kind is Kind.STRANGER else ()


def _recent(found: list[Owned], sentences: tuple[Sentence, ...]) -> list[Owned]:
    """The clauses before, nearest first, back to where the paragraph begins, at most three sentences of them."""
    recent: list[Owned] = []
    for owned in reversed(found):
        if recent and owned.clause.sentence < found[-1].clause.sentence - 2:
            break
        recent.append(owned)
        sentence = sentences[owned.clause.sentence]
        if sentence.line and owned.clause.first == sentence.first:
            break
    return recent


def _piece(text: Text, clause: Clause, index: int) -> tuple[int, int]:
    """The tokens around `index` up to the nearest comma or "and"."""
    first = index
    while first > clause.first and text.tokens[first - 1].norm not in _BREAKS:
        first -= 1
    after = index
    while after < clause.after and (text.tokens[after].norm not in _BREAKS or after <= index):
        after += 1
    return first, after


def _merged(text: Text, found: list[Owned]) -> list[Owned]:
    """As in "I asked about suicidal thoughts and she denied": the question belongs to the answer."""
    merged: list[Owned] = []
    for own in found:
        before = merged[-1] if merged else None
        asked = before is not None and not before.subjects and text.tokens[before.clause.first].norm in {"i", "we"}
        if (
            before
            and asked
            and own.subjects
            and not own.named
            and own.clause.sentence == before.clause.sentence
            and _asks(text, before.clause)
        ):
            clause = replace(own.clause, first=before.clause.first, body=before.clause.first)
            merged[-1] = replace(own, clause=clause)
        else:
            merged.append(own)
    return merged


def _asks(text: Text, clause: Clause) -> bool:
    return any(
        t.norm in {"asked", "checked", "screened", "assessed", "inquired"}
        for t in text.tokens[clause.first : clause.first + 4]
    )


def _answer_at(text: Text, clause: Clause) -> int | None:
    """The token where somebody who was asked in this clause answers: "and he said no"."""
    tokens = text.tokens
    early = range(clause.body, min(clause.body + 3, clause.after))
    asks = any(tokens[i].norm in {"asked", "askd", "asks"} for i in early)
    for index in range(clause.body + 1, clause.after - 1) if asks else ():
        opens = tokens[index - 1].norm in {"and", ";", ",", "but"}
        answers = tokens[index + 1].norm in {"said", "answered", "replied", "told", "denied"}
        if opens and answers and tokens[index].norm in {"he", "she", "they"}:
            return index
    return None


def _corrected(text: Text, found: list[Owned]) -> tuple[Owned, ...]:
    """As in "Bella read her letter. Edit: that was Isabel": what was said of the one is the other's."""
    corrected: list[Owned] = []
    for own in found:
        meant = _meant_instead(text, own.clause)
        if not meant:
            corrected.append(own)
        elif own.named and "not" not in {t.norm for t in text.tokens[own.clause.first : own.clause.after]}:
            corrected.append(replace(own, subjects=meant, also=(), why="corrected: it was somebody else"))
        elif not own.named and corrected:
            corrected[-1] = replace(corrected[-1], subjects=meant, also=(), why="corrected: it was somebody else")
            corrected.append(replace(own, subjects=(), also=()))
        else:
            corrected.append(own)
    return tuple(corrected)


def _meant_instead(text: Text, clause: Clause) -> tuple[str, ...]:
    for names in clause.others:
        before = [t.norm for t in text.tokens[max(0, names.first - 2) : names.first]]
        if before in (["that", "was"], ["it", "was"], ["thats", "was"]):
            return subjects_of(names)
    return ()
