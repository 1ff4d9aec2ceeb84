"""Taking back, changing the price, telling of the receipt, turning a pilot into a declaration, binding and leaving."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.declarations import State
from backend.domain.drafts import Flow
from backend.domain.listings import Standing, Track
from backend.domain.profiles import Profile
from tests.support.builders import make_number
from tests.support.declarant import AGREED, OFFICER, Declarant, make_view

LISTED = make_view(7)
READY = make_view(8, state=State.READY, on_show=True, standing=Standing.NOT_ANNOUNCED)
PILOT = make_view(9, track=Track.PILOT, standing=Standing.PILOT, answers={"kind": "design"})
GONE = make_view(10, state=State.WITHDRAWN, on_show=False)


def owner(*mine: object) -> Declarant:
    return Declarant(profile=Profile(consents=AGREED), mine=tuple(mine))  # type: ignore[arg-type] # views


def only(ming: Declarant) -> dict[str, object]:
    (submitted,) = ming.submitted
    return submitted.answers


def test_a_declaration_is_taken_back() -> None:
    ming = owner(LISTED, READY, GONE)
    listed = ming.say("撤回声明")
    assert "散热装置7" in listed
    assert "散热装置10" not in listed
    assert "只有 2 个" in ming.say("3")
    assert "不在您可以办理" in ming.say(make_number(99))
    assert "正当理由" in ming.say(LISTED.number)
    assert "专利法第十四条" in ming.tell("5", "产品标准更新，重新评估", "不同意")
    assert "专利法第五十条第二款" in ming.say("同意")
    assert "不影响" in ming.say("不")
    assert "请核对撤回申请" in ming.say("是")
    assert "不受影响" in ming.say("提交")
    assert ming.submitted[0].flow == Flow.WITHDRAW
    assert only(ming) == {"declaration": 7, "reason": "产品标准更新，重新评估", "holders_agree": True}


def test_what_was_never_on_show_has_no_effect_to_explain() -> None:
    ming = owner(make_view(7, state=State.SUBMITTED, on_show=False))
    assert "请核对撤回申请" in ming.tell("撤回声明", "1", "2", "是")


def test_nothing_to_take_back_is_said_at_once() -> None:
    ming = owner(GONE)
    assert "没有可以撤回" in ming.say("撤回声明")
    assert ming.flow is None


def test_a_price_is_changed_by_a_new_declaration() -> None:
    ming = owner(LISTED)
    assert "撤回原声明、再重新声明" in ming.tell("调整价格", "是")
    ming.tell("是", "一次总付3万元", "参照同类许可确定", "同类许可价格下降", "是")
    assert "仍按原价" in ming.say("提交")
    assert ming.submitted[0].flow == Flow.REPRICE
    assert only(ming) == {
        "declaration": 7,
        "method": "lump_sum",
        "lump_sum_yuan": "30000",
        "fee_note": "参照同类许可确定",
        "reason": "同类许可价格下降",
        "holders_agree": True,
    }


def test_a_receipt_is_told() -> None:
    ming = owner(LISTED, READY)
    assert "散热装置8" in ming.say("登记回执")
    assert "不像回执" in ming.tell("1", "没编号")
    assert "之后、今天之前" in ming.tell("CN20261122001", "2027-01-01")
    ming.tell("2026-11-22", "提交")
    assert only(ming) == {"declaration": 8, "receipt_number": "CN20261122001", "filed_on": "2026-11-22"}


def test_a_pilot_listing_becomes_a_declaration_in_one_short_conversation() -> None:
    ming = owner(PILOT, LISTED)
    assert "任何单位或者个人" in ming.tell("转为法定", "1")
    assert "不能转" in ming.say("否")
    assert "评价报告" in ming.say("是")
    ming.tell("WPGBG2023000123", "是", "提交")
    assert only(ming) == {"declaration": 9, "evaluation_report": "WPGBG2023000123", "holders_agree": True}
    assert ming.count <= 7


def test_an_institution_is_bound() -> None:
    hong = Declarant()
    assert "单位全称" in hong.say("单位认证")
    assert "先征得" not in hong.say("江城理工大学")
    assert hong.drafts == {}
    hong.tell("同意", "高校")
    assert "18 位" in hong.say("91350200MA2YJ1")
    assert "校验码对不上" in hong.say("91350203M0001QAY9B")
    assert "经办人" in hong.say("是")
    hong.tell("张三 027-87000000", "提交")
    answers = only(hong)
    assert hong.submitted[0].flow == Flow.BIND
    assert answers["institution"] == "江城理工大学"
    assert answers["credit_code"] == "91350203M0001QAY9B"
    assert (answers["contact_name"], answers["contact_phone"]) == ("张三", "027-87000000")
    assert {"purpose", "version", "at"} == set(answers["consent"])  # type: ignore[call-overload] # a mapping


def test_who_speaks_for_an_institution_cannot_bind_another_and_may_leave() -> None:
    ming = Declarant(profile=OFFICER)
    assert "已经登记" in ming.say("单位认证")
    assert OFFICER.institution in ming.say("解除单位认证")
    assert "不解除" in ming.say("否")
    ming.tell("是", "提交")
    assert (ming.submitted[0].flow, only(ming)) == (Flow.LEAVE, {})
    assert "不需要解除" in Declarant().say("解除单位认证")


def test_the_list_of_what_is_mine() -> None:
    assert "还没有草稿" in Declarant().say("我的声明")
    ming = owner(replace(LISTED, state=State.RETURNED, reason="专利权人名称与登记簿不一致"), READY)
    listed = ming.say("我的声明")
    assert "已退回，请补正" in listed
    assert "专利权人名称与登记簿不一致" in listed
    assert "登记回执" in listed
    assert ming.flow is None


def test_continue_with_one_draft_goes_straight_on() -> None:
    ming = owner(LISTED)
    ming.tell("撤回声明", "1", "保存")
    assert "正当理由" in ming.say("继续")
    assert "还没有草稿" in Declarant().say("继续")
