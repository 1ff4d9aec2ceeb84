"""Which delivery a report of the platform means."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, text, update

from backend.domain.deliveries import Channel, Delivery, DeliveryStatus
from backend.store.deliveries import Deliveries
from backend.store.delivery_rows import COLUMNS, LONGEST_REASON, STATUS, delivery_of, dump_tried
from backend.store.tables import DeliveryRow

IN_DOUBT = tuple(str(status) for status in (DeliveryStatus.UNKNOWN, DeliveryStatus.ASKING, DeliveryStatus.SENT))


class Results:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def meant(self, openid: str, channel: Channel, platform_id: str, *, since: datetime) -> Delivery | None:
        """By the platform's number; else the only one of this follower and channel asked for since then that has none."""
        numbered = select(*COLUMNS).where(
            text("platform_id != ''"), DeliveryRow.platform_id == platform_id, DeliveryRow.channel == str(channel)
        )
        row = self.connection.execute(numbered.limit(1)).first() if platform_id else None
        if row is not None:
            return delivery_of(row)
        doubtful = self.connection.execute(
            select(*COLUMNS)
            .where(
                DeliveryRow.openid == openid,
                DeliveryRow.channel == str(channel),
                DeliveryRow.platform_id == "",
                STATUS.in_(IN_DOUBT),
                DeliveryRow.asked_at >= since,
            )
            .limit(2)
        ).all()
        return delivery_of(doubtful[0]) if len(doubtful) == 1 else None

    def name(self, delivery_id: int, platform_id: str) -> None:
        new = {"platform_id": platform_id[:64]}
        self.connection.execute(update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(new))

    def by_another_way(self, held: Delivery, *, at: datetime, reason: str) -> None:
        """It did not arrive and has to: back into the queue, for the channels that were not tried."""
        Deliveries(self.connection).settle(held.id, DeliveryStatus.PLANNED, at=at, reason=reason)
        self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == held.id)
            .values(
                channel=str(Channel.OPEN),
                tried=dump_tried(held.tried | {held.channel}),
                due_at=at,
                settled_at=None,
                platform_id="",
                reason=reason[:LONGEST_REASON],
            )
        )
