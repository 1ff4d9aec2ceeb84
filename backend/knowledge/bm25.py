"""BM25 over the phrasings of entries: how much of a question's terms an entry's best phrasing shares."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from backend.knowledge.hashed import hashes, places

K1, B = 1.2, 0.5
Scores = npt.NDArray[np.float64]


class Bm25:
    """Scores documents (lists of terms) against a query; documents belong to entries by index, in order.

    The postings lie end to end in flat arrays, term after term: an object a posting, or an array a term, takes ten times
    their memory in every web process.
    """

    def __init__(self, documents: Iterable[list[str]], owners: Sequence[int]) -> None:
        known: dict[str, int] = {}
        terms, counts, sizes, lengths = array("i"), array("i"), array("i"), array("i")
        for document in documents:
            held = Counter(document)
            terms.extend(known.setdefault(term, len(known)) for term in held)
            counts.extend(held.values())
            sizes.append(len(held))
            lengths.append(len(document))
        self.count = len(sizes)
        owner = np.asarray(owners, np.int32)
        self.starts = np.flatnonzero(np.diff(owner, prepend=-1))  # each entry's first document
        numbers = hashes(list(known))
        by_hash = np.argsort(numbers)
        self._terms = numbers[by_hash]
        by_place = np.argsort(by_hash)[np.asarray(terms)]  # each posting's term by where it stands in the table
        order = np.argsort(by_place, kind="stable")
        term = by_place[order]
        self._positions = np.repeat(np.arange(self.count, dtype=np.int32), sizes)[order]
        self._bounds = np.searchsorted(term, np.arange(len(numbers) + 1)).astype(np.int32)
        length = np.asarray(lengths) / max(sum(lengths) / max(self.count, 1), 1.0)
        count = np.asarray(counts)[order]
        norm = K1 * (1 - B + B * length[self._positions])
        self._values = (count * (K1 + 1) / (count + norm)).astype(np.float32)
        total = len(self.starts)
        first = (np.diff(term, prepend=-1) != 0) | (np.diff(owner[self._positions], prepend=-1) != 0)
        having = np.bincount(term[first], minlength=len(numbers))
        self._idf = np.log(1 + (total - having + 0.5) / (having + 0.5)).astype(np.float32)
        self._unknown_idf = math.log(1 + (total + 0.5) / 0.5)

    def shares(self, terms: Iterable[str]) -> Scores:
        """For each entry its best document's score over the score a document holding every query term once would have."""
        held = Counter(terms)
        found = places(self._terms, hashes(list(held)))
        known = found[found >= 0]
        times = np.fromiter(held.values(), np.int64, len(held))[found >= 0]
        weights = self._idf[known] * np.minimum(times, 2)
        ideal = float(weights.sum()) + self._unknown_idf * (len(found) - len(known))
        if not len(known):
            return np.zeros(len(self.starts))
        postings = [slice(self._bounds[place], self._bounds[place + 1]) for place in known.tolist()]
        positions = np.concatenate([self._positions[posting] for posting in postings])
        values = np.concatenate(
            [self._values[posting] * weight for posting, weight in zip(postings, weights, strict=True)]
        )
        scores = np.bincount(positions, values, minlength=self.count)
        return np.maximum.reduceat(scores, self.starts) / ideal
