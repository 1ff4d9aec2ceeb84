"""How the backend gets its words by key, and the addresses that go with them. The bot's texts implement it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol


class Wording(Protocol):
    """Texts by key, filled with values; a value may itself be words that were asked for before."""

    def words(self, key: str, **values: str | int | Decimal | date) -> str:
        """The text. Raises KeyError for a key without one."""

    def draft_page(self, openid: str, flow: str, subject: str) -> str:
        """The address at which this follower goes on with a draft; empty where there are no pages."""

    def table_page(self, openid: str, table_id: int) -> str:
        """The address at which this follower sees an uploaded information table; empty where there are no pages."""

    def declaration_page(self, openid: str, declaration_id: int) -> str:
        """The address at which this follower sees a declaration and its papers; empty where there are no pages."""

    def event_page(self, event_id: int) -> str:
        """The address of an event, the same for everybody; empty where there are no pages."""
