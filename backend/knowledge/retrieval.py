"""Which entry a question means: a trained classifier beside BM25 over characters and over words, fused.

A question is answered at once only when the first entry is likely and leads the second clearly; else it becomes numbered
choices, else an honest “no”. The lines below are read off the held-out questions (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from backend.domain.policy import Band, Entry, PolicyAnswer, PolicyHit, TwoQuestions
from backend.knowledge.bm25 import Bm25, Scores
from backend.knowledge.classifier import Classifier
from backend.knowledge.follow_ups import features
from backend.knowledge.pairs import Divider
from backend.knowledge.words import Words, grams

OVERLAP = 0.6  # what BM25 weighs beside the classifier
SURE, LEAD = 0.40, 1.3  # answered at once from here on, where the first is so many times the second
HARDLY_OURS, SURELY_NOTHING = 0.90, 0.985  # how likely “none of ours” may be for an answer, and for choices
MAYBE = 0.10
PERHAPS_OURS = 0.2  # how likely a message is about the rules that is looked into for a second question
EXACT = 2.0
CHOICES = 3
ALONE, JOINED, ONWARD = 0.5, 0.4, 1.0  # a question that leans on the answer before: what its three readings weigh
AGAIN = 0.4  # the last entry's own title would always find it
MOST_ALONE = 1.0  # “要钱吗” is a way to ask of one entry, word for word, and after another it means something else
SURE_AFTER, LEAD_AFTER = 0.40, 1.15
Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A score for each entry, and how likely none of them is meant."""

    scores: Scores
    nothing: float


class Retrieval:
    """An index over entries. Without a classifier (it has not been trained yet) nothing but exact words is answered at
    once; everything else becomes choices.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        words: Words,
        classifier: Classifier | None,
        follow_ups: Classifier | None = None,
    ) -> None:
        self.entries = tuple(entries)
        self.by_id = {entry.id: entry for entry in entries}
        self.words, self.classifier, self.follow_ups = words, classifier, follow_ups
        texts: list[str] = []
        owners: list[int] = []
        for index, entry in enumerate(self.entries):
            for text in dict.fromkeys((entry.title, *entry.phrasings, f"{entry.title} {entry.answer}")):
                texts.append(words.canonical(text))
                owners.append(index)
        self.exact = dict(zip(texts, owners, strict=True))
        self.characters = Bm25((grams(text) for text in texts), owners)
        self.terms = Bm25(map(words.tokenize, texts), owners)
        self._index = {entry.id: index for index, entry in enumerate(self.entries)}
        self._columns = self._aligned(classifier) if classifier else None
        self._onward_columns = self._aligned(follow_ups) if follow_ups else None
        self._divider = Divider(words, classifier, follow_ups, self.by_id) if classifier else None

    def _aligned(self, classifier: Classifier) -> Columns:
        """The classifier's column of each entry; one that it never learned gets the last, which is always zero."""
        place = {label: column for column, label in enumerate(classifier.labels)}
        return np.array([place.get(entry.id, len(place)) for entry in self.entries])

    def rank(self, question: str, limit: int = CHOICES) -> tuple[PolicyHit, ...]:
        """The nearest entries, best first."""
        return self._best(self._alone(self.words.canonical(question)).scores, limit)

    def ask(self, question: str) -> PolicyAnswer:
        """What to do with a question: answer it, offer choices, or say that the material does not hold it."""
        text = self.words.canonical(question)
        answer = self._decided(text, self._alone(text), SURE, LEAD)
        return replace(answer, both=self._both(question, text)) if answer.ours >= PERHAPS_OURS else answer

    def ask_after(self, question: str, before: str, asked: str) -> PolicyAnswer:
        """The same for a few words that lean on the answer `before` and on how that was `asked`: what people go on to from
        there, the words alone, and the words put to the question before, weighed together.
        """
        text = self.words.canonical(question)
        entry = self.by_id.get(before)
        if entry is None or not text:
            return self.ask(question)
        alone = self._alone(text)
        joined = np.maximum(
            self._alone(self.words.canonical(asked + question)).scores,
            self._alone(self.words.canonical(entry.title + question)).scores,
        )
        joined[self._index[before]] *= AGAIN
        onward, nothing = self._onward(question, entry)
        by_itself = np.minimum(alone.scores, MOST_ALONE)
        scores = ALONE * by_itself + JOINED * joined + ONWARD * onward
        answer = self._decided(text, Reading(scores, min(alone.nothing, nothing)), SURE_AFTER, LEAD_AFTER)
        return replace(answer, both=self._both(question, text))

    def _both(self, question: str, text: str) -> TwoQuestions | None:
        """The two things that one message asks; None where it is one, or a phrasing word for word."""
        return self._divider.divide(question) if self._divider and text not in self.exact else None

    def _onward(self, question: str, before: Entry) -> tuple[Scores, float]:
        """Where people go from an entry with such words: a share for each entry, and how likely it is none of ours."""
        if self.follow_ups is None:
            return np.zeros(len(self.entries)), 1.0
        read = self.follow_ups.read(features(self.words, question, before))
        return np.append(read.entries, 0.0)[self._onward_columns].astype(np.float64), read.nothing

    def _decided(self, text: str, reading: Reading, sure_from: float, lead: float) -> PolicyAnswer:
        hits = self._best(reading.scores, CHOICES)
        if text in self.exact and hits and hits[0].score >= EXACT:
            return PolicyAnswer(Band.ANSWER, hits[:1])
        if text.isascii() or self.words.names_another_field(text):
            return PolicyAnswer(Band.NOTHING, (), 0.0)  # bare letters and digits ask nothing
        ours = 1 - reading.nothing
        if not hits or hits[0].score < MAYBE or reading.nothing > SURELY_NOTHING:
            return PolicyAnswer(Band.NOTHING, hits, ours)
        second = hits[1].score if len(hits) > 1 else 0.0
        sure = self.classifier is not None and reading.nothing < HARDLY_OURS
        if sure and hits[0].score >= sure_from and hits[0].score >= lead * second:
            return PolicyAnswer(Band.ANSWER, hits[:1], ours)
        return PolicyAnswer(Band.CHOICES, hits, ours)

    def _alone(self, text: str) -> Reading:
        """A score for each entry from a canonical text, and how likely it is none of ours. An exact phrasing leads."""
        if not text:
            return Reading(np.zeros(len(self.entries)), 1.0)
        fused = OVERLAP * (
            0.6 * self.characters.shares(grams(text)) + 0.4 * self.terms.shares(self.words.tokenize(text))
        )
        nothing = 0.0
        if self.classifier is not None:
            read = self.classifier.read(self.words.features(text))
            fused += np.append(read.entries, 0.0)[self._columns]
            nothing = read.nothing
        if text in self.exact:
            fused[self.exact[text]] += EXACT
        return Reading(fused, nothing)

    def _best(self, scores: Scores, limit: int) -> tuple[PolicyHit, ...]:
        best = np.argsort(-scores, kind="stable")[:limit]
        return tuple(PolicyHit(self.entries[owner], float(scores[owner])) for owner in best if scores[owner] > 0)
