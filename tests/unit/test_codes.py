"""Patent numbers, publication numbers and classification symbols inside running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.patent_number import PatentNumber
from bot.dialogue.meaning import Span
from bot.nlu.grammar.codes import ipc_symbols, patent_numbers, publication_numbers
from tests.support.builders import make_number

numbers = st.builds(
    lambda year, kind, serial: PatentNumber(f"{year}{kind}{serial:07d}"),
    st.integers(1985, 2035),
    st.sampled_from("12389"),
    st.integers(0, 9_999_999),
)
around = st.sampled_from(["", "查一下", "，", "武汉的", "（", "专利", " ", "是", "\n", "：", "“", "还有效吗", "。"])


def read(text: str) -> list[tuple[str | None, str | None]]:
    return [(found.number, found.problem) for found in patent_numbers(text)]


@given(number=numbers, before=around, after=around, form=st.sampled_from(["{0}", "ZL{0}", "zl {0}", "CN{0}", "{1}"]))
def test_a_number_is_found_wherever_it_stands(number: PatentNumber, before: str, after: str, form: str) -> None:
    said = form.format(number, number.official)
    text = before + said + after
    (found,) = patent_numbers(text)
    assert found.number == str(number)
    assert text[found.span.start : found.span.end].strip() == found.said.strip() == said


@given(number=numbers, other=numbers)
def test_two_numbers_are_two(number: PatentNumber, other: PatentNumber) -> None:
    assert read(f"{number}和{other.official}") == [(str(number), None), (str(other), None)]


@given(number=numbers, place=st.integers(0, 11), shift=st.integers(1, 9))
def test_a_slip_of_the_finger_is_never_taken_for_a_number(number: PatentNumber, place: int, shift: int) -> None:
    said = str(number)
    slipped = said[:place] + str((int(said[place]) + shift) % 10) + said[place + 1 :]
    assert [found for found in patent_numbers(f"查{slipped}") if found.number] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ZL 2021 1 0123456.7 还有效吗", [("202110123456.7", None)]),
        ("２０２１１０１２３４５６．７", [("202110123456.7", None)]),
        ("200710308494.x", [("200710308494.X", None)]),
        ("ZL201710117081.7，202120102449.4", [("201710117081.7", None), ("202120102449.4", None)]),
        ("专利号2021101234567", [("202110123456.7", None)]),
        ("ZL202110123456.8", [(None, "patent_number.check_digit")]),
        ("202110123456", [(None, "patent_number.check_digit_missing")]),
        ("ZL85100001", [(None, "patent_number.check_digit_missing")]),
        ("CN111504366B", []), ("20210315", []), ("87654321", []), ("电话85123456", []), ("027-98312345", []),
        ("027-87654321", []), ("13800138000", []),
        ("2021年3月15日", []), ("身份证420106199001011234", []), ("订单号20211012345678901", []), ("5万以内", []),
    ],
)  # fmt: skip
def test_numbers_are_told_from_dates_and_telephones(text: str, found: list[tuple[str | None, str | None]]) -> None:
    assert read(text) == found


def test_a_missing_check_digit_is_completed() -> None:
    (found,) = patent_numbers(f"查 {make_number(7).split('.')[0]}")
    assert found.full == make_number(7)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CN111504366B", ["CN111504366B"]), ("cn 215792497u 这个", ["CN215792497U"]), ("CN1234567C", ["CN1234567C"]),
        ("公告号CN307123456S，CN104123456A", ["CN307123456S", "CN104123456A"]), ("CN111504366B2", ["CN111504366B2"]),
        ("CN111504366", []), ("XCN111504366B", []), ("CN202110123456.7", []),
    ],
)  # fmt: skip
def test_publication_numbers(text: str, found: list[str]) -> None:
    assert [hit.symbol for hit in publication_numbers(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("h01m 10/0525", ["H01M10/0525"]), ("G06F", ["G06F"]), ("分类号H01M10/54的", ["H01M10/54"]), ("a61k36", ["A61K36"]),
        ("G06F 17/30和B23K", ["G06F17/30", "B23K"]), ("H 01 L", ["H01L"]),
        ("B2B平台", []), ("C919", []), ("A4纸", []), ("USB3", []), ("I01B", []), ("LG06F", []), ("G06FX", []), ("5G", []),
        ("H5页面", []), ("GB32100", []), ("D2D通信", []),
    ],
)  # fmt: skip
def test_symbols_are_told_from_brand_names(text: str, found: list[str]) -> None:
    assert [hit.symbol for hit in ipc_symbols(text, [])] == found


def test_a_symbol_inside_something_already_read_is_not_read_again() -> None:
    text = "查G06F的"
    assert [hit.symbol for hit in ipc_symbols(text, [])] == ["G06F"]
    assert list(ipc_symbols(text, [Span(1, 5)])) == []


@given(text=st.text(st.sampled_from("ZLCNzlcnＺＬ0123456789２１.． XxBHhM/G06F武查"), max_size=60))
def test_spans_lie_inside_the_text_and_hold_what_was_said(text: str) -> None:
    text += "，ZL202110123456.7"
    numbers_found = list(patent_numbers(text))
    assert numbers_found
    assert all(text[found.span.start : found.span.end] == found.said for found in numbers_found)
    spans = [hit.span for hit in (*publication_numbers(text), *ipc_symbols(text, []))]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
