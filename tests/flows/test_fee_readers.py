"""What a license costs, as people say it: read to the one right figure, or refused. Never to another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.drafts import Flow
from backend.domain.numerals import numeral
from bot.dialogue.flows.catalogue import FORMS
from bot.dialogue.flows.engine import UNSAID, Filled
from bot.dialogue.flows.heard import AnswerError
from tests.flows.test_readers import heard
from tests.support.declarant import OFFICER, TEXTS, Declarant, make_record
from tests.unit.test_numerals import chinese

LUMP, ENTRY, UNIT, RATE = "lump_sum_yuan", "entry_fee_yuan", "unit_yuan", "royalty_percent"
SUMS = (LUMP, ENTRY, UNIT)
FORMAL = str.maketrans("零一二三四五六七八九十百千万", "零壹贰叁肆伍陆柒捌玖拾佰仟萬")
wholes = st.integers(1, 10**9)
cents = st.integers(1, 10**6)


def answers(step: str, said: str) -> dict[str, Any]:
    """Everything that the words answer at this step, by step id; numbers as Decimal, members as their words."""
    read = FORMS[Flow.DECLARE].step(step).reader.read(heard(said))
    filled = read if isinstance(read, Filled) else Filled(read)
    whole = {**filled.also, step: filled.value}
    return {name: value for name, value in whole.items() if value is not UNSAID}


def figure(step: str, said: str) -> Decimal | None:
    """The figure at this step; None where it answers another step, or is refused in words that we have."""
    try:
        return answers(step, said).get(step)
    except AnswerError as error:
        return None if error.code in TEXTS.templates else Decimal("NaN")


@given(value=wholes)
def test_a_whole_sum_is_read_however_it_is_written(value: int) -> None:
    full = chinese(value)
    said = [
        f"{value}元",
        f"{value:,}元",
        f"￥{value}",
        f"人民币{value}元整",
        f"{full}元",
        f"{full}块钱",
        f"{full.translate(FORMAL)}元整",
    ]
    said += [f"RMB {value}", f"就{full}元吧", f"总共{value}块"]
    for step in SUMS:
        assert {figure(step, each) for each in said} == {Decimal(value)}


@given(value=st.integers(100, 10**9))
def test_a_sum_without_a_unit_is_the_same_sum(value: int) -> None:
    for step in SUMS:
        assert {figure(step, each) for each in (str(value), f"{value:,}", chinese(value))} == {Decimal(value)}


@given(digit=st.integers(1, 9), last=st.integers(1, 9), unit=st.sampled_from([100, 1000, 10_000]))
def test_the_last_unit_may_be_left_out(digit: int, last: int, unit: int) -> None:
    value = digit * unit + last * unit // 10
    name = {100: "百", 1000: "千", 10_000: "万"}[unit]
    said = [f"{chinese(digit)}{name}{chinese(last)}", f"{chinese(digit)}{name}{chinese(last)}块"]
    said += [f"{digit}{name}{last}"] if unit > 100 else []
    assert {figure(step, each) for each in said for step in SUMS} == {Decimal(value)}


@given(thousands=st.integers(1, 9), large=st.integers(1, 99))
def test_digits_and_characters_may_be_mixed(thousands: int, large: int) -> None:
    value = Decimal(large * 10_000 + thousands * 1000)
    said = [
        f"{large}万{thousands}千元",
        f"{large}万{thousands}千",
        f"{large}万{thousands}元",
        f"{value / 10_000:f}万",
        f"{value / 10_000:f}w",
    ]
    assert {figure(LUMP, each) for each in said} == {value}


@given(whole=st.integers(1, 99), jiao=st.integers(1, 9), fen=st.integers(1, 9))
def test_small_change(whole: int, jiao: int, fen: int) -> None:
    value = whole + Decimal(jiao) / 10
    for number, small in ((str(whole), str(jiao)), (chinese(whole), chinese(jiao))):
        said = [
            f"{number}块{small}",
            f"{number}元{small}",
            f"{number}块{small}毛",
            f"{number}元{small}角整",
            f"每件{number}块{small}",
            f"一台{number}块{small}",
        ]
        assert {figure(UNIT, each) for each in said} == {value}
    assert (
        figure(UNIT, f"{whole}块{jiao}毛{fen}")
        == figure(UNIT, f"{whole}元{jiao}角{fen}分")
        == value + Decimal(fen) / 100
    )
    assert figure(UNIT, f"{chinese(jiao)}毛钱") == figure(UNIT, f"{jiao}角") == Decimal(jiao) / 10
    assert figure(UNIT, f"{fen}分") == Decimal(fen) / 100
    assert figure(UNIT, f"{jiao}毛{fen}") == Decimal(10 * jiao + fen) / 100


@given(value=cents)
def test_a_rate_is_read_however_it_is_said(value: int) -> None:
    rate = Decimal(value % 10_000 + 1) / 100
    said = [f"{rate}%", f"{rate}％", f"提成{rate}%", f"净销售额的{rate}%", f"百分之{rate}", f"{rate}个点"]
    assert {figure(RATE, each) for each in said} == {rate}
    whole = int(rate) or 1
    said = [
        f"百分之{chinese(whole)}",
        f"利润的百分之{chinese(whole)}",
        f"千分之{chinese(whole * 10)}",
        str(whole),
        f"{whole * 10}‰",
    ]
    assert {figure(RATE, each) for each in said} == {Decimal(whole)}


CHARACTERS = "0123456789一二三五两十百千万点.,，块元毛角分半几多来-到/每件年约不"


@given(said=st.text(CHARACTERS, min_size=1, max_size=8), step=st.sampled_from(SUMS))
def test_any_jumble_is_one_whole_sum_or_refused(said: str, step: str) -> None:
    """What is taken never leaves out a digit that was said, and never stands beside a word of doubt."""
    value = figure(step, said)
    if value is None:
        return
    assert not set("几多来约不到年/半-") & set(said.replace("块半", "").replace("元半", "")) or said.count("/件") == 1
    meant = {char for char in said if numeral(char) and char not in "十百千万"}
    assert meant <= set(str(value)) | {char for char in said if str(int(numeral(char) or 0)) in str(value)} | {"一"}


@pytest.mark.parametrize(
    ("step", "said", "value"),
    [
        (LUMP, "三千五", 3500), (LUMP, "九百八", 980), (LUMP, "一百二", 120), (ENTRY, "五千五", 5500), (LUMP, "3千5", 3500),
        (LUMP, "3.5千", 3500), (LUMP, "RMB 80000", 80_000), (LUMP, "贰万元整", 20_000), (LUMP, "壹拾伍万元整", 150_000),
        (LUMP, "2万5千元", 25_000), (LUMP, "50 000", 50_000), (LUMP, "１２００元", 1200), (LUMP, "￥800.50", "800.5"),
        (LUMP, "5万元（50000元）", 50_000), (UNIT, "两块半", "2.5"), (UNIT, "5分", "0.05"), (UNIT, "2", 2), (UNIT, "2元一件", 2),
        (RATE, "5‰", "0.5"), (RATE, "万分之五", "0.05"), (RATE, "三成", 30), (RATE, "三点五", "3.5"), (RATE, "五", 5),
    ],
)  # fmt: skip
def test_a_figure_is_read(step: str, said: str, value: float | str) -> None:
    assert figure(step, said) == Decimal(value)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        *((LUMP, said) for said in (
            "5", "五", "1万50", "两三千", "一百五万", "一百万五", "3,5万", "2.5块5",
            "一百块五", "5万多", "五万来块", "好几万", "千元", "八万九千万", "0.6万万", ".5", "1-",
            "5万美元", "$5万", "-5万", "负五万", "3到5万", "5万以内", "大概5万", "5万起", "每年5万", "5万一年", "5万含税", "5万3年",
            "不是5万", "0", "面议", "5万，可商量", "13800000000000", "三五万", "5万或6万", "5万元张三",
        )),
        *((RATE, said) for said in (
            "0", "101%", "0.03", "3元", "3%左右", "3%到5%", "三五个点", "3。5",
            "-3%", "不是3%", "毛利的3%", "3.001%",
        )),
        *((UNIT, said) for said in ("2元3件", "2块多", "两三块", "2到3块")),
        *(("method", said) for said in (
            "一次总付-5万", "一次总付每年5万", "一次总付5", "一次总付5万加3%", "免费，另收5万", "第2种，5万",
            "5万加净销售额3%", "5万", "买断五万",
            "不要提成，一次总付5万", "每件3%", "净销售额或利润的3%", "一次总付5万，分期", "一次总付是什么意思", "免费和分期哪个好",
        )),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_refused(step: str, said: str) -> None:
    with pytest.raises(AnswerError) as caught:
        answers(step, said)
    assert caught.value.code in TEXTS.templates


NET = {"royalty_basis": "net_sales"}


@pytest.mark.parametrize(
    ("step", "said", "value"),
    [
        ("method", "一次性给我三千五就行", {"method": "lump_sum", LUMP: 3500}),
        ("method", "一次总付￥50000", {"method": "lump_sum", LUMP: 50_000}),
        ("method", "分期：首付2万，一年后再付3万", {"method": "instalments", "instalments": "首付2万，一年后再付3万"}),
        ("method", "分三期付，每期2万", {"method": "instalments", "instalments": "分三期付，每期2万"}),
        ("method", "分期付款，共15万，签约付10万，一年后付5万",
         {"method": "instalments", LUMP: 150_000, "instalments": "共15万，签约付10万，一年后付5万"}),
        ("method", "净销售额的3%", {"method": "running_royalty", **NET, RATE: 3}),
        ("method", "百分之三", {"method": "running_royalty", RATE: 3}),
        ("method", "每件提成2.5元", {"method": "running_royalty", "royalty_basis": "unit", UNIT: "2.5"}),
        ("method", "每卖一个提两块五", {"method": "running_royalty", "royalty_basis": "unit", UNIT: "2.5"}),
        ("method", "入门费加提成，入门费三万元，按净销售额提成百分之三",
         {"method": "entry_fee_and_royalty", ENTRY: 30_000, **NET, RATE: 3}),
        (LUMP, "改成提成吧", {"method": "running_royalty"}),
        (LUMP, "改成免费", {"method": "free"}),
        (LUMP, "每件5元", {"method": "running_royalty", "royalty_basis": "unit", UNIT: 5}),
        (ENTRY, "3万元，净销售额提成3%", {ENTRY: 30_000, **NET, RATE: 3}),
        (ENTRY, "改成一次总付6万", {"method": "lump_sum", LUMP: 60_000}),
        (RATE, "入门费10万加净销售额的百分之三", {"method": "entry_fee_and_royalty", ENTRY: 100_000, **NET, RATE: 3}),
        (RATE, "利润的5%", {"royalty_basis": "profit", RATE: 5}),
        (RATE, "每件2元", {"royalty_basis": "unit", UNIT: 2}),
        (UNIT, "净销售额的3%", {**NET, RATE: 3}),
        ("royalty_basis", "按净销售额，3%", {**NET, RATE: 3}),
    ],
)  # fmt: skip
def test_what_else_the_message_says_of_the_fee_is_kept(step: str, said: str, value: dict[str, Any]) -> None:
    meant = {name: Decimal(str(each)) if name in {*SUMS, RATE} else each for name, each in value.items()}
    assert answers(step, said) == meant


def test_another_method_named_at_a_figure_is_a_change_and_the_review_shows_it() -> None:
    ming = Declarant(profile=OFFICER, registry={make_record(1).number: make_record(1)})
    ming.tell("我要声明", make_record(1).number, "对", "都没有", "提成", "利润")
    assert "简要说明" in ming.say("入门费10万加净销售额的百分之三")
    draft = ming.draft(subject=make_record(1).number)
    assert (draft["method"], draft[ENTRY], draft["royalty_basis"], draft[RATE]) == (
        "entry_fee_and_royalty", "100000", "net_sales", "3",
    )  # fmt: skip
