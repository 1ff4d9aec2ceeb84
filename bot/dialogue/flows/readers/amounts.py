"""Sums in yuan, rates in percent, years: exact ones, since a declaration needs one figure."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from bot.dialogue.flows.engine import Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, tidied
from bot.dialogue.say import say

MOST_YUAN = Decimal(10) ** 12
CENT = Decimal("0.01")
_PLAIN = re.compile(r"[￥¥]?(\d+(?:\.\d+)?)元?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%?")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_YEARS = re.compile(r"(\d{1,3}|[一二两兩三四五六七八九十]{1,3})年?")
_MINUS = re.compile(r"^\s*[-－负負]")


def small_number(text: str) -> int | None:
    """二十, 两千, 十五: whole numbers below ten thousand as people write them; None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[char], 0
        elif char in _DIGITS:
            digit = _DIGITS[char]
        else:
            return None
    return total + digit if text else None


def _compact(text: str) -> str:
    return re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", text))


def sum_in(heard: Heard, *, bare: bool) -> Decimal | None:
    """The one exact sum of a message; `bare` numbers without a unit count too. None where there is none.

    Raises AnswerError for “面议”, a range, and what no price can be.
    """
    if _MINUS.match(heard.plain):
        raise AnswerError("flow_common.error.negative")
    said = heard.facts.money
    if len(said) > 1 or (said and said[0].low != said[0].high):
        raise AnswerError("flow_common.error.one_sum")
    if said:
        return _exact(said[0].low or Decimal(0))
    if any(word in tidied(heard.plain) for word in heard.words.get("negotiable", ())):
        raise AnswerError("flow_common.error.negotiable")
    if not bare:
        return None
    plain = _PLAIN.fullmatch(_compact(heard.plain).removesuffix("块").removesuffix("整"))
    if plain:
        return _exact(Decimal(plain[1]))
    number = small_number(tidied(heard.plain).removesuffix("元").removesuffix("块"))
    return None if number is None else Decimal(number)


def _exact(value: Decimal) -> Decimal:
    if value >= MOST_YUAN or value != value.quantize(CENT):
        raise AnswerError("flow_common.error.sum_range")
    return value


def _yuan(heard: Heard) -> Decimal:
    value = sum_in(heard, bare=True)
    if value is None:
        raise Unread("flow_common.error.sum", given=heard.plain[:20])
    if value == 0:
        raise AnswerError("flow_common.error.zero")
    return value


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _number(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def yuan() -> Reader:
    return Reader(_yuan, dump=_text, load=_number, show=lambda value: say("yuan", amount=value))


def rate_in(heard: Heard) -> Decimal | None:
    """The one exact rate of a message that says it is one: 3%, 百分之三, 三个点."""
    said = heard.facts.rates
    if len(said) > 1 or (said and said[0].low != said[0].high):
        raise AnswerError("flow_common.error.one_rate")
    return said[0].low if said else None


def _percent(heard: Heard) -> Decimal:
    if _MINUS.match(heard.plain):
        raise AnswerError("flow_common.error.negative")
    value = rate_in(heard)
    if value is None:
        plain = _PERCENT.fullmatch(_compact(heard.plain))
        number = small_number(tidied(heard.plain))
        value = Decimal(plain[1]) if plain else None if number is None else Decimal(number)
    if value is None:
        if any(word in tidied(heard.plain) for word in heard.words.get("negotiable", ())):
            raise AnswerError("flow_common.error.negotiable")
        raise Unread("flow_common.error.rate", given=heard.plain[:20])
    if not 0 < value <= 100 or value != value.quantize(CENT):  # noqa: PLR2004 the whole
        raise AnswerError("flow_common.error.rate_range")
    return value


def percent() -> Reader:
    return Reader(_percent, dump=_text, load=_number, show=lambda value: say("flow_common.percent", rate=value))


def years_in(text: str) -> int | None:
    """“3年”, “三年” anywhere in the text."""
    match = re.search(r"(\d{1,3}|[一二两兩三四五六七八九十]{1,3})\s*年(?!\d|\s*\d{1,2}\s*月|底|末)", text)
    return small_number(match[1]) if match else None


def _years(heard: Heard) -> int | None:
    if heard.meaning("no_limit") or heard.meaning("skip"):
        return None
    match = _YEARS.fullmatch(tidied(heard.plain).removeprefix("每份").removeprefix("每次"))
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
