"""Looking through the pool for a follower: all words first, then step by step less, and every step named.

The index says what fits; SQL decides what is on show today and whether a hit meets every condition.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from backend.domain.clock import Clock, day_of
from backend.domain.queries import PAGE, Condition, Counts, Facet, PatentQuery, Results, Sort
from backend.search.everyday import everyday
from backend.search.index import Page, PatentIndex
from backend.search.tokens import plain
from backend.search.vocabulary import Suggester
from backend.search.wanted import covered
from backend.services.closeness import closest_first
from backend.services.fitting import band_counts, found_as, holds, meets, text_of, values_of
from backend.store.database import Database
from backend.store.listings import Shelved

MOST_UNHEARD = 0.5  # share of a request that no document holds, beyond which nothing is shown
MOST_BESIDE_A_TRADE = 0.75  # the same where a word of the table of everyday words is left
TURNED = 2  # pages whose hits are put in order together
LOOKED_THROUGH = 40
MOST_SLIPS = 2
MOST_CHECKED = 300  # hits whose text is looked at for a phrase
FEW = 3  # below it the nearest are added
NEAR = 0.2  # share of what a request tells, by the rarity of its words, that a near hit holds at least
NEARER = 0.45  # the same beside hits that hold everything
WORTH = 0.4  # of the fit of the best near hit


class Finder:
    """`demonstration` says whether demonstration rows may be shown at all. Every method raises IndexNotReady."""

    def __init__(
        self,
        database: Database,
        index: PatentIndex,
        clock: Clock,
        *,
        demonstration: bool,
        suggester: Suggester | None = None,
        size: int = PAGE,
    ) -> None:
        self.database, self.index, self.clock = database, index, clock
        self.demonstration, self.suggester, self.size = demonstration, suggester, size

    def find(self, query: PatentQuery, page: int = 0) -> Results:
        """One page; where nothing fits, the nearest relaxation that finds something."""
        results = self._page(query, page)
        if page:
            return results
        if results.unheard or not results.items:
            meant = self._meant(query)
            if meant:
                return meant
        if results.items:
            return self._filled(query, results)
        return next((relaxed for relaxed in self._relaxations(query) if relaxed.items), results)

    def similar(self, number: str) -> Results | None:
        """What shares the most telling words with this patent, itself left out. None for what is not on show."""
        shown = self.on_show([number])
        if not shown:
            return None
        listing = shown[0].listing
        hits = self.index.similar(
            listing.title,
            f"{listing.title} {listing.abstract} {listing.scenes}",
            listing.ipc_main[:4],
            on=day_of(self.clock.now()),
            limit=2 * self.size + 1,
        )
        others = [shelved for shelved in self.on_show(hits.numbers) if shelved.listing.number != number][: self.size]
        query = PatentQuery(words=listing.title)
        return Results(query, len(others), 0, tuple(found_as(shelved, ()) for shelved in others), any_word=True)

    def count(self, query: PatentQuery, facet: Facet) -> Counts:
        """How the hits of the query fall into the facet; every hit counts, also on the pages not shown."""
        if query.phrase:
            held = [value for shelved in self._with_phrase(query)[1] for value in values_of(shelved.listing, facet)]
            counted = band_counts(held) if facet is Facet.PRICE else dict(Counter(held).most_common())
        else:
            counted = self.index.count(query, [facet], on=day_of(self.clock.now())).get(facet, {})
        return Counts(query, facet, tuple((value, number) for value, number in counted.items() if number))

    def nearest(self, query: PatentQuery) -> tuple[list[Shelved], Page]:
        """What holds some of the words, the nearest first."""
        return self._near(query, NEAR)

    # one page

    def _page(self, query: PatentQuery, page: int) -> Results:
        if query.phrase:
            hits, held = self._with_phrase(query)
            total, shown = len(held), held[page * self.size : (page + 1) * self.size]
        else:
            first = page - page % TURNED
            limit = TURNED * self.size
            hits = self.index.search(query, on=day_of(self.clock.now()), limit=limit, offset=first * self.size)
            if _says_something_else(hits):
                return Results(query, 0, page, (), unheard=hits.unheard)
            total = hits.total
            shown = [shelved for shelved in self._fitting(query, hits) if holds(shelved.listing, hits.groups)]
            if query.sort is Sort.FIT:
                shown = closest_first(shown, hits)
            begin = (page - first) * self.size
            shown = shown[begin : begin + self.size]
        items = tuple(found_as(shelved, hits.groups, query) for shelved in shown)
        unsaid = _unsaid(hits, shown) if items else ()
        return Results(query, total if items or page else 0, page, items, unheard=hits.unheard, unsaid=unsaid)

    def _with_phrase(self, query: PatentQuery) -> tuple[Page, list[Shelved]]:
        """Hits whose text holds the phrase as it stands, among the best of those with all of its words."""
        hits = self.index.search(query, on=day_of(self.clock.now()), limit=MOST_CHECKED)
        return hits, self._fitting(query, hits)

    def _fitting(self, query: PatentQuery, hits: Page) -> list[Shelved]:
        return [shelved for shelved in self.on_show(hits.numbers) if meets(shelved.listing, query)]

    def on_show(self, numbers: tuple[str, ...] | list[str]) -> list[Shelved]:
        """The index is derived: status and dates are checked in SQL before anyone sees a hit."""
        today = day_of(self.clock.now())
        with self.database.read() as uow:
            held = uow.listings.of(numbers)
        shown = [held[number] for number in numbers if number in held and held[number].on_show(today)]
        return [shelved for shelved in shown if self.demonstration or not shelved.demonstration]

    # more than fits

    def _filled(self, query: PatentQuery, results: Results) -> Results:
        """Few hits are followed by the nearest that hold not all of the words, told apart."""
        if results.total >= FEW or not query.words or query.phrase:
            return results
        held = {item.listing.number for item in results.items}
        near, hits = self._near(query, NEARER)
        more = [found_as(shelved, hits.groups, query) for shelved in near if shelved.listing.number not in held]
        more = more[: self.size - len(results.items)]
        return replace(results, items=(*results.items, *more), near=len(more))

    def _relaxations(self, query: PatentQuery) -> Iterator[Results]:
        """All words with one condition less, with none; then some of the words with all conditions, with none."""
        held = tuple(condition for condition in query.conditions() if condition is not Condition.WORDS)
        for condition in held:
            looser = query.without(condition)
            if not looser.is_empty:
                yield replace(self._page(looser, 0), given_up=(condition,))
        bare = query
        for condition in held:
            bare = bare.without(condition)
        if bare.words and len(held) > 1:
            yield replace(self._page(bare, 0), given_up=held)
        if query.words and not query.phrase:
            yield self._part(query)
        if bare.words:
            yield replace(self._part(bare), given_up=held)

    def _part(self, query: PatentQuery) -> Results:
        near, hits = self._near(query, NEAR)
        items = tuple(found_as(shelved, hits.groups, query) for shelved in near[: self.size])
        texts = [text_of(shelved.listing) for shelved in near[: self.size]]
        missing = [
            group.said for group in hits.groups if group.needed and not any(covered(text, group) for text in texts)
        ]
        unheard = (*hits.unheard, *(said for said in missing if len(said) > 1))
        return Results(query, len(near), 0, items, any_word=True, unheard=unheard if items else hits.unheard)

    def _near(self, query: PatentQuery, share: float) -> tuple[list[Shelved], Page]:
        hits = self.index.search(query, on=day_of(self.clock.now()), limit=LOOKED_THROUGH, any_word=True)
        if _says_something_else(hits):
            return [], hits
        whole = sum(hits.weights) or 1.0
        score = dict(zip(hits.numbers, hits.scores, strict=True))
        fits = [
            (score[shelved.listing.number] * math.sqrt(told / whole), shelved)
            for shelved in self._fitting(query, hits)
            if (told := _told(shelved, hits)) >= share * whole
        ]
        fits.sort(key=lambda pair: -pair[0])
        best = fits[0][0] if fits else 0.0
        return [shelved for fit, shelved in fits if fit >= WORTH * best], hits

    # slips

    def _meant(self, query: PatentQuery) -> Results | None:
        """What a slip in the words may have meant, where that finds something."""
        if self.suggester is None or not query.words or query.phrase:
            return None
        words = plain(query.words)
        for _ in range(MOST_SLIPS):
            words = self._put_right(replace(query, words=words))
            if not words:
                return None
            results = self._page(replace(query, words=words), 0)
            if results.items and not results.unheard:
                return replace(results, suggested=words)
        return None

    def _put_right(self, query: PatentQuery) -> str:
        """The words with one slip less; empty where none is near enough."""
        assert self.suggester is not None
        groups = self.index.search(query, on=day_of(self.clock.now()), limit=1).groups
        known = {group.said for group in groups} | set(everyday().official)
        whole = [group.said for group in groups if len(group.said) > 1 and self.index.holds(group.said)]

        def suspect(stretch: str) -> bool:
            if any(_cuts_into(stretch, word, query.words) for word in whole):
                return False
            return stretch not in known and not self.index.holds(stretch)

        return self.suggester.suggest(query.words, suspect)


def _cuts_into(stretch: str, word: str, text: str) -> bool:
    """The stretch begins or ends inside a word that the pool holds: 璃切割 of 玻璃切割机 is no slip."""
    return any(
        (stretch.startswith(word[at:]) and word[:at] + stretch in text)
        or (stretch.endswith(word[:at]) and stretch + word[at:] in text)
        for at in range(1, len(word))
    )


def _unsaid(hits: Page, shown: list[Shelved]) -> tuple[str, ...]:
    """What was asked for besides, of which nothing shown says a word (“省电的”); a story told before is not asked for."""
    texts = [text_of(shelved.listing) for shelved in shown]
    asked = (group for group in hits.groups if not group.around)
    words = (group.said for group in asked if not any(covered(text, group) for text in texts))
    return tuple(said for said in words if len(said) > 1)


def _says_something_else(hits: Page) -> bool:
    """What is left of the words, where too many are unheard of, says something else; less soon where a trade's own word
    is left, which says what it is all about."""
    needed = [group.said for group in hits.groups if group.needed]
    said, unheard = len("".join(needed)), len("".join(hits.unheard))
    most = MOST_BESIDE_A_TRADE if any(word in everyday().official for word in needed) else MOST_UNHEARD
    return unheard > most * (said + unheard)


def _told(shelved: Shelved, hits: Page) -> float:
    text = text_of(shelved.listing)
    pairs = zip(hits.groups, hits.weights, strict=True)
    return sum(weight * covered(text, group) for group, weight in pairs if weight)
