"""How ordinary people say an answer, a beginning, a return: half numbers, places, fees, notes, names."""

from __future__ import annotations

import pytest

from backend.domain.declarations import State
from bot.dialogue.meaning import Intent
from tests.flows.test_detours import NUMBER, at_method, meant
from tests.flows.test_second_thoughts import answer, in_pilot
from tests.support.declarant import Declarant, make_record, make_view


@pytest.mark.parametrize(
    "said",
    ["写错了", "不知道", "等一下", "下一步", "不对，上一项错了", "电话改成13900002222", "刚才的写错了，改成别的"],
)
def test_where_a_place_is_asked_words_about_the_form_are_no_place(said: str) -> None:
    ming = in_pilot()
    ming.say(said)
    assert answer(ming, "region") is None


@pytest.mark.parametrize("said", ["1.5年", "0.5年", "1-2年", "-1", "-3年", "一年半", "两到三年"])
def test_years_are_whole_or_not_taken(said: str) -> None:
    ming = at_method()
    ming.tell("免费", "2030-12-31")
    ming.say(said)
    assert answer(ming, "license_years") is None
    ming.say("5年一份")
    assert answer(ming, "license_years") == 5


def test_a_term_with_half_a_year_is_not_taken() -> None:
    ming = at_method()
    ming.tell("免费", "2030-12-31，每份-3年")
    assert answer(ming, "license_ends_on") is None


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("提成，按利润额的5%", "royalty_percent", "5"),
        ("提成 净销售额 3.5%", "royalty_percent", "3.5"),
        ("100万一次付清", "lump_sum_yuan", "1000000"),
        ("两万五一次付清", "lump_sum_yuan", "25000"),
        ("每台控制器收50元", "unit_yuan", "50"),
        ("不要钱白给大家用", "method", "free"),
    ],
)
def test_how_people_say_a_fee(said: str, name: str, value: str) -> None:
    ming = at_method()
    ming.say(said)
    assert answer(ming, name) == value


def test_a_range_of_rates_is_called_a_range_and_a_fee_a_year_instalments() -> None:
    assert "范围" in at_method().say("提成 3%-5%")
    assert "分期" in at_method().say("每年5万")


def test_a_number_at_the_question_whether_to_go_elsewhere_is_no_answer_to_the_step() -> None:
    ming = at_method()
    assert "办别的事" in ming.say("我的报名")
    assert "办别的事" in ming.say("1")
    assert answer(ming, "method") is None


def test_a_patent_that_is_declared_already_is_told_at_once() -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.mine = (make_view(1, number=NUMBER, state=State.LISTED),)
    ming.say("我要声明")
    assert "已经声明过" in ming.say(NUMBER)
    ming.mine = (make_view(1, number=NUMBER, state=State.RETURNED),)
    assert "已经声明过" not in ming.say(NUMBER)


@pytest.mark.parametrize(
    "said",
    [
        "搞声明",
        "我要办专利那个声明",
        "开放许可声明填报",
        "我要把我的碎桑枝的机子许可出去",
        "想把专利挂出来",
        "我有个做豆皮的锅子的专利 想放出来给别人用 怎么搞",
        "我要让别人用我的专利",
        "我们厂有台设备的专利要挂到网上",
    ],
)
def test_how_people_begin(said: str) -> None:
    assert "专利号" in Declarant().say(said)


@pytest.mark.parametrize("said", ["我想把声明收回来", "我不想把专利给别人用", "办声明要什么材料"])
def test_what_is_no_wish_to_declare_begins_nothing(said: str) -> None:
    ming = Declarant()
    ming.say(said)
    assert (ming.flow or {}).get("flow") != "declare"


@pytest.mark.parametrize("said", ["今天先到这里，存一下", "等哈子再搞", "先存起来，明天接着填", "今天先这样吧"])
def test_words_for_later_save_the_draft_where_any_words_may_stand(said: str) -> None:
    ming = in_pilot()
    assert "存为草稿" in ming.say(said)
    assert answer(ming, "region") is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("哪里都可以", "不限"),
        ("都行", "不限"),
        ("随便", "不限"),
        ("除了武汉都行", "除了武汉都行"),
        ("只给湖北省的", "湖北省"),
    ],
)
def test_for_whom_and_where(said: str, kept: str) -> None:
    ming = in_pilot()
    ming.say(said)
    assert answer(ming, "region") == kept


@pytest.mark.parametrize("said", ["冇得", "先空着", "没啥好说的", "不懂", "这个能不能不填", "这个怎么写啊"])
def test_a_note_that_is_none_is_not_published(said: str) -> None:
    ming = at_method()
    ming.say("两千块一次性")
    ming.say(said)
    assert answer(ming, "lump_sum_yuan") == "2000"
    assert not answer(ming, "fee_note")


@pytest.mark.parametrize(
    ("said", "kept"), [("我自己个人的", "person"), ("个人啊 我种油茶的", "person"), ("我是个人，退休工人", "person")]
)
def test_an_option_named_in_a_short_message(said: str, kept: str) -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "同意", said)
    assert answer(ming, "holder_type") == kept


@pytest.mark.parametrize("said", ["中小型民营企业", "不是个人", "个人还是公司", "个人算哪一类"])
def test_an_option_that_is_not_plain_is_not_taken(said: str) -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "同意", said)
    assert answer(ming, "holder_type") is None


@pytest.mark.parametrize(
    "said", ["我回来了，接着填", "接着上次的填", "继续上次的", "报告拿到了，接着办", "把上次的填完", "接到搞"]
)
def test_coming_back_goes_on_with_the_draft(said: str) -> None:
    ming = at_method()
    ming.say("保存")
    assert "许可使用费怎么收" in ming.say(said)


def test_a_first_payment_with_a_royalty() -> None:
    ming = at_method()
    ming.say("先收1万，之后每年销售额的2%")
    assert answer(ming, "method") == "entry_fee_and_royalty"
    assert (answer(ming, "entry_fee_yuan"), answer(ming, "royalty_percent")) == ("10000", "2")


def test_where_and_for_whom_in_one_message() -> None:
    ming = in_pilot()
    ming.say("湖北省，不限对象")
    assert (answer(ming, "region"), answer(ming, "licensee_scope")) == ("湖北省", "不限")


@pytest.mark.parametrize("said", ["我是李明，电话13800138001，你们公开吧", "李明 138 0013 8001 公开"])
def test_a_contact_in_one_sentence(said: str) -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "同意", "高校", "对", "都没有", "免费", "默认", "不提供", said)
    assert (answer(ming, "contact_name"), answer(ming, "contact_public")) == ("李明", True)


def test_after_a_rule_was_asked_none_of_all_answers_the_step() -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "同意", "高校", "对")
    ming.say("独占和排他分别是什么意思")
    assert "许可使用费怎么收" in ming.say("都没有")


@pytest.mark.parametrize("said", ["参考同类成交价", "跟同行差不多"])
def test_a_note_that_sounds_like_a_wish_is_a_note(said: str) -> None:
    ming = at_method()
    ming.say("一次总付5万元")
    ming.reading = meant(Intent.ESTIMATE_PRICE, 0.95)
    ming.say(said)
    assert answer(ming, "fee_note") == said


@pytest.mark.parametrize("said", ["是的 就是这名字", "是的，没错", "对，我就叫骆咸宁", "就是这个名字"])
def test_a_name_that_was_doubted_is_confirmed_in_other_words(said: str) -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "同意", "高校", "对", "都没有", "免费", "默认", "不提供")
    assert "不太像姓名" in ming.say("咸宁骆 13872412345 公开")
    ming.say(said)
    assert answer(ming, "contact_name") == "咸宁骆"


@pytest.mark.parametrize(
    ("said", "kept"), [("国内", "国内"), ("省内", "省内"), ("武汉市内", "武汉市"), ("含技术指导", None)]
)
def test_what_is_left_of_a_place_is_a_place(said: str, kept: str | None) -> None:
    ming = in_pilot()
    ming.say(said)
    assert answer(ming, "region") == kept


def test_the_number_beside_the_wish_begins_with_it() -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.say(f"我要声明 {NUMBER}")
    assert (ming.flow or {}).get("flow") == "declare"


@pytest.mark.parametrize(("said", "kept"), [("2032年12月31号前", "2032-12-31"), ("永久", None), ("2035-02-29", None)])
def test_a_last_day(said: str, kept: str | None) -> None:
    ming = at_method()
    ming.say("免费")
    shown = ming.say(said)
    assert answer(ming, "license_ends_on") == kept
    assert "整年" not in shown
