"""“有新的每周告诉我”: the wish to be told of what comes, how often, and the wish not to be told any more."""

from __future__ import annotations

import re

from backend.domain.saved_queries import Cadence
from bot.dialogue.meaning import SaidTelling, Span

_WEEKLY = "每个?(?:周|星期|礼拜)(?![一二三四五六日天末]之前)|(?:一|壹|1)个?(?:周|星期|礼拜)一[次回]|按周|周报"
_DAILY = "每一?[天日]|天天|日日|(?:一|1)天一[次回]|按[天日]|日报"
_OFTEN = f"(?:{_WEEKLY}|{_DAILY})(?:早上|上午|一?[次回份])?"
_TELL = (
    "(?:告诉|告知|通知|提醒|提示|知会|汇总|喊|叫|(?:推送?|发|传|报|送|讲|说)(?:一[次份条])?(?:给|到|与|跟|得)?|跟)"
    "(?:一?[次下份声])?"
)
_ME = "(?:我们|咱们?|俺|我)?(?:们厂|公司)?(?:的?微信)?上?(?:讲|说|发)?(?:一?[声下次份]|哈子?)?"
_NEW = (
    "(?:有|出|来|上|冒出)[了得]?新(?:的|货|品|东西|专利|技术|成果|上架的?)?(?:专利|技术|成果)?|上新|有更新|更新[了的]?"
)
_COMES = f"(?:以后|今后|往后|将来|只要|哪天|一旦|要是|如果)?(?:再)?(?:{_NEW}|有[了得](?=就|便|再|,|，))"
_JOIN = "[，,、 ]{0,2}(?:的话|的时候|了)?[，,、 ]{0,2}(?:就|便|请|都|再|及时|马上|随时|麻烦)*"
_STRONG = (
    re.compile(f"{_COMES}{_JOIN}(?:{_OFTEN})?(?:都|再|请)?{_TELL}{_ME}"),
    re.compile(f"(?:{_OFTEN})(?:都|再|请|给我|帮我)?{_TELL}{_ME}"),
    re.compile("有[了得]?新的?(?:了)?就?吱[个一]?声"),
    re.compile(f"的?新(?:专利|技术|成果|货|品)(?:一?出来|一?上架|上新|有)[了得]?{_JOIN}{_TELL}{_ME}"),
)
# “以后有茶叶烘干的新专利就告诉我”: what is looked for stands in the middle.
_HEAD = re.compile(
    "(?:[搜找查]不到(?:就算了|也不要紧|也没关系|没事)?[，, ]?)?(?:以后|今后|往后|将来|只要|哪天|一旦|要是|如果)(?:再|要是|一)?(?:有|出|来|上)[了得]?(?:新的?)?|(?:有|出|来|上)[了得]?新的?|(?<!没)有(?=[^，。,]{1,16}的新(?:专利|技术|成果))"
)
_TAIL = re.compile(
    f"(?:的?新(?:专利|技术|成果|货|品)?)?{_JOIN}(?:记得|莫忘了|要|来)?(?:{_OFTEN})?(?:都|再|请)?(?:{_TELL}|找|联系)(?:我们|咱们?|我)(?:(?:说|讲)?一?[声下次份]|哈子?)?(?=\\W|$)"
)
_WEAK = re.compile(
    "(?:再|还|也)?(?:帮我|给我|我要|我想|要)?(?:再|也)?订阅(?:一下|这个|这些|它)?(?:吧|了)?|"
    "(?:再|还要|也)?(?:帮我|给我)?(?:再|也)?(?:长期)?(?:关注|盯着|盯到|盯住|留意)(?:一下|着)?"
)
_OFTEN_ONLY = re.compile(_OFTEN)
_STOP = re.compile(
    "退订|取消(?:全部|所有)?(?:的)?(?:订阅|推送|提醒)|(?:别|莫|不要|不用|不必|勿|停止|请?勿)(?:再|要)?(?:给我|向我|跟我)?(?:乱)?"
    "(?:再)?(?:推送|推(?!荐)|发消息|发通知|提醒|通知|打扰|骚扰)(?!的?专利)|(?:别|莫|不要)再(?:给我|跟我)?发|(?:都|全)(?:别|莫|不要|不用)(?:再)?(?:给我|跟我)?(?:发|推(?!荐))|不想(?:再)?(?:收|看)到?(?:这些|这种|你们的?)?(?:推送|消息|通知|提醒)|"
    "不(?:再)?(?:接收|收)(?:这些)?(?:推送|消息|通知|提醒)|(?:关掉|关闭|停掉|取消)(?:这些)?(?:推送|提醒|通知|消息)"
)


# “晚上别发” is about when, not about whether.
_AT_TIMES = re.compile(
    "晚上|夜里|夜间|半夜|深夜|凌晨|中午|早上|上午|下午|周末|节假日|休息|睡觉|上班|下班|[0-9一二三四五六七八九十两]+点"
)


def telling(text: str) -> SaidTelling | None:
    """What a text says about being told; None where it says nothing of it."""
    stop = _STOP.search(text)
    if stop and not _AT_TIMES.search(text):
        return SaidTelling((Span(*stop.span()),), stop=True)
    often = _OFTEN_ONLY.search(text)
    cadence = _cadence(often[0]) if often else None
    for pattern in _STRONG:
        match = pattern.search(text)
        if match:
            return SaidTelling((_with_often(match, often),), cadence, new=True)
    head = _HEAD.search(text)
    tail = _TAIL.search(text, head.end()) if head else None
    if head and tail:
        return SaidTelling((Span(*head.span()), _with_often(tail, often)), cadence, new=True)
    weak = _WEAK.search(text)
    if weak:
        return SaidTelling((Span(*weak.span()),), cadence)
    return SaidTelling((Span(*often.span()),), cadence) if often else None


def _cadence(said: str) -> Cadence:
    return Cadence.WEEKLY if re.match(_WEEKLY, said) else Cadence.DAILY


def _with_often(match: re.Match[str], often: re.Match[str] | None) -> Span:
    """“有新的告诉我，每周一次”: how often may stand behind it."""
    end = match.end()
    if often and often.start() >= end and not re.search(r"\w", match.string[end : often.start()]):
        end = often.end()
    return Span(match.start(), end)
