"""What a follower keeps: one row per follower and patent. The first keeping counts, so that changes since can be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Connection, bindparam, delete, func, select, text

from backend.domain.favourites import Kept, dump_fee, load_fee
from backend.domain.listings import Listing, Standing
from backend.store.tables import FavouriteRow
from backend.store.tables.base import Instant

_KEEP = text(
    """
    INSERT INTO favourite (openid, number, title, fee, standing, kept_at)
    VALUES (:openid, :number, :title, :fee, :standing, :at)
    ON CONFLICT (openid, number) DO NOTHING
    """
).bindparams(bindparam("fee", type_=JSON), bindparam("at", type_=Instant))


class Favourites:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def keep(self, openid: str, listing: Listing, *, at: datetime) -> None:
        self.connection.execute(
            _KEEP,
            {
                "openid": openid,
                "number": listing.number,
                "title": listing.title,
                "fee": dump_fee(listing.fee),
                "standing": str(listing.standing),
                "at": at,
            },
        )

    def drop(self, openid: str, number: str) -> None:
        self.connection.execute(
            delete(FavouriteRow).where(FavouriteRow.openid == openid, FavouriteRow.number == number)
        )

    def count(self, openid: str) -> int:
        return self.connection.execute(
            select(func.count()).select_from(FavouriteRow).where(FavouriteRow.openid == openid)
        ).scalar_one()

    def of(self, openid: str) -> tuple[Kept, ...]:
        """As they were kept, newest first."""
        rows = self.connection.execute(
            select(*FavouriteRow.__table__.columns)
            .where(FavouriteRow.openid == openid)
            .order_by(FavouriteRow.kept_at.desc(), FavouriteRow.number)
        )
        return tuple(
            Kept(row.number, row.title, row.kept_at, load_fee(row.fee), Standing(row.standing)) for row in rows
        )
