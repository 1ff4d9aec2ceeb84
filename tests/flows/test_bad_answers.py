"""What wrong answers get: what is wrong, the article, the way on; an example after two, a person after three."""

from __future__ import annotations

import re
from datetime import date

import pytest

from backend.domain.patent_number import PatentNumber, check_digit
from backend.domain.patents import PatentKind
from backend.domain.registry import LegalStatus
from bot.dialogue.incoming import Kind
from tests.support.builders import make_number
from tests.support.declarant import OFFICER, Declarant, make_record

NUMBER = make_number(1)
PLAIN = NUMBER.replace(".", "")


def officer() -> Declarant:
    return Declarant(profile=OFFICER, registry={NUMBER: make_record(1)})


def typo() -> str:
    """The number with its check digit mistyped."""
    return f"{PLAIN[:-1]}{(int(PLAIN[-1]) + 1) % 10}"


def swapped(position: int) -> str:
    digits = "202112345678"
    number = f"{digits}{check_digit(digits)}"
    return f"{number[: position - 1]}{number[position]}{number[position - 1]}{number[position + 1 :]}"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (typo(), [r"第13位（校验位）", re.escape(PatentNumber(PLAIN[:12]).official)]),
        (swapped(9), [r"第9、10位颠倒", "ZL 2021 1 2345678"]),
        (PLAIN[:-1], ["少了小数点后的校验位", re.escape(NUMBER)]),
        (f"ZL{PLAIN[:-3]}", ["有 10 位", "13 位"]),
        ("CN111504366B", [r"公开（公告）号", "专利号"]),
        ("CN111504366A", ["公开（公告）号"]),
        ("还没有授权", ["实施细则第八十五条", "公告授予专利权后"]),
        ("某某装置", ["不像专利号", "ZL"]),
        (f"{NUMBER}和{make_number(2)}", ["一次办一件"]),
        (str(PatentNumber("203011234567")), ["年份不对"]),
        ("12345678901234567890", ["有 20 位"]),
    ],
)
def test_a_number_that_is_none(said: str, heard: list[str]) -> None:
    ming = officer()
    ming.say("我要声明")
    answer = ming.say(said)
    assert all(re.search(part, answer) for part in heard), answer
    assert ming.drafts == {}
    assert "核对" in ming.say(NUMBER)


@pytest.mark.parametrize(
    ("status", "heard"),
    [
        (LegalStatus.PENDING, "第八十五条"),
        (LegalStatus.LATE_PERIOD, "第八十六条第三项"),
        (LegalStatus.LAPSED, "第四十四条"),
        (LegalStatus.EXPIRED, "第四十二条"),
        (LegalStatus.INVALIDATED, "第四十七条"),
        (LegalStatus.SUSPENDED, "第八十六条第二项"),
    ],
)
def test_a_status_that_stands_against_it_is_named_with_its_article(status: LegalStatus, heard: str) -> None:
    ming = Declarant(profile=OFFICER, registry={NUMBER: make_record(1, status=status)})
    assert heard in ming.tell("我要声明", NUMBER)
    assert ming.drafts == {}


def test_unknown_to_the_register_is_never_taken_for_valid_and_asked() -> None:
    ming = Declarant(profile=OFFICER, registry={NUMBER: make_record(1, status=LegalStatus.UNKNOWN)})
    assert "核对" in ming.tell("我要声明", NUMBER)
    assert Declarant(profile=OFFICER).tell("我要声明", NUMBER).startswith("登记簿里没有查到")


def test_an_expired_patent_is_seen_from_its_filing_date() -> None:
    number = make_number(3, year=2004)
    ming = Declarant(profile=OFFICER, registry={number: make_record(3, number=number, filed_on=date(2004, 3, 1))})
    assert "2024-03-01" in ming.tell("我要声明", number, "对")


PATH = {
    "holder_type": ["同意"],
    "title": ["同意", "高校"],
    "filed_on": ["同意", "高校", "一种装置"],
    "granted_on": ["同意", "高校", "一种装置", "2021-03-15"],
    "holders": ["同意", "高校", "一种装置", "2021-03-15，2023-05-06"],
    "obstacles": ["同意", "高校", "一种装置", "2021-03-15，2023-05-06", "江城大学"],
}
MONEY = [*PATH["obstacles"], "都没有"]
TERM = [*MONEY, "免费"]
CONTACT = [*TERM, "默认", "1"]


@pytest.mark.parametrize(
    ("before", "said", "heard"),
    [
        (PATH["holder_type"], "9", "1 到 7"),
        (PATH["holder_type"], "大概是吧", "序号"),
        (PATH["title"], "x", "太短"),
        (PATH["title"], "长" * 121, "最多 120 字"),
        (PATH["filed_on"], "2021年2月30日", "不是一个存在的日子"),
        (PATH["filed_on"], "2031-01-01", "今天以后"),
        (PATH["filed_on"], "2022-01-01", "不会晚于"),
        (PATH["filed_on"], "2019-01-01", "分案申请"),
        (PATH["filed_on"], "去年春天", "年月日"),
        (PATH["filed_on"], "还没授权", "第八十五条"),
        (PATH["granted_on"], "2020-01-01", "之后、今天之前"),
        (PATH["granted_on"], "2027-01-01", "之后、今天之前"),
        (PATH["granted_on"], "还没有", "第八十五条"),
        (PATH["holders"], "1", "专利权人"),
        (PATH["obstacles"], "7", "1 到 5"),
        (PATH["obstacles"], "也许吧", "可以多个"),
        (MONEY, "面议", "不能“面议”"),
        ([*MONEY, "2"], "面议", "不能“面议”"),
        ([*MONEY, "2"], "3万到5万", "确定的数"),
        ([*MONEY, "2"], "5万左右", "确定的数"),
        ([*MONEY, "2"], "0", "免费"),
        ([*MONEY, "2"], "-5万", "负数"),
        ([*MONEY, "2"], "看着给", "不像金额"),
        ([*MONEY, "2"], "99999999999999元", "填不了"),
        ([*MONEY, "4", "1"], "120%", "0 到 100"),
        ([*MONEY, "4", "1"], "3%到5%", "确定的比例"),
        ([*MONEY, "4", "1"], "随便", "百分数"),
        ([*MONEY, "2", "5万"], "本专利国际领先、独一无二", "实施细则第八十五条第三款"),
        ([*MONEY, "2", "5万"], "价" * 2001, "最多 2000 字"),
        (TERM, "2050-01-01", "2041-03-15"),
        (TERM, "2020-01-01", "今天以后"),
        (TERM, "很久", "年月日"),
        ([*TERM, "2030-12-31"], "30年", "1 到 20"),
        ([*TERM, "2030-12-31"], "15年", "超过了许可期限"),
        ([*TERM, "2030-12-31"], "好多年", "3年"),
        (CONTACT, "13800000000", "姓名"),
        (CONTACT, "张三 1380000", "电话"),
        ([*CONTACT, "张三"], "没有电话", "手机号"),
        ([*CONTACT, "张三 13800000000"], "随便", "“是”或“否”"),
    ],
)
def test_a_wrong_answer_says_what_is_wrong_and_changes_nothing(before: list[str], said: str, heard: str) -> None:
    hong = Declarant()
    hong.tell("我要声明", NUMBER, *before)
    kept = hong.draft()
    answer = hong.say(said)
    assert heard in answer
    if "分案" not in answer:
        assert hong.draft() == kept


@pytest.mark.parametrize(
    ("said", "heard"),
    [("没有", "两个月内作出"), ("还没办", "第五十条"), ("不知道", "第六十三条"), ("报告", "报告编号")],
)
def test_a_utility_model_needs_its_report(said: str, heard: str) -> None:
    number = make_number(2, kind=PatentKind.UTILITY_MODEL)
    record = make_record(2, kind=PatentKind.UTILITY_MODEL)
    ming = Declarant(profile=OFFICER, registry={number: record})
    assert "实用新型专利声明开放许可" in ming.tell("我要声明", number, "对", "都没有")
    assert heard in ming.say(said)
    assert "怎么收" in ming.say("WPGBG2023000123")


def test_an_invention_needs_no_report_and_a_pilot_neither() -> None:
    ming = officer()
    assert "评价报告" not in ming.tell("我要声明", NUMBER, "对", "都没有")


def test_an_example_after_two_misses_and_a_person_after_three() -> None:
    ming = officer()
    ming.tell("我要声明", NUMBER, "对", "都没有")
    assert "例如：免费" not in ming.say("呵呵呵")
    assert "例如：免费" in ming.say("哈哈哈")
    assert ming.handoffs == []
    assert "工作人员" in ming.say("嘻嘻嘻")
    assert ming.handoffs == ["嘻嘻嘻"]
    assert "到哪天" in ming.say("免费")
    assert ming.draft(subject=NUMBER)["method"] == "free"


def test_misses_are_counted_at_one_question_only() -> None:
    ming = officer()
    ming.tell("我要声明", "哈哈哈", "嘻嘻嘻", NUMBER, "嘿嘿嘿")
    assert ming.handoffs == []


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.LINK, Kind.OTHER_MESSAGE])
def test_a_picture_or_a_voice_is_answered_and_the_question_stands(kind: Kind) -> None:
    ming = officer()
    ming.say("我要声明")
    assert "请发专利号" in ming.do(kind)
    assert "请发专利号" in ming.say("……")
    assert "核对" in ming.say(NUMBER)
