"""What is clinical in what was said: a client's words, risk with its negation, progress, what was done about a risk.

A denial reaches from its word to the end of the clause, and a clause ends where somebody else is named: "Maria denied
SI, Deshawn reported SI" says nothing of Maria that is Deshawn's.
"""

import re
from collections.abc import Iterator

from billing.record import record
from billing.records import Progress, Risk, RiskKind, RiskStatus
from nlp.attribution import Owned, subjects_of
from nlp.clauses import Role
from nlp.phrases import alternatives, phrases, table
from nlp.pipeline import Shape, Text

_FLAGS = re.IGNORECASE
_CAPITALS = {"SI", "HI", "SH", "AH", "VH", "DV"}


def _pattern(key: str, *, before: str = r"(?<![\w-])", after: str = r"(?!\w)") -> re.Pattern[str]:
    return re.compile(before + alternatives(phrases("clinical", key)) + after, _FLAGS)


_KINDS = {
    RiskKind(kind): re.compile(rf"(?<![\w-]){alternatives(words)}(?![\w-])", _FLAGS)
    for kind, words in table("clinical", "risk").items()
    if kind in set(RiskKind)
}
_SOBER = _pattern("risk.sober")
_DENIED = _pattern("risk.denied")
_DENIED_AFTER = re.compile(
    rf"\s*(?:\w+\s+)?[:(]?\s*{alternatives(phrases('clinical', 'risk.denied_after'))}(?![\w/])", _FLAGS
)
_NOT_DENIED = _pattern("risk.not_denied")
_HISTORICAL = _pattern("risk.historical")
_ASKS = _pattern("risk.asks")
_ENDORSED = _pattern("risk.endorsed", before="", after="")
_SCOPE_ENDS = re.compile(r"[.;!?]|\bbut\b|\bhowever\b|\bthough\b|\bexcept\b", _FLAGS)
_RELATION = re.compile(rf"\b{alternatives(phrases('people', 'relations'))}(?:['’]s)?\b", _FLAGS)
_SELF = re.compile(r"\b(?:he|she|they|hes|shes|himself|herself|i)\b(?!['’]s\s+(?:mom|dad))", _FLAGS)
_OVER = _pattern("risk.over")
_URGES = re.compile(r"\burges?\b", _FLAGS)
_EVERYBODY = re.compile(rf"^\W*(?:and\s+)?{alternatives(phrases('clinical', 'risk.everybody'))}\b", _FLAGS)
_NAMES_FOLLOW = re.compile(r"(?P<what>[^.;\n]{2,40})(?:\bby|:)\s*$", _FLAGS)
_COUNT_OF_DAYS = re.compile(
    r"(?:^|[,;(]|\bwith|\breports)\s*(?:day\s+)?(?P<days>\d+\s*(?:days?|wks?|weeks|mos?|months|yrs?)|day\s+\d+)\s*(?=[!,.;)&]|$|and\b)",
    _FLAGS,
)
_HURT_BY = re.compile(r"\b(?:he|she|they|dad|father|stepdad|stepfather)\b", _FLAGS)
_IF = re.compile(r"\b(?:if|unless)\b[^,;.]{0,30}$", _FLAGS)
_SAFETY = _pattern("actions.safety")
_PROGRESS = {
    Progress(name): re.compile(rf"\b{alternatives(words)}\b", _FLAGS)
    for name, words in table("clinical", "progress").items()
}


@record
class Finding:
    """A risk, a progress or an action of one subject; [start, end) are characters."""

    slot: str
    subject: str
    value: Risk | Progress | str
    start: int
    end: int
    why: str


def risks_of(text: Text, owned: tuple[Owned, ...]) -> Iterator[Finding]:
    """Every risk statement of each client's own."""
    for number, own in enumerate(owned):
        start, end = chars(text, own.clause.body, own.clause.after)
        echoed = text.message[start:end].strip(" .,!").lower() in phrases("clauses", "echoes")
        source = owned[number - 1] if echoed and number else own
        answered = number + 1 < len(owned) and owned[number + 1].answers and _says_no(text, owned[number + 1])
        for kind, said, at in _statements(text, source):
            status = RiskStatus.DENIED if answered else said
            for subject in own.subjects if echoed else _whose(text, own, at):
                yield Finding(
                    slot="risk",
                    subject=subject,
                    value=Risk(kind=kind, status=status),
                    start=start if echoed else at[0],
                    end=end if echoed else at[1],
                    why="the same as the one before" if echoed else f"words for {kind}, {status}",
                )


def _says_no(text: Text, own: Owned) -> bool:
    start, end = chars(text, own.clause.body, own.clause.after)
    return bool(
        re.search(r"\b(?:no|nope|never|not|denied|denies|didn['’]?t|has\s*n['’]?t)\b", text.message[start:end], _FLAGS)
    )


def labelled_risks(text: Text, owned: tuple[Owned, ...], firsts: tuple[int, ...]) -> Iterator[Finding]:
    """As in "Denied SI: Reed, Angel", "SI/HI denied by TV, LM": the names stand behind."""
    for own in owned:
        begin = text.tokens[firsts[own.clause.sentence]].start
        for names in (n for n in (own.clause.subject, *own.clause.others) if n is not None):
            label = _NAMES_FOLLOW.search(text.message[begin : text.tokens[names.first].start])
            if not label:
                continue
            for kind, status, span in risk_words(text, begin + label.start("what"), begin + label.end("what")):
                for subject in subjects_of(names):
                    yield Finding(
                        slot="risk",
                        subject=subject,
                        value=Risk(kind=kind, status=status),
                        start=span[0],
                        end=span[1],
                        why="said before the names",
                    )


def risks_of_everybody(text: Text, owned: tuple[Owned, ...], attended: tuple[str, ...]) -> Iterator[Finding]:
    """As in "All five denied SI at check out": of everybody who was there. Only a denial can be everybody's."""
    for own in owned:
        start, end = chars(text, own.clause.first, own.clause.after)
        if own.subjects or not _EVERYBODY.match(text.message[start:end]):
            continue
        for kind, _, span in risk_words(text, start, end):
            denial = re.search(
                r"\bden(?:y|ied|ies)\b|\bneg\b|\b(?:nobody|no|none|no one)\b", text.message[start:end], _FLAGS
            )
            for subject in attended if denial and kind is not RiskKind.AOD else ():
                risk = Risk(kind=kind, status=RiskStatus.DENIED)
                yield Finding(
                    slot="risk", subject=subject, value=risk, start=start, end=span[1], why="said of everybody"
                )


def _statements(text: Text, own: Owned) -> Iterator[tuple[RiskKind, RiskStatus, tuple[int, int]]]:
    """The risk statements of one clause, each kind and status once."""
    start, end = chars(text, own.clause.body, own.clause.after)
    message = text.message
    seen: set[tuple[RiskKind, RiskStatus]] = set()
    for kind, status, span in risk_words(text, start, end):
        if (kind, status) in seen or _of_another(text, own, span, status) or _relations(message, start, span[0], kind):
            continue
        seen.add((kind, status))
        yield kind, status, span


def risk_words(text: Text, start: int, end: int) -> Iterator[tuple[RiskKind, RiskStatus, tuple[int, int]]]:
    """Words for a risk in [start, end), with the status that the words around them give."""
    sober = [*_SOBER.finditer(text.message, start, end), *_COUNT_OF_DAYS.finditer(text.message[:end], start)]
    used = _KINDS[RiskKind.AOD].search(text.message, start, end)
    positive = used is not None and "+" in used.group()
    if sober and not positive:
        yield RiskKind.AOD, RiskStatus.DENIED, sober[0].span()
    for kind, pattern in _KINDS.items():
        for match in pattern.finditer(text.message, start, end):
            if not _is_word_for_risk(text, match) or any(s.start() <= match.start() < s.end() for s in sober):
                continue
            status = _status(text.message, start, end, match)
            if sober and kind is RiskKind.AOD and status is RiskStatus.DENIED:
                continue
            over = _OVER.search(text.message, match.end(), end)
            if over and kind is RiskKind.SH and (_URGES.search(text.message, start, end)):
                status = RiskStatus.DENIED
            elif over and status is not RiskStatus.DENIED:
                yield kind, RiskStatus.DENIED, over.span()
                status = RiskStatus.HISTORICAL
            yield kind, status, match.span()


def _is_word_for_risk(text: Text, match: re.Match[str]) -> bool:
    """As in "SI" and "HI" are risk only in capitals: "hi Mei" is not."""
    word = match.group()
    return word.upper() not in _CAPITALS or word.isupper() or (text.shape is not Shape.MIXED and word.lower() != "hi")


def _status(message: str, start: int, end: int, match: re.Match[str]) -> RiskStatus:
    scope = max([start, *(m.end() for m in _SCOPE_ENDS.finditer(message, start, match.start()))])
    before = message[scope : match.start()]
    denials = [m for m in _DENIED.finditer(before) if not _NOT_DENIED.search(before)]
    claims = list(_ENDORSED.finditer(before))
    if denials and not any(c.start() > denials[-1].start() for c in claims):
        return RiskStatus.DENIED
    if _DENIED_AFTER.match(message, match.end(), end) or re.search(
        r"\bsaid\s+no\b", message[match.end() : end], _FLAGS
    ):
        return RiskStatus.DENIED
    if re.search(r"\b(?:she|he|they|and|but)\s+den(?:ied|ies)\W*$", message[match.end() : end], _FLAGS):
        return RiskStatus.DENIED
    return RiskStatus.HISTORICAL if _HISTORICAL.search(message, scope, end) else RiskStatus.ENDORSED


def _of_another(text: Text, own: Owned, span: tuple[int, int], status: RiskStatus) -> bool:
    """Said by somebody else about the client: "Scott told Tyler that Brandon had been drinking"."""
    inside = (n for n in own.clause.others if n.role is Role.EMBEDDED)
    return status is not RiskStatus.DENIED and any(text.tokens[n.first].start < span[0] for n in inside)


def _relations(message: str, start: int, at: int, kind: RiskKind) -> bool:
    """As in "her mom's boyfriend using", "his own dad died drinking": what a relative does is not the client's."""
    if kind in {RiskKind.ABUSE, RiskKind.HI} and _IF.search(message, start, at):
        return True
    if kind is RiskKind.ABUSE:
        by_hand = bool(re.match(r"\w+\s+(?:her|him|them)\b", message[at:]))
        return by_hand and not (_RELATION.search(message, start, at) or _HURT_BY.search(message, start, at))
    found = list(_RELATION.finditer(message, max(start, at - 45), at))
    return (
        bool(found)
        and not _SELF.search(message, found[-1].end(), at)
        and not re.search(r"[,;.]", message[found[-1].end() : at])
    )


def _whose(text: Text, own: Owned, at: tuple[int, int]) -> tuple[str, ...]:
    """As in "John asked him if he was suicidal": the answer is his."""
    start, _ = chars(text, own.clause.body, own.clause.after)
    if own.also and _ASKS.search(text.message, start, at[0]):
        return tuple({subject for subject, _, _ in own.also}) if len({s for s, _, _ in own.also}) == 1 else ()
    return own.subjects


def progress_of(text: Text, owned: tuple[Owned, ...]) -> Iterator[Finding]:
    for own in owned:
        start, end = chars(text, own.clause.body, own.clause.after)
        for progress, pattern in _PROGRESS.items():
            match = pattern.search(text.message, start, end)
            if match:
                for subject in own.subjects:
                    yield Finding(
                        slot="progress",
                        subject=subject,
                        value=progress,
                        start=match.start(),
                        end=match.end(),
                        why="said so",
                    )
                break


def actions_of(text: Text, owned: tuple[Owned, ...], risks: tuple[Finding, ...]) -> Iterator[Finding]:
    """What was done about a risk: by whoever's clause it is in, or the client whose risk was told just before."""
    for number, own in enumerate(owned):
        start, end = chars(text, own.clause.first, own.clause.after)
        match = _SAFETY.search(text.message, start, end)
        subjects = own.subjects or _just_at_risk(text, owned, number, risks)
        if not match or not any(r.subject in subjects for r in risks):
            continue
        first, last = piece_around(text.message, start, end, match.start())
        for subject in subjects:
            yield Finding(
                slot="safety_action",
                subject=subject,
                value=text.message[first:last],
                start=first,
                end=last,
                why="done about a risk",
            )


def _just_at_risk(text: Text, owned: tuple[Owned, ...], number: int, risks: tuple[Finding, ...]) -> tuple[str, ...]:
    here = text.tokens[owned[number].clause.first].start
    sentence = owned[number].clause.sentence
    near = [o for o in owned[:number] if o.clause.sentence >= sentence - 2]
    begins = text.tokens[near[0].clause.first].start if near else here
    before = [
        r
        for r in risks
        if begins <= r.start < here and isinstance(r.value, Risk) and r.value.status is not RiskStatus.DENIED
    ]
    return (before[-1].subject,) if before else ()


def chars(text: Text, first: int, after: int) -> tuple[int, int]:
    """Characters of the tokens [first, after); an empty stretch where there are none."""
    if first >= after:
        at = text.tokens[after - 1].end if after else 0
        return at, at
    return text.tokens[first].start, text.tokens[after - 1].end


def piece_around(message: str, start: int, end: int, at: int) -> tuple[int, int]:
    """The part of [start, end) around `at` between commas and full stops, without blanks around it."""
    first = (
        max([start, *(m.end() for m in re.finditer(r"[,;.!?]\s", message[start:at]))], key=lambda i: i)
        if start < at
        else start
    )
    first = start + max((m.end() for m in re.finditer(r"[,;.!?]\s", message[start:at])), default=0)
    following = re.search(r"[,;!?]|\.(?:\s|$)", message[at:end])
    last = at + following.start() if following else end
    while first < last and message[first].isspace():
        first += 1
    return first, last
