"""A question as retrieval sees it: half width, official words for everyday ones, cut into grams and words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

Tokenize = Callable[[str], list[str]]
LONGEST_GRAM = 3
Placed = tuple[str, int, int]  # what it is, and the characters it begins at and ends before


def plain(text: str) -> str:
    """Half width, lower case, without punctuation and blanks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def grams(text: str) -> list[str]:
    """Single characters and neighbouring pairs."""
    return [*text, *(text[index : index + 2] for index in range(len(text) - 1))]


class Words:
    """`synonyms` maps everyday words to the ones the entries use, the longest wins; `foreign` are words of other fields; `heard`
    says how each character sounds.
    """

    def __init__(
        self,
        tokenize: Tokenize,
        synonyms: Mapping[str, str],
        foreign: Collection[str] = (),
        heard: Callable[[str], Sequence[str]] = tuple,
    ) -> None:
        self.tokenize, self.heard = tokenize, heard
        self._foreign = re.compile("|".join(map(re.escape, foreign))) if foreign else None
        self._official = dict(synonyms)
        longest_first = sorted(map(re.escape, synonyms), key=len, reverse=True)
        self._everyday = re.compile("|".join(longest_first)) if longest_first else None

    def canonical(self, text: str) -> str:
        """The text with each everyday word replaced once, from left to right."""
        text = plain(text)
        return self._everyday.sub(lambda found: self._official[found[0]], text) if self._everyday else text

    def names_another_field(self, text: str) -> bool:
        """True where a canonical text holds a word of another field of law or life."""
        return self._foreign is not None and self._foreign.search(text) is not None

    def features(self, text: str) -> list[str]:
        """What the classifier counts in a canonical text: runs of up to three characters, words, and how pairs sound, so that a
        wrong character of the right sound still counts.
        """
        return [feature for feature, _, _ in self.placed(text)]

    def placed(self, text: str) -> list[Placed]:
        """The same, each with where in the text it begins and ends."""
        size = len(text)
        runs = [
            (text[at : at + run], at, at + run) for run in range(1, LONGEST_GRAM + 1) for at in range(size - run + 1)
        ]
        sounds = ((f"h:{one}.{next_}", at, at + 2) for at, (one, next_) in enumerate(pairwise(self.heard(text))))
        return [*runs, *((f"w:{word}", begins, ends) for word, begins, ends in self.located(text)), *sounds]

    def located(self, text: str) -> list[Placed]:
        """The words of a canonical text in order, with their places."""
        words, at = [], 0
        for word in self.tokenize(text):
            begins = max(
                text.find(word, at), at
            )  # a word that the tokenizer has changed stands where it was looked for
            at = min(begins + len(word), len(text))
            words.append((word, begins, at))
        return words
