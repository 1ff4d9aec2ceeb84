"""BM25 over the pool in numpy: postings in two flat arrays, so that a company's words cost one sum over their slices.

Beside the dictionary's words stand pairs of neighbouring characters, which find 卤藕 by 莲藕 and what the dictionary cuts
otherwise; they count, and are never given as a reason. The constants were set on the companies of bench/matching.py.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.domain.listings import Listing

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int32]
Cut = Callable[[str], list[str]]
K1, B = 1.2, 0.6
TITLE, SCENES = 3, 2  # how often a word there counts
PAIR = 0.7  # what a pair of characters counts beside a word
HEAVIEST = 4  # so many of a company's rarest words make a whole score: a long text is not asked to fit in full
SATURATED = 1.5  # the weight of one idf that a well-fitting word reaches
EVERYWHERE = 0.08  # share of a pool from which on a word says nothing
MOST_WORDS = 20_000
FEW = 100  # listings; in a smaller pool nothing is everywhere
_RUN = re.compile(r"[\u3400-\u9fff]+")


def plain(text: str) -> str:
    """As the tokenizer sees it: full width and capitals are no difference."""
    return unicodedata.normalize("NFKC", text).lower()


@cache
def common_words() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def telling(words: Iterable[str]) -> list[str]:
    """Without single characters, bare numbers and what every company says of itself; each once, in order."""
    common = common_words()
    kept = (word for word in words if len(word) > 1 and word not in common and not word.isdigit())
    return list(dict.fromkeys(kept))


def pairs(text: str) -> list[str]:
    """Neighbouring characters, marked so that none is taken for a word; those inside a common word are left out."""
    common = common_words()
    runs = _RUN.findall(plain(text))
    return [f"~{run[at : at + 2]}" for run in runs for at in range(len(run) - 1) if run[at : at + 2] not in common]


def counted(listing: Listing, cut: Cut) -> Counter[str]:
    """How often each telling word, and each pair, counts in a listing."""
    words: Counter[str] = Counter()
    neighbours: Counter[str] = Counter()
    for text, times in ((listing.title, TITLE), (listing.scenes, SCENES), (listing.abstract, 1)):
        for word in cut(text):
            words[word] += times
        for pair in pairs(text):
            neighbours[pair] += times
    return Counter({word: words[word] for word in telling(words)}) + neighbours


class Terms:
    """The pool's words. Scores are arrays over its listings."""

    def __init__(self, listings: Sequence[Listing], cut: Cut) -> None:
        self.size = len(listings)
        counts = [counted(listing, cut) for listing in listings]
        lengths = np.array([sum(count.values()) for count in counts] or [0], dtype=np.float32)
        norms = K1 * (1 - B + B * lengths / (float(lengths.mean()) or 1.0))
        found: dict[str, list[tuple[int, int]]] = {}
        for document, count in enumerate(counts):
            for word, times in count.items():
                found.setdefault(word, []).append((document, times))
        self.slices: dict[str, slice] = {}
        self.idf: dict[str, float] = {}
        documents: list[int] = []
        weights: list[float] = []
        for word, held in found.items():
            if self.size >= FEW and len(held) > EVERYWHERE * self.size:
                continue
            start = len(documents)
            idf = math.log(1 + (self.size - len(held) + 0.5) / (len(held) + 0.5))
            share = PAIR if word.startswith("~") else 1.0
            for document, times in held:
                documents.append(document)
                weights.append(share * idf * times * (K1 + 1) / (times + float(norms[document])))
            self.slices[word], self.idf[word] = slice(start, len(documents)), idf
        self.documents: Whole = np.array(documents, dtype=np.int32)
        self.weights: Floats = np.array(weights, dtype=np.float32)
        self._by_word: dict[str, dict[int, float]] = {}  # of words that were asked for one by one
        self.unheard = math.log(1 + (self.size + 0.5) / 0.5)  # the idf of a word that no patent holds

    def score(self, words: Sequence[str], neighbours: Sequence[str]) -> Floats:
        """0 to 1 for every listing: BM25 over what a text like this could reach at best."""
        total = self._sum([*words, *dict.fromkeys(neighbours)])
        best = sorted((self.idf.get(word, self.unheard) for word in words), reverse=True)[:HEAVIEST]
        scaled: Floats = np.minimum(total / (SATURATED * (sum(best) or self.unheard)), 1.0).astype(np.float32)
        return scaled

    def hold(self, words: Sequence[str]) -> Flags:
        """Which listings hold one of the words."""
        held: Flags = self._sum(words) > 0
        return held

    def _sum(self, terms: Sequence[str]) -> NDArray[np.float64]:
        heard = [self.slices[term] for term in terms if term in self.slices]
        if not heard:
            return np.zeros(self.size, dtype=np.float64)
        documents = np.concatenate([self.documents[part] for part in heard])
        weights = np.concatenate([self.weights[part] for part in heard])
        return np.bincount(documents, weights=weights, minlength=self.size).astype(np.float64)

    def weight(self, word: str, document: int) -> float:
        """What one word counts for one listing; 0 where it does not hold it."""
        held = self._by_word.get(word)
        if held is None:
            part = self.slices.get(word, slice(0, 0))
            held = dict(zip(self.documents[part].tolist(), self.weights[part].tolist(), strict=True))
            if len(self._by_word) >= MOST_WORDS:
                self._by_word.clear()
            self._by_word[word] = held
        return held.get(document, 0.0)
