"""How the backend gets its words: by key. The bot's texts implement it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol


class Wording(Protocol):
    """Texts by key, filled with values; a value may itself be words that were asked for before."""

    def words(self, key: str, **values: str | int | Decimal | date) -> str:
        """The text. Raises KeyError for a key without one."""
