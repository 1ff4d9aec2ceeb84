"""Uploaded information tables by their owner, and those that a worker has to carry on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from backend.domain.tables import Problem, Table, TableNotFound, TableStatus
from backend.store.tables import TableUploadRow

_BRIEF = select(*(column for column in TableUploadRow.__table__.columns if column.name not in {"answers", "problems"}))
MOST_LISTED = 20


def dumped(values: Sequence[dict[str, Any]] | Sequence[Problem]) -> str:
    """Rows or problems as one text: made before a transaction, not inside."""
    plain = [asdict(value) if isinstance(value, Problem) else value for value in values]
    return json.dumps(plain, ensure_ascii=False)


def _table(row: Row[*tuple[Any, ...]], *, problems: str = "[]", answers: str = "[]") -> Table:
    return Table(
        id=row.id,
        openid=row.openid,
        institution_id=row.institution_id,
        name=row.name,
        status=TableStatus(row.status),
        rows=row.rows,
        good=row.good,
        taken=row.taken,
        problems=tuple(Problem(**values) for values in json.loads(problems)),
        ignored=tuple(row.ignored),
        uploaded_at=row.uploaded_at,
        answers=tuple(json.loads(answers)),
    )


class TableUploads:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(
        self,
        *,
        openid: str,
        institution_id: int,
        name: str,
        rows: int,
        good: int,
        problems: str,
        ignored: Sequence[str],
        answers: str,
        at: datetime,
    ) -> int:
        """`problems` and `answers` as `dumped` made them."""
        added = self.connection.execute(
            insert(TableUploadRow)
            .values(
                openid=openid,
                institution_id=institution_id,
                name=name[-200:],
                status=str(TableStatus.CHECKED),
                rows=rows,
                good=good,
                taken=0,
                problems=problems,
                ignored=list(ignored),
                answers=answers,
                uploaded_at=at,
            )
            .returning(TableUploadRow.id)
        )
        return int(added.scalar_one())

    def of(self, openid: str) -> tuple[Table, ...]:
        """The follower's own, newest first, without their rows."""
        rows = self.connection.execute(
            _BRIEF.where(TableUploadRow.openid == openid).order_by(TableUploadRow.id.desc()).limit(MOST_LISTED)
        )
        return tuple(_table(row) for row in rows)

    def get(self, table_id: int) -> Table:
        """With its problems and rows. Raises TableNotFound."""
        row = self.connection.execute(
            select(*TableUploadRow.__table__.columns).where(TableUploadRow.id == table_id)
        ).first()
        if row is None:
            raise TableNotFound(id=table_id)
        return _table(row, problems=row.problems, answers=row.answers)

    def at_work(self) -> Sequence[int]:
        """Oldest first."""
        wanted = [str(status) for status in TableStatus.at_work()]
        rows = self.connection.execute(
            select(TableUploadRow.id).where(TableUploadRow.status.in_(wanted)).order_by(TableUploadRow.id)
        )
        return rows.scalars().all()

    def move(self, table_id: int, before: TableStatus, after: TableStatus, **values: Any) -> None:
        """Raises TableNotFound where it is no longer where it was."""
        moved = self.connection.execute(
            update(TableUploadRow)
            .where(TableUploadRow.id == table_id, TableUploadRow.status == str(before))
            .values(status=str(after), **values)
        )
        if moved.rowcount != 1:
            raise TableNotFound(id=table_id)

    def forget_before(self, before: datetime) -> int:
        """Tables that nobody confirmed in time, and those that were dropped; how many."""
        over = [str(TableStatus.CHECKED), str(TableStatus.DROPPED)]
        return self.connection.execute(
            delete(TableUploadRow).where(TableUploadRow.uploaded_at < before, TableUploadRow.status.in_(over))
        ).rowcount
