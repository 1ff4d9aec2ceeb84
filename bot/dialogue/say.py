"""What is to be said: a key of bot/texts and the values that fill it. No wording here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Union

Value = Union[str, int, Decimal, date, StrEnum, None, "Say", tuple["Say", ...], tuple[str, ...], tuple[StrEnum, ...]]


@dataclass(frozen=True, slots=True)
class Say:
    """One text. A tuple of Says becomes lines; a tuple of words or enumerations becomes a list in one line."""

    key: str
    values: dict[str, Value] = field(default_factory=dict)


RAW = "raw"


def say(key: str, **values: Value) -> Say:
    return Say(key, values)


def raw(text: str) -> Say:
    """Text that is already worded: the rest of a long answer, a colleague's reply."""
    return Say(RAW, {"text": text})
