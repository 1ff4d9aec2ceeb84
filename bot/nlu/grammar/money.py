"""Sums of money with their bounds: 五万以内, 不低于20万元, 三到五万, 预算不超过一百万元, 五十万左右, 两千块."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from backend.domain.numerals import NUMERAL, numeral
from bot.dialogue.meaning import SaidMoney, SaidRate, Span

AROUND = Decimal("0.2")
SMALLEST_BARE_SUM = 100  # a smaller number without a unit is a count or an ordinal
_NO = r"(?:不|别|莫|没|没有)[要会能得可想应]?"
_AT_MOST = rf"{_NO}(?:超过|超出|高于|多于|大于|超)|不到|最多|最高|至多|顶多|低于|少于|小于|控制在|封顶|小於|低於"
_AT_LEAST = rf"{_NO}(?:低于|少于|小于|低於)|起码|至少|最少|最低|超过|高于|多于|大于"
_BELOW = r"以内|之内|以下|之下|内|封顶|打住|以內|為限|为限|里头"
_ABOVE = r"以上|之上|起步|起|往上|开外"
_ABOUT = r"左右|上下|前后|的样子|出头"
_TO = r"(?:到|至|-|－|~|～|—|–)"
_UNIT = r"(?:元钱|元|块钱|块|塊|圆|人民币|RMB|rmb)"
_MONEY = re.compile(
    rf"(?P<prefix>{_AT_MOST}|{_AT_LEAST}|大概|大约|约)?\s?"
    rf"(?P<one>{NUMERAL})\s?(?P<unit1>{_UNIT})?"
    rf"(?:\s?{_TO}\s?(?P<two>{NUMERAL})\s?(?P<unit2>{_UNIT})?)?"
    rf"\s?(?P<suffix>{_BELOW}|{_ABOVE}|{_ABOUT})?"
)
_ROUGH = re.compile(
    r"(?<![一二两三四五六七八九十百千几\d])"
    rf"(?:(?P<one>[一二两三四五六七八])(?P<two>[二三四五六七八九])(?P<unit>[十百千]?[万萬])"
    rf"|(?P<tens>[二三四五六七八九]?十)[几多](?P<tens_unit>[万萬]))(?:\s?{_UNIT})?"
)
_LARGE_TAIL = re.compile(r"[万萬亿億wW千kK]$")
_TEN_THOUSANDS = re.compile(r"[万萬亿億]|\d[wW]")
_BUDGET = re.compile(r"(预算|價格|价格|价位|价钱|费用|许可费|使用费|一次|手头|只有|出到|出得起|花|块|元|钱)")
_NOT_MONEY_AFTER = re.compile(
    r"\s?(年|月|日|号|天|个|件|家|条|项|种|%|％|岁|人|次|周|期|级|吨|度|米|公里|瓦|伏|毫|厘|类|页|位|篇|台|套|辆|亩|户|支|瓶|斤|字|册|像素|小时|分钟|秒|转|分之|倍|里(?!面|头))"
)
_PART_AFTER = re.compile(r"[件素器]")  # 二元器件
_FREE_CONTEXT = re.compile(r"[\dA-Za-z.几数]")  # 几万块 is no sum
_REFUSED_AFTER = re.compile(r"\s?的?(?:都|就|我)?(?:不要|不看|不考虑|算了|免谈|别|莫)")
_TERM = re.compile(r"[一二三四五六七八九两][元块塊圆]")  # 三元锂电池, 两块玻璃


def money(text: str, taken: list[Span]) -> Iterator[SaidMoney]:
    """Sums in reading order. A bare small number without a unit, a bound or talk of money is no money."""
    rough = [said for said in _rough_sums(text) if not _overlaps(said.span, taken)]
    exact = _exact_sums(text, [*taken, *(said.span for said in rough)])
    yield from sorted((*rough, *exact), key=lambda said: said.span.start)


def _overlaps(span: Span, taken: list[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in taken)


def _rough_sums(text: str) -> Iterator[SaidMoney]:
    """三五万 is 30,000 to 50,000; 十几万 is 100,000 to 200,000."""
    for match in _ROUGH.finditer(text):
        if match["tens"]:
            low = numeral(match["tens"] + match["tens_unit"])
            high = low and low + (numeral("十" + match["tens_unit"]) or 0)
        else:
            low, high = numeral(match["one"] + match["unit"]), numeral(match["two"] + match["unit"])
        if low and high and low < high <= low * 2:
            below = bool(re.match(rf"\s?(?:{_BELOW})", text[match.end() :]))
            yield SaidMoney(Span(match.start(), match.end()), None if below else low, high)


def _exact_sums(text: str, taken: list[Span]) -> Iterator[SaidMoney]:
    for match in _MONEY.finditer(text):
        span = Span(match.start(), match.end())
        if _overlaps(span, taken):
            continue
        counted = _PART_AFTER if match["unit1"] or match["unit2"] else _NOT_MONEY_AFTER
        before = text[max(0, match.start() - 1) : match.start()]
        if _FREE_CONTEXT.fullmatch(before) or counted.match(text, match.end()):
            continue
        said = _read(match, text)
        if said:
            yield said


def _read(match: re.Match[str], text: str) -> SaidMoney | None:
    prefix, suffix = match["prefix"] or "", match["suffix"] or ""
    one, two = numeral(match["one"]), numeral(match["two"]) if match["two"] else None
    if one is None:
        return None
    has_unit = bool(match["unit1"] or match["unit2"])
    has_large = _TEN_THOUSANDS.search(f"{match['one'].strip()}|{(match['two'] or '').strip()}") is not None
    about_money = _BUDGET.search(text[max(0, match.start() - 8) : match.start()]) is not None
    at_most = bool(re.fullmatch(_AT_MOST, prefix) or re.fullmatch(_BELOW, suffix))
    if _TERM.fullmatch(match[0].strip()) and not about_money:
        return None
    if not (has_unit or has_large or ((about_money or at_most) and one >= SMALLEST_BARE_SUM)):
        return None
    if two is not None:
        one = _borrow_unit(one, match["one"], match["two"])
        low, high = sorted((one, two))
        return SaidMoney(Span(match.start(), match.end()), low, high)
    least, most = _bounds(one, prefix, suffix)
    if most is None and _REFUSED_AFTER.match(text, match.end()):  # 五万以上的不要
        least, most = None, least
    return SaidMoney(Span(match.start(), match.end()), least, most)


def _borrow_unit(one: Decimal, said_one: str, said_two: str) -> Decimal:
    """三到五万: the first number borrows the unit of the second."""
    tail = _LARGE_TAIL.search(said_two.strip())
    if tail and not _LARGE_TAIL.search(said_one.strip()):
        factor = numeral("1" + tail[0])
        return one * (factor or 1)
    return one


def _bounds(value: Decimal, prefix: str, suffix: str) -> tuple[Decimal | None, Decimal | None]:
    if re.fullmatch(_AT_LEAST, prefix) or (re.fullmatch(_ABOVE, suffix) and not re.fullmatch(_AT_MOST, prefix)):
        return value, None
    if re.fullmatch(_AT_MOST, prefix) or re.fullmatch(_BELOW, suffix):
        return None, value
    if prefix in {"大概", "大约", "约"} or re.fullmatch(_ABOUT, suffix):
        return value * (1 - AROUND), value * (1 + AROUND)
    return value, value


_RATE = re.compile(
    rf"(?P<prefix>{_AT_MOST}|{_AT_LEAST})?\s?"
    rf"(?:(?<!\d)(?P<one>(?>\d+(?:\.\d+)?))\s?(?:(?:%|％)?\s?{_TO}\s?(?P<two>\d+(?:\.\d+)?)\s?)?(?:%|％|个点|个百分点)"
    rf"|百分之(?P<cn>{NUMERAL})(?:\s?{_TO}\s?(?:百分之)?(?P<cn2>{NUMERAL}))?"
    rf"|(?P<points>{NUMERAL})个(?:百分)?点)"
    rf"\s?(?P<suffix>{_BELOW}|{_ABOVE}|{_ABOUT})?"
)


def rates(text: str) -> Iterator[SaidRate]:
    """Rates in reading order: 5%, 百分之五, 三个点, 3%-5%, 不超过2.5%."""
    for match in _RATE.finditer(text):
        one = numeral(match["one"] or match["cn"] or match["points"] or "")
        two_said = match["two"] or match["cn2"]
        two = numeral(two_said) if two_said else None
        if one is None:
            continue
        span = Span(match.start(), match.end())
        if two is not None:
            yield SaidRate(span, min(one, two), max(one, two))
        else:
            yield SaidRate(span, *_bounds(one, match["prefix"] or "", match["suffix"] or ""))
