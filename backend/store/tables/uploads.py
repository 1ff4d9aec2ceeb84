"""Information tables that officers uploaded: what was wrong in them, and what becomes of the good rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.tables import TableStatus
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class TableUploadRow(Base):
    """`answers` are the good rows as a declaration's answers, JSON in one text: written and read whole, never searched."""

    __tablename__ = "table_upload"
    __table_args__ = (one_of("status", TableStatus),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    openid: Mapped[str] = mapped_column(SHORT, index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    name: Mapped[str] = mapped_column(NAME)
    status: Mapped[str] = mapped_column(SHORT, index=True)
    rows: Mapped[int]
    good: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    problems: Mapped[str] = mapped_column(Text)
    ignored: Mapped[list[Any]] = mapped_column(JSON)
    answers: Mapped[str] = mapped_column(Text)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
