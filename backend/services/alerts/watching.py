"""From a change in the pool to what saved queries found, and at once to those who follow the patent.

Derived like the search index and told of changes by the same table. What is new is the difference from the version that was
looked at last, so a change that is noted twice, or found again after a crash, is found once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from backend.domain.clock import Clock, day_of
from backend.domain.declarations import State
from backend.domain.listings import Listing, ListingStatus
from backend.domain.ports.wording import Wording
from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import Change
from backend.search.fields import IndexDocument
from backend.search.index import IndexNotReady, PatentIndex
from backend.search.indexer import document_of
from backend.search.percolation import counted, demands, groups_of, keys_of, traits_of, unknown, version_of
from backend.search.tokens import Tokenizer
from backend.services.alerts.following import tell_followers
from backend.services.fitting import holds, meets
from backend.store.alerts import Seen
from backend.store.database import Database
from backend.store.listings import Shelved
from backend.store.unit_of_work import UnitOfWork

REPLICA = "alerts"
BATCH = 200
CHUNK = 500  # found queries a transaction: a broad one has thousands
ENDED = frozenset({State.LAPSED, State.EXPIRED})
NOTE = 1000


@dataclass(frozen=True, slots=True)
class News:
    """A patent before and now. A version that nobody may see is None; `version` is the newest, seen or not."""

    number: str
    before: Shelved | None
    now: Shelved | None
    version: int
    ends_on: date
    ended: Change | None = None

    @property
    def repriced(self) -> bool:
        return self.before is not None and self.now is not None and self.before.listing.fee != self.now.listing.fee

    @property
    def stands_otherwise(self) -> bool:
        both = self.before is not None and self.now is not None
        return both and self.before.listing.standing is not self.now.listing.standing  # type: ignore[union-attr] # both

    def changes(self) -> tuple[Change, ...]:
        """What happened, as those who follow this patent are told."""
        if self.before is not None and self.now is None:
            return (self.ended or Change.WITHDRAWN,)
        told = (Change.REPRICED, self.repriced), (Change.STANDING, self.stands_otherwise)
        return tuple(change for change, happened in told if happened)


def _how_it_ended(uow: UnitOfWork, newest: Shelved) -> Change:
    """Taken back by somebody, or at an end by itself."""
    if newest.status is not ListingStatus.WITHDRAWN:
        return Change.LAPSED
    _, _, declaration_id = uow.listings.source_of(newest.listing.number).partition("declaration:")
    if declaration_id.isdigit() and uow.declarations.get(int(declaration_id)).state in ENDED:
        return Change.LAPSED
    return Change.WITHDRAWN


@dataclass(slots=True)
class Watch:
    """One process's part of it. Any number may run: what both find is written once."""

    database: Database
    index: PatentIndex
    clock: Clock
    wording: Wording
    demonstration: bool
    _looked_on: date | None = field(default=None)

    def run(self) -> int:
        """Key what was saved, then hold every changed patent against all saved queries; how many patents."""
        self.file_new()
        self._look_everywhere()
        looked_at = 0
        while numbers := self._pending():
            for number in numbers:
                self._look(number)
            looked_at += len(numbers)
        return looked_at

    def file_new(self) -> int:
        """Give keys to queries that have none, or those of an older dictionary; how many."""
        tokenizer = self.index.tokenizer
        version, filed = version_of(tokenizer), 0
        while True:
            with self.database.read() as uow:
                waiting = uow.saved_queries.unkeyed(version, BATCH)
            if not waiting:
                return filed
            frequency = counted(self.index)
            try:
                keys = {saved.id: keys_of(demands(saved.query, tokenizer), frequency) for saved in waiting}
            except IndexNotReady:
                keys = {saved.id: keys_of(demands(saved.query, tokenizer), unknown) for saved in waiting}
            with self.database.write() as uow:
                uow.saved_queries.file(keys, version)
            filed += len(waiting)

    def _look_everywhere(self) -> None:
        """Once a day: whose last day has passed, and what no task told of."""
        now = self.clock.now()
        if self._looked_on == day_of(now):
            return
        with self.database.write() as uow:
            uow.search_tasks.register(REPLICA, at=now)
        with self.database.read() as uow:
            numbers = [*uow.alerts.unseen(), *uow.alerts.ended(on=day_of(now))]
        for start in range(0, len(numbers), NOTE):
            with self.database.write() as uow:
                uow.search_tasks.ask(REPLICA, numbers[start : start + NOTE])
        self._looked_on = day_of(now)

    def _pending(self) -> Sequence[str]:
        with self.database.read() as uow:
            return uow.search_tasks.pending(REPLICA, BATCH)

    def _look(self, number: str) -> None:
        """The task goes with the version it was about: a newer one that came meanwhile is looked at again."""
        now = self.clock.now()
        with self.database.read() as uow:
            news = self._news(uow, number, day_of(now))
            found = self._found(uow, news) if news else {}
        if news:
            self._write(news, found, now)
        with self.database.write() as uow:
            uow.search_tasks.done(REPLICA, [number])  # first: a change noted from here on is a task of its own
            current = uow.listings.of([number]).get(number)
            if news is not None and (current is None or current.version != news.version):
                uow.search_tasks.ask(REPLICA, [number])
            elif news is not None:
                shown = news.now is not None
                uow.alerts.see(Seen(number=number, listing_id=news.version, shown=shown, ends_on=news.ends_on))

    def _news(self, uow: UnitOfWork, number: str, today: date) -> News | None:
        """None for a patent of which no version was ever decided upon."""
        current = uow.listings.of([number]).get(number)
        if current is None:
            return None
        seen = uow.alerts.seen([number]).get(number)
        before = uow.listings.versions([seen.listing_id]).get(seen.listing_id) if seen and seen.shown else None
        document = document_of(current, demonstration=self.demonstration)
        shown = document is not None and current.on_show(today)
        ends_on = document.ends_on if document else current.listing.license_ends_on
        ended = None if shown else _how_it_ended(uow, current)
        return News(number, before, current if shown else None, current.version, ends_on, ended)

    def _found(self, uow: UnitOfWork, news: News) -> dict[Change, list[int]]:
        """Saved queries by what they are to be told. Who looks for either version of a repriced patent is told of it."""
        after = self._fitting(uow, news.now)
        if news.before is None:
            return {Change.NEW: sorted(after)}
        if news.now is None:
            return {news.ended or Change.WITHDRAWN: sorted(self._fitting(uow, news.before))}
        if news.before.version == news.now.version:
            return {}
        before = self._fitting(uow, news.before)
        if news.repriced:
            return {Change.REPRICED: sorted(before | after)}
        return {Change.NEW: sorted(after - before)}

    def _fitting(self, uow: UnitOfWork, shelved: Shelved | None) -> set[int]:
        document = document_of(shelved, demonstration=self.demonstration) if shelved else None
        return fitting(uow, shelved.listing, document, self.index.tokenizer) if shelved and document else set()

    def _write(self, news: News, found: dict[Change, list[int]], now: datetime) -> None:
        before_id = news.before.version if news.before else None
        for change, ids in found.items():
            for start in range(0, len(ids), CHUNK):
                with self.database.write() as uow:
                    uow.alerts.found(
                        ids[start : start + CHUNK],
                        number=news.number,
                        listing_id=news.version,
                        before_id=before_id,
                        change=change,
                        at=now,
                    )
        for change in news.changes():
            tell_followers(
                self.database, self.wording, change, number=news.number, before=news.before, now=news.now, at=now
            )


def fitting(uow: UnitOfWork, listing: Listing, document: IndexDocument, tokenizer: Tokenizer) -> set[int]:
    """Every saved query that the listing fits: the search turned round. `document` is what the index holds of it."""
    traits = traits_of(document, tokenizer)
    sure, to_read = uow.saved_queries.fitting(traits.terms, traits.upfront_fen)
    queries = uow.saved_queries.by_id(to_read) if to_read else {}
    return sure | {id_ for id_, saved in queries.items() if says(listing, saved.query, tokenizer)}


def says(listing: Listing, query: PatentQuery, tokenizer: Tokenizer) -> bool:
    """What terms cannot tell: phrases, words left out, characters side by side, read as the search reads its hits."""
    return meets(listing, query) and holds(listing, groups_of(query, tokenizer))
