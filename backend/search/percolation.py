"""The search turned round: one patent against all saved queries.

Every condition of a query becomes a term, a number: a word, a place, a kind, a level of the IPC. A query is filed under its
rarest term, so a patent looks at those queries only whose rarest term it holds; the rest of the conditions stand in the
same row and are checked in SQL (backend/store/saved_queries.py). A demand is a group of ways, of which one must be whole;
a query is filed under each way of its rarest group. What a query demands here is what `PatentIndex.search`
demands of a document when it holds all of the query's words; a property test keeps the two equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backend.domain.ipc import prefixes
from backend.domain.queries import PatentQuery
from backend.search.index import MOST_YUAN, SCHEMA_VERSION, IndexDocument, PatentIndex, fen
from backend.search.tokens import Tokenizer
from backend.store.saved_queries import Key

ANYTHING = 1  # the term of every document: under it stand queries that name nothing but a price
MOST_RESTS = 4
LEAST_FEN, MOST_FEN = -1, int(MOST_YUAN * 100)
Condition = tuple[str, str]  # field of the index, value
Way = tuple[Condition, ...]
Group = tuple[Way, ...]
Frequency = Callable[[Condition], int]


@dataclass(frozen=True, slots=True)
class Demands:
    """Groups of which one way each must hold whole, ways of which none may, and bounds of what is paid before use."""

    needed: tuple[Group, ...]
    barred: tuple[Way, ...]
    least_fen: int
    most_fen: int


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
    """Keys made with another dictionary, or another way of indexing, are made again."""
    return f"{SCHEMA_VERSION}-{tokenizer.version}"


def demands(query: PatentQuery, tokenizer: Tokenizer) -> Demands:
    low, high = query.min_upfront_yuan, query.max_upfront_yuan
    return Demands(
        tuple(((condition,),) for condition in dict.fromkeys(_needed(query, tokenizer))),
        ((("kind", str(query.without_kind)),),) if query.without_kind else (),
        LEAST_FEN if low is None else fen(low),
        MOST_FEN if high is None else fen(high),
    )


def _needed(query: PatentQuery, tokenizer: Tokenizer) -> Iterator[Condition]:
    yield from (("word", word) for word in tokenizer.terms(query.words))
    yield from (("holder", word) for word in tokenizer.terms(query.holder))
    for field, value in (
        ("place", query.place_code),
        ("kind", query.kind or ""),
        ("free", "yes" if query.free else ""),
        ("ipc", query.ipc),
    ):
        if value:
            yield field, str(value)


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
    beyond = {name: ways for name, ways in (("needed", needed), ("barred", barred)) if ways}
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
    conditions: set[Condition] = {
        *(("word", word) for word in tokenizer.words(document.title)),
        *(("word", word) for word in tokenizer.words(document.text)),
        *(("holder", word) for word in tokenizer.words(" ".join(document.holders))),
        *(("ipc", level) for symbol in document.ipc for level in prefixes(symbol)),
        ("place", document.place_code),
        ("kind", document.kind),
        ("free", "yes" if document.free else "no"),
    }
    return Traits(frozenset(conditions), fen(document.upfront_yuan))


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
        if field == "word":
            return max(index.frequency("title", value), index.frequency("body", value))
        return index.frequency(field, value)

    return frequency


def unknown(_condition: Condition) -> int:
    """Before an index is built: then the longest word counts as the rarest."""
    return 0


def matched_words(query: PatentQuery, text: str, tokenizer: Tokenizer) -> tuple[str, ...]:
    """The words of the query that the text holds, for the reason that is told."""
    text = text.lower()
    return tuple(word for word in tokenizer.terms(query.words) if word in text)
