"""The console on a database of each kind, its clock in our hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.store.database import Database
from tests.support.desk_of_staff import StaffDesk, open_desk


@pytest.fixture
def desk(database: Database) -> Iterator[StaffDesk]:
    """A console with nobody in it yet, on SQLite and on PostgreSQL."""
    with open_desk(database) as held:
        yield held


@pytest.fixture
def small_desk(shelf: Database) -> Iterator[StaffDesk]:
    """The same on SQLite only, for what does not touch the store in a way of its own."""
    with open_desk(shelf) as held:
        yield held
