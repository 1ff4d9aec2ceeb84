"""“有新的告诉我” and “别再发了”, as people write them."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.saved_queries import Cadence
from bot.dialogue.meaning import Facts
from bot.nlu.gazetteer import place_names
from bot.nlu.grammar import Grammar
from bot.nlu.grammar.places import Places
from bot.nlu.grammar.telling import telling
from bot.policy_lines import NLU_DATA

GRAMMAR = Grammar(Places(place_names(NLU_DATA / "gazetteer")))


def read(text: str) -> Facts:
    return GRAMMAR.read(text, today=date(2026, 11, 27))


@pytest.mark.parametrize(
    ("text", "cadence", "topic"),
    [
        ("武汉的激光切割专利，五万以内，有新的每周告诉我", Cadence.WEEKLY, "激光切割"),
        ("有新的就告诉我", None, ""),
        ("座椅的新专利出来了告诉我", None, "座椅"),
        ("有座椅加热的新技术跟我说一声", None, "座椅加热"),
        ("有新货喊我一声，水泵的", None, "水泵"),
        ("以后有茶叶烘干的新专利就通知我", None, "茶叶烘干"),
        ("钣金折弯，出了新的天天发我", Cadence.DAILY, "钣金折弯"),
        ("每天给我推送轴承密封的", Cadence.DAILY, "轴承密封"),
        ("找不到就算了，哪天有大棚卷帘的记得告诉我", None, "大棚卷帘"),
        ("除尘滤袋 有更新通知我 一周一次", Cadence.WEEKLY, "除尘滤袋"),
    ],
)
def test_a_wish_in_so_many_words(text: str, cadence: Cadence | None, topic: str) -> None:
    facts = read(text)
    assert facts.telling is not None
    assert (facts.telling.new, facts.telling.stop) == (True, False)
    assert facts.telling.cadence is cadence
    assert facts.left_over == topic


@pytest.mark.parametrize(
    "text", ["退订", "别再给我推了", "不要再发通知了", "莫再推送", "把推送关掉吧取消推送", "我不想再收到这些消息"]
)
def test_no_more(text: str) -> None:
    told = telling(text)
    assert told is not None
    assert told.stop


@pytest.mark.parametrize(
    "text",
    [
        "晚上别推送", "周末不要发消息", "不要推荐外观的", "不要发明，只看实用新型", "有没有发电机的专利", "有新的吗",
        "新能源汽车有哪些专利", "取消声明怎么办",
    ],
)  # fmt: skip
def test_what_is_neither(text: str) -> None:
    told = telling(text)
    assert told is None or not (told.stop or told.new)


@given(text=st.text("有新的就每周天告诉我发推别再不要退订，。 abc激光", max_size=80))
def test_spans_lie_in_the_text(text: str) -> None:
    told = telling(text)
    if told is not None:
        assert told.spans
        assert all(0 <= span.start < span.end <= len(text) for span in told.spans)


@pytest.mark.parametrize("part", ["有新的", "每周", "不要再", "以后有", "告诉", "有了就", "，就", "推送给"])
def test_a_long_repetition_is_read_in_no_time(part: str) -> None:
    began = time.perf_counter()
    telling((part * 1000)[:2000])
    assert time.perf_counter() - began < 0.5
