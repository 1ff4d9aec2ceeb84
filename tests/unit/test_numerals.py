"""Numerals as people type them: what is printed is read back, and words that only look like numbers are none."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.numerals import NUMERAL, numeral

SMALL = "零一二三四五六七八九"
FORMAL = str.maketrans("零一二三四五六七八九十百千万", "零壹贰叁肆伍陆柒捌玖拾佰仟萬")


def section(value: int) -> str:
    """1 to 9999 in Chinese: 1050 → 一千零五十."""
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            said += ("零" if gap and said else "") + SMALL[digit] + name
            gap = False
        else:
            gap = True
    return said


def chinese(value: int) -> str:
    """The full form of a whole number below 10 ** 12."""
    if value == 0:
        return "零"
    said, before = "", False
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = value // unit % 10**4
        if part:
            said += (
                ("零" if before and (part < 1000 or value // unit // 10**4 % 10 == 0) else "") + section(part) + name
            )
        before = before or bool(part)
    return said


wholes = st.integers(0, 10**12 - 1) | st.sampled_from([10, 15, 100, 101, 110, 1001, 10_000, 10_005, 100_500, 10**8 + 1])


@given(value=wholes)
def test_a_printed_chinese_numeral_is_read_back(value: int) -> None:
    assert numeral(chinese(value)) == value
    assert numeral(chinese(value).translate(FORMAL)) == value
    assert numeral(chinese(value).replace("二千", "两千").replace("二万", "两万").replace("二百", "两百")) == value


@given(value=st.decimals(0, 10**9, places=2))
def test_a_printed_arabic_numeral_is_read_back(value: Decimal) -> None:
    assert numeral(str(value)) == value
    assert numeral(f"{value:,}") == value
    assert numeral(f"{value}万") == numeral(f"{value} w") == value * 10_000


@given(whole=st.integers(1, 9999), tenth=st.integers(1, 9))
def test_a_printed_fraction_is_read_back(whole: int, tenth: int) -> None:
    assert numeral(f"{chinese(whole)}点{SMALL[tenth]}") == Decimal(f"{whole}.{tenth}")
    assert numeral(f"{chinese(whole)}点{SMALL[tenth]}万") == Decimal(f"{whole}.{tenth}") * 10_000


@given(whole=st.integers(1, 9), digit=st.integers(1, 9))
def test_a_digit_after_a_unit_counts_the_next_smaller_unit(whole: int, digit: int) -> None:
    assert numeral(f"{SMALL[whole]}万{SMALL[digit]}") == whole * 10_000 + digit * 1000
    assert numeral(f"{SMALL[whole]}千{SMALL[digit]}") == whole * 1000 + digit * 100
    assert numeral(f"{SMALL[whole]}百{SMALL[digit]}") == whole * 100 + digit * 10
    assert numeral(f"{SMALL[whole]}十{SMALL[digit]}") == whole * 10 + digit
    assert numeral(f"{SMALL[whole]}万零{SMALL[digit]}") == whole * 10_000 + digit
    assert numeral(f"{whole}万{digit}") == whole * 10_000 + digit * 1000


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("3.5万", 35_000), ("壹佰万", 1_000_000), ("十万零五百", 100_500), ("两千", 2000), ("十", 10), ("十二", 12),
        ("二十", 20), ("三万五", 35_000), ("三万零五", 30_005), ("一百五", 150), ("一百零五", 105), ("一千零五十", 1050),
        ("两百五十万", 2_500_000), ("一千二百万", 12_000_000), ("一亿两千万", 120_000_000), ("1亿", 100_000_000),
        ("3千", 3000), ("2k", 2000), ("10w", 100_000), ("1,200", 1200), ("1,200,000", 1_200_000), ("1 万", 10_000),
        ("零点五万", 5000), ("三点一四", Decimal("3.14")), ("二〇二一", 2021), ("二零二一", 2021), ("叁拾伍萬", 350_000),
        ("百万", 1_000_000), ("千万", 10_000_000), ("５", 5), ("1万2", 12_000), ("三千万亿", 3000 * 10**12),
    ],
)  # fmt: skip
def test_a_numeral_is_read(said: str, value: Decimal) -> None:
    assert numeral(said) == value


@pytest.mark.parametrize(
    "said", ["", " ", "万", "亿", "万五", "点五", "三点", "三点十", "一点", "abc", "十堰", "3.5.1", "万能", "1e5", "-3",
    "1.2.3万", "3x"]
)  # fmt: skip
def test_what_is_no_numeral_is_none(said: str) -> None:
    assert numeral(said) is None


@pytest.mark.parametrize("said", ["3.5万", "十万零五百", "1,200", "二〇二一", "一点五亿", "壹佰万", "10w", "2 千"])
def test_a_numeral_is_found_whole_inside_a_sentence(said: str) -> None:
    found = re.search(NUMERAL, f"预算{said}元")
    assert found is not None
    assert found[0].strip() == said


@pytest.mark.parametrize(
    ("text", "found"), [("5,6万", ["5", "6万"]), ("10,5年内", ["10", "5"]), ("10way", ["10"]), ("2kg", ["2"])]
)
def test_neighbours_do_not_run_into_one_number(text: str, found: list[str]) -> None:
    assert re.findall(NUMERAL, text) == found


@given(text=st.text(st.sampled_from("零一二三两十百千万亿〇点0123456789.,wk 万"), max_size=24))
def test_any_heap_of_digits_is_a_number_or_none(text: str) -> None:
    value = numeral(text)
    assert value is None or (value.is_finite() and value >= 0)
