"""What was meant: the model's reading beside our own grammar, or keywords when the model is away."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from bot.dialogue.meaning import Meaning
from bot.nlu.client import CANARY, CANARY_INTENT, NluUnavailable, RasaClient, guard
from bot.nlu.grammar import Grammar
from bot.nlu.keywords import Keywords
from bot.nlu.spelling import Spelling


class Understander(Protocol):
    """Reads one message. Never raises; a reading without the model is `degraded`."""

    async def understand(self, text: str, *, today: date) -> Meaning:
        """The meaning of the raw text."""

    async def healthy(self) -> bool:
        """True where the model answers a canary."""


class RasaUnderstander:
    def __init__(self, client: RasaClient, grammar: Grammar, keywords: Keywords, spelling: Spelling) -> None:
        self.client, self.grammar, self.keywords, self.spelling = client, grammar, keywords, spelling

    async def understand(self, text: str, *, today: date) -> Meaning:
        plain = self.spelling.plain(text)
        facts = self.grammar.read(plain, today=today)
        text = self.spelling.repaired(plain)
        if not guard(text):
            return Meaning(text=text, facts=facts)
        try:
            intent, confidence, ranking, entities = await self.client.parse(text)
        except NluUnavailable:
            intent, confidence = self.keywords.read(text)
            return Meaning(text=text, intent=intent, confidence=confidence, facts=facts, degraded=True)
        return Meaning(text=text, intent=intent, confidence=confidence, ranking=ranking, entities=entities, facts=facts)

    def read_plainly(self, text: str, today: date) -> Meaning:
        """Without the model: what our own grammar finds, in the spelling that `understand` reads."""
        plain = self.spelling.plain(text)
        return Meaning(text=self.spelling.repaired(plain), facts=self.grammar.read(plain, today=today))

    async def healthy(self) -> bool:
        try:
            intent, _, _, _ = await self.client.parse(CANARY)
        except NluUnavailable:
            return False
        return intent == CANARY_INTENT
