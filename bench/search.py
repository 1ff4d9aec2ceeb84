"""Search over 200,000 synthetic patents beside SQLite FTS5 on the same tokens, with the same two filters and a total."""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from backend.demonstration.load import demonstration_listings
from backend.domain.clock import SystemClock, day_of
from backend.domain.hubei import places
from backend.domain.listings import Listing, ListingStatus
from backend.domain.patent_number import PatentNumber
from backend.domain.queries import PatentQuery
from backend.search.everyday import office_tokenizer
from backend.search.index import PatentIndex
from backend.search.indexer import Indexer
from backend.search.tokens import Tokenizer
from backend.services.pool.importing import take_in
from backend.store.database import Database
from backend.store.schema import upgrade
from bot.policy_lines import DICTIONARY

DOCUMENTS = 200_000
QUERIES = 400


def synthetic(count: int) -> list[Listing]:
    """Listings whose texts recombine clauses of the demonstration pool."""
    from dataclasses import replace

    dice = random.Random(5)
    seeds = demonstration_listings(day_of(SystemClock().now()))
    clauses = [
        clause for listing in seeds for clause in listing.abstract.replace("。", "，").split("，") if len(clause) > 4
    ]
    codes = list(places())
    made = []
    for number in range(count):
        seed = seeds[number % len(seeds)]
        digits = f"{2005 + number % 20}1{number:07d}"
        made.append(
            replace(
                seed,
                number=str(PatentNumber(digits)),
                title=f"{dice.choice(clauses)[:9]}{seed.title[-9:]}",
                abstract="，".join(dice.choices(clauses, k=6)),
                place_code=dice.choice(codes),
                license_ends_on=date(2030, 1, 1),
            )
        )
    return made


def timed(work: Callable[[PatentQuery], object], queries: list[PatentQuery]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    times = []
    for query in queries:
        began = time.perf_counter()
        work(query)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def search_table(folder: Path) -> tuple[list[list[str]], list[str]]:
    database = Database(f"sqlite:///{folder / 'pool.db'}")
    upgrade(database)
    clock = SystemClock()
    listings = synthetic(DOCUMENTS)
    take_in(database, listings, clock=clock, source="bench", vouched_by="bench", status=ListingStatus.PUBLISHED)
    tokenizer = office_tokenizer(DICTIONARY)
    index = PatentIndex(folder / "index", tokenizer)
    began = time.perf_counter()
    indexer = Indexer(database, index, clock, demonstration=False)
    indexer.sync()
    ours_build = time.perf_counter() - began
    began = time.perf_counter()
    peer = fts5(folder / "fts.db", listings, tokenizer)
    peer_build = time.perf_counter() - began
    dice = random.Random(9)
    queries: list[PatentQuery] = []
    while len(queries) < QUERIES:
        terms = [term for term in tokenizer.terms(dice.choice(listings).title) if len(term) > 1]
        if len(terms) >= 2:
            words = " ".join(dice.sample(terms, 2))
            queries.append(
                PatentQuery(words=words, place_code=dice.choice(list(places())), max_upfront_yuan=Decimal(50_000))
            )
    today = day_of(clock.now())
    index.search(queries[0], on=today, limit=5)
    ours = timed(lambda query: index.search(query, on=today, limit=5), queries)
    theirs = timed(lambda query: fts5_search(peer, query, tokenizer), queries)
    same = sum(
        index.search(query, on=today, limit=5).total == fts5_search(peer, query, tokenizer)[0] for query in queries
    )
    size = sum(file.stat().st_size for file in index.folder.iterdir()) / 2**20
    indexer.close()
    database.close()
    table = [
        ["engine", "build s", "p50 ms", "p95 ms", "index MB"],
        ["ours (tantivy, from SQL rows)", f"{ours_build:.1f}", f"{ours[0]:.2f}", f"{ours[1]:.2f}", f"{size:.0f}"],
        [
            "SQLite FTS5 (from memory)",
            f"{peer_build:.1f}",
            f"{theirs[0]:.2f}",
            f"{theirs[1]:.2f}",
            f"{(folder / 'fts.db').stat().st_size / 2**20:.0f}",
        ],
    ]
    notes = [
        f"{DOCUMENTS} documents, two terms + place + price with total: p95 {ours[1]:.2f} ms (goal < 5), {theirs[1] / ours[1]:.1f} × faster than FTS5",
        f"built from SQL rows in {ours_build:.1f} s (goal < 40)",
        f"totals equal to FTS5's in {same} of {len(queries)} queries",
    ]
    return table, notes


def fts5(file: Path, listings: list[Listing], tokenizer: Tokenizer) -> sqlite3.Connection:
    """The same tokens in FTS5, filters by join, as one would build it without tantivy."""
    connection = sqlite3.connect(file)
    connection.execute("CREATE VIRTUAL TABLE text USING fts5(title, body, content='', tokenize='unicode61')")
    connection.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, place TEXT, upfront INTEGER)")
    for number, listing in enumerate(listings, start=1):
        body = f"{listing.abstract} {listing.scenes} {listing.industry} {listing.cluster}"
        words = (number, " ".join(tokenizer.words(listing.title)), " ".join(tokenizer.words(body)))
        connection.execute("INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)", words)
        connection.execute(
            "INSERT INTO facts VALUES (?, ?, ?)", (number, listing.place_code, int(listing.fee.upfront_yuan))
        )
    connection.execute("INSERT INTO text (text) VALUES ('optimize')")
    connection.commit()
    return connection


def fts5_search(connection: sqlite3.Connection, query: PatentQuery, tokenizer: Tokenizer) -> tuple[int, list[int]]:
    match = " AND ".join(f'"{term}"' for term in tokenizer.terms(query.words))
    where = "text MATCH ? AND facts.place = ? AND facts.upfront <= ?"
    values = (match, query.place_code, int(query.max_upfront_yuan or 0))
    join = "FROM text JOIN facts ON facts.id = text.rowid WHERE"
    total = connection.execute(f"SELECT count(*) {join} {where}", values).fetchone()[0]
    best = connection.execute(f"SELECT text.rowid {join} {where} ORDER BY bm25(text, 2, 1) LIMIT 5", values).fetchall()
    return total, [number for (number,) in best]
