"""Patent numbers: real ones are read however they are typed, and no slip of the finger passes."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.domain.errors import AssistantError
from backend.domain.patent_number import (
    KIND_BY_DIGIT,
    CheckDigitMissing,
    NotAPatentNumber,
    PatentNumber,
    PublicationNumber,
    WrongCheckDigit,
    check_digit,
    parse_patent_number,
)
from backend.domain.patents import PatentKind

REAL = ("200710308494.X", "201710117081.7", "202120102449.4", "200610108546.4")
REFUSALS = ("shape", "check_digit", "check_digit_missing", "publication")
DIGITS = "0123456789"
FULL_WIDTH = str.maketrans("0123456789.XZLCNxzlcn", "０１２３４５６７８９．ＸＺＬＣＮｘｚｌｃｎ")

kinds = st.sampled_from(sorted(KIND_BY_DIGIT))
years = st.integers(1985, 2099)
new_numbers = st.builds(lambda year, kind, serial: f"{year}{kind}{serial:07d}", years, kinds, st.integers(0, 9_999_999))
old_years = st.sampled_from([*range(85, 100), 0, 1, 2, 3])
old_numbers = st.builds(
    lambda year, kind, serial: f"{year:02d}{kind}{serial:05d}", old_years, kinds, st.integers(0, 99_999)
)
numbers = (new_numbers | old_numbers).map(PatentNumber)


def verdict(text: str) -> str:
    try:
        parse_patent_number(text)
    except AssistantError as error:
        return error.code
    return "right"


def refused(text: str) -> bool:
    return verdict(text) != "right"


@pytest.mark.parametrize("text", REAL)
def test_a_real_number_is_right(text: str) -> None:
    assert str(parse_patent_number(text)) == text
    assert check_digit(text[:12]) == text[-1]


@pytest.mark.parametrize(
    ("text", "kind", "year"),
    [
        ("200710308494.X", PatentKind.INVENTION, 2007),
        ("202120102449.4", PatentKind.UTILITY_MODEL, 2021),
        (str(PatentNumber("202130102449")), PatentKind.DESIGN, 2021),
        (str(PatentNumber("200980100001")), PatentKind.INVENTION, 2009),
        (str(PatentNumber("200990100001")), PatentKind.UTILITY_MODEL, 2009),
        (str(PatentNumber("85100001")), PatentKind.INVENTION, 1985),
        (str(PatentNumber("02200001")), PatentKind.UTILITY_MODEL, 2002),
        (str(PatentNumber("99312345")), PatentKind.DESIGN, 1999),
    ],
)
def test_kind_and_year_stand_in_the_number(text: str, kind: PatentKind, year: int) -> None:
    number = parse_patent_number(text)
    assert (number.kind, number.year) == (kind, year)


@pytest.mark.parametrize("text", REAL)
def test_every_wrong_digit_of_a_real_number_is_caught(text: str) -> None:
    wrong = {
        text[:place] + other + text[place + 1 :]
        for place in range(len(text))
        if text[place] != "."
        for other in DIGITS + ("X" if place == len(text) - 1 else "")
    } - {text}
    assert len(wrong) >= 117
    assert [candidate for candidate in wrong if not refused(candidate)] == []


@given(number=numbers, data=st.data())
def test_one_wrong_digit_is_caught(number: PatentNumber, data: st.DataObject) -> None:
    digits = str(number).replace(".", "")
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from(DIGITS if place < len(digits) - 1 else DIGITS + "X"))
    assume(other != digits[place])
    assert refused(digits[:place] + other + digits[place + 1 :])


@given(number=numbers)
def test_every_swap_of_neighbours_is_caught(number: PatentNumber) -> None:
    digits = str(number).replace(".", "")
    swapped = {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :] for place in range(len(digits) - 1)
    } - {digits}
    assert [candidate for candidate in swapped if not refused(candidate)] == []
    assert refused(digits + "0")


spellings = st.sampled_from(
    [
        str,
        lambda text: f"ZL{text}",
        lambda text: f"zl {text}".lower(),
        lambda text: f"CN{text}",
        lambda text: text.replace(".", ""),
        lambda text: f"  ZL{text.replace('.', '．')}\n",
        lambda text: f"ＺＬ{text}".translate(FULL_WIDTH),
        lambda text: text.lower().translate(FULL_WIDTH),
        " ".join,
        lambda text: text.replace(".", "·"),
        lambda text: text.replace(".", "。"),
        lambda text: f"ZL-{text}",
        lambda text: text[:-2] + "　" + text[-2:],
    ]
)


@given(number=numbers, spell=spellings)
def test_a_number_is_read_back_however_it_is_spelt(number: PatentNumber, spell: object) -> None:
    assert callable(spell)
    assert parse_patent_number(spell(str(number))) == number


@given(number=numbers)
def test_the_form_on_a_certificate_is_read_back(number: PatentNumber) -> None:
    assert parse_patent_number(number.official) == number
    assert number.official.startswith("ZL ")


def test_the_form_on_a_certificate() -> None:
    assert PatentNumber("202110123456").official == "ZL 2021 1 0123456.7"
    assert PatentNumber("85100001").official == f"ZL 85 1 00001.{check_digit('85100001')}"


@given(number=numbers, prefix=st.sampled_from(["", "ZL", "zl ", "CN"]))
def test_a_missing_check_digit_names_the_full_number(number: PatentNumber, prefix: str) -> None:
    with pytest.raises(CheckDigitMissing) as caught:
        parse_patent_number(prefix + number.digits)
    assert caught.value.values["full"] == str(number)
    assert caught.value.code == "patent_number.check_digit_missing"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CN111504366B", "CN111504366B"),
        ("cn 111504366 a", "CN111504366A"),
        ("CN215792497U", "CN215792497U"),
        ("CN1234567C", "CN1234567C"),
        ("ＣＮ１０４１２３４５６Ａ", "CN104123456A"),
        ("CN307123456S", "CN307123456S"),
        ("CN1234567Y", "CN1234567Y"),
        ("CN111504366B2", "CN111504366B2"),
    ],
)
def test_a_publication_number_is_told_apart(text: str, number: str) -> None:
    with pytest.raises(PublicationNumber) as caught:
        parse_patent_number(text)
    assert caught.value.values["number"] == number
    assert caught.value.code == "patent_number.publication"


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "ZL", "13800138000", "202140123456.7", "189910123456.7", "2021101234.7", "ZL2021101234567.8", "武汉",
        "H01M10/0525", "X" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_number_is_no_number(text: str) -> None:
    with pytest.raises(NotAPatentNumber) as caught:
        parse_patent_number(text)
    assert len(str(caught.value.values["number"])) <= 40


def test_a_wrong_check_digit_is_named_as_such() -> None:
    with pytest.raises(WrongCheckDigit) as caught:
        parse_patent_number("ZL 2021 1 0123456.8")
    assert caught.value.values == {"number": "202110123456.8"}
    assert caught.value.code == "patent_number.check_digit"


@given(text=st.text(max_size=40) | st.text(st.sampled_from("0123456789ZLCNXBA. ２８。"), max_size=18))
def test_any_text_is_a_number_or_a_named_refusal(text: str) -> None:
    assert verdict(text) in {"right", *(f"patent_number.{code}" for code in REFUSALS)}
