"""Writes from the async edge, grouped.

SQLite has one writer at a time and each commit waits for the disk. So on SQLite one thread takes all writes that are
waiting, runs each in its own savepoint inside one transaction, commits once, and only then reports to the callers:
a caller that has its result has it on disk. On PostgreSQL, which groups commits itself, a few threads write side by side.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError

from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

T = TypeVar("T")
MOST_IN_A_GROUP = 64
POSTGRES_WRITERS = 6
CLASHES = 3
CLASH_STATES = frozenset({"40P01", "40001"})  # deadlock, serialization: PostgreSQL asks for another try
Work = Callable[[UnitOfWork], Any]
Waiting = tuple[Work, "Future[Any]"]


class Writer:
    """Runs use cases in write transactions off the event loop."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None
        if database.is_sqlite:
            self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
            self._thread.start()
        else:
            self._pool = ThreadPoolExecutor(POSTGRES_WRITERS, thread_name_prefix="writer")

    def submit(self, work: Callable[[UnitOfWork], T]) -> Future[T]:
        """The future holds what `work` returned once it is committed, or what it raised once it is rolled back."""
        if self._pool:
            return self._pool.submit(self._alone, work)
        future: Future[T] = Future()
        self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Finish what is waiting, then stop."""
        if self._pool:
            self._pool.shutdown()
        if self._thread:
            self._queue.put(None)
            self._thread.join(timeout=10)

    def _alone(self, work: Callable[[UnitOfWork], T]) -> T:
        for _ in range(CLASHES):
            try:
                with self.database.write() as uow:
                    return work(uow)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", "") not in CLASH_STATES:
                    raise
        with self.database.write() as uow:
            return work(uow)

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            group, stop = self._gather(first)
            try:
                self._write(group)
            except Exception as error:  # noqa: BLE001 the transaction itself failed: everyone in it learns so
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
            if stop:
                return

    def _gather(self, first: Waiting) -> tuple[list[Waiting], bool]:
        group = [first]
        while len(group) < MOST_IN_A_GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return group, True
            group.append(item)
        return group, False

    def _write(self, group: list[Waiting]) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        if len(group) == 1:
            group[0][1].set_result(self._alone(group[0][0]))
            return
        with self.database.write() as uow:
            for work, future in group:
                if not future.set_running_or_notify_cancel():
                    continue  # its caller gave up: nobody may learn of that but the caller
                savepoint = uow.connection.exec_driver_sql
                savepoint("SAVEPOINT one")
                try:
                    outcomes.append((future, work(uow), None))
                except Exception as error:  # noqa: BLE001 one failing use case must not undo its neighbours
                    savepoint("ROLLBACK TO one")
                    outcomes.append((future, None, error))
                savepoint("RELEASE one")
        for future, result, raised in outcomes:
            if raised is None:
                future.set_result(result)
            else:
                future.set_exception(raised)
