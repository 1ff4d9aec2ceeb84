"""Whom to call: a name, a phone, an address of mail, and whether they may be public. Words about something else are no name."""

from __future__ import annotations

import re
import unicodedata

from bot.dialogue.flows.engine import Filled, Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, bared, tidied, unpictured

_MOBILE = r"(?:\+?86[-\s]?)?1[-\s]?[3-9](?:[-\s]?\d){9}"
_LANDLINE = r"\(?0\d{2,3}\)?[-\s]?\d{4}[-\s]?\d{3,4}(?:\s?(?:-|转|ext)\s?\d{1,6})?"
_PHONE = re.compile(rf"(?<![\d+])(?:{_MOBILE}|{_LANDLINE}|[48]00[-\s]?\d{{3}}[-\s]?\d{{4}})(?!\d)")
_AS_DIGITS = str.maketrans("零〇幺一二三四五六七八九", "001123456789")
_SPOKEN = re.compile(r"[零〇幺一二三四五六七八九]{7,}")
_DIGITS = re.compile(r"\d[\d\s-]{5,}\d")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
# The most frequent family names, and such as Hubei has besides; a rare one is asked about once.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢路岳齐"
    "梅莫庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项游阳裴席卫屈鲍覃霍翁隋甘景薄包司柏宁柯阮桂闵柴华车冉房边吉饶刁"
    "瞿戚丘古米池滕晋苑邬臧畅宫嵺苟褚廉简娄盖符奚穆燕郎邸冀谈姬屠郜晏栾郁喻揭窦迟宇敖糜鄢卓仇芮胥皮官桑郗双乐舟肖付闫阚向"
    "張陳劉楊趙黃吳孫馬羅鄭謝馮蕭鄧許蘇盧蔣賈閻葉鍾鐘範譚鄒陸龍萬錢湯賴龔龐顧齊莊韋聶叢關韓費紀歐遊陽衛鮑溫單喬賀嚴婁"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·.\s（）()]){0,28}")
_OF_A_PERSON = re.compile(rf"(?:[老小阿]?[{_SURNAMES}]|欧阳|司马|上官|诸葛|皇甫|尉迟)[\u4e00-\u9fff]{{0,3}}")
TITLES = (
    "老师",
    "先生",
    "女士",
    "经理",
    "主任",
    "科长",
    "处长",
    "教授",
    "工",
    "总",
    "同志",
    "厂长",
    "院长",
    "所长",
    "博士",
    "小姐",
)
PLACES = ("部", "处", "科", "室", "中心", "办", "院", "所", "公司", "大学", "集团", "）", ")")
_NO_NAME = re.compile(
    r"找我|联系我|打我|这个|那个|就行|就好|不想|不愿|不留|不要|不用|不填|不给|不知|没有|怎么|什么|为什么|随便|本人|自己|你们|他们|写错|刚才|应该|不是|不对|"
    r"改成|改为|以后|再说|公开|保密|问题|可以|电话|手机|号码|联系|一下|年费|专利|许可|费用"
)
_ANOTHER_PERSON = re.compile("或者?|还是|以及")
_LABELS = re.compile(
    r"(?:我是|我叫|微信同号|微信同步|同微信|座机|固话|办公电话|联系人|聯繫人|姓名|名字|电话|電話|手机|手機|邮箱|郵箱|号码|是|为|:|：|，|,|。|;|；|、|/|\s)+"
)


def phone_in(text: str) -> str:
    """The one phone of a text as it is written down; empty where there is none, or more than one."""
    found = {_written(match[0]) for match in _PHONE.finditer(_normal(text))}
    return found.pop() if len(found) == 1 else ""


def _written(said: str) -> str:
    """A mobile in eleven digits; of a landline the code, the number and the extension stay apart as they were."""
    if re.fullmatch(_MOBILE, said):
        return re.sub(r"\D", "", said)[-11:]
    return re.sub(r"[\s(]", "", said).replace(")", "-").replace("--", "-")


def _normal(text: str) -> str:
    """Half width, without emoji; a number that is spoken, “幺三八零零…”, in digits."""
    plain = unpictured(unicodedata.normalize("NFKC", text))
    return _SPOKEN.sub(lambda found: found[0].translate(_AS_DIGITS), plain)


def _no_phone(heard: Heard) -> AnswerError:
    if len(_PHONE.findall(_normal(heard.text))) > 1:
        return AnswerError("flow_common.error.one_phone")
    wrong = AnswerError if _DIGITS.search(heard.text) else Unread
    return wrong("flow_common.error.phone", given=heard.text[:20])


def _phone(heard: Heard) -> Filled:
    """“13800000000 公开”, “方晴 13800000000”: the number, whether it is public, and whose it is where another is named."""
    phone = phone_in(heard.text)
    if not phone:
        raise _no_phone(heard)
    also, left = _also(heard)
    named = [part for part in left if is_like_a_name(part)]
    if len(named) == 1 and len(left) == 1:
        also["contact_name"] = named[0]
    return Filled(phone, also)


def _also(heard: Heard) -> tuple[dict[str, object], list[str]]:
    """(what stands beside a phone and is known, by step id; the words that are left)."""
    said = _normal(heard.text)
    also: dict[str, object] = {}
    left = []
    for part in _LABELS.sub(" ", _EMAIL.sub(" ", _PHONE.sub(" ", said))).split():
        if public := _is_public(heard, part):
            also["contact_public"] = public == "yes"
        elif tidied(part):
            left.append(part)
    if email := _EMAIL.search(said):
        also["contact_email"] = email[0]
    return also, left


def _is_public(heard: Heard, part: str) -> str:
    known = heard.words.get("public", {})
    return known.get(tidied(part), "") or known.get(bared(tidied(part)), "")


def is_like_a_name(said: str) -> bool:
    """A family name and little more, a title or a part of an organisation at the end, or a name in another script."""
    if _NO_NAME.search(said):
        return False
    return bool(_OF_A_PERSON.fullmatch(said) or said.endswith((*TITLES, *PLACES)) or "·" in said or said.isascii())


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
    phone = phone_in(heard.text)
    if not phone and _DIGITS.search(_normal(heard.text)):
        raise _no_phone(heard)
    also, left = _also(heard)
    name = ("" if all(len(part) == 1 for part in left) else " ").join(left)
    if not _NAME.fullmatch(name) or _NO_NAME.search(name):
        raise Unread("flow_common.error.person", given=heard.text[:20])
    if (
        len(left) > 1
        and not name.isascii()
        and len(name) > len(left)
        and not any(part.endswith(PLACES) for part in left[:-1])
    ):
        raise AnswerError("flow_common.error.one_person", given=name)
    if _ANOTHER_PERSON.search(name):
        raise AnswerError("flow_common.error.one_person", given=name)
    if phone:
        also["contact_phone"] = phone
    return Filled(name, also)


def person() -> Reader:
    return Reader(_person, wordy=True)
