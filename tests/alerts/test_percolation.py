"""The search turned round finds for a patent exactly the queries whose search finds the patent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from backend.domain.clock import day_of
from backend.domain.patents import PatentKind
from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import Cadence
from backend.search.index import IndexDocument, IndexNotReady, PatentIndex
from backend.search.percolation import ANYTHING, Demands, counted, demands, fits, keys_of, term_of, traits_of, unknown
from backend.services.alerts.watching import Watch, fitting
from backend.store.database import Database
from backend.store.tables import SavedQueryKeyRow, SavedQueryRow
from tests.support.alerted import WORDING
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_number
from tests.support.shelf import tokenizer

TODAY = day_of(NOON)
WORDS = [
    "激光",
    "切割",
    "激光切割机",
    "散热",
    "石墨烯散热膜",
    "锂电池",
    "回收",
    "水泵",
    "叶轮",
    "tig-100",
    "的",
    "一种",
]
HOLDERS = ["江城测试大学", "武汉华中激光有限公司", "东湖研究院"]
PLACES = ["420100", "420500", ""]
SYMBOLS = ["B23K26/38", "B23K26/00", "H01M10/54", "F04D29/22"]
YUAN = [Decimal(0), Decimal("99.99"), Decimal(20_000), Decimal(50_000), Decimal(10) ** 13]

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join)
documents = st.builds(
    IndexDocument,
    number=st.just(""),
    title=texts,
    text=texts,
    holders=st.lists(st.sampled_from(HOLDERS), min_size=1, max_size=2, unique=True).map(tuple),
    kind=st.sampled_from([str(kind) for kind in PatentKind]),
    track=st.just("pilot"),
    free=st.booleans(),
    upfront_yuan=st.sampled_from(YUAN),
    ipc=st.lists(st.sampled_from(SYMBOLS), max_size=2, unique=True).map(tuple),
    place_code=st.sampled_from(PLACES),
    cluster=st.just(""),
    ends_on=st.just(date(2030, 1, 1)),
    filed_on=st.just(date(2021, 1, 1)),
)
maybe_yuan = st.none() | st.sampled_from(YUAN)
queries = st.builds(
    PatentQuery,
    words=st.lists(st.sampled_from([*WORDS, "量子"]), max_size=6).map(" ".join),
    place_code=st.sampled_from(PLACES),
    kind=st.none() | st.sampled_from(PatentKind),
    without_kind=st.none() | st.sampled_from(PatentKind),
    free=st.booleans(),
    min_upfront_yuan=maybe_yuan,
    max_upfront_yuan=maybe_yuan,
    ipc=st.sampled_from(["", "", "B", "B23K", "B23K26", "H01M10/54", "G06F"]),
    holder=st.sampled_from(["", "", "激光有限公司", "大学"]),
)


@pytest.fixture
def index(tmp_path: Path) -> PatentIndex:
    held = PatentIndex(tmp_path / "index", tokenizer())
    held.open_writer()
    held.mark_built("test")
    return held


def _found_by_search(index: PatentIndex, query: PatentQuery) -> set[str]:
    """What the search finds that holds all of its words: words that no document holds are left out by the search."""
    words = [("word", term) for term in index.tokenizer.terms(query.words)]
    if not all(counted(index)(word) for word in words):
        return set()
    return set(index.search(query, on=TODAY, limit=1000).numbers)


@settings(max_examples=60)
@given(pool=st.lists(documents, min_size=1, max_size=8), asked=st.lists(queries, min_size=1, max_size=12))
def test_the_same_as_running_every_query(
    database: Database, index: PatentIndex, pool: list[IndexDocument], asked: list[PatentQuery]
) -> None:
    pool = [_numbered(document, serial) for serial, document in enumerate(pool, 1)]
    index.put(pool, fresh=True)
    saved = _save(database, asked)
    Watch(database, index, noon(), WORDING, demonstration=False).file_new()
    found = {query_id: _found_by_search(index, query) for query_id, query in saved.items()}
    with database.read() as uow:
        for document in pool:
            wanted = {query_id for query_id, numbers in found.items() if document.number in numbers}
            assert fitting(uow, document, index) == wanted, document


def _numbered(document: IndexDocument, serial: int) -> IndexDocument:
    from dataclasses import replace

    return replace(document, number=make_number(serial))


def _save(database: Database, asked: list[PatentQuery]) -> dict[int, PatentQuery]:
    with database.write() as uow:
        uow.connection.execute(delete(SavedQueryKeyRow))
        uow.connection.execute(delete(SavedQueryRow))
        return {
            uow.saved_queries.save(f"o{number}", query, Cadence.DAILY, at=NOON): query
            for number, query in enumerate(asked)
        }


def test_a_query_is_filed_under_what_is_rarest() -> None:
    wanted = demands(PatentQuery(words="激光 水泵", place_code="420100"), tokenizer())
    often = {("word", "激光"): 900, ("word", "水泵"): 3, ("place", "420100"): 4000}
    (key,) = keys_of(wanted, lambda condition: often[condition])
    assert key.term == term_of(("word", "水泵"))
    assert key.rests[:2] == (term_of(("word", "激光")), term_of(("place", "420100")))
    assert key.beyond is None


def test_a_query_of_a_price_alone_is_found_by_every_patent() -> None:
    (key,) = keys_of(demands(PatentQuery(max_upfront_yuan=Decimal(100)), tokenizer()), unknown)
    assert (key.term, key.most_fen) == (ANYTHING, 10_000)


def test_before_an_index_is_built_nothing_can_be_counted(tmp_path: Path) -> None:
    with pytest.raises(IndexNotReady):
        counted(PatentIndex(tmp_path / "none", tokenizer()))(("word", "激光"))


@given(left=st.text(), right=st.text())
def test_terms_are_positive_and_none_of_the_two_that_mean_something(left: str, right: str) -> None:
    assert 1 < term_of((left, right)) < 2**63


conditions = st.sampled_from([("word", word) for word in ("激光", "切割", "散热", "回收", "水泵", "叶轮")])
ways = st.lists(conditions, min_size=1, max_size=3, unique=True).map(tuple)
groups = st.lists(ways, min_size=1, max_size=3, unique=True).map(tuple)


@settings(max_examples=80)
@given(
    document=documents,
    wanted=st.builds(
        Demands,
        st.lists(groups, max_size=4, unique=True).map(tuple),
        st.lists(ways, max_size=3, unique=True).map(tuple),
        st.just(-1),
        st.just(10**17),
    ),
)
def test_several_ways_to_meet_a_demand(database: Database, document: IndexDocument, wanted: Demands) -> None:
    """Other words for the same thing: any way of a group will do, and no way that is barred."""
    traits = traits_of(document, tokenizer())
    (query_id,) = _save(database, [PatentQuery(words="激光")])
    with database.write() as uow:
        uow.saved_queries.file({query_id: keys_of(wanted, unknown)}, "test")
        found = uow.saved_queries.fitting(traits.terms, traits.upfront_fen)
    assert (query_id in found) is fits(wanted, traits)
