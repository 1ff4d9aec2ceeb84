"""Looking for patents: ask in own words, narrow, page, open one, go back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from backend.domain.deeds import JudgePatents
from backend.domain.listings import Guidance, Track
from backend.domain.matching import Verdict
from backend.domain.patent_number import PatentNumber
from backend.domain.queries import PAGE, Found, PatentQuery, Results
from backend.domain.questions import FindPatents, FindSimilar, ShowPatent
from bot.dialogue.meaning import Facts, Intent, Meaning
from bot.dialogue.say import Say, say
from bot.dialogue.turn import Play, Scene, Turn

CHEAPER = Decimal("0.5")
MOST_WORDS_SHOWN = 4
SHORTEST_TOPIC = 2
ON_SOMETHING_SHOWN = frozenset(
    {Intent.SHOW_PATENT, Intent.PATENT_STATUS, Intent.CONTACT_HOLDER, Intent.APPLY_LICENSE, Intent.INTERESTED}
)


def query_from(meaning: Meaning) -> PatentQuery:
    """A fresh query from one message."""
    facts, wishes = meaning.facts, meaning.facts.wishes
    low, high = _money(facts)
    return PatentQuery(
        words=meaning.topic,
        place_code=facts.places[0].code if facts.places else "",
        kind=wishes.kind,
        without_kind=wishes.without_kind,
        free=wishes.free,
        min_upfront_yuan=low,
        max_upfront_yuan=high,
        ipc=facts.symbols[0].symbol if facts.symbols else "",
        holder=facts.holder or meaning.entity("holder"),
        **({"sort": wishes.sort} if wishes.sort else {}),
    )


def _money(facts: Facts) -> tuple[Decimal | None, Decimal | None]:
    """A bare sum is what somebody can spend, so it bounds from above."""
    if not facts.money:
        return None, None
    said = facts.money[0]
    return (None, said.high) if said.low == said.high else (said.low, said.high)


def refined(query: PatentQuery, meaning: Meaning) -> PatentQuery:
    """The query before, changed by what this message names; everything else stays."""
    facts, wishes = meaning.facts, meaning.facts.wishes
    changed = _with_place_and_kind(query, meaning)
    if wishes.free:
        changed = replace(changed, free=True, min_upfront_yuan=None, max_upfront_yuan=None)
    if facts.money:
        low, high = _money(facts)
        changed = replace(changed, free=False, min_upfront_yuan=low, max_upfront_yuan=high)
    elif wishes.cheaper and not wishes.free and wishes.sort is None:
        changed = replace(changed, max_upfront_yuan=_cheaper(query.max_upfront_yuan), min_upfront_yuan=None)
    if facts.symbols:
        changed = replace(changed, ipc=facts.symbols[0].symbol)
    if wishes.sort:
        changed = replace(changed, sort=wishes.sort)
    if facts.holder:
        changed = replace(changed, holder=facts.holder)
    if len(facts.left_over) >= SHORTEST_TOPIC:
        changed = replace(changed, words=facts.left_over)
    return changed


def _with_place_and_kind(query: PatentQuery, meaning: Meaning) -> PatentQuery:
    facts, wishes = meaning.facts, meaning.facts.wishes
    if facts.places:
        query = replace(query, place_code=facts.places[0].code)
    if wishes.kind:
        query = replace(query, kind=wishes.kind, without_kind=None)
    if wishes.without_kind:
        query = replace(query, without_kind=wishes.without_kind, kind=None)
    return query


def _cheaper(bound: Decimal | None) -> Decimal:
    return Decimal(50_000) if bound is None else bound * CHEAPER


def names_conditions(facts: Facts) -> bool:
    """True where a message holds something that can narrow a search."""
    wishes = facts.wishes
    named = (wishes.kind, wishes.without_kind, wishes.free, wishes.cheaper, wishes.sort)
    return bool(facts.places or facts.money or facts.symbols or any(named))


def look(scene: Scene, query: PatentQuery, page: int = 0) -> Play:
    """Search and show one page."""
    if query.is_empty:
        return Turn(replace(scene.state, query=None, shown=(), choices=()), (say("search.what"),))
    results: Results | None = yield FindPatents(query, page)
    if results is None:
        return Turn(scene.state, (say("search.not_ready"),))
    state = replace(
        scene.state,
        query=results.query.dump(),
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
        return Turn(state, (_contact(found),))
    if intent in {Intent.APPLY_LICENSE, Intent.INTERESTED}:
        liked = JudgePatents((number,), Verdict.INTERESTED)
        return Turn(state, (_how_to_license(found), _contact(found)), (liked,))
    if intent is Intent.PATENT_STATUS:
        return Turn(state, (_status(found),))
    return Turn(state, (describe_card(found), say("search.card_next")))


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
    """More like the one last opened."""
    number = scene.state.card or (scene.state.shown[0] if scene.state.shown else "")
    if not number:
        return (yield from search(scene))
    results: Results | None = yield FindSimilar(number)
    if results is None or not results.items:
        return Turn(scene.state, (say("search.nothing_similar"),))
    shown = tuple(item.listing.number for item in results.items)
    state = replace(
        scene.state, query=results.query.dump(), page=0, shown=shown, card="", choices=(), misses=0, matching=None
    )
    return Turn(state, (say("search.similar"), _list(results), _foot(results)))


def describe(query: PatentQuery) -> Say:
    """A query in words, the ones a follower can change."""
    return say(
        "search.query",
        words=query.words,
        place=say("place", code=query.place_code) if query.place_code else None,
        kind=query.kind,
        without_kind=query.without_kind,
        free=say("search.free_only") if query.free else None,
        price=_price(query),
        ipc=query.ipc,
        holder=query.holder,
    )


def _price(query: PatentQuery) -> Say | None:
    low, high = query.min_upfront_yuan, query.max_upfront_yuan
    if low is None and high is None:
        return None
    if low is None:
        return say("search.price_up_to", high=say("yuan", amount=high))
    if high is None:
        return say("search.price_from", low=say("yuan", amount=low))
    return say("search.price_between", low=say("yuan", amount=low), high=say("yuan", amount=high))


def _head(query: PatentQuery, results: Results) -> Say:
    if results.given_up or results.any_word:
        return say(
            "search.relaxed",
            query=describe(query),
            given_up=results.given_up,
            any_word=say("search.any_word") if results.any_word else None,
            total=results.total,
            unheard=results.unheard,
        )
    if results.page:
        return say("search.page", total=results.total, page=results.page + 1)
    return say(
        "search.found", query=describe(query), total=results.total, count=len(results.items), unheard=results.unheard
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
                fee=fee(item),
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
        within=_price(query)
        if query.max_upfront_yuan is not None and item.listing.fee.upfront_yuan <= query.max_upfront_yuan
        else None,
        ipc=query.ipc
        if query.ipc and any(symbol.startswith(query.ipc) for symbol in (item.listing.ipc_main, *item.listing.ipc))
        else None,
    )


def fee(item: Found) -> Say:
    """The price in words, by its method."""
    price = item.listing.fee
    return say(
        f"fee.{price.method}",
        amount=None if price.lump_sum_yuan is None else say("yuan", amount=price.lump_sum_yuan),
        entry=None if price.entry_fee_yuan is None else say("yuan", amount=price.entry_fee_yuan),
        basis=price.royalty_basis,
        rate=price.royalty_percent,
        unit=None if price.unit_yuan is None else say("yuan", amount=price.unit_yuan),
        plan=price.instalments,
    )


def describe_card(found: Found) -> Say:
    """Every term of a listing, its track, and where its announcement stands."""
    listing = found.listing
    return say(
        "search.card",
        title=listing.title,
        number=PatentNumber(listing.number.split(".")[0]).official,
        kind=listing.kind,
        filed_on=listing.filed_on,
        expires_on=listing.expires_on,
        holders=listing.holders,
        place=say("place", code=listing.place_code) if listing.place_code else None,
        ipc=listing.ipc_main,
        cluster=listing.cluster,
        abstract=listing.abstract,
        scenes=listing.scenes,
        maturity=listing.maturity,
        standing=say(
            f"standing.{listing.standing}", number=listing.announcement_number, announced_on=listing.announced_on
        ),
        fee=fee(found),
        note=listing.fee.note,
        ends_on=listing.license_ends_on,
        years=listing.license_years,
        region=listing.region if listing.track is Track.PILOT else "",
        scope=listing.licensee_scope if listing.track is Track.PILOT else "",
        guidance=listing.guidance or Guidance.NOT_INCLUDED if listing.guidance else None,
        report=listing.evaluation_report,
        contact=_contact_line(found),
        vouched=found.vouched_by,
        demonstration=say("search.demonstration") if found.demonstration else None,
    )


def _contact_line(found: Found) -> Say | None:
    contact = found.listing.contact
    if not contact.public or not (contact.name or contact.phone or contact.email):
        return None
    return say("search.contact_line", name=contact.name, phone=contact.phone, email=contact.email)


def _contact(found: Found) -> Say:
    line = _contact_line(found)
    return say("search.contact" if line else "search.contact_private", contact=line, title=found.listing.title)


def _status(found: Found) -> Say:
    listing = found.listing
    return say(
        "search.status",
        title=listing.title,
        number=PatentNumber(listing.number.split(".")[0]).official,
        standing=say(
            f"standing.{listing.standing}", number=listing.announcement_number, announced_on=listing.announced_on
        ),
        ends_on=listing.license_ends_on,
        expires_on=listing.expires_on,
        vouched=found.vouched_by,
        demonstration=say("search.demonstration") if found.demonstration else None,
    )


def _how_to_license(found: Found) -> Say:
    """Before its announcement a statutory listing offers no license (Patent Law art. 50 and 51)."""
    return say(
        f"license.{found.listing.standing}",
        title=found.listing.title,
        fee=fee(found),
        demonstration=say("search.demonstration") if found.demonstration else None,
    )
