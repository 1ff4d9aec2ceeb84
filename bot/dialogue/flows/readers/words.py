"""Words of the follower's own: texts with a length, names, codes, people to call."""

from __future__ import annotations

import re
import unicodedata

from bot.dialogue.flows.engine import Filled, Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, tidied
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
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-\s]?\d{7,8}(?:[-转]\d{1,6})?|[48]00-?\d{3}-?\d{4})(?!\d)")
_DIGITS = re.compile(r"\d[\d\s-]{5,}\d")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_NAME = re.compile(r"[^\d\W_](?:[^\d\W_]|[·.\s（）()]){0,28}")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./()（）〔〕\[\]第号_-]{3,63}")
_LABELS = re.compile(
    r"(?:我叫|联系人|聯繫人|姓名|名字|电话|電話|手机|手機|邮箱|郵箱|号码|是|为|:|：|，|,|。|;|；|、|/|\s)+"
)


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


def _names(heard: Heard) -> tuple[str, ...]:
    parts = [_LEAD.sub("", part).strip() for part in _SPLIT.split(cleaned(heard.text))]
    names = tuple(dict.fromkeys(part for part in parts if part))
    if heard.frame.profile.bound and heard.meaning("own_institution"):
        return (heard.frame.profile.institution,)
    if not names or any(len(name) < 2 or not re.search(r"[^\W\d_]", name) for name in names):  # noqa: PLR2004 a name has two characters
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
        if missing and heard.meaning("not_yet"):
            raise AnswerError(missing)
        said = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heard.text)).removesuffix("。")
        if not _CODE.fullmatch(said) or not any(letter.isdigit() for letter in said):
            raise Unread(problem, given=heard.text[:20])
        return said

    return Reader(read)


def phone_in(text: str) -> str:
    match = _PHONE.search(unicodedata.normalize("NFKC", text))
    return re.sub(r"\s", "", match[0]) if match else ""


def _phone(heard: Heard) -> Filled:
    """“13800000000 公开”: the number, and whether it is public."""
    phone = phone_in(heard.text)
    if not phone:
        raise (AnswerError if _DIGITS.search(heard.text) else Unread)("flow_common.error.phone", given=heard.text[:20])
    public = [said for part in _beside(heard.text) if (said := _is_public(heard, part))]
    return Filled(phone, {"contact_public": public[0] == "yes"} if public else {})


def _beside(text: str) -> list[str]:
    """The words that stand beside the phone and the address of mail."""
    return _LABELS.sub(" ", _EMAIL.sub(" ", _PHONE.sub(" ", unicodedata.normalize("NFKC", text)))).split()


def _is_public(heard: Heard, part: str) -> str:
    return heard.words.get("public", {}).get(tidied(part), "")


def phone() -> Reader:
    return Reader(_phone)


def _email(heard: Heard) -> str:
    match = _EMAIL.search(heard.text)
    if not match:
        raise Unread("flow_common.error.email", given=heard.text[:30])
    return match[0]


def email() -> Reader:
    return Reader(_email)


def _person(heard: Heard) -> Filled:
    """“张三 13800000000 公开”: a name, and what stands beside it."""
    said = unicodedata.normalize("NFKC", heard.text)
    phone, email = phone_in(said), _EMAIL.search(said)
    if not phone and _DIGITS.search(said):
        raise AnswerError("flow_common.error.phone", given=heard.text[:20])
    also: dict[str, object] = {}
    left = []
    for part in _beside(said):
        if public := _is_public(heard, part):
            also["contact_public"] = public == "yes"
        else:
            left.append(part)
    name = " ".join(left)
    if not _NAME.fullmatch(name):
        raise Unread("flow_common.error.person", given=heard.text[:20])
    if phone:
        also["contact_phone"] = phone
    if email:
        also["contact_email"] = email[0]
    return Filled(name, also)


def person() -> Reader:
    return Reader(_person, wordy=True)
