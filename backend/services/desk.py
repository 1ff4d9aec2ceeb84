"""What a conversation may ask of the office: read-only answers, each in one short transaction off the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from backend.domain.clock import Clock, day_of
from backend.domain.policy import Entry, PolicyAnswer
from backend.domain.queries import PAGE, Condition, Found, PatentQuery, Results
from backend.domain.questions import (
    AskPolicy,
    FindPatents,
    FindSimilar,
    LookUpNumber,
    MyDeclarations,
    MyDrafts,
    MyPreference,
    MyProfile,
    MyProposal,
    Question,
    ShowEntry,
    ShowPatent,
)
from backend.domain.registry import PatentRecord, Registry, RegistryDown
from backend.knowledge.retrieval import Retrieval
from backend.registry.sql import SqlRegistry
from backend.search.index import IndexNotReady, PatentIndex
from backend.services.mine import chosen_by, declarations_of, drafts_of, profile_of, proposal_of
from backend.store.database import Database
from backend.store.listings import Shelved

MOST_UNHEARD = 0.5  # share of a query that no document holds, beyond which nothing is shown
LOOKED_THROUGH = 40


class Desk:
    """Search and policy for one process. `demonstration` says whether demonstration rows may be shown at all."""

    def __init__(
        self,
        database: Database,
        index: PatentIndex,
        retrieval: Retrieval,
        clock: Clock,
        *,
        demonstration: bool,
        registry: Registry | None = None,
    ) -> None:
        self.database, self.index, self.retrieval, self.clock = database, index, retrieval, clock
        self.demonstration, self.registry = demonstration, registry or SqlRegistry(database)

    def answer(self, question: Question, openid: str = "") -> Any:
        """What the question's docstring says. `openid` is whose conversation asks: nobody is told what others have."""
        match question:
            case FindPatents(query, page):
                return self.find_patents(query, page)
            case FindSimilar(number):
                return self.find_similar(number)
            case ShowPatent(number):
                return self.show_patent(number)
            case AskPolicy(words, besides):
                return self.ask_policy(words, besides)
            case ShowEntry(entry_id):
                return self.entry(entry_id)
            case LookUpNumber(number):
                return self.look_up(number)
            case _:
                return self._own(question, openid)

    def _own(self, question: MyDrafts | MyDeclarations | MyProfile | MyProposal | MyPreference, openid: str) -> Any:
        """What is the follower's own."""
        match question:
            case MyDrafts():
                return drafts_of(self.database, openid)
            case MyDeclarations():
                return declarations_of(self.database, openid)
            case MyProfile():
                return profile_of(self.database, openid, self.clock)
            case MyProposal():
                return proposal_of(self.database, openid)
            case MyPreference():
                return chosen_by(self.database, openid)

    def look_up(self, number: str) -> PatentRecord | None:
        """None where no register knows the number, and where it does not answer: both are asked of the patentee."""
        try:
            return self.registry.look_up(number)
        except RegistryDown:
            return None

    def ask_policy(self, question: str, besides: str = "") -> PolicyAnswer:
        return self.retrieval.ask(question, besides)

    def entry(self, entry_id: str) -> Entry | None:
        return self.retrieval.by_id.get(entry_id)

    def show_patent(self, number: str) -> Found | None:
        """The listing as a follower may see it today; None when there is none on show."""
        shown = self._on_show([number])
        return _found(shown[0], ()) if shown else None

    def find_patents(self, query: PatentQuery, page: int) -> Results | None:
        """One page; where nothing fits, the nearest relaxation that finds something. None while no index is built."""
        try:
            return self._find(query, page)
        except IndexNotReady:
            return None

    def find_similar(self, number: str) -> Results | None:
        """What shares the most telling words with this patent's title, itself left out. None while no index is built."""
        shown = self._on_show([number])
        if not shown:
            return None
        query = PatentQuery(words=shown[0].listing.title)
        today = day_of(self.clock.now())
        try:
            hits = self.index.search(query, on=today, limit=PAGE + 1, any_word=True)
        except IndexNotReady:
            return None
        terms = self.index.tokenizer.terms(query.words)
        others = [found for found in self._on_show(hits.numbers) if found.listing.number != number][:PAGE]
        return Results(query, len(others), 0, tuple(_found(shelved, terms) for shelved in others), any_word=True)

    def _find(self, query: PatentQuery, page: int) -> Results:
        results = self._page(query, page)
        if results.items or page:
            return results
        return next((relaxed for relaxed in self._relaxations(query) if relaxed.items), results)

    def _relaxations(self, query: PatentQuery) -> Iterator[Results]:
        """All words with one condition less, with none; then any of the words with all conditions, with none."""
        held = tuple(condition for condition in query.conditions() if condition is not Condition.WORDS)
        for condition in held:
            looser = query.without(condition)
            if not looser.is_empty:
                yield replace(self._page(looser, 0), given_up=(condition,))
        bare = query
        for condition in held:
            bare = bare.without(condition)
        if bare.words:
            yield replace(self._page(bare, 0), given_up=held)
        if len(self.index.tokenizer.terms(query.words)) > 1:
            yield self._near(query)
            yield replace(self._near(bare), given_up=held)

    def _page(self, query: PatentQuery, page: int) -> Results:
        today = day_of(self.clock.now())
        hits = self.index.search(query, on=today, limit=PAGE, offset=page * PAGE)
        terms = self.index.tokenizer.terms(query.words)
        if len("".join(hits.unheard)) > MOST_UNHEARD * len(query.words):
            return Results(query, 0, page, (), unheard=hits.unheard)  # what is left of the words says something else
        items = tuple(_found(shelved, terms) for shelved in self._on_show(hits.numbers))
        return Results(query, hits.total if items or page else 0, page, items, unheard=hits.unheard)

    def _near(self, query: PatentQuery) -> Results:
        """What holds at least half of the words, the nearest first."""
        today = day_of(self.clock.now())
        hits = self.index.search(query, on=today, limit=LOOKED_THROUGH, any_word=True)
        terms = self.index.tokenizer.terms(query.words)
        found = [_found(shelved, terms) for shelved in self._on_show(hits.numbers)]
        near = [item for item in found if len("".join(item.matched)) * 2 >= len("".join(terms))]
        return Results(query, len(near), 0, tuple(near[:PAGE]), any_word=True, unheard=hits.unheard)

    def _on_show(self, numbers: tuple[str, ...] | list[str]) -> list[Shelved]:
        """The index is derived: status and dates are checked in SQL before anyone sees a hit."""
        today = day_of(self.clock.now())
        with self.database.read() as uow:
            held = uow.listings.of(numbers)
        shown = [held[number] for number in numbers if number in held and held[number].on_show(today)]
        return [shelved for shelved in shown if self.demonstration or not shelved.demonstration]


def _found(shelved: Shelved, terms: tuple[str, ...] | list[str]) -> Found:
    listing = shelved.listing
    text = f"{listing.title} {listing.abstract} {listing.scenes} {listing.industry} {listing.cluster}".lower()
    return Found(listing, tuple(term for term in terms if term in text), shelved.demonstration, shelved.vouched_by)
