"""Prices that a colleague has looked at."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Date, bindparam, select, text

from backend.store.tables import PriceReviewRow
from backend.store.tables.base import Instant

_PUT = text(
    """
    INSERT INTO price_review (number, outcome, quiet_until, by, at) VALUES (:number, :outcome, :quiet_until, :by, :at)
    ON CONFLICT (number) DO UPDATE SET outcome = excluded.outcome, quiet_until = excluded.quiet_until, by = excluded.by,
        at = excluded.at
    """
).bindparams(bindparam("at", type_=Instant), bindparam("quiet_until", type_=Date))


class PriceOutcome(StrEnum):
    """What came of it."""

    LICENSED = "licensed"  # there is a taker that is not on record here
    FITTING = "fitting"
    TOLD = "told"  # talked over with the holder


class PriceReviews:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, number: str, outcome: PriceOutcome, *, quiet_until: date, by: str, at: datetime) -> None:
        self.connection.execute(
            _PUT, {"number": number, "outcome": str(outcome), "quiet_until": quiet_until, "by": by, "at": at}
        )

    def quiet_on(self, day: date) -> frozenset[str]:
        """Patents of which nothing is said on the day."""
        rows = self.connection.execute(select(PriceReviewRow.number).where(PriceReviewRow.quiet_until >= day))
        return frozenset(rows.scalars())
