"""From “我要声明” to “已提交”: every branch of the declaration, with what is submitted and how many messages it took."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from backend.domain.fees import PaymentMethod, RoyaltyBasis
from backend.domain.listings import Guidance, HolderType, Pledge, Track
from backend.domain.patents import PatentKind
from backend.services.declarations.answers import listing_of
from tests.support.builders import make_number
from tests.support.declarant import OFFICER, UNIVERSITY, Declarant, make_record

NUMBER = make_number(1)
MODEL = make_number(2, kind=PatentKind.UTILITY_MODEL)


def officer(**changes: object) -> Declarant:
    return Declarant(profile=OFFICER, registry={NUMBER: make_record(1)}, **changes)  # type: ignore[arg-type] # named fields


def test_a_bound_officer_with_a_free_invention_in_the_registry_needs_nine_messages() -> None:
    ming = officer()
    assert "专利号" in ming.say("我要声明")
    shown = ming.say(f"ZL{NUMBER}")
    assert all(part in shown for part in ("一种测试用散热装置1", "发明", "2021-03-15", "2041-03-15", UNIVERSITY))
    assert "实施细则第八十六条" in ming.say("对")
    ming.tell("都没有", "免费", "默认", "3")
    review = ming.say("1")
    assert "1. 专利号：ZL 2021 1 9900001" in review
    assert "十万元" in review or "10万元" in review
    assert "已提交" in ming.say("提交")
    assert ming.count == 9
    assert ming.count <= 12
    (submitted,) = ming.submitted
    listing = listing_of(submitted.answers)
    assert (listing.number, listing.track, listing.kind) == (NUMBER, Track.STATUTORY, PatentKind.INVENTION)
    assert listing.fee.method is PaymentMethod.FREE
    assert listing.license_ends_on == date(2041, 3, 15)
    assert listing.license_years is None
    assert listing.guidance is Guidance.NOT_INCLUDED
    assert listing.holder_type is HolderType.UNIVERSITY
    assert (listing.contact.name, listing.contact.phone, listing.contact.public) == ("李老师", "027-87000000", True)
    assert listing.credit_code == OFFICER.credit_code
    assert "consent" not in submitted.answers
    assert submitted.answers["obstacles"] == []
    assert not listing.barred()
    assert ming.drafts == {}
    assert ming.flow is None


def test_going_back_to_the_register_after_doubting_it_shows_it_again() -> None:
    ming = officer()
    ming.tell("我要声明", f"ZL{NUMBER}", "5")
    shown = ming.say("返回")
    assert "一种测试用散热装置1" in shown
    assert "原来填的是" not in shown
    assert "实施细则第八十六条" in ming.say("对")


def test_an_unbound_holder_of_an_unknown_utility_model_with_a_co_holder_needs_eighteen_at_most() -> None:
    hong = Declarant()
    hong.tell("我要声明", f"ZL{MODEL}")
    assert hong.drafts == {}
    assert "专利权人属于哪一类" in hong.say("同意")
    assert "没有查到" in hong.say("个人")
    hong.tell("小型茶叶烘干机", "2021-03-15，2022-05-06", "王小红；武汉某某茶业有限公司")
    hong.tell("都同意", "都没有")
    assert "支付方式" not in hong.say("WPGBG2023000123")
    hong.tell("提成", "1", "3%", "参照本人同类许可合同确定", "2030-12-31，每份3年", "含", "王小红 13800000000 不公开")
    assert "已提交" in hong.say("提交")
    assert hong.count == 18
    listing = listing_of(hong.submitted[0].answers)
    assert listing.holders == ("王小红", "武汉某某茶业有限公司")
    assert listing.co_holders_agree
    assert listing.evaluation_report == "WPGBG2023000123"
    assert (listing.fee.royalty_basis, listing.fee.royalty_percent) == (RoyaltyBasis.NET_SALES, Decimal(3))
    assert (listing.license_ends_on, listing.license_years) == (date(2030, 12, 31), 3)
    assert not listing.contact.public
    consent = hong.submitted[0].answers["consent"]
    assert consent == {"purpose": "declaration", "version": "2026-11", "at": "2026-11-22T12:00:10+08:00"}


def test_nothing_is_stored_before_consent_and_everything_after() -> None:
    hong = Declarant()
    hong.tell("我要声明", NUMBER)
    assert hong.drafts == {}
    assert hong.flow is not None
    assert "先征得您的同意" in hong.say("保存")
    assert "不同意就不保存" in hong.say("不同意")
    assert hong.drafts == {}
    hong.say("同意")
    assert hong.draft()["number"] == NUMBER
    assert "answers" not in (hong.flow or {})
    hong.say("高校")
    assert hong.draft()["holder_type"] == "university"


@pytest.mark.parametrize(
    ("said", "then", "fee"),
    [
        ("2", ["5万"], {"lump_sum_yuan": Decimal(50_000)}),
        ("一次总付5万元", [], {"lump_sum_yuan": Decimal(50_000)}),
        ("一次性付费", ["50000"], {"lump_sum_yuan": Decimal(50_000)}),
        (
            "分期",
            ["6万元", "分两期，各付3万元"],
            {"lump_sum_yuan": Decimal(60_000), "instalments": "分两期，各付3万元"},
        ),
        ("提成", ["利润", "百分之十"], {"royalty_basis": RoyaltyBasis.PROFIT, "royalty_percent": Decimal(10)}),
        ("净销售额提成3.5%", [], {"royalty_basis": RoyaltyBasis.NET_SALES, "royalty_percent": Decimal("3.5")}),
        ("4", ["3", "2元"], {"royalty_basis": RoyaltyBasis.UNIT, "unit_yuan": Decimal(2)}),
        (
            "入门费加提成",
            ["两万元", "1", "2"],
            {"entry_fee_yuan": Decimal(20_000), "royalty_basis": RoyaltyBasis.NET_SALES, "royalty_percent": Decimal(2)},
        ),
    ],
)
def test_every_way_to_be_paid(said: str, then: list[str], fee: dict[str, object]) -> None:
    ming = officer()
    ming.tell("我要声明", NUMBER, "对", "都没有", said, *then)
    assert "计算依据和方式" in ming.say("帮助")
    ming.tell("参照同类许可确定", "默认", "1", "1", "提交")
    listing = listing_of(ming.submitted[0].answers)
    assert {name: getattr(listing.fee, name) for name in fee} == fee
    assert listing.fee.note == "参照同类许可确定"


def test_above_the_caps_is_asked_once_more_and_then_taken() -> None:
    ming = officer()
    ming.tell("我要声明", NUMBER, "对", "都没有")
    assert "一般不高于2000万元" in ming.say("一次总付3000万元")
    assert "总金额" in ming.say("否")
    assert "国知发运字〔2024〕19号" in ming.say("3000万元")
    assert "简要说明" in ming.say("是")
    ming.tell("无", "默认", "1", "1", "提交")
    assert listing_of(ming.submitted[0].answers).fee.lump_sum_yuan == Decimal(30_000_000)


def test_a_doubtful_figure_may_be_replaced_at_once() -> None:
    ming = officer()
    ming.tell("我要声明", NUMBER, "对", "都没有", "提成", "净销售额")
    assert "一般不高于20%" in ming.say("30%")
    assert "简要说明" in ming.say("15%")
    ming.tell("返回", "利润的", "返回")
    assert ming.draft(subject=NUMBER)["method"] == "running_royalty"


@pytest.mark.parametrize(
    ("named", "way_out"),
    [("1", "第八十六条第一项"), ("2", "中止"), ("年费", "滞纳"), ("5", "人工"), ("1、3", "补缴年费")],
)
def test_what_stands_against_it_is_explained_with_its_way_out(named: str, way_out: str) -> None:
    ming = officer()
    explained = ming.tell("我要声明", NUMBER, "对", named)
    assert way_out in explained
    assert "已解决" in explained
    assert "还没有填完" in ming.say("提交")
    assert "不能往下填" in ming.say("免费")
    assert "存为草稿" in ming.say("保存")
    assert ming.draft(subject=NUMBER)["obstacles"]
    assert way_out in ming.say("继续")
    assert "怎么收" in ming.say("已解决")
    ming.tell("免费", "默认", "1", "1", "提交")
    assert ming.submitted[0].answers["obstacles"] == []


def test_a_pledge_needs_the_pledgee() -> None:
    ming = officer()
    assert "质权人书面同意" in ming.tell("我要声明", NUMBER, "对", "质押")
    assert "解除质押登记" in ming.say("还没有")
    assert "原来填的是：还没有质权人的书面同意" in ming.say("返回")
    ming.tell("同意了", "免费", "默认", "1", "1", "提交")
    listing = listing_of(ming.submitted[0].answers)
    assert listing.pledge is Pledge.WITH_CONSENT
    assert not listing.barred()


def test_what_the_register_has_wrong_is_asked_again_and_nothing_else() -> None:
    ming = officer()
    assert "没有查到" not in ming.tell("我要声明", NUMBER, "1")
    assert "专利权人是谁" in ming.tell("一种散热装置", "修改专利权人")
    assert "2 个专利权人" in ming.say(f"{UNIVERSITY}；武汉某某公司")
    assert "专利法第十四条" in ming.say("还没有")
    ming.tell("是", "都没有", "免费", "默认", "1", "1", "提交")
    answers = ming.submitted[0].answers
    assert answers["holders"] == [UNIVERSITY, "武汉某某公司"]
    assert answers["title"] == "一种散热装置"


def test_somebody_elses_patent_is_doubted() -> None:
    ming = Declarant(profile=OFFICER, registry={NUMBER: make_record(1, holders=("别的大学",))})
    assert "没有您的单位" in ming.tell("我要声明", NUMBER, "对")
    assert "五种情形" in ming.say("是")


def test_the_pilot_is_offered_only_while_a_programme_is_open() -> None:
    ming = Declarant(profile=replace(OFFICER, pilots=("湖北试点二期",)), registry={NUMBER: make_record(1)})
    assert "走哪一条" in ming.tell("我要声明", NUMBER)
    ming.tell("试点", "对", "都没有", "免费", "默认", "湖北省", "中小微企业", "不含", "2", "提交")
    listing = listing_of(ming.submitted[0].answers)
    assert (listing.track, listing.region, listing.licensee_scope) == (Track.PILOT, "湖北省", "中小微企业")
    assert not listing.contact.public


def test_a_number_that_comes_with_the_wish_is_its_first_answer() -> None:
    ming = officer()
    assert "核对" in ming.say(f"我要声明 ZL{NUMBER}")
    assert ming.draft(subject=NUMBER)["number"] == NUMBER


def test_two_taps_make_one_declaration() -> None:
    ming = officer()
    ming.tell("我要声明", NUMBER, "对", "都没有", "免费", "默认", "1", "1", "提交")
    assert "不会重复" in ming.say("提交")
    assert len(ming.submitted) == 1


def test_an_answer_changed_on_a_page_is_shown_before_it_is_submitted() -> None:
    ming = officer()
    ming.tell("我要声明", NUMBER, "对", "都没有", "免费", "默认", "1", "1")
    key = ("declare", NUMBER)
    ming.drafts[key] = replace(ming.drafts[key], answers=ming.drafts[key].answers | {"guidance": "paid_extra"})
    assert "技术指导另收费" in ming.say("提交")
    assert ming.submitted == []
    ming.say("提交")
    assert ming.submitted[0].answers["guidance"] == "paid_extra"
    assert len({deed.token for deed in ming.submitted}) == 1


def test_an_optional_answer_is_given_from_the_review() -> None:
    ming = officer()
    review = ming.tell("我要声明", NUMBER, "对", "都没有", "免费", "默认", "1", "1")
    position = next(line.split(".")[0] for line in review.splitlines() if "应用场景" in line)
    assert "用在哪里" in ming.say(f"修改第{position}项")
    assert "商业性宣传" in ming.say("国内首创的机房散热")
    assert "用于机房散热" in ming.say("用于机房散热。")
    ming.say("提交")
    assert ming.submitted[0].answers["scenes"] == "用于机房散热。"
