"""Chinese and Arabic numerals as people type them: 3.5万, 三万五, 十万零五百, 壹佰万, 两千, 1,200."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import NamedTuple

DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2, "俩": 2, "弍": 2, "贰": 2, "貳": 2, "參": 3, "陸": 6,
}  # fmt: skip
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "K": 1000}
LARGE = {"万": 10_000, "萬": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000, "億": 100_000_000}
_CHINESE = "".join({*DIGITS, *"十拾百佰千仟万萬亿億"})
_AND_THOUSANDS = r"(?:(?<=[万萬])\d(?=\s?(?:元|块|塊|左右|上下|以|之|内|$|[，。,!！?？、；;的吧])))?"  # 1万2
# Atomic: a numeral is never tried again shorter, so a long run of digits costs no squares.
NUMERAL = (
    r"(?>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    rf"\s?(?:[十百千万萬亿億kKwW](?![a-zA-Z])){{0,2}}(?:(?<=[千万萬亿億])\d{{1,4}}[百千万萬])*{_AND_THOUSANDS}"
    rf"|[{_CHINESE}]+(?:点[{_CHINESE}]+[万萬亿億]?)?)"
)
# All that belongs to one numeral, to be read whole or not at all: of 3点5万 no piece is a figure.
RUN = (
    rf"(?>[\d{''.join(DIGITS)}十拾百佰千仟](?:[\d{_CHINESE}]|\.(?=\d)|(?<=\d)[, ](?=\d{{3}}(?!\d))"
    rf"|点(?=[\d{_CHINESE}])|[ ](?=[{''.join(LARGE)}百千](?![a-zA-Z]))|[kKwW](?![a-zA-Z]))*)"
)
_SECTIONS = re.compile(rf"([^{''.join(LARGE)}]*)([{''.join(LARGE)}]|$)")
_GROUPED = re.compile(r"(?<=\d)[, ](?=\d{3}(?!\d))")
_PART = re.compile(r"(\d+(?:\.\d+)?)([十百千kK]?[万萬wW]?[亿億]?)")
FEWEST_AFTER = {10_000: 3, 1000: 2}  # 1万500 is 10,500; what 1万50 is nobody knows


def numeral(text: str) -> Decimal | None:
    """The value of a whole numeral. None where it is none, and where it may be two: 两三, 一百五万, 1万50."""
    compact = re.sub(r"(?<=\d) (?=[十百千万萬亿億kKwW])", "", _GROUPED.sub("", text.strip()))
    if any(char.isdecimal() for char in compact):
        return _arabic(re.sub(r"(?<=\d)点(?=\d)", ".", compact))
    return _with_fraction(compact) if "点" in compact else _chinese(compact)


def _arabic(text: str) -> Decimal | None:
    """50000, 3.5万, 2万5, 2万5千, 1万2千500: each part smaller than what stands before it."""
    parts = _PART.findall(text)
    if "".join(digits + units for digits, units in parts) != text:
        return None
    total, unit_before = Decimal(0), 0
    for digits, units in parts:
        value = _part(digits, units, unit_before)
        unit = math.prod(_unit(char) for char in units)
        if value is None or (unit_before and not 0 < value < unit_before):
            return None
        total, unit_before = total + value, unit if units and "." not in digits else 1
    return total


def _part(digits: str, units: str, unit_before: int) -> Decimal | None:
    if (unit_before and "." in digits) or unit_before == 1:
        return None
    if units:
        return Decimal(digits) * math.prod(_unit(char) for char in units)
    if unit_before and len(digits) == 1:  # 2万5, 3千5
        return Decimal(int(digits) * (unit_before // 10)) if unit_before <= LARGE["万"] else None
    fewest = FEWEST_AFTER.get(unit_before, 1)
    return Decimal(digits) if len(digits) >= fewest else None


def _unit(char: str) -> int:
    return UNITS.get(char) or LARGE[char]


def _with_fraction(text: str) -> Decimal | None:
    """三点五, 三点五万, 两点五千."""
    whole, _, fraction = text.partition("点")
    scaled = fraction[-1:] in UNITS or fraction[-1:] in LARGE
    digits = fraction[:-1] if scaled else fraction
    value = _chinese(whole)
    if value is None or not digits or any(char not in DIGITS for char in digits):
        return None
    said = value + Decimal("0." + "".join(str(DIGITS[char]) for char in digits))
    return said * _unit(fraction[-1]) if scaled else said


def _chinese(text: str) -> Decimal | None:
    if not text or text[0] in LARGE:  # 万用表, 几万: a large unit alone is no number
        return None
    if all(char in DIGITS for char in text):  # 二〇二一, 五
        two = len(text) == 2 and all(DIGITS[char] for char in text)  # noqa: PLR2004 两三, 三五: from one to the other
        return None if two else Decimal(int("".join(str(DIGITS[char]) for char in text)))
    total, before = 0, 0
    for said, large in _SECTIONS.findall(text):
        section = _section(said, first=not before)
        if section is None or (large and section.is_open):
            return None
        if not large:
            last = section.last(before, total)
            return None if last is None else Decimal(total + section.value + last)
        if before and LARGE[large] == before:  # 八万九千万
            return None
        value, before = section.value + (section.digit or 0), LARGE[large]
        total = (total + value) * before if total and before > total else total + value * before
    return Decimal(total)


class _Section(NamedTuple):
    """What stands between two large units: its value, a digit left over, the unit before that (1 after 零, 0 for none)."""

    value: int
    digit: int | None
    unit: int

    @property
    def is_open(self) -> bool:
        """一百五万: 105 or 150 of them?"""
        return self.digit is not None and self.unit in {100, 1000}

    def last(self, before: int, total: int) -> int | None:
        """三万五 is 35,000, 三万零五 is 30,005; 一百万五 may be 1,005,000 or 1,500,000."""
        if self.digit is None:
            return 0
        if not self.unit and before and total // before % 100 == 0:
            return None
        unit = self.unit or before
        return self.digit * (unit // 10 if unit > UNITS["十"] else 1)  # after 十 a digit stands for itself


def _section(text: str, *, first: bool) -> _Section | None:
    value, digit, unit = 0, None, 0
    for char in text:
        if char in DIGITS:
            if digit is not None:  # 两三千
                return None
            digit, unit = (DIGITS[char], unit) if DIGITS[char] else (None, 1)
        elif char in UNITS:
            unit = UNITS[char]
            bare = digit is None and unit > UNITS["十"]
            if value % (unit * 10) or (bare and (value or not first)):  # 五十百, 一万千
                return None
            value, digit = value + (1 if digit is None else digit) * unit, None
        else:
            return None
    return _Section(value, digit, unit)
