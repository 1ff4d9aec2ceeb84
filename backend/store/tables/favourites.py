"""Patents that followers keep, with the terms of the day they kept them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.tables.base import NAME, SHORT, Base, Instant


class FavouriteRow(Base):
    __tablename__ = "favourite"

    openid: Mapped[str] = mapped_column(SHORT, primary_key=True)
    number: Mapped[str] = mapped_column(SHORT, primary_key=True, index=True)
    title: Mapped[str] = mapped_column(NAME)
    fee: Mapped[dict[str, Any]] = mapped_column(JSON)
    standing: Mapped[str] = mapped_column(SHORT)
    kept_at: Mapped[datetime] = mapped_column(Instant)
