"""A company says what it is: any order of detours, nothing stored before consent, everything skippable but the products."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from backend.domain.companies import Company, CompanyLabel, CompanySize, company_of_answers
from backend.domain.drafts import Flow
from backend.domain.profiles import Consent, Profile
from bot.dialogue.meaning import Intent, Meaning
from tests.support.declarant import Declarant, make_entry

WHOLE = ("填企业资料", "卤鸭脖，想延长保质期", "同意", "C14", "5、8", "仙桃", "小型", "高企、专精特新", "五万以内")
AGREED = Profile(consents=(Consent("matching", "2026-11"),))


def submitted(person: Declarant) -> Company:
    (deed,) = person.submitted
    assert deed.flow == Flow.PROFILE
    return company_of_answers("", deed.answers)


def test_the_whole_way() -> None:
    person = Declarant()
    assert "1. 产品和难题：卤鸭脖，想延长保质期" in person.tell(*WHOLE)
    assert "已登记" in person.say("提交")
    assert submitted(person) == Company(
        products="卤鸭脖，想延长保质期",
        division="C14",
        clusters=("05", "08"),
        place_code="429004",
        size=CompanySize.SMALL,
        labels=(CompanyLabel.HIGH_TECH, CompanyLabel.SPECIALISED),
        budget_yuan=Decimal(50_000),
    )
    assert person.submitted[0].answers["consent"]["purpose"] == "matching"


def test_everything_but_the_products_may_be_skipped() -> None:
    person = Declarant()
    person.tell("填企业资料", "卤鸭脖", "同意", *["跳过"] * 6, "提交")
    assert submitted(person) == Company(products="卤鸭脖")


def test_nothing_is_stored_before_consent_and_a_no_ends_it() -> None:
    person = Declarant()
    person.tell("填企业资料", "卤鸭脖")
    assert person.drafts == {}
    assert "不同意就不保存" in person.say("不同意")
    person.tell("取消", "2")
    assert person.drafts == {}
    assert person.flow is None


def test_consent_is_asked_once_and_that_for_declarations_does_not_count() -> None:
    again = Declarant(profile=AGREED)
    assert "哪个行业" in again.tell("填企业资料", "卤鸭脖")
    other = Declarant(profile=Profile(consents=(Consent("declaration", "2026-11"),)))
    assert "您同意吗" in other.tell("填企业资料", "卤鸭脖")


def test_a_question_in_the_middle_is_answered_and_the_step_asked_again() -> None:
    person = Declarant(entries={"fee": make_entry("fee", "开放许可收费吗")})
    person.tell(*WHOLE[:3])
    said = person.say("开放许可收费吗？")
    assert "开放许可收费吗的答案" in said
    assert "哪个行业" in said


def test_what_sounds_like_a_search_or_a_call_is_an_answer_here() -> None:
    def as_search(meaning: Meaning) -> Meaning:
        return replace(meaning, intent=Intent.SEARCH_PATENT, confidence=0.95)

    def as_call(meaning: Meaning) -> Meaning:
        return replace(meaning, intent=Intent.ASK_PERSON, confidence=0.95)

    for reading, words in ((as_search, "我们做小龙虾加工"), (as_call, "小龙虾加工，剥虾人工成本太高")):
        person = Declarant(reading=reading)
        assert "您同意吗" in person.tell("填企业资料", words)
    caller = Declarant(reading=as_call)
    caller.tell("填企业资料", "我要找人")
    assert caller.handoffs


@pytest.mark.parametrize(
    ("words", "budget"),
    [("免费", Decimal(0)), ("没定，看情况", None), ("跳过", None), ("3到5万", Decimal(50_000)), ("8000", Decimal(8000)),
     ("面议", None), ("不超过两万块", Decimal(20_000))],
)  # fmt: skip
def test_budgets_as_people_say_them(words: str, budget: Decimal | None) -> None:
    person = Declarant()
    person.tell(*WHOLE[:-1], words)
    person.say("提交")
    assert submitted(person).budget_yuan == budget


@pytest.mark.parametrize(("words", "said"), [("-5", "不能是负数"), ("很多", "不像金额"), ("火星币三个", "不像金额")])
def test_what_is_no_budget_is_said(words: str, said: str) -> None:
    assert said in Declarant().tell(*WHOLE[:-1], words)


@pytest.mark.parametrize(
    ("words", "said"),
    [("火星业", "没对上行业大类"), ("食品和五金都做", "好几个行业"), ("99", "没对上行业大类")],
)
def test_industries_that_are_none_or_several(words: str, said: str) -> None:
    assert said in Declarant().tell(*WHOLE[:3], words)


@pytest.mark.parametrize(("words", "said"), [("36", "只有 35 个选项"), ("月球", "没对上集群"), ("0", "哪个市州")])
def test_clusters_by_number_name_or_none(words: str, said: str) -> None:
    assert said in Declarant().tell(*WHOLE[:4], words)


def test_a_kept_profile_is_shown_changed_and_deleted() -> None:
    company = Company(products="卤鸭脖", division="C14", size=CompanySize.SMALL)
    person = Declarant(profile=replace(AGREED, has_company=True), company=company)
    assert "1. 产品和难题：卤鸭脖" in person.say("我的企业资料")
    assert person.flow is None
    assert "这是您登记的企业情况" in person.say("修改企业资料")
    assert "原来填的是：小型" in person.say("改规模")
    person.tell("中型", "提交")
    assert submitted(person) == replace(company, size=CompanySize.MEDIUM)
    assert "确定吗" in person.say("删除企业资料")
    person.tell("是", "提交")
    assert [deed.flow for deed in person.submitted] == [Flow.PROFILE, Flow.FORGET]


def test_nothing_to_delete_is_said() -> None:
    assert "没有登记" in Declarant().say("删除企业资料")
