"""The database: SQLite in WAL mode as embedded default, PostgreSQL to grow, the same code on both."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backend.store.unit_of_work import UnitOfWork

WRITE = "huiqiao_write"
BUSY_MS = 8000
PAGE_CACHE_MB = 32


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class DatabaseUnreachable(Exception):
    """The database did not answer; the caller says so and tries later."""


class Database:
    """Opens transactions. A write transaction begins IMMEDIATE on SQLite, so it can never fail half-way on a lock.

    SQLite keeps up to `page_cache_mb` of pages for each connection: much helps who writes by the hundred thousand, little is
    enough for who reads a follower's few rows.
    """

    def __init__(self, url: str, *, pool_size: int = 8, page_cache_mb: int = PAGE_CACHE_MB) -> None:
        self.url: URL = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: Engine = create_engine(
            _with_driver(self.url),
            json_serializer=dumps,
            pool_size=pool_size,
            max_overflow=4,
            pool_timeout=5,
            hide_parameters=True,
        )
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            event.listen(self.engine, "connect", partial(_prepare_sqlite, page_cache_mb=page_cache_mb))
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """One transaction that commits when the block ends and rolls back when it raises."""
        with self._connect(write=True) as connection, connection.begin():
            yield UnitOfWork(connection)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """One consistent view; nothing is committed."""
        with self._connect(write=False) as connection, connection.begin() as transaction:
            yield UnitOfWork(connection)
            transaction.rollback()

    @contextmanager
    def _connect(self, *, write: bool) -> Iterator[Connection]:
        try:
            connection = self.engine.connect().execution_options(**{WRITE: write})
        except (OperationalError, PoolTimeout) as error:
            raise DatabaseUnreachable from error
        with connection:
            yield connection

    def reachable(self) -> bool:
        """True where a trivial question is answered."""
        try:
            with self._connect(write=False) as connection:
                connection.execute(text("SELECT 1"))
        except (DatabaseUnreachable, OperationalError):
            return False
        return True

    def close(self) -> None:
        self.engine.dispose()


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def _prepare_sqlite(connection: sqlite3.Connection, _record: object, *, page_cache_mb: int) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # a committed row survives a power cut; grouping makes it cheap
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA cache_size={-1000 * page_cache_mb}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
