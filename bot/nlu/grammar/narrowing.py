"""What narrows a search besides place, price and kind: quotes, the title, exclusions, the track, what was told around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backend.domain.listings import Track
from backend.domain.queries import Facet
from bot.dialogue.meaning import SaidPlace, Span

_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』]{2,40})[”\"」』]")
_TITLE = re.compile(
    r"(?:标题|题目|名称|名字|专利名)(?:里面?|中|上)?(?:要|得)?(?:有|带有?|含有?|包含|写着?|出现)\s*[“\"「『]?([^“”\"「」『』，。,；;！？!?\s]{2,20}?)[”\"」』]?"
    r"(?=的|字样|这|两个字|[，。,；;！？!?\s]|$)"
)
_HOLDER = re.compile(
    r"(?:专利权人|权利人|所有人|申请人)(?:是|为|叫|[:：])\s*[“\"「『]?([^“”\"「」『』，。,；;！？!?\s的]{2,30})[”\"」』]?"
)
NOT = r"(?:不要|不看|别要|莫要|除了|除去|去掉|排除|不含|不包括|不考虑|不想要|剔除)"
_WITHOUT = re.compile(
    rf"{NOT}(?:带有?|含有?|涉及|用到?|关于|跟|和)?([^，。,；;！？!?\s]{{1,8}}?)(?:有关|相关)?(?=的|以外|之外|[，。,；;！？!?\s]|$)"
)
_NO_WORDS = re.compile(
    r"钱|费|价|贵|免费|便宜|紧|急|再|给我|推|发明|实用新型|实新|外观|新型专利|试点|法定|这[个些件]|那[个些件]|了$|我|你|它|什么|专利|啰嗦|废话"
)
_WITHOUT_KIND = re.compile(rf"{NOT}[^，。,；;\s]{{0,4}}(?:实用新型|实新|外观设计|外观|发明专利|发明)(?:专利)?的?")
_BEFORE_A_PLACE = re.compile(rf"{NOT}[^，。,；;]{{0,8}}$")
_TRACKS = (
    (Track.STATUTORY, re.compile(r"法定(?:的)?(?:开放)?(?:许可)?")),
    (Track.PILOT, re.compile(r"试点(?:的)?(?:开放)?(?:许可)?")),
)
_FACETS = (
    (Facet.PLACE, r"城市|地区|地方|区域|市州|地市|市|州|产地"),
    (Facet.PRICE, r"价格|价钱|价位|费用|收费|价"),
    (Facet.KIND, r"专利类型|类型|种类|类别"),
    (Facet.CLUSTER, r"产业集群|产业|行业|集群|领域"),
    (Facet.TRACK, r"许可轨道|轨道|许可方式|许可类型"),
    (Facet.HOLDER, r"专利权人|权利人|单位|学校|高校|企业|公司"),
)
_COUNTED = tuple(
    (
        facet,
        re.compile(
            rf"按(?:照)?(?:{names})(?:来|再)?(?:分|归|统计|拆|数|列)|(?:各个?|每个|不同|哪些|哪几个)(?:{names})(?:各|都|分别)?(?:是|有)?(?:多少|几)[个件]?"
        ),
    )
    for facet, names in _FACETS
)
_WISH = re.compile(
    r"有没有|有冇得|有没得|有木有|有冇有|有不有|能不能找|可不可以找|想找|要找|帮.{0,3}找|找(?:一|个|点|些|几)|想要|求购?|需要|想搞|想买|想上|要(?:一)?个|推荐|给我来|搜"
)
SHORTEST_WISH, LONGEST_STORY = 2, 60


@dataclass(frozen=True, slots=True)
class Said:
    """A value and where it was said."""

    value: str
    span: Span


def phrase(text: str) -> Said | None:
    """What stands in quotation marks, wanted word for word."""
    found = _QUOTED.search(text)
    return _said(found, 0) if found else None


def title(text: str) -> Said | None:
    """“标题里有石墨烯的” → 石墨烯."""
    found = _TITLE.search(text)
    return _said(found, 0) if found else None


def holder(text: str) -> Said | None:
    """“权利人是江汉理工学院” → 江汉理工学院."""
    found = _HOLDER.search(text)
    return _said(found, 0) if found else None


def _said(found: re.Match[str], whole: int) -> Said:
    return Said(found[1].strip(), Span(*found.span(whole)))


def without_words(text: str, places: tuple[SaidPlace, ...]) -> Iterator[Said]:
    """“不要铝合金的” → 铝合金; kinds, places, prices and tracks are excluded by those who read them."""
    for found in _WITHOUT.finditer(text):
        start, end = found.span(1)
        is_place = any(start < place.span.end and place.span.start < end for place in places)
        says_one = len(found[1]) > 1 or found[0].startswith("不含")  # “不含氟”; “不要红的” is about something shown
        if says_one and not is_place and not _NO_WORDS.search(found[1]):
            yield _said(found, 0)


def excluded_kinds(text: str) -> tuple[Span, ...]:
    """Where kinds are excluded: “不要外观设计的”."""
    return tuple(Span(*found.span()) for found in _WITHOUT_KIND.finditer(text))


def parted(text: str, places: tuple[SaidPlace, ...]) -> tuple[tuple[SaidPlace, ...], tuple[SaidPlace, ...]]:
    """(places that are wanted, places that are not): “不要武汉的，宜昌的也行”."""
    excluded: list[SaidPlace] = []
    end = 0
    for place in places:
        listed = (
            excluded and excluded[-1].span.end == end and text[end : place.span.start] in {"和", "、", "跟", "与", "或"}
        )
        if listed or _BEFORE_A_PLACE.search(text[end : place.span.start]):
            excluded.append(place)
        end = place.span.end
    return tuple(place for place in places if place not in excluded), tuple(excluded)


def track(text: str) -> tuple[Track | None, tuple[Span, ...]]:
    """(the track that is wanted, where tracks are named). Where both are named, neither is a condition."""
    named = [(candidate, found) for candidate, pattern in _TRACKS for found in pattern.finditer(text)]
    spans = tuple(Span(*found.span()) for _, found in named)
    tracks = {candidate for candidate, _ in named}
    if len(tracks) != 1:
        return None, spans
    wanted = tracks.pop()
    if re.search(rf"{NOT}[^，。,；;]{{0,2}}$", text[: named[0][1].start()]):
        wanted = Track.PILOT if wanted is Track.STATUTORY else Track.STATUTORY
    return wanted, spans


def facet(text: str) -> tuple[Facet | None, tuple[Span, ...]]:
    """“按城市分”, “各单位有多少”: by what the hits are to be counted."""
    for candidate, pattern in _COUNTED:
        if found := pattern.search(text):
            return candidate, (Span(*found.span()),)
    return None, ()


def wish_begins(text: str) -> int:
    """Where the wish begins behind what was told before it; 0 where nothing was told, or the wish says nothing itself."""
    found = _WISH.search(text)
    if (
        not found
        or not text[: found.start()].strip(" ，,。.！!；;")
        or len(text[found.end() :].strip()) < SHORTEST_WISH
    ):
        return 0
    return found.start()
