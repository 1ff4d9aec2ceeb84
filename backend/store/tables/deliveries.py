"""The ledger of what is said outside an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.deliveries import Channel, DeliveryStatus
from backend.store.tables.base import SHORT, Base, Instant, one_of


class DeliveryRow(Base):
    __tablename__ = "delivery"
    __table_args__ = (
        one_of("status", DeliveryStatus),
        one_of("channel", Channel),
        UniqueConstraint("openid", "notice_key"),
        Index("ix_delivery_due", "channel", "status", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    notice_key: Mapped[str] = mapped_column(String(320))
    channel: Mapped[str] = mapped_column(SHORT)
    status: Mapped[str] = mapped_column(SHORT)
    reply: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
