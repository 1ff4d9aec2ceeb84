"""Yes or no, one of several, any of several: by number, by label, by synonym."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from bot.dialogue.flows.engine import Filled, Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, bared, tidied
from bot.dialogue.say import Value, say

E = TypeVar("E", bound=StrEnum)
_NUMBER = re.compile(r"(?:第?[1-9一二三四五六七八九][个项号条种]?)+")
_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", 1)}
_SEPARATORS = re.compile(r"(?:还有|以及|[和与及跟、，,;；。.!！/\s])+")
_NONE = re.compile(
    r"(?:这|以上|上面|上述|前面|[1一]到[5五])?(?:(?:些|几|[五5])(?:个|种|项|条|样)?)?(?:情形|情况|问题)?(?:全|都|均|通通|统统|一律|一个|一样|也)*"
    r"(?:没有|没油|没得|莫得|冇得|冇|没|无|不存在|不涉及)(?:这些|这种|以上|任何)?(?:情形|情况|问题|事)?"
)
_DENIED = re.compile(
    r"(?:没有|没|无|未|不存在|不涉及|不)(?P<before>.+)|(?P<after>.+?)(?:也|都|均)*(?:没有|没得|莫得|没|无|不存在)"
)
_SAID_TO_BE = re.compile(r"^(?:现在|目前|只有|就是|有|是|存在|被|已经|已)+|(?:给.{1,12}|不对|有误|错|写错|改名|改|变)$")
_THE_REST = frozenset({"其他", "其它", "别的", "其余", "剩下", "另外", "其他的", "其它的"})
_ALL_SIGNED = re.compile(
    r"(?:我们|他们|[一二两三四五几\d]+[个位家人])*(?:都|全|全部|也)?(?:已经?)?(?:签字?|盖章?|同意|签好|盖好)(?:过|好)?了?(?:字|章)?了?"
)
LONGEST_CHOICE = 20
_CHANGES_IT = re.compile(
    r"[企司厂校院所位会社中小微大型不没别或无非未冇前原否吗呢么?？怎哪啥什谁何\d%％一二两三四五六七八九十百千万]|还是|多少|如果|要是"
)
_WAITING = re.compile(
    r"还没|还未|尚未|没(?:有)?(?:答复|回复|回话|回信|签|同意|谈)|不同意|未同意|在等|等.{0,8}(?:回复|答复|签|同意)|等着|联系不上|没联系上|不肯|在商量|正在谈"
)


YES, NO = ("yes_no", "yes"), ("yes_no", "no")


def _yes_no(heard: Heard) -> bool:
    meaning = heard.meaning("yes_no")
    if not meaning:
        raise Unread("flow_common.error.yes_no", given=heard.plain[:20])
    return meaning == "yes"


def yes_no() -> Reader:
    return Reader(
        _yes_no,
        show=lambda value: say("flow_common.yes" if value else "flow_common.no"),
        offers=(YES, NO),
        closed=True,
    )


def by_number(heard: Heard, count: int) -> int | None:
    """The position said, from 0; None where none is."""
    compact = bared(tidied(heard.plain))
    said = int(compact) if re.fullmatch(r"\d{1,2}", compact) else heard.facts.ordinal
    figures = heard.facts.money or heard.facts.rates  # “第二种，5万” says more than which
    if said is None or figures or (said == heard.facts.ordinal and len(compact) > 6):  # noqa: PLR2004 “第二个” and little more
        return None
    position = count if said == -1 else said
    if not 1 <= position <= count:
        raise AnswerError("flow_common.error.position", count=count)
    return position - 1


def one_of(options: type[E] | tuple[E, ...], kind: str = "") -> Reader:
    """One member. Its words stand in the answers under the name of the enumeration."""
    members: tuple[StrEnum, ...] = tuple(options)
    enum = type(members[0])
    words = kind or enum.__name__

    def read(heard: Heard) -> Any:
        return pick(heard, heard.plain, members, words)

    return Reader(read, dump=str, load=enum, show=_same, options=members)


def pick(heard: Heard, said: str, members: tuple[StrEnum, ...], kind: str) -> Any:
    """The member that the words name or number. Raises Unread."""
    meaning = heard.meaning(kind, said)
    if meaning in members:
        return type(members[0])(meaning)
    if said == heard.plain:
        position = by_number(heard, len(members))
        if position is not None:
            return members[position]
    held = _named_inside(heard, said, members, kind)
    if held is not None:
        return held
    raise Unread("flow_common.error.choice", count=len(members), given=heard.plain[:20])


def _named_inside(heard: Heard, said: str, members: tuple[StrEnum, ...], kind: str) -> StrEnum | None:
    """“个人啊 我种油茶的”: the one option whose word stands in a short message, where the rest denies and asks nothing and
    names no other kind.
    """
    rest = tidied(said)
    if len(rest) > LONGEST_CHOICE:
        return None
    named: set[str] = set()
    words = heard.words.get(kind, {})
    for word in sorted((word for word in words if len(word) > 1), key=len, reverse=True):
        if word in rest:
            named.add(words[word])
            rest = rest.replace(word, " ")
    short = {words[word] for word in words if len(word) == 1 and word in rest}
    if not named or len(named | short) != 1 or _CHANGES_IT.search(rest):
        return None
    member = named.pop()
    return type(members[0])(member) if member in members else None


def _same(value: StrEnum) -> Value:
    return value


Beside = Callable[[Heard, str], Mapping[str, Any]]


def _no_more(_heard: Heard, _part: str) -> Mapping[str, Any]:
    return {}


def any_of(
    options: type[E] | tuple[E, ...],
    kind: str = "",
    nothing: str = "none_of_all",
    clear: str = "",
    beside: Beside = _no_more,
) -> Reader:
    """Some of them, or none: “都没有”, “1、3”, “质押”, “有质押，其他没有”. The value is a tuple in the order of the options.

    Every part of the message must be understood. `clear` are words that one option does not apply, `beside` reads a part that
    answers another step.
    """
    members: tuple[StrEnum, ...] = tuple(options)
    words = kind or type(members[0]).__name__
    enum = type(members[0])
    unread = "flow_common.error.fields" if nothing == "all_right" else "flow_common.error.several"

    def read(heard: Heard) -> Any:
        if _nothing(heard, heard.plain, nothing):
            return ()
        also: dict[str, Any] = {}
        named, denied, none = set[StrEnum](), set[StrEnum](), False
        for part in (part for part in _SEPARATORS.split(heard.plain) if tidied(part)):
            said = _part(heard, part, members, words, clear)
            more = beside(heard, part)
            if said is not None:
                (named if said[1] else denied).update(said[0])
                none = none or not said[0]
            elif _nothing(heard, part, nothing):
                none = True
            elif more or (nothing == "all_right" and heard.meaning("none_of_all", part)):  # “对，都没有错”
                also |= more
            else:
                raise Unread(unread, count=len(members), given=heard.plain[:20])
        if named & denied or not (named or none):
            half = not named and nothing == "none_of_all"
            key = "flow_common.error.others" if half else unread
            raise AnswerError(key, count=len(members), given=heard.plain[:20])
        picked = tuple(member for member in members if member in named)
        return Filled(picked, also) if also else picked

    return Reader(
        read,
        dump=lambda value: [str(member) for member in value],
        load=lambda value: tuple(enum(member) for member in value),
        show=lambda value: value or say("flow_common.none"),
        options=members,
        several=True,
        offers=((nothing, ""),),
    )


def _nothing(heard: Heard, said: str, nothing: str) -> bool:
    if heard.meaning(nothing, said) or (said == heard.plain and heard.meaning(nothing)):
        return True
    return nothing == "none_of_all" and _NONE.fullmatch(bared(tidied(said))) is not None


def _part(
    heard: Heard, part: str, members: tuple[StrEnum, ...], words: str, clear: str
) -> tuple[set[StrEnum], bool] | None:
    """(what a part of the message names, whether it applies); nothing named: none of the rest applies. None where it is unread."""
    compact = bared(tidied(part))
    bare = _SAID_TO_BE.sub("", compact)
    if _NUMBER.fullmatch(bare):
        said = {int(_DIGITS.get(digit, digit)) for digit in re.findall(r"[1-9一二三四五六七八九]", bare)}
        if max(said) > len(members):
            raise AnswerError("flow_common.error.position", count=len(members))
        return {members[position - 1] for position in said}, True
    for form in (compact, bare):
        if (meant := heard.meaning(words, form)) in members:
            return {type(members[0])(meant)}, True
    if clear and (meant := heard.meaning(clear, part)) in members:
        return {type(members[0])(meant)}, False
    denied = _DENIED.fullmatch(compact)
    rest = denied and (denied["before"] or denied["after"])
    if not rest:
        return None
    if rest in _THE_REST:
        return set(), False
    meant = heard.meaning(words, _SAID_TO_BE.sub("", rest).removesuffix("问题"))
    return ({type(members[0])(meant)}, False) if meant in members else None


def agreed(heard: Heard, code: str) -> bool:
    """A yes, where a no, or a “还没有”, cannot go on: `code` says why."""
    if _ALL_SIGNED.fullmatch(bared(tidied(heard.plain))):
        return True
    if heard.meaning("yes_no") != "yes" and (_WAITING.search(heard.plain) or heard.meaning("not_yet")):
        raise AnswerError(code)
    if not _yes_no(heard):
        raise AnswerError(code)
    return True


def must(code: str) -> Reader:
    """A question that only a yes answers; a no is told why that is so."""
    return Reader(
        lambda heard: agreed(heard, code), show=lambda _: say("flow_common.yes"), offers=(YES, NO), closed=True
    )
