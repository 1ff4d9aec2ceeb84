"""“暂停第1条”, “莲子的不用了，藕粉的还留着”, “都别发了，座椅的还是要”: what is said of saved queries while no list is open.

A message is read clause by clause: what is to be done, and with which: by place in the list, by a word of the query, or all.
What is to be kept is taken out of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.domain.deeds import LeaveRecommendations
from backend.domain.questions import MySubscriptions, Question
from backend.domain.saved_queries import Cadence, SavedQuery
from bot.dialogue.asking import holds_a_question
from bot.dialogue.incoming import Kind
from bot.dialogue.say import say
from bot.dialogue.topics import subscription_list
from bot.dialogue.turn import Scene, Turn

LONGEST = 40
_CLAUSE = re.compile(r"[，,。；;！!\s]+|但是?|不过|只是")
_KEEP = re.compile("留着|留下|保留|还是?要|还想要|继续(?:发|推|要|留)|别动|不动|照旧|照发")
_GONE = re.compile(
    "退订|删掉?|去掉|取消订阅|不用了|不要了|不用(?:再)?(?:发|推|盯|订)|(?:别|莫|不要|不用|不想)(?:再)?(?:给我)?(?:发|推|盯|订|收|要)|不想要|^不要|不订了"
)
_PAUSE = re.compile("暂停|先停|停一?下|先别发")
_WAKE = re.compile("恢复|重新(?:开|发)|打开")
_OFTEN = (
    (re.compile("每天|每日|天天|一天一[次条]"), Cadence.DAILY),
    (re.compile("每周|每星期|每个礼拜|一周一[次条]|一个?星期一[次条]"), Cadence.WEEKLY),
)
_SETS = re.compile("改成|改为|改到|换成|调成|改")
_PLACE = re.compile(r"第\s*(\d{1,2}|[一二三四五六七八九十])\s*条?|(\d{1,2})\s*条|最后一条")
_ALL = re.compile("都|全部?|所有|一起")
_UNASKED = re.compile("推荐|推送|广告|群发|消息|通知")
_SAVED = re.compile("订阅|盯着?的|留意的|汇总")
_NOT_A_NAME = re.compile(
    "的|了|吧|啊|那|这|个|条|方面|专利|技术|订阅|我|你们?|给|再|先|就|把|想|请|帮|要|不|别|莫|发|推|送|收|用|都|全部?|所有|改成|改为|每天|每日|每周|每星期"
)
DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九十", 1)}
SHORTEST_NAME = 2

Maybe = Generator[Question, Any, Turn | None]


@dataclass(slots=True)
class _Orders:
    """Places in the list, by what is to be done with them."""

    gone: set[int]
    kept: set[int]
    paused: set[int]
    awake: set[int]
    often: dict[int, Cadence]
    no_recommendations: bool = False


def ordered(scene: Scene) -> Maybe:
    """The turn, or None where the words name no saved query of theirs."""
    words = scene.words
    if scene.incoming.kind is not Kind.TEXT or len(words) > LONGEST or holds_a_question(words):
        return None
    verbs = (_GONE, _KEEP, _PAUSE, _WAKE, _SETS)
    if not any(verb.search(words) for verb in verbs):
        return None
    held: tuple[SavedQuery, ...] = (yield MySubscriptions()) or ()
    orders = _read(words, held)
    return _carried_out(scene, held, orders) if orders else None


def _read(words: str, held: Sequence[SavedQuery]) -> _Orders | None:
    orders = _Orders(set(), set(), set(), set(), {})
    everything, named_any = False, False
    for clause in filter(None, _CLAUSE.split(words)):
        places = _named(clause, held)
        often = next((cadence for pattern, cadence in _OFTEN if pattern.search(clause)), None)
        every = not places and bool(_ALL.search(clause))
        which = places or (set(range(len(held))) if every else set())
        named_any = named_any or bool(places)
        if _KEEP.search(clause):
            orders.kept |= places or (set(range(len(held))) if _SAVED.search(clause) else set())
        elif often is not None and _SETS.search(clause):
            orders.often |= dict.fromkeys(which, often)
        elif _PAUSE.search(clause):
            orders.paused |= which
        elif _WAKE.search(clause):
            orders.awake |= which
        elif _GONE.search(clause):
            everything = everything or every
            orders.no_recommendations = orders.no_recommendations or (not places and bool(_UNASKED.search(clause)))
            orders.gone |= which
    if not (named_any or (orders.kept and (everything or orders.no_recommendations))):
        return None
    orders.gone -= orders.kept
    return orders


def _named(clause: str, held: Sequence[SavedQuery]) -> set[int]:
    """By place in the list, or by a word of the query."""
    places = set()
    for match in _PLACE.finditer(clause):
        said = match[1] or match[2]
        place = len(held) if said is None else DIGITS.get(said) or int(said)
        if 1 <= place <= len(held):
            places.add(place - 1)
    if places:
        return places
    said = max(_NOT_A_NAME.split(clause), key=len, default="")
    return {place for place, saved in enumerate(held) if _is_about(saved, clause, said)}


def _is_about(saved: SavedQuery, clause: str, said: str) -> bool:
    words = [word for word in saved.query.words.split() if len(word) >= SHORTEST_NAME]
    return any(word in clause for word in words) or (
        len(said) >= SHORTEST_NAME and any(said in word for word in (*words, saved.query.words))
    )


def _carried_out(scene: Scene, held: tuple[SavedQuery, ...], orders: _Orders) -> Turn | None:
    def chosen(places: set[int]) -> list[SavedQuery]:
        return [held[place] for place in sorted(places)]

    if orders.no_recommendations and not orders.gone:
        state = replace(scene.state, pending=None, misses=0, choices=())
        return Turn(state, (say("subscription.no_recommendations", count=len(held)),), (LeaveRecommendations(),))
    if orders.gone:
        return subscription_list.delete(scene, held, chosen(orders.gone))
    if orders.often:
        cadence = next(iter(orders.often.values()))
        return subscription_list.set_all(scene, held, cadence, chosen(set(orders.often)))
    if orders.paused:
        return subscription_list.pause(scene, held, chosen(orders.paused))
    if orders.awake:
        return subscription_list.wake(scene, held, chosen(orders.awake))
    return subscription_list.show(scene, held, say("subscription.kept")) if orders.kept else None
