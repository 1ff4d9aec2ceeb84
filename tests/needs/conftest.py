"""A watched shelf, with holders who declare and companies that look for something, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.database import Database
from tests.support.alerted import Alerted
from tests.support.needful import Needful
from tests.support.shelf import open_shelf


@pytest.fixture
def needful(database: Database, tmp_path: Path) -> Iterator[Needful]:
    with open_shelf(database, tmp_path / "index") as shelf:
        shelf.publish(*Needful.elsewhere())
        shelf.sync()
        yield Needful(Alerted(shelf))
