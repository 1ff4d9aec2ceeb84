"""How an arrival is answered. Decided once, in SQL; every re-post repeats the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.reply import Reply

LEASE = timedelta(seconds=8)
KEYS_KEPT = timedelta(days=7)


class Way(StrEnum):
    """PASSIVE in the HTTP response; LATE as a customer-service message; KEPT for the next visit."""

    PASSIVE = "passive"
    LATE = "late"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An inbox row. `before` is how many earlier messages of the follower are still unanswered."""

    id: int
    key: str
    openid: str
    sequence: int
    arrived_at: datetime
    incoming: dict[str, Any]
    new: bool
    way: Way | None
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class FollowerState:
    """What a turn needs of the follower. `state` is the conversation; `kept` counts answers that wait."""

    openid: str
    following: bool
    answered_sequence: int
    state: dict[str, Any]
    kept: int
    window_left: int
    window_until: datetime | None

    def window_open(self, at: datetime) -> bool:
        """True where the platform would take a customer-service message now (customer message guide, table of windows)."""
        return self.following and self.window_left > 0 and self.window_until is not None and at < self.window_until


@dataclass(frozen=True, slots=True)
class Window:
    """A customer-service window that an arrival opens: how many messages, for how long."""

    messages: int
    lasts: timedelta


MESSAGE_WINDOW = Window(5, timedelta(hours=48))
TAP_WINDOW = Window(3, timedelta(minutes=1))
