"""Understanding without the model: keyword rules, in order. Less, but never nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.dialogue.meaning import Intent

SURE = 0.6  # a keyword is a guess: enough to act on, not enough to skip the grammar


@dataclass(frozen=True, slots=True)
class Rule:
    intent: Intent
    match: re.Pattern[str]
    without: re.Pattern[str] | None


class Keywords:
    def __init__(self, file: Path) -> None:
        rows = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
        self.rules = tuple(
            Rule(
                Intent(row["intent"]),
                re.compile(row["match"], re.IGNORECASE),
                re.compile(row["without"]) if "without" in row else None,
            )
            for row in rows
        )

    def read(self, text: str) -> tuple[Intent, float]:
        for rule in self.rules:
            if rule.match.search(text) and not (rule.without and rule.without.search(text)):
                return rule.intent, SURE
        return Intent.OUT_OF_SCOPE, 0.0
