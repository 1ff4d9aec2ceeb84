"""Programmes: the only frame in which pilot listings exist."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from backend.domain.institutions import Programme, ProgrammeNotFound
from backend.store.tables import ProgrammeRow

_ALL = select(*ProgrammeRow.__table__.columns)


class Programmes:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def open(self, *, name: str, opens_on: date, closes_on: date, by: str, at: datetime) -> int:
        return self.connection.execute(
            insert(ProgrammeRow)
            .values(name=name[:200], opens_on=opens_on, closes_on=closes_on, opened_by=by, opened_at=at)
            .returning(ProgrammeRow.id)
        ).scalar_one()

    def close(self, programme_id: int, *, at: datetime) -> None:
        """Before its last day. Raises ProgrammeNotFound."""
        closed = self.connection.execute(
            update(ProgrammeRow)
            .where(ProgrammeRow.id == programme_id, ProgrammeRow.closed_at.is_(None))
            .values(closed_at=at)
        )
        if closed.rowcount != 1:
            raise ProgrammeNotFound(id=programme_id)

    def all(self) -> list[Programme]:
        """Newest first."""
        rows = self.connection.execute(_ALL.order_by(ProgrammeRow.id.desc()))
        return [
            Programme(
                id=row.id,
                name=row.name,
                opens_on=row.opens_on,
                closes_on=row.closes_on,
                opened_by=row.opened_by,
                closed_at=row.closed_at,
            )
            for row in rows
        ]

    def open_on(self, day: date) -> list[Programme]:
        """Which programmes a pilot listing may enter on the day, the one that lasts longest first."""
        held = [programme for programme in self.all() if programme.open_on(day)]
        return sorted(held, key=lambda programme: (programme.closes_on, programme.id), reverse=True)
