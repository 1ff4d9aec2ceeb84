"""One's own needs in the chat: the list, a change, the end; holders who want to hear of needs; “同意联系 12”."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from typing import Any

from backend.domain.clock import day_of
from backend.domain.deeds import Agree, AgreeToContact, ChangeNeed, CloseNeed, ReadNeeds
from backend.domain.needs import (
    LONGEST_DAYS,
    READER_PURPOSE,
    VERSION,
    HolderNeed,
    Need,
    NeedEnd,
    NeedMatch,
    NeedView,
    months_later,
)
from backend.domain.questions import MayAgree, MyNeeds, NeedsForMe, Question
from bot.dialogue.asking import holds_a_question
from bot.dialogue.flows.heard import tidied
from bot.dialogue.flows.readers.amounts import small_number
from bot.dialogue.incoming import Kind
from bot.dialogue.say import Say, Value, say
from bot.dialogue.turn import Play, Scene, Turn

_AGREES = re.compile(r"^(?:我)?(?:愿意|同意)联系\D{0,3}(\d{1,9})\D{0,3}$")
_CLOSE = re.compile("关闭|关掉|撤|删|不要了|不找了|解决了|找到了")
_MET = re.compile("解决|找到")
_LONGER = re.compile(r"延(?:长|期)?(?:到)?\s*(\d{1,2}|[一二两三四五六七八九十]{1,2}|半)个?(月|年)")
_PROBLEM = re.compile(r"(?:问题|内容|需求)(?:改成|改为|换成)[：:“\"]?(.{6,600}?)[”\"]?$")
_DIGITS = re.compile(r"\d{1,2}")
LONGEST_BRIEF = 30

Maybe = Generator[Question, Any, Turn | None]


def manage(scene: Scene) -> Play:
    views: tuple[NeedView, ...] = (yield MyNeeds()) or ()
    return _list(scene, views)


def _list(scene: Scene, views: tuple[NeedView, ...], *lead: Say) -> Turn:
    if not views:
        return Turn(_with(scene, None), (*lead, say("need.none")))
    lines = tuple(
        say("need.line", position=position, text=brief(view.need), count=len(view.matches), **conditions(view.need))
        for position, view in enumerate(views, 1)
    )
    return Turn(_with(scene, {"do": "needs"}), (*lead, say("need.list", items=lines)))


def agrees(scene: Scene) -> Maybe:
    """“同意联系 12”, “愿意联系 12”, at any time: the number is the match's, as every notice names it."""
    match = _AGREES.fullmatch(tidied(scene.words)) if scene.incoming.kind is Kind.TEXT else None
    if match is None:
        return None
    number = int(match[1])
    held: NeedMatch | None = yield MayAgree(number)
    if held is None:
        return Turn(_with(scene, None), (say("need.not_yours", position=number),))
    return Turn(_with(scene, None), (say("need.agreed"),), (AgreeToContact(number),))


def for_me(scene: Scene) -> Play:
    """A holder's side. Whether they want to hear of needs is asked once."""
    found: tuple[HolderNeed, ...] | None = yield NeedsForMe()
    if found is None:
        return Turn(_with(scene, {"do": "reader"}), (say("need.reader_consent"),))
    if not found:
        return Turn(_with(scene, None), (say("need.for_me_nothing"),))
    lines = tuple(
        say("need.for_me_line", position=one.match.id, text=one.need.problem, title=one.title, **conditions(one.need))
        for one in found
    )
    return Turn(_with(scene, None), (say("need.for_me", items=lines),))


def settle(scene: Scene) -> Maybe:
    """The answer to what was asked last."""
    pending = scene.state.pending or {}
    if pending.get("do") == "reader":
        yield from ()
        return _reader(scene)
    if holds_a_question(scene.words):
        return None
    views: tuple[NeedView, ...] = (yield MyNeeds()) or ()
    return _on_the_list(scene, views)


def _reader(scene: Scene) -> Turn | None:
    answer = scene.house.words.get("yes_no", {}).get(tidied(scene.words))
    if answer == "yes":
        return Turn(_with(scene, None), (say("need.reader_on"),), (Agree(READER_PURPOSE, VERSION), ReadNeeds()))
    return Turn(_with(scene, None), (say("need.reader_off"),)) if answer == "no" else None


def _on_the_list(scene: Scene, views: tuple[NeedView, ...]) -> Turn | None:
    position = _position(scene, len(views))
    if position is None:
        return None
    if position > len(views):
        return Turn(scene.state, (say("need.no_such", count=len(views)),))
    view = views[position - 1] if position else None
    if _CLOSE.search(scene.words):
        return _close(scene, views, view)
    if view is None:
        return Turn(scene.state, (say("need.which"),)) if len(views) > 1 and _changes(scene, views[0].need) else None
    changes = _changes(scene, view.need)
    if changes:
        return _changed(scene, view.need, changes)
    return _one(scene, view) if len(scene.words) <= LONGEST_BRIEF // 3 else None


def _position(scene: Scene, count: int) -> int | None:
    """Which is named, from 1; the only one where none is; 0 where it is not said; None for words about something else."""
    if scene.meaning.facts.ordinal is not None:
        return count if scene.meaning.facts.ordinal == -1 else scene.meaning.facts.ordinal
    bare = _DIGITS.fullmatch(tidied(scene.words))
    if bare:
        return int(bare[0])
    return count if count <= 1 else 0


def _close(scene: Scene, views: tuple[NeedView, ...], view: NeedView | None) -> Turn:
    if view is None:
        return Turn(scene.state, (say("need.which"),))
    end = NeedEnd.MET if _MET.search(scene.words) else NeedEnd.WITHDRAWN
    left = tuple(other for other in views if other is not view)
    done = say("need.closed", text=brief(view.need))
    turn = _list(scene, left, done) if left else Turn(_with(scene, None), (done,))
    return replace(turn, deeds=(CloseNeed(view.need.id, end),))


def _changes(scene: Scene, need: Need) -> dict[str, Any]:
    """What the words change, by field of the need."""
    facts, words = scene.meaning.facts, scene.words
    changes: dict[str, Any] = {}
    problem = _PROBLEM.search(scene.incoming.text)
    if problem:
        return {"problem": problem[1].strip()}
    if facts.money:
        changes["budget_yuan"] = facts.money[0].high if facts.money[0].high is not None else facts.money[0].low
    if facts.places:
        changes["place_code"] = facts.places[0].code
    longer = _LONGER.search(words)
    if longer:
        count = 6 if longer[1] == "半" else (small_number(longer[1]) or 0) * (12 if longer[2] == "年" else 1)
        changes["ends_on"] = months_later(need.ends_on, count)
    elif facts.dates and facts.dates[-1].last:
        changes["ends_on"] = facts.dates[-1].last
    return changes


def _changed(scene: Scene, need: Need, changes: dict[str, Any]) -> Turn:
    ends_on = changes.get("ends_on", need.ends_on)
    today = day_of(scene.incoming.sent_at)
    if not 0 < (ends_on - today).days <= LONGEST_DAYS:
        return Turn(scene.state, (say("need.extended_far"),))
    after = replace(need, **changes)
    said = say("need.changed", text=brief(after), **conditions(after))
    return Turn(_with(scene, None), (said,), (ChangeNeed(need.id, changes),))


def _one(scene: Scene, view: NeedView) -> Turn:
    items = tuple(say("need.match", position=match.id, title=title) for match, title in view.matches)
    hint = None if items else say("need.nothing_yet")
    return Turn(_with(scene, scene.state.pending), (say("need.one", text=view.need.problem, items=items, hint=hint),))


def brief(need: Need) -> str:
    return need.problem if len(need.problem) <= LONGEST_BRIEF else f"{need.problem[: LONGEST_BRIEF - 1]}…"


def conditions(need: Need) -> dict[str, Value]:
    return {
        "place": say("place", code=need.place_code) if need.place_code else None,
        "budget": None if need.budget_yuan is None else say("yuan", amount=need.budget_yuan),
        "ends_on": need.ends_on,
    }


def _with(scene: Scene, pending: dict[str, Any] | None) -> Any:
    return replace(scene.state, pending=pending, misses=0, choices=(), shown=(), card="")
