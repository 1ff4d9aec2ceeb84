"""From what a message means to a query of the pool, and a query back into words."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from backend.domain.hubei import places
from backend.domain.queries import PatentQuery, Sort
from bot.dialogue.meaning import Facts, Meaning
from bot.dialogue.say import Say, say

CHEAPER = Decimal("0.5")
SHORTEST_TOPIC = 2
MOST_EXCLUDED = 6
_LOOKS = re.compile("专利|技术|成果|有没有|有冇得|有没得|有木有|找|搜|哪些|推荐")
_ABOUT_RULES = re.compile(
    "怎么|如何|为什么|什么是|是什么|区别|年费|费减|流程|材料|条件|要求|规定|政策|期限多|多久|好处|办理|手续|声明"
)


def query_from(meaning: Meaning) -> PatentQuery:
    """A fresh query from one message."""
    facts, wishes = meaning.facts, meaning.facts.wishes
    low, high = _money(facts)
    return PatentQuery(
        words=_topic(meaning),
        context=facts.context,
        phrase=facts.phrase,
        title=facts.title,
        without_words=facts.without_words,
        without_places=_codes(facts),
        track=wishes.track,
        place_code=facts.places[0].code if facts.places else "",
        kind=wishes.kind,
        without_kind=wishes.without_kind,
        free=wishes.free,
        min_upfront_yuan=low,
        max_upfront_yuan=high,
        ipc=facts.symbols[0].symbol if facts.symbols else "",
        holder=facts.holder or meaning.entity("holder"),
        sort=wishes.sort or Sort.FIT,
    )


def _topic(meaning: Meaning) -> str:
    """Beside a phrase in quotes or a word of the title, only what our own grammar left over: the model's spans are in it."""
    facts = meaning.facts
    return facts.left_over if facts.phrase or facts.title else meaning.topic


def _codes(facts: Facts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.code for place in facts.without_places))


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
        changed = replace(changed, words=facts.left_over, context=facts.context, phrase="", title="")
    return _with_text(changed, facts)


def _with_text(query: PatentQuery, facts: Facts) -> PatentQuery:
    """What is quoted or wanted in the title takes the place of the words before; exclusions add up."""
    if facts.phrase or facts.title:
        query = replace(query, words=facts.left_over, context="", phrase=facts.phrase, title=facts.title)
    if facts.without_words:
        words = dict.fromkeys([*query.without_words.split(), *facts.without_words.split()])
        query = replace(query, without_words=" ".join(list(words)[:MOST_EXCLUDED]))
    if facts.wishes.track:
        query = replace(query, track=facts.wishes.track)
    return query


def _with_place_and_kind(query: PatentQuery, meaning: Meaning) -> PatentQuery:
    facts, wishes = meaning.facts, meaning.facts.wishes
    if facts.places:
        code = facts.places[0].code
        others = tuple(excluded for excluded in query.without_places if excluded != code)
        query = replace(query, place_code=code, without_places=others)
    if facts.without_places:
        codes = tuple(dict.fromkeys([*query.without_places, *_codes(facts)]))
        query = replace(query, without_places=codes, place_code="" if query.place_code in codes else query.place_code)
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
    named = (wishes.kind, wishes.without_kind, wishes.free, wishes.cheaper, wishes.sort, wishes.track)
    text = (facts.phrase, facts.title, facts.without_words, facts.holder)
    return bool(facts.places or facts.without_places or facts.money or facts.symbols or any(named) or any(text))


def looks_on_a_track(meaning: Meaning) -> bool:
    """“有没有法定开放许可的激光专利”: a technique is wanted, and its track; the rules of the track are not asked about."""
    facts = meaning.facts
    wanted = _LOOKS.search(meaning.text) is not None and not _ABOUT_RULES.search(meaning.text)
    return facts.wishes.track is not None and len(facts.left_over) >= SHORTEST_TOPIC and wanted


def describe(query: PatentQuery) -> Say:
    """A query in words, the ones a follower can change."""
    return say(
        "search.query",
        words=query.words,
        phrase=query.phrase,
        said_title=query.title,
        without_words=tuple(query.without_words.split()),
        place=say("place", code=query.place_code) if query.place_code else None,
        without_places=tuple(places()[code].name for code in query.without_places if code in places()),
        cluster=query.cluster,
        kind=query.kind,
        without_kind=query.without_kind,
        track=query.track,
        free=say("search.free_only") if query.free else None,
        price=price_of(query),
        ipc=query.ipc,
        holder=query.holder,
    )


def price_of(query: PatentQuery) -> Say | None:
    low, high = query.min_upfront_yuan, query.max_upfront_yuan
    if low is None and high is None:
        return None
    if low is None:
        return say("search.price_up_to", high=say("yuan", amount=high))
    if high is None:
        return say("search.price_from", low=say("yuan", amount=low))
    return say("search.price_between", low=say("yuan", amount=low), high=say("yuan", amount=high))
