"""What a follower keeps: one row per follower and patent. The first keeping counts, so that changes since can be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Connection, bindparam, delete, exists, func, select, text

from backend.domain.favourites import Kept, dump_fee, load_fee
from backend.domain.listings import Listing, Standing
from backend.store.tables import ConsentRow, FavouriteRow
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

    def followers_of(self, number: str, purpose: str, *, after: str = "", limit: int = 500) -> Sequence[str]:
        """Who keeps the patent and has consented to this purpose, in order, from behind `after`."""
        agreed = exists().where(ConsentRow.openid == FavouriteRow.openid, ConsentRow.purpose == purpose)
        rows = self.connection.execute(
            select(FavouriteRow.openid)
            .where(FavouriteRow.number == number, FavouriteRow.openid > after, agreed)
            .order_by(FavouriteRow.openid)
            .limit(limit)
        )
        return rows.scalars().all()

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
