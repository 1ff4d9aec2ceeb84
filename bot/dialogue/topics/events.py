"""Events in the chat: what is on, one of them, one's own places, the offer of a place, and the door.

`State.event` holds what is open: `listed` ids that a number picks from, the `open` one, and what was `asks`-ed:
“cancel” or “walk_in” of the open one, “cancel_which” of the list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from backend.domain.deeds import CancelSignUp, ComeIn, Deed, Followed, TakePlace
from backend.domain.drafts import Flow
from backend.domain.events import EventKind, EventView, SignUpState, event_of_scene, moment, span
from backend.domain.questions import ListEvents, MyEvents, Question, ScannedEvent
from bot.dialogue.flows import entrance
from bot.dialogue.flows.attending import lines, may_judge, named
from bot.dialogue.flows.heard import bared, tidied
from bot.dialogue.incoming import Kind
from bot.dialogue.meaning import Intent
from bot.dialogue.say import Say, Value, say
from bot.dialogue.state import State
from bot.dialogue.turn import Play, Scene, Turn

MOST_LISTED = 9
_MORE_PEOPLE = re.compile(
    r"(?:我们?)?(?:想|要)?(?:改成|改为|换成|变成|再?加|再?多|带)(?:[一二两三四五六七八九十几]|\d{1,2})\s*(?:个|位)?人"
)
_NOT_ALONE = re.compile(r"(?:[二两三四五六七八九十几]|[2-9]|\d{2})\s*(?:个|位)?人|带.{0,6}(?:人|同事|徒弟|家属)|和同事")
TAKES = "take_place"
CANCELLABLE = frozenset({SignUpState.CONFIRMED, SignUpState.WAITING, SignUpState.OFFERED})

Maybe = Generator[Question, Any, Turn | None]
Views = tuple[EventView, ...]


def list_events(scene: Scene) -> Play:
    """What is on; of the kind that the words name, where there is one of it."""
    views: Views = yield ListEvents()
    if not views:
        return Turn(_at_rest(scene), (say("event.none"),))
    kinds = scene.house.words.get("EventKind", {})
    said = scene.words if scene.incoming.kind is Kind.TEXT else ""
    wanted = {EventKind(kind) for word, kind in kinds.items() if word in tidied(said)}
    found = tuple(view for view in views if view.event.details.kind in wanted)
    lead = say("event.none_of_kind", kind=min(wanted)) if wanted and not found else None
    shown = (found or views)[:MOST_LISTED]
    state = replace(_at_rest(scene), event={"listed": [view.event.id for view in shown]})
    listed = say("event.list", items=lines(shown), link=scene.house.events_page or None)
    return Turn(state, (lead, listed) if lead else (listed,))


def mine(scene: Scene) -> Play:
    """“我的报名”."""
    views: Views = yield MyEvents()
    kept = tuple(view for view in views if view.mine and view.mine.state is not SignUpState.CANCELLED)[:MOST_LISTED]
    if not kept:
        return Turn(_at_rest(scene), (say("event.none_mine"),))
    state = replace(_at_rest(scene), event={"listed": [view.event.id for view in kept]})
    return Turn(state, (say("event.mine", items=lines(kept)),))


def sign_up(scene: Scene) -> Play:
    turn = yield from entrance.begin(scene, Flow.SIGN_UP)
    if scene.incoming.kind is Kind.TEXT and _NOT_ALONE.search(scene.words):
        return replace(turn, says=(say("event.one_each"), *turn.says))
    return turn


def with_others(scene: Scene) -> Callable[[Scene], Play] | None:
    """“改成两个人”, “再加一个人”: a place is for one person, who signs up."""
    return _one_each if _MORE_PEOPLE.match(scene.words.strip()) else None


def _one_each(scene: Scene) -> Play:
    yield from ()
    return Turn(_at_rest(scene), (say("event.one_each"),))


def change(scene: Scene) -> Play:
    """“修改报名”."""
    view = yield from _own_one(scene)
    if isinstance(view, EventView):
        return (yield from entrance.change_sign_up(scene, view))
    return _choose(scene, view, "change_which")


def cancel(scene: Scene) -> Play:
    """“取消报名”: asked once, then done."""
    view = yield from _own_one(scene)
    return _ask_cancel(scene, view) if isinstance(view, EventView) else _choose(scene, view, "cancel_which")


def _own_one(scene: Scene) -> Generator[Question, Any, EventView | Views]:
    """The one of their places that is meant, or those that may be."""
    views: Views = yield MyEvents()
    held = tuple(view for view in views if view.standing in CANCELLABLE)
    opened = _open_id(scene)
    one = tuple(view for view in held if view.event.id == opened)
    found = named(held, bared(tidied(scene.words)), scene.house.words.get("EventKind", {})) if len(held) > 1 else held
    for some in (found, one, held):
        if len(some) == 1:
            return some[0]
    return held


def _choose(scene: Scene, views: Views, asks: str) -> Turn:
    if not views:
        return Turn(_at_rest(scene), (say("event.none_mine"),))
    listed = views[:MOST_LISTED]
    state = replace(_at_rest(scene), event={"listed": [view.event.id for view in listed], "asks": asks})
    return Turn(
        state, (say("event.cancel_which" if asks == "cancel_which" else "event.change_which", items=lines(listed)),)
    )


def _ask_cancel(scene: Scene, view: EventView) -> Turn:
    state = replace(_at_rest(scene), event={"open": view.event.id, "asks": "cancel"})
    return Turn(state, (say("event.cancel_sure", title=view.event.title, begins=moment(view.event.details.begins_at)),))


def goes_on(scene: Scene) -> Maybe:
    """An answer to what was asked last, or a number of the list; None for anything else."""
    held = scene.state.event
    if held is None or scene.incoming.kind is not Kind.TEXT:
        return None
    asks = held.get("asks", "")
    if asks in {"cancel", "walk_in"}:
        said = scene.house.words.get("yes_no", {}).get(tidied(scene.words), "")
        said = said or scene.house.words.get("yes_no", {}).get(bared(tidied(scene.words)), "")
        if said or scene.house.commands.get(scene.words) == "cancel_sign_up":
            return _answered(scene, asks, yes=said != "no")
        return None
    position = scene.meaning.facts.ordinal
    listed = held.get("listed", [])
    if position is None or not listed or scene.state.shown or scene.state.choices or len(scene.words) > 8:  # noqa: PLR2004 “报第二个”
        return None
    position = len(listed) if position == -1 else position
    if not 1 <= position <= len(listed):
        return Turn(scene.state, (say("flow_common.error.position", count=len(listed)),))
    return (yield from _picked(scene, listed[position - 1], asks))


def _picked(scene: Scene, event_id: int, asks: str) -> Play:
    views: Views = yield ListEvents()
    own: Views = yield MyEvents()
    view = next((view for view in (*views, *own) if view.event.id == event_id), None)
    if view is None:
        return Turn(_at_rest(scene), (say("event.gone"),))
    if asks == "cancel_which":
        return _ask_cancel(scene, view)
    if asks == "change_which":
        return (yield from entrance.change_sign_up(scene, view))
    if scene.meaning.intent is Intent.SIGN_UP_EVENT and view.open:
        opened = replace(scene.state, event={"open": event_id})
        return (yield from entrance.begin(replace(scene, state=opened), Flow.SIGN_UP))
    return _card(scene, view)


def _answered(scene: Scene, asks: str, *, yes: bool) -> Turn:
    event_id = _open_id(scene)
    state = replace(_at_rest(scene), event={"open": event_id})
    if not yes:
        return Turn(state, (say(f"event.{asks}_no"),))
    deed: Deed = CancelSignUp(event_id) if asks == "cancel" else ComeIn(event_id, walk_in=True)
    return Turn(state, (say(f"event.{asks}_yes"),), (deed,))


def take_offered(scene: Scene) -> Maybe:
    """“1” or “接受” where a place is kept for them. A bare number belongs to what is open, unless the offer is news."""
    if scene.incoming.kind is not Kind.TEXT:
        return None
    said = tidied(scene.words)
    plainly = scene.house.commands.get(scene.words.rstrip("。.!！~～ ")) == TAKES
    if not plainly and said != "1":
        return None
    views: Views = yield MyEvents()
    offers = tuple(view for view in views if view.standing is SignUpState.OFFERED and _lives(scene, view))
    news = tuple(view for view in offers if view.offer_is_news)
    if not offers:
        return Turn(scene.state, (say("event.no_offer"),)) if plainly else None
    state = scene.state
    listed = bool(state.shown or state.choices or state.pending or (state.event or {}).get("listed"))
    if not (plainly or news) and (state.flow is not None or listed):
        return None
    view = (news or offers)[0]
    said_so = say("event.taken", title=view.event.title, begins=moment(view.event.details.begins_at))
    return Turn(replace(state, misses=0), (said_so,), (TakePlace(view.event.id),))


def _lives(scene: Scene, view: EventView) -> bool:
    until = view.mine.offered_until if view.mine else None
    return until is not None and scene.incoming.sent_at < until


def scanned(scene: Scene) -> Maybe:
    """A code of an event: at the door it checks in, before that it shows the event. None for other codes."""
    event_id = event_of_scene(scene.incoming.text)
    if not event_id:
        return None
    view: EventView | None = yield ScannedEvent(event_id)
    if view is None:
        return None
    came = Followed(scene.incoming.text)
    fresh = scene if scene.incoming.kind is Kind.SCAN else replace(scene, state=State())
    if not view.event.checks_in(scene.incoming.sent_at):
        return replace(_card(fresh, view), deeds=(came,))
    title, state = view.event.title, replace(_at_rest(fresh), event={"open": event_id})
    mine = view.mine.state if view.mine else None
    if mine is SignUpState.ATTENDED:
        return Turn(state, (say("event.in_already", title=title),), (came,))
    if mine in {SignUpState.CONFIRMED, SignUpState.NO_SHOW}:
        return Turn(state, (say("event.in", title=title),), (came, ComeIn(event_id)))
    asked = replace(state, event={"open": event_id, "asks": "walk_in"})
    return Turn(asked, (say("event.walk_in", title=title),), (came,))


def _card(scene: Scene, view: EventView) -> Turn:
    state = replace(_at_rest(scene), event={"open": view.event.id})
    return Turn(state, (card(view, page=scene.house.events_page),))


def card(view: EventView, *, page: str) -> Say:
    """All about one event, and what can be done about it now."""
    held = view.event.details
    inside = view.standing in {SignUpState.CONFIRMED, SignUpState.ATTENDED}
    return say(
        "event.card",
        kind=held.kind,
        title=held.title,
        begins=span(held.begins_at, held.ends_at),
        venue=held.place or None,
        online=(held.link if inside else say("event.link_later")) if held.link else None,
        invited=held.invited or None,
        summary=held.summary or None,
        closes=moment(held.sign_up_until),
        places=places_of(view),
        auction=say("event.auction") if held.kind is EventKind.AUCTION else None,
        mine=view.standing,
        materials=held.materials if view.standing is SignUpState.ATTENDED and held.materials else None,
        hint=say(f"event_hint.{hint_of(view)}"),
        link=f"{page}/{view.event.id}" if page else None,
    )


def places_of(view: EventView) -> Value:
    if view.free is None:
        return say("event.no_limit")
    if view.full:
        return say("event.places_none", count=view.counts.waiting)
    return say("event.places_left", count=view.free)


def hint_of(view: EventView) -> str:
    if may_judge(view):
        return "judge"
    if view.standing is not None:
        return str(view.standing)
    if not view.open:
        return "closed"
    return "wait" if view.full else "open"


def _open_id(scene: Scene) -> int:
    return int((scene.state.event or {}).get("open", 0))


def _at_rest(scene: Scene) -> State:
    """Other lists give way."""
    return replace(scene.state, shown=(), card="", choices=(), matching=None, misses=0, pending=None, event=None)


WISHES: dict[Intent, Callable[[Scene], Play]] = {
    Intent.LIST_EVENTS: list_events,
    Intent.SIGN_UP_EVENT: sign_up,
    Intent.CANCEL_SIGN_UP: cancel,
}
