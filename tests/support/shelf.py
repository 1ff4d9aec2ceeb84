"""A small pool with its index: what is published, what is found, who may see it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backend.domain.clock import SetClock
from backend.domain.listings import Listing, ListingStatus
from backend.domain.queries import PatentQuery
from backend.knowledge.retrieval import Retrieval
from backend.search.everyday import office_tokenizer
from backend.search.index import PatentIndex
from backend.search.indexer import Indexer
from backend.search.tokens import Tokenizer
from backend.search.vocabulary import Suggester
from backend.services.desk import Desk
from backend.services.pool.importing import take_in
from backend.store.database import Database
from bot.models import train_if_needed, trained_retrieval
from bot.nlu.spelling import heard_as, load_readings
from bot.policy_lines import DICTIONARY, question_words
from tests.support.arrivals import noon


@cache
def tokenizer() -> Tokenizer:
    return office_tokenizer(DICTIONARY)


@cache
def retrieval() -> Retrieval:
    train_if_needed()
    return trained_retrieval(question_words(tokenizer()))


def slips(index: PatentIndex) -> Suggester:
    """As the assembly makes it."""
    return Suggester(index.vocabulary, index.tokenizer.words_added, heard_as(load_readings()))


@dataclass
class Shelf:
    """One machine of the office. `indexer` is the one that holds the writer."""

    database: Database
    folder: Path
    clock: SetClock
    indexer: Indexer

    def publish(
        self, *listings: Listing, status: ListingStatus = ListingStatus.PUBLISHED, demonstration: bool = False
    ) -> int:
        return take_in(
            self.database,
            list(listings),
            clock=self.clock,
            source="test",
            vouched_by="王老师",
            status=status,
            demonstration=demonstration,
        )

    def withdraw(self, *listings: Listing) -> int:
        return self.publish(*listings, status=ListingStatus.WITHDRAWN)

    def sync(self) -> int:
        return self.indexer.sync()

    def reader(self) -> PatentIndex:
        """The index as another process opens it."""
        return PatentIndex(self.folder, tokenizer())

    def desk(self, *, demonstration: bool = False, suggester: Callable[[PatentIndex], Suggester] | None = None) -> Desk:
        index = self.reader()
        return Desk(
            self.database,
            index,
            retrieval(),
            self.clock,
            demonstration=demonstration,
            suggester=suggester(index) if suggester else None,
        )

    def seen(self, number: str, *, demonstration: bool = False) -> tuple[bool, bool]:
        """Is the patent shown by its number; is it among everything that a search finds?"""
        desk = self.desk(demonstration=demonstration)
        results = desk.find_patents(PatentQuery(), 0)
        assert results is not None
        return desk.show_patent(number) is not None, number in {found.listing.number for found in results.items}


def indexer_on(
    database: Database, folder: Path, clock: SetClock | None = None, *, demonstration: bool = False
) -> Indexer:
    return Indexer(database, PatentIndex(folder, tokenizer()), clock or noon(), demonstration=demonstration)


@contextlib.contextmanager
def open_shelf(database: Database, folder: Path, *, demonstration: bool = False) -> Iterator[Shelf]:
    clock = noon()
    indexer = indexer_on(database, folder, clock, demonstration=demonstration)
    try:
        yield Shelf(database, folder, clock, indexer)
    finally:
        indexer.close()
