"""Photos to read: one conditional UPDATE decides which worker reads, and only its holder may settle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, text, update

from backend.domain.photos import LEASE, PhotoStatus, PhotoTask, Proposal
from backend.store.tables import PhotoRow
from backend.store.tables.base import Instant

_ADD = text(
    """
    INSERT INTO photo (openid, key, media_id, flow, status, attempts, arrived_at, due_at, reason)
    VALUES (:openid, :key, :media_id, :flow, 'waiting', 0, :at, :at, '')
    ON CONFLICT (key) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant))


def _may_be_read(at: datetime) -> ColumnElement[bool]:
    """Waiting and due, or claimed by a worker that died over it."""
    waiting = (PhotoRow.status == str(PhotoStatus.WAITING)) & (PhotoRow.due_at <= at)
    return waiting | (PhotoRow.status == str(PhotoStatus.READING)) & (PhotoRow.lease_until < at)


def _claimed_as(task: PhotoTask) -> ColumnElement[bool]:
    return (
        (PhotoRow.id == task.id)
        & (PhotoRow.status == str(PhotoStatus.READING))
        & (PhotoRow.attempts == task.attempts)  # a later claim is somebody else's
    )


class Photos:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, *, openid: str, key: str, media_id: str, flow: str, at: datetime) -> bool:
        """Write the task down; False where this message's photo was before."""
        added = self.connection.execute(
            _ADD, {"openid": openid, "key": key, "media_id": media_id, "flow": flow, "at": at}
        )
        return added.rowcount == 1

    def due(self, *, at: datetime, limit: int) -> Sequence[int]:
        """Oldest first."""
        return (
            self.connection.execute(select(PhotoRow.id).where(_may_be_read(at)).order_by(PhotoRow.id).limit(limit))
            .scalars()
            .all()
        )

    def claim(self, photo_id: int, *, at: datetime) -> PhotoTask | None:
        """The task for exactly one of any number of workers."""
        row = self.connection.execute(
            update(PhotoRow)
            .where(PhotoRow.id == photo_id, _may_be_read(at))
            .values(status=str(PhotoStatus.READING), attempts=PhotoRow.attempts + 1, lease_until=at + LEASE)
            .returning(
                PhotoRow.id,
                PhotoRow.key,
                PhotoRow.openid,
                PhotoRow.media_id,
                PhotoRow.flow,
                PhotoRow.attempts,
                PhotoRow.arrived_at,
            )
        ).first()
        if row is None:
            return None
        return PhotoTask(
            id=row.id,
            key=row.key,
            openid=row.openid,
            media_id=row.media_id,
            flow=row.flow,
            attempts=row.attempts,
            arrived_at=row.arrived_at,
        )

    def settle(
        self, task: PhotoTask, status: PhotoStatus, *, at: datetime, outcome: dict[str, Any] | None, reason: str
    ) -> bool:
        """False where the claim is no longer ours: another worker took over, or the follower left."""
        settled = self.connection.execute(
            update(PhotoRow)
            .where(_claimed_as(task))
            .values(status=str(status), settled_at=at, outcome=outcome, reason=reason[:64], lease_until=None)
        )
        return settled.rowcount == 1

    def postpone(self, task: PhotoTask, *, until: datetime, reason: str) -> None:
        """The picture cannot be had now: later."""
        self.connection.execute(
            update(PhotoRow)
            .where(_claimed_as(task))
            .values(status=str(PhotoStatus.WAITING), due_at=until, reason=reason[:64], lease_until=None)
        )

    def suppress_for(self, openid: str, *, at: datetime) -> None:
        """The follower left: nothing is read any more, nothing that was read stays."""
        self.connection.execute(
            update(PhotoRow)
            .where(PhotoRow.openid == openid, PhotoRow.status != str(PhotoStatus.SUPPRESSED))
            .values(status=str(PhotoStatus.SUPPRESSED), settled_at=at, outcome=None, lease_until=None)
        )

    def proposal(self, openid: str) -> Proposal | None:
        """The newest that was read and not taken."""
        row = self.connection.execute(
            select(PhotoRow.id, PhotoRow.outcome)
            .where(PhotoRow.openid == openid, PhotoRow.status == str(PhotoStatus.READ))
            .order_by(PhotoRow.id.desc())
            .limit(1)
        ).first()
        return Proposal(row.id, row.outcome["answers"]) if row else None

    def media_of(self, openid: str, photo_id: int) -> tuple[str, datetime] | None:
        """The platform's id of the picture and when it came."""
        row = self.connection.execute(
            select(PhotoRow.media_id, PhotoRow.arrived_at).where(PhotoRow.openid == openid, PhotoRow.id == photo_id)
        ).first()
        return (row.media_id, row.arrived_at) if row else None

    def take(self, openid: str, photo_id: int) -> None:
        """This one and what was read before it are proposed no more."""
        self.connection.execute(
            update(PhotoRow)
            .where(PhotoRow.openid == openid, PhotoRow.id <= photo_id, PhotoRow.status == str(PhotoStatus.READ))
            .values(status=str(PhotoStatus.TAKEN), outcome=None)
        )

    def forget_before(self, before: datetime) -> int:
        """Tasks that were over before; how many."""
        return self.connection.execute(delete(PhotoRow).where(PhotoRow.settled_at < before)).rowcount
