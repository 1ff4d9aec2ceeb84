"""Needs and patents: the pool now for a new need, every open need for a patent that comes later; the same score both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from backend.domain.clock import Clock, day_of
from backend.domain.needs import Need
from backend.domain.ports.wording import Wording
from backend.domain.queries import PatentQuery
from backend.search.fields import IndexDocument
from backend.search.index import IndexNotReady, PatentIndex
from backend.search.indexer import document_of
from backend.search.likeness import Telling, likeness, telling
from backend.search.percolation import counted
from backend.services.needs.holders import tell_holders
from backend.services.needs.introducing import pass_on
from backend.services.needs.posting import close_overdue, tell
from backend.services.needs.words import found_words
from backend.store.database import Database
from backend.store.listings import Shelved
from backend.store.unit_of_work import UnitOfWork

REPLICA = "needs"
BATCH = 200
LOOKED_THROUGH = 80
MOST_FOUND = 5


@dataclass(slots=True)
class NeedRound:
    """One process's part; what two find is written once."""

    database: Database
    index: PatentIndex
    clock: Clock
    wording: Wording
    demonstration: bool
    _looked_on: date | None = field(default=None)
    _telling: dict[tuple[int, str], Telling] = field(default_factory=dict)

    def run(self) -> int:
        """Close what is overdue, look through the pool for new needs, hold changed patents against all; how many fit."""
        self._once_a_day()
        try:
            found = self._new_needs()
            found += self._changed_patents()
        except IndexNotReady:
            found = 0
        pass_on(self.database, self.clock, self.wording)
        return found

    def _once_a_day(self) -> None:
        now = self.clock.now()
        if self._looked_on == day_of(now):
            return
        with self.database.write() as uow:
            uow.search_tasks.register(REPLICA, at=now)
        close_overdue(self.database, self.clock, self.wording)
        self._telling.clear()  # the pool of today weighs words otherwise
        self._looked_on = day_of(now)

    def _new_needs(self) -> int:
        """The pool as it is now; the answer follows at once, for the poster waits for it."""
        found = 0
        while True:
            with self.database.read() as uow:
                needs = uow.needs.uncompared(BATCH)
            if not needs:
                return found
            for need in needs:
                found += self._compare(need)

    def _compare(self, need: Need) -> int:
        now = self.clock.now()
        with self.database.read() as uow:
            fitting = self._fitting_now(uow, need)
        with self.database.write() as uow:
            fresh = [number for number, score in fitting if uow.needs.match(need.id, number, score, at=now)]
            uow.needs.compared(need.id, at=now)
            matches = [match for match in uow.needs.matches_of(need.id) if match.number in fresh]
            listings = {number: held.listing for number, held in uow.listings.of(fresh).items()}
            key = f"need:{need.id}:found:{now.isoformat()}"
            tell(uow, need.openid, key, found_words(self.wording, need, matches, listings), at=now)
            if uow.deliveries.known(need.openid, key):
                uow.needs.told([match.id for match in matches], uow.deliveries.id_of(need.openid, key))
            for match in matches:
                tell_holders(uow, self.wording, need, match, listings[match.number], at=now)
        return len(fresh)

    def _fitting_now(self, uow: UnitOfWork, need: Need) -> list[tuple[str, Decimal]]:
        """Best first."""
        what = self._told_by(need)
        query = PatentQuery(words=" ".join(what.words), max_upfront_yuan=need.budget_yuan)
        today = day_of(self.clock.now())
        if not what.words:
            return []
        hits = self.index.search(query, on=today, limit=LOOKED_THROUGH, any_word=True)
        documents = self._documents(uow.listings.of(hits.numbers), hits.numbers)
        scored = [(document.number, self._score(need, what, document)) for document in documents]
        return sorted(((number, score) for number, score in scored if score), key=lambda pair: -pair[1])[:MOST_FOUND]

    def _changed_patents(self) -> int:
        found = 0
        while True:
            with self.database.read() as uow:
                numbers = uow.search_tasks.pending(REPLICA, BATCH)
                needs = uow.needs.open() if numbers else []
                held = uow.listings.of(numbers)
            documents = self._documents(held, numbers)
            if not numbers:
                return found
            pairs = [
                (need, document.number, score)
                for need in needs
                for document in documents
                if (score := self._score(need, self._told_by(need), document))
            ]
            with self.database.write() as uow:
                uow.search_tasks.done(REPLICA, numbers)  # first: a change noted from here on is a task of its own
                uow.search_tasks.ask(REPLICA, uow.listings.others_than(held, numbers))
                found += sum(self._found_later(uow, *pair) for pair in pairs)

    def _found_later(self, uow: UnitOfWork, need: Need, number: str, score: Decimal) -> bool:
        """The poster hears of it with the digest of the next morning; holders who want to hear of needs, now."""
        now = self.clock.now()
        if not uow.needs.match(need.id, number, score, at=now):
            return False
        match = next(match for match in uow.needs.matches_of(need.id) if match.number == number)
        tell_holders(uow, self.wording, need, match, uow.listings.of([number])[number].listing, at=now)
        return True

    def _score(self, need: Need, what: Telling, document: IndexDocument) -> Decimal:
        if need.budget_yuan is not None and document.upfront_yuan > need.budget_yuan:
            return Decimal(0)
        return likeness(what, document)

    def _told_by(self, need: Need) -> Telling:
        """Weighed once a day: the pool grows slowly, and a need is read against every patent that comes."""
        key = (need.id, need.problem)
        if key not in self._telling:
            text = f"{need.problem} {need.industry}"
            self._telling[key] = telling(text, self.index.tokenizer, counted(self.index), self.index.size())
        return self._telling[key]

    def _documents(self, held: Mapping[str, Shelved], numbers: Sequence[str]) -> list[IndexDocument]:
        """Of those that a follower may see today."""
        today = day_of(self.clock.now())
        shown = [held[number] for number in numbers if number in held and held[number].on_show(today)]
        documents = (document_of(shelved, demonstration=self.demonstration) for shelved in shown)
        return [document for document in documents if document]
