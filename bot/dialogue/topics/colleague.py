"""A colleague of the office on their own phone: “绑定后台 0123456789” makes it the one that trial messages go to."""

from __future__ import annotations

import re

from backend.domain.deeds import BindColleague
from backend.domain.questions import ColleagueCode
from bot.dialogue.say import say
from bot.dialogue.turn import Play, Scene, Turn

_CODE = re.compile(r"绑定后台[:： ]?\s*([0-9]{10})")


def code_of(scene: Scene) -> str:
    """The code of such a message; empty for every other."""
    found = _CODE.fullmatch(scene.incoming.text.strip())
    return found[1] if found else ""


def bind(scene: Scene, code: str) -> Play:
    shown: bool = yield ColleagueCode(code)
    if not shown:
        return Turn(scene.state, (say("campaign.phone_unknown"),))
    return Turn(scene.state, (say("campaign.phone_bound"),), (BindColleague(code),))
