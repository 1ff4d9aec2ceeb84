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

from backend.domain.policy import Band, Entry, PolicyAnswer, PolicyHit

K1, B = 1.2, 0.5
SURE, LEAD, MAYBE = 0.20, 0.25, 0.14
EXACT = 2.0
CHOICES = 3
Tokenize = Callable[[str], list[str]]


class Bm25:
    """Scores documents (lists of terms) against a query; documents belong to entries by index."""

    def __init__(self, documents: Sequence[list[str]], owners: Sequence[int]) -> None:
        self.owners = owners
        lengths = [len(document) for document in documents]
        average = sum(lengths) / max(len(lengths), 1) or 1.0
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        entries_with: dict[str, set[int]] = defaultdict(set)
        for position, document in enumerate(documents):
            norm = K1 * (1 - B + B * lengths[position] / average)
            for term, count in Counter(document).items():
                postings[term].append((position, count * (K1 + 1) / (count + norm)))
                entries_with[term].add(owners[position])
        total = len(set(owners))
        self.idf = {
            term: math.log(1 + (total - len(held) + 0.5) / (len(held) + 0.5)) for term, held in entries_with.items()
        }
        self.postings = dict(postings)
        self.unknown_idf = math.log(1 + (total + 0.5) / 0.5)

    def scores(self, terms: Iterable[str]) -> tuple[dict[int, float], float]:
        """Best document score per entry, and the score a document holding every query term once would have."""
        by_document: dict[int, float] = defaultdict(float)
        ideal = 0.0
        for term, count in Counter(terms).items():
            idf = self.idf.get(term)
            if idf is None:
                ideal += self.unknown_idf
                continue
            weight = idf * min(count, 2)
            ideal += weight
            for position, value in self.postings[term]:
                by_document[position] += weight * value
        best: dict[int, float] = defaultdict(float)
        for position, score in by_document.items():
            owner = self.owners[position]
            best[owner] = max(best[owner], score)
        return best, ideal


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
        fused: dict[int, float] = defaultdict(float)
        for index, terms, share in ((self.characters, grams(text), 0.6), (self.words, self.tokenize(text), 0.4)):
            best, ideal = index.scores(terms)
            for owner, score in best.items():
                fused[owner] += share * score / ideal if ideal else 0.0
        ordered = sorted(fused.items(), key=lambda pair: (-pair[1], pair[0]))
        hits = first + [
            PolicyHit(self.entries[owner], score)
            for owner, score in ordered[: limit + 1]
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
