"""What staff work on: questions for a person, questions nobody could answer, switches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.handoffs import HandoffStatus
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class HandoffRow(Base):
    """A follower who asked for a person. One open row per follower."""

    __tablename__ = "handoff"
    __table_args__ = (one_of("status", HandoffStatus),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    status: Mapped[str] = mapped_column(SHORT, index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class HandoffLineRow(Base):
    """One line of such a conversation. `by` is empty for the follower, a staff name otherwise."""

    __tablename__ = "handoff_line"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoff.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(NAME, default="")
    text: Mapped[str] = mapped_column(Text)


class MissRow(Base):
    """A question the material did not answer, or a choice that taught us a phrasing. Read by the editors."""

    __tablename__ = "knowledge_miss"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    question: Mapped[str] = mapped_column(Text)
    offered: Mapped[list[Any]] = mapped_column(JSON)
    chosen: Mapped[str] = mapped_column(NAME, default="")


class VerdictRow(Base):
    """Whether an answer was of use to the one who asked. Read by the editors."""

    __tablename__ = "knowledge_verdict"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    entry: Mapped[str] = mapped_column(NAME)
    question: Mapped[str] = mapped_column(Text)
    useful: Mapped[bool]


class SwitchRow(Base):
    """A setting of the office that lives with the data, such as whether anything may be sent."""

    __tablename__ = "switch"

    name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class TimerRow(Base):
    """One due moment of one timer: the unique pair keeps it single in any number of processes."""

    __tablename__ = "timer"

    name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    fired_at: Mapped[datetime] = mapped_column(Instant)
