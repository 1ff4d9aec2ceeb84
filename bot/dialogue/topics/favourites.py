"""“收藏第二个”, “我的收藏”, “取消收藏”: patents that a follower keeps, and what has changed since."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from backend.domain.deeds import DropFavourite, KeepFavourite
from backend.domain.favourites import MOST, Kept
from backend.domain.profiles import Consent
from backend.domain.queries import Found
from backend.domain.questions import MyFavourites, ShowPatent
from bot.dialogue.asking import holds_a_question
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
_MINE = re.compile(r"我的收藏|收藏(?:夹|列表|记录|了(?:哪些|什么|啥))|(?:看|查)[一看下]*收藏|历史收藏")


def wished(scene: Scene) -> Callable[[Scene], Play] | None:
    """What a short message wants of the favourites, said in so many words; None where it says nothing of them."""
    words = scene.words
    if len(words) > LONGEST or "收藏" not in words:
        return None
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
    return Turn(
        replace(scene.state, misses=0), (say("favourites.kept", title=title),), (KeepFavourite(number, CONSENT),)
    )


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
