"""Closed words that narrow a search: kind, free, cheaper, order; and the whole grammar over any text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.patents import PatentKind
from backend.domain.queries import Sort
from bot.dialogue.meaning import Wishes
from bot.nlu.gazetteer import place_names
from bot.nlu.grammar import MOST_READ, Grammar
from bot.nlu.grammar.places import Places
from bot.nlu.grammar.wishes import wishes
from bot.policy_lines import NLU_DATA

INVENTION, MODEL, DESIGN = PatentKind.INVENTION, PatentKind.UTILITY_MODEL, PatentKind.DESIGN
GRAMMAR = Grammar(Places(place_names(NLU_DATA / "gazetteer")))
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("只看发明专利", Wishes(kind=INVENTION)), ("实用新型的有吗", Wishes(kind=MODEL)), ("要外观设计", Wishes(kind=DESIGN)),
        ("实新", Wishes(kind=MODEL)), ("發明專利", Wishes(kind=INVENTION)), ("不要外观", Wishes(without_kind=DESIGN)),
        ("除了实用新型", Wishes(without_kind=MODEL)), ("不看发明", Wishes(without_kind=INVENTION)),
        ("不要外观，只要发明", Wishes(kind=INVENTION, without_kind=DESIGN)), ("莫要外观的", Wishes(without_kind=DESIGN)),
        ("只看免费的", Wishes(free=True)), ("不要钱的", Wishes(free=True)), ("不收费", Wishes(free=True)),
        ("零元", Wishes(free=True)),
        ("0元的", Wishes(free=True)), ("不要免费的", Wishes()), ("便宜点的", Wishes(cheaper=True)),
        ("再低一点，太贵了", Wishes(cheaper=True)),
        ("按价格排序", Wishes(sort=Sort.PRICE)), ("最便宜的", Wishes(cheaper=True, sort=Sort.PRICE)),
        ("最新的排前面", Wishes(sort=Sort.NEWEST)),
        ("按时间排", Wishes(sort=Sort.NEWEST)), ("剩余期限长的", Wishes(sort=Sort.TERM_LEFT)),
        ("免费的发明", Wishes(kind=INVENTION, free=True)),
        ("发明人是谁", Wishes()), ("发明者", Wishes()), ("10元以内", Wishes()), ("20元", Wishes()), ("五粮液", Wishes()),
        ("", Wishes()),
    ],
)  # fmt: skip
def test_a_wish_is_read(text: str, wish: Wishes) -> None:
    assert wishes(text) == wish


@given(text=st.text(max_size=60))
def test_no_kind_is_both_wanted_and_excluded(text: str) -> None:
    wish = wishes(f"{text}不要外观的发明")
    assert wish.kind is None or wish.kind is not wish.without_kind


@pytest.mark.parametrize(
    ("text", "place", "high", "left"),
    [
        ("武汉有没有免费的锂电池回收专利，五万以内", "420100", 50_000, "锂电池回收"),
        ("新能源汽车，宜昌的", "420500", None, "新能源汽车"),
        ("我想找可降解塑料 不超过3万", "", 30_000, "可降解塑料"), ("有没有三元锂电池的", "", None, "三元锂电池"),
        ("节能灯具有没有", "", None, "节能灯具"),
        ("条码识别的技术", "", None, "条码识别"), ("换成十堰", "420300", None, ""), ("便宜点的", "", None, ""),
        ("有能用的吗", "", None, ""),
        ("方向盘，襄阳", "420600", None, "方向盘"), ("G06F的专利", "", None, ""),
        ("东湖高新区的激光焊接", "420100", None, "激光焊接"),
    ],
)  # fmt: skip
def test_what_is_left_over_is_what_is_looked_for(text: str, place: str, high: int | None, left: str) -> None:
    facts = GRAMMAR.read(text, today=TODAY)
    assert "".join(found.code for found in facts.places) == place
    assert [said.high for said in facts.money] == ([] if high is None else [Decimal(high)])
    assert facts.left_over == left


def test_one_sentence_is_taken_apart() -> None:
    facts = GRAMMAR.read(
        "光谷近三年的 H01M10/54 发明，提成不超过5%，入门费3万以内，参考ZL202110123456.7和CN111504366B", today=TODAY
    )
    assert [number.number for number in facts.numbers] == ["202110123456.7"]
    assert [found.symbol for found in (*facts.publications, *facts.symbols)] == ["CN111504366B", "H01M10/54"]
    assert [(rate.low, rate.high) for rate in facts.rates] == [(None, Decimal(5))]
    assert [(sum_.low, sum_.high) for sum_ in facts.money] == [(None, Decimal(30_000))]
    assert [(days.first, days.last) for days in facts.dates] == [(date(2023, 11, 22), TODAY)]
    assert [place.said for place in facts.places] == ["光谷"]
    assert facts.wishes.kind is INVENTION


SAID = [
    "武汉",
    "5万以内",
    "ZL202110123456.7",
    "近三年",
    "百分之五",
    "第二个",
    "免费",
    "二〇二一年",
    "不低于",
    "１２",
    "长沙市",
    "，",
    "的",
    "(",
    "🏳️\u200d🌈",
    "\x00",
    "A01B10/00",
]
pieces = (
    st.sampled_from(SAID)
    | st.sampled_from("零一二十百千万亿点年月日0123456789.%-/XxZz ")
    | st.characters(codec="utf-8")
)


@settings(max_examples=300)
@given(text=st.lists(pieces, max_size=60).map("".join), today=st.dates(), times=st.integers(1, 60))
def test_reading_any_text_never_raises_and_stays_inside_it(text: str, today: date, times: int) -> None:
    text = "武汉，" + (text * times)[:3000]
    facts = GRAMMAR.read(text, today=today)
    spans = [hit.span for hit in facts.numbers] + [hit.span for hit in (*facts.publications, *facts.symbols)]
    spans += [hit.span for hit in facts.money] + [hit.span for hit in facts.rates]
    spans += [hit.span for hit in facts.dates] + [hit.span for hit in facts.places]
    assert spans
    assert all(0 <= span.start < span.end <= min(len(text), MOST_READ) for span in spans)
    assert len(facts.left_over) <= 120
    assert facts.left_over == facts.left_over.strip()


UNITS = "1 一 十 万 1, 1. 2021 2021年 第一 不超过 A1 CN1 武汉 - 1- 百分之 A01B 近一 ．"


@pytest.mark.parametrize("unit", [*UNITS.split(), " "])
def test_three_thousand_of_the_same_are_read(unit: str) -> None:
    facts = GRAMMAR.read((unit * 3000)[:3000], today=TODAY)
    assert len(facts.places) == (MOST_READ // 2 if unit == "武汉" else 0)
