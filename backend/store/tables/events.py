"""Events and who takes part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.events import EventKind, EventState, SignUpState
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class EventRow(Base):
    """`gone` counts sign-ups of people who were forgotten, by state."""

    __tablename__ = "event"
    __table_args__ = (one_of("kind", EventKind), one_of("state", EventState))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(SHORT)
    title: Mapped[str] = mapped_column(NAME)
    summary: Mapped[str] = mapped_column(String(2000), default="")
    place: Mapped[str] = mapped_column(NAME, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    begins_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    sign_up_from: Mapped[datetime] = mapped_column(Instant)
    sign_up_until: Mapped[datetime] = mapped_column(Instant)
    quota: Mapped[int | None]
    invited: Mapped[str] = mapped_column(NAME, default="")
    materials: Mapped[str] = mapped_column(String(500), default="")
    questions: Mapped[list[Any]] = mapped_column(JSON)
    feedback: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(SHORT, index=True)
    revision: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(500), default="")
    gone: Mapped[dict[str, Any]] = mapped_column(JSON)
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(SHORT, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SignUpRow(Base):
    """One row a follower and event; without openid somebody entered at the door.

    `told` and `told_revision` are what the follower knows, so that a worker sees whom it has to tell. `reminded` is the
    stage of the last reminder planned for this beginning, `thanked` 1 after the thanks, 2 after the materials.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        one_of("state", SignUpState),
        UniqueConstraint("event_id", "openid"),
        Index("ix_sign_up_queue", "event_id", "state", "waiting_since", "id"),
        Index("ix_sign_up_openid", "openid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    openid: Mapped[str | None] = mapped_column(SHORT)
    name: Mapped[str] = mapped_column(NAME, default="")
    phone: Mapped[str] = mapped_column(NAME, default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(SHORT)
    walk_in: Mapped[bool] = mapped_column(default=False)
    signed_up_at: Mapped[datetime] = mapped_column(Instant)
    waiting_since: Mapped[datetime | None] = mapped_column(Instant)
    offered_until: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_in_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_in_by: Mapped[str] = mapped_column(SHORT, default="")
    told: Mapped[str] = mapped_column(SHORT, default="")
    told_revision: Mapped[int] = mapped_column(default=0)
    reminded: Mapped[int] = mapped_column(SmallInteger, default=0)
    thanked: Mapped[int] = mapped_column(SmallInteger, default=0)
    feedback: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    feedback_at: Mapped[datetime | None] = mapped_column(Instant)
