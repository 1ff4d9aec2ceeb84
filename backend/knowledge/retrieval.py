"""Which entry a question means: BM25 over characters and over words, fused; sure answers only above a measured line.

A question is answered at once only when it is covered well and the first entry leads the second clearly; else it becomes
numbered choices, else an honest “no”. The lines below are read off the held-out questions (nlu_data/heldout/policy.yml):
with them 1.7 % of those questions get a wrong answer at once.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from backend.domain.policy import Band, Entry, PolicyAnswer, PolicyHit

K1, B = 1.2, 0.5
SURE, LEAD, MAYBE = 0.20, 0.25, 0.14
EXACT = 2.0
CHOICES = 3
Tokenize = Callable[[str], list[str]]
Scores = npt.NDArray[np.float64]


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


def plain(text: str) -> str:
    """Half width, lower case, without punctuation and blanks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def grams(text: str) -> list[str]:
    """Single characters and neighbouring pairs."""
    return [*text, *(text[index : index + 2] for index in range(len(text) - 1))]


class Retrieval:
    """An index over entries. `synonyms` maps everyday words to the ones the entries use, longest first."""

    def __init__(
        self,
        entries: Sequence[Entry],
        tokenize: Tokenize,
        synonyms: dict[str, str],
    ) -> None:
        self.entries = tuple(entries)
        self.by_id = {entry.id: entry for entry in entries}
        self.tokenize = tokenize
        self.synonyms = sorted(synonyms.items(), key=lambda pair: -len(pair[0]))
        texts: list[str] = []
        owners: list[int] = []
        for index, entry in enumerate(self.entries):
            for text in dict.fromkeys((entry.title, *entry.phrasings, f"{entry.title} {entry.answer}")):
                texts.append(self._canonical(text))
                owners.append(index)
        self.exact = dict(zip(texts, owners, strict=True))
        self.characters = Bm25([grams(text) for text in texts], owners)
        self.words = Bm25([self.tokenize(text) for text in texts], owners)

    def _canonical(self, text: str) -> str:
        text = plain(text)
        for everyday, official in self.synonyms:
            text = text.replace(everyday, official)
        return text

    def rank(self, question: str, limit: int = CHOICES) -> list[PolicyHit]:
        """The nearest entries, best first. A score is the share of the question's weight that the entry covers."""
        text = self._canonical(question)
        if not text:
            return []
        first = [PolicyHit(self.entries[self.exact[text]], EXACT)] if text in self.exact else []
        fused = 0.6 * self.characters.shares(grams(text)) + 0.4 * self.words.shares(self.tokenize(text))
        best = np.argsort(-fused, kind="stable")[: limit + 1]
        ordered = [(int(owner), float(fused[owner])) for owner in best if fused[owner] > 0]
        hits = first + [
            PolicyHit(self.entries[owner], score)
            for owner, score in ordered
            if not first or self.entries[owner] is not first[0].entry
        ]
        return hits[:limit]

    def ask(self, question: str) -> PolicyAnswer:
        hits = self.rank(question)
        if not hits or hits[0].score < MAYBE:
            return PolicyAnswer(Band.NOTHING, tuple(hits))
        second = hits[1].score if len(hits) > 1 else 0.0
        if hits[0].score >= SURE and hits[0].score - second >= LEAD * hits[0].score:
            return PolicyAnswer(Band.ANSWER, (hits[0],))
        return PolicyAnswer(Band.CHOICES, tuple(hits))
