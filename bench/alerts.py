"""One changed patent against 200,000 and 1,000,000 saved queries, on SQLite and PostgreSQL.

Queries name none to three words (drawn from the pool's own by frequency^0.6), and some of place, section of the IPC, kind
and what may be paid; one in twelve names no word. A figure is the time from the changed patent to the ids of every query
that it fits, each check of it made. Beside it stands a plain dictionary in Python keyed on the same rarest term, which is
also asked whether the ids are right.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert, text

from backend.domain.hubei import places
from backend.domain.listings import ListingStatus
from backend.domain.patents import PatentKind
from backend.domain.queries import PatentQuery
from backend.search.everyday import office_tokenizer
from backend.search.indexer import document_of
from backend.search.percolation import Condition, Demands, Traits, demands, fits, keys_of, traits_of
from backend.search.tokens import Tokenizer
from backend.store.database import Database
from backend.store.listings import Shelved
from backend.store.saved_queries import Key, row_of
from backend.store.schema import upgrade
from backend.store.tables import SavedQueryKeyRow
from bench.search import synthetic
from bot.policy_lines import DICTIONARY
from tests.support.servers import real_postgres

SIZES = (200_000, 1_000_000)
PATENTS = 120
CORPUS = 4000
BATCH = 20_000
GOALS = {200_000: ("p95", 40.0), 1_000_000: ("p50", 60.0)}
Table = list[list[str]]


@dataclass(frozen=True)
class World:
    """What is asked and against what."""

    documents: list[Traits]
    frequency: Counter[Condition]
    words: list[str]
    weights: list[float]


def world(tokenizer: Tokenizer) -> World:
    documents = []
    for listing in synthetic(CORPUS):
        shelved = Shelved(listing, ListingStatus.PUBLISHED, demonstration=False, vouched_by="bench")
        document = document_of(shelved, demonstration=False)
        assert document is not None
        documents.append(traits_of(document, tokenizer))
    frequency = Counter(condition for traits in documents for condition in traits.conditions)
    words = [value for field, value in frequency if field == "word" and len(value) > 1]
    return World(documents, frequency, words, [frequency["word", word] ** 0.6 for word in words])


def wishes(known: World, count: int) -> Iterator[PatentQuery]:
    dice = random.Random(11)
    codes = list(places())
    for serial in range(count):
        how_many = 0 if serial % 12 == 0 else dice.choice((1, 2, 2, 3))
        yield PatentQuery(
            words=" ".join(dice.choices(known.words, known.weights, k=how_many)),
            place_code=dice.choice(codes) if dice.random() < 0.4 else "",
            ipc=dice.choice("ABCDEFGH") if dice.random() < 0.2 or how_many == 0 else "",
            kind=PatentKind.INVENTION if dice.random() < 0.1 else None,
            max_upfront_yuan=Decimal(dice.choice((10_000, 50_000, 100_000))) if dice.random() < 0.4 else None,
        )


def fill(database: Database, keys: list[tuple[int, Key]]) -> None:
    """The keys as the worker files them, in bulk; the queries themselves are not looked at when a patent is matched."""
    for start in range(0, len(keys), BATCH):
        rows = [row_of(number, key) for number, key in keys[start : start + BATCH]]
        with database.write() as uow:
            uow.connection.execute(insert(SavedQueryKeyRow), rows)
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE saved_query_key"))
    else:
        with database.write() as uow:
            uow.connection.execute(text("ANALYZE"))


def timed(documents: list[Traits], find: Callable[[Traits], list[int]]) -> tuple[list[float], list[int]]:
    """Milliseconds of each, and how many queries each patent fits."""
    times, hits = [], []
    for traits in documents:
        began = time.perf_counter()
        found = find(traits)
        times.append((time.perf_counter() - began) * 1000)
        hits.append(len(found))
    return times, hits


def in_python(keys: list[tuple[int, Key]], wanted: list[Demands]) -> Callable[[Traits], list[int]]:
    """The peer: everything in one process's memory."""
    filed: dict[int, list[int]] = defaultdict(list)
    for number, key in keys:
        filed[key.term].append(number)

    def find(traits: Traits) -> list[int]:
        found = {number for term in traits.terms for number in filed.get(term, ())}
        return [number for number in found if fits(wanted[number - 1], traits)]

    return find


def in_sql(database: Database) -> Callable[[Traits], list[int]]:
    def find(traits: Traits) -> list[int]:
        with database.read() as uow:
            sure, to_read = uow.saved_queries.fitting(traits.terms, traits.upfront_fen)
            return [*sure, *to_read]

    return find


@contextmanager
def databases(folder: Path, count: int) -> Iterator[list[tuple[str, Database]]]:
    with real_postgres() as url:
        held = [("SQLite", Database(f"sqlite:///{folder / f'{count}.db'}")), ("PostgreSQL", Database(url))]
        for _, database in held:
            upgrade(database)
        yield held
        for _, database in held:
            database.close()


def alerts_table(folder: Path, sizes: tuple[int, ...] = SIZES) -> tuple[Table, list[str]]:
    table: Table = [["how", "saved queries", "p50 ms", "p95 ms", "fits of a patent (median)", "same ids as Python"]]
    notes: list[str] = []
    tokenizer = office_tokenizer(DICTIONARY)
    known = world(tokenizer)
    patents = random.Random(3).sample(known.documents, PATENTS)
    for count in sizes:
        wanted = [demands(query, tokenizer) for query in wishes(known, count)]
        keys = [
            (number, key)
            for number, each in enumerate(wanted, 1)
            for key in keys_of(each, lambda condition: known.frequency[condition])
        ]
        python = in_python(keys, wanted)
        times, hits = timed(patents, python)
        table.append(line("a dictionary in Python", count, times, hits, same=True))
        with databases(folder, count) as held:
            for name, database in held:
                fill(database, keys)
                find = in_sql(database)
                same = all(sorted(find(traits)) == sorted(python(traits)) for traits in patents[:20])
                times, hits = timed(patents, find)
                table.append(line(name, count, times, hits, same=same))
                if count in GOALS:
                    which, goal = GOALS[count]
                    figure = statistics.median(times) if which == "p50" else p95(times)
                    notes.append(f"{count:,} on {name}: {which} {figure:.1f} ms (goal < {goal:.0f})")
    return table, notes


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def line(name: str, count: int, times: list[float], hits: list[int], *, same: bool) -> list[str]:
    return [
        name, f"{count:,}", f"{statistics.median(times):.1f}", f"{p95(times):.1f}", f"{statistics.median(hits):.0f}",
        "yes" if same else "NO",
    ]  # fmt: skip


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", type=int, action="append")
    with tempfile.TemporaryDirectory(prefix="huiqiao-alerts-") as name:
        rows, said = alerts_table(Path(name), tuple(asked.parse_args().size or SIZES))
    for each in rows:
        print("| " + " | ".join(each) + " |")
    print("\n".join(said))
