"""One exact sum or rate as it is said: 两块五, 3千5, 贰万元整, 千分之五. Read whole or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from backend.domain.numerals import DIGITS, RUN, UNITS, numeral

_D = f"1-9{''.join(char for char, value in DIGITS.items() if value)}"
_COUNTED = "件个台套只张吨斤公米瓶盒袋箱双条片辆支升亩"
_YUAN = r"(?:元钱|元|块钱|块|塊|圆|圓|人民币|rmb|cny)"
# A last digit without its unit: 两块五; not 两块五十, 2元3件, but 两块五一件.
_ENDS = rf"(?![\d点.毛角分%‰年月期{_COUNTED}]|(?!一[{_COUNTED}])[{''.join(DIGITS)}十百千万亿])"
_SMALL = (
    rf"(?:(?P<jiao>[{_D}])\s?[毛角]钱?(?:零?(?P<fen>[{_D}])(?:分钱?|{_ENDS}))?"
    rf"|零?(?P<only_fen>[{_D}])分钱?|(?P<half>半)|(?P<tail>[{_D}]){_ENDS})?"
)
SUM = re.compile(
    rf"(?:人民币|rmb|cny|[¥￥])?\s?(?:(?P<dimes>{RUN})\s?[毛角]钱?(?:(?P<cents_after>[{_D}])(?:分钱?|{_ENDS}))?"
    rf"|(?P<cents>{RUN})\s?分(?![之期次批成年开红])钱?"
    rf"|(?P<whole>{RUN})(?:\s?(?P<unit>{_YUAN})(?:人民币)?{_SMALL})?)[整正]?"
)
RATE = re.compile(
    rf"(?P<of>[百千万])分之\s?(?P<said>{RUN})|(?P<one>{RUN})\s?(?P<unit>%|‰|个百分点|个点)|"
    rf"(?P<tenths>[{_D}])成(?P<more>[{_D}])?"
)
_OF = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}
MOST_WITH_A_TAIL = 100  # 一百块五 is no way to say a price


@dataclass(frozen=True, slots=True)
class Said:
    """A sum in yuan; `bare` without any unit."""

    value: Decimal
    bare: bool = False


def said_sum(match: re.Match[str]) -> Said | None:
    """The value of a match of SUM; None where it is none, or could be two."""
    part = match.groupdict()
    if part["dimes"] or part["cents"]:
        value = numeral(part["dimes"] or part["cents"])
        tenth = Decimal("0.1") if part["dimes"] else Decimal("0.01")
        return None if value is None else Said(value * tenth + _digit(part["cents_after"]) / Decimal(100))
    whole = numeral(part["whole"])
    if whole is None or part["whole"] in UNITS:  # 千元 is about a thousand
        return None
    cents = 10 * _digit(part["jiao"] or part["tail"]) + _digit(part["fen"] or part["only_fen"])
    small = Decimal(50 if part["half"] else cents) / 100
    guessed = part["tail"] or part["half"]
    if small and (whole != whole.to_integral_value() or (guessed and whole >= MOST_WITH_A_TAIL)):
        return None
    large = part["whole"][-1] in "万亿wW"
    return Said(
        whole + small, bare=not part["unit"] and not large and not match[0].startswith(("人", "r", "c", "¥", "￥"))
    )


def _digit(said: str | None) -> int:
    return int(numeral(said) or 0) if said else 0


def said_rate(match: re.Match[str]) -> Decimal | None:
    """Percent, of a match of RATE."""
    if match["tenths"]:
        return Decimal(10 * _digit(match["tenths"]) + _digit(match["more"]))
    value = numeral(match["said"] or match["one"])
    factor = _OF[match["of"]] if match["of"] else _OF["千" if match["unit"] == "‰" else "百"]
    return None if value is None else value * factor
