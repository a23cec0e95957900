"""One name in a message: where it stands, what kind of person it is, and which clients it fits."""

from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

from billing.record import record
from billing.records import ClientId, ClinicianId
from nlp.names import Fits, Rank
from nlp.pipeline import Text, Token


class Kind(StrEnum):
    """CLIENT: fits one client of the practice or several. STRANGER: a person's name on no list. OUTSIDER: somebody's
    boyfriend, sponsor, doctor. STAFF: a clinician of the practice.
    """

    CLIENT = "client"
    STAFF = "staff"
    OUTSIDER = "outsider"
    STRANGER = "stranger"


@record
class Mention:
    """One name in the message. [start, end) are characters, [first, after) are tokens.

    `ids`: the clients it fits: one when settled, several when not. `many`: it means all of them ("both Marias").
    """

    text: str
    start: int
    end: int
    first: int
    after: int
    kind: Kind
    ids: tuple[ClientId, ...] = ()
    ranks: tuple[Rank, ...] = ()
    many: bool = False
    staff: ClinicianId | None = None

    @property
    def settled(self) -> bool:
        return self.kind is Kind.CLIENT and (self.many or len(self.ids) == 1)

    @property
    def clients(self) -> tuple[ClientId, ...]:
        """The clients meant beyond doubt."""
        return self.ids if self.settled else ()

    @property
    def unclear(self) -> bool:
        return self.kind is Kind.CLIENT and not self.settled


def run_of(text: Text, index: int, size: int) -> tuple[Token, ...]:
    """`size` tokens from `index` that may be parts of one name: nothing but a blank or a hyphen between them."""
    tokens = text.tokens[index : index + size]
    if len(tokens) < size or not tokens[0].is_word or not tokens[-1].is_word:
        return ()
    gaps = all(text.between(a, b) in {"", " ", "  "} for a, b in pairwise(tokens))
    marks = all(t.is_word or t.text in {"-", "‑", "–", "."} for t in tokens)
    return tokens if gaps and marks else ()


def mention_of(
    text: Text,
    first: int,
    after: int,
    fits: Fits,
    *,
    kind: Kind = Kind.CLIENT,
    many: bool = False,
    staff: ClinicianId | None = None,
) -> Mention:
    start, end = text.tokens[first].start, text.tokens[after - 1].end
    ids = tuple(sorted(fits))
    return Mention(
        text=text.message[start:end],
        start=start,
        end=end,
        first=first,
        after=after,
        kind=kind,
        ids=ids,
        ranks=tuple(fits[id] for id in ids),
        many=many,
        staff=staff,
    )


def with_ids(mention: Mention, ids: tuple[ClientId, ...]) -> Mention:
    ranks = dict(zip(mention.ids, mention.ranks, strict=True))
    return replace(mention, ids=ids, ranks=tuple(ranks[id] for id in ids))


def as_kind(mention: Mention, kind: Kind) -> Mention:
    return replace(mention, kind=kind)
