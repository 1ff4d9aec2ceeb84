"""“收藏第二个”, “我的收藏”, “取消收藏”: patents that a follower keeps, and what has changed since."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from backend.domain.deeds import Agree, DropFavourite, KeepFavourite
from backend.domain.favourites import MOST, Kept
from backend.domain.profiles import Consent, Profile
from backend.domain.queries import Found
from backend.domain.questions import MyFavourites, MyProfile, Question, ShowPatent
from backend.domain.saved_queries import PURPOSE, VERSION
from bot.dialogue.asking import holds_a_question
from bot.dialogue.flows.heard import tidied
from bot.dialogue.say import Say, say
from bot.dialogue.topics import cards
from bot.dialogue.turn import Play, Scene, Turn

CONSENT = Consent("favourites", "2026-11")  # favourites.kept says what is kept, and until when
LISTED = 10
LONGEST = 16
_KEEP = re.compile(r"收藏|存起来|存一下|记下来")
_DROP = re.compile(
    r"(?:取消|移除|去掉|删掉?|删除|不要|移出|清除)[^，。]{0,6}收藏|收藏[^，。]{0,6}(?:取消|移除|去掉|删掉?|删除)|不收藏"
)
_TELL = re.compile(r"收藏[^，。]{0,8}(?:变|降价|涨价|调价)[^，。]{0,4}(?:告诉|通知|提醒|说)")
_MINE = re.compile(r"我的收藏|收藏(?:夹|列表|记录|了(?:哪些|什么|啥))|(?:看|查)[一看下]*收藏|历史收藏")


def wished(scene: Scene) -> Callable[[Scene], Play] | None:
    """What a short message wants of the favourites, said in so many words; None where it says nothing of them."""
    words = scene.words
    if len(words) > LONGEST or "收藏" not in words:
        return None
    if _TELL.search(words):
        return tell
    if _DROP.search(words):
        return drop
    if _MINE.search(words):
        return mine
    return None if holds_a_question(words) else keep


def keep(scene: Scene) -> Play:
    """The one that is pointed at, the one last opened, or the only one shown."""
    number = _pointed_at(scene)
    if not number:
        return Turn(scene.state, (say("favourites.which_one"),))
    found: Found | None = yield ShowPatent(number)
    if found is None:
        return Turn(scene.state, (say("favourites.gone"),))
    kept: tuple[Kept, ...] = yield MyFavourites()
    title = found.listing.title
    if any(one.number == number for one in kept):
        return Turn(scene.state, (say("favourites.kept_already", title=title),))
    if len(kept) >= MOST:
        return Turn(scene.state, (say("favourites.full", limit=MOST),))
    told = say("favourites.told" if (yield from told_at_once()) else "favourites.may_be_told")
    said = say("favourites.kept", title=title, hint=told)
    return Turn(replace(scene.state, misses=0), (said,), (KeepFavourite(number, CONSENT),))


def tell(scene: Scene) -> Play:
    """“收藏有变化告诉我”: the consent that alerts need, for all that they keep."""
    if (yield from told_at_once()):
        return Turn(replace(scene.state, misses=0), (say("favourites.told_already"),))
    return Turn(replace(scene.state, pending={"do": "favourites"}, misses=0), (say("favourites.consent"),))


def settle(scene: Scene) -> Generator[Question, Any, Turn | None]:
    """Yes or no to that; None where the message is about something else."""
    yield from ()
    answer = scene.house.words.get("yes_no", {}).get(tidied(scene.words))
    state = replace(scene.state, pending=None, misses=0)
    if answer == "yes":
        return Turn(state, (say("favourites.told_from_now"),), (Agree(PURPOSE, VERSION),))
    return Turn(state, (say("favourites.not_agreed"),)) if answer == "no" else None


def told_at_once() -> Generator[Question, Any, bool]:
    """They agreed to alerts: of what they keep, a change of price or standing is told when it happens."""
    profile: Profile | None = yield MyProfile()
    return profile is not None and profile.agreed(PURPOSE, VERSION)


def drop(scene: Scene) -> Play:
    number = _pointed_at(scene)
    if not number:
        return (yield from mine(scene))
    kept: tuple[Kept, ...] = yield MyFavourites()
    found = next((one for one in kept if one.number == number), None)
    if found is None:
        return Turn(scene.state, (say("favourites.not_kept"),))
    return Turn(scene.state, (say("favourites.dropped", title=found.title),), (DropFavourite(number),))


def mine(scene: Scene) -> Play:
    kept: tuple[Kept, ...] = yield MyFavourites()
    if not kept:
        return Turn(replace(scene.state, misses=0), (say("favourites.none"),))
    listed = kept[:LISTED]
    shown = tuple(one.number for one in listed)
    state = replace(scene.state, shown=shown, card="", entry="", choices=(), page=0, misses=0)
    only = say("favourites.only", count=LISTED) if len(kept) > LISTED else None
    items = tuple(_item(one, position) for position, one in enumerate(listed, start=1))
    return Turn(state, (say("favourites.list", total=len(kept), more=only, items=items),))


def _pointed_at(scene: Scene) -> str:
    said = next((found.number for found in scene.meaning.facts.numbers if found.number), None)
    if said:
        return said
    shown, position = scene.state.shown, scene.meaning.facts.ordinal or _count_in(scene.words)
    if position is not None and shown:
        at = len(shown) if position == -1 else position
        return shown[at - 1] if 1 <= at <= len(shown) else ""
    return scene.state.card or (shown[0] if len(shown) == 1 else "")


def _count_in(words: str) -> int | None:
    """“收藏 2”, “收藏2号”."""
    found = re.search(r"收藏\s*([1-9]\d?)\s*(?:号|个|件)?$", words)
    return int(found[1]) if found else None


def _item(one: Kept, position: int) -> Say:
    if one.now is None:
        return say("favourites.item_gone", position=position, title=one.title)
    listing = one.now.listing
    changed = (
        *((say("favourites.repriced", fee=cards.fee(one.fee)),) if one.repriced else ()),
        *((say("favourites.moved", standing=one.standing),) if one.moved else ()),
    )
    return say(
        "favourites.item",
        position=position,
        title=listing.title,
        fee=cards.fee(listing.fee),
        standing=listing.standing,
        changed=changed or None,
    )
