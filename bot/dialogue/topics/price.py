"""What to ask for a license: what compares, what is published, the caps, and a calculation from the follower's own figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.domain.fees import LUMP_SUM_CAP_YUAN, NET_SALES_CAP_PERCENT, PROFIT_CAP_PERCENT
from backend.domain.hubei import clusters
from backend.domain.industries import divisions, sections
from backend.domain.pricing import (
    FEWEST,
    HUNDRED,
    Advice,
    Alike,
    Calculation,
    Comparables,
    IndustryRate,
    Inputs,
    PriceKind,
    Spread,
    prices_of,
)
from backend.domain.questions import AdvisePrice
from bot.dialogue.asking import holds_a_question
from bot.dialogue.flows.readers.amounts import MOST_YUAN, small_number
from bot.dialogue.meaning import Intent
from bot.dialogue.say import Say, Value, say
from bot.dialogue.turn import Play, Scene, Turn

MOST_YEARS = 20
ROUGH = Decimal(10_000)  # from here on hundreds of yuan are near enough
MOST_WORDS = 40
_SALES = re.compile(r"销售|年销|销量|卖|营收|营业额|产值|年收入|流水|进账")
_YEARS = re.compile(r"(?<!百分之)(?<!\d)(\d{1,2}|[一二两三四五六七八九十]{1,3})\s*年(?![销收产营利度费底末卖\d])")
_NEGATIVE = re.compile(r"[-－负]\s*\d")
_ASSUMED = {
    "one_to_many": re.compile(r"(?:一对多|折扣|打折|折到)\D{0,4}?(\d{1,3}(?:\.\d+)?)\s*(?:%|％|个点)"),
    "interest_percent": re.compile(r"(?:折现率|贴现率|利率)\D{0,4}?(\d{1,2}(?:\.\d+)?)\s*(?:%|％|个点)"),
    "entry_share": re.compile(r"入门费占\D{0,4}?(\d{1,2}(?:\.\d+)?)\s*(?:%|％|个点)"),
}


def estimate(scene: Scene) -> Play:
    """Advice on the patent or technique that is meant; figures given before are kept while it is the same."""
    before = scene.state.price or {}
    number, words = _named(scene)
    if not number and not words:
        number, words = str(before.get("number", scene.state.card)), str(before.get("words", ""))
    same = (number, words) == (before.get("number", ""), before.get("words", ""))
    given = {**(before.get("given", {}) if same else {}), **figures(scene)}
    advice: Advice = yield AdvisePrice(number, words, _inputs(given))
    state = replace(
        scene.state,
        price={"number": number, "words": words, "given": given},
        card=number if advice.fee is not None else scene.state.card,
        choices=(),
        misses=0,
    )
    again = bool(before) and same and bool(figures(scene))
    said = say("price.recalculated", calculation=_calculation(advice)) if again else _worded(advice, words)
    return Turn(state, (said,))


def goes_on(scene: Scene) -> bool:
    """A price was asked for, and the message gives a figure for it."""
    if scene.state.price is None or scene.meaning.facts.numbers:
        return False
    return bool(figures(scene)) and (scene.meaning.intent is Intent.ESTIMATE_PRICE or not holds_a_question(scene.words))


def _named(scene: Scene) -> tuple[str, str]:
    """(patent number, technique in words) of this message; both empty where nothing is named."""
    said = next((said.number for said in scene.meaning.facts.numbers if said.number), None)
    if said:
        return said, ""
    shown, position = scene.state.shown, scene.meaning.facts.ordinal
    if position is not None and shown and 1 <= position <= len(shown):
        return shown[position - 1], ""
    topics = tuple(dict.fromkeys(entity.value for entity in scene.meaning.entities if entity.name == "topic"))
    if topics:
        return "", "、".join(topics)[:MOST_WORDS]
    return "", ""


def figures(scene: Scene) -> dict[str, Any]:
    """What the message gives, as plain JSON: sales where it speaks of sales, a rate, years, assumptions.

    What no sum, rate or share can be is not taken: the answer then asks for it again.
    """
    text, facts = scene.meaning.text, scene.meaning.facts
    given: dict[str, Any] = {}
    taken: list[tuple[int, int]] = []
    for name, shape in _ASSUMED.items():
        found = shape.search(text)
        if found:
            taken.append(found.span())
            if Decimal(found[1]) <= HUNDRED and (Decimal(found[1]) or name == "interest_percent"):
                given[name] = found[1]
    free = [rate for rate in facts.rates if not any(start <= rate.span.start < end for start, end in taken)]
    if free and free[0].high is not None and 0 < free[0].high <= HUNDRED:
        given["rate_percent"] = str(free[0].high)
    if facts.money and _SALES.search(text) and not _NEGATIVE.search(text):
        sales = facts.money[0].high
        if sales and sales < MOST_YUAN:
            given["sales_yuan"] = str(sales)
    years = _YEARS.search(text)
    count = small_number(years[1]) if years else None
    if count and 1 <= count <= MOST_YEARS:
        given["years"] = count
    return given


def _inputs(given: dict[str, Any]) -> Inputs:
    plain = Inputs()
    sales, rate = given.get("sales_yuan"), given.get("rate_percent")
    return Inputs(
        sales_yuan=Decimal(sales) if sales else None,
        rate_percent=Decimal(rate) if rate else None,
        years=given.get("years"),
        one_to_many=_share(given.get("one_to_many"), plain.one_to_many),
        interest_percent=Decimal(given.get("interest_percent", plain.interest_percent)),
        entry_share=_share(given.get("entry_share"), plain.entry_share),
    )


def _share(said: str | None, default: Decimal) -> Decimal:
    return default if said is None else Decimal(said) / HUNDRED


def _worded(advice: Advice, words: str) -> Say:
    lines = tuple(_spreads(advice))
    return say(
        "price.advice",
        title=advice.title if advice.number else "",
        words=words if not advice.number else "",
        general=None if advice.number or words else say("price.general"),
        alike=_alike(advice.comparables),
        choices=lines,
        references=_references(advice),
        limit=say("yuan", amount=LUMP_SUM_CAP_YUAN),
        rate=NET_SALES_CAP_PERCENT,
        profit_rate=PROFIT_CAP_PERCENT,
        calculation=_calculation(advice),
    )


def _alike(found: Comparables | None) -> Say:
    if found is None:
        return say("price.none_alike")
    scope = say("price.by_subclass", ipc=found.code)
    if found.alike is Alike.CLUSTER:
        scope = say("price.by_cluster", cluster=clusters()[found.code])
    demonstration = say("search.demonstration") if found.demonstration else None
    free = str(found.free) if found.free else ""
    if not found.has_range:
        return say(
            "price.too_few", scope=scope, limit=FEWEST, free=free, as_of=found.as_of, demonstration=demonstration
        )
    return say("price.alike", scope=scope, total=found.count, free=free, as_of=found.as_of, demonstration=demonstration)


def _spreads(advice: Advice) -> Iterator[Say]:
    """One line a kind of price; nothing where no kind has enough."""
    found = advice.comparables
    if found is None or not found.has_range:
        return
    for spread in found.spreads:
        if spread.low is None or spread.median is None or spread.high is None:
            yield say("price.spread_few", name=spread.kind, count=spread.count, limit=FEWEST)
            continue
        yield say(
            "price.spread",
            name=spread.kind,
            count=spread.count,
            low=_figure(spread.kind, spread.low),
            high=_figure(spread.kind, spread.high),
            median=_figure(spread.kind, spread.median),
        )
    if advice.fee is not None:
        for kind, price in prices_of(advice.fee).items():
            yield from _listed(kind, price, found.spread(kind))


def _listed(kind: PriceKind, price: Decimal, spread: Spread) -> Iterator[Say]:
    if spread.low is None or spread.high is None:
        return
    if price > spread.high:
        where = say("price.where.above")
    else:
        where = say("price.where.below" if price < spread.low else "price.where.within")
    yield say("price.listed", amount=_figure(kind, price), text=where)


def _figure(kind: PriceKind, value: Decimal) -> Say:
    return say("yuan", amount=value) if kind.is_money else say("price.percent", rate=value)


def _references(advice: Advice) -> Value:
    if not advice.references:
        return say("price.no_reference")
    return tuple(_reference(rate) for rate in advice.references)


def _reference(rate: IndustryRate) -> Say:
    return say(
        "price.reference",
        division=_industry(rate.industry),
        years=rate.year,
        count=rate.contracts,
        mean=None if rate.mean_yuan is None else say("yuan", amount=rate.mean_yuan),
        median=None if rate.median_yuan is None else say("yuan", amount=rate.median_yuan),
        mean_rate=rate.mean_rate_percent,
        median_rate=rate.median_rate_percent,
        sources=rate.source,
    )


def _industry(code: str) -> Value:
    if code in divisions():
        return divisions()[code].name
    return sections()[code] if code in sections() else say("price.whole_economy")


def _calculation(advice: Advice) -> Say:
    if advice.inputs.missing:
        return say("price.ask", items=advice.inputs.missing)
    held = advice.calculation
    return say("price.no_years") if held is None else _calculated(held)


def _calculated(held: Calculation) -> Say:
    inputs = held.inputs
    return say(
        "price.calculation",
        sales=say("yuan", amount=inputs.sales_yuan),
        rate=inputs.rate_percent,
        years=inputs.years,
        years_left=str(held.years) if inputs.years and held.years < inputs.years else "",
        one_to_many=inputs.one_to_many * HUNDRED,
        interest=inputs.interest_percent,
        entry_share=inputs.entry_share * HUNDRED,
        lump_sum=say("yuan", amount=_about_so_much(held.lump_sum_yuan)),
        royalty=held.royalty_percent,
        entry=say("yuan", amount=_about_so_much(held.entry_fee_yuan)),
        reduced=held.reduced_royalty_percent,
        limit=say("price.above_cap") if held.above_cap else None,
    )


def _about_so_much(amount: Decimal) -> Decimal:
    """To the hundred: an estimate has no cents."""
    return amount if amount < ROUGH else (amount / HUNDRED).quantize(Decimal(1)) * HUNDRED
