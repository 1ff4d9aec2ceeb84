"""Bulk work beside a conversation: after each write transaction the writer is left alone for a moment.

SQLite has one writer, and whoever waits for it looks again after 1, 2, 5, 10, 15, 20, 25 ms, then every 25 to 100: work that
takes it again at once starves the chat, however short each transaction is (measured: bench/tables.py). A pause that is longer
than the steps of the first 150 ms lets everybody in who waits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

FREE_S = 0.03


@contextmanager
def leaving_air(database: Database) -> Iterator[UnitOfWork]:
    """A write transaction, and a pause after it."""
    with database.write() as uow:
        yield uow
    time.sleep(FREE_S)
