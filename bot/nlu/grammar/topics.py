"""What is left to look for when everything else is taken out of a sentence: the fallback for a technology topic."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.dialogue.meaning import Span

_CARRIERS = re.compile(
    "|".join(
        sorted(
            "有没有|有冇得|有木有|有没得|冇得|有么|有哪些|哪些|哪个|什么样|什么|么样|关于|相关|方面|这方面|领域|方向|类的|这类|那种|这种|一种|"
            "帮我|帮忙|帮我们|给我|给我们|替我|我们厂|我们公司|我们这边|我们|我想|我要|我是|我|咱们|咱|想要|想找|想搞|想做|想用|需要|要找|要用|"
            "找一下|找找|找点|找个|找到|找|搜索|搜一下|搜|查一下|查询|查查|查|看看|看一下|推荐|推薦|求购|求|来点|来个|弄个|弄点|弄|搞个|搞点|"
            "专利技术|专利|專利|专力|技术|技術|成果|可以用的|能用的|可用的|用得上的|开放许可|许可的|许可|的|了|吗|呢|吧|啊|呀|嘛|哈|哦|撒|唦|咧|么|"
            "请问|麻烦|劳烦|谢谢|你好|您好|那个|这个|就是|就|还有没|还有|还|也|都|里面|里|在|是|和|与|或者|或|以及|个|件|条|些|点|最好|一下|"
            "免费|免費|不要钱|不收费|便宜点|便宜|实惠|价格低|太贵|贵|发明专利|发明|实用新型|外观设计|外观|预算|价格|费用|许可费|使用费|只看|只要|"
            "换成|换|不要|不看|除了|别的|其他|附近|本地|当地|那边|这边|有|能|可以|可|做|用来|用于|用|把|给|想|要|看".split("|"),
            key=len,
            reverse=True,
        )
    )
)
_EDGES = re.compile(r"[\s，。！？、；：,.!?;:~～…“”\"'（）()\[\]【】《》<>]+")


def topic_words(text: str, taken: Iterable[Span]) -> str:
    """The words of a search, blanks between pieces. May be empty."""
    letters = list(text)
    for span in taken:
        letters[span.start : span.end] = " " * (span.end - span.start)
    left = _EDGES.sub(" ", "".join(letters))
    return " ".join(_CARRIERS.sub(" ", left).split())[:120]
