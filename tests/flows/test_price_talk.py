"""Figures for a price as people give them: in any order, a few at a time, and what none can be is asked for again."""

from __future__ import annotations

import pytest

from tests.support.declarant import Declarant

WHOLE = "年销售500万，提成率3%，用5年"


@pytest.mark.parametrize(
    "words",
    [WHOLE, "用5年 年销售500万 提成3%", "提成百分之三 年销五百万 许可五年", "一年卖500万，提成三个点，用五年",
     "营业额五百万，3%，5年"],
)  # fmt: skip
def test_one_message_with_everything(words: str) -> None:
    person = Declarant()
    person.say("估价")
    said = person.say(words)
    assert "年净销售额500万元、提成率3%、5年" in said
    assert "一次总付约25.14万元" in said
    assert "仅供参考，非官方评估" in said


def test_figures_are_kept_until_another_takes_their_place() -> None:
    person = Declarant()
    assert "预计年净销售额、提成率、许可年限" in person.say("估价")
    assert "告诉我提成率、许可年限" in person.say("年销售500万")
    assert "告诉我许可年限" in person.say("提成率3%")
    assert "25.14万元" in person.say("用5年")
    assert "折到70%" in person.say("折扣70%")
    assert "折现率0%" in person.say("折现率0%")
    assert "入门费占30%" in person.say("入门费占30%")
    assert "提成率4%" in person.say("提成率4%")


@pytest.mark.parametrize(
    ("words", "missing"),
    [("年销-500万，提成率3%，用5年", "年净销售额"), ("年销售500万，提成率500%，用5年", "提成率"),
     ("年销售500万，提成率3%，用99年", "许可年限"), ("年销售99999999999999万，提成率3%，用5年", "年净销售额")],
)  # fmt: skip
def test_what_cannot_be_is_asked_for_again(words: str, missing: str) -> None:
    person = Declarant()
    person.say("估价")
    assert f"告诉我预计{missing}，" in person.say(words) or f"告诉我{missing}，" in person.say(words)


def test_a_share_of_nothing_is_no_assumption() -> None:
    person = Declarant()
    person.tell("估价", WHOLE)
    assert "折到0%" not in person.say("折扣0%")


def test_another_matter_is_not_taken_for_a_figure() -> None:
    person = Declarant()
    person.say("估价")
    assert "测算" not in person.say("开放许可要3年吗？")
