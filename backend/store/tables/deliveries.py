"""The ledger of what is said outside an answer, the campaigns it is said in, and what the platform lets us ask a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.deliveries import CampaignState, Channel, DeliveryKind, DeliveryStatus
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of

WAITING = text("status = 'planned' AND channel != 'next_visit'")
LEASED = text("lease_until IS NOT NULL")
KNOWN_THERE = text("platform_id != ''")
KEPT = text("status = 'planned' AND channel = 'next_visit' AND campaign_id != 0")
ENDING = text("expires_at IS NOT NULL AND settled_at IS NULL")


def _partial(name: str, *columns: str, where: Any) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class DeliveryRow(Base):
    """The indexes serve one question each: whose turn is it (`lane`), whose worker died, which row does a result of the
    platform mean, what has gone stale, and how does a campaign, or a day, stand. All but the last hold few rows."""

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("status", DeliveryStatus),
        one_of("channel", Channel),
        one_of("kind", DeliveryKind),
        UniqueConstraint("openid", "notice_key"),
        _partial("ix_delivery_lane", "campaign_id", "rank", "due_at", "id", where=WAITING),
        _partial("ix_delivery_lease", "lease_until", where=LEASED),
        _partial("ix_delivery_platform_id", "platform_id", where=KNOWN_THERE),
        _partial("ix_delivery_expires", "expires_at", where=ENDING),
        _partial("ix_delivery_kept", "campaign_id", "id", where=KEPT),
        Index("ix_delivery_standing", "status", "campaign_id", "planned_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT)
    notice_key: Mapped[str] = mapped_column(String(320))
    campaign_id: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(SHORT)
    rank: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[str] = mapped_column(SHORT)
    status: Mapped[str] = mapped_column(SHORT)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    notice: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    fields: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    text_version: Mapped[str] = mapped_column(SHORT, default="")
    business_number: Mapped[str] = mapped_column(SHORT, default="")
    tried: Mapped[str] = mapped_column(SHORT, default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    platform_id: Mapped[str] = mapped_column(SHORT, default="")
    planned_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str] = mapped_column(SHORT, default="")
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class CampaignRow(Base):
    """`minute` and `minute_used` are the throttle's: how many were claimed in which minute since 1970. `cleared`: it is
    over, and every recipient it did not reach says so."""

    __tablename__ = "campaign"
    __table_args__ = (one_of("state", CampaignState), one_of("kind", DeliveryKind))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(SHORT)
    state: Mapped[str] = mapped_column(SHORT, index=True)
    name: Mapped[str] = mapped_column(NAME)
    text: Mapped[dict[str, Any]] = mapped_column(JSON)
    notice: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    text_version: Mapped[str] = mapped_column(SHORT, default="")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    per_minute: Mapped[int] = mapped_column(default=0)
    planned: Mapped[int] = mapped_column(default=0)
    minute: Mapped[int] = mapped_column(default=0)
    minute_used: Mapped[int] = mapped_column(default=0)
    cleared: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(NAME, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)


class CampaignTallyRow(Base):
    """How many recipients of a campaign ended how, kept up in the transaction that ends them: counting a million takes
    longer than a page may."""

    __tablename__ = "campaign_tally"
    __table_args__ = (one_of("status", DeliveryStatus),)

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(SHORT, primary_key=True)
    times: Mapped[int]


class ApiDayRow(Base):
    """What was asked of one of the platform's calls on a day of Hubei, and until when it must rest."""

    __tablename__ = "api_day"

    api: Mapped[str] = mapped_column(SHORT, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None] = mapped_column(Instant)
