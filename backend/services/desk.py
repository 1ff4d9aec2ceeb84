"""What a conversation may ask of the office: read-only answers, each in one short transaction off the event loop."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from backend.domain.clock import Clock
from backend.domain.favourites import Kept
from backend.domain.policy import Entry
from backend.domain.queries import Counts, Facet, Found, PatentQuery, Results
from backend.domain.questions import (
    AdvisePrice,
    AskFollowUp,
    AskPolicy,
    ColleagueCode,
    CountPatents,
    FindPatents,
    FindSimilar,
    ListEvents,
    LookUpNumber,
    MatchPatents,
    MyCompany,
    MyDeclarations,
    MyDrafts,
    MyEvents,
    MyFavourites,
    MyFiles,
    MyPreference,
    MyProfile,
    MyProposal,
    Question,
    ScannedEvent,
    ShowEntry,
    ShowPatent,
)
from backend.domain.registry import PatentRecord, Registry, RegistryDown
from backend.knowledge.retrieval import Retrieval
from backend.registry.sql import SqlRegistry
from backend.search.index import IndexNotReady, PatentIndex
from backend.search.vocabulary import Suggester
from backend.services.colleagues import is_shown
from backend.services.events.views import Calendar
from backend.services.finding import Finder
from backend.services.fitting import found_as
from backend.services.matching.matcher import Matcher
from backend.services.mine import chosen_by, declarations_of, drafts_of, files_of, profile_of, proposal_of
from backend.services.theirs import theirs
from backend.store.database import Database


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
        suggester: Suggester | None = None,
        matcher: Matcher | None = None,
    ) -> None:
        self.database, self.retrieval, self.clock = database, retrieval, clock
        self.registry = registry or SqlRegistry(database, demonstration=demonstration)
        self.finder = Finder(database, index, clock, demonstration=demonstration, suggester=suggester)
        self.calendar = Calendar(database, clock, demonstration=demonstration)
        self.index = index
        self.matcher = matcher or Matcher(database, self._words, clock, demonstration=demonstration)

    def _words(self, text: str) -> list[str]:
        return self.index.tokenizer.words(text)

    def answer(self, question: Question, openid: str = "") -> Any:
        """What the question's docstring says. `openid` is whose conversation asks: nobody is told what others have."""
        match question:
            case FindPatents(query, page):
                return self.find_patents(query, page)
            case CountPatents(query, facet):
                return self.count_patents(query, facet)
            case FindSimilar(number):
                return self.find_similar(number)
            case ShowPatent(number):
                return self.show_patent(number)
            case AskPolicy(words):
                return self.retrieval.ask(words)
            case AskFollowUp(words, before, asked):
                return self.retrieval.ask_after(words, before, asked)
            case ShowEntry(entry_id):
                return self.entry(entry_id)
            case LookUpNumber(number):
                return self.look_up(number)
            case MyCompany() | MatchPatents() | AdvisePrice():
                return self.matcher.answer(question, openid)
            case _:
                return self._own(question, openid)

    def _own(self, question: Question, openid: str) -> Any:
        """What is the follower's own, or shows how they stand to it."""
        match question:
            case ListEvents() | MyEvents() | ScannedEvent():
                return self.calendar.answer(question, openid)
            case MyDrafts():
                return drafts_of(self.database, openid)
            case MyDeclarations():
                return declarations_of(self.database, openid)
            case MyProfile():
                return profile_of(self.database, openid, self.clock)
            case MyProposal():
                return proposal_of(self.database, openid)
            case MyFiles(number):
                return files_of(self.database, openid, number)
            case MyFavourites():
                return self.favourites_of(openid)
            case MyPreference():
                return chosen_by(self.database, openid)
            case ColleagueCode(code):
                return is_shown(self.database, code, self.clock)
            case _:
                with self.database.read() as uow:
                    return theirs(question, uow, openid, self.clock.now())

    def favourites_of(self, openid: str) -> tuple[Kept, ...]:
        """What they keep, each beside its listing of today."""
        with self.database.read() as uow:
            kept = uow.favourites.of(openid)
        shown = {shelved.listing.number: shelved for shelved in self.finder.on_show([one.number for one in kept])}
        return tuple(replace(one, now=found_as(shown[one.number], ()) if one.number in shown else None) for one in kept)

    def look_up(self, number: str) -> PatentRecord | None:
        """None where no register knows the number, and where it does not answer: both are asked of the patentee."""
        try:
            return self.registry.look_up(number)
        except RegistryDown:
            return None

    def entry(self, entry_id: str) -> Entry | None:
        return self.retrieval.by_id.get(entry_id)

    def show_patent(self, number: str) -> Found | None:
        """The listing as a follower may see it today; None when there is none on show."""
        shown = self.finder.on_show([number])
        return found_as(shown[0], ()) if shown else None

    def find_patents(self, query: PatentQuery, page: int) -> Results | None:
        """One page; where nothing fits, the nearest relaxation that finds something. None while no index is built."""
        with suppress(IndexNotReady):
            return self.finder.find(query, page)
        return None

    def find_similar(self, number: str) -> Results | None:
        """What shares the most telling words with this patent, itself left out. None while no index is built."""
        with suppress(IndexNotReady):
            return self.finder.similar(number)
        return None

    def count_patents(self, query: PatentQuery, facet: Facet) -> Counts | None:
        """None while no index is built."""
        with suppress(IndexNotReady):
            return self.finder.count(query, facet)
        return None
