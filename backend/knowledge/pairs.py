"""Two questions in one message, with a mark between them or without: where it is cut, and which two entries are meant.

Every cut between two words is read, both sides at once; where no pair is sure, the right side is also read as going on from
the left one (“…去哪办，要多久”). A pair counts for more where each side is sure of its entry, where both sides have the form
of a question, and where the whole message points at both, which a cut without a mark needs more. Weights and lines were read
off messages written for this by somebody who saw the entries' titles and answers alone (docs/understanding.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from backend.domain.policy import Entry, TwoQuestions
from backend.knowledge.classifier import Classifier, Floats, Halves
from backend.knowledge.follow_ups import features
from backend.knowledge.words import Words

SHORTEST, LONGEST = 9, 120  # canonical characters: less is one question, more is a story
SHORTEST_LEFT, SHORTEST_RIGHT = 3, 2
OURS = 0.4  # how likely each side must be a question of ours
MOST_OF_WHOLE, NAMES = 0.4, 3  # the entries that the whole message points at, and what each counts at most
SURE, MAYBE = 1.4, 1.1
CLEAR_LEFT, LONGEST_LEANING, LEANINGS = 0.4, 12, 3  # what a right side leans on, how long it is, how many are tried
_MARKS = re.compile(r"[？?。！!；;，,\s]+|另外|还有就是|还有|顺便问下?|以及|再就是")
_ASKS = re.compile(r"[吗嘛么呢啥咋几谁哪怎何冇]|多少|多久|什么|(.)[不没]\1|是否|分别|有没有")


@dataclass(frozen=True, slots=True)
class _Weights:
    """Of a cut itself, of the whole's pointing at both entries, of each of the two among those it points at, of the form."""

    cut: float
    whole: float
    named: float
    form: float = 0.3


MARKED, UNMARKED = _Weights(cut=0.5, whole=0.5, named=0.1), _Weights(cut=0.0, whole=2.0, named=0.2)


@dataclass(frozen=True, slots=True, order=True)
class _Pair:
    worth: float
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class _Cuts:
    """The text, where it may be cut and where people cut it themselves, and what the halves mean; `named` are the entries
    that the whole points at.
    """

    text: str
    places: list[int]
    marks: frozenset[int]
    halves: Halves
    named: frozenset[int]

    def both_ask(self, at: int) -> bool:
        place = self.places[at]
        return bool(_ASKS.search(self.text[:place]) and _ASKS.search(self.text[place:]))

    def pair(self, at: int, right: Floats) -> _Pair:
        """The left side's likeliest entry, the likeliest other one of the right, and what the two are worth together."""
        left, whole = self.halves.left[at], self.halves.whole
        first = int(left.argmax())
        second = max(np.argsort(-right)[:2].tolist(), key=lambda column: (column != first, right[column]))
        weights = MARKED if self.places[at] in self.marks else UNMARKED
        worth = weights.cut + min(float(left[first]), float(right[second]))
        worth += weights.whole * min(float(whole[first]), float(whole[second]), MOST_OF_WHOLE)
        worth += weights.named * len(self.named & {first, second}) + weights.form * self.both_ask(at)
        return _Pair(worth, first, second)


class Divider:
    """`classifier` reads questions, `onward` what people go on to from an entry; both know the same entries."""

    def __init__(
        self, words: Words, classifier: Classifier, onward: Classifier | None, entries: Mapping[str, Entry]
    ) -> None:
        self.words, self.classifier, self.onward, self.entries = words, classifier, onward, entries
        column = {label: at for at, label in enumerate(onward.labels)} if onward else {}
        self._onward_columns = np.array([column.get(label, len(column)) for label in classifier.labels])

    def divide(self, question: str) -> TwoQuestions | None:
        """The likeliest pair, in the order asked; None where a message rather asks one thing, or none of ours."""
        cuts = self._cuts(question)
        if cuts is None:
            return None
        pairs = [cuts.pair(at, cuts.halves.right[at]) for at, ours in enumerate(cuts.halves.ours) if ours >= OURS]
        best = max(pairs, default=_Pair(0.0, 0, 0))
        if best.worth < SURE:
            best = max((best, *self._leaning(cuts)))
        one, other = (self.entries.get(self.classifier.labels[column]) for column in (best.first, best.second))
        return TwoQuestions(one, other, sure=best.worth >= SURE) if best.worth >= MAYBE and one and other else None

    def _cuts(self, question: str) -> _Cuts | None:
        """Every place between two words that leaves enough on both sides; None where there is none."""
        text = self.words.canonical(question)
        if not SHORTEST <= len(text) <= LONGEST:
            return None
        marks = {len(self.words.canonical(question[: mark.start()])) for mark in _MARKS.finditer(question)}
        between = {place for _, begins, ends in self.words.located(text) for place in (begins, ends)}
        places = sorted(place for place in between | marks if SHORTEST_LEFT <= place <= len(text) - SHORTEST_RIGHT)
        if not places:
            return None
        halves = self.classifier.read_halves(self.words.placed(text), places)
        return _Cuts(text, places, frozenset(marks), halves, frozenset(np.argsort(-halves.whole)[:NAMES].tolist()))

    def _leaning(self, cuts: _Cuts) -> Iterator[_Pair]:
        """The same for right sides that say too little by themselves, read after what the left side asks."""
        if self.onward is None:
            return
        clear = cuts.halves.left.max(axis=1)
        short = [
            at
            for at, place in enumerate(cuts.places)
            if clear[at] >= CLEAR_LEFT and len(cuts.text) - place <= LONGEST_LEANING
        ]
        short.sort(key=lambda at: -(clear[at] + cuts.both_ask(at) / 2))
        for at in short[:LEANINGS]:
            before = self.entries.get(self.classifier.labels[int(cuts.halves.left[at].argmax())])
            if before is not None:
                read = self.onward.read(features(self.words, cuts.text[cuts.places[at] :], before))
                onward = np.append(read.entries, np.float32(0))[self._onward_columns]
                yield cuts.pair(at, ((cuts.halves.right[at] + onward) / 2).astype(np.float32))
