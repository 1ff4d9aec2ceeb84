"""What saved queries found, what of it was told, and the versions of patents they were last held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, exists, func, select, text, update

from backend.domain.saved_queries import Cadence, Change, next_digest
from backend.store.listings import DECIDED, IS_CURRENT, VISIBLE
from backend.store.tables import AlertRow, AlertSeenRow, BatchRow, ListingRow, SavedQueryRow
from backend.store.tables.base import Instant

_FOUND = text(
    """
    INSERT INTO alert (openid, saved_query_id, number, listing_id, before_id, change, at, due_at)
    VALUES (:openid, :saved_query_id, :number, :listing_id, :before_id, :change, :at, :due_at)
    ON CONFLICT (saved_query_id, listing_id, change) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant), bindparam("due_at", type_=Instant))
_SEEN = text(
    """
    INSERT INTO alert_seen (number, listing_id, shown, ends_on) VALUES (:number, :listing_id, :shown, :ends_on)
    ON CONFLICT (number) DO UPDATE SET listing_id = excluded.listing_id, shown = excluded.shown, ends_on = excluded.ends_on
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The version of a patent that was last held against saved queries. `ends_on` is the last day on which it is shown."""

    number: str
    listing_id: int
    shown: bool
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """`listing_id` is the version after the change, `before_id` the one before it, None for a patent that is new."""

    id: int
    saved_query_id: int
    number: str
    listing_id: int
    before_id: int | None
    change: Change
    at: datetime


class Alerts:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # what was found

    def found(
        self,
        query_ids: Sequence[int],
        *,
        number: str,
        listing_id: int,
        before_id: int | None,
        change: Change,
        at: datetime,
    ) -> None:
        """Write it down for each of the queries that is not paused meanwhile; told before, it is not written twice."""
        owners = self.connection.execute(
            select(SavedQueryRow.id, SavedQueryRow.openid, SavedQueryRow.cadence).where(
                SavedQueryRow.id.in_(query_ids), SavedQueryRow.paused.is_(False)
            )
        ).all()
        due = {cadence: next_digest(cadence, at) for cadence in Cadence}
        rows = [
            {
                "openid": owner.openid,
                "saved_query_id": owner.id,
                "number": number,
                "listing_id": listing_id,
                "before_id": before_id,
                "change": str(change),
                "at": at,
                "due_at": due[Cadence(owner.cadence)],
            }
            for owner in owners
        ]
        if rows:
            self.connection.execute(_FOUND, rows)

    def due(self, *, at: datetime, limit: int, after: str = "") -> Sequence[str]:
        """Followers of whom something is to be told, in order, from behind `after`."""
        rows = self.connection.execute(
            select(AlertRow.openid)
            .where(AlertRow.delivery_id.is_(None), AlertRow.due_at <= at, AlertRow.openid > after)
            .distinct()
            .order_by(AlertRow.openid)
            .limit(limit)
        )
        return rows.scalars().all()

    def untold(self, openid: str, *, at: datetime) -> list[Alert]:
        """What is due to be told to the follower, oldest first."""
        rows = self.connection.execute(
            select(AlertRow)
            .with_only_columns(*AlertRow.__table__.columns)
            .where(AlertRow.openid == openid, AlertRow.delivery_id.is_(None), AlertRow.due_at <= at)
            .order_by(AlertRow.id)
        )
        return [
            Alert(
                id=row.id,
                saved_query_id=row.saved_query_id,
                number=row.number,
                listing_id=row.listing_id,
                before_id=row.before_id,
                change=Change(row.change),
                at=row.at,
            )
            for row in rows
        ]

    def told(self, ids: Sequence[int], delivery_id: int) -> None:
        self.connection.execute(update(AlertRow).where(AlertRow.id.in_(ids)).values(delivery_id=delivery_id))

    def untell(self, delivery_ids: Sequence[int]) -> None:
        """The digests were never read and give way to a newer one, which tells the same."""
        self.connection.execute(update(AlertRow).where(AlertRow.delivery_id.in_(delivery_ids)).values(delivery_id=None))

    def reschedule(self, openid: str, query_ids: Sequence[int], cadence: Cadence, *, at: datetime) -> None:
        """What waits of these queries waits for the digest of their new cadence."""
        self.connection.execute(
            update(AlertRow)
            .where(AlertRow.openid == openid, AlertRow.saved_query_id.in_(query_ids), AlertRow.delivery_id.is_(None))
            .values(due_at=next_digest(cadence, at))
        )

    def drop_untold(self, openid: str, query_ids: Sequence[int]) -> None:
        self.connection.execute(
            delete(AlertRow).where(
                AlertRow.openid == openid, AlertRow.saved_query_id.in_(query_ids), AlertRow.delivery_id.is_(None)
            )
        )

    def forget_told(self, *, before: datetime) -> int:
        """What was told long ago is of no use to anybody."""
        return self.connection.execute(
            delete(AlertRow).where(AlertRow.delivery_id.is_not(None), AlertRow.at < before)
        ).rowcount

    # versions

    def seen(self, numbers: Sequence[str]) -> dict[str, Seen]:
        rows = self.connection.execute(select(*AlertSeenRow.__table__.columns).where(AlertSeenRow.number.in_(numbers)))
        return {
            row.number: Seen(number=row.number, listing_id=row.listing_id, shown=row.shown, ends_on=row.ends_on)
            for row in rows
        }

    def see(self, version: Seen) -> None:
        self.connection.execute(
            _SEEN,
            {
                "number": version.number,
                "listing_id": version.listing_id,
                "shown": version.shown,
                "ends_on": version.ends_on,
            },
        )

    def ended(self, *, on: date) -> Sequence[str]:
        """Patents last seen on show whose last day has passed."""
        rows = self.connection.execute(
            select(AlertSeenRow.number).where(AlertSeenRow.ends_on < on, AlertSeenRow.shown.is_(True))
        )
        return rows.scalars().all()

    def unseen(self) -> Sequence[str]:
        """Patents of which another version stands in the pool than the one last looked at."""
        same = exists(
            select(AlertSeenRow.number).where(
                AlertSeenRow.number == ListingRow.number, AlertSeenRow.listing_id == ListingRow.id
            )
        )
        rows = self.connection.execute(
            select(ListingRow.number)
            .join(BatchRow, BatchRow.id == ListingRow.batch_id)
            .where(VISIBLE, IS_CURRENT, ListingRow.status.in_(DECIDED), ~same)
            .order_by(ListingRow.id)
        )
        return rows.scalars().all()

    def waiting(self) -> int:
        """How much was found and not told yet."""
        return self.connection.execute(
            select(func.count()).select_from(AlertRow).where(AlertRow.delivery_id.is_(None))
        ).scalar_one()
