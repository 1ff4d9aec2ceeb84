"""A follower with a camera, on both databases."""

from __future__ import annotations

import pytest

from backend.store.database import Database
from tests.support.declarant import OFFICER
from tests.support.photographer import Photographer


@pytest.fixture
def ming(database: Database) -> Photographer:
    """An officer of an approved institution; no register knows anything."""
    return Photographer(profile=OFFICER, database=database)


@pytest.fixture
def hong(database: Database) -> Photographer:
    """Somebody who speaks for themselves and has agreed to nothing yet."""
    return Photographer(database=database)
