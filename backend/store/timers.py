"""Each due moment of a timer fires once, in whatever number of processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, text

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
