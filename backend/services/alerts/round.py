"""One round of the alert job, and the heartbeat by which somebody notices that there was none for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.clock import Clock
from backend.domain.ports.wording import Wording
from backend.search.index import PatentIndex
from backend.services.alerts.digests import Digests
from backend.services.alerts.watching import Watch
from backend.services.needs.matching import NeedRound
from backend.store.database import Database

HEARTBEAT = "alerts"
SILENT_AFTER = timedelta(days=1)
ALERTS_KEPT = timedelta(days=90)


class AlertRound:
    """Of one process; any number of processes may have one."""

    def __init__(
        self, database: Database, index: PatentIndex, clock: Clock, wording: Wording, *, demonstration: bool
    ) -> None:
        self.database, self.clock = database, clock
        self.watch = Watch(database, index, clock, wording, demonstration=demonstration)
        self.needs = NeedRound(database, index, clock, wording, demonstration=demonstration)
        self.digests = Digests(database, index.tokenizer, clock, wording)
        self._beaten_at: datetime | None = None

    def run(self) -> None:
        """All of it; only a round that came to its end is a beat, of which one an hour is written down."""
        self.watch.run()
        self.needs.run()
        self.digests.run()
        now = self.clock.now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._beaten_at != hour:
            with self.database.write() as uow:
                uow.timers.fire(HEARTBEAT, hour, at=now)
            self._beaten_at = hour


@dataclass(frozen=True, slots=True)
class Pulse:
    """`beat_at` is None where the job never ran; that is no trouble while nobody has saved anything."""

    beat_at: datetime | None
    saved: int

    def is_silent(self, at: datetime) -> bool:
        """A day without the alert job, and somebody who waits for it."""
        return self.saved > 0 and (self.beat_at is None or at - self.beat_at > SILENT_AFTER)


def pulse(database: Database) -> Pulse:
    with database.read() as uow:
        return Pulse(uow.timers.last(HEARTBEAT), uow.saved_queries.count())


def forget_told(database: Database, *, before: datetime) -> int:
    """What was told of changes before; how many."""
    with database.write() as uow:
        return uow.alerts.forget_told(before=before)
