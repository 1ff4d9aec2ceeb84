"""What people say beside an answer: names as the review gives them, several corrections, slips of the finger, half numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.domain.listings import Contact, Track
from tests.flows.test_correcting import at_review
from tests.flows.test_detours import NUMBER, at_method
from tests.support.declarant import OFFICER, Declarant, make_record

ROYALTY = ("入门费2万，净销售额提成3%", "参照本单位许可合同", "默认", "不提供")


def in_pilot() -> Declarant:
    """At “许可给哪里”."""
    profile = replace(OFFICER, pilots=("湖北省",), contact=Contact())
    ming = Declarant(profile=profile, registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "试点", "对", "都没有", "免费", "2029-11-03", "不限")
    return ming


def answer(ming: Declarant, name: str) -> object:
    (draft,) = ming.drafts.values()
    return draft.answers.get(name)


def unbound_at_review() -> Declarant:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "同意", "高校", "对", "都没有", "免费", "默认", "不提供", "张敏 13812345678 公开")
    return ming


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("总金额改成8000元", "总金额：8000元"),
        ("单次许可年限改成6年", "单次许可年限：6年"),
        ("许可期限届满日改成2030-06-30", "许可期限届满日：2030-06-30"),
        ("专利权人类型改成中小微企业", "专利权人类型：中小微企业"),
        ("前头那个总金额改成一千二", "总金额：1200元"),
    ],
)
def test_an_item_is_called_what_the_review_calls_it(said: str, shown: str) -> None:
    ming = at_review() if "类型" not in said else unbound_at_review()
    assert shown in ming.say(said)


def test_several_corrections_in_one_message_are_all_made() -> None:
    ming = unbound_at_review()
    shown = ming.say("电话改成13900002222，联系人改成李四海")
    assert "联系电话：13900002222" in shown
    assert "联系人：李四海" in shown


def test_another_rate_leaves_the_entry_fee() -> None:
    ming = at_method()
    ming.tell(*ROYALTY, "2")
    shown = ming.say("提成比例改成2.5%")
    assert "提成比例：2.5%" in shown
    assert "入门费：2万元" in shown
    assert "入门费：2万元" in ming.say("比例改成百分之四")


def test_a_rate_that_was_doubted_is_replaced_by_the_one_said_next() -> None:
    ming = at_method()
    assert "确定" in ming.say("净销售额提成30%")
    ming.say("改成4%")
    assert answer(ming, "royalty_percent") == "4"


def test_a_later_correction_goes_to_its_item_while_a_place_is_asked() -> None:
    ming = in_pilot()
    ming.say("写错了，到期日改成2028年12月31日")
    assert answer(ming, "license_ends_on") == "2028-12-31"
    assert answer(ming, "region") is None
    ming.say("区域改成武汉市")
    assert answer(ming, "region") == "武汉市"
    ming.say("改成湖北省")
    assert answer(ming, "licensee_scope") is None
    ming.say("许可区域改成湖北省")
    assert answer(ming, "region") == "湖北省"
    ming.say("做米酒的")
    assert answer(ming, "licensee_scope") == "做米酒的"


def test_the_track_is_changed_by_name() -> None:
    ming = in_pilot()
    ming.say("许可轨道改成法定开放许可")
    assert answer(ming, "track") == Track.STATUTORY


def test_another_total_asks_for_the_plan_again() -> None:
    ming = at_method()
    ming.tell("分期，共6万", "签约付3万，一年后付3万")
    assert "怎么分" in ming.say("总金额改成8万") or answer(ming, "instalments") is None


def test_a_tap_that_comes_twice_is_one() -> None:
    ming = in_pilot()
    ming.pace = timedelta(0)
    ming.at += timedelta(minutes=1)
    ming.say("湖北省")
    assert "同一次" in ming.say("湖北省")
    assert answer(ming, "licensee_scope") is None
    ming.at += timedelta(seconds=5)
    ming.say("不限")
    assert answer(ming, "licensee_scope") == "不限"


def test_public_said_twice_submits_nothing() -> None:
    ming = Declarant(registry={NUMBER: make_record(1)})
    ming.tell("我要声明", NUMBER, "同意", "高校", "对", "都没有", "免费", "默认", "不提供", "张敏 13812345678")
    assert "请核对" in ming.say("公开")
    ming.say("公开")
    assert ming.submitted == []


def test_saving_while_an_item_is_open_leaves_it_as_it_was() -> None:
    ming = at_review()
    ming.tell("改费用", "保存")
    assert answer(ming, "lump_sum_yuan") == "50000"
    assert "5万元" in ming.say("继续")


def test_an_answer_written_again_because_nothing_came_back_is_one() -> None:
    ming = at_method()
    ming.tell("一次总付一万二")
    ming.at += timedelta(seconds=12)
    assert "同一次" in ming.say("一次总付一万二")
    assert answer(ming, "fee_note") is None


@pytest.mark.parametrize("said", ["前面那个试点我不要了，改成法定的", "还是走法定吧"])
def test_the_track_is_changed_in_other_words(said: str) -> None:
    ming = in_pilot()
    ming.say(said)
    assert answer(ming, "track") == Track.STATUTORY


def test_unchanged_holds_also_after_going_back_twice() -> None:
    ming = at_method()
    ming.tell("一次总付800元", "按出厂价的一成", "返回", "返回", "900元")
    ming.say("不变")
    assert answer(ming, "fee_note") == "按出厂价的一成"
    assert answer(ming, "lump_sum_yuan") == "900"


def test_a_plan_with_another_total_does_not_keep_the_old_one() -> None:
    ming = at_method()
    ming.tell("分期，共9万元", "签约付一半，满一年付一半")
    ming.say("支付方式改成分期，4万元分两年付清")
    assert answer(ming, "lump_sum_yuan") in {"40000", None}


def test_an_optional_answer_stays_until_it_is_replaced_or_removed() -> None:
    ming = unbound_at_review()
    ming.say("加上邮箱a@b.test")
    assert answer(ming, "contact_email") == "a@b.test"
    ming.say("邮箱改成我女儿的那个")
    assert answer(ming, "contact_email") == "a@b.test"
    ming.say("预览")
    ming.say("邮箱去掉")
    assert answer(ming, "contact_email") is None


def test_of_two_corrections_the_good_one_is_made() -> None:
    ming = unbound_at_review()
    ming.say("期限改成2063年底，电话改成13922223333")
    assert answer(ming, "contact_phone") == "13922223333"
    assert "13922223333" in ming.say("2031-06-30")


def test_a_correction_beyond_the_open_question_is_made() -> None:
    ming = unbound_at_review()
    ming.say("修改第8项" if "许可期限" in ming.say("预览") else "改期限")
    ming.say("改期限")
    ming.say("联系人改成李四海")
    assert answer(ming, "contact_name") == "李四海"


def test_a_new_contact_does_not_keep_the_mail_of_the_one_before() -> None:
    ming = unbound_at_review()
    ming.tell("加上邮箱a@b.test", "改联系人", "段平 13511112233 公开")
    assert answer(ming, "contact_name") == "段平"
    assert answer(ming, "contact_email") is None


def test_not_public_any_more_is_said_in_two_words() -> None:
    ming = unbound_at_review()
    assert "公开联系方式：否" in ming.say("不公开了")


def test_a_correction_for_which_another_makes_room_is_made_too() -> None:
    ming = unbound_at_review()
    ming.say("提成比例改成3%，支付方式改成提成")
    assert answer(ming, "method") == "running_royalty"


def test_a_part_that_names_no_item_does_not_undo_the_others() -> None:
    ming = unbound_at_review()
    ming.say("改期限")
    said = ming.say("电话改成13922223333，那个改成好一点的")
    assert answer(ming, "contact_phone") == "13922223333" or "没有改动" in said


@pytest.mark.parametrize("said", ["不行", "不", "否", "不可以"])
def test_a_no_at_the_review_changes_nothing(said: str) -> None:
    ming = unbound_at_review()
    ming.say(said)
    assert answer(ming, "contact_public") is True
    assert ming.submitted == []
