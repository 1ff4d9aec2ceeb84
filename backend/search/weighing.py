"""How telling words are: the rarer in the pool, the more."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import tantivy

from backend.search.compiling import Compiler
from backend.search.fields import Held
from backend.search.tokens import Tokenizer, plain
from backend.search.wanted import Group, Way

MOST_TELLING = 20
TITLE_COUNTS = 2
SHORTEST_TELLING = 2


def frequency(term: str, searcher: tantivy.Searcher, held: Held) -> int:
    """In how many documents the word stands, in the field where it stands most."""
    return max((searcher.doc_freq(field, term) for field in held.texts), default=0)


def known(group: Group, searcher: tantivy.Searcher, compiler: Compiler) -> tuple[Way, ...]:
    """The ways of which every word stands somewhere in the pool, those of a phrase side by side. Where nobody writes the
    word as it was said, the best of the others counts in full."""
    ways = tuple(way for way in group.ways if _stands(way, searcher, compiler))
    if not ways or ways[0] is group.ways[0]:
        return ways
    best = max(way.weight for way in ways)
    return tuple(replace(way, weight=way.weight / best) for way in ways)


def _stands(way: Way, searcher: tantivy.Searcher, compiler: Compiler) -> bool:
    if not all(frequency(term, searcher, compiler.held) for term in way.terms):
        return False
    return not way.phrase or bool(searcher.search(compiler.side_by_side(way.terms), 1, False).hits)


def idf(documents: int, of: int) -> float:
    """As BM25 has it."""
    return math.log(1 + (of - documents + 0.5) / (documents + 0.5))


def weights_of(groups: tuple[Group, ...], searcher: tantivy.Searcher, held: Held) -> tuple[float, ...]:
    """For each group how much it tells: by its most frequent way."""
    size = searcher.num_docs
    out = []
    for group in groups:
        common = max((min(frequency(term, searcher, held) for term in way.terms) for way in group.ways), default=0)
        out.append(group.weight * idf(min(common, size), size) if group.needed else 0.0)
    return tuple(out)


def telling(
    tokenizer: Tokenizer, searcher: tantivy.Searcher, held: Held, title: str, text: str
) -> list[tuple[str, float]]:
    """The words of a text that tell it from others, with their weight: its number times its rarity."""
    counted = Counter(tokenizer.words(plain(text)))
    for word in tokenizer.words(plain(title)):
        counted[word] += TITLE_COUNTS
    size = searcher.num_docs
    scored = [
        (word, math.sqrt(count) * idf(seen, size))
        for word, count in counted.items()
        if len(word) >= SHORTEST_TELLING and (seen := frequency(word, searcher, held)) > 1
    ]
    best = sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:MOST_TELLING]
    top = best[0][1] if best else 1.0
    return [(word, score / top) for word, score in best]
