"""Time is aware and injected; Hubei lives on China Standard Time, which has no summer time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "CST")


class Clock(Protocol):
    """Where “now” comes from."""

    def now(self) -> datetime:
        """The present moment, aware."""


class SystemClock:
    """The machine's own clock, in China Standard Time."""

    def now(self) -> datetime:
        return datetime.now(tz=CHINA)


class SetClock:
    """A clock that stands where it is put; for tests and replays."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        """Move on by the keyword arguments of `timedelta`."""
        self.at += timedelta(**by)


def day_of(at: datetime) -> date:
    """The calendar day in Hubei on which `at` falls."""
    return at.astimezone(CHINA).date()
