"""Technical needs, the patents that fit them, holders who want to hear of needs, and answers to surveys."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.needs import NeedEnd, NeedState
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class NeedRow(Base):
    """`compared_at` is empty until the pool was looked through for it. Of a `quiet` one nothing is told unasked."""

    __tablename__ = "need"
    __table_args__ = (
        one_of("state", NeedState),
        one_of("ending", NeedEnd),
        Index("ix_need_state_ends_on", "state", "ends_on"),
        {"sqlite_autoincrement": True},  # what a message calls need 12 must stay need 12
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    problem: Mapped[str] = mapped_column(Text)
    industry: Mapped[str] = mapped_column(NAME, default="")
    place_code: Mapped[str] = mapped_column(SHORT, default="")
    budget_fen: Mapped[int | None] = mapped_column(BigInteger)
    ends_on: Mapped[date]
    contact_name: Mapped[str] = mapped_column(NAME)
    contact_phone: Mapped[str] = mapped_column(SHORT)
    state: Mapped[str] = mapped_column(SHORT)
    ending: Mapped[str | None] = mapped_column(SHORT)
    posted_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    compared_at: Mapped[datetime | None] = mapped_column(Instant)
    quiet: Mapped[bool] = mapped_column(default=False)


class NeedMatchRow(Base):
    """`delivery_id` is what told the poster of it. `thousandths` is the share of the need's telling words that the patent holds."""

    __tablename__ = "need_match"
    __table_args__ = (UniqueConstraint("need_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(SHORT, index=True)
    thousandths: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    firm_agreed_at: Mapped[datetime | None] = mapped_column(Instant)
    holder_agreed_at: Mapped[datetime | None] = mapped_column(Instant)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    introduced_at: Mapped[datetime | None] = mapped_column(Instant)
    delivery_id: Mapped[int | None] = mapped_column(index=True)


class NeedReaderRow(Base):
    """A holder who wants to hear of needs that fit their patents."""

    __tablename__ = "need_reader"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class SurveyAnswerRow(Base):
    """One answer set of one follower in one version of a survey."""

    __tablename__ = "survey_answer"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    survey: Mapped[str] = mapped_column(SHORT, primary_key=True)
    side: Mapped[str] = mapped_column(SHORT)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)
