"""Answers as people write them in a hurry: read to what they say, or refused with what to answer; nothing half taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.drafts import Flow, Obstacle
from backend.domain.listings import Guidance, HolderType, Pledge
from backend.domain.patents import PatentKind
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.engine import Filled
from bot.dialogue.flows.heard import AnswerError, tidied
from bot.dialogue.flows.patent import RecordField
from tests.flows.test_readers import heard
from tests.support.builders import make_number
from tests.support.declarant import OFFICER, TEXTS, Declarant, make_record

NUMBER = make_number(1)
MODEL = make_number(2, kind=PatentKind.UTILITY_MODEL)
NAME, PHONE, PUBLIC = "contact_name", "contact_phone", "contact_public"
END, YEARS = "license_ends_on", "license_years"


def said_at(step: str, said: str) -> tuple[Any, dict[str, Any]]:
    read = FORMS[Flow.DECLARE].step(step).reader.read(heard(said))
    return (read.value, dict(read.also)) if isinstance(read, Filled) else (read, {})


@pytest.mark.parametrize(
    ("step", "said", "value"),
    [
        ("holder_type", "小公司", HolderType.SMALL_FIRM), ("holder_type", "小微企业🏭", HolderType.SMALL_FIRM),
        ("holder_type", "个体户", HolderType.SMALL_FIRM), ("holder_type", "上市公司", HolderType.OTHER_FIRM),
        ("holder_type", "医院", HolderType.OTHER), ("holder_type", "我个人滴", HolderType.PERSON),
        ("record", "对的，没错", ()), ("record", "对滴", ()), ("record", "队", ()), ("record", "对👌", ()),
        ("record", "对，都没有", ()),
        ("record", "名称不对", (RecordField.TITLE,)), ("record", "专利权人改名了", (RecordField.HOLDERS,)),
        *(("obstacles", said, ()) for said in (
            "5个都没有", "这些都没有哈", "以上均无", "冇得", "都没油", "年费交了的，都没有",
            "没有质押，其他也没有", "没有😂", "都没有，只给过普通许可",
        )),
        ("obstacles", "有质押，其他没有", (Obstacle.PLEDGE,)), ("obstacles", "没缴年费", (Obstacle.ANNUITY,)),
        ("pledge", "已经书面同意了", Pledge.WITH_CONSENT), ("pledge", "有书面同意", Pledge.WITH_CONSENT),
        ("pledge", "建行同意了", Pledge.WITH_CONSENT), ("pledge", "银行还没同意", Pledge.WITHOUT_CONSENT),
        ("evaluation_report", "编号 YX2023001234", "YX2023001234"),
        ("evaluation_report", "报告号：WPGBG2023000123", "WPGBG2023000123"),
        ("evaluation_report", "有，评价报告编号 WG2023-00456", "WG2023-00456"),
        ("guidance", "提供技术指导，另收费", Guidance.PAID_EXTRA), ("guidance", "要教的话另外算钱", Guidance.PAID_EXTRA),
        ("region", "只给湖北省的", "湖北省"), ("licensee_scope", "仅限中小微企业", "中小微企业"),
        ("co_holders_agree", "同意👌", True),
        (END, "20301231", date(2030, 12, 31)), (END, "许可到2030-12-31为止", date(2030, 12, 31)), (END, "长期", None),
    ],
)  # fmt: skip
def test_an_ordinary_answer_is_read(step: str, said: str, value: Any) -> None:
    assert said_at(step, said)[0] == value


@pytest.mark.parametrize(
    ("step", "said", "value", "also"),
    [
        ("obstacles", "4，质权人同意了", (Obstacle.PLEDGE,), {"pledge": Pledge.WITH_CONSENT}),
        ("obstacles", "4，质押给建行了，建行书面同意的", (Obstacle.PLEDGE,), {"pledge": Pledge.WITH_CONSENT}),
        (END, "2031年6月30日，每份不限", date(2031, 6, 30), {YEARS: None}),
        (END, "2030年12月31日，一份三年", date(2030, 12, 31), {YEARS: 3}),
        (NAME, "张三 139 7123 4567", "张三", {PHONE: "13971234567"}),
        (NAME, "张三 138-0000-0000 不公开", "张三", {PHONE: "13800000000", PUBLIC: False}),
        (NAME, "张三 13800000000 不", "张三", {PHONE: "13800000000", PUBLIC: False}),
        (NAME, "何静☎️+86 13800000000 公开", "何静", {PHONE: "13800000000", PUBLIC: True}),
        (NAME, "张三 027-8888 1234转802", "张三", {PHONE: "027-88881234转802"}),
        (NAME, "技术部 (027)87000000", "技术部", {PHONE: "027-87000000"}),
        (NAME, "知识产权处 李老师 027-87000000", "知识产权处 李老师", {PHONE: "027-87000000"}),
        (PHONE, "方晴 13800000000 公开", "13800000000", {NAME: "方晴", PUBLIC: True}),
        (PHONE, "13800000000 随时打", "13800000000", {}),
    ],
)
def test_what_stands_beside_it_is_read_too(step: str, said: str, value: Any, also: dict[str, Any]) -> None:
    assert said_at(step, said) == (value, also)


@pytest.mark.parametrize(
    ("step", "said", "told"),
    [
        (NAME, "找我就行", "姓名"), (NAME, "我不想留电话", "姓名"), (NAME, "张三 李四 13800000000", "一位"),
        (NAME, "张三 13800000000 李四 13900000000", "不止一个电话"), (PHONE, "13800000000或13900000000", "不止一个电话"),
        (END, "2033-12-31 每份3年 只限湖北", "不能限定区域"), (END, "默认，只给武汉的企业", "不能限定区域"),
        (END, "只给湖北省的", "不能限定区域"),
        (END, "2030-12-31 电话13800000000", "没有记"), (END, "五年", "每份"), (END, "那就5年", "每份"),
        ("obstacles", "没有质押", "其余的还没说"), ("obstacles", "以前给过别人普通许可", "其余的还没说"),
        ("obstacles", "第4个没有", "序号"),
        ("record", "都没有", "都对就回复“对”"), ("record", "呵呵", "都对就回复“对”"),
        ("title", "都没有", "不像专利名称"), ("title", "年费谁交", "不像专利名称"), ("holders", "都没有", "没认出专利权人"),
        ("evaluation_report", "暂时没有，还没办", "两个月内"), ("evaluation_report", "手机13800000000", "不像报告编号"),
        ("co_holders_agree", "企业那边还没答复", "全体共有人同意"), ("guidance", "含，不含", "选项"), ("pledge", "还没谈", "选项"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_refused_and_says_what_to_answer(step: str, said: str, told: str) -> None:
    with pytest.raises(AnswerError) as caught:
        said_at(step, said)
    assert told in TEXTS.templates[caught.value.code]


@given(
    digits=st.text("0123456789", min_size=9, max_size=9),
    marks=st.lists(st.sampled_from(["", " ", "-"]), min_size=10, max_size=10),
)
def test_a_mobile_is_the_same_however_it_is_spaced(digits: str, marks: list[str]) -> None:
    number = f"13{digits}"
    spaced = "".join(f"{digit}{mark}" for digit, mark in zip(number, [*marks, ""], strict=True))
    assert said_at(PHONE, spaced)[0] == said_at(PHONE, f"+86 {spaced}")[0] == number


@given(chosen=st.sets(st.sampled_from(list(Obstacle)), min_size=1), sign=st.sampled_from("，、 和"))
def test_several_by_number_and_the_rest_denied(chosen: set[Obstacle], sign: str) -> None:
    numbers = sign.join(str(position) for position, each in enumerate(Obstacle, 1) if each in chosen)
    for said in (numbers, f"{numbers}，其他没有", f"有{numbers}"):
        assert set(said_at("obstacles", said)[0]) == chosen


@given(
    picture=st.sampled_from("👌😂🏭🎉👍🏻☎️❤️🙏"), word=st.sampled_from(["同意", "没有", "提交", "对", "1", "小微企业"])
)
def test_emoji_change_no_short_answer(picture: str, word: str) -> None:
    assert tidied(f"{word}{picture}") == tidied(f"{picture} {word}") == word


def test_consent_is_given_in_many_words() -> None:
    for said in ("没问题", "同意同意", "同意👌"):
        hong = Declarant()
        hong.tell("我要声明", NUMBER)
        assert "属于哪一类" in hong.say(said)


def test_the_review_is_submitted_with_its_own_words() -> None:
    for said in ("没问题", "好的提交", "交吧", "提交🎉"):
        ming = Declarant(profile=OFFICER, registry={NUMBER: make_record(1)})
        ming.tell("我要声明", NUMBER, "对", "都没有", "免费", "默认", "3", "1")
        assert "已提交" in ming.say(said)


def test_a_name_that_looks_like_none_is_doubted_and_another_takes_its_place() -> None:
    hong = Declarant(registry={NUMBER: make_record(1)})
    hong.tell("我要声明", NUMBER, "同意", "高校", "对", "都没有", "免费", "默认", "3")
    assert "没认出联系人的姓名" in hong.say("找我就行")
    assert "不太像姓名" in hong.say("阿花 13800000000 公开")
    assert "核对" in hong.tell("方晴 13800000000 公开", "2")
    assert hong.draft()[NAME] == "方晴"


def test_a_pledge_that_is_told_with_its_consent_is_not_asked_again() -> None:
    ming = Declarant(profile=OFFICER, registry={NUMBER: make_record(1)})
    assert "怎么收" in ming.tell("我要声明", NUMBER, "对", "4，质权人同意了")
    assert ming.draft(subject=NUMBER)["pledge"] == "with_consent"
