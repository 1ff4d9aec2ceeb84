"""A need, and what fits it, in the words of a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.domain.listings import Listing
from backend.domain.needs import Need, NeedMatch
from backend.domain.ports.wording import Wording
from backend.services.alerts.words import fee_words, official
from backend.services.needs.posting import brief

MOST_ITEMS = 5


def conditions(wording: Wording, need: Need) -> dict[str, str]:
    """The parts of a need as placeholders: whom to call is not among them."""
    return {
        "industry": need.industry,
        "place": wording.words("place", code=need.place_code) if need.place_code else "",
        "budget": "" if need.budget_yuan is None else wording.words("yuan", amount=need.budget_yuan),
        "ends_on": need.ends_on.isoformat(),
    }


def found_words(wording: Wording, need: Need, matches: Sequence[NeedMatch], listings: Mapping[str, Listing]) -> str:
    """What the pool holds for a need that was just posted or changed."""
    if not matches:
        return wording.words("need.found_nothing", text=brief(need.problem))
    return wording.words("need.found", text=brief(need.problem), items=item_words(wording, matches, listings))


def item_words(wording: Wording, matches: Sequence[NeedMatch], listings: Mapping[str, Listing]) -> str:
    """One line each. The number of the match is what “同意联系 12” names."""
    return "\n".join(
        wording.words(
            "need.item",
            position=match.id,
            title=listings[match.number].title,
            number=official(match.number),
            holder=listings[match.number].holders[0],
            fee=fee_words(wording, listings[match.number].fee),
        )
        for match in matches[:MOST_ITEMS]
        if match.number in listings
    )
