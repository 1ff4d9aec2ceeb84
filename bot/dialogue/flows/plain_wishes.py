"""“搞声明”, “把我的专利放出来给别人用”, “我回来了，接着填”: said so plainly that no reading is weighed against them."""

from __future__ import annotations

import re

from bot.dialogue.asking import holds_a_question
from bot.dialogue.turn import Scene

_SOMEBODY = "(?:别人|人家|大家|别个|企业|厂家)"
_MINE = (
    r"(?:把?(?:我|我们|俺|咱|自己|本人|单位|学校|公司|厂里).{0,14}|^(?:想|要)把|有(?:个|一个|件|一件|项).{0,16})"
    r"(?:专利|技术|发明|机子|机器|证|方法|配方)"
)
_LET_OUT = (
    r"(?:(?:许可|放|挂|开放)出[去来]|拿出来|[放挂]到?网上[去来]?|上架|"
    rf"(?:(?:放|挂|许可|开放|拿)(?:出[去来])?)?[给让]{_SOMEBODY}(?:[去来])?[用做])"
)
_TO_DECLARE = (
    r"^(?:那|帮我|我要|我想|我来|来|想|要)*(?:办理?|搞|做|弄|填报?|报|提交|申请|申报|登记|参加)(?:一?[个下份])?"
    r"(?:那个|我的|专利|的|开放许可)*(?:声明|开放许可|许可试点)$"
)
_DECLARES = (
    re.compile(
        r"(?:要|想|办理?|做|提交|申请)(?:(?!撤|收回|取消|改|停|问|了解|不).){0,30}声明(?:吧|了|一下|[，,。].{0,8})?$"
    ),
    re.compile(_TO_DECLARE),
    re.compile(r"^(?:专利)?(?:声明开放许可|开放许可声明)(?:填报|申报|办理|提交|登记)?$"),
    re.compile(rf"[给让]{_SOMEBODY}用.{{0,4}}我们?的(?:专利|技术|发明)$"),
    re.compile(rf"{_MINE}.{{0,5}}{_LET_OUT}(?:吧|了)?$"),
)
_HOW = re.compile(r"[，, ]*(?:该|要)?(?:怎么|咋个?|么样)(?:搞|弄|办|操作)(?:呢|啊|咧|撒)?[?？]?$")
_NUMBER = re.compile(r"(?:ZL|专利号)?[：: ]*\d[\d. ]{7,}[\dXx]", re.IGNORECASE)
_REFUSES = re.compile(r"不想|不要|别(?!人|个|家|的)|不愿|问[下问一]|咨询|了解")

_BEFORE = "(?:上次|昨天|上回|刚才|之前)"
_RETURNS = re.compile(
    rf"(?:接着|接到|继续|继到){_BEFORE}?的?(?:填|办|搞|弄|写|来|声明)|(?:接着|继续){_BEFORE}的?$|"
    rf"把(?:{_BEFORE}|那个|声明).{{0,6}}(?:填|办|搞|弄|写)(?:完|好)"
)
LONGEST_RETURN = 24


def declares(scene: Scene) -> bool:
    """The wish to declare, and no question about it."""
    words = _HOW.sub("", _NUMBER.sub("", scene.words).rstrip("。.!！~～，, "))
    if holds_a_question(words) or _REFUSES.search(words):
        return False
    return any(way.search(words) for way in _DECLARES)


def returns(scene: Scene) -> bool:
    """Back to what was begun; true only where a draft waits, which the caller looks for."""
    return len(scene.words) <= LONGEST_RETURN and _RETURNS.search(scene.words) is not None
