"""Photos of certificates: what is to be read, and what was read. Never the picture."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.photos import PhotoStatus
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class PhotoRow(Base):
    """One photo a follower sent. `outcome` is what it said, until a draft has taken it; `reason` why it said nothing."""

    __tablename__ = "photo"
    __table_args__ = (one_of("status", PhotoStatus), Index("ix_photo_due", "status", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    media_id: Mapped[str] = mapped_column(NAME)
    flow: Mapped[str] = mapped_column(SHORT)
    status: Mapped[str] = mapped_column(SHORT)
    attempts: Mapped[int] = mapped_column(default=0)
    arrived_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(SHORT, default="")
