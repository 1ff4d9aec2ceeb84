"""A shelf whose changes are watched, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.database import Database
from tests.support.alerted import Alerted
from tests.support.shelf import open_shelf


@pytest.fixture
def alerted(database: Database, tmp_path: Path) -> Iterator[Alerted]:
    with open_shelf(database, tmp_path / "index") as shelf:
        shelf.sync()
        yield Alerted(shelf)
