"""Searching at the open window: marks, counts that narrow, and what a search box understands."""

from __future__ import annotations

from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Track
from backend.domain.patents import PatentKind
from tests.support.builders import make_listing, make_number
from tests.support.passer_by import PasserBy, words_of


def test_what_was_found_is_marked_and_nothing_else_becomes_a_tag(street: PasserBy) -> None:
    street.shelf.publish(
        make_listing(1, title="水泵<b>叶轮", abstract="叶轮<script>转得快"), make_listing(2, title="阀门")
    )
    street.shelf.sync()
    page = street.read("/pool?words=叶轮")
    assert "水泵&lt;b&gt;<mark>叶轮</mark>" in page
    assert "<mark>叶轮</mark>&lt;script&gt;转得快" in page
    assert "<mark>" not in street.read("/pool")


def test_the_hits_are_counted_and_a_link_leaves_one_part(street: PasserBy) -> None:
    free = Fee(method=PaymentMethod.FREE)
    street.shelf.publish(
        make_listing(1, title="水泵叶轮", track=Track.STATUTORY),
        make_listing(2, title="水泵阀门", place_code="420500", fee=free, track=Track.STATUTORY),
        make_listing(3, title="水泵", place_code="420500", fee=free), make_listing(4, title="轴承"),
    )  # fmt: skip
    street.shelf.sync()
    page = words_of(street.read("/pool?words=水泵"))
    assert "宜昌市 2" in page
    assert "试点许可 1" in page
    assert "不超过 50,000 元 3" in page
    assert street.leaf_through("/pool?words=水泵&place=420500")[0] == 2
    assert street.leaf_through("/pool?words=水泵&track=pilot")[0] == 1
    assert street.leaf_through("/pool?words=水泵&price=10000")[0] == 2


def test_the_search_box_reads_quotes_titles_and_exclusions(street: PasserBy) -> None:
    street.shelf.publish(
        make_listing(1, title="水泵叶轮", abstract="铝合金的"), make_listing(2, title="水泵阀门", abstract="带有叶轮和水泵"),
        make_listing(3, title="叶轮水泵", abstract="", kind=PatentKind.DESIGN, evaluation_report="R"),
    )  # fmt: skip
    street.shelf.sync()
    found = {
        words: sorted(street.leaf_through(f"/pool?words={words}")[1])
        for words in ("“水泵叶轮”", "标题里有叶轮", "水泵 不要外观", "水泵，不要铝合金的")
    }
    one, two, three = make_number(1), make_number(2), make_number(3, kind=PatentKind.DESIGN)
    assert found == {
        "“水泵叶轮”": [one], "标题里有叶轮": sorted([one, three]), "水泵 不要外观": sorted([one, two]),
        "水泵，不要铝合金的": sorted([two, three]),
    }  # fmt: skip
