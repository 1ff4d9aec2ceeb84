"""“第二个”, “2”, “就第三条吧”: which of the things just shown is meant."""

from __future__ import annotations

import re

from backend.domain.numerals import NUMERAL, numeral

_ORDINAL = re.compile(
    rf"第\s?({NUMERAL})(?!\s?(?:代|类|方|次|期|批|届|章|节|产业|季度))\s?(?:个|条|件|项|篇|号|款)?"  # 第三代半导体
)
_BARE = re.compile(
    r"^\s*(?:选|看|要|就|选择)?\s*([0-9０-９]{1,2}|[一二三四五六七八九十])\s*(?:号|个|条|项|吧|。|\.|、)?\s*$"
)
_LAST = re.compile(r"最后(?:一|那)?(?:个|条|件|项)")
MOST = 99


def ordinal(text: str) -> int | None:
    """A number from 1; -1 for the last; None where nothing is pointed at."""
    if _LAST.search(text):
        return -1
    match = _ORDINAL.search(text) or _BARE.match(text)
    if not match:
        return None
    value = numeral(match[1].translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    return int(value) if value is not None and 0 <= value <= MOST and value == int(value) else None
