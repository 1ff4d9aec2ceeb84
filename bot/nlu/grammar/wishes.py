"""Closed sets of words that narrow a search: kind, free, cheaper, order."""

from __future__ import annotations

import re

from backend.domain.patents import PatentKind
from backend.domain.queries import Sort
from bot.dialogue.meaning import Span, Wishes

_KINDS = (
    (PatentKind.UTILITY_MODEL, re.compile("实用新型|实新|新型专利|實用新型")),
    (PatentKind.DESIGN, re.compile("外观设计|外观|外觀")),
    (PatentKind.INVENTION, re.compile("发明专利|发明(?!人|者)|發明專利")),
)
_NOT = re.compile(r"(?:不要|不看|别要|除了|去掉|排除|莫要|不考虑|不想要|除去)[^，。,；]{0,4}$")
_FREE = re.compile(
    r"免费|免費|不要钱|不收费|不花钱|零费用|(?<![一二三四五六七八九十百千万亿点])零元|(?<![\d.,０-９])[0０]元|白用|冇得费用|不用钱"
)
_CHEAPER = re.compile("便宜|实惠|价格低|少花|再低|太贵|貴|划算|省钱")
_ORDERED = re.compile(
    r"(?:按|照)?(?:价格?|价钱|费用|时间|日期|期限)?(?:从低到高|由低到高|从低|由新到旧|从新到旧)?"
    r"(?:最新|最便宜|便宜|价格低|新|剩余期限最?长?|期限最?长|还能用最?久|有效期长|保护期长)?的?"
    r"(?:排序|排列|排|放)(?:一下|下)?(?:在)?最?(?:前面|前头|前)?"
)
_SORTS = (
    (Sort.PRICE, re.compile("按价|价格(?:从低|低的|排|由低)|便宜的?(?:排|放|在)前|最便宜|按费用")),
    (Sort.NEWEST, re.compile("最新|新的(?:排|放|在)前|按时间|按日期|由新到旧")),
    (Sort.TERM_LEFT, re.compile("剩余期限|期限最?长|还能用(?:最)?久|有效期长|保护期长")),
)


def wishes(text: str) -> Wishes:
    """What the words ask for; kinds behind a “不要” are excluded."""
    kind = without = None
    for candidate, pattern in _KINDS:
        match = pattern.search(text)
        if match and _NOT.search(text[: match.start()]):
            without = candidate
        elif match and kind is None:
            kind = candidate
    free = _FREE.search(text) is not None and not re.search("不要免费|不看免费|除了免费", text)
    sort = next((candidate for candidate, pattern in _SORTS if pattern.search(text)), None)
    return Wishes(kind=kind, without_kind=without, free=free, cheaper=_CHEAPER.search(text) is not None, sort=sort)


def ordering(text: str) -> tuple[Span, ...]:
    """Where an order is asked for in so many words: “最新的排前面” is nothing to look for."""
    return tuple(Span(*found.span()) for found in _ORDERED.finditer(text))
