"""Whether a word stands in the sentence as a name: "Will will try", "the will", "in may", "May late"."""

from nlp.names import Fits, Rank, given_names
from nlp.phrases import phrases
from nlp.pipeline import Shape, Text, Token

_ENDS = {".", "!", "?", ":", ";", "•", "-", "–", "—", "(", ")", ",", "+", "&", "/", "*", "·"}
_JOINS = {
    ",",
    "+",
    "&",
    "/",
    "and",
    "w/",
    "or",
    "n",
    "plus",
    "also",
    "both",
    "just",
    "then",
    "um",
    "uh",
    "so",
    "but",
    "had",
    "only",
}
_SHE = {"she": "she", "her": "she", "hers": "she", "herself": "she"}
_HE = {"he": "he", "his": "he", "him": "he", "himself": "he"}


class Naming:
    """`known_words` as in `Names`: lower-case words that need no name to explain them."""

    def __init__(self, known_words: frozenset[str]) -> None:
        self._known = known_words
        self._word_names = frozenset(phrases("people", "word_names"))
        self._before = frozenset(phrases("people", "word_before"))
        self._not_initials = frozenset(phrases("people", "not_initials"))
        self._relations = frozenset(phrases("people", "relations"))
        self._not_names = frozenset(phrases("people", "not_names"))
        self._persons = frozenset(phrases("people", "persons"))

    def is_name(self, text: Text, first: int, after: int, fits: Fits, previous: int) -> bool:
        """Whether the tokens [first, after) that fit clients are a name. `previous`: where the last one ended."""
        token = text.tokens[first]
        best = min(fits.values())
        if best >= Rank.INITIALS:
            together = "".join(t.text for t in text.tokens[first:after] if t.is_word)
            if text.shape is not Shape.MIXED or not together.isupper() or len(together) < 2:
                return False
            return together.lower() not in self._not_initials or _among_initials(text, first, after, previous)
        if after - first > 1:
            return True
        if len(token.norm) == 2 and token.text.islower() and text.shape is Shape.MIXED:
            return False
        if token.norm in self._word_names or (best >= Rank.SURNAME and not token.text[0].isupper()):
            return self._word_as_name(text, first, previous)
        return True

    def may_be_misspelt(self, text: Text, index: int) -> bool:
        """Whether a word that is nobody's name may be one gone wrong."""
        token = text.tokens[index]
        if len(token.norm) < 3 or token.norm in self._word_names or token.norm in self._not_names:
            return False
        if text.shape is Shape.MIXED and token.text.islower():
            return False
        return not token.text.isupper() or text.shape is Shape.UPPER

    def is_stranger(self, text: Text, index: int, previous: int) -> bool:
        """Whether a word that fits no client is a person's name all the same."""
        token = text.tokens[index]
        if not token.norm.isalpha() or len(token.norm) < 3 or token.norm in self._word_names:
            return False
        if text.shape is not Shape.MIXED:
            listed = index == previous or (index == previous + 1 and text.tokens[previous].norm in _JOINS)
            plain = token.norm not in self._known or (index > previous and token.tag == "NNP")
            return token.norm in given_names() and plain and listed
        if not token.text[0].isupper() or token.text.isupper() or token.tag not in {"NNP", ""}:
            return False
        before = text.at(index - 1)
        if (
            before is not None
            and before.norm in {"in", "from", "to", "near", "outside", "st", "at", "toward"}
            and index != previous
        ):
            return False
        if not _starts(text, index) or token.norm in given_names():
            return True
        following = text.at(index + 1)
        listed = following is not None and (
            following.is_verb or following.text in {",", "&", "+", "and", "-", "–", "(", ":"}
        )
        return token.norm not in self._known and not token.norm.endswith("ed") and listed

    def is_introduced(self, text: Text, index: int) -> bool:
        """As in "a guy named Dutch", "new kid Jaxon", "someone called Wren": whoever it is, it is nobody we know."""
        token, before = text.tokens[index], [t.norm for t in text.tokens[max(0, index - 3) : index]]
        if not before or not token.norm.isalpha() or len(token.norm) < 3 or token.norm in self._not_names:
            return False
        named = text.shape is Shape.MIXED and token.text[0].isupper()
        careless = text.shape is not Shape.MIXED and (token.norm in given_names() or token.norm not in self._known)
        if not (named or careless):
            return False
        if before[-1] in {"named", "called"}:
            return bool(self._persons.intersection(before[:-1]))
        return before[-1] == "🆕" or (before[-1] in self._persons and bool({"new", "some"}.intersection(before)))

    def is_surname(self, text: Text, index: int) -> bool:
        """Whether the word after a stranger's first name belongs to it."""
        token = text.tokens[index]
        capital = token.text[0].isupper() and (len(token.norm) == 1 or not token.text.isupper())
        return text.shape is Shape.MIXED and capital and token.tag == "NNP" and token.norm not in self._not_names

    def is_outsider(self, text: Text, first: int, after: int) -> bool:
        """As in "her boyfriend Jake", "Dr. Patel"; in dictation "her mom grace cried" is two people."""
        before, following = text.at(first - 1), text.at(after)
        if before is None or not before.is_word or text.between(before, text.tokens[first]).strip(" ."):
            return False
        if text.shape is not Shape.MIXED and before.norm not in {"dr", "named"} and following and following.is_verb:
            return False
        if before.norm == "named":
            who = text.at(first - 2)
            return who is None or who.norm not in self._persons
        return before.norm in self._relations

    def pronoun_after(self, text: Text, after: int) -> str | None:
        """The pronoun ("he", "she") that a clause goes on with before anybody else is named: "Sam lost her dog"."""
        for token in text.tokens[after : after + 12]:
            if token.text in {".", ";", ",", "\n"} or token.text[0].isupper():
                return None
            if token.norm in _SHE or token.norm in _HE:
                own = token.tag in {"PRP$", "PRP"} and token.norm != "him"
                return (_SHE.get(token.norm) or _HE.get(token.norm)) if own else None
        return None

    def _word_as_name(self, text: Text, index: int, previous: int) -> bool:
        token, before, following = text.tokens[index], text.at(index - 1), text.at(index + 1)
        if (
            following
            and following.text == "-"
            and token.end == following.start
            and text.message[following.end : following.end + 1].isalpha()
        ):
            return False
        if before and index == previous and before.norm == token.norm:
            return False
        if text.shape is Shape.MIXED:
            return token.text[0].isupper() and not (_starts(text, index) and _is_clause_word(token, following))
        if before and before.is_word and (before.norm in self._before or before.tag in {"PRP$", "DT"}):
            return False
        if before and before.tag == "JJ" and index != previous and not (following and following.is_verb):
            return False
        return _stands_alone(text, index, previous)


def _among_initials(text: Text, first: int, after: int, previous: int) -> bool:
    """As in "TB, XR, PM + BT": in a list of initials an abbreviation is somebody, too."""
    before, gap = text.at(previous - 1), [t.norm for t in text.tokens[previous:first]]
    listed = before is not None and before.text.isupper() and len(before.text) in {2, 3}
    following = text.at(after)
    return (
        previous > 0
        and listed
        and gap in ([], [","], ["+"], ["and"], ["&"], [",", "and"], ["/"])
        and (following is None or following.norm not in {"group", "grp"})
    )


def _starts(text: Text, index: int) -> bool:
    """Whether a sentence, a line or a list item begins here, so that a capital says nothing."""
    before = text.at(index - 1)
    if before is None or "\n" in text.between(before, text.tokens[index]):
        return True
    if before.text in {'"', "”", "'"} and index > 1:
        return text.tokens[index - 2].text in {".", "!", "?"}
    return not before.is_word and before.text not in {",", "+", "&", "/", "(", "$"}


def _is_clause_word(token: Token, following: Token | None) -> bool:
    """As in "Will follow up w/ Tom", "Hope everyone rests", "Mark her as absent": no name, though capitalised."""
    if following is None:
        return False
    if token.norm in {"will", "may"}:
        told = following.norm in phrases("presence", "after_name")
        return following.tag == "VB" and not told and not following.norm.endswith(("s", "ed"))
    if token.norm in {"hope", "mark", "chase", "grant", "page", "skip"}:
        return following.tag in {"PRP", "TO", "PRP$"} or following.norm in {
            "everyone",
            "that",
            "as",
            "to",
            "this",
            "the",
        }
    return False


def _stands_alone(text: Text, index: int, previous: int) -> bool:
    """In text without capitals: the word is in a list of names, or something is said of it."""
    token, before, following = text.tokens[index], text.at(index - 1), text.at(index + 1)
    if index == previous and token.tag in {"MD", "VBD", "VB", "VBP"} and not (following and following.is_verb):
        return before is not None and following is not None and not following.is_word
    if token.tag in {"NN", "NNP", "NNPS"}:
        return following is None or following.norm not in {"of", "therapy", "project", "activity", "in", "that"}
    opens = before is None or not before.is_word or index == previous or before.norm in _JOINS
    said = following is not None and (following.is_verb or following.norm in phrases("presence", "after_name"))
    return opens or said
