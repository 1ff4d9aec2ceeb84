"""What each search index has yet to read again. Inserted with the change, deleted when the index has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, text

from backend.store.tables import ReplicaRow, SearchTaskRow
from backend.store.tables.base import Instant

_SEEN = text(
    """
    INSERT INTO search_replica (name, seen_at) VALUES (:name, :at)
    ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at
    """
).bindparams(bindparam("at", type_=Instant))
_ADD = text(
    """
    INSERT INTO search_task (replica, number) SELECT name, :number FROM search_replica WHERE 1 = 1
    ON CONFLICT (replica, number) DO NOTHING
    """
)
_ASK = text(
    "INSERT INTO search_task (replica, number) VALUES (:replica, :number) ON CONFLICT (replica, number) DO NOTHING"
)


class SearchTasks:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def register(self, replica: str, *, at: datetime) -> None:
        """From now on changes are noted for this index."""
        self.connection.execute(_SEEN, {"name": replica, "at": at})

    def known(self, replica: str) -> bool:
        return bool(
            self.connection.execute(
                select(func.count()).select_from(ReplicaRow).where(ReplicaRow.name == replica)
            ).scalar_one()
        )

    def add(self, numbers: Sequence[str]) -> None:
        """Note the patents for every registered index."""
        if numbers:
            self.connection.execute(_ADD, [{"number": number} for number in numbers])

    def ask(self, replica: str, numbers: Sequence[str]) -> None:
        """Note the patents for this one only."""
        if numbers:
            self.connection.execute(_ASK, [{"replica": replica, "number": number} for number in numbers])

    def pending(self, replica: str, limit: int) -> Sequence[str]:
        return (
            self.connection.execute(select(SearchTaskRow.number).where(SearchTaskRow.replica == replica).limit(limit))
            .scalars()
            .all()
        )

    def done(self, replica: str, numbers: Sequence[str]) -> None:
        self.connection.execute(
            delete(SearchTaskRow).where(SearchTaskRow.replica == replica, SearchTaskRow.number.in_(numbers))
        )

    def forget_replicas(self) -> None:
        """After a restore no index is in step with these rows: each builds itself anew."""
        self.connection.execute(delete(SearchTaskRow))
        self.connection.execute(delete(ReplicaRow))

    def retire(self, *, before: datetime) -> None:
        """Indexes not seen for long belong to machines that are gone."""
        gone = select(ReplicaRow.name).where(ReplicaRow.seen_at < before)
        self.connection.execute(delete(SearchTaskRow).where(SearchTaskRow.replica.in_(gone)))
        self.connection.execute(delete(ReplicaRow).where(ReplicaRow.seen_at < before))
