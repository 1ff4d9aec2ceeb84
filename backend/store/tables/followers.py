"""Followers: the state of the conversation and of the customer-service window, one row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.tables.base import NAME, SHORT, Base, Instant


class FollowerRow(Base):
    """`last_sequence` counts arrivals, `answered_sequence` answers; equal means nothing is outstanding."""

    __tablename__ = "follower"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    following: Mapped[bool] = mapped_column(default=True)
    first_seen_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    scene: Mapped[str] = mapped_column(NAME, default="")
    last_sequence: Mapped[int] = mapped_column(default=0)
    answered_sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    kept: Mapped[int] = mapped_column(default=0)  # answers waiting for the next visit
    window_until: Mapped[datetime | None] = mapped_column(Instant)
    window_left: Mapped[int] = mapped_column(default=0)
    window_pushed: Mapped[int] = mapped_column(default=0)  # messages of this window that came unasked
    erase_due_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
