"""Filters that are always true, pages without gaps and repeats, the same rule in SQL as in the domain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.clock import CHINA
from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.hubei import clusters
from backend.domain.listings import Listing, Track
from backend.domain.patents import PatentKind, anniversary
from backend.services.window import PAGE
from backend.store.database import Database
from backend.store.on_show import newest_ended
from tests.support.builders import make_listing, make_number
from tests.support.passer_by import PasserBy, open_window, words_of

PLACES = ("420100", "420500", "")
HOLDERS = (("江城大学",), ("宜昌%公司", "江城大学"), ('引"号\\厂',), ("Ab_c, Ltd.",))
TITLES = ("水泵叶轮", "散热装置", "水泵散热装置")
FEES = (
    Fee(method=PaymentMethod.FREE),
    Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal("100.50")),
    Fee(method=PaymentMethod.INSTALMENTS, lump_sum_yuan=Decimal(50_000), instalments="两期"),
    Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.PROFIT, royalty_percent=Decimal(5)),
    Fee(method=PaymentMethod.ENTRY_FEE_AND_ROYALTY, entry_fee_yuan=Decimal(3000), royalty_basis=RoyaltyBasis.NET_SALES,
        royalty_percent=Decimal(2)),
)  # fmt: skip
CLUSTERS = dict(list(clusters().items())[:2])


def _pool() -> list[Listing]:
    """Every combination often enough for several pages of some."""
    kinds, places, holders = cycle(PatentKind), cycle(PLACES), cycle(HOLDERS)
    titles, fees, named = cycle(TITLES), cycle(FEES), cycle([*CLUSTERS.values(), "", ""])
    return [
        make_listing(
            serial, kind=next(kinds) if serial % 4 else PatentKind.INVENTION, place_code=next(places),
            holders=next(holders), title=f"{next(titles)}甲{serial}", fee=next(fees), cluster=next(named), abstract="",
            filed_on=date(2021, 6, 1) + timedelta(days=serial % 17), track=Track.PILOT,
            license_ends_on=date(2029, 1, 1) + timedelta(days=serial % 23),
        )
        for serial in range(1, 131)
    ]  # fmt: skip


POOL = {listing.number: listing for listing in _pool()}


@pytest.fixture
def full_street(database: Database, tmp_path: Path) -> Iterator[PasserBy]:
    with open_window(database, tmp_path / "index") as held:
        held.shelf.publish(*POOL.values())
        held.shelf.sync()
        yield held


queries = st.fixed_dictionaries(
    {},
    optional={
        "words": st.sampled_from(["水泵", "散热", "水泵 散热"]),
        "place": st.sampled_from(["420100", "420500", "420200"]),
        "kind": st.sampled_from([str(kind) for kind in PatentKind]),
        "free": st.just("1"),
        "price": st.sampled_from(["0", "100", "100.5", "100.50", "3,000", "３０００", "999999999999"]),
        "holder": st.sampled_from(["江城", "%", '"', "\\", "_", ",", "[", "ab_C", '", "', "大学", "没有"]),
        "cluster": st.sampled_from([*CLUSTERS, "35"]),
        "sort": st.sampled_from(["fit", "price", "newest", "term_left"]),
    },
)


def _fits(listing: Listing, asked: dict[str, str], *, partly: bool = False) -> bool:
    """Every condition; of the words all, or `partly` one of them."""
    price = asked.get("price", "").replace(",", "").replace("３０００", "3000")
    return all(
        (
            (any if partly else all)(word in listing.title for word in asked.get("words", "").split()),
            listing.place_code == asked.get("place", listing.place_code),
            listing.kind == asked.get("kind", listing.kind),
            "free" not in asked or listing.fee.method is PaymentMethod.FREE,
            not price or listing.fee.upfront_yuan <= Decimal(price),
            any(asked.get("holder", "").casefold() in holder.casefold() for holder in listing.holders),
            "cluster" not in asked or listing.cluster == clusters()[asked["cluster"]],
        )
    )


@settings(max_examples=60)
@given(asked=queries)
def test_a_list_holds_what_meets_every_condition_once_and_nothing_else(
    full_street: PasserBy, asked: dict[str, str]
) -> None:
    total, numbers = full_street.leaf_through(f"/pool?{urlencode(asked)}")
    wanted = sorted(number for number, listing in POOL.items() if _fits(listing, asked))
    if wanted:
        assert sorted(numbers) == wanted
    else:  # what meets the conditions and holds some of the words is listed, and said to be that
        assert all(_fits(POOL[number], asked, partly=True) for number in numbers)
        assert not numbers or "没有同时写到这些词" in words_of(full_street.read(f"/pool?{urlencode(asked)}"))
    assert total == len(numbers)
    found = [POOL[number] for number in numbers]
    match asked.get("sort"):
        case "price":
            assert found == sorted(found, key=lambda listing: listing.fee.upfront_yuan)
        case "newest":
            assert found == sorted(found, key=lambda listing: listing.filed_on, reverse=True)
        case "term_left":
            assert found == sorted(found, key=lambda listing: listing.license_ends_on, reverse=True)


def test_pages_are_reached_by_links_and_end(full_street: PasserBy) -> None:
    total, numbers = full_street.leaf_through("/pool")
    assert (total, len(set(numbers))) == (len(POOL), len(POOL))
    last = -(-len(POOL) // PAGE)
    page = full_street.read(f"/pool?page={last}")
    assert f"第 {last} / {last} 页" in words_of(page)
    assert 'rel="next"' not in page
    for beyond in (last + 1, 999_999):
        assert full_street.get(f"/pool?page={beyond}").status_code == 404
    for nonsense in ("0", "-1", "x", "1e3", "9999999", ""):
        assert full_street.leaf_through(f"/pool?page={nonsense}")[0] == len(POOL)


def test_counts_are_of_what_is_on_show(full_street: PasserBy) -> None:
    full_street.shelf.withdraw(POOL[make_number(4)])
    words = words_of(full_street.read("/pool"))
    free = sum(listing.fee.method is PaymentMethod.FREE for listing in POOL.values())
    assert f"在架 {len(POOL) - 1} 件，其中免费许可 {free} 件。截至 2026-03-02。" in words
    held = [listing for number, listing in POOL.items() if number != make_number(4)]
    assert f"武汉市（{sum(listing.place_code == '420100' for listing in held)}）" in words
    assert f"外观设计（{sum(listing.kind is PatentKind.DESIGN for listing in held)}）" in words
    assert f"试点许可 {len(held)} 件" in words


def test_what_is_not_understood_is_said_and_not_pretended(full_street: PasserBy) -> None:
    for query, said in [
        ("price=两千", "金额请只填数字"), ("price=-1", "金额请只填数字"), ("kind=plant", "没有这个专利类型"),
        ("place=999999", "没有这个地区"), ("cluster=99", "没有这个产业集群"), ("sort=luck", "没有这种排序"),
        (f"words={'泵' * 61}", "只取了前 60 个字"),
    ]:  # fmt: skip
        assert said in words_of(full_street.read(f"/pool?{query}")), query
    for query in ("words=的", "words=。", "words=量子纠缠", "place=420200"):
        assert full_street.leaf_through(f"/pool?{query}") == (0, []), query
    total, _ = full_street.leaf_through("/pool?words=水泵叶轮量子")
    assert total
    assert "没有写到“量子”" in words_of(full_street.read("/pool?words=水泵叶轮量子"))


def test_only_the_plain_list_is_offered_to_search_engines(full_street: PasserBy) -> None:
    assert "noindex" not in full_street.read("/pool")
    assert "noindex" not in full_street.read("/pool?page=2")
    narrowed = full_street.read("/pool?kind=design&sort=fit&page=1&junk=1&place=武汉")
    assert 'content="noindex, follow"' in narrowed
    assert '/pool?place=420100&amp;kind=design">' in narrowed


def test_without_an_index_the_pool_can_be_leafed_through(database: Database, tmp_path: Path) -> None:
    with open_window(database, tmp_path / "index") as held:
        held.shelf.publish(make_listing(1))
        assert held.leaf_through("/pool?place=420100") == (1, [make_number(1)])
        assert "关键词检索正在整理" in held.read("/pool?words=散热")


FILED = [date(2016, 2, 29), date(2016, 2, 28), date(2016, 3, 1), date(2011, 5, 31), date(2021, 5, 31), date(2021, 6, 1),
         date(2006, 2, 28), date(2020, 2, 29)]  # fmt: skip
ENDING = {
    listing.number: listing
    for serial, (kind, filed_on) in enumerate(((kind, day) for kind in PatentKind for day in FILED), start=1)
    for listing in [make_listing(serial, kind=kind, filed_on=filed_on, license_ends_on=date(2060, 1, 1))]
}
near_ends = st.sampled_from([listing.expires_on for listing in ENDING.values()]).flatmap(
    lambda day: st.integers(-2, 2).map(lambda by: day + timedelta(days=by))
)


@pytest.fixture
def ending_street(database: Database, tmp_path: Path) -> Iterator[PasserBy]:
    with open_window(database, tmp_path / "index") as held:
        held.shelf.publish(*ENDING.values())
        yield held


@settings(max_examples=40)
@given(today=near_ends)
def test_sql_ends_a_patent_on_the_day_on_which_the_domain_does(ending_street: PasserBy, today: date) -> None:
    ending_street.shelf.clock.at = datetime.combine(today, time(12), CHINA)
    total, numbers = ending_street.leaf_through("/pool")
    assert sorted(numbers) == sorted(number for number, held in ENDING.items() if held.may_be_shown(today))
    assert total == len(numbers)


@given(on=st.dates(date(2000, 1, 1), date(2080, 1, 1)), years=st.sampled_from([10, 15, 20]))
def test_the_newest_ended_is_the_last_whose_anniversary_has_come(on: date, years: int) -> None:
    day = newest_ended(on, years)
    assert anniversary(day, years) <= on < anniversary(day + timedelta(days=1), years)
