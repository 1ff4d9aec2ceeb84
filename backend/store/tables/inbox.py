"""The inbox: a message is a row before it is work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.inbox import Way
from backend.store.tables.base import SHORT, Base, Instant, one_of


class InboxRow(Base):
    """One arrival. `reply` is null while the message is being worked on; `way` is null until it is decided."""

    __tablename__ = "inbox"
    __table_args__ = (
        one_of("way", Way),
        UniqueConstraint("openid", "sequence"),
        Index("ix_inbox_lease_until", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    openid: Mapped[str] = mapped_column(SHORT)
    sequence: Mapped[int]
    arrived_at: Mapped[datetime] = mapped_column(Instant, index=True)
    incoming: Mapped[dict[str, Any]] = mapped_column(JSON)
    lease_by: Mapped[str] = mapped_column(SHORT)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    way: Mapped[str | None] = mapped_column(SHORT)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
