"""Detours, changes of mind, side questions, other wishes, weeks between messages: nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue.meaning import Intent, Meaning
from tests.support.builders import make_number
from tests.support.declarant import OFFICER, Declarant, make_entry, make_record, make_view

NUMBER, OTHER = make_number(1), make_number(2)
ENTRIES = {
    entry.id: entry
    for entry in (make_entry("report", "评价报告"), make_entry("price", "价格怎么定"), make_entry("pledge", "质押"))
}


def officer(**more: Any) -> Declarant:
    registry = {NUMBER: make_record(1), OTHER: make_record(2)}
    return Declarant(profile=OFFICER, registry=registry, entries=ENTRIES, **more)


def at_method(**more: Any) -> Declarant:
    ming = officer(**more)
    ming.tell("我要声明", NUMBER, "对", "都没有")
    return ming


def meant(intent: Intent, confidence: float = 0.9) -> Any:
    def read(meaning: Meaning) -> Meaning:
        return replace(meaning, intent=intent, confidence=confidence)

    return read


def test_back_forgets_the_last_answer_and_offers_it_again() -> None:
    ming = at_method()
    again = ming.say("返回")
    assert "五种情形" in again
    assert "原来填的是：没有" in again
    assert "怎么收" in ming.say("不变")
    assert "已经是第一步" in ming.tell("返回", "返回", "返回", "返回", "返回")


def test_changing_an_item_keeps_the_later_answers() -> None:
    ming = at_method()
    ming.tell("一次总付5万元", "无", "默认", "1", "1")
    assert "怎么收" in ming.say("修改第8项")
    assert "请核对您的声明" in ming.say("免费")
    assert "怎么收" in ming.say("改价格")
    assert "按利润提成多少" in ming.tell("提成", "利润")
    assert "请核对您的声明" in ming.say("5%")
    assert "只有" in ming.say("修改第99项")
    ming.say("提交")
    answers = ming.submitted[0].answers
    assert answers["royalty_percent"] == "5"
    assert "lump_sum_yuan" not in answers


def test_a_later_answer_that_no_longer_holds_is_asked_again() -> None:
    hong = Declarant()
    hong.tell("我要声明", NUMBER, "同意", "高校", "一种装置", "2021-03-15，2023-05-06", "江城大学", "都没有", "免费")
    hong.tell("2041-01-01", "不限", "1", "张三 13800000000 公开")
    assert "分案申请" in hong.tell("修改申请日", "2019-03-15")
    asked = hong.say("是")
    assert "2039-03-15" in asked
    assert "许可期限不能超过" in asked
    assert "请核对您的声明" in hong.say("2035-01-01") or "几年" in hong.say("预览")


def test_a_new_number_begins_the_patent_anew_and_moves_the_draft() -> None:
    ming = at_method()
    ming.tell("免费", "修改第1项")
    assert "散热装置2" in ming.say(OTHER)
    assert set(ming.drafts) == {("declare", OTHER)}
    assert ming.draft(subject=OTHER)["method"] == "free"
    assert "title" not in ming.draft(subject=OTHER)


def test_a_question_is_answered_with_its_source_and_the_step_asked_again() -> None:
    ming = at_method()
    answer = ming.say("价格怎么定？")
    assert "价格怎么定的答案" in answer
    assert "怎么收" in answer
    assert "到哪天" in ming.say("免费")


def test_a_question_at_a_step_for_any_words_is_no_answer() -> None:
    ming = at_method()
    ming.say("一次总付5万元")
    answer = ming.say("质押了还能声明吗？")
    assert "质押的答案" in answer
    assert "简要说明" in answer
    assert "fee_note" not in ming.draft(subject=NUMBER)


def test_a_question_with_a_sum_in_it_is_no_sum() -> None:
    ming = at_method()
    ming.say("一次总付")
    assert "价格怎么定的答案" in ming.say("定5万元的话，价格怎么定？")
    assert "简要说明" in ming.say("定5万元可以吗")


def test_a_question_that_could_be_several_is_offered_and_left_again() -> None:
    ming = at_method(unsure=("怎么回事",))
    offered = ming.say("那个东西怎么回事？")
    assert "回复“继续”" in offered
    answer = ming.say("2")
    assert "价格怎么定的答案" in answer
    assert "怎么收" in answer
    ming.say("那个东西怎么回事？")
    assert "怎么收" in ming.say("继续")
    ming.say("那个东西怎么回事？")
    assert "到哪天" in ming.say("免费")


def test_a_question_nobody_knows_is_honestly_not_known() -> None:
    ming = at_method()
    answer = ming.say("月亮上能许可吗？")
    assert "没有" in answer
    assert ming.misses == ["月亮上能许可吗？"]
    assert ming.handoffs == []


def test_another_wish_is_asked_about_and_nothing_is_lost() -> None:
    ming = at_method()
    asked = ming.say("有没有锂电池回收的专利")
    assert "存好草稿" in asked
    assert "怎么收" in ming.say("否")
    ming.say("有没有锂电池回收的专利")
    assert "没有找到" in ming.say("是")
    assert ming.flow is None
    assert "怎么收" in ming.say("继续")


@pytest.mark.parametrize(
    "words", ["我的报名", "修改报名", "我的收藏", "我的订阅", "我的需求", "填需求调查", "我的声明"]
)
def test_words_that_open_something_else_are_never_an_answer(words: str) -> None:
    ming = at_method()
    ming.tell("一次总付5万元")
    assert "存好草稿" in ming.say(words)
    assert "fee_note" not in ming.draft(subject=NUMBER)
    assert "简要说明" in ming.say("否")


def test_after_a_wish_that_could_not_begin_short_questions_still_mean_it() -> None:
    hong = Declarant()
    hong.say("撤回声明")
    assert hong.about == "how_to_withdraw"


def test_after_a_wish_an_answer_is_still_an_answer() -> None:
    ming = at_method()
    ming.say("有没有锂电池回收的专利")
    assert "到哪天" in ming.say("免费")


def test_another_flow_can_be_switched_to_and_back() -> None:
    ming = at_method()
    ming.mine = (make_view(7),)
    assert "存好草稿" in ming.say("我要把那份声明撤回")
    assert "撤回哪一份" in ming.say("是")
    assert "存为草稿" in ming.tell("1", "保存")
    listed = ming.say("我的声明")
    assert "开放许可声明《一种测试用散热装置1》" in listed
    assert "撤回声明" in listed
    assert "已在许可专利池发布" in listed


def test_small_talk_is_no_miss() -> None:
    ming = at_method()
    for _ in range(4):
        assert "怎么收" in ming.say("谢谢")
    assert ming.handoffs == []


def test_who_says_goodbye_keeps_the_draft() -> None:
    ming = at_method()
    assert "存为草稿" in ming.say("再见")
    assert "怎么收" in ming.say("继续")


def test_an_unlikely_wish_is_rather_a_miss() -> None:
    ming = at_method(reading=meant(Intent.SUBSCRIBE, 0.5))
    ming.tell("嗯哼哼", "啦啦啦", "呵呵呵")
    assert ming.handoffs == ["呵呵呵"]


def test_cancel_asks_whether_to_keep() -> None:
    ming = at_method()
    assert "删除" in ming.say("取消")
    assert "怎么收" in ming.say("继续")
    ming.say("取消")
    assert "存为草稿" in ming.say("1")
    assert ming.drafts
    ming.tell("继续", "取消")
    assert "已经删除" in ming.say("2")
    assert ming.drafts == {}
    assert ming.flow is None


def test_cancel_before_anything_was_said_just_leaves() -> None:
    ming = officer()
    ming.say("我要声明")
    assert "没有保存" in ming.say("取消")
    assert (ming.flow, ming.drafts) == (None, {})


def test_beginning_again_is_asked_about() -> None:
    ming = at_method()
    assert "从头填吗" in ming.say("重填")
    assert "怎么收" in ming.say("否")
    ming.say("重填")
    assert "请发专利号" in ming.say("是")
    assert ming.drafts == {}
    assert "核对" in ming.say(NUMBER)


def test_a_person_takes_over_and_the_draft_waits() -> None:
    ming = at_method()
    answer = ming.say("人工")
    assert "工作人员" in answer
    assert "继续" in answer
    assert ming.handoffs == ["人工"]
    assert ming.flow is None
    assert "怎么收" in ming.say("继续")


def test_a_draft_is_offered_when_the_flow_is_begun_again() -> None:
    hong = Declarant()
    hong.tell("我要声明", NUMBER, "同意", "保存")
    assert "没填完的草稿" in hong.say("我要声明")
    assert "属于哪一类" in hong.say("继续")
    hong.tell("保存", "我要声明")
    assert "请发专利号" in hong.say("重填")
    assert hong.drafts == {}


def test_an_officer_keeps_a_draft_for_each_patent_and_picks() -> None:
    ming = at_method()
    ming.tell("保存", "我要声明", "新的", OTHER, "对", "保存")
    assert set(ming.drafts) == {("declare", NUMBER), ("declare", OTHER)}
    listed = ming.say("我要声明")
    assert "散热装置1" in listed
    assert "散热装置2" in listed
    assert "只有" in ming.say("3")
    position = 1 if listed.index("散热装置1") < listed.index("散热装置2") else 2
    assert "怎么收" in ming.say(str(position))
    ming.tell("保存", "我的草稿")
    assert "五种情形" in ming.say(OTHER)


def test_a_patent_whose_draft_waits_goes_on_from_there() -> None:
    ming = at_method()
    assert "怎么收" in ming.tell("保存", f"我要声明 {NUMBER}")
    assert "散热装置2" in ming.tell("保存", f"我要声明 {OTHER}")
    assert "怎么收" in ming.tell("返回", NUMBER)
    assert ming.draft(subject=NUMBER)["obstacles"] == []
    hong = Declarant()
    hong.tell("我要声明", NUMBER, "同意", "高校", "保存")
    assert "没填完的草稿" in hong.say(f"我要声明 {OTHER}")


def test_a_list_of_drafts_does_not_catch_other_messages() -> None:
    ming = at_method()
    ming.tell("保存", "我要声明")
    assert "没有找到" in ming.say("有没有锂电池回收的专利")
    assert ming.flow is None


def test_weeks_and_restarts_between_messages_change_nothing() -> None:
    ming = at_method()
    ming.at += timedelta(days=40)
    assert "简要说明" in ming.say("一次总付5万元")
    assert json.loads(json.dumps(ming.state)) == ming.state
    ming.say("参照" + "同类" * 900)
    assert len(json.dumps(ming.state)) < 400
    assert len(ming.draft(subject=NUMBER)["fee_note"]) == 1802


def test_a_draft_that_is_gone_is_said_to_be() -> None:
    ming = at_method()
    ming.drafts.clear()
    assert "已经不在了" in ming.say("免费")
    assert "核对" in ming.say(NUMBER)


def test_a_draft_written_on_a_page_is_the_same_draft() -> None:
    ming = at_method()
    key = ("declare", NUMBER)
    ming.drafts[key] = replace(ming.drafts[key], answers=ming.drafts[key].answers | {"method": "free"})
    assert "到专利权届满" in ming.tell("默认", "1", "1")


def test_an_answer_that_another_release_wrote_is_asked_again() -> None:
    ming = at_method()
    key = ("declare", NUMBER)
    ming.drafts[key] = replace(ming.drafts[key], answers=ming.drafts[key].answers | {"method": "barter"})
    assert "怎么收" in ming.say("继续")


@pytest.mark.parametrize(
    ("key", "heard"),
    [
        ("policy.what", "怎么收"),
        ("help", "修改第3项"),
        ("declare", "怎么收"),
        ("search.start", "怎么收"),
        ("person", "继续"),
    ],
)
def test_menu_buttons_in_the_middle(key: str, heard: str) -> None:
    ming = at_method()
    assert heard in ming.tap(key)
    if key != "person":
        assert "到哪天" in ming.say("免费")


def test_the_menu_begins_a_declaration() -> None:
    ming = officer()
    assert "请发专利号" in ming.tap("declare")


def test_traditional_characters_and_odd_punctuation_are_understood() -> None:
    ming = officer()
    ming.reading = lambda meaning: replace(meaning, text=meaning.text.replace("沒", "没").replace("費", "费"))
    ming.tell("我要声明", f"ＺＬ　{NUMBER}", "对。", "都沒有！")
    assert "到哪天" in ming.say("免費～")


def test_a_sure_wish_at_a_step_for_any_words_is_asked_about() -> None:
    ming = at_method()
    ming.say("一次总付5万元")
    ming.reading = meant(Intent.SUBSCRIBE)
    assert "存好草稿" in ming.say("帮我订阅新能源的专利")
    ming.reading = lambda meaning: meaning
    assert "简要说明" in ming.say("否")


def test_an_answer_opened_again_and_left_as_it_was_takes_nothing_with_it() -> None:
    ming = Declarant()
    ming.tell("我要声明", NUMBER, "同意", "高校", "一种测试用阀", "2021-03-15，2023-05-06", "江城测试大学", "都没有")
    before = ming.draft()
    assert "原来填的是" in ming.say("修改第1项")
    assert "怎么收" in ming.say("不变")
    assert ming.draft() == before
    ming.say("修改第1项")
    assert "一种测试用阀" in ming.say(OTHER)  # a slip in the number: what stood there is offered again
    assert "不像日期" not in ming.tell("不变", "不变")


def test_words_that_begin_something_else_are_no_answer() -> None:
    ming = Declarant()
    ming.tell("我要声明", NUMBER, "同意", "高校")
    for words in ("我的声明", "登记回执"):
        assert "办别的事" in ming.say(words)
        assert "专利名称是" in ming.say("否")
    assert "title" not in ming.draft()
    ming.say("登记回执")
    assert "没有等待提交国家知识产权局的声明" in ming.say("是")
    assert ming.draft()["number"] == NUMBER


def test_a_receipt_is_not_measured_as_a_patent_number() -> None:
    ming = Declarant()
    ming.say("我要声明")
    assert "不像专利号" in ming.say("KH2026112200017")


@pytest.mark.parametrize("words", ["面议", "面議", "价格待定"])
def test_a_price_to_be_talked_about_is_explained_where_the_method_is_asked(words: str) -> None:
    assert "专利法第五十条" in at_method().say(words)


def test_a_sentence_is_no_contact_and_a_phone_may_say_that_it_is_public() -> None:
    ming = Declarant()
    ming.tell("我要声明", NUMBER, "同意", "高校", "一种测试用阀", "2021-03-15，2023-05-06", "江城测试大学", "都没有")
    ming.tell("免费", "默认", "不含")
    assert "确定这样填吗" in ming.say("用于山区公路边坡防护")
    assert "联系人是谁" in ming.say("否")
    assert "联系电话是" in ming.say("技术转移中心")
    assert "请核对您的声明" in ming.say("027-87000000 公開")
    assert ming.draft()["contact_public"] is True
