"""A person: when the office is there, and where a request for one stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from backend.domain.clock import CHINA

SATURDAY = 5


class HandoffStatus(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"

    @classmethod
    def open(cls) -> frozenset[HandoffStatus]:
        return frozenset({cls.WAITING, cls.ANSWERED})


@dataclass(frozen=True, slots=True)
class Line:
    """`by` is empty for the follower's own words."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Handoff:
    id: int
    openid: str
    status: HandoffStatus
    opened_at: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Working days Monday to Friday; public holidays are the office's own notice."""

    morning: tuple[time, time] = (time(9), time(12))
    afternoon: tuple[time, time] = (time(14), time(17, 30))

    def open_at(self, at: datetime) -> bool:
        local = at.astimezone(CHINA)
        if local.weekday() >= SATURDAY:
            return False
        return any(start <= local.time() < end for start, end in (self.morning, self.afternoon))

    def __str__(self) -> str:
        """“9:00–12:00、14:00–17:30”"""
        return "、".join(f"{start:%-H:%M}–{end:%-H:%M}" for start, end in (self.morning, self.afternoon))
