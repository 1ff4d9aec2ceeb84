"""A correction in one message: the item and its new answer. What is shown afterwards is what is submitted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.domain.listings import Contact
from bot.dialogue.meaning import Intent
from tests.flows.test_detours import NUMBER, at_method, meant, officer
from tests.support.declarant import OFFICER, Declarant, make_record

GIVEN = ("一次总付5万元", "按同类技术的许可价格定的", "默认", "不提供", "不公开")


def at_review() -> Declarant:
    ming = at_method()
    ming.say(GIVEN[0])
    ming.say(GIVEN[1])
    ming.say("默认")
    ming.say("不提供")
    shown = ming.say("2")
    assert "请核对" in shown or "提交" in shown, shown
    return ming


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("把费用改成6万", "6万元"),
        ("改成一次总付6万元", "6万元"),
        ("金额改成六万", "6万元"),
        ("不好意思，刚才费用写错了，应该是6万元", "6万元"),
        ("许可期限改到2032年6月30日", "2032-06-30"),
        ("修改第{}项 6万", "6万元"),
        ("第{}项改成6万", "6万元"),
        ("改成免费", "免费"),
        ("改成按净销售额的3%", "净销售额"),
    ],
)
def test_an_item_and_its_new_answer_in_one_message(said: str, shown: str) -> None:
    ming = at_review()
    lines = ming.say("预览").splitlines()
    amount = next(line.split(".")[0].strip() for line in lines if "5万元" in line)
    assert shown in ming.say(said.format(amount)), said


def test_a_contact_that_is_not_to_be_public_is_not_made_public() -> None:
    ming = Declarant(profile=replace(OFFICER, contact=Contact()), registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "对", "都没有", *GIVEN[:4], "张敏", "13812345678")
    assert "公开联系方式：是" in ming.say("公开")
    assert "公开联系方式：否" in ming.say("联系方式不公开了")
    assert "13912345678" in ming.say("电话改成13912345678")


def test_what_is_not_read_says_that_nothing_was_changed() -> None:
    ming = at_review()
    assert "没有改动" in ming.say("把那个改成好一点的")
    assert "5万元" in ming.say("预览")


@pytest.mark.parametrize("said", ["第30项改成6万", "合同名称改成6万"])
def test_an_item_that_is_none_changes_nothing(said: str) -> None:
    ming = at_review()
    assert "没有改动" in ming.say(said)
    assert "总金额：5万元" in ming.say("预览")


def test_an_item_asked_anew_goes_back_to_how_it_was() -> None:
    ming = at_review()
    ming.say("改费用")
    shown = ming.say("返回")
    assert "5万元" in shown
    assert "提交" in shown


def test_it_was_wrong_opens_the_item() -> None:
    ming = at_review()
    asked = ming.say("刚才费用填错了")
    assert "5万元" in asked
    assert "6万元" in ming.say("一次总付6万元")


def test_a_note_takes_no_words_that_order_something() -> None:
    for words, answered in (
        ("我去问下领导，先放着", "存为草稿"),
        ("不知道怎么写", "例如"),
        ("我要声明", "正在填的就是这一份"),
        ("写错了，改成6万", "6万元"),
    ):
        ming = at_method()
        ming.say("一次总付5万元")
        assert answered in ming.say(words), words
        assert words not in ming.say("预览" if "先放着" not in words else "继续")


def test_no_other_wish_means_that_it_was_the_answer() -> None:
    ming = at_method()
    ming.say("一次总付5万元")
    ming.reading = meant(Intent.SEARCH_PATENT, 0.95)
    said = ming.say("参考同类茶叶专利的许可价格")
    ming.reading = lambda meaning: meaning
    if "办别的事" in said:
        said = ming.say("否")
    assert "参考同类茶叶专利的许可价格" in ming.say("预览")


def test_back_from_a_question_of_ours_closes_only_that() -> None:
    ming = at_method()
    ming.say("一次总付5万元")
    assert "办别的事" in ming.say("我的报名")
    assert "简要说明" in ming.say("返回")


def test_before_anything_is_given_another_wish_is_simply_followed() -> None:
    ming = officer()
    ming.say("我要声明")
    ming.reading = meant(Intent.LIST_EVENTS)
    assert "办别的事" not in ming.say("最近有什么活动")
