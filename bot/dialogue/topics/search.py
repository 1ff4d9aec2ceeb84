"""Looking for patents: ask in own words, narrow, page, open one, go back."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.deeds import JudgePatents
from backend.domain.matching import Verdict
from backend.domain.patent_number import PatentNumber
from backend.domain.queries import PAGE, Found, PatentQuery, Results
from backend.domain.questions import FindPatents, FindSimilar, ShowPatent
from bot.dialogue.meaning import Intent
from bot.dialogue.say import Say, say
from bot.dialogue.topics import cards
from bot.dialogue.topics.asked import describe, price_of, query_from, refined
from bot.dialogue.turn import Play, Scene, Turn

MOST_WORDS_SHOWN = 4
LONG_TOPIC = 4
ON_SOMETHING_SHOWN = frozenset(
    {Intent.SHOW_PATENT, Intent.PATENT_STATUS, Intent.CONTACT_HOLDER, Intent.APPLY_LICENSE, Intent.INTERESTED}
)


def look(scene: Scene, query: PatentQuery, page: int = 0) -> Play:
    """Search and show one page."""
    if query.is_empty:
        return Turn(replace(scene.state, query=None, wanted=None, shown=(), choices=()), (say("search.what"),))
    results: Results | None = yield FindPatents(query, page)
    if results is None:
        return Turn(scene.state, (say("search.not_ready"),))
    leafed = query.dump() == scene.state.query  # another page of the same: what was asked first is still what was asked
    state = replace(
        scene.state,
        query=results.query.dump(),
        wanted=scene.state.wanted if leafed else (results.query if results.suggested else query).dump(),
        page=results.page,
        shown=tuple(item.listing.number for item in results.items),
        card="",
        entry="",
        asked="",
        choices=(),
        misses=0,
        matching=None,
        price=None,
    )
    if not results.items and page:
        return Turn(scene.state, (say("search.no_more_pages", total=results.total),))
    if not results.items:
        return Turn(state, (say("search.nothing", query=describe(query)),))
    return Turn(state, (_head(query, results), _list(results), _foot(results)))


def search(scene: Scene) -> Play:
    return (yield from look(scene, query_from(scene.meaning)))


def refine(scene: Scene) -> Play:
    query = scene.state.search
    if query is None:
        return (yield from search(scene))
    return (yield from look(scene, refined(query, scene.meaning)))


def next_page(scene: Scene) -> Play:
    query = scene.state.search
    if query is None:
        return Turn(scene.state, (say("search.nothing_open"),))
    return (yield from look(scene, query, scene.state.page + 1))


def previous_page(scene: Scene) -> Play:
    query = scene.state.search
    if query is None:
        return Turn(scene.state, (say("search.nothing_open"),))
    back_to_list = scene.state.page if scene.state.card else max(scene.state.page - 1, 0)
    return (yield from look(scene, query, back_to_list))


def pick(scene: Scene, position: int) -> Play:
    """“第二个”: the one on the page just shown; -1 is the last."""
    shown = scene.state.shown
    if position == -1:
        position = len(shown)
    if not 1 <= position <= len(shown):
        return Turn(scene.state, (say("search.no_such_position", count=len(shown)),))
    return (yield from card(scene, shown[position - 1]))


def card(scene: Scene, number: str, intent: Intent = Intent.SHOW_PATENT) -> Play:
    found: Found | None = yield ShowPatent(number)
    if found is None:
        return Turn(
            scene.state, (say("search.not_in_pool", number=PatentNumber(number.split(".", maxsplit=1)[0]).official),)
        )
    state = replace(scene.state, card=number, entry="", asked="", choices=(), misses=0, price=None)
    if intent is Intent.CONTACT_HOLDER:
        return Turn(state, (cards.contact(found),))
    if intent in {Intent.APPLY_LICENSE, Intent.INTERESTED}:
        liked = JudgePatents((number,), Verdict.INTERESTED)
        return Turn(state, (cards.how_to_license(found), cards.contact(found)), (liked,))
    if intent is Intent.PATENT_STATUS:
        return Turn(state, (cards.status(found),))
    return Turn(state, (cards.describe_card(found), say("search.card_next")))


def said_number(scene: Scene) -> Play:
    """A number was typed: open it, or say what is wrong with it."""
    said = next((found for found in scene.meaning.facts.numbers if found.number), None)
    if said and said.number:
        intent = scene.meaning.intent if scene.meaning.intent in ON_SOMETHING_SHOWN else Intent.SHOW_PATENT
        return (yield from card(scene, said.number, intent))
    wrong = scene.meaning.facts.numbers[0]
    return Turn(scene.state, (say(wrong.problem or "patent_number.shape", number=wrong.said.strip(), full=wrong.full),))


def about_card(scene: Scene, intent: Intent) -> Play:
    """“怎么联系”, “还有效吗”: about the one last opened, or the only one on the page."""
    number = scene.state.card or (scene.state.shown[0] if len(scene.state.shown) == 1 else "")
    if scene.meaning.facts.ordinal and scene.state.shown:
        position = scene.meaning.facts.ordinal
        position = len(scene.state.shown) if position == -1 else position
        if 1 <= position <= len(scene.state.shown):
            number = scene.state.shown[position - 1]
    if not number:
        return Turn(scene.state, (say("search.which_one"),))
    return (yield from card(scene, number, intent))


def similar(scene: Scene) -> Play:
    """More like the one last opened; with words of its own it is a search."""
    if len(scene.meaning.facts.left_over) >= LONG_TOPIC:
        return (yield from search(scene))
    number = scene.state.card or (scene.state.shown[0] if scene.state.shown else "")
    if not number:
        return (yield from search(scene))
    results: Results | None = yield FindSimilar(number)
    if results is None or not results.items:
        return Turn(scene.state, (say("search.nothing_similar"),))
    shown = tuple(item.listing.number for item in results.items)
    state = replace(
        scene.state,
        query=results.query.dump(),
        wanted=None,
        page=0,
        shown=shown,
        card="",
        choices=(),
        misses=0,
        matching=None,
    )
    return Turn(state, (say("search.similar"), _list(results), _foot(results)))


def _head(query: PatentQuery, results: Results) -> Say:
    if results.page:
        return say("search.page", total=results.total, page=results.page + 1)
    if results.given_up or results.any_word:
        return say(
            "search.relaxed",
            query=describe(query),
            given_up=results.given_up,
            any_word=say("search.any_word") if results.any_word else None,
            total=results.total,
            unheard=(*results.unheard, *results.unsaid),
        )
    return say(
        "search.found",
        query=describe(results.query),
        total=results.total,
        count=len(results.items) - results.near,
        unheard=(*results.unheard, *results.unsaid),
        suggested=say("search.suggested", said=query.words, words=results.suggested) if results.suggested else None,
        near=say("search.near", count=results.near, position=len(results.items) - results.near + 1)
        if results.near
        else None,
    )


def _list(results: Results) -> Say:
    return say(
        "search.list",
        items=tuple(
            say(
                "search.item",
                position=position,
                title=item.listing.title,
                holder=item.listing.holders[0],
                fee=cards.fee(item.listing.fee),
                ends_on=item.listing.license_ends_on,
                standing=item.listing.standing,
                why=_why(item, results.query),
            )
            for position, item in enumerate(results.items, start=1)
        ),
        demonstration=say("search.demonstration") if any(item.demonstration for item in results.items) else None,
    )


def _foot(results: Results) -> Say:
    return say(
        "search.foot", more=say("search.more_pages") if results.has_more else None, count=min(PAGE, len(results.items))
    )


def _why(item: Found, query: PatentQuery) -> Say:
    """Only reasons that hold: words that stand in the text, conditions that were asked for and are met."""
    return say(
        "search.why",
        words=item.matched[:MOST_WORDS_SHOWN],
        place=say("place", code=item.listing.place_code)
        if query.place_code and query.place_code == item.listing.place_code
        else None,
        within=price_of(query)
        if query.max_upfront_yuan is not None and item.listing.fee.upfront_yuan <= query.max_upfront_yuan
        else None,
        ipc=query.ipc
        if query.ipc and any(symbol.startswith(query.ipc) for symbol in (item.listing.ipc_main, *item.listing.ipc))
        else None,
    )
