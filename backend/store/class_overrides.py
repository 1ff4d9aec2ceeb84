"""What colleagues said of the classes of patents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, text

from backend.domain.classes import Override
from backend.store.tables import ClassOverrideRow
from backend.store.tables.base import Instant

_PUT = text(
    """
    INSERT INTO class_override (number, cluster, division, reason, by, at)
    VALUES (:number, :cluster, :division, :reason, :by, :at)
    ON CONFLICT (number) DO UPDATE SET cluster = excluded.cluster, division = excluded.division,
        reason = excluded.reason, by = excluded.by, at = excluded.at
    """
).bindparams(bindparam("at", type_=Instant))


class ClassOverrides:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, override: Override, *, at: datetime) -> None:
        """The last word stands; with both parts empty the proposal stands again."""
        if not (override.cluster or override.division):
            self.connection.execute(delete(ClassOverrideRow).where(ClassOverrideRow.number == override.number))
            return
        self.connection.execute(
            _PUT,
            {
                "number": override.number,
                "cluster": override.cluster,
                "division": override.division,
                "reason": override.reason[:500],
                "by": override.by,
                "at": at,
            },
        )

    def all(self) -> dict[str, Override]:
        rows = self.connection.execute(select(*ClassOverrideRow.__table__.columns))
        return {row.number: Override(row.number, row.cluster, row.division, row.reason, row.by) for row in rows}

    def get(self, number: str) -> Override | None:
        row = self.connection.execute(
            select(*ClassOverrideRow.__table__.columns).where(ClassOverrideRow.number == number)
        ).first()
        return Override(row.number, row.cluster, row.division, row.reason, row.by) if row else None

    def version(self) -> str:
        """Changes with every word of a colleague."""
        row = self.connection.execute(select(func.count(), func.max(ClassOverrideRow.at)).select_from(ClassOverrideRow))
        count, last = row.one()
        return f"{count}:{last}"
