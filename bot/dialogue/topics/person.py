"""A person: handed over to the platform's staff chat where there is one, else written down for the office; and called off."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from backend.domain.deeds import CallOff, Deed, OpenHandoff, SaidToPerson
from bot.dialogue.incoming import Incoming, Kind
from bot.dialogue.say import say
from bot.dialogue.turn import Play, Scene, Turn

_OFF = re.compile(
    r"(?:不|别|莫|不用|不必|不要)(?:再)?(?:麻烦)?(?:找|转|叫|喊|要)?(?:人工?|工作人员|客服|你们)(?:了|啦|吧|$)|(?:自己|已经)?(?:问题)?(?:解决|搞定|弄好|办好|搞清楚|弄明白)了"
)
LONGEST = 20  # characters: more says something else besides


def hand_over(scene: Scene) -> Play:
    yield from ()
    state = replace(scene.state, misses=0, choices=(), with_person=True)
    if scene.house.has_staff_chat:
        return Turn(state, to_staff=True)
    key = "person.noted_open" if scene.house.open_now else "person.noted_closed"
    return Turn(state, (say(key, hours=scene.house.opening_hours),), (OpenHandoff(scene.incoming.text),))


def heard_along(turn: Turn, incoming: Incoming) -> tuple[Deed, ...]:
    """The turn's deeds; while a colleague is waited for, the message is written down for them."""
    along = turn.state.with_person and incoming.kind is Kind.TEXT
    if along and not any(isinstance(deed, OpenHandoff) for deed in turn.deeds):
        return (*turn.deeds, SaidToPerson(incoming.text))
    return turn.deeds


def called_off(scene: Scene) -> Callable[[Scene], Play] | None:
    """“算了不找人了”, “搞定了”, while a colleague is waited for."""
    words = scene.words
    asked = scene.state.with_person and not scene.house.has_staff_chat
    return _call_off if asked and len(words) <= LONGEST and _OFF.search(words) else None


def _call_off(scene: Scene) -> Play:
    yield from ()
    state = replace(scene.state, with_person=False, misses=0)
    return Turn(state, (say("person.called_off"),), (CallOff(scene.incoming.text),))
