"""The list of one's saved queries, and what may be said to it: “2”, “暂停第2条”, “第1条改成每天”, “删除1、3”."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

from backend.domain.deeds import DeleteQueries, SaveQuery, SetQueries
from backend.domain.questions import Question
from backend.domain.saved_queries import Cadence, SavedQuery
from bot.dialogue.asking import holds_a_question
from bot.dialogue.say import Say, say
from bot.dialogue.topics import asked, search
from bot.dialogue.turn import Scene, Turn

_DELETE = re.compile("删|不要了|去掉|移除|取消|退订")
_PAUSE = re.compile("暂停|停一?下|先停|停掉|停了|别发|先别|关掉|关闭")
_WAKE = re.compile("恢复|重新开|开启|打开|启用|继续")
_ALL = re.compile("全部|所有|全都|都(?=暂停|停|删|恢复|改|不要)|一起")
_WORDS = re.compile('(?:关键词|技术词|词|内容|技术|条件)(?:改成|换成|改为)[“"]?([^”"，。]{2,40})')
_NUMBERS = re.compile(r"\d{1,2}")

Maybe = Generator[Question, Any, Turn | None]


def show(scene: Scene, held: Sequence[SavedQuery], lead: Say | None = None) -> Turn:
    """Every one with how often it is told of; a number or a word behind it is read as meant for this list."""
    if not held:
        return Turn(replace(scene.state, pending=None, choices=(), misses=0), (say("subscription.none"),))
    lines = tuple(
        say(
            "subscription.line",
            position=position,
            query=asked.describe(saved.query),
            cadence=saved.cadence,
            hint=say("subscription.paused") if saved.paused else None,
        )
        for position, saved in enumerate(held, 1)
    )
    state = replace(scene.state, pending={"do": "list"}, shown=(), card="", choices=(), misses=0)
    link = say("subscription.page", link=scene.house.subscriptions) if scene.house.subscriptions else None
    told = (lead,) if lead else ()
    return Turn(state, (*told, say("subscription.list", count=len(held), items=lines, more=link)))


def settle(scene: Scene, held: tuple[SavedQuery, ...]) -> Maybe:
    """None where the words are not for the list."""
    words, told = scene.words, scene.meaning.facts.telling
    if holds_a_question(words):
        return None
    picked = _picked(scene, held)
    if picked is None:
        return Turn(scene.state, (say("subscription.no_such", count=len(held)),))
    everything = bool(_ALL.search(words)) or (len(held) == 1 and not picked)
    chosen = list(held) if everything else picked
    if told is not None and told.cadence is not None:
        return set_all(scene, held, told.cadence, chosen or list(held))
    for verb, act in ((_DELETE, delete), (_WAKE, wake), (_PAUSE, pause)):
        if verb.search(words):
            return act(scene, held, chosen) if chosen else Turn(scene.state, (say("subscription.which"),))
    changed = _changed(scene, chosen[0]) if len(chosen) == 1 and (picked or not _is_new_search(scene)) else None
    if changed is not None:
        return changed
    if picked and len(picked) == 1 and len(words) <= 5:  # noqa: PLR2004 “看第2条”
        return (yield from search.look(scene, picked[0].query))
    return None


def _is_new_search(scene: Scene) -> bool:
    return bool(scene.meaning.topic)


def _picked(scene: Scene, held: Sequence[SavedQuery]) -> list[SavedQuery] | None:
    """Those named by their place; None where a place is named that the list does not have."""
    facts = scene.meaning.facts
    if facts.ordinal is not None:
        numbers = [len(held) if facts.ordinal == -1 else facts.ordinal]
    elif facts.money or facts.dates:
        numbers = []
    else:
        numbers = [int(found) for found in _NUMBERS.findall(scene.words)]
    if len(_NUMBERS.findall(scene.words)) > 1 and not facts.money:
        numbers = [int(found) for found in _NUMBERS.findall(scene.words)]
    if any(not 1 <= number <= len(held) for number in numbers):
        return None
    return [held[number - 1] for number in dict.fromkeys(numbers)]


def delete(scene: Scene, held: Sequence[SavedQuery], gone: Sequence[SavedQuery]) -> Turn:
    left = [saved for saved in held if saved not in gone]
    done = say("subscription.deleted", items=_named(gone))
    turn = show(scene, left, done) if left else Turn(replace(scene.state, pending=None), (done,))
    return replace(turn, deeds=(DeleteQueries(tuple(saved.id for saved in gone)),))


def pause(scene: Scene, held: Sequence[SavedQuery], chosen: Sequence[SavedQuery]) -> Turn:
    return _set_paused(scene, held, chosen, paused=True)


def wake(scene: Scene, held: Sequence[SavedQuery], chosen: Sequence[SavedQuery]) -> Turn:
    return _set_paused(scene, held, chosen, paused=False)


def _set_paused(scene: Scene, held: Sequence[SavedQuery], chosen: Sequence[SavedQuery], *, paused: bool) -> Turn:
    after = [replace(saved, paused=paused) if saved in chosen else saved for saved in held]
    done = say("subscription.now_paused" if paused else "subscription.now_awake", items=_named(chosen))
    deed = SetQueries(tuple(saved.id for saved in chosen), paused=paused)
    return replace(show(scene, after, done), deeds=(deed,))


def set_all(
    scene: Scene, held: Sequence[SavedQuery], cadence: Cadence, chosen: Sequence[SavedQuery] | None = None
) -> Turn:
    """How often these are told of; all of them unless told which."""
    chosen = held if chosen is None else chosen
    after = [replace(saved, cadence=cadence) if saved in chosen else saved for saved in held]
    deed = SetQueries(tuple(saved.id for saved in chosen), cadence=cadence)
    return replace(show(scene, after, say("subscription.now_told", cadence=cadence)), deeds=(deed,))


def _changed(scene: Scene, saved: SavedQuery) -> Turn | None:
    """“第1条改成五万以内”, “第2条关键词改成钣金”: other conditions in its place."""
    words = _WORDS.search(scene.words)
    facts = replace(scene.meaning.facts, left_over=words[1].strip() if words else "")
    if not words and not asked.names_conditions(facts):
        return None
    query = asked.refined(saved.query, replace(scene.meaning, facts=facts))
    if query == saved.query or query.is_empty:
        return None
    said = say("subscription.changed", query=asked.describe(query), cadence=saved.cadence)
    state = replace(scene.state, pending=None, misses=0)
    return Turn(state, (said,), (SaveQuery(query, saved.cadence, replaces=saved.id),))


def _named(chosen: Sequence[SavedQuery]) -> tuple[Say, ...]:
    return tuple(say("subscription.named", query=asked.describe(saved.query)) for saved in chosen)
