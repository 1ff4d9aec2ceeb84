"""How much of what somebody writes of a problem stands in a patent: words that few patents hold count more.

A need is a paragraph, not a query: nobody's patent holds all of its words. It is read as a search is, so that everyday words
are met by the official ones (backend/search/wanted.py). What no patent of the pool holds says nothing about any of them
and is left out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from backend.search.everyday import everyday
from backend.search.fields import IndexDocument
from backend.search.percolation import Frequency, texts_of
from backend.search.tokens import Tokenizer, plain
from backend.search.wanted import Group, Reader, covered

LEAST_SCORE = Decimal("0.33")
WITHOUT_TITLE = Decimal("0.58")  # of a patent whose title names none of it
# What every workshop writes, whatever its trouble is.
EVERYDAY_WORDS = """
不好 控制 变成 不用 跑掉 帮我 一条 一个 几个 以后 以内 处理 要求 严重 方便 麻烦 费用 许可 免费
想找 想要 需要 希望 办法 方法 方案 问题 难题 解决 人工 机器 设备 装置 系统 技术
专利 产品 工序 工艺 生产 加工 使用 老是 总是 经常 容易 出现 导致 造成 影响 提高
降低 减少 减轻 增加 改善 改进 改造 效率 成本 质量 效果 速度 时间 现在 目前 我们
公司 企业 工厂 车间 老师 高校 团队 合作 预算 需求 登记 帮忙 有没有 能不能 怎么 什么
材料 结构 部件 自动 智能 新型 各种 一些 比较 非常 太 很 大量 全靠
"""
EVERYDAY = frozenset(EVERYDAY_WORDS.split())
LEAST_SHARED = 2
SHORTEST = 2  # characters of a word that can say what something is about
NUMERAL = re.compile(r"[0-9零一二三四五六七八九十百千万亿两半]+[个条件元块天月年]?")
COMMON = 0.25  # a word of more than this share of the pool says nothing


@dataclass(frozen=True, slots=True)
class Telling:
    """What a text names, with its weight: the rarer the heavier."""

    weighed: tuple[tuple[Group, float], ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(group.said for group, _ in self.weighed)


def telling(text: str, tokenizer: Tokenizer, frequency: Frequency, size: int) -> Telling:
    """`size` is how many patents the pool holds. Raises IndexNotReady where they cannot be counted."""
    weighed = []
    for group in Reader(tokenizer, everyday()).read(text):
        if not group.needed or not _says_something(group.said):
            continue
        held = max(min(frequency(("word", term)) for term in way.terms) for way in group.ways)
        if 0 < held <= max(COMMON * size, 1):
            weighed.append((group, math.log(1 + size / held)))
    return Telling(tuple(weighed))


def _says_something(word: str) -> bool:
    return len(word) >= SHORTEST and word not in EVERYDAY and not NUMERAL.fullmatch(word)


def likeness(what: Telling, document: IndexDocument) -> Decimal:
    """The share of the weight that the patent holds, 0 to 1; 0 where too little is shared to mean anything."""
    title, *others = (plain(text) for text in texts_of(document))
    text = "\n".join((title, *others))
    shared = [(group, weight) for group, weight in what.weighed if covered(text, group) >= 1]
    if len(shared) < min(LEAST_SHARED, len(what.weighed)) or not shared:
        return Decimal(0)
    share = sum(weight for _, weight in shared) / sum(weight for _, weight in what.weighed)
    score = Decimal(str(round(share, 3)))
    titled = any(covered(title, group) >= 1 for group, _ in shared)
    return score if score >= (LEAST_SCORE if titled else WITHOUT_TITLE) else Decimal(0)
