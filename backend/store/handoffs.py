"""Requests for a person and what was said in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from backend.domain.errors import AssistantError
from backend.domain.handoffs import Handoff, HandoffStatus, Line
from backend.store.tables import HandoffLineRow, HandoffRow

_OPEN = [str(status) for status in HandoffStatus.open()]


class HandoffNotFound(AssistantError):
    code = "handoff.not_found"


class Handoffs:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def open_for(self, openid: str) -> int | None:
        """The newest, should staff have opened an older one again by answering it."""
        found = self.connection.execute(
            select(HandoffRow.id)
            .where(HandoffRow.openid == openid, HandoffRow.status.in_(_OPEN))
            .order_by(HandoffRow.id.desc())
        )
        return found.scalars().first()

    def open(self, openid: str, *, at: datetime) -> int:
        """The follower's open request; a second wish for a person is the same request."""
        known = self.open_for(openid)
        if known is not None:
            return known
        return self.connection.execute(
            insert(HandoffRow)
            .values(openid=openid, status=str(HandoffStatus.WAITING), opened_at=at)
            .returning(HandoffRow.id)
        ).scalar_one()

    def add_line(self, handoff_id: int, *, by: str, text: str, at: datetime) -> int:
        return self.connection.execute(
            insert(HandoffLineRow)
            .values(handoff_id=handoff_id, by=by, text=text[:4000], at=at)
            .returning(HandoffLineRow.id)
        ).scalar_one()

    def move(self, handoff_id: int, status: HandoffStatus, *, at: datetime) -> None:
        closed_at = at if status is HandoffStatus.CLOSED else None
        self.connection.execute(
            update(HandoffRow).where(HandoffRow.id == handoff_id).values(status=str(status), closed_at=closed_at)
        )

    def hold(self, handoff_id: int) -> None:
        """Lock the request until the transaction ends; on SQLite every writer holds all."""
        self.connection.execute(select(HandoffRow.id).where(HandoffRow.id == handoff_id).with_for_update())

    def get(self, handoff_id: int) -> Handoff:
        """Raises HandoffNotFound."""
        found = self._where([handoff_id])
        if not found:
            raise HandoffNotFound(id=handoff_id)
        return found[0]

    def still_open(self, limit: int = 200) -> list[Handoff]:
        ids = self.connection.execute(
            select(HandoffRow.id).where(HandoffRow.status.in_(_OPEN)).order_by(HandoffRow.id).limit(limit)
        )
        return self._where(ids.scalars().all())

    def _where(self, ids: Sequence[int]) -> list[Handoff]:
        rows = self.connection.execute(
            select(HandoffRow.id, HandoffRow.openid, HandoffRow.status, HandoffRow.opened_at)
            .where(HandoffRow.id.in_(ids))
            .order_by(HandoffRow.id)
        ).all()
        lines: dict[int, list[Line]] = {row.id: [] for row in rows}
        for line in self.connection.execute(
            select(HandoffLineRow.handoff_id, HandoffLineRow.at, HandoffLineRow.by, HandoffLineRow.text)
            .where(HandoffLineRow.handoff_id.in_(ids))
            .order_by(HandoffLineRow.id)
        ):
            lines[line.handoff_id].append(Line(line.at, line.by, line.text))
        return [
            Handoff(row.id, row.openid, HandoffStatus(row.status), row.opened_at, tuple(lines[row.id])) for row in rows
        ]
