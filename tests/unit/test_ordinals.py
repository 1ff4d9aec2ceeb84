"""Which of the things just shown is meant: “第二个”, “2”, “最后一个”; and counting that points at nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.grammar.ordinals import MOST, ordinal

SMALL = "一二三四五六七八九十"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("第二个", 2), ("2", 2), (" 3 ", 3), ("３", 3), ("就第三条吧", 3), ("第 2 个", 2), ("看第五件", 5),
        ("第十二条", 12), ("选1", 1),
        ("2号", 2), ("2。", 2), ("3吧", 3), ("要第一个", 1), ("第二", 2), ("第二怎么联系", 2), ("0", 0), ("十", 10), ("二", 2),
        ("最后一个", -1), ("最后那件", -1), ("看看最后一条", -1), ("第2个怎么联系", 2), ("第十个", 10), ("1、", 1),
    ],
)  # fmt: skip
def test_what_points_at_a_place_in_the_list(text: str, meant: int) -> None:
    assert ordinal(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "十堰市", "五粮液", "三家公司", "一种方法", "第三代半导体", "第二类医疗器械", "第三方检测", "第十二代酷睿",
        "第一次来", "第一产业",
        "5万", "100", "123", "2个亿", "两个专利", "有3个吗", "第", "最后", "2021", "", "第100个", "第一百二十个", "3.5",
        "十二五规划", "你好",
    ],
)  # fmt: skip
def test_what_points_at_nothing(text: str) -> None:
    assert ordinal(text) is None


@given(
    position=st.integers(1, MOST),
    form=st.sampled_from(["第{}个", "第{}条", "就第{}件吧", "看第 {} 项", "{}", "选{}", "{}号"]),
)
def test_a_printed_position_is_read_back(position: int, form: str) -> None:
    assert ordinal(form.format(position)) == position


@given(position=st.integers(1, 10), form=st.sampled_from(["第{}个", "{}", "就第{}条", "要{}吧"]))
def test_a_printed_chinese_position_is_read_back(position: int, form: str) -> None:
    assert ordinal(form.format(SMALL[position - 1])) == position


@given(
    text=st.text(st.sampled_from("第最后那个条件一二三十百零0123456789０９万. 号吧代"), max_size=20)
    | st.text(max_size=30)
)
def test_any_text_gives_a_place_or_nothing(text: str) -> None:
    meant = ordinal(text)
    assert meant is None or -1 <= meant <= MOST
