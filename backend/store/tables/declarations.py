"""Declarations: where each stands, every move it made, every finding about it, and the taps that submitted it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.declarations import Move, State
from backend.domain.listings import Track
from backend.domain.roles import Role
from backend.domain.verification import CheckId, Outcome
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of

LONG = String(500)


class DeclarationRow(Base):
    """The newest state. `openid` is empty once its follower was erased; `holder_key` is then their keyed hash."""

    __tablename__ = "declaration"
    __table_args__ = (
        one_of("state", State),
        one_of("track", Track),
        Index("ix_declaration_state_since", "state", "since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(SHORT, index=True)
    track: Mapped[str] = mapped_column(SHORT)
    state: Mapped[str] = mapped_column(SHORT)
    since: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # comes back when it is returned
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    holder_key: Mapped[str] = mapped_column(SHORT, default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"))
    table_id: Mapped[int | None] = mapped_column(index=True)  # the uploaded information table it came in
    vouched_by: Mapped[str] = mapped_column(NAME, default="")
    assignee: Mapped[str] = mapped_column(NAME, default="")
    second_by: Mapped[str] = mapped_column(NAME, default="")
    announced_by: Mapped[str] = mapped_column(NAME, default="")
    published_by: Mapped[str] = mapped_column(NAME, default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    receipt_number: Mapped[str] = mapped_column(NAME, default="")
    filed_on: Mapped[date | None]
    announcement_number: Mapped[str] = mapped_column(NAME, default="")
    announced_on: Mapped[date | None]
    withdrawal_number: Mapped[str] = mapped_column(NAME, default="")
    verified_until: Mapped[date | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(LONG, default="")
    mend: Mapped[list[Any]] = mapped_column(JSON)


class DeclarationMoveRow(Base):
    """One move; `after` is the state it led to, so that any past day can be read off."""

    __tablename__ = "declaration_move"
    __table_args__ = (one_of("move", Move), one_of("after", State), one_of("role", Role))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    move: Mapped[str] = mapped_column(SHORT)
    after: Mapped[str] = mapped_column(SHORT)
    role: Mapped[str] = mapped_column(SHORT)
    by: Mapped[str] = mapped_column(NAME, default="")
    reason: Mapped[str] = mapped_column(LONG, default="")


class DeclarationTokenRow(Base):
    """The review that was confirmed: two taps on one review are one declaration."""

    __tablename__ = "declaration_token"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    token: Mapped[str] = mapped_column(SHORT, primary_key=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), index=True)


class VerificationCheckRow(Base):
    """One finding of one round. Nothing is overwritten; the newest of each kind counts."""

    __tablename__ = "verification_check"
    __table_args__ = (
        one_of("check_id", CheckId),
        one_of("outcome", Outcome),
        Index("ix_verification_check_declaration_id_check_id", "declaration_id", "check_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    declaration_id: Mapped[int] = mapped_column(ForeignKey("declaration.id"))
    check_id: Mapped[str] = mapped_column(SHORT)
    outcome: Mapped[str] = mapped_column(SHORT)
    article: Mapped[str] = mapped_column(SHORT)
    code: Mapped[str] = mapped_column(SHORT, default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(NAME, default="")


class DraftRow(Base):
    """The answers given so far in one flow. One row per follower, flow and subject."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_saved_at", "saved_at"),)

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    flow: Mapped[str] = mapped_column(SHORT, primary_key=True)
    subject: Mapped[str] = mapped_column(SHORT, primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int]
    misses: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(Instant)


class RegistryRecordRow(Base):
    """What an official table says of one number. `as_of` is the day it was true, `loaded_at` when staff loaded it."""

    __tablename__ = "registry_record"

    number: Mapped[str] = mapped_column(SHORT, primary_key=True)
    title: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(SHORT)
    filed_on: Mapped[date | None]
    granted_on: Mapped[date | None]
    holders: Mapped[list[Any]] = mapped_column(JSON)
    ipc_main: Mapped[str] = mapped_column(SHORT, default="")
    abstract: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(SHORT)
    annuity_paid_until: Mapped[date | None]
    source: Mapped[str] = mapped_column(NAME)
    as_of: Mapped[datetime] = mapped_column(Instant)
    loaded_at: Mapped[datetime] = mapped_column(Instant)
