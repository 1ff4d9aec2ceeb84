"""Keeps a machine's index in step with SQL: build once, then read again what changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from backend.domain.clock import Clock
from backend.domain.listings import ListingStatus
from backend.search.fields import IndexDocument
from backend.search.index import PatentIndex
from backend.store.database import Database
from backend.store.listings import Shelved

BATCH = 500
MACHINE_GONE = timedelta(days=30)
SAY_SO = timedelta(hours=1)


def document_of(shelved: Shelved, *, demonstration: bool) -> IndexDocument | None:
    """None for what nobody may find: the index holds published listings only, invented ones only in a demonstration."""
    listing = shelved.listing
    if shelved.demonstration and not demonstration:
        return None
    if shelved.status not in ListingStatus.on_show() or listing.barred():
        return None
    symbols = tuple(dict.fromkeys((listing.ipc_main, *listing.ipc)))
    return IndexDocument(
        number=listing.number,
        title=listing.title,
        abstract=listing.abstract,
        scenes=listing.scenes,
        claims=listing.claims,
        industry=listing.industry,
        holders=listing.holders,
        kind=str(listing.kind),
        track=str(listing.track),
        free=listing.fee.method == "free",
        upfront_yuan=listing.fee.upfront_yuan,
        ipc=tuple(symbol for symbol in symbols if symbol),
        place_code=listing.place_code,
        cluster=listing.cluster,
        ends_on=min(listing.license_ends_on, listing.expires_on - timedelta(days=1)),
        filed_on=listing.filed_on,
    )


class Indexer:
    """Holds the writer of this machine's index. Raises IndexerBusy where another process does."""

    def __init__(self, database: Database, index: PatentIndex, clock: Clock, *, demonstration: bool) -> None:
        self.database, self.index, self.clock, self.demonstration = database, index, clock, demonstration
        self._registered_at: datetime | None = None
        index.open_writer()

    def sync(self) -> int:
        """Bring the index up to date; how many patents were read."""
        replica = self.index.replica
        fresh = self._register(replica)
        read = self._build() if fresh or self.index.built_from != self._source else 0
        while changed := self._changed(replica):
            read += changed
        return read

    def _register(self, replica: str) -> bool:
        """Say once an hour that this index lives; True when it is new and must be built."""
        now = self.clock.now()
        if self._registered_at and now - self._registered_at < SAY_SO:
            return False
        self._registered_at = now
        with self.database.write() as uow:
            fresh = not uow.search_tasks.known(replica)
            uow.search_tasks.register(replica, at=now)
            uow.search_tasks.retire(before=now - MACHINE_GONE)
        return fresh

    @property
    def _source(self) -> str:
        """Which listings the index holds: those of a demonstration must not stay when the office goes live."""
        return "all" if self.demonstration else "real"

    def _build(self) -> int:
        count = self.index.put(self._documents(), fresh=True)
        self.index.mark_built(self._source)
        return count

    def _documents(self) -> Iterator[IndexDocument]:
        with self.database.read() as uow:
            for shelved in uow.listings.all():
                document = document_of(shelved, demonstration=self.demonstration)
                if document:
                    yield document

    def _changed(self, replica: str) -> int:
        """One batch. The tasks go only after the commit, so a crash reads the same patents again."""
        with self.database.read() as uow:
            numbers = uow.search_tasks.pending(replica, BATCH)
            held = uow.listings.of(numbers)
        if not numbers:
            return 0
        documents = [
            document
            for number in numbers
            if number in held and (document := document_of(held[number], demonstration=self.demonstration))
        ]
        shown = {document.number for document in documents}
        self.index.put(documents, gone=[number for number in numbers if number not in shown])
        with self.database.write() as uow:
            uow.search_tasks.done(replica, numbers)  # first: a change noted from here on is a task of its own
            uow.search_tasks.ask(replica, uow.listings.others_than(held, numbers))
        return len(numbers)

    def close(self) -> None:
        self.index.close_writer()
