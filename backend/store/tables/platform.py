"""The platform's access token: one row per account, leased by whoever fetches it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.tables.base import SHORT, Base, Instant


class AccessTokenRow(Base):
    __tablename__ = "access_token"

    app_id: Mapped[str] = mapped_column(SHORT, primary_key=True)
    token: Mapped[str] = mapped_column(Text, default="")
    good_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str] = mapped_column(SHORT, default="")
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
