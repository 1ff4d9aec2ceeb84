"""What followers chose to hear of and when, and the subscription notices they agreed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.preferences import Frequency
from backend.store.tables.base import SHORT, Base, Instant, one_of


class PreferenceRow(Base):
    """One row for each follower who chose something else than the house does."""

    __tablename__ = "preference"
    __table_args__ = (one_of("frequency", Frequency),)

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    topics: Mapped[list[Any]] = mapped_column(JSON)
    places: Mapped[list[Any]] = mapped_column(JSON)
    frequency: Mapped[str] = mapped_column(SHORT)
    quiet_from: Mapped[int] = mapped_column(SmallInteger)
    quiet_until: Mapped[int] = mapped_column(SmallInteger)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SubscriptionCreditRow(Base):
    """How many notices of a template the follower agreed to and has not been sent (subscription notice guide: one consent,
    one notice)."""

    __tablename__ = "subscription_credit"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    template_id: Mapped[str] = mapped_column(SHORT, primary_key=True)
    left: Mapped[int]
    agreed_at: Mapped[datetime] = mapped_column(Instant)
