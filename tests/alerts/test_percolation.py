"""The search turned round finds for a patent exactly the queries whose search finds the patent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from backend.domain.clock import day_of
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Listing, ListingStatus, Track
from backend.domain.patents import PatentKind
from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import Cadence
from backend.search.fields import IndexDocument
from backend.search.index import IndexNotReady, PatentIndex
from backend.search.indexer import document_of
from backend.search.percolation import (
    ANYTHING,
    Demands,
    counted,
    demands,
    fits,
    groups_of,
    keys_of,
    term_of,
    traits_of,
    unknown,
)
from backend.services.alerts.watching import Watch, fitting
from backend.services.finding import Finder
from backend.store.database import Database
from backend.store.listings import Shelved
from backend.store.tables import SavedQueryKeyRow, SavedQueryRow
from tests.support.alerted import WORDING
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_listing, make_number
from tests.support.shelf import tokenizer

TODAY = day_of(NOON)
# Beside plain words: everyday ones and what patents call them, a long one that may stand in parts, characters that no
# dictionary knows and that mean something side by side only, what is folded, what is not insisted on, what is nothing.
WORDS = [
    "激光", "切割", "激光切割", "切片", "机", "散热", "导热", "石墨烯散热膜", "电动车电池", "电动车", "电池", "电芯", "发黑",
    "褐变", "碶闸", "碶", "闸", "水泵", "泵", "叶轮", "tig-100", "ＴＩＧ", "鐵路", "的", "一种", "省电",
]  # fmt: skip
HOLDERS = ["江城测试大学", "武汉华中激光有限公司", "东湖研究院"]
PLACES = ["420100", "420500", ""]
CLUSTERS = ["", "光通信及激光"]
SYMBOLS = ["B23K26/38", "B23K26/00", "H01M10/54", "F04D29/22"]
YUAN = [Decimal(0), Decimal("99.99"), Decimal(20_000), Decimal(50_000), Decimal(10) ** 13]

texts = st.lists(st.sampled_from(WORDS), max_size=6).map("".join)
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join)
fees = st.sampled_from(YUAN).map(
    lambda yuan: Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=yuan) if yuan else Fee(method=PaymentMethod.FREE)
)
symbols = st.lists(st.sampled_from(SYMBOLS), max_size=2, unique=True).map(tuple)
listings = st.builds(
    make_listing,
    title=titles,
    abstract=texts,
    scenes=texts,
    claims=texts,
    industry=st.sampled_from(["", "金属制品"]),
    holders=st.lists(st.sampled_from(HOLDERS), min_size=1, max_size=2, unique=True).map(tuple),
    kind=st.sampled_from(PatentKind),
    track=st.sampled_from(Track),
    fee=fees,
    ipc=symbols,
    place_code=st.sampled_from(PLACES),
    cluster=st.sampled_from(CLUSTERS),
)
maybe_yuan = st.none() | st.sampled_from(YUAN)
rarely = st.one_of(st.just(""), st.just(""), texts)
queries = st.builds(
    PatentQuery,
    words=st.lists(st.sampled_from([*WORDS, "量子"]), max_size=4).flatmap(
        lambda said: st.sampled_from([" ".join(said), "".join(said)])
    ),
    context=rarely,
    phrase=rarely,
    title=rarely,
    without_words=st.one_of(st.just(""), st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join)),
    place_code=st.sampled_from(PLACES),
    without_places=st.lists(st.sampled_from(PLACES[:2]), max_size=1).map(tuple),
    cluster=st.sampled_from(["", "", *CLUSTERS]),
    kind=st.none() | st.none() | st.sampled_from(PatentKind),
    without_kind=st.none() | st.sampled_from(PatentKind),
    track=st.none() | st.none() | st.sampled_from(Track),
    free=st.sampled_from([False, False, True]),
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


class Pool(Finder):
    """The search as followers have it, over listings that stand in no table."""

    def __init__(self, database: Database, index: PatentIndex, listings: Iterable[Listing]) -> None:
        super().__init__(database, index, noon(), demonstration=False, size=1000)
        self.held = {
            listing.number: Shelved(listing, ListingStatus.PUBLISHED, demonstration=False, vouched_by="王老师")
            for listing in listings
        }

    def on_show(self, numbers: tuple[str, ...] | list[str]) -> list[Shelved]:
        return [self.held[number] for number in numbers]

    def strictly(self, query: PatentQuery) -> set[str]:
        """What is found that holds all that was asked for: nothing given up, no word left out because nobody has it."""
        heard = {group.said for group in self.index.search(query, on=TODAY, limit=1).groups if group.needed}
        if not heard >= {group.said for group in groups_of(query, self.index.tokenizer)}:
            return set()
        found = self.find(query)
        if found.any_word or found.given_up or found.unheard:
            return set()
        return {item.listing.number for item in found.items[: len(found.items) - found.near]}


def document(listing: Listing) -> IndexDocument:
    shelved = Shelved(listing, ListingStatus.PUBLISHED, demonstration=False, vouched_by="王老师")
    held = document_of(shelved, demonstration=False)
    assert held is not None
    return held


@settings(max_examples=100)
@given(pool=st.lists(listings, min_size=1, max_size=8), asked=st.lists(queries, min_size=1, max_size=12))
@example(
    pool=[make_listing(title="碶闸启闭机"), make_listing(title="碶的闸"), make_listing(title="闸", abstract="碶")],
    asked=[PatentQuery(words="碶闸"), PatentQuery(phrase="碶闸"), PatentQuery(without_words="碶闸")],
)
@example(
    pool=[make_listing(title="电芯拆解"), make_listing(title="电动车", abstract="电池"), make_listing(title="电池")],
    asked=[PatentQuery(words="电动车电池"), PatentQuery(title="电池"), PatentQuery(words="电动车电池拆解")],
)
def test_the_same_as_running_every_query(
    database: Database, index: PatentIndex, pool: list[Listing], asked: list[PatentQuery]
) -> None:
    pool = [_numbered(listing, serial) for serial, listing in enumerate(pool, 1)]
    index.put(map(document, pool), fresh=True)
    finder = Pool(database, index, pool)
    saved = _save(database, asked)
    Watch(database, index, noon(), WORDING, demonstration=False).file_new()
    found = {query_id: finder.strictly(query) for query_id, query in saved.items()}
    with database.read() as uow:
        for listing in pool:
            wanted = {query_id for query_id, numbers in found.items() if listing.number in numbers}
            assert fitting(uow, listing, document(listing), index.tokenizer) == wanted, listing


def _numbered(listing: Listing, serial: int) -> Listing:
    return replace(listing, number=make_number(serial, kind=listing.kind))


def _save(database: Database, asked: list[PatentQuery]) -> dict[int, PatentQuery]:
    with database.write() as uow:
        uow.connection.execute(delete(SavedQueryKeyRow))
        uow.connection.execute(delete(SavedQueryRow))
        return {
            uow.saved_queries.save(f"o{number}", query, Cadence.DAILY, at=NOON): query
            for number, query in enumerate(asked)
        }


def test_a_query_is_filed_under_what_is_rarest() -> None:
    wanted = demands(PatentQuery(words="激光 叶轮", place_code="420100"), tokenizer())
    often = {("word", "激光"): 900, ("word", "叶轮"): 3, ("place", "420100"): 4000}
    (key,) = keys_of(wanted, lambda condition: often[condition])
    assert key.term == term_of(("word", "叶轮"))
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
    listing=listings,
    wanted=st.builds(
        Demands,
        st.lists(groups, max_size=4, unique=True).map(tuple),
        st.lists(ways, max_size=3, unique=True).map(tuple),
        st.just(-1),
        st.just(10**17),
    ),
)
def test_several_ways_to_meet_a_demand(database: Database, listing: Listing, wanted: Demands) -> None:
    """Other words for the same thing: any way of a group will do, and no way that is barred."""
    traits = traits_of(document(listing), tokenizer())
    (query_id,) = _save(database, [PatentQuery(words="激光")])
    with database.write() as uow:
        uow.saved_queries.file({query_id: keys_of(wanted, unknown)}, "test")
        found, _ = uow.saved_queries.fitting(traits.terms, traits.upfront_fen)
    assert (query_id in found) is fits(wanted, traits)
