"""Days and stretches of days, from a base day that is passed in: 2021年3月15日, 近三年, 去年, 下个月, 2021年以后, 年底前."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from backend.domain.numerals import NUMERAL, numeral
from backend.domain.patents import anniversary
from bot.dialogue.meaning import SaidDates, Span

_SAID_YEAR = r"(?:19|20)\d{2}|[二一][〇零一二三四五六七八九]{3}"
_SAID_SMALL = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_FULL = re.compile(
    rf"(?<!\d)(?:((?:19|20)\d{{2}})\s?[-/.]\s?(\d{{1,2}})\s?[-/.]\s?(\d{{1,2}})"
    rf"|({_SAID_YEAR})\s?年\s?({_SAID_SMALL})\s?月\s?({_SAID_SMALL}))\s?[日号]?(?!\d)"
    r"(?P<tail>以前|之前|前|以后|之后|后|起)?"
)
_MONTH = re.compile(
    rf"(?<!\d)({_SAID_YEAR})\s?年\s?({_SAID_SMALL})\s?月(?!\s?\d)(?P<tail>以前|之前|前|以后|之后|后|起)?"
)
_YEARS = re.compile(
    r"(?<!\d)((?:19|20)\d{2}|[二一][〇零一二三四五六七八九]{3})\s?年?\s?(?:到|至|-|~|—)\s?((?:19|20)\d{2}|[二一][〇零一二三四五六七八九]{3})\s?年"
)
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2}|[二一][〇零一二三四五六七八九]{3})\s?年(?!\s?\d)(?P<tail>以前|之前|前|以后|之后|后|起)?"
)
_RECENT = re.compile(rf"(?:最近|近|这|过去)\s?({NUMERAL})\s?(年|个月|个星期|周|天)")
_AHEAD = re.compile(rf"(?:未来|接下来)?\s?({NUMERAL})\s?(年|个月|个星期|周|天)(?:之内|以内|内)")
_WORDS = {
    "今天": (0, 0), "今日": (0, 0), "昨天": (-1, -1), "前天": (-2, -2), "明天": (1, 1), "后天": (2, 2),
}  # fmt: skip
_NAMED = re.compile(
    "[去今明]年年?底(?:以?前|之前)?|大前年|(?<![以之目当今])[前后](?:年|天)|去年|今年|明年|上半年|下半年|年底前|年底|年内|上个月|上月|这个月|(?<!日)本月|下个月|下月|"
    "今天|今日|昨天|明天|(?<!日)(?:[上这下]周|[上下]星期|本周)[一二三四五六日天]?"
)
_YEAR_SHIFT = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_MONTH_SHIFT = {"上个月": -1, "上月": -1, "这个月": 0, "本月": 0, "下个月": 1, "下月": 1}
_WEEK_SHIFT = {"上周": -1, "上星期": -1, "这周": 0, "本周": 0, "下周": 1, "下星期": 1}
UNBOUNDED = 9999


def add_months(day: date, months: int) -> date:
    """The same day some months later or earlier, the month's last day where there is none (Regulations art. 5)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def dates(text: str, today: date, taken: list[Span]) -> Iterator[SaidDates]:
    """Longest expressions first; what they cover is not read again."""
    used = list(taken)
    for pattern, read in (
        (_FULL, _full), (_MONTH, _month), (_YEARS, _years), (_YEAR, _year),
        (_RECENT, _recent), (_AHEAD, _ahead), (_NAMED, _named),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            span = Span(match.start(), match.end())
            if any(span.start < other.end and other.start < span.end for other in used):
                continue
            try:
                stretch = read(match, today)
            except (ValueError, OverflowError):  # 2021年13月, 2月30日: no such day, so no date
                continue
            if stretch:
                used.append(span)
                yield SaidDates(span, *stretch)


def _open(first: date, last: date, tail: str | None) -> tuple[date | None, date | None]:
    if tail in {"以前", "之前", "前"}:
        return None, first - timedelta(days=1)
    if tail in {"以后", "之后", "后"}:
        return (
            (first, None) if first.month == 1 and first.day == 1 and last != first else (last + timedelta(days=1), None)
        )
    if tail == "起":
        return first, None
    return first, last


def _full(match: re.Match[str], _today: date) -> tuple[date | None, date | None]:
    year, month, day_of_month = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
    day = date(_number(year), _number(month), _number(day_of_month))
    return _open(day, day, match["tail"])


def _month(match: re.Match[str], _today: date) -> tuple[date | None, date | None]:
    first = date(_number(match[1]), _number(match[2]), 1)
    return _open(first, add_months(first, 1) - timedelta(days=1), match["tail"])


def _number(said: str) -> int:
    return int(said) if said.isdigit() and said.isascii() else int(numeral(said) or 0)


def _year(match: re.Match[str], _today: date) -> tuple[date | None, date | None]:
    year = _number(match[1])
    return _open(date(year, 1, 1), date(year, 12, 31), match["tail"])


def _years(match: re.Match[str], _today: date) -> tuple[date | None, date | None]:
    years = sorted((_number(match[1]), _number(match[2])))
    return date(years[0], 1, 1), date(years[1], 12, 31)


def _shift(today: date, count: int, unit: str) -> date:
    if abs(count) > UNBOUNDED:
        raise OverflowError
    if unit == "年":
        return anniversary(today, count)
    if unit == "个月":
        return add_months(today, count)
    return today + timedelta(days=count * (1 if unit == "天" else 7))


def _recent(match: re.Match[str], today: date) -> tuple[date | None, date | None] | None:
    count = numeral(match[1])
    return (_shift(today, -int(count), match[2]), today) if count else None


def _ahead(match: re.Match[str], today: date) -> tuple[date | None, date | None] | None:
    count = numeral(match[1])
    return (today, _shift(today, int(count), match[2])) if count else None


def _named(match: re.Match[str], today: date) -> tuple[date | None, date | None]:
    word = match[0]
    if word in _WORDS:
        first, last = _WORDS[word]
        return today + timedelta(days=first), today + timedelta(days=last)
    if word[2:].lstrip("年").startswith("底"):
        year = today.year + _YEAR_SHIFT[word[:2]]
        return (today if year >= today.year else None), date(year, 12, 31)
    if word in _YEAR_SHIFT:
        year = today.year + _YEAR_SHIFT[word]
        return date(year, 1, 1), date(year, 12, 31)
    if word in _MONTH_SHIFT:
        first_day = add_months(today.replace(day=1), _MONTH_SHIFT[word])
        return first_day, add_months(first_day, 1) - timedelta(days=1)
    week, weekday = (word, "") if word in _WEEK_SHIFT else (word[:-1], word[-1])
    if week in _WEEK_SHIFT:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_WEEK_SHIFT[week])
        day = monday + timedelta(days=min("一二三四五六日天".find(weekday), 6))
        return (day, day) if weekday else (monday, monday + timedelta(days=6))
    if word == "上半年":
        return date(today.year, 1, 1), date(today.year, 6, 30)
    if word == "下半年":
        return date(today.year, 7, 1), date(today.year, 12, 31)
    return today, date(today.year, 12, 31)  # 年底前, 年底, 年内
