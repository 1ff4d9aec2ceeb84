"""Saved queries, the keys by which a changed patent finds them, and what they found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.saved_queries import Cadence, Change
from backend.store.tables.base import SHORT, Base, Instant, one_of


class SavedQueryRow(Base):
    """`keyed` names the dictionary its keys were made with; empty while none are. `digest` is the query's own, so that the
    same one is not kept twice."""

    __tablename__ = "saved_query"
    __table_args__ = (
        one_of("cadence", Cadence),
        UniqueConstraint("openid", "digest"),
        {"sqlite_autoincrement": True},  # what was found for a query that is gone must not become another's
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(SHORT)
    cadence: Mapped[str] = mapped_column(SHORT)
    paused: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime] = mapped_column(Instant)
    keyed: Mapped[str] = mapped_column(SHORT, default="", index=True)


class SavedQueryKeyRow(Base):
    """An active query under its rarest term. Terms are numbers made of words and conditions (backend/search/percolation.py).

    `rest_…` are further terms that must hold too, 0 for none and then none behind it; `bar` must not hold. `beyond` is what a
    row has no room for: `needed`, groups of ways of terms, one way of each group whole; `barred`, ways of which none is whole;
    `literal`, that the text has to be read besides.
    A query that can be met in several ways has a row for each.
    """

    __tablename__ = "saved_query_key"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 SQLAlchemy's own convention

    term: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    saved_query_id: Mapped[int] = mapped_column(primary_key=True, index=True, autoincrement=False)
    rest_1: Mapped[int] = mapped_column(BigInteger)
    rest_2: Mapped[int] = mapped_column(BigInteger)
    rest_3: Mapped[int] = mapped_column(BigInteger)
    rest_4: Mapped[int] = mapped_column(BigInteger)
    bar: Mapped[int] = mapped_column(BigInteger)
    least_fen: Mapped[int] = mapped_column(BigInteger)
    most_fen: Mapped[int] = mapped_column(BigInteger)
    beyond: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class AlertRow(Base):
    """One change of one patent that one saved query fits. `delivery_id` is the digest that tells of it."""

    __tablename__ = "alert"
    __table_args__ = (
        one_of("change", Change),
        UniqueConstraint("saved_query_id", "listing_id", "change"),
        Index("ix_alert_due", "delivery_id", "due_at"),
        Index("ix_alert_openid_delivery_id", "openid", "delivery_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT)
    saved_query_id: Mapped[int] = mapped_column(ForeignKey("saved_query.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(SHORT)
    listing_id: Mapped[int]
    before_id: Mapped[int | None]
    change: Mapped[str] = mapped_column(SHORT)
    at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    delivery_id: Mapped[int | None]


class AlertSeenRow(Base):
    """The version of a patent that saved queries were last held against: what differs from it is news."""

    __tablename__ = "alert_seen"

    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
    listing_id: Mapped[int]
    shown: Mapped[bool]
    ends_on: Mapped[date] = mapped_column(index=True)
