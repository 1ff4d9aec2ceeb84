"""The open window on a database of each kind, its clock in our hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.database import Database
from tests.support.passer_by import PasserBy, open_window


@pytest.fixture
def street(database: Database, tmp_path: Path) -> Iterator[PasserBy]:
    """Real rows only, as with a real account."""
    with open_window(database, tmp_path / "index") as held:
        yield held


@pytest.fixture
def demo_street(database: Database, tmp_path: Path) -> Iterator[PasserBy]:
    """Invented rows too."""
    with open_window(database, tmp_path / "index", demonstration=True) as held:
        yield held
