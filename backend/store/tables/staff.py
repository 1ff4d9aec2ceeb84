"""Staff accounts, their sessions, and wrong tries at the door."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.roles import Role
from backend.store.tables.base import NAME, SHORT, Base, Instant

_ROLES = ", ".join(f"'{role}'" for role in Role if role in Role.staff())


class StaffRow(Base):
    """One colleague. Rows are disabled, never deleted: the audit log points at them."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint(f"role IN ({_ROLES})", name="role_known"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    login: Mapped[str] = mapped_column(NAME, unique=True)  # the name without case and width
    name: Mapped[str] = mapped_column(NAME)
    role: Mapped[str] = mapped_column(SHORT)
    agency: Mapped[str] = mapped_column(NAME, default="")
    password: Mapped[str] = mapped_column(String(300))  # argon2id, with its parameters and salt
    must_change: Mapped[bool] = mapped_column(default=False)
    demonstration: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    logged_in_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffSessionRow(Base):
    """One browser logged in. `key` is the SHA-256 of the cookie: who reads the table cannot log in with it."""

    __tablename__ = "staff_session"

    key: Mapped[str] = mapped_column(SHORT, primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class StaffTryRow(Base):
    """One try at the door that was wrong or is being checked. `login` is hashed: people type passwords there too."""

    __tablename__ = "staff_try"
    __table_args__ = (Index("ix_staff_try_login_at", "login", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    login: Mapped[str] = mapped_column(SHORT)
    at: Mapped[datetime] = mapped_column(Instant)
