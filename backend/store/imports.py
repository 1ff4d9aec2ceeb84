"""Imports: rows are staged in batches and made visible by one flip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from backend.domain.listings import Listing, ListingStatus
from backend.store.listing_rows import to_row
from backend.store.tables import BatchRow, BatchStatus, ListingRow


class Imports:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def start(self, *, source: str, vouched_by: str, demonstration: bool, at: datetime) -> int:
        return self.connection.execute(
            insert(BatchRow)
            .values(
                status=str(BatchStatus.STAGING),
                source=source[-200:],
                vouched_by=vouched_by[:200],
                demonstration=demonstration,
                started_at=at,
            )
            .returning(BatchRow.id)
        ).scalar_one()

    def stage(self, batch_id: int, listings: Sequence[Listing], status: ListingStatus) -> None:
        if listings:
            self.connection.execute(
                insert(ListingRow), [to_row(listing, batch_id=batch_id, status=status) for listing in listings]
            )

    def flip(self, batch_id: int, *, at: datetime) -> None:
        """From here on the batch counts."""
        self.connection.execute(
            update(BatchRow)
            .where(BatchRow.id == batch_id, BatchRow.status == str(BatchStatus.STAGING))
            .values(status=str(BatchStatus.VISIBLE), visible_at=at)
        )

    def to_note(self) -> tuple[int, int] | None:
        """(batch, up to which listing) of a visible batch whose search tasks are not all written."""
        row = self.connection.execute(
            select(BatchRow.id, BatchRow.noted_up_to)
            .where(BatchRow.status == str(BatchStatus.VISIBLE), BatchRow.noted.is_(False))
            .order_by(BatchRow.id)
        ).first()
        return (row.id, row.noted_up_to) if row else None

    def numbers(self, batch_id: int, *, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """(listing, patent number) of a batch in pages."""
        rows = self.connection.execute(
            select(ListingRow.id, ListingRow.number)
            .where(ListingRow.batch_id == batch_id, ListingRow.id > after)
            .order_by(ListingRow.id)
            .limit(limit)
        )
        return [(row.id, row.number) for row in rows]

    def noted(self, batch_id: int, *, up_to: int, all_done: bool) -> None:
        self.connection.execute(
            update(BatchRow).where(BatchRow.id == batch_id).values(noted_up_to=up_to, noted=all_done)
        )

    def abandon_unfinished(self, *, before: datetime) -> int:
        """Imports that died while staging never count."""
        gone = self.connection.execute(
            update(BatchRow)
            .where(BatchRow.status == str(BatchStatus.STAGING), BatchRow.started_at < before)
            .values(status=str(BatchStatus.ABANDONED))
        )
        return gone.rowcount

    def has_demonstration(self) -> bool:
        found = self.connection.execute(
            select(BatchRow.id).where(BatchRow.demonstration.is_(True), BatchRow.status == str(BatchStatus.VISIBLE))
        ).first()
        return found is not None
