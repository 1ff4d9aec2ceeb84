"""Numbers as answers and statutes write them, brought to one form: 三万元, 3万元, 30,000; 百分之五十, 50%."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
_CHINESE = f"[{''.join({*DIGITS, *UNITS, *LARGE})}]+"
_ARABIC = r"\d+(?:,\d{3})*(?:\.\d+)?"
_DATE = re.compile(r"(\d{4})(?:年(?=\d{1,2}月\d{1,2}日)|-(?=\d\d-\d\d))(\d{1,2})[月-](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})年(\d{1,2})(?=月|至\d{1,2}月)")
_FIGURE = re.compile(rf"(?P<percent>百分之(?P<share>{_CHINESE}))|(?P<arabic>{_ARABIC})(?P<large>[万亿]*)(?P<sign>%?)")
_WORDED = re.compile(_CHINESE)
# What an answer says in Chinese numerals is a claim when it is time, money or a multiple; 一家一家, 两步, 三样 count words.
_CLAIMED = re.compile(rf"({_CHINESE})(年|个月|个工作日|月|日|天|周|小时|元|倍|成|件|份|家|所|人|次)")
_IDIOMATIC = frozenset({"月", "日", "天", "件", "份", "家", "所", "人", "次"})  # 一次总付, 一份合同
# 第五十条, 第三款, 第(四)项, 三(四): where something stands, not how much it is.
_PLACES = re.compile(rf"第\(?(?:{_CHINESE}|\d+)\)?(?:条|款|项|部分|章|节|问)|\({_CHINESE}\)")


def plain(text: str) -> str:
    """Full-width signs as their ASCII twins; no white space but one between two figures, which would else be one."""
    return re.sub(
        r"(?<=\d)(\s)\s*(?=\d)|\s+", lambda found: " " if found[1] else "", unicodedata.normalize("NFKC", text)
    )


def claims(text: str) -> tuple[str, ...]:
    """What a text claims, in order and once each: `30000`, `50%`, `2024-01-20`, `2022-05`. Places (第五十条) are left out."""
    return tuple(dict.fromkeys(_claims(_PLACES.sub(" ", plain(text)))))


def _claims(text: str) -> Iterator[str]:
    for found in _DATE.finditer(text):
        yield _day(found)
    text = _DATE.sub(" ", text)
    for found in _MONTH.finditer(text):
        yield _month(found)
    text = _MONTH.sub(" ", text)
    yield from _figures(text)
    for found in _CLAIMED.finditer(text):
        value = chinese(found[1])
        idiom = found[1] == "一" and found[2] in _IDIOMATIC
        if value is not None and not idiom and not text[: found.start()].endswith("百分之"):
            yield _form(value)


def facts(text: str) -> frozenset[str]:
    """Every number that a source text holds, in the same forms; generous, because it only ever allows."""
    text = plain(text)
    held = set(_figures(text))
    for found in _DATE.finditer(text):
        held |= {_day(found), _month(found), *(str(int(part)) for part in found.groups())}
    held |= {_month(found) for found in _MONTH.finditer(text)}
    held |= {_form(value) for word in _WORDED.findall(text) if (value := chinese(word)) is not None}
    return frozenset(held)


def _figures(text: str) -> Iterator[str]:
    for found in _FIGURE.finditer(text):
        if found["percent"]:
            value = chinese(found["share"])
            if value is not None:
                yield f"{_form(value)}%"
            continue
        amount = Decimal(found["arabic"].replace(",", ""))
        for unit in found["large"]:
            amount *= LARGE[unit]
        yield _form(amount) + found["sign"]


def _day(found: re.Match[str]) -> str:
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"


def _month(found: re.Match[str]) -> str:
    return f"{found[1]}-{int(found[2]):02}"


def _form(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def chinese(word: str) -> Decimal | None:
    """The value of a Chinese numeral: 五百万, 三百零五, 二〇二四. None where it is none (万, 十三五)."""
    if word[0] in LARGE:
        return None
    if len(word) > 1 and all(char in DIGITS for char in word):
        return Decimal("".join(str(DIGITS[char]) for char in word))
    total, section, digit = 0, 0, None
    for char in word:
        if char in DIGITS:
            if digit:  # 十三五
                return None
            digit = DIGITS[char]
        elif char in UNITS:
            section += (1 if digit is None else digit) * UNITS[char]
            digit = None
        else:
            total = (total + section + (digit or 0)) * LARGE[char]
            section, digit = 0, None
    return Decimal(total + section + (digit or 0))
