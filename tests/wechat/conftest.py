"""The platform behind a gateway, and a small database for tests that are not about databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.database import Database
from backend.store.schema import upgrade
from tests.support.gateway import Gateway, open_gateway


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with open_gateway() as held:
        yield held


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Database]:
    """Where one process keeps its token."""
    held = Database(f"sqlite:///{tmp_path / 'shelf.db'}")
    upgrade(held)
    yield held
    held.close()
