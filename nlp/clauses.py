"""A sentence cut where it turns to somebody else.

The strongest sign is the nearest preceding list of names that can act. A name that is acted on ("told Mark", "with
Mark") does not begin anything new; a name inside ("until Peggy said") only shares what follows.
"""

from enum import StrEnum

from billing.record import record
from nlp.mentions import Kind, Mention
from nlp.phrases import phrases
from nlp.pipeline import Shape, Text, Token
from nlp.sentences import Sentence, is_sign

_SKIPPED = {
    "just",
    "only",
    "all",
    "also",
    "even",
    "both",
    "the",
    "two",
    "our",
    "then",
    "really",
    "finally",
    "gently",
    "mostly",
    "client",
    "cl",
    "pt",
}
_AUXILIARIES = {"did", "didnt", "was", "wasnt", "is", "has", "had", "does", "couldnt", "could", "would", "will"}
_STOPS = {
    ",",
    ";",
    ":",
    "(",
    ")",
    "-",
    "–",
    "—",
    "•",
    "|",
    "~",
    '"',
    "“",
    "”",
    "'",
    "*",
    "/",
    "..",
    "...",
    "…",
    "=",
    ">",
    "+",
    "&",
}


class Role(StrEnum):
    """What a list of names does in its sentence."""

    SUBJECT = "subject"
    OBJECT = "object"
    EMBEDDED = "embedded"


@record
class NameList:
    """Names of one list, tokens [first, after)."""

    mentions: tuple[Mention, ...]
    first: int
    after: int
    role: Role = Role.SUBJECT
    shares: bool = True


@record
class Clause:
    """Tokens [first, after) that are about `subject`; None where no name begins it.

    `body`: the first token after the names. `others`: lists of names inside. `sentence`: its number.
    """

    first: int
    body: int
    after: int
    sentence: int
    subject: NameList | None
    others: tuple[NameList, ...] = ()


def clauses_of(text: Text, sentences: tuple[Sentence, ...], mentions: tuple[Mention, ...]) -> tuple[Clause, ...]:
    """Every sentence, cut at its subjects and where it turns to the group or to the writer."""
    found: list[Clause] = []
    for number, sentence in enumerate(sentences):
        inside = tuple(m for m in mentions if sentence.first <= m.first < sentence.after)
        lists = tuple(_with_role(text, sentence, names) for names in _lists(text, sentence, inside))
        found.extend(_cut(text, sentence, number, lists))
    return tuple(found)


# ---- lists -----------------------------------------------------------------------------------------------------


def _lists(text: Text, sentence: Sentence, mentions: tuple[Mention, ...]) -> list[NameList]:
    lists: list[list[Mention]] = []
    closed = False
    for mention in mentions:
        gap = [t.norm for t in text.tokens[lists[-1][-1].after : mention.first]] if lists else []
        joined = bool(lists) and _joins(text, sentence, lists[-1][-1], mention, gap, closed=closed)
        if joined:
            closed = closed or any(word in phrases("clauses", "list_ends") for word in gap)
            lists[-1].append(mention)
        else:
            lists.append([mention])
            closed = False
    return [NameList(mentions=tuple(m), first=_list_start(text, sentence, m[0]), after=m[-1].after) for m in lists]


def _joins(text: Text, sentence: Sentence, left: Mention, right: Mention, gap: list[str], *, closed: bool) -> bool:
    if Kind.OUTSIDER in {left.kind, right.kind}:
        return False
    if len(gap) == 1 and is_sign(gap[0]):
        return gap[0] not in phrases("clauses", "marking_signs")
    return _may_join(text, sentence, left, right, gap, closed=closed)


def _may_join(text: Text, sentence: Sentence, left: Mention, right: Mention, gap: list[str], *, closed: bool) -> bool:
    """Whether the words between two names, if any, are those of one list."""
    cut = any(left.after < at <= right.first for at in sentence.cuts)
    strange = not all(word in phrases("clauses", "list_joins") or word == "" for word in gap)
    ended = closed and not any(word in phrases("clauses", "list_ends") for word in gap)
    fresh = gap == [","] and _finite(text.at(right.after)) and _is_acted_on(text, left)
    if cut or strange or ended or fresh:
        return False
    initials = text.tokens[left.first].text.isupper() and text.tokens[right.first].text.isupper()
    beside = (text.shape is not Shape.MIXED or initials) and not closed
    return gap not in (["the"], ["-"]) if gap else beside


def _is_acted_on(text: Text, mention: Mention) -> bool:
    """As in "that was Nikki, Destiny was ...": the second name begins something new."""
    before = text.at(mention.first - 1)
    return before is not None and (before.is_verb or before.norm in phrases("clauses", "before_object"))


def _list_start(text: Text, sentence: Sentence, mention: Mention) -> int:
    """Where the list begins, with "both" or "the two" before it."""
    first = mention.first
    while first > sentence.first and text.tokens[first - 1].norm in {"both", "two", "cl", "client"}:
        first -= 1
    return first


def _with_role(text: Text, sentence: Sentence, names: NameList) -> NameList:
    role, shares = _role(text, sentence, names)
    return NameList(mentions=names.mentions, first=names.first, after=names.after, role=role, shares=shares)


def _role(text: Text, sentence: Sentence, names: NameList) -> tuple[Role, bool]:
    if names.mentions[0].kind is Kind.OUTSIDER:
        return Role.OBJECT, False
    index = names.first - 1
    while index > sentence.first and text.tokens[index].norm in _SKIPPED:
        index -= 1
    before = text.tokens[index] if index >= sentence.first else None
    if before is not None and before.norm == "not":
        return Role.OBJECT, False
    if before is None or names.first in sentence.cuts or before.text in _STOPS or is_sign(before.text):
        return Role.SUBJECT, True
    if before.norm in phrases("clauses", "before_object") and not _acts(text, names, before):
        return Role.OBJECT, before.norm in phrases("clauses", "shared_object")
    if before.norm in phrases("clauses", "before_embedded"):
        return (Role.EMBEDDED if _finite(text.at(names.after)) else Role.OBJECT), True
    return _after_word(text, names, before)


def _after_word(text: Text, names: NameList, before: Token) -> tuple[Role, bool]:
    """The role of names right after a word that is no preposition."""
    following = text.at(names.after)
    begins = text.shape is not Shape.MIXED and following is not None and following.norm in _AUXILIARIES
    if before.norm in phrases("clauses", "toward") and not begins:
        return Role.OBJECT, True
    if before.tag == "CC" or before.norm in phrases("clauses", "thinking") or _finite(text.at(names.after)):
        return Role.SUBJECT, True
    if before.is_verb or before.tag in {"VB", "VBG", "VBN"}:
        return (Role.SUBJECT if text.shape is not Shape.MIXED else Role.OBJECT), True
    return Role.SUBJECT, True


def _acts(text: Text, names: NameList, before: Token) -> bool:
    """In dictation "... on it hope said": the preposition belongs to what was before."""
    return (
        text.shape is not Shape.MIXED
        and before.norm in {"on", "over", "around", "like"}
        and _finite(text.at(names.after))
    )


def _finite(token: Token | None) -> bool:
    return token is not None and (token.is_verb or token.norm in {"'s", "s", "didnt", "wasnt", "couldnt"})


# ---- cutting ---------------------------------------------------------------------------------------------------


def _cut(text: Text, sentence: Sentence, number: int, lists: tuple[NameList, ...]) -> list[Clause]:
    starts: dict[int, NameList | None] = {sentence.first: None}
    starts |= dict.fromkeys(_turns(text, sentence, lists))
    starts |= {names.first: names for names in lists if names.role is Role.SUBJECT}
    cuts = sorted(starts)
    ends = [*cuts[1:], sentence.after]
    return [
        Clause(
            first=first,
            body=names.after if (names := starts[first]) else first,
            after=after,
            sentence=number,
            subject=starts[first],
            others=tuple(n for n in lists if n.role is not Role.SUBJECT and first <= n.first < after),
        )
        for first, after in zip(cuts, ends, strict=True)
        if first < after
    ]


def _turns(text: Text, sentence: Sentence, lists: tuple[NameList, ...]) -> list[int]:
    """Where the sentence turns to the group, to the writer, or back to "he" or "she" after that."""
    turns: list[int] = []
    turned = text.tokens[sentence.first].norm in {"i", "we"}
    named = {i for names in lists for i in range(names.first, names.after)}
    for index in range(sentence.first + 1, sentence.after):
        token, before = text.tokens[index], text.tokens[index - 1]
        opens = before.text in _STOPS or index in sentence.cuts or before.norm in {"and", "so", "then", "but"}
        if index in named or not opens:
            continue
        if token.norm in phrases("clauses", "turns_to") and before.text not in {'"', "'", "“"}:
            turns.append(index)
            turned = True
        elif token.norm in {"he", "she", "hes", "shes", "they"} and turned:
            turns.append(index)
            turned = False
    return turns
