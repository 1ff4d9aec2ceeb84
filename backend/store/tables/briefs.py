"""Campaigns as staff prepare them: briefs, templates by version, uploaded lists; and what recipients made of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.briefs import BriefKind, BriefState
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of

UNTOLD = text("told_at IS NULL AND number != ''")


class BriefRow(Base):
    """`lease_until`: some worker writes its recipients down until then."""

    __tablename__ = "brief"
    __table_args__ = (one_of("kind", BriefKind), one_of("state", BriefState), Index("ix_brief_state_id", "state", "id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(SHORT)
    name: Mapped[str] = mapped_column(NAME)
    state: Mapped[str] = mapped_column(SHORT)
    version: Mapped[int]
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[str] = mapped_column(Text)
    text_version: Mapped[str] = mapped_column(SHORT)
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    lasts_days: Mapped[int]
    per_minute: Mapped[int]
    counted: Mapped[int]
    made_by: Mapped[str] = mapped_column(NAME)
    changed_by: Mapped[str] = mapped_column(NAME)
    approved_by: Mapped[str] = mapped_column(NAME)
    reason: Mapped[str] = mapped_column(String(500))
    campaign_id: Mapped[int] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)


class BriefMemberRow(Base):
    """One follower of the list that was uploaded with a brief."""

    __tablename__ = "brief_member"
    __table_args__ = (Index("ix_brief_member_openid", "openid"),)

    brief_id: Mapped[int] = mapped_column(ForeignKey("brief.id"), primary_key=True)
    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)


class CampaignTemplateRow(Base):
    """Words for a kind; every change is a new row with the next version of the same name."""

    __tablename__ = "campaign_template"
    __table_args__ = (one_of("kind", BriefKind), UniqueConstraint("kind", "name", "version"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(SHORT)
    name: Mapped[str] = mapped_column(NAME)
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(NAME)
    at: Mapped[datetime] = mapped_column(Instant)


class CampaignPaceRow(Base):
    """How many recipients of a running campaign had ended at a moment: what its speed is read off. Kept for an hour."""

    __tablename__ = "campaign_pace"

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    ended: Mapped[int]


class CampaignOpeningRow(Base):
    """A recipient opened the page behind a campaign's message, and when first."""

    __tablename__ = "campaign_opening"
    __table_args__ = (Index("ix_campaign_opening_openid", "openid"),)

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class CampaignInterestRow(Base):
    """A recipient said “感兴趣”; of one patent where `number` names it. `told_at`: its holders have heard."""

    __tablename__ = "campaign_interest"
    __table_args__ = (
        Index("ix_campaign_interest_openid", "openid"),
        Index("ix_campaign_interest_untold", "number", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    told_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffPhoneRow(Base):
    """The follower whom a colleague showed to be themselves, for trial messages; or the code that will show it."""

    __tablename__ = "staff_phone"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    code: Mapped[str] = mapped_column(SHORT)  # SHA-256 of the code that was shown; empty once it was used
    code_until: Mapped[datetime | None] = mapped_column(Instant)
    bound_at: Mapped[datetime | None] = mapped_column(Instant)
