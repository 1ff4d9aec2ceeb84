"""Sums and rates with their bounds; an upper bound never becomes a lower one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.meaning import SaidMoney, SaidRate, Span
from bot.nlu.grammar.money import money, rates

Bounds = tuple[int | Decimal | None, int | Decimal | None]


def read(text: str) -> list[Bounds]:
    return [(said.low, said.high) for said in money(text, [])]


def read_rates(text: str) -> list[Bounds]:
    return [(said.low, said.high) for said in rates(text)]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("不低于20万元", 200_000, None), ("预算不超过一百万元", None, 1_000_000), ("50万以内", None, 500_000),
        ("最多80万", None, 800_000), ("每年10万", 100_000, 100_000), ("五十万左右", 400_000, 600_000),
        ("3.5万", 35_000, 35_000),
        ("壹佰万元", 1_000_000, 1_000_000), ("十万零五百", 100_500, 100_500), ("两千块", 2000, 2000),
        ("两千元以下", None, 2000),
        ("三到五万", 30_000, 50_000), ("3-5万", 30_000, 50_000), ("3万~5万元", 30_000, 50_000),
        ("10万－20万", 100_000, 200_000),
        ("20万到10万", 100_000, 200_000), ("一万块钱以内", None, 10_000), ("５万以内", None, 50_000),
        ("10W以内", None, 100_000),
        ("预算5000", 5000, 5000), ("预算500以内", None, 500), ("五万打住", None, 50_000), ("顶多三万", None, 30_000),
        ("不到10万", None, 100_000), ("不能超过10万", None, 100_000), ("不会超过5万", None, 50_000),
        ("别超过两万", None, 20_000),
        ("莫超过两万", None, 20_000), ("不得高于3万", None, 30_000), ("不要超过5万", None, 50_000), ("不超5万", None, 50_000),
        ("不能低于20万", 200_000, None), ("不少于三十万", 300_000, None), ("至少5万", 50_000, None), ("起码5万", 50_000, None),
        ("超过5万", 50_000, None), ("5万以上", 50_000, None), ("2万起", 20_000, None), ("五万以上的不要", None, 50_000),
        ("超过3万的都不看", None, 30_000), ("大概10万", 80_000, 120_000), ("约10万元", 80_000, 120_000),
        ("1亿元", 10**8, 10**8),
        ("1,200元", 1200, 1200), ("1,200,000元以内", None, 1_200_000), ("1万2", 12_000, 12_000), ("三万五以内", None, 35_000),
        ("3万5以内", None, 35_000), ("价格在3万到8万之间", 30_000, 80_000), ("0元", 0, 0), ("5元", 5, 5),
        ("100人民币", 100, 100),
        ("单价2元以内", None, 2), ("费用三元", 3, 3), ("出得起八百", 800, 800), ("控制在10万以内", None, 100_000),
    ],
)  # fmt: skip
def test_one_sum_is_read_with_its_bounds(text: str, low: int | None, high: int | None) -> None:
    assert read(text) == [(low, high)]
    assert read(f"武汉的激光焊接，{text}，有吗") == [(low, high)]


@pytest.mark.parametrize(
    "text",
    [
        "十堰市", "五粮液", "三家公司", "一种方法", "百分之五", "上个月", "东湖高新区", "B2B平台", "C919", "A4纸",
        "近三年", "长沙市",
        "三元锂电池回收", "两块玻璃", "二元器件", "一元件", "万向节", "万用表", "万能胶", "亿纬锂能", "百万像素摄像头",
        "千斤顶",
        "几万块", "数万元", "第二个", "3个", "2021年", "202110123456.7", "电话13971234567", "三十万分之一",
        "一万小时", "3万吨", "5万次循环", "10万台", "两千", "2", "5%", "五个点", "三天", "一万家企业", "H01M10/0525", "3000转",
    ],
)  # fmt: skip
def test_what_only_looks_like_money_is_none(text: str) -> None:
    assert read(text) == []


def test_several_sums_stand_in_reading_order() -> None:
    assert read("不超过3万，不低于1万") == [(None, 30_000), (10_000, None)]
    assert read("入门费2万元，再加5万块") == [(20_000, 20_000), (50_000, 50_000)]


def test_what_was_read_as_something_else_is_no_money() -> None:
    assert read("要5万元") == [(50_000, 50_000)]
    assert list(money("要5万元", [Span(0, 4)])) == []


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("百分之五", 5, 5), ("5%", 5, 5), ("2.5％", Decimal("2.5"), Decimal("2.5")), ("三个点", 3, 3), ("3个百分点", 3, 3),
        ("3%-5%", 3, 5), ("5%到3%", 3, 5), ("3到5个点", 3, 5), ("百分之三到五", 3, 5), ("百分之三到百分之五", 3, 5),
        ("不超过2.5%", None, Decimal("2.5")), ("提成5个点以下", None, 5), ("至少3%", 3, None), ("5%以上", 5, None),
        ("不能超过百分之十", None, 10), ("百分之十五以内", None, 15), ("10%左右", 8, 12),
    ],
)  # fmt: skip
def test_a_rate_is_read_with_its_bounds(text: str, low: Decimal | None, high: Decimal | None) -> None:
    assert read_rates(text) == [(low, high)]


@pytest.mark.parametrize("text", ["5个", "三个", "百分", "百分之", "%", "50万", "5点半", "十堰"])
def test_what_is_no_rate_is_none(text: str) -> None:
    assert read_rates(text) == []


sums = st.integers(100, 10**9)
upper = st.sampled_from(
    ["不超过{}元", "{}元以内", "最多{}元", "{}元以下", "不高于{}块", "{}块钱封顶", "顶多{}元", "不要超过{}元"]
)
lower = st.sampled_from(["不低于{}元", "{}元以上", "至少{}元", "{}元起", "不少于{}块", "起码{}块钱", "最低{}元"])


@given(value=sums, form=upper)
def test_an_upper_bound_is_one_whatever_the_words(value: int, form: str) -> None:
    assert read("找锂电池，" + form.format(value)) == [(None, value)]
    assert read("找锂电池，" + form.format(f"{value:,}")) == [(None, value)]


@given(value=sums, form=lower)
def test_a_lower_bound_is_one_whatever_the_words(value: int, form: str) -> None:
    assert read("找锂电池，" + form.format(value)) == [(value, None)]


@given(one=sums, two=sums, dash=st.sampled_from(["到", "至", "-", "~", "—", "－"]))
def test_a_range_is_never_inverted(one: int, two: int, dash: str) -> None:
    assert read(f"{one}元{dash}{two}元") == [(min(one, two), max(one, two))]
    assert read_rates(f"{one}%{dash}{two}%") == [(min(one, two), max(one, two))]


SAID = "不超过 不低于 以内 以上 左右 百分之 个点 预算 约 的不要"
pieces = st.sampled_from([*"零一二三五十百千万亿两点0123456789.,%-到至元块 ", *SAID.split()])


@given(text=st.lists(pieces, max_size=24).map("".join) | st.text(max_size=40))
def test_any_text_gives_ordered_bounds_inside_it(text: str) -> None:
    text += "，5万元，3%以上"
    said: list[SaidMoney | SaidRate] = [*money(text, []), *rates(text)]
    assert len(said) >= 2
    assert all(0 <= found.span.start < found.span.end <= len(text) for found in said)
    assert all(found.low is not None or found.high is not None for found in said)
    assert all(found.low <= found.high for found in said if found.low is not None and found.high is not None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三五万", 30_000, 50_000),
        ("两三万以内", None, 30_000),
        ("十几万", 100_000, 200_000),
        ("二十几万的", 200_000, 300_000),
        ("五六万块", 50_000, 60_000),
        ("三五千万", 30_000_000, 50_000_000),
    ],
)
def test_a_rough_sum_is_a_range(text: str, low: int | None, high: int) -> None:
    (said,) = money(text, [])
    assert (said.low, said.high) == (None if low is None else Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["两万三", "三千五百万", "三四个月", "五六个人"])
def test_exact_sums_and_counts_are_not_taken_for_rough_ones(text: str) -> None:
    assert all(said.low == said.high for said in money(text, []))
