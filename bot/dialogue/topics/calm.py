"""How often one hears from us, and when not: said in a sentence, shown on “消息设置”. “退订” is of `subscriptions`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from backend.domain.clock import day_of
from backend.domain.deeds import Prefer
from backend.domain.preferences import PAUSE_DAYS, QUIET_FROM, QUIET_UNTIL, Chosen, Frequency, Preference
from backend.domain.questions import MyPreference
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Play, Scene, Turn

_PAUSE = re.compile("暂停|停一?个月|停一阵|先别发|先停|别发一?个月")
_RESUME = re.compile("恢复|继续发|重新开")
_OFTEN = (
    (re.compile("每天|每日|一天最?多?一|天天"), Frequency.DAILY),
    (re.compile("每周|每星期|一周|一星期|一个星期"), Frequency.WEEKLY),
    (re.compile("每月|每个月|一个?月最?多?一"), Frequency.MONTHLY),
)
_DIGITS = {"六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}
_HOUR = r"(十[一二]?|[六七八九]|\d{1,2})"
_NOT_BEFORE = re.compile(rf"(?:早上|上午|早晨)?{_HOUR}点(?:钟)?(?:以后|之后|后)")
_NOT_AFTER = re.compile(rf"(?:晚上|夜里|下午){_HOUR}点(?:钟)?(?:以后|之后|后)")
LATEST_MORNING, EARLIEST_EVENING, NOON = 12, 17, 12


def names_a_setting(words: str) -> bool:
    """A pause, its end, or an hour: not of one saved query, but of everything that comes unasked."""
    return any(pattern.search(words) for pattern in (_PAUSE, _RESUME, _NOT_BEFORE, _NOT_AFTER, _OFTEN[-1][0]))


def settings(scene: Scene) -> Play:
    """What holds now, or the one thing that the words change."""
    chosen: Chosen = yield MyPreference()
    held, words = chosen.preference, scene.words
    if _RESUME.search(words):
        after = replace(held, paused_until=None)
        return _turn(scene, say("preference.resumed", cadence=after.frequency), after)
    often = next((frequency for pattern, frequency in _OFTEN if pattern.search(words)), None)
    if _PAUSE.search(words):
        until = scene.incoming.sent_at + timedelta(days=PAUSE_DAYS)
        return _turn(scene, say("preference.now_paused", resumes_on=day_of(until)), replace(held, paused_until=until))
    if often is not None:
        return _turn(scene, say("preference.now_told", cadence=often), replace(held, frequency=often))
    quiet = _quiet(words, held)
    if quiet is not None:
        said = say("preference.now_quiet", starts=_evening(quiet.quiet_from), until=str(quiet.quiet_until))
        return _turn(scene, said, quiet)
    return Turn(replace(scene.state, misses=0, choices=()), (_shown(scene, chosen),))


def _turn(scene: Scene, said: Say, after: Preference) -> Turn:
    return Turn(replace(scene.state, misses=0, choices=()), (said,), (Prefer(after),))


def _shown(scene: Scene, chosen: Chosen) -> Say:
    held, wanted = chosen.preference, chosen.wanted
    paused = held.paused_until is not None and held.paused_until > scene.incoming.sent_at
    return say(
        "preference.shown",
        state=say("preference.wanted" if wanted else "preference.unwanted"),
        cadence=held.frequency if wanted else None,
        starts=_evening(min(held.quiet_from, QUIET_FROM)),
        until=str(max(held.quiet_until, QUIET_UNTIL)),
        hint=say("preference.paused", resumes_on=day_of(held.paused_until)) if paused and held.paused_until else None,
        more=say("preference.page", link=scene.house.calm_page) if scene.house.calm_page else None,
    )


def _quiet(words: str, held: Preference) -> Preference | None:
    """“早上九点以后再发”, “晚上八点以后别发”: longer quiet than the house keeps, never shorter."""
    evening, morning = _NOT_AFTER.search(words), _NOT_BEFORE.search(words)
    if evening is not None:
        hour = _number(evening[1])
        hour += NOON if hour < NOON else 0
        return replace(held, quiet_from=hour) if hour >= EARLIEST_EVENING else None
    if morning is not None:
        hour = _number(morning[1])
        return replace(held, quiet_until=hour) if hour <= LATEST_MORNING else None
    return None


def _number(text: str) -> int:
    return _DIGITS[text] if text in _DIGITS else int(text)


def _evening(hour: int) -> str:
    return str(hour - NOON if hour > NOON else hour)
