"""A Say becomes words. Values are formatted here, once: money, days, enumerations, lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from backend.domain.hubei import places
from backend.domain.wording import fill, placeholders
from bot.dialogue.flows.heard import tidied
from bot.dialogue.say import RAW, Say, Value

HOME = Path(__file__).parent / "zh"
TEN_THOUSAND = Decimal(10_000)
SHARED_STEPS = frozenset({"flow_payment", "flow_contact"})  # of several flows
HUNDRED = Decimal(100)  # below it, “万” would need more than two decimals


class Texts:
    """Templates by key, such as `search.found`; the first name is the file."""

    def __init__(self, folder: Path = HOME) -> None:
        self.templates: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.placeholders: dict[str, str] = {}
        self.commands: dict[str, str] = {}
        self.answers: dict[str, dict[str, str]] = {}
        for path in sorted(folder.glob("*.yml")):
            content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
            if path.stem == "names":
                self.names = {
                    f"{kind}.{value}": label for kind, labels in content.items() for value, label in labels.items()
                }
            elif path.stem == "placeholders":
                self.placeholders = content
            elif path.stem == "commands":
                self.commands = {word: command for command, words in content.items() for word in words}
            elif path.stem == "answers":
                self.answers = {
                    kind: {tidied(str(word)) or str(word): value for value, words in values.items() for word in words}
                    for kind, values in content.items()
                }
            else:
                self.templates |= {key: text.rstrip("\n") for key, text in _flat(content, path.stem)}
        self._name_items()

    def _name_items(self) -> None:
        """An item may be called what the review calls it, besides what `answers.yml` lists."""
        for key, text in self.templates.items():
            if key.startswith("flow_") and key.endswith(".name") and not placeholders(text):
                file, step, _ = key.split(".")
                kind = "item" if file in SHARED_STEPS else f"item_{file.removeprefix('flow_')}"
                self.answers.setdefault(kind, {}).setdefault(tidied(text), step)

    def render(self, said: Say) -> str:
        """The words. Raises KeyError for a key without text, WordingError for a value that is missing."""
        if said.key == RAW:
            return str(said.values["text"])
        if said.key == "yuan":
            return self._yuan(said.values["amount"])
        if said.key == "place":
            return places()[str(said.values["code"])].name
        values = {self.placeholders[name]: self._value(value) for name, value in said.values.items()}
        return fill(self.templates[said.key], values)

    def _value(self, value: Value) -> str:
        match value:
            case None:
                return ""
            case Say():
                return self.render(value).strip(" ")
            case StrEnum():
                return self.names[f"{type(value).__name__}.{value}"]
            case tuple() if value and isinstance(value[0], Say):
                return "\n".join(self._value(item) for item in value)
            case tuple():
                return "、".join(self._value(item) for item in value)
            case Decimal():
                return plain_number(value)
            case date():
                return value.isoformat()
            case _:
                return str(value)

    def _yuan(self, value: Any) -> str:
        amount = Decimal(value)
        if amount >= TEN_THOUSAND and amount % HUNDRED == 0:
            return fill(self.templates["common.ten_thousand_yuan"], {"金额": plain_number(amount / TEN_THOUSAND)})
        return fill(self.templates["common.yuan"], {"金额": plain_number(amount)})

    @cached_property
    def used_placeholders(self) -> dict[str, frozenset[str]]:
        """Key → the Chinese names its template asks for."""
        return {key: placeholders(text) for key, text in self.templates.items()}


def plain_number(value: Decimal) -> str:
    """Without trailing zeros and without an exponent: 5, 2.5, 50000."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _flat(content: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for name, value in content.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            out.extend(_flat(value, key))
        else:
            out.append((key, str(value)))
    return out
