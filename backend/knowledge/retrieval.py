"""Which entry a question means: a trained classifier beside BM25 over characters and over words, fused.

A question is answered at once only when the first entry is likely and leads the second clearly; else it becomes numbered
choices, else an honest “no”. The lines below are read off the held-out questions (docs/understanding.md).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from backend.domain.policy import Band, Entry, PolicyAnswer, PolicyHit
from backend.knowledge.classifier import Classifier
from backend.knowledge.words import Words, grams

K1, B = 1.2, 0.5
OVERLAP = 0.6  # what BM25 weighs beside the classifier
SURE, LEAD = 0.40, 1.3  # answered at once from here on, where the first is so many times the second
HARDLY_OURS, SURELY_NOTHING = 0.90, 0.985  # how likely “none of ours” may be for an answer, and for choices
MAYBE = 0.10
EXACT = 2.0
SAME_MATTER = 0.12  # what an entry of the last answer's area is ahead in a question that leans on it
CHOICES = 3
Scores = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]


class Bm25:
    """Scores documents (lists of terms) against a query; documents belong to entries by index, in order."""

    def __init__(self, documents: Sequence[list[str]], owners: Sequence[int]) -> None:
        self.count = len(documents)
        self.starts = np.flatnonzero(np.diff(np.asarray(owners), prepend=-1))  # each entry's first document
        lengths = [len(document) for document in documents]
        average = sum(lengths) / max(len(lengths), 1) or 1.0
        held: dict[str, list[tuple[int, float]]] = defaultdict(list)
        entries_with: dict[str, set[int]] = defaultdict(set)
        for position, document in enumerate(documents):
            norm = K1 * (1 - B + B * lengths[position] / average)
            for term, count in Counter(document).items():
                held[term].append((position, count * (K1 + 1) / (count + norm)))
                entries_with[term].add(owners[position])
        total = len(set(owners))
        self.idf = {
            term: math.log(1 + (total - len(having) + 0.5) / (len(having) + 0.5))
            for term, having in entries_with.items()
        }
        self.postings = {
            term: (np.array([position for position, _ in pairs]), np.array([value for _, value in pairs]))
            for term, pairs in held.items()
        }
        self.unknown_idf = math.log(1 + (total + 0.5) / 0.5)

    def shares(self, terms: Iterable[str]) -> Scores:
        """For each entry its best document's score over the score a document holding every query term once would have."""
        positions, values = [], []
        ideal = 0.0
        for term, count in Counter(terms).items():
            idf = self.idf.get(term)
            if idf is None:
                ideal += self.unknown_idf
                continue
            weight = idf * min(count, 2)
            ideal += weight
            where, value = self.postings[term]
            positions.append(where)
            values.append(value * weight)
        if not positions:
            return np.zeros(len(self.starts))
        scores = np.bincount(np.concatenate(positions), np.concatenate(values), minlength=self.count)
        return np.maximum.reduceat(scores, self.starts) / ideal


class Retrieval:
    """An index over entries. Without a classifier (it has not been trained yet) nothing but exact words is answered at
    once; everything else becomes choices.
    """

    def __init__(self, entries: Sequence[Entry], words: Words, classifier: Classifier | None) -> None:
        self.entries = tuple(entries)
        self.by_id = {entry.id: entry for entry in entries}
        self.words, self.classifier = words, classifier
        texts: list[str] = []
        owners: list[int] = []
        for index, entry in enumerate(self.entries):
            for text in dict.fromkeys((entry.title, *entry.phrasings, f"{entry.title} {entry.answer}")):
                texts.append(words.canonical(text))
                owners.append(index)
        self.exact = dict(zip(texts, owners, strict=True))
        self.characters = Bm25([grams(text) for text in texts], owners)
        self.terms = Bm25([words.tokenize(text) for text in texts], owners)
        self._areas = np.array([entry.area for entry in self.entries])
        self._columns = self._aligned() if classifier else None

    def _aligned(self) -> Columns:
        """The classifier's column of each entry; one that it never learned gets the last, which is always zero."""
        assert self.classifier is not None
        place = {label: column for column, label in enumerate(self.classifier.labels)}
        return np.array([place.get(entry.id, len(place)) for entry in self.entries])

    def rank(self, question: str, limit: int = CHOICES) -> tuple[PolicyHit, ...]:
        """The nearest entries, best first."""
        return self._ranked(self.words.canonical(question), limit)[0]

    def ask(self, question: str, besides: str = "") -> PolicyAnswer:
        """What to do with a question: answer it, offer choices, or say that the material does not hold it.

        After the entry `besides` another one is meant, more likely one of the same matter.
        """
        text = self.words.canonical(question)
        hits, nothing = self._ranked(text, CHOICES + bool(besides), near=besides)
        hits = tuple(hit for hit in hits if hit.entry.id != besides)[:CHOICES]
        if text in self.exact and hits and hits[0].score >= EXACT:
            return PolicyAnswer(Band.ANSWER, hits[:1])
        if self.words.names_another_field(text):
            return PolicyAnswer(Band.NOTHING, (), 0.0)
        ours = 1 - nothing
        if not hits or hits[0].score < MAYBE or nothing > SURELY_NOTHING:
            return PolicyAnswer(Band.NOTHING, hits, ours)
        second = hits[1].score if len(hits) > 1 else 0.0
        sure = self.classifier is not None and nothing < HARDLY_OURS
        if sure and hits[0].score >= SURE and hits[0].score >= LEAD * second:
            return PolicyAnswer(Band.ANSWER, hits[:1], ours)
        return PolicyAnswer(Band.CHOICES, hits, ours)

    def _ranked(self, text: str, limit: int, *, near: str = "") -> tuple[tuple[PolicyHit, ...], float]:
        """Hits for a canonical text, and how likely it is none of ours. An exact phrasing comes first."""
        if not text:
            return (), 1.0
        fused = OVERLAP * (
            0.6 * self.characters.shares(grams(text)) + 0.4 * self.terms.shares(self.words.tokenize(text))
        )
        nothing = 0.0
        if self.classifier is not None:
            read = self.classifier.read(self.words.features(text))
            fused += np.append(read.entries, 0.0)[self._columns]
            nothing = read.nothing
        if near in self.by_id:
            fused[self._areas == self.by_id[near].area] += SAME_MATTER
        if text in self.exact:
            fused[self.exact[text]] += EXACT
        best = np.argsort(-fused, kind="stable")[:limit]
        return tuple(PolicyHit(self.entries[owner], float(fused[owner])) for owner in best if fused[owner] > 0), nothing
