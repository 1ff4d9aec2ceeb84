"""The search turned round: one patent against all saved queries.

Every condition of a query becomes a term, a number: a word, a place, a kind, a level of the IPC. A query is filed under its
rarest term, so a patent looks at those queries only whose rarest term it holds; the rest of the conditions stand in the
same row and are checked in SQL (backend/store/saved_queries.py). A demand is a group of ways, of which one must be whole;
a query is filed under each way of its rarest group. What a query demands here is what the strict query of
`backend/search/compiling.py` demands of a document, with every word of it insisted on; a property test keeps the two equal.
What only the text itself can say (a phrase, a word left out, characters side by side) is `literal`: its keys find no less
than what fits, and whoever asks reads the text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from backend.domain.ipc import prefixes
from backend.domain.queries import PatentQuery
from backend.search import wanted as reading
from backend.search.everyday import everyday
from backend.search.fields import MOST_YUAN, SCHEMA_VERSION, IndexDocument, fen
from backend.search.index import PatentIndex
from backend.search.tokens import Tokenizer, plain
from backend.search.wanted import Reader
from backend.store.saved_queries import Key

FORM = "2"  # of the keys: another one files every query anew
ANYTHING = 1  # the term of every document: under it stand queries that name nothing but a price
SIDE_BY_SIDE = 6  # characters of a run that stand in one condition; of a longer one, all its stretches of as many
MOST_RESTS = 4
LEAST_FEN, MOST_FEN = -1, int(MOST_YUAN * 100)
Condition = tuple[str, str]  # field of the index, value
Way = tuple[Condition, ...]
Group = tuple[Way, ...]
Frequency = Callable[[Condition], int]


@dataclass(frozen=True, slots=True)
class Demands:
    """Groups of which one way each must hold whole, ways of which none may, and bounds of what is paid before use.

    `literal` says that the text has to be read besides.
    """

    needed: tuple[Group, ...]
    barred: tuple[Way, ...]
    least_fen: int
    most_fen: int
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Traits:
    """A document as a query looks at it."""

    conditions: frozenset[Condition]
    upfront_fen: int

    @property
    def terms(self) -> frozenset[int]:
        return frozenset({ANYTHING, *map(term_of, self.conditions)})


def term_of(condition: Condition) -> int:
    """63 bits. Two conditions of a million share one in 1 of 10⁷ offices; what is told is held against the words again."""
    digest = hashlib.blake2b("\0".join(condition).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 1) | 2


def version_of(tokenizer: Tokenizer) -> str:
    """Keys made with another dictionary, other everyday words, or another way of indexing, are made again."""
    return f"{FORM}-{SCHEMA_VERSION}-{tokenizer.version}-{everyday().version}"


def groups_of(query: PatentQuery, tokenizer: Tokenizer) -> tuple[reading.Group, ...]:
    """What is insisted on of the words, read as the search reads them."""
    return tuple(group for group in Reader(tokenizer, everyday()).read(query.words) if group.needed)


def demands(query: PatentQuery, tokenizer: Tokenizer) -> Demands:
    low, high = query.min_upfront_yuan, query.max_upfront_yuan
    groups = groups_of(query, tokenizer)
    said = [tuple(dict.fromkeys(_conditions_of(way) for way in group.ways)) for group in groups]
    alone = [((condition,),) for condition in _needed(query, tokenizer)]
    return Demands(
        tuple(dict.fromkeys([*said, *alone])),
        tuple(_barred(query, tokenizer)),
        LEAST_FEN if low is None else fen(low),
        MOST_FEN if high is None else fen(high),
        literal=bool(query.phrase or query.without_words or any(way.phrase for group in groups for way in group.ways)),
    )


def _conditions_of(way: reading.Way) -> Way:
    if not way.phrase:
        return tuple(("word", term) for term in way.terms)
    return tuple(dict.fromkeys(("side", stretch) for stretch in _stretches(way.terms)))


def _stretches(terms: tuple[str, ...]) -> Iterator[str]:
    length = min(len(terms), SIDE_BY_SIDE)
    yield from (" ".join(terms[start : start + length]) for start in range(len(terms) - length + 1))


def _needed(query: PatentQuery, tokenizer: Tokenizer) -> Iterator[Condition]:
    for field, text in (("word", query.phrase), ("title", query.title), ("holder", query.holder)):
        yield from ((field, word) for word in tokenizer.terms(plain(text)))
    for field, value in (
        ("place", query.place_code),
        ("kind", query.kind or ""),
        ("track", query.track or ""),
        ("cluster", query.cluster),
        ("free", "yes" if query.free else ""),
        ("ipc", query.ipc),
    ):
        if value:
            yield field, str(value)


def _barred(query: PatentQuery, tokenizer: Tokenizer) -> Iterator[Way]:
    if query.without_kind:
        yield (("kind", str(query.without_kind)),)
    yield from ((("place", code),) for code in query.without_places)
    for word in query.without_words.split():
        yield tuple(("word", term) for term in tokenizer.terms(plain(word)) or (word,))


def keys_of(wanted: Demands, frequency: Frequency) -> tuple[Key, ...]:
    """Filed under what fewest documents hold; of conditions equally rare, under the longest."""

    def rarity(condition: Condition) -> tuple[int, int, Condition]:
        return frequency(condition), -len(condition[1]), condition

    groups = sorted(wanted.needed, key=lambda group: (sum(rarity(min(way, key=rarity))[0] for way in group), group))
    alone = [way[0] for group in groups[1:] if len(group) == 1 for way in group if len(way) == 1]
    others = [group for group in groups[1:] if len(group) > 1 or len(group[0]) > 1]
    keys: dict[int, Key] = {}
    for way in groups[0] if groups else ((),):
        ordered = [term_of(condition) for condition in (*sorted(way, key=rarity), *sorted(alone, key=rarity))]
        term = ordered[0] if ordered else ANYTHING
        if term in keys:  # two ways with the same rarest word: one row for both, which asks for the whole group
            keys[term] = _key(wanted, term, [term_of(condition) for condition in alone], [groups[0], *others])
        else:
            keys[term] = _key(wanted, term, ordered[1:], others)
    return tuple(keys.values())


def _key(wanted: Demands, term: int, rest: list[int], groups: list[Group]) -> Key:
    """What has no room in the row stands beyond it."""
    first, second, third, fourth = [*rest[:MOST_RESTS], *[0] * MOST_RESTS][:MOST_RESTS]
    bars = [[term_of(condition) for condition in way] for way in wanted.barred]
    bar = next((way[0] for way in bars if len(way) == 1), 0)
    needed = [[[left]] for left in rest[MOST_RESTS:]]
    needed += [[[term_of(condition) for condition in way] for way in group] for group in groups]
    barred = [way for way in bars if way != [bar]]
    held = (("needed", needed), ("barred", barred), ("literal", wanted.literal))
    beyond: dict[str, Any] = {name: value for name, value in held if value}
    return Key(
        term=term,
        rests=(first, second, third, fourth),
        bar=bar,
        least_fen=wanted.least_fen,
        most_fen=wanted.most_fen,
        beyond=beyond or None,
    )


def traits_of(document: IndexDocument, tokenizer: Tokenizer) -> Traits:
    """Everything that a condition of a query can name of this document."""
    title, *others = (tokenizer.words(plain(text)) for text in texts_of(document))
    conditions: set[Condition] = {
        *(("title", word) for word in title),
        *(("word", word) for words in (title, *others) for word in words),
        *(("side", stretch) for words in (title, *others) for stretch in _side_by_side(words)),
        *(("holder", word) for word in tokenizer.words(plain(" ".join(document.holders)))),
        *(("ipc", level) for symbol in document.ipc for level in prefixes(symbol)),
        ("place", document.place_code),
        ("kind", document.kind),
        ("track", document.track),
        ("cluster", document.cluster),
        ("free", "yes" if document.free else "no"),
    }
    return Traits(frozenset(conditions), fen(document.upfront_yuan))


def texts_of(document: IndexDocument) -> tuple[str, str, str, str]:
    """The patent's own, field by field as they are indexed, the title first."""
    scenes = f"{document.scenes} {document.industry} {document.cluster}"
    return document.title, document.abstract, scenes, document.claims


def _side_by_side(words: list[str]) -> Iterator[str]:
    """Stretches of single characters: only of such does a query say that they stand side by side."""
    for alone, run in groupby(words, key=lambda word: len(word) == 1):
        if alone:
            row = tuple(run)
            for length in range(2, min(len(row), SIDE_BY_SIDE) + 1):
                yield from (" ".join(row[start : start + length]) for start in range(len(row) - length + 1))


def fits(wanted: Demands, traits: Traits) -> bool:
    """Whether the document meets every demand."""
    return (
        all(any(traits.conditions.issuperset(way) for way in group) for group in wanted.needed)
        and not any(traits.conditions.issuperset(way) for way in wanted.barred)
        and wanted.least_fen <= traits.upfront_fen <= wanted.most_fen
    )


def counted(index: PatentIndex) -> Frequency:
    """How many documents of this machine's index meet a condition. Raises IndexNotReady where there is none."""

    def frequency(condition: Condition) -> int:
        field, value = condition
        if field == "side":
            return min(index.frequency("word", part) for part in value.split())
        return index.frequency(field, value)

    return frequency


def unknown(_condition: Condition) -> int:
    """Before an index is built: then the longest word counts as the rarest."""
    return 0
