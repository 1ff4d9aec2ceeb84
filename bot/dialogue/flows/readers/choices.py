"""Yes or no, one of several, any of several: by number, by label, by synonym."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, TypeVar

from bot.dialogue.flows.engine import Reader
from bot.dialogue.flows.heard import AnswerError, Heard, Unread, bared, tidied
from bot.dialogue.say import Value, say

E = TypeVar("E", bound=StrEnum)
_NUMBERS = re.compile(r"[1-9]+")
_BETWEEN = re.compile(r"[第个项号条种和与及跟还有]+")
_SEPARATORS = re.compile(r"[和与及跟还有、,，;；/\s]+")


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
    if said is None or (said == heard.facts.ordinal and len(compact) > 6):  # noqa: PLR2004 “第二个” and little more
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
    raise Unread("flow_common.error.choice", count=len(members), given=heard.plain[:20])


def _same(value: StrEnum) -> Value:
    return value


def any_of(options: type[E] | tuple[E, ...], kind: str = "", nothing: str = "none_of_all") -> Reader:
    """Some of them, or none: “都没有”, “1、3”, “质押”. The value is a tuple in the order of the options."""
    members: tuple[StrEnum, ...] = tuple(options)
    enum = type(members[0])
    words = kind or enum.__name__

    def read(heard: Heard) -> Any:
        if heard.meaning(nothing):
            return ()
        compact = _BETWEEN.sub("", bared(tidied(heard.plain)))
        if _NUMBERS.fullmatch(compact):
            said = {int(digit) for digit in re.findall(r"\d", compact)}
            if max(said) > len(members):
                raise AnswerError("flow_common.error.position", count=len(members))
            return tuple(member for position, member in enumerate(members, 1) if position in said)
        if heard.facts.ordinal is not None and 1 <= heard.facts.ordinal <= len(members):
            return (members[heard.facts.ordinal - 1],)
        named = {heard.meaning(words, part) for part in [heard.plain, *_SEPARATORS.split(heard.plain)] if part}
        if not named & set(members):
            raise Unread("flow_common.error.several", count=len(members), given=heard.plain[:20])
        return tuple(member for member in members if member in named)

    return Reader(
        read,
        dump=lambda value: [str(member) for member in value],
        load=lambda value: tuple(enum(member) for member in value),
        show=lambda value: value or say("flow_common.none"),
        options=members,
        several=True,
        offers=((nothing, ""),),
    )


def agreed(heard: Heard, code: str) -> bool:
    """A yes, where a no cannot go on: `code` says why."""
    if not _yes_no(heard):
        raise AnswerError(code)
    return True


def must(code: str) -> Reader:
    """A question that only a yes answers; a no is told why that is so."""
    return Reader(
        lambda heard: agreed(heard, code), show=lambda _: say("flow_common.yes"), offers=(YES, NO), closed=True
    )
