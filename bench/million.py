"""Search over 1,000,000 synthetic patents: two words with two conditions, total and facets; one broad word; a new patent
until it is seen; disk and memory. The documents go straight into the index: the pool's database is not measured here.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from backend.demonstration.load import demonstration_listings
from backend.domain.clock import SystemClock, day_of
from backend.domain.hubei import places
from backend.domain.listings import ListingStatus
from backend.domain.patent_number import PatentNumber
from backend.domain.queries import Facet, PatentQuery
from backend.search.everyday import office_tokenizer
from backend.search.fields import IndexDocument
from backend.search.index import PatentIndex
from backend.search.indexer import document_of
from backend.store.listings import Shelved
from bot.policy_lines import DICTIONARY

DOCUMENTS = 1_000_000
QUERIES = 300
NEW = 25
BROAD = ("检测", "装置", "温度", "控制", "材料", "设备", "连接", "自动")


def documents(count: int) -> Iterator[IndexDocument]:
    """Recombined clauses of the demonstration pool, with places and prices of their own."""
    dice = random.Random(8)
    today = day_of(SystemClock().now())
    shelved = (
        Shelved(listing, ListingStatus.PUBLISHED, demonstration=False, vouched_by="")
        for listing in demonstration_listings(today)
    )
    seeds = [document for one in shelved if (document := document_of(one, demonstration=False))]
    clauses = [clause for seed in seeds for clause in seed.abstract.replace("。", "，").split("，") if len(clause) > 4]
    codes = list(places())
    for at in range(count):
        seed = seeds[at % len(seeds)]
        yield replace(
            seed,
            number=str(PatentNumber(f"{2005 + at % 20}1{at % 10_000_000:07d}")),
            title=f"{dice.choice(clauses)[:9]}{seed.title[-9:]}",
            abstract="，".join(dice.choices(clauses, k=5)),
            place_code=dice.choice(codes),
            free=dice.random() < 0.3,
            upfront_yuan=Decimal(dice.choice([0, 5_000, 20_000, 60_000, 200_000])),
            ends_on=today + timedelta(days=400),
        )


def million_table(folder: Path) -> tuple[list[list[str]], list[str]]:
    tokenizer = office_tokenizer(DICTIONARY)
    index = PatentIndex(folder / "index", tokenizer)
    index.open_writer()
    began = time.perf_counter()
    index.put(documents(DOCUMENTS), fresh=True)
    built = time.perf_counter() - began
    index.mark_built("real")
    memory = {"after the build": _resident()}
    reader = PatentIndex(folder / "index", tokenizer)
    today = day_of(SystemClock().now())
    dice = random.Random(9)
    titles = [document.title for document in documents(5_000)]
    narrow = [_two_words(dice, titles, tokenizer.terms) for _ in range(QUERIES)]
    broad = [PatentQuery(words=BROAD[at % len(BROAD)]) for at in range(QUERIES)]
    facets = (Facet.PLACE, Facet.KIND, Facet.PRICE, Facet.CLUSTER, Facet.TRACK)

    def found(query: PatentQuery) -> None:
        reader.search(query, on=today, limit=5)

    def counted(query: PatentQuery) -> None:
        reader.search(query, on=today, limit=5)
        reader.count(query, facets, on=today)

    for query in (narrow[0], broad[0]):
        counted(query)
    rows = [
        ("two words + place + price, total", *_timed(found, narrow), ""),
        ("two words + place + price, total and five facets", *_timed(counted, narrow), "p95 < 20"),
        ("one broad word, total", *_timed(found, broad), "p95 < 30"),
        ("one broad word, total and five facets", *_timed(counted, broad), ""),
        ("a new patent until it is seen", *_visible(index, reader), "< 200"),
    ]
    memory["after the queries"] = _resident()
    index.close_writer()
    disk = sum(file.stat().st_size for file in index.folder.iterdir()) / 2**20
    hits = statistics.median(reader.search(query, on=today, limit=1).total for query in broad[: len(BROAD)])
    table = [["what", "p50 ms", "p95 ms", "longest ms", "goal ms"]]
    table += [[name, f"{p50:.1f}", f"{p95:.1f}", f"{most:.1f}", goal] for name, p50, p95, most, goal in rows]
    notes = [
        f"{reader.size():,} documents, built in {built:.0f} s by one thread, {disk:.0f} MB on disk",
        "resident: " + ", ".join(f"{megabytes} MB {when}" for when, megabytes in memory.items()),
        f"a broad word has {hits:,.0f} hits (median)",
    ]
    return table, notes


def _two_words(dice: random.Random, titles: list[str], terms: Callable[[str], list[str]]) -> PatentQuery:
    while True:
        words = [word for word in terms(dice.choice(titles)) if len(word) > 1]
        if len(words) > 1:
            place = dice.choice(list(places()))
            return PatentQuery(
                words=" ".join(dice.sample(words, 2)), place_code=place, max_upfront_yuan=Decimal(50_000)
            )


def _timed(work: Callable[[PatentQuery], None], queries: list[PatentQuery]) -> tuple[float, float, float]:
    """(p50, p95, longest) in milliseconds."""
    times = []
    for query in queries:
        began = time.perf_counter()
        work(query)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.95)], times[-1]


def _visible(index: PatentIndex, reader: PatentIndex) -> tuple[float, float, float]:
    """From before it is put in until a reader finds it."""
    today = day_of(SystemClock().now())
    times = []
    for at, document in enumerate(documents(NEW)):
        word = f"hq{at}x"
        new = replace(document, number=f"new{at}", title=f"{document.title} {word}")
        began = time.perf_counter()
        index.put([new])
        while not reader.search(PatentQuery(words=word), on=today, limit=1).total:
            time.sleep(0.001)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.95)], times[-1]


def _resident() -> int:
    """Megabytes of this process, files mapped into memory included."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024
