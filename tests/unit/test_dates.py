"""Days and stretches of days, always from a base day that is given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.meaning import Span
from bot.nlu.grammar.dates import add_months, dates

TODAY = date(2026, 11, 22)  # a Sunday
Stretch = tuple[date | None, date | None]


def read(text: str, today: date = TODAY) -> list[Stretch]:
    return [(said.first, said.last) for said in dates(text, today, [])]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021年3月15日", "2021-03-15", "2021-03-15"), ("2021-03-15", "2021-03-15", "2021-03-15"),
        ("2021.3.15", "2021-03-15", "2021-03-15"),
        ("2021/3/15", "2021-03-15", "2021-03-15"), ("2021 年 3 月 15 号", "2021-03-15", "2021-03-15"),
        ("二〇二三年三月五日", "2023-03-05", "2023-03-05"), ("二零二三年十二月三十一日", "2023-12-31", "2023-12-31"),
        ("2021年3月", "2021-03-01", "2021-03-31"), ("2024年2月", "2024-02-01", "2024-02-29"),
        ("二〇二一年三月", "2021-03-01", "2021-03-31"),
        ("2021年", "2021-01-01", "2021-12-31"), ("二〇二一年", "2021-01-01", "2021-12-31"),
        ("2021年到2023年", "2021-01-01", "2023-12-31"),
        ("2023至2021年", "2021-01-01", "2023-12-31"), ("2021年以后", "2021-01-01", ""), ("2021年以前", "", "2020-12-31"),
        ("2021年3月以后", "2021-04-01", ""), ("2021年3月15日起", "2021-03-15", ""), ("2021年3月15日前", "", "2021-03-14"),
        ("近三年", "2023-11-22", "2026-11-22"), ("最近两年", "2024-11-22", "2026-11-22"),
        ("近3个月", "2026-08-22", "2026-11-22"),
        ("过去两周", "2026-11-08", "2026-11-22"), ("未来五年内", "2026-11-22", "2031-11-22"),
        ("十天内", "2026-11-22", "2026-12-02"),
        ("上个月", "2026-10-01", "2026-10-31"), ("上月", "2026-10-01", "2026-10-31"), ("下个月", "2026-12-01", "2026-12-31"),
        ("本月", "2026-11-01", "2026-11-30"), ("去年", "2025-01-01", "2025-12-31"), ("前年", "2024-01-01", "2024-12-31"),
        ("大前年", "2023-01-01", "2023-12-31"), ("明年", "2027-01-01", "2027-12-31"), ("后年", "2028-01-01", "2028-12-31"),
        ("上半年", "2026-01-01", "2026-06-30"), ("下半年", "2026-07-01", "2026-12-31"), ("年底前", "2026-11-22", "2026-12-31"),
        ("去年年底前", "", "2025-12-31"), ("今年底", "2026-11-22", "2026-12-31"), ("明年年底", "2026-11-22", "2027-12-31"),
        ("今天", "2026-11-22", "2026-11-22"), ("昨天", "2026-11-21", "2026-11-21"), ("前天", "2026-11-20", "2026-11-20"),
        ("明天下午", "2026-11-23", "2026-11-23"), ("后天", "2026-11-24", "2026-11-24"), ("下周", "2026-11-23", "2026-11-29"),
        ("下周三", "2026-11-25", "2026-11-25"), ("上星期天", "2026-11-15", "2026-11-15"), ("本周", "2026-11-16", "2026-11-22"),
    ],
)  # fmt: skip
def test_an_expression_is_read_from_the_given_day(text: str, first: str, last: str) -> None:
    assert read(text) == [(day(first), day(last))]
    assert read(f"武汉{text}的专利") == [(day(first), day(last))]


@pytest.mark.parametrize(
    "text",
    [
        "国庆节", "申请日起十八个月", "三个工作日内", "三天前", "2021年13月", "2021年2月30日", "2月30日", "目前天然气发电",
        "声明之前年费",
        "以后年费", "今后年费", "日本周边", "1850年", "十堰市", "一种方法", "3.5万", "202110123456.7", "近零年",
        "20210315", "2021", "",
    ],
)  # fmt: skip
def test_what_is_no_day_is_none(text: str) -> None:
    assert read(text) == []


def test_days_in_one_sentence_do_not_overlap() -> None:
    said = list(dates("2021年3月15日申请，去年授权，近三年", TODAY, []))
    assert [(found.first, found.last) for found in said] == [
        (date(2021, 3, 15), date(2021, 3, 15)),
        (date(2023, 11, 22), TODAY),
        (date(2025, 1, 1), date(2025, 12, 31)),
    ]
    assert list(dates("去年", TODAY, [Span(0, 2)])) == []


any_day = st.dates(date(1950, 1, 1), date(2099, 12, 31))
forms = st.sampled_from(
    [
        "{0.year}年{0.month}月{0.day}日",
        "{0.year}年{0.month:02d}月{0.day:02d}号",
        "{0:%Y-%m-%d}",
        "{0:%Y.%m.%d}",
        "{0:%Y/%m/%d}",
    ]
)


@given(said=any_day, form=forms)
def test_a_printed_day_is_read_back(said: date, form: str) -> None:
    text = form.format(said)
    assert read(text) == [(said, said)]
    assert read(f"{text}以前") == [(None, said - timedelta(days=1))]
    assert read(f"{text}起") == [(said, None)]


@given(today=any_day, count=st.integers(1, 30), unit=st.sampled_from(["年", "个月", "周", "天"]))
def test_lately_ends_today_and_soon_begins_today(today: date, count: int, unit: str) -> None:
    ((first, last),) = read(f"近{count}{unit}", today)
    assert first is not None
    assert first < today == last
    ((first, last),) = read(f"{count}{unit}之内", today)
    assert last is not None
    assert first == today < last


@given(today=any_day, months=st.integers(-600, 600))
def test_months_move_by_months_and_stay_in_them(today: date, months: int) -> None:
    there = add_months(today, months)
    assert (there.year * 12 + there.month) - (today.year * 12 + today.month) == months
    assert there.day == today.day or (there.day < today.day and (there + timedelta(days=1)).day == 1)


SAID = "2021 年 13 2 月 30 日 - . 到 以前 以后 起 近 三 九九九九九 个月 周 天 内 去年 年底 下周 日 上个月 二〇二一 十 大前年 未来"
pieces = st.sampled_from([*SAID.split(), " "])


@given(text=st.lists(pieces, max_size=16).map("".join), today=st.dates())
def test_any_text_gives_ordered_days_inside_it(text: str, today: date) -> None:
    text += "，今天"
    said = list(dates(text, today, []))
    assert said
    assert all(0 <= found.span.start < found.span.end <= len(text) for found in said)
    assert all(found.first or found.last for found in said)
    assert all(found.first <= found.last for found in said if found.first and found.last)
