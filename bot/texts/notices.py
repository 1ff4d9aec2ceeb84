"""The backend's port for words (backend/domain/ports/wording.py), kept with the texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from bot.dialogue.say import Say
from bot.texts.render import Texts


class Notices:
    """`draft`, `declaration`, `table` and `event` make the addresses of pages; without them notices name none."""

    def __init__(
        self,
        texts: Texts,
        *,
        draft: Callable[[str, str, str], str] | None = None,
        declaration: Callable[[str, int], str] | None = None,
        table: Callable[[str, int], str] | None = None,
        event: Callable[[int], str] | None = None,
    ) -> None:
        self.texts, self._draft, self._declaration, self._table = texts, draft, declaration, table
        self._event = event

    def words(self, key: str, **values: str | int | Decimal | date) -> str:
        """The text. Raises KeyError for a key without one, WordingError for a value that is missing."""
        return self.texts.render(Say(key, dict(values)))

    def draft_page(self, openid: str, flow: str, subject: str) -> str:
        return self._draft(openid, flow, subject) if self._draft else ""

    def declaration_page(self, openid: str, declaration_id: int) -> str:
        return self._declaration(openid, declaration_id) if self._declaration else ""

    def table_page(self, openid: str, table_id: int) -> str:
        return self._table(openid, table_id) if self._table else ""

    def event_page(self, event_id: int) -> str:
        return self._event(event_id) if self._event else ""
