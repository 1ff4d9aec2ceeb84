"""Readers: what is said becomes a value, a value survives the draft, and short answers are read as people write them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.drafts import Flow, Obstacle
from backend.domain.fees import PaymentMethod
from backend.domain.listings import HolderType
from backend.domain.patent_number import PatentNumber, check_digit
from bot.dialogue.asking import asks
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.engine import Filled, Reader
from bot.dialogue.flows.heard import AnswerError, Frame, Heard
from bot.dialogue.flows.readers.amounts import small_number, years
from bot.dialogue.flows.readers.choices import any_of, one_of, yes_no
from bot.dialogue.flows.readers.days import day
from bot.dialogue.flows.readers.numbers import likely, patent_number
from bot.dialogue.flows.readers.people import person
from bot.dialogue.flows.readers.words import names, puffery, text
from tests.support.declarant import GRAMMAR, NOON, OFFICER, TEXTS
from tests.support.flow_values import BINDING, DECLARING, ON_OWN, words

WORKING = {"found"}


def heard(said: str, frame: Frame | None = None) -> Heard:
    facts = GRAMMAR.read(said, today=NOON.date())
    return Heard(said, said, facts, NOON, TEXTS.answers, frame or Frame(today=NOON.date()))


def read(reader: Reader, said: str) -> Any:
    value = reader.read(heard(said))
    return value.value if isinstance(value, Filled) else value


def survives(reader: Reader, value: Any) -> Any:
    return reader.load(json.loads(json.dumps(reader.dump(value))))


FIELDS = [
    (FORMS[flow].step(name).reader, values[name])
    for flow, values in ((Flow.DECLARE, DECLARING), (Flow.WITHDRAW, ON_OWN), (Flow.FILE, ON_OWN), (Flow.BIND, BINDING))
    for name in values
    if name not in WORKING and any(step.id == name for step in FORMS[flow].steps)
]


def test_every_step_of_the_declaration_has_values_to_try() -> None:
    assert {step.id for step in FORMS[Flow.DECLARE].steps} - DECLARING.keys() == {"way_out", "ipc_main", "abstract"}


@given(data=st.data())
def test_a_value_survives_the_draft_and_can_be_said(data: st.DataObject) -> None:
    reader, values = data.draw(st.sampled_from(FIELDS))
    value = reader.load(data.draw(values))
    assert survives(reader, value) == value
    assert reader.dump(survives(reader, value)) == reader.dump(value)
    assert reader.show(value) is not None


@pytest.mark.parametrize(
    ("reader", "said", "value"),
    [
        (yes_no(), "是的", True),
        (yes_no(), "同意！", True),
        (yes_no(), "不 同 意", False),
        (yes_no(), "我不同意", False),
        (one_of(PaymentMethod), "2", PaymentMethod.LUMP_SUM),
        (one_of(PaymentMethod), "第三个", PaymentMethod.INSTALMENTS),
        (one_of(PaymentMethod), "最后一个", PaymentMethod.ENTRY_FEE_AND_ROYALTY),
        (one_of(PaymentMethod), "我选免费吧", PaymentMethod.FREE),
        (one_of(HolderType), "我们是高校", HolderType.UNIVERSITY),
        (one_of(HolderType), "国企", HolderType.STATE_FIRM),
        (any_of(Obstacle), "都没有", ()),
        (any_of(Obstacle), "13", (Obstacle.EXCLUSIVE_LICENSE, Obstacle.ANNUITY)),
        (any_of(Obstacle), "3，1", (Obstacle.EXCLUSIVE_LICENSE, Obstacle.ANNUITY)),
        (any_of(Obstacle), "第2和4", (Obstacle.SUSPENSION, Obstacle.PLEDGE)),
        (any_of(Obstacle), "质押和欠年费", (Obstacle.ANNUITY, Obstacle.PLEDGE)),
        (years(), "3年", 3),
        (years(), "三年", 3),
        (years(), "10", 10),
        (years(), "不限", None),
        (day(), "2021年3月15日", date(2021, 3, 15)),
        (day(), "2021.3.15", date(2021, 3, 15)),
        (day(), "20210315", date(2021, 3, 15)),
        (day(), "昨天", date(2026, 11, 21)),
        (names(), "1. 江城大学\n2. 武汉某某公司", ("江城大学", "武汉某某公司")),
        (names(), "王小红、李明", ("王小红", "李明")),
        (person(), "联系人：张三，电话：027-87000000", "张三"),
        (text(may_skip=True), "无", ""),
    ],
)
def test_short_answers_are_read_as_people_write_them(reader: Reader, said: str, value: Any) -> None:
    assert read(reader, said) == value


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (yes_no(), "也许"),
        (one_of(PaymentMethod), "免费和分期哪个好"),
        (one_of(PaymentMethod), "一次总付是什么意思"),
        (one_of(PaymentMethod), "6"),
        (any_of(Obstacle), "19"),
        (day(), "2021年"),
        (day(), "20211345"),
        (names(), "，，"),
        (person(), "13800000000"),
        (text(), "a"),
    ],
)
def test_what_is_no_answer_is_refused(reader: Reader, said: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read(reader, said)
    assert caught.value.code in TEXTS.templates


@given(number=st.integers(0, 9999))
def test_small_chinese_numbers(number: int) -> None:
    digits = "零一二三四五六七八九"
    said = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        said += f"{digits[digit]}{name}" if digit else ("零" if said and not said.endswith("零") else "")
    assert small_number(said.rstrip("零") or "零") == number
    assert small_number(str(number)) == number


@given(serial=st.integers(0, 9_999_999), position=st.integers(5, 10))
def test_two_swapped_digits_are_found_again(serial: int, position: int) -> None:
    right = PatentNumber(f"20211{serial:07d}")
    digits = right.digits
    slip = f"{digits[:position]}{digits[position + 1]}{digits[position]}{digits[position + 2 :]}"
    said = f"{slip}.{check_digit(digits)}"
    if slip != digits:
        assert right in list(likely(said, year=2026))
    assert read(patent_number(), right.official) == str(right)


@pytest.mark.parametrize("said", ["要多少钱？", "评价报告是什么", "怎么填", "能不能免费", "这个要紧吗"])
def test_questions_are_seen(said: str) -> None:
    assert asks(said)


@pytest.mark.parametrize("said", ["免费", "都没有", "一种怎么都不坏的装置", "没有", "5万元"])
def test_answers_are_no_questions(said: str) -> None:
    assert not asks(said)


def test_plain_words_are_not_advertising() -> None:
    assert puffery("参照同类专利许可价格，按最佳实施方式的成本确定。") == ()
    assert puffery("国际领先，填补国内空白，国际领先") == ("国际领先", "填补国内空白")


@given(said=words)
def test_free_words_are_kept_as_they_were_written(said: str) -> None:
    assert read(text(sober=False), said) == said.strip() or len(said.strip()) < 2


def test_an_officer_may_say_our_institution() -> None:
    frame = Frame(today=NOON.date(), profile=OFFICER)
    assert names().read(heard("本单位", frame)) == (OFFICER.institution,)
