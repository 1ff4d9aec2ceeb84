"""Institutions, their officers, what followers agreed to, programmes, and the audit log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.institutions import InstitutionState
from backend.domain.roles import Role
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class InstitutionRow(Base):
    """One row per credit code, or per name where the code is missing; staff decide once."""

    __tablename__ = "institution"
    __table_args__ = (one_of("state", InstitutionState),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(NAME)
    credit_code: Mapped[str] = mapped_column(SHORT, index=True)
    code_holds: Mapped[bool]
    holder_type: Mapped[str] = mapped_column(SHORT, default="")
    contact_name: Mapped[str] = mapped_column(NAME)
    contact_phone: Mapped[str] = mapped_column(NAME)
    contact_email: Mapped[str] = mapped_column(NAME, default="")
    proof: Mapped[str] = mapped_column(NAME)
    state: Mapped[str] = mapped_column(SHORT, index=True)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str] = mapped_column(NAME, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")


class OfficerRow(Base):
    """A follower speaks for one institution at a time; an institution has several officers."""

    __tablename__ = "officer"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    bound_at: Mapped[datetime] = mapped_column(Instant)
    consent: Mapped[dict[str, Any]] = mapped_column(JSON)


class ConsentRow(Base):
    """What a follower agreed to, in which wording, when."""

    __tablename__ = "consent"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    purpose: Mapped[str] = mapped_column(SHORT, primary_key=True)
    version: Mapped[str] = mapped_column(SHORT, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class ProgrammeRow(Base):
    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(NAME)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    opened_by: Mapped[str] = mapped_column(NAME)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class AuditRow(Base):
    """Append-only and chained; a trigger refuses changes. Ids and codes only, never anything about a person."""

    __tablename__ = "audit"
    __table_args__ = (one_of("role", Role),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant)
    role: Mapped[str] = mapped_column(SHORT)
    by: Mapped[str] = mapped_column(NAME)
    action: Mapped[str] = mapped_column(SHORT)
    subject: Mapped[str] = mapped_column(SHORT, index=True)
    before: Mapped[str] = mapped_column(NAME)
    after: Mapped[str] = mapped_column(NAME)
    previous: Mapped[str] = mapped_column(SHORT, unique=True)  # two entries can never follow the same one
    digest: Mapped[str] = mapped_column(SHORT)
