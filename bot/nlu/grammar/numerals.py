"""Chinese and Arabic numerals as people type them: 3.5万, 三万五, 十万零五百, 壹佰万, 两千, 1,200."""

from __future__ import annotations

import re
from decimal import Decimal

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
    rf"\s?(?:[十百千万萬亿億kKwW](?![a-zA-Z])){{0,2}}{_AND_THOUSANDS}"
    rf"|[{_CHINESE}]+(?:点[{_CHINESE}]+[万萬亿億]?)?)"
)


def numeral(text: str) -> Decimal | None:
    """The value of a whole numeral, None where it is none."""
    compact = text.replace(",", "").replace(" ", "")
    arabic = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万萬亿億kKwW]*)((?<=[万萬])\d)?", compact)
    if arabic:
        value = Decimal(arabic[1])
        for unit in arabic[2]:
            value *= UNITS.get(unit) or LARGE[unit]
        return value + int(arabic[3] or 0) * 1000
    if "点" in compact:
        return _with_fraction(compact)
    return _chinese(compact)


def _with_fraction(text: str) -> Decimal | None:
    whole, _, fraction = text.partition("点")
    unit = LARGE.get(fraction[-1:], 1)
    digits = fraction[:-1] if fraction[-1:] in LARGE else fraction
    value = _chinese(whole)
    if value is None or not digits or any(char not in DIGITS for char in digits):
        return None
    return (value + Decimal("0." + "".join(str(DIGITS[char]) for char in digits))) * unit


def _chinese(text: str) -> Decimal | None:
    if not text or text[0] in LARGE:  # 万用表, 几万: a large unit alone is no number
        return None
    if all(char in DIGITS for char in text):  # 二〇二一, 五
        return Decimal(int("".join(str(DIGITS[char]) for char in text)))
    total, section, digit, last_unit = 0, 0, None, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
            if digit == 0:
                last_unit, digit = 0, None
        elif char in UNITS:
            section += (1 if digit is None else digit) * UNITS[char]
            last_unit, digit = UNITS[char], None
        elif char in LARGE:
            section += digit or 0
            total = (total + section) * LARGE[char] if total and LARGE[char] > total else total + section * LARGE[char]
            section, digit, last_unit = 0, None, LARGE[char]
        else:
            return None
    if digit is not None:  # 三万五 is 35,000; 三万零五 is 30,005
        section += digit * (last_unit // 10 if last_unit > 10 else 1)  # noqa: PLR2004 after 十 a digit stands for itself
    return Decimal(total + section)
