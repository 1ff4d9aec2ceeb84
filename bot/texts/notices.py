"""The backend's port for words (backend/domain/ports/wording.py), kept with the texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.dialogue.say import Say
from bot.texts.render import Texts


class Notices:
    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def words(self, key: str, **values: str | int | Decimal | date) -> str:
        """The text. Raises KeyError for a key without one, WordingError for a value that is missing."""
        return self.texts.render(Say(key, dict(values)))
