"""What a message says of a fee: methods, bases, sums and rates, each with what it is for, and the words that are none of it.

A figure is taken only where every word of the message is understood: what is left over could turn it into another one
(5万美元, 每年5万, 5万左右). “不” is nobody's filler, so what is denied is never taken for what is said.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from backend.domain.fees import PaymentMethod, RoyaltyBasis
from backend.domain.numerals import RUN
from bot.dialogue.flows.heard import AnswerError, Heard, unpictured
from bot.dialogue.flows.readers.sums import RATE, SUM, Said, said_rate, said_sum
from bot.dialogue.meaning import SaidMoney, SaidRate

LEFT_OVER = "flow_common.error.left_over"
MOST_READ = 120  # characters; a longer message tells a story
_HAN = r"[\u4e00-\u9fff]"
_COUNTER = "(?:个|件|台|套|只|张|吨|公斤|斤|千克|平方米|米|瓶|盒|袋|箱|双|条|片|辆|支|升|亩)"
_UNIT = re.compile(
    rf"/\s?{_COUNTER}|(?:每|一)(?:[卖售产销出]|销售|生产|卖出)?一?{_COUNTER}(?:的?产品|货)?(?:(?:(?![不约左右最至起多几]){_HAN}){{1,8}}?(?=[收提抽给付要交]\s?{RUN}))?|[卖售]一{_COUNTER}"
)
_ONCE = re.compile(r"(?<=[\d十百千万亿二三四五六七八九元块钱])(?=一(?:次|笔|口价|年))")
_PAID_FIRST = re.compile(r"先(?:收|付|交|给)")
_BY_THE_YEAR = re.compile(r"(?:之后|以后|后面|然后|往后)?再?(?:逐年|每一?年|按年)(?:提|抽|收)?")
_PER_YEAR = re.compile(r"每一?年|按年|年付|一年|^年")
_ENTRY = re.compile(r"入门费|入门")
_FILLER = re.compile(
    r"(?:[\s,。;:、!~+“”\"'()·…]|\.(?!\d))+|[—–]{2,}|"
    r"我们|我|想要|想|要|那么|那就|那|就行|就好|就可以|就|吧|的|了|啊|呀|哈|呢|可以吗|行吗|吗|可以|行|好了|好|收点|收取|收费|收|支付|付费|付款|付清|付|给|提取|提|"
    r"抽|拿|取|缴|交|许可使用费|许可费|使用费|费用|价格|价钱|定价|定为|定在|定|为|是|按照|按|采用|用|选择|选|方式|比例|费率|"
    r"总金额|金额|总额|总价|总计|总共|一共|共计|共|合计|统共|一口气|再加上|再加|再|白给|白|大家|别人|人家|外加|另加|另外|另|附加|加上|加|并|和|及|与|"
    r"还是|改成|改为|改到|改|换成|每家企业|每家|每份许可|每份|以|算|计|先|卖|钱"
)
_MINUS = re.compile(r"(?<![\w)%‰])[-\u2212]\s?[\d.¥]|负\s?[\d一二两三四五六七八九十]|[\u4e00-\u9fff]-\s?\d")
_CURRENCY = re.compile(r"美元|美金|欧元|港币|港元|日元|英镑|美刀|刀|usd|hkd|eur|[$€£]")
_ABOUT = re.compile(
    rf"(?:大概|大约|差不多|约|近|不到|不超过|不低于|不高于|至少|最多|最低|最高|几)\s?{RUN}|(?<=[\d元块%十百千万])\s?[到至~-]\s?{RUN}"
    rf"|{RUN}\s?(?:元|块|%|个点)?(?:左右|上下|前后|以内|以上|以下|之内|不到|出头|起|多|来块|来元|几|余)"
)


@dataclass(frozen=True, slots=True)
class Fee:
    """`left` is what holds words that mean nothing here; `unread` a figure that is none, or two."""

    methods: frozenset[PaymentMethod] = frozenset()
    bases: frozenset[RoyaltyBasis] = frozenset()
    plain: tuple[Said, ...] = ()
    entry: tuple[Said, ...] = ()
    unit: tuple[Said, ...] = ()
    rates: tuple[Decimal, ...] = ()
    names_entry: bool = False
    left: str = ""
    unread: str = ""

    @property
    def figures(self) -> bool:
        return bool(self.plain or self.entry or self.unit or self.rates or self.unread)

    @property
    def royalty(self) -> bool:
        return bool(self.rates or self.bases or self.unit)


@dataclass
class _Collected:
    methods: set[PaymentMethod] = field(default_factory=set)
    bases: set[RoyaltyBasis] = field(default_factory=set)
    sums: dict[str, list[Said]] = field(default_factory=lambda: {"plain": [], "entry": [], "unit": []})
    rates: list[Decimal] = field(default_factory=list)
    names_entry: bool = False
    left: list[int] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    label: str = "plain"
    last: str = ""

    def add_sum(self, match: re.Match[str]) -> None:
        said = said_sum(match)
        if said is None:
            self.unread.append(match[0].strip())
        else:
            self.sums[self.label].append(said)
            self.last, self.label = self.label, "plain"

    def add_rate(self, match: re.Match[str]) -> None:
        rate = said_rate(match)
        if rate is None:
            self.unread.append(match[0].strip())
        else:
            self.rates.append(rate)
            self.last, self.label = "rate", "plain"

    def add_word(self, member: StrEnum) -> None:
        if isinstance(member, PaymentMethod):
            self.methods.add(member)
        elif member is RoyaltyBasis.UNIT:
            self.per_unit()
        else:
            self.bases.add(RoyaltyBasis(member))

    def per_unit(self) -> None:
        self.bases.add(RoyaltyBasis.UNIT)
        self.label = "unit"

    def end(self) -> None:
        """“2元一件”, “3万入门费”: for what it is stands behind it."""
        if self.label == "unit" and self.last == "plain":
            self.sums["unit"].append(self.sums["plain"].pop())
        if self.names_entry and not self.sums["entry"] and len(self.sums["plain"]) == 1:
            self.sums["entry"].append(self.sums["plain"].pop())


def fee_of(heard: Heard) -> Fee:
    """The message taken apart, in order."""
    text = _normal(heard.plain)[:MOST_READ]
    if RATE.search(text):  # “先收1万，之后每年销售额的2%”
        text = _BY_THE_YEAR.sub(" ", _PAID_FIRST.sub("入门费", text))
    words = _words(heard)
    got, at = _Collected(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word = next(((said, member) for said, member in words if text.startswith(said, at)), None)
        if rate := RATE.match(text, at):
            got.add_rate(rate)
            at = rate.end()
        elif unit := _UNIT.match(text, at):
            got.per_unit()
            at = unit.end()
        elif word:
            got.add_word(word[1])
            at += len(word[0])
        elif entry := _ENTRY.match(text, at):
            got.names_entry, got.label = True, "entry"
            at = entry.end()
        elif said := SUM.match(text, at):
            got.add_sum(said)
            at = said.end()
        elif filler := _FILLER.match(text, at):
            at = filler.end()
        else:
            got.left.append(at)
            at += 1
    got.end()
    return Fee(
        methods=frozenset(got.methods),
        bases=frozenset(got.bases),
        plain=_once(got.sums["plain"]),
        entry=_once(got.sums["entry"]),
        unit=_once(got.sums["unit"]),
        rates=tuple(dict.fromkeys(got.rates)),
        names_entry=got.names_entry,
        left=_left(heard, text, got.left),
        unread="、".join(got.unread),
    )


def _left(heard: Heard, text: str, letters: list[int]) -> str:
    """From the first letter that means nothing here to the last."""
    if len(heard.plain) > MOST_READ:
        return heard.plain
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _normal(text: str) -> str:
    """In “100万一次付清” the 一 belongs to what follows."""
    return _ONCE.sub(" ", unpictured(unicodedata.normalize("NFKC", text)).lower())


def _once(said: list[Said]) -> tuple[Said, ...]:
    """“5万元（50000元）” is one sum."""
    return tuple({each.value: each for each in said}.values())


def _words(heard: Heard) -> tuple[tuple[str, StrEnum], ...]:
    named = [(kind, heard.words.get(kind.__name__, {})) for kind in (PaymentMethod, RoyaltyBasis)]
    return _sorted(tuple((said, kind(meant)) for kind, known in named for said, meant in known.items()))


@lru_cache(maxsize=8)
def _sorted(words: tuple[tuple[str, StrEnum], ...]) -> tuple[tuple[str, StrEnum], ...]:
    """The longest first; “0元” is a sum here."""
    return tuple(sorted((pair for pair in words if not SUM.fullmatch(pair[0])), key=lambda pair: -len(pair[0])))


def trouble(heard: Heard, fee: Fee) -> AnswerError | None:
    """Why no figure of this message can be taken; None where all of it is understood."""
    text = _normal(heard.plain)
    if _MINUS.search(text) and fee.figures:
        return AnswerError("flow_common.error.negative")
    if _CURRENCY.search(text):
        return AnswerError("flow_common.error.currency")
    if any(word in text for word in heard.words.get("negotiable", ())):
        return AnswerError("flow_common.error.negotiable")
    if not fee.left and not fee.unread:
        return None
    if fee.figures and (_wide((*heard.facts.rates, *heard.facts.money)) or _ABOUT.search(text)):
        return AnswerError("flow_common.error.one_rate" if fee.rates else "flow_common.error.one_sum")
    if fee.unread:
        return AnswerError("flow_common.error.unclear_sum", given=fee.unread)
    if fee.figures and _PER_YEAR.search(fee.left):
        return AnswerError("flow_payment.error.per_year")
    return AnswerError(LEFT_OVER, given=fee.left[:30]) if fee.figures else None


def _wide(said: tuple[SaidMoney | SaidRate, ...]) -> bool:
    return any(each.low != each.high for each in said)
