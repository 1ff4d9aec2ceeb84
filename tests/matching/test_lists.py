"""Lists for many companies: diversity, order, and the time it takes."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.companies import Company
from backend.domain.matching import STRONG, Verdict
from backend.matching.lists import dealt, list_for, lists_for, room_for
from backend.matching.pool import Pool
from backend.matching.scores import best, scored


@given(
    candidates=st.lists(
        st.tuples(st.floats(0.12, 1.2), st.integers(0, 7), st.integers(0, 4)),
        max_size=60,
        unique_by=lambda one: one[1:],
    ),
    shown=st.integers(1, 4),
    room=st.integers(1, 5),
)
def test_no_list_is_too_long_and_only_a_strong_score_goes_beyond_the_room(
    candidates: list[tuple[float, int, int]], shown: int, room: int
) -> None:
    chosen = dealt(candidates, companies=8, patents=5, shown=shown, room=room)
    assert all(len(one) <= shown for one in chosen)
    assert all(one == sorted(one, key=lambda pair: -pair[1]) for one in chosen)
    times = Counter(at for one in chosen for at, _ in one)
    strong = Counter(at for one in chosen for at, score in one if score >= STRONG)
    assert all(count <= room or strong[at] >= count - room for at, count in times.items())
    offered = {(company, at): score for score, company, at in candidates}
    assert all(offered[company, at] == score for company, one in enumerate(chosen) for at, score in one)


def test_one_patent_does_not_fill_every_list(pool: Pool) -> None:
    dice = random.Random(3)
    words = ["冷却", "节能", "检测", "废水", "回收", "焊接", "茶叶", "小龙虾", "电池", "光纤", "识别", "定位"]
    companies = [Company(id=n, products="、".join(dice.sample(words, 3)), clusters=("08",)) for n in range(400)]
    found = lists_for(companies, pool)
    times = Counter(at for one in found.chosen for at, score in one if score < STRONG)
    assert max(times.values()) <= found.room == room_for(400, len(pool))
    alone = Counter(at for company in companies for at in best(scored(company, pool), 5))
    assert max(alone.values()) > found.room  # without dealing out it would have


def test_a_patent_that_stands_in_many_lists_gives_way_in_the_next_unless_it_is_strong(pool: Pool) -> None:
    company = Company(products="废水、回收、膜分离", clusters=("08",))
    plain, total = list_for(company, pool, {}, stands_in={}, room=3)
    crowded = {plain[0].listing.number: 99}
    spread, fewer = list_for(company, pool, {}, stands_in=crowded, room=3)
    assert (plain[0].listing.number in {match.listing.number for match in spread}) == (plain[0].score >= STRONG)
    assert fewer == total - (plain[0].score < STRONG)


def test_pages_follow_each_other_without_gap_or_repeat(pool: Pool) -> None:
    company = Company(products="小龙虾加工、莲藕", clusters=("05",), division="C13")
    pages, skip = [], 0
    while True:
        found, total = list_for(company, pool, {}, stands_in={}, room=3, skip=skip)
        if not found:
            break
        pages += found
        skip += len(found)
    numbers = [match.listing.number for match in pages]
    assert len(numbers) == len(set(numbers)) == total
    scores = [match.score for match in pages]
    assert scores == sorted(scores, reverse=True)


def test_verdicts_count_in_the_batch_as_in_a_conversation(pool: Pool) -> None:
    company = Company(id=1, openid="ming", products="锂电池回收、电池拆解")
    first = lists_for([company], pool).chosen[0][0][0]
    number = pool.offers[first].listing.number
    after = lists_for([company], pool, {"ming": {number: Verdict.NOT_RELEVANT}}).chosen[0]
    assert first not in {at for at, _ in after}
