"""Each due moment of a timer fires once, in whatever number of processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text

from backend.store.tables import TimerRow
from backend.store.tables.base import Instant

_FIRE = text(
    "INSERT INTO timer (name, due_at, fired_at) VALUES (:name, :due_at, :at) ON CONFLICT (name, due_at) DO NOTHING"
).bindparams(bindparam("due_at", type_=Instant), bindparam("at", type_=Instant))


class Timers:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def fire(self, name: str, due_at: datetime, *, at: datetime) -> bool:
        """True for the one process that may run this moment's work."""
        return self.connection.execute(_FIRE, {"name": name, "due_at": due_at, "at": at}).rowcount == 1

    def fired(self, name: str, due_at: datetime) -> bool:
        """Whether this moment's work was done, or begun by a process that says so first."""
        row = select(TimerRow.name).where(TimerRow.name == name, TimerRow.due_at == due_at)
        return self.connection.execute(row).first() is not None

    def last(self, name: str) -> datetime | None:
        """When the newest moment of this timer fired; None where none ever did."""
        newest = select(TimerRow.fired_at).where(TimerRow.name == name).order_by(TimerRow.due_at.desc()).limit(1)
        return self.connection.execute(newest).scalar_one_or_none()
