"""Words of the follower's own: texts with a length, titles, names, codes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from bot.dialogue.flows.engine import Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, unpictured
from bot.dialogue.flows.readers.people import phone_in
from bot.dialogue.say import Value, say

MOST_EXPLAINED = 2000  # the explanation of a fee, in characters (declaration form)
MOST_SHOWN = 60
LONG = 200  # from here on a text is more than one line on a phone
# What art. 85 (3) of the Implementing Regulations calls commercial advertising.
_PUFFERY = re.compile(
    r"(?:国际|國際|国内|國內|行业|行業|全球|世界|全国|业内)(?:领先|領先|首创|首創|一流|第一|先进水平|最先进)|"
    r"独一无二|绝无仅有|填补(?:了)?(?:国内|国际|行业)?(?:的)?空白|划时代|革命性|颠覆性|史无前例|遥遥领先|顶级|顶尖|王牌|"
    r"销量第一|热销|畅销|爆款|超低价|最低价|特价|限时|优惠|促销|打折|物超所值|性价比(?:最|极|超)?高|稳赚|必赚|暴利|"
    r"欲购从速|机不可失|独家|最好的|最优秀|最强|第一品牌|品质保证|包您满意"
)
_SPLIT = re.compile(r"[;；,，、\n]+|\s{2,}")
_LEAD = re.compile(r"^\s*(?:\d{1,2}[.、)）]|[-·•])\s*")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./()（）〔〕\[\]第号_-]{3,63}")
_CODE_LABEL = re.compile(r"^(?:有了?|评价报告|报告|编号|号码?|是|为|叫|的|[：:，,、])+")
_CODE_INSIDE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z][0-9A-Za-z./()_-]{6,62}[0-9A-Za-z)]")
_ASKS = re.compile(
    r"谁|怎么|怎样|多少|什么|哪里|哪个|哪些|能不能|是不是|要不要|有没有|[?？吗呢]$"
)  # no title and no holder has them
# “写错了”, “等一下”, “区域改成武汉市”: about what is being filled in, and nothing to fill in.
_ABOUT_THE_FORM = re.compile(
    r"[写填说选弄打输]错|改成|改为|换成|不对|错了|等一?下|等等|稍等|(?:跟|和|同)(?:前面|上面|刚才)(?:的)?一样|不知道|不晓得|下一[步个项]|没想好|不清楚|^(?:不变|不改了?|照旧|保持不变|还是原来的|就?这样)$"
)
LONGEST_ABOUT_IT = 24
_NO_ANSWER = ("none_of_all", "not_yet", "not_sure", "yes_no", "skip", "all_right", "command")


def cleaned(text: str) -> str:
    """Without control characters, which no document prints."""
    kept = (letter for letter in text if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"})
    return "".join(kept).strip()


def shortened(text: str) -> Value:
    return text if len(text) <= MOST_SHOWN else say("flow_common.shortened", text=text[:MOST_SHOWN], length=len(text))


def puffery(text: str) -> tuple[str, ...]:
    """Advertising words in order, each once."""
    return tuple(dict.fromkeys(match[0] for match in _PUFFERY.finditer(text)))


def text(*, least: int = 2, most: int = MOST_EXPLAINED, may_skip: bool = False, sober: bool = True) -> Reader:
    """Free words. `may_skip`: “无” leaves it empty. `sober`: advertising words are refused."""

    def read(heard: Heard) -> str:
        if may_skip and heard.meaning("skip"):
            return ""
        said = cleaned(heard.text)
        if not least <= len(said):
            raise Unread("flow_common.error.too_short", given=said)
        if len(said) > most:
            raise AnswerError("flow_common.error.too_long", length=len(said), limit=most)
        if sober and (found := puffery(said)):
            raise AnswerError("flow_common.error.puffery", words=found)
        return said

    return Reader(
        read,
        show=lambda value: shortened(value) if value else say("flow_common.nothing"),
        wordy=True,
        offers=(("skip", ""),) if may_skip else (),
        long=most >= LONG,
    )


def is_about_the_form(heard: Heard) -> bool:
    return len(heard.plain) <= LONGEST_ABOUT_IT and _ABOUT_THE_FORM.search(heard.plain) is not None


def _is_no_words(heard: Heard) -> bool:
    """“都没有”, “对”, “年费谁交”: an answer to another question, or a question, where a title or a name is asked."""
    return (
        is_about_the_form(heard) or bool(_ASKS.search(heard.plain)) or any(heard.meaning(kind) for kind in _NO_ANSWER)
    )


def title() -> Reader:
    """The name of a patent, as its certificate prints it."""
    free = text(most=120, sober=False)

    def read(heard: Heard) -> Any:
        if len(heard.plain) > 1 and _is_no_words(heard):
            raise Unread("flow_declare.title.error.no_title", given=heard.text[:20])
        return free.read(heard)

    return replace(free, read=read)


def _names(heard: Heard) -> tuple[str, ...]:
    parts = [_LEAD.sub("", part).strip() for part in _SPLIT.split(cleaned(heard.text))]
    names = tuple(dict.fromkeys(part for part in parts if part))
    if heard.frame.profile.bound and heard.meaning("own_institution"):
        return (heard.frame.profile.institution,)
    wrong = any(len(name) < 2 or not re.search(r"[^\W\d_]", name) for name in names)  # noqa: PLR2004 a name has two characters
    if not names or wrong or _is_no_words(heard):
        raise Unread("flow_common.error.names", given=heard.text[:20])
    if len(names) > 20 or any(len(name) > 100 for name in names):  # noqa: PLR2004 more than any certificate holds
        raise AnswerError("flow_common.error.too_many_names")
    return names


def names() -> Reader:
    return Reader(_names, dump=list, load=_loaded_names, show=lambda value: value, wordy=True)


def _loaded_names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(value)
    return tuple(str(name) for name in value)


def code(problem: str, missing: str = "") -> Reader:
    """A number from a paper. `problem` is the text for what is none, `missing` for “还没有”."""

    def read(heard: Heard) -> str:
        if missing and any(
            heard.meaning("not_yet", part) for part in (heard.plain, *_SPLIT.split(heard.plain)) if part
        ):
            raise AnswerError(missing)
        said = unicodedata.normalize("NFKC", unpictured(heard.text))
        whole = _CODE_LABEL.sub("", re.sub(r"\s+", "", said).removesuffix("。"))
        if _CODE.fullmatch(whole) and any(letter.isdigit() for letter in whole):
            return whole
        inside = [found for found in _CODE_INSIDE.findall(said) if sum(letter.isdigit() for letter in found) >= 4]  # noqa: PLR2004 a year at least
        if len(inside) != 1 or phone_in(inside[0]) or heard.facts.numbers or heard.facts.dates:
            raise Unread(problem, given=heard.text[:20])
        return str(inside[0])

    return Reader(read)
