"""From lines of text to fields, without any picture: layouts, wraps, words that only look like labels."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.certificates import Certificate, Seen
from backend.domain.patent_number import PatentNumber, check_digit
from backend.domain.patents import PatentKind
from backend.ocr.fields import dates_of, holders_of, is_certificate, kind_of, title_of
from backend.ocr.labels import Label, values
from backend.ocr.lines import Line, level, rows
from backend.ocr.numbers import Beside, Reading, elect, number_in

SIZE = 20.0
NUMBER = PatentNumber("202110123456")
Printed = tuple[float, float, str]

SHEET: list[Printed] = [
    (150, 100, "证书号第1234567号"),
    (480, 200, "发明专利证书"),
    (150, 300, "发明名称：一种用于液冷机柜的冷板微漏"),
    (250, 330, "分段定位方法"),
    (150, 380, "发 明 人：覃江晚;沈砚之"),
    (150, 430, "专 利 号：ZL 2021 1 0123456.7"),
    (150, 480, "专利申请日：2021年03月15日"),
    (150, 530, "专 利 权 人：江城大学(演示)；夷陵水电集团（演示）"),
    (150, 580, "地    址：430070 湖北省武汉市"),
    (150, 630, "授权公告日：2023年05月09日"),
    (650, 630, "授权公告号：CN 112233445 B"),
    (190, 700, "国家知识产权局依照中华人民共和国专利法进行审查，决定授予专利权，颁发发明专利证书"),
    (150, 730, "专利权人的姓名或名称、国籍、地址变更等事项记载在专利登记簿上。"),
    (150, 760, "申请日起算。专利权自授权公告之日起生效。"),
]


def lines(printed: Sequence[Printed], degrees: float = 0, score: float = 0.97) -> list[Line]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    made = []
    for left, top, text in printed:
        right = left + SIZE * len(text)
        corners = ((left, top), (right, top), (right, top + SIZE), (left, top + SIZE))
        a, b, c, d = ((x * cos - y * sin, x * sin + y * cos) for x, y in corners)
        made.append(Line((a, b, c, d), text, score))
    return made


def texts(found: Sequence[Line]) -> dict[Label, str]:
    kept: dict[Label, str] = {}
    for value in values(found):
        kept.setdefault(value.label, value.text)
    return kept


@given(st.floats(-5, 5), st.integers(0, 2**32))
def test_a_turned_sheet_in_any_order_gives_the_same(degrees: float, seed: int) -> None:
    shuffled = lines(SHEET, degrees)
    random.Random(seed).shuffle(shuffled)
    found = values(level(shuffled))
    assert title_of(found) == Seen("一种用于液冷机柜的冷板微漏分段定位方法", 0.97)
    assert holders_of(found) == Seen(("江城大学（演示）", "夷陵水电集团（演示）"), 0.97)
    assert dates_of(found) == (Seen(date(2021, 3, 15), 0.97), Seen(date(2023, 5, 9), 0.97))
    assert number_in("专利号:" + texts(level(shuffled))[Label.NUMBER]) == PatentNumber("202110123456")
    assert is_certificate(shuffled, found)


def test_a_value_in_a_box_of_its_own_belongs_to_its_left_neighbour() -> None:
    apart = [(150.0, 300.0, "专 利 号："), (400.0, 302.0, "ZL 2021 1"), (620.0, 299.0, "0123456.7")]
    assert texts(level(lines(apart)))[Label.NUMBER] == "ZL20211" + "0123456.7"


@pytest.mark.parametrize(
    "line",
    [
        "专利权人的姓名或名称、国籍、地址变更等事项",
        "专利权人应当依照专利法及其实施细则规定缴纳年费",
        "申请日起算",
        "自申请日起算。专利权自授权公告之日起生效",
    ],
)
def test_words_of_the_paragraphs_are_no_labels(line: str) -> None:
    assert not {Label.HOLDERS, Label.FILED, Label.GRANTED} & texts(level(lines([(150, 300, line)]))).keys()


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("专利中请日：2021年03月15日", Label.FILED),
        ("投权公告日：2023年05月09日", Label.GRANTED),
        ("专利权大：江城大学", Label.HOLDERS),
        ("授权公告目：2023年05月09日", None),
        ("专利权利：江城大学", Label.HOLDERS),
        ("其他说明：江城大学", None),
    ],
)
def test_one_misread_character_in_a_label(line: str, label: Label | None) -> None:
    found = texts(level(lines([(150, 300, line)])))
    assert list(found) == ([label] if label else [])


def test_who_applied_at_the_time_is_not_who_holds() -> None:
    found = texts(level(lines([(150, 300, "申请日时申请人：旧大学"), (150, 350, "专利权人：新大学")])))
    assert found[Label.HOLDERS] == "新大学"
    assert Label.FILED not in found


def test_a_far_line_does_not_run_on() -> None:
    found = texts(level(lines([(150, 300, "发明名称：甲方法"), (300, 500, "别的文字")])))
    assert found[Label.TITLE] == "甲方法"


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("发明专利证书", PatentKind.INVENTION),
        ("实用新型专利证书", PatentKind.UTILITY_MODEL),
        ("外观设计专利证书", PatentKind.DESIGN),
        ("专利证书", None),
    ],
)
def test_kind_as_printed(heading: str, kind: PatentKind | None) -> None:
    seen = kind_of(lines([(480, 200, heading)]))
    assert (seen.value if seen else None) is kind


def test_two_kinds_on_one_sheet_are_none() -> None:
    assert kind_of(lines([(480, 200, "发明专利证书"), (150, 300, "实用新型名称：甲")])) is None


def test_days_no_calendar_has_and_days_in_the_wrong_order() -> None:
    assert dates_of(values(level(lines([(150, 300, "专利申请日：2021年02月30日")])))) == (None, None)
    filed, granted = dates_of(
        values(level(lines([(150, 300, "专利申请日：2023年03月15日"), (150, 350, "授权公告日：2021年05月09日")])))
    )
    assert filed
    assert granted
    assert filed.confidence < 0.6 > granted.confidence


def test_rows_of_nothing() -> None:
    assert rows([]) == []
    assert values(level([])) == []
    assert not is_certificate([], [])


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("ZL 2021 1 0123456.7", "202110123456"),
        ("专利号：202110123456.7", "202110123456"),
        ("专利号:2L202110123456.7授权公告号", "202110123456"),
        ("ZI202110123456.7", "202110123456"),
        ("申请号：202110123456.7", None),
        ("CN202110123456.7", None),
        ("ZL202110123456.1", None),
        ("ZL2021101234560.0", None),
        ("ZL20211012345", None),
        ("专利号：CN112233445B", None),
        ("ZL 02 1 12345.3", None),
        ("ZL 02 1 12345.4", "02112345"),
        ("授权公告号：202110123456.7", None),
        ("证书号第202110123456.7号", None),
    ],
)
def test_numbers_in_a_line(text: str, digits: str | None) -> None:
    assert check_digit("202110123456") == "7", "the examples are written with this digit"
    number = number_in(text)
    assert (number.digits if number else None) == digits


def said(*numbers: PatentNumber | str) -> list[Reading]:
    return [Reading(f"专利号：{n.official if isinstance(n, PatentNumber) else n}", 0.9) for n in numbers]


OTHER = PatentNumber("202110123465")


def test_a_number_needs_two_readings_and_no_rival() -> None:
    assert elect(said(NUMBER), Beside()) is None
    assert elect(said(NUMBER, "模糊"), Beside()) is None
    assert elect(said(NUMBER, NUMBER, OTHER), Beside()) is None
    assert elect(said(NUMBER, "模糊", NUMBER), Beside()) == Seen(NUMBER, 0.9)


def test_what_is_printed_beside_a_number_may_refuse_it() -> None:
    twice = said(NUMBER, NUMBER)
    assert elect(twice, Beside(kind=PatentKind.DESIGN)) is None
    assert elect(twice, Beside(filed_on=date(2022, 1, 1))) is None
    assert elect(twice, Beside(granted_on=date(2020, 1, 1))) is None
    assert elect(twice, Beside(PatentKind.INVENTION, date(2021, 5, 1), date(2023, 1, 1)))


def test_a_divisional_keeps_its_parents_day_and_needs_more_proof() -> None:
    parents = Beside(filed_on=date(2018, 5, 1))
    assert elect(said(NUMBER, NUMBER), parents) is None
    assert elect(said(NUMBER, NUMBER, NUMBER), parents) == Seen(NUMBER, 0.72)


@given(st.integers(0, 10**7 - 1), st.integers(5, 12), st.sampled_from("0123456789X"))
def test_one_misread_character_is_never_a_number(serial: int, at: int, instead: str) -> None:
    """Whatever replaces one character of the serial or the check digit: refused, or the number itself."""
    number = PatentNumber(f"20211{serial:07d}")
    bare = number.digits + check_digit(number.digits)
    read = bare[:at] + instead + bare[at + 1 :]
    assert number_in(f"ZL{read}") in {None, number}


@given(st.integers(0, 10**7 - 1), st.integers(5, 11))
def test_two_swapped_neighbours_are_never_another_number(serial: int, at: int) -> None:
    number = PatentNumber(f"20211{serial:07d}")
    bare = number.digits + check_digit(number.digits)
    read = bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :]
    assert number_in(f"ZL{read}") in {None, number}


def test_answers_are_what_flows_keep_and_come_back_the_same() -> None:
    seen = Certificate(
        number=Seen(NUMBER, 0.9),
        kind=Seen(PatentKind.INVENTION, 1.0),
        holders=Seen(("江城大学", "夷陵水电集团"), 0.8),
        filed_on=Seen(date(2021, 3, 15), 0.7),
    )
    assert seen.answers() == {
        "number": "202110123456.7",
        "kind": "invention",
        "holders": ["江城大学", "夷陵水电集团"],
        "filed_on": "2021-03-15",
    }
    assert Certificate.from_answers(seen.answers(), seen.confidences()) == seen
