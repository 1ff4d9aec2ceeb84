"""The delivery ledger. A row exists before anything is sent; one conditional UPDATE decides who may send it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import JSON as JSON_
from sqlalchemy import ColumnElement, Connection, Row, bindparam, or_, select, text, update

from backend.domain.deliveries import Channel, Delivery, DeliveryStatus
from backend.domain.reply import Reply
from backend.store.tables import DeliveryRow
from backend.store.tables.base import Instant

LEASE = timedelta(seconds=30)
_COLUMNS = (
    DeliveryRow.id,
    DeliveryRow.openid,
    DeliveryRow.notice_key,
    DeliveryRow.channel,
    DeliveryRow.status,
    DeliveryRow.reply,
    DeliveryRow.attempts,
    DeliveryRow.planned_at,
)
_PLAN = text(
    """
    INSERT INTO delivery (openid, notice_key, channel, status, reply, reason, attempts, planned_at, due_at)
    VALUES (:openid, :notice_key, :channel, 'planned', :reply, '', 0, :at, :due_at)
    ON CONFLICT (openid, notice_key) DO NOTHING
    """
).bindparams(bindparam("reply", type_=JSON_), bindparam("at", type_=Instant), bindparam("due_at", type_=Instant))


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        id=row.id,
        openid=row.openid,
        notice_key=row.notice_key,
        channel=Channel(row.channel),
        status=DeliveryStatus(row.status),
        reply=Reply.load(row.reply),
        attempts=row.attempts,
        planned_at=row.planned_at,
    )


def _may_go(at: datetime) -> ColumnElement[bool]:
    """Planned and due, or claimed by a worker that died before it asked."""
    planned = (DeliveryRow.status == str(DeliveryStatus.PLANNED)) & (DeliveryRow.due_at <= at)
    return planned | (DeliveryRow.status == str(DeliveryStatus.CLAIMED)) & (DeliveryRow.lease_until < at)


class Deliveries:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def plan(
        self,
        *,
        openid: str,
        notice_key: str,
        channel: Channel,
        reply: Reply,
        at: datetime,
        due_at: datetime | None = None,
    ) -> bool:
        """Write the delivery down, to be sent at once or from `due_at`; False where this notice was planned before."""
        planned = self.connection.execute(
            _PLAN,
            {
                "openid": openid,
                "notice_key": notice_key,
                "channel": str(channel),
                "reply": reply.dump(),
                "at": at,
                "due_at": due_at or at,
            },
        )
        return planned.rowcount == 1

    def get(self, delivery_id: int) -> Delivery:
        return _delivery(self.connection.execute(select(*_COLUMNS).where(DeliveryRow.id == delivery_id)).one())

    def due(self, channel: Channel, *, at: datetime, limit: int) -> Sequence[int]:
        """Planned and due, or claimed by a worker that died before it asked."""
        rows = self.connection.execute(
            select(DeliveryRow.id)
            .where(DeliveryRow.channel == str(channel), _may_go(at))
            .order_by(DeliveryRow.id)
            .limit(limit)
        )
        return rows.scalars().all()

    def claim(self, delivery_id: int, *, at: datetime) -> bool:
        """True for exactly one of any number of workers; what was postponed or kept meanwhile is nobody's."""
        claimed = self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.channel == str(Channel.CUSTOMER_SERVICE), _may_go(at))
            .values(status=str(DeliveryStatus.CLAIMED), lease_until=at + LEASE)
        )
        return claimed.rowcount == 1

    def ask(self, delivery_id: int, *, at: datetime) -> bool:
        """Commit that the platform is about to be asked; False where the claim was lost meanwhile."""
        asking = self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.status == str(DeliveryStatus.CLAIMED))
            .values(status=str(DeliveryStatus.ASKING), attempts=DeliveryRow.attempts + 1, lease_until=at + LEASE)
        )
        return asking.rowcount == 1

    def settle(self, delivery_id: int, status: DeliveryStatus, *, at: datetime, reason: str = "") -> None:
        self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id)
            .values(status=str(status), settled_at=at, reason=reason[:200], lease_until=None)
        )

    def postpone(self, delivery_id: int, *, until: datetime, reason: str) -> None:
        """The platform certainly did not take it: try again later."""
        self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id)
            .values(status=str(DeliveryStatus.PLANNED), due_at=until, reason=reason[:200], lease_until=None)
        )

    def keep(self, delivery_id: int, *, reason: str) -> None:
        """No window is open: it waits for the follower's next visit."""
        self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id)
            .values(
                status=str(DeliveryStatus.PLANNED),
                channel=str(Channel.NEXT_VISIT),
                reason=reason[:200],
                lease_until=None,
            )
        )

    def kept_for(self, openid: str) -> list[Delivery]:
        """What waits for the follower's next visit, oldest first."""
        rows = self.connection.execute(
            select(*_COLUMNS)
            .where(
                DeliveryRow.openid == openid,
                DeliveryRow.channel == str(Channel.NEXT_VISIT),
                DeliveryRow.status == str(DeliveryStatus.PLANNED),
            )
            .order_by(DeliveryRow.id)
        )
        return [_delivery(row) for row in rows]

    def known(self, openid: str, notice_key: str) -> bool:
        row = select(DeliveryRow.id).where(DeliveryRow.openid == openid, DeliveryRow.notice_key == notice_key)
        return self.connection.execute(row).first() is not None

    def id_of(self, openid: str, notice_key: str) -> int:
        """Of a notice that was planned."""
        row = select(DeliveryRow.id).where(DeliveryRow.openid == openid, DeliveryRow.notice_key == notice_key)
        return self.connection.execute(row).scalar_one()

    def unread(self, openid: str, *kinds: str) -> Sequence[int]:
        """Notices of these kinds (the part of their key before the colon) that still wait for the follower's visit."""
        rows = self.connection.execute(
            select(DeliveryRow.id)
            .where(
                DeliveryRow.openid == openid,
                DeliveryRow.channel == str(Channel.NEXT_VISIT),
                DeliveryRow.status == str(DeliveryStatus.PLANNED),
                or_(*(DeliveryRow.notice_key.startswith(f"{kind}:", autoescape=True) for kind in kinds)),
            )
            .order_by(DeliveryRow.id)
        )
        return rows.scalars().all()

    def suppress_for(self, openid: str, *, at: datetime, reason: str) -> None:
        """Nothing that is not out yet goes to this follower any more."""
        open_ = (str(DeliveryStatus.PLANNED), str(DeliveryStatus.CLAIMED))
        self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.openid == openid, DeliveryRow.status.in_(open_))
            .values(status=str(DeliveryStatus.SUPPRESSED), settled_at=at, reason=reason)
        )

    def unanswered_asks(self, *, at: datetime) -> int:
        """Calls whose worker died in mid-air: nobody knows what the platform did, so they are never repeated."""
        lost = self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.status == str(DeliveryStatus.ASKING), DeliveryRow.lease_until < at)
            .values(status=str(DeliveryStatus.UNKNOWN), settled_at=at, reason="worker_died", lease_until=None)
        )
        return lost.rowcount
