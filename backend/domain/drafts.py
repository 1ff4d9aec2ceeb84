"""A draft: the answers given so far in one guided flow. Position is never stored, it is computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`subject` tells drafts of one flow apart: an officer keeps one per patent number, anybody else has one (“”).

    `answers` are plain JSON values by step id; `version` is the flow's that wrote them.
    """

    flow: str
    subject: str = ""
    answers: dict[str, Any]
    version: int = 1
    misses: int = 0
    saved_at: datetime | None = None
