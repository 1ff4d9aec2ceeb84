"""Sums in yuan, rates in percent, years: exact ones, since a declaration needs one figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from backend.domain.numerals import numeral
from bot.dialogue.flows.engine import Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, bared, tidied
from bot.dialogue.flows.readers.fees import LEFT_OVER, fee_of, trouble
from bot.dialogue.say import say

MOST_YUAN = Decimal(10) ** 12
CENT = Decimal("0.01")
_YEARS = re.compile(r"(\d{1,3}|[一二两兩三四五六七八九十]{1,3})年?")
_OF_ONE = re.compile(r"^(?:[每一]?[份次个家])?(?:许可)?[用签]?|[一每][份次个家签]$")
# “1.5年”, “1-2年”, “-3年”, “一年半”: no whole number of years, though its marks are easily lost
BROKEN_YEARS = re.compile(
    r"(?:[-\u2212\u2013\u2014~]|负|\d\s?[.．]|[\d一二两三四五六七八九十]年?[到至])\s?[\d一二两三四五六七八九十]+\s?(?:年|$)|半年|年半"
)


def small_number(text: str) -> int | None:
    """二十, 两千, 十五: whole numbers as people write them; None for anything else, also for 三五."""
    value = numeral(text)
    return int(value) if value is not None and value == value.to_integral_value() else None


def sum_in(heard: Heard) -> Decimal | None:
    """The one exact sum that the whole message is, with a unit or without; None where there is none.

    Raises AnswerError for “面议”, a range, and what no price can be.
    """
    fee = fee_of(heard)
    problem = trouble(heard, fee)
    if problem and problem.code != LEFT_OVER:
        raise problem
    if fee.left or fee.royalty or fee.entry or not fee.plain:
        return None
    if len(fee.plain) > 1:
        raise AnswerError("flow_common.error.two_sums")
    value = fee.plain[0].value
    return value and exact_sum(value)


def exact_sum(value: Decimal) -> Decimal:
    """A sum that a declaration can name. Raises AnswerError."""
    if value == 0:
        raise AnswerError("flow_common.error.zero")
    if value >= MOST_YUAN or value != value.quantize(CENT):
        raise AnswerError("flow_common.error.sum_range")
    return value


def exact_rate(value: Decimal) -> Decimal:
    """Percent that a declaration can name. Raises AnswerError."""
    if not 0 < value <= 100 or value != value.quantize(CENT):  # noqa: PLR2004 the whole
        raise AnswerError("flow_common.error.rate_range")
    return value


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _number(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def yuan(read: Callable[[Heard], Any]) -> Reader:
    return Reader(read, dump=_text, load=_number, show=lambda value: say("yuan", amount=value))


def percent(read: Callable[[Heard], Any]) -> Reader:
    return Reader(read, dump=_text, load=_number, show=lambda value: say("flow_common.percent", rate=value))


_YEARS_IN = re.compile(r"(\d{1,3}|[一二两兩三四五六七八九十]{1,3})\s*年(?!\d|\s*\d{1,2}\s*月|底|末)")


def years_in(text: str) -> int | None:
    """“3年”, “三年” anywhere in the text."""
    match = _YEARS_IN.search(text)
    return small_number(match[1]) if match else None


def without_years(text: str) -> str:
    return _YEARS_IN.sub(" ", text, count=1)


def _years(heard: Heard) -> int | None:
    if heard.meaning("no_limit") or heard.meaning("skip"):
        return None
    if BROKEN_YEARS.search(heard.plain):
        raise AnswerError("flow_common.error.whole_years", given=heard.plain[:20])
    compact = _OF_ONE.sub("", bared(tidied(heard.plain)))
    match = _YEARS.fullmatch(compact)
    number = small_number(match[1]) if match else None
    if number is None:
        raise Unread("flow_common.error.years", given=heard.plain[:20])
    if not 1 <= number <= 20:  # noqa: PLR2004 no right lasts longer (Patent Law art. 42)
        raise AnswerError("flow_common.error.years_range")
    return number


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def years() -> Reader:
    return Reader(
        _years,
        load=_whole,
        show=lambda value: say("flow_common.no_limit") if value is None else say("flow_common.years", count=value),
    )
