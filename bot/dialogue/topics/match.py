"""What may fit a company: a list with one sentence each, and what was of no use. Information on what may fit, no more
(Patent Law art. 79 keeps the office from recommending patented products).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from backend.domain.companies import Company, CompanyLabel
from backend.domain.deeds import JudgePatents, ShownMatches
from backend.domain.hubei import clusters
from backend.domain.industries import divisions, divisions_in
from backend.domain.institutions import InstitutionLabel
from backend.domain.matching import MatchList, Reason, ReasonKind, Verdict
from backend.domain.queries import Found
from backend.domain.questions import MatchPatents, ShowPatent
from bot.dialogue.asking import holds_a_question
from bot.dialogue.meaning import Meaning
from bot.dialogue.say import Say, Value, say
from bot.dialogue.topics import cards
from bot.dialogue.turn import Play, Scene, Turn

PLAIN = {
    ReasonKind.FREE: "match.reason.free",
    ReasonKind.WITHIN_BUDGET: "match.reason.within_budget",
    ReasonKind.MATURE: "match.reason.mature",
    ReasonKind.GUIDED: "match.reason.guided",
}
SHORTEST = 2
MOST_DESCRIBED = 60
_UNFIT = re.compile("不(?:太|大)?(?:合适|相关|适合|对路|沾边|匹配|搭界)|用不[上到着]|没关系$|冇得关系")
AWAITED = "awaited"  # what they make was asked for


def match(scene: Scene) -> Play:
    """“有哪些专利适合我们厂”: by the profile, or by what the message says the company makes."""
    described = _described(scene.meaning)
    return (
        yield from _list(scene, {"words": described.products, "place": described.place_code} if described else {}, 0)
    )


def is_told(scene: Scene) -> bool:
    """We asked what they make, and the words are no question."""
    asked = bool((scene.state.matching or {}).get(AWAITED))
    return asked and len(scene.meaning.facts.left_over) >= SHORTEST and not holds_a_question(scene.words)


def told(scene: Scene) -> Play:
    """“做卤鸭脖的，襄阳，怕放久了坏”: what they make, and where."""
    facts = scene.meaning.facts
    place = facts.places[0].code if facts.places else ""
    return (yield from _list(scene, {"words": facts.left_over[:MOST_DESCRIBED], "place": place}, 0))


def next_page(scene: Scene) -> Play:
    return (yield from _list(scene, scene.state.matching or {}, scene.state.page + 1))


def previous_page(scene: Scene) -> Play:
    page = scene.state.page if scene.state.card else max(scene.state.page - 1, 0)
    return (yield from _list(scene, scene.state.matching or {}, page))


def _described(meaning: Meaning) -> Company | None:
    """A technique named by the model: what the grammar leaves over is carrier words here."""
    topics = tuple(dict.fromkeys(entity.value for entity in meaning.entities if entity.name == "topic"))
    words = "、".join(topic for topic in topics if len(topic) >= SHORTEST)[:MOST_DESCRIBED]
    if not words:
        return None
    return _company(words, meaning.facts.places[0].code if meaning.facts.places else "")


def _company(words: str, place_code: str) -> Company:
    """The industry that the words name, where they name just one."""
    named = divisions_in(words)
    division = named[0].code if len(named) == 1 else ""
    return Company(products=words, division=division, place_code=place_code)


def _list(scene: Scene, about: dict[str, Any], page: int) -> Play:
    words = str(about.get("words", ""))
    company = _company(words, str(about.get("place", ""))) if words else None
    found: MatchList | None = yield MatchPatents(company, page)
    if found is None:
        return Turn(replace(_closed(scene), matching={AWAITED: True}), (say("match.tell_products"),))
    if not found.items and page:
        return Turn(scene.state, (say("search.no_more_pages", total=found.total),))
    if not found.items:
        return Turn(_closed(scene), (say("match.nothing_described" if words else "match.nothing"),))
    numbers = tuple(item.listing.number for item in found.items)
    state = replace(_closed(scene), matching=about, page=page, shown=numbers)
    head = _page(found) if page else _head(found, words)
    foot = say("match.foot", more=say("search.more_pages") if found.has_more else None, own=_own(found))
    return Turn(state, (head, _items(found), foot), (ShownMatches(numbers),))


def _page(found: MatchList) -> Say:
    return say("search.page", total=found.total, page=found.page + 1)


def _head(found: MatchList, words: str) -> Say:
    own = say("match.by_profile") if found.own else None
    return say("match.head", words=words, own=own, total=found.total, count=len(found.items))


def _own(found: MatchList) -> Say | None:
    """Where only a few words were known, more of them would help."""
    return None if found.own else say("match.register")


def _closed(scene: Scene) -> Any:
    return replace(
        scene.state, query=None, page=0, shown=(), card="", entry="", asked="", choices=(), misses=0, matching=None
    )


def _items(found: MatchList) -> Say:
    items = tuple(
        say(
            "match.item",
            position=position,
            title=item.listing.title,
            holder=item.listing.holders[0],
            fee=cards.fee(item.listing.fee),
            ends_on=item.listing.license_ends_on,
            standing=item.listing.standing,
            why=why(item.reasons),
        )
        for position, item in enumerate(found.items, start=1)
    )
    demonstration = any(item.demonstration for item in found.items)
    return say("search.list", items=items, demonstration=say("search.demonstration") if demonstration else None)


def why(reasons: tuple[Reason, ...]) -> Say:
    """One sentence from the reasons; each stands in it once."""
    values: dict[str, Value] = {str(kind): None for kind in ReasonKind}
    for reason in reasons:
        values[str(reason.kind)] = worded(reason)
    return Say("match.why", values)


def worded(reason: Reason) -> Value:
    """What a reason names, in words."""
    match reason.kind:
        case ReasonKind.WORDS:
            return reason.said
        case ReasonKind.CLUSTER:
            return clusters()[reason.code]
        case ReasonKind.DIVISION:
            return divisions()[reason.code].name
        case ReasonKind.PLACE:
            return say("place", code=reason.code)
        case ReasonKind.LABEL:
            return CompanyLabel(reason.code)
        case ReasonKind.HOLDER:
            return InstitutionLabel(reason.code)
        case _:
            return Say(PLAIN[reason.kind])


def refused(scene: Scene) -> Callable[[Scene], Play] | None:
    """“第1个不合适”: said of one of those shown, whatever the model makes of it."""
    plain = scene.meaning.facts.ordinal is not None and _UNFIT.search(scene.words)
    return not_relevant if plain else None


def not_relevant(scene: Scene, *, all_of_them: bool = False) -> Play:
    """“第二个不合适”: kept, never shown to this company again, and the like of it moves back."""
    numbers = scene.state.shown if all_of_them else _meant(scene)
    if not numbers:
        key = "match.which_not" if scene.state.shown else "small.not_relevant"
        return Turn(replace(scene.state, misses=0), (say(key, count=len(scene.state.shown)),))
    titles = []
    for number in numbers:
        found: Found | None = yield ShowPatent(number)
        if found is not None:
            titles.append(found.listing.title)
    left = tuple(number for number in scene.state.shown if number not in numbers)
    state = replace(scene.state, shown=left or scene.state.shown, card="", misses=0)
    said = say("match.noted", items=tuple(f"《{title}》" for title in titles))
    return Turn(state, (said,), (JudgePatents(numbers, Verdict.NOT_RELEVANT),))


def _meant(scene: Scene) -> tuple[str, ...]:
    """The ordinal that was said, the patent last opened, the only one shown."""
    shown, position = scene.state.shown, scene.meaning.facts.ordinal
    if position is not None and shown:
        position = len(shown) if position == -1 else position
        return (shown[position - 1],) if 1 <= position <= len(shown) else ()
    numbers = tuple(said.number for said in scene.meaning.facts.numbers if said.number)
    if numbers:
        return numbers
    if scene.state.card:
        return (scene.state.card,)
    return shown if len(shown) == 1 else ()
