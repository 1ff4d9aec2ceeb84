"""“按城市分”: how the hits fall into places, prices, kinds …, and a number that leaves one of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from backend.domain.listings import Track
from backend.domain.patents import PatentKind
from backend.domain.queries import Counts, Facet, PatentQuery
from backend.domain.questions import CountPatents
from bot.dialogue.say import Say, say
from bot.dialogue.state import State
from bot.dialogue.topics import search
from bot.dialogue.topics.asked import describe, query_from, refined
from bot.dialogue.turn import Play, Scene, Turn

MARK = "only:"  # a choice that narrows: only:place:420100
MOST = 9
FREE = "free"


def offered(state: State) -> bool:
    """The numbers now stand for what the hits were counted by."""
    return bool(state.choices) and state.choices[0].startswith(MARK)


def count(scene: Scene, facet: Facet) -> Play:
    """By the facet that was named; the open search, changed by what the message names besides."""
    opened = scene.state.search
    query = query_from(scene.meaning) if opened is None else refined(opened, scene.meaning)
    counts: Counts | None = yield CountPatents(query, facet)
    if counts is None:
        return Turn(scene.state, (say("search.not_ready"),))
    named = None if query.is_empty else describe(query)
    if not counts.values:
        return Turn(scene.state, (say("search.count_nothing", query=named),))
    shown = counts.values[:MOST]
    choices = tuple(f"{MARK}{facet}:{value}" for value, _ in shown)
    state = replace(scene.state, query=query.dump(), page=-1, shown=(), card="", entry="", choices=choices, misses=0)
    items = tuple(
        say("search.count_item", position=position, name=_name(facet, value), count=hits)
        for position, (value, hits) in enumerate(shown, start=1)
    )
    more = say("search.count_more", count=MOST) if len(counts.values) > MOST else None
    return Turn(state, (say("search.count", query=named, kind=facet, items=items, more=more),))


def narrow(scene: Scene, position: int) -> Play:
    """A number: only what falls into that part."""
    choices = scene.state.choices
    at = len(choices) if position == -1 else position
    if not 1 <= at <= len(choices):
        return Turn(scene.state, (say("search.no_such_position", count=len(choices)),))
    _, facet, value = choices[at - 1].split(":", 2)
    query = scene.state.search or PatentQuery()
    with suppress(ValueError):
        query = _only(query, Facet(facet), value)
    return (yield from search.look(scene, query))


def _only(query: PatentQuery, facet: Facet, value: str) -> PatentQuery:
    match facet:
        case Facet.PLACE:
            return replace(query, place_code=value)
        case Facet.KIND:
            return replace(query, kind=PatentKind(value))
        case Facet.CLUSTER:
            return replace(query, cluster=value)
        case Facet.TRACK:
            return replace(query, track=Track(value))
        case Facet.HOLDER:
            return replace(query, holder=value)
        case Facet.PRICE:
            if value == FREE:
                return replace(query, free=True, min_upfront_yuan=None, max_upfront_yuan=None)
            return replace(query, free=False, min_upfront_yuan=None, max_upfront_yuan=Decimal(value))


def _name(facet: Facet, value: str) -> Say | PatentKind | Track | str:
    match facet:
        case Facet.PLACE:
            return say("place", code=value)
        case Facet.KIND:
            return PatentKind(value)
        case Facet.TRACK:
            return Track(value)
        case Facet.PRICE:
            return (
                say("search.free_only") if value == FREE else say("search.price_up_to", high=say("yuan", amount=value))
            )
        case _:
            return value
