"""Numbers and places in source texts: figures equal words, and an article is exactly its own lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.knowledge.numbers import chinese, claims, facts
from backend.knowledge.passages import SourceText
from tests.support.statutes import PLAN, STATUTE

# Numbers


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("三万元以上五百万元以下", ("30000", "5000000")),
        ("减15%，即百分之十五", ("15%",)),
        ("2,000万元", ("20000000",)),
        ("５.9万多件", ("59000",)),
        ("自2024年1月20日起，2022年5至6月", ("2024-01-20", "2022-05", "6")),
        ("依据第五十条第二款第（三）项、第594号", ("594",)),
        ("一家一家谈，一次总付，一份合同，分两步，一共四种", ()),
        ("一倍以上五倍以下，满一年", ("1", "5")),
        ("“十三五”时期", ()),
        ("不按十三五年算", ()),
        ("", ()),
    ],
)
def test_what_a_sentence_claims(said: str, meant: tuple[str, ...]) -> None:
    assert claims(said) == meant


def written(value: int) -> str:
    """1 to 99,999,999 in Chinese, in full."""
    high, low = divmod(value, 10_000)
    words = ""
    if high:
        words = written(high) + "万"
        if not low:
            return words
        words += "零" if low < 1000 else ""
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = low // unit % 10
        if digit:
            words += ("零" if gap and words and not words.endswith("零") else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return words


@given(value=st.integers(1, 99_999_999))
def test_figures_and_chinese_numerals_are_the_same_number(value: int) -> None:
    assert chinese(written(value)) == value
    assert set(claims(f"收{value}元")) <= facts(f"收{written(value)}元")
    assert set(claims(f"收{written(value)}元")) <= facts(f"收{value:,}元")
    assert set(claims(f"占{value}%")) <= facts(f"占百分之{written(value)}")
    assert not set(claims(f"占{value}%")) & facts(f"收{written(value)}元")


# Passages


def test_a_statute_is_taken_apart_at_its_articles() -> None:
    text = SourceText(STATUTE)
    assert text.passage("第一条") == "为了方便读者，制定本条例。"
    assert (text.passage("第三条") or "").startswith("遗失的")
    assert "罚则" not in (text.passage("第二条") or "")
    assert (text.passage("第二条第一款") or "").endswith("0.5元。")
    assert "住院" in (text.passage("第二条第二款") or "")
    assert "每人" not in (text.passage("第二条第二款") or "")
    assert text.passage("第二条第（一）项") == "（一）住院满10日的；"
    assert "抄自公报" not in "".join(text.passage(place) or "" for place in ("第一条", "借书条例"))


@pytest.mark.parametrize("place", ["第四条", "第二条第三款", "第二条第（九）项", "第一部分", "", "胡说"])
def test_a_place_that_does_not_exist_is_none(place: str) -> None:
    assert SourceText(STATUTE).passage(place) is None


def test_a_plan_is_taken_apart_at_its_parts() -> None:
    text = SourceText(PLAN)
    assert "依据条例" in (text.passage("前言") or "")
    assert "30家" in (text.passage("第一部分") or "")
    assert text.passage("第二部分（一）") == "（一）建平台\n集中发布。"
    assert "集中发布" in (text.passage("第二部分") or "")
    assert text.passage("第三部分") is None
    assert text.passage("正文") == PLAN


def test_anything_else_is_cited_by_its_headings() -> None:
    text = SourceText("# 第25问\n可以。\n# 第26问\n三样。\n")
    assert text.passage("第25问") == "可以。"
