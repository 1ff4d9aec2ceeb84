"""What a campaign's words may hold: placeholders by kind, what every text must say, and words an office does not use.

The engine is `backend.domain.wording`. Whatever is wrong is told as a code and a name; console labels have the sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.briefs import BriefKind, Content
from backend.domain.wording import WordingError, placeholders, said_always

LONGEST_BYTES = 2000  # of one text message (the platform's limit is about 2048)
LONGEST_BODY, LONGEST_TITLE, LONGEST_SOURCE = 400, 60, 60  # characters
ONLY_INFORMATION = "信息匹配，仅供参考"  # an office may not recommend patented products (Patent Law art. 79)
WAY_OUT = "退订"  # how to leave stands in everything that comes unasked (Personal Information Protection Law art. 15)
COMPANY, LIST, COUNT, LINK, TITLE, REASON, INSTITUTION = "企业", "专利清单", "件数", "链接", "标题", "理由", "单位"
PATENT, NUMBER, HOLDER, FEE, BODY, SOURCE, ADDRESS = (
    "专利名称",
    "专利号",
    "专利权人",
    "费用",
    "正文",
    "来源",
    "全文链接",
)

# Filled for each recipient; the others are the same for all.
OWN: Mapping[BriefKind, tuple[str, ...]] = {
    BriefKind.MATCHES: (COMPANY, LIST, COUNT, LINK, TITLE, REASON),
    BriefKind.ONE_PATENT: (COMPANY, REASON, LINK),
    BriefKind.NEWS: (LINK,),
    BriefKind.CASE: (LINK,),
    BriefKind.MOBILISATION: (INSTITUTION, LINK),
    BriefKind.NOTICE: (LINK,),
}
COMMON: Mapping[BriefKind, tuple[str, ...]] = {
    BriefKind.MATCHES: (),
    BriefKind.ONE_PATENT: (TITLE, PATENT, NUMBER, HOLDER, FEE),
    BriefKind.NEWS: (TITLE, BODY, SOURCE, ADDRESS),
    BriefKind.CASE: (TITLE, BODY, SOURCE, ADDRESS),
    BriefKind.MOBILISATION: (TITLE, BODY, SOURCE, ADDRESS),
    BriefKind.NOTICE: (TITLE, BODY, SOURCE, ADDRESS),
}
NEEDED: Mapping[BriefKind, tuple[str, ...]] = {
    BriefKind.MATCHES: (LIST,),
    BriefKind.ONE_PATENT: (PATENT, REASON),
    BriefKind.NEWS: (BODY, SOURCE),
    BriefKind.CASE: (BODY,),
    BriefKind.MOBILISATION: (BODY,),
    BriefKind.NOTICE: (BODY,),
}
# Promises and superlatives: Patent Law art. 79, Advertising Law art. 9 (2) and (3). “不保证” and “保证金” are no promises.
_FORBIDDEN = re.compile(
    "(?P<word>(?<![不非未])保[证證](?!金)|(?<![不非未能])确保|最低[价價]|最便宜|最佳|最好的|全国第一|第一品牌|"
    "(?<!不代表)(?<!不是)(?<!并非)政府推荐|政府指定|官方推荐|官方指定|[国國]家[级級]推荐|独家|包[过過]|包[赚賺]|包授权|稳[赚賺]|必[赚賺]|百分之百|100%|"
    "零[风風][险險]|无风险|无任何风险|限时抢|错过不再|最后机会)"
)
_BETWEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff*·.、_\-—~|]+")


@dataclass(frozen=True, slots=True)
class WordsProblem:
    """`code` finds the sentence, `name` is the placeholder, the word or the field it is about."""

    code: str
    name: str = ""


def known(kind: BriefKind) -> tuple[str, ...]:
    """Every placeholder that words of the kind may hold."""
    return (*OWN[kind], *COMMON[kind])


def forbidden(text: str) -> str:
    """The first word that may not be said, also where signs were put between its characters; empty where there is none."""
    found = _FORBIDDEN.search(_BETWEEN.sub("", unicodedata.normalize("NFKC", text)))
    return found["word"] if found else ""


def problems_of_words(kind: BriefKind, words: str) -> tuple[WordsProblem, ...]:
    """What is wrong with a template, one for each placeholder; empty where it may be used."""
    if not words.strip():
        return (WordsProblem("empty"),)
    try:
        named = placeholders(words)
    except WordingError:
        return (WordsProblem("unclosed"),)
    found = [WordsProblem("unknown", name) for name in sorted(named - set(known(kind)))]
    always = said_always(words)
    found += [WordsProblem("needed", name) for name in NEEDED[kind] if name not in placeholders(always)]
    if kind in BriefKind.matched() and ONLY_INFORMATION not in always:
        found.append(WordsProblem("only_information"))
    if WAY_OUT not in always:
        found.append(WordsProblem("way_out"))
    if word := forbidden(words):
        found.append(WordsProblem("forbidden", word))
    if len(words.encode()) > LONGEST_BYTES:
        found.append(WordsProblem("long"))
    return tuple(found)


def problems_of_content(kind: BriefKind, content: Content) -> tuple[WordsProblem, ...]:
    """What is missing or may not be said in what colleagues wrote for this campaign."""
    found: list[WordsProblem] = []
    if kind is BriefKind.ONE_PATENT and not content.number:
        found.append(WordsProblem("no_number"))
    if kind not in BriefKind.matched():
        wanted = {"title": content.title, "body": content.body}
        if kind is BriefKind.NEWS:
            wanted["source"] = content.source
        found += [WordsProblem("missing", name) for name, value in wanted.items() if not value.strip()]
    limits = {"title": LONGEST_TITLE, "body": LONGEST_BODY, "source": LONGEST_SOURCE}
    found += [WordsProblem("field_long", name) for name, most in limits.items() if len(getattr(content, name)) > most]
    for name in ("title", "body", "source"):
        value = getattr(content, name)
        if "((" in value or "（（" in value:
            found.append(WordsProblem("marks", name))
        if word := forbidden(value):
            found.append(WordsProblem("forbidden", word))
    if content.address and not re.fullmatch(r"https://[^\s()（）]{1,300}", content.address):
        found.append(WordsProblem("address"))
    return tuple(found)


def harmless(value: str) -> str:
    """A value that is filled in before the last filling and must not act as a template then."""
    return re.sub(r"([(（])(?=\1)", r"\1 ", value)
