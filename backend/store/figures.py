"""The day in figures, as the office's front page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from backend.domain.clock import CHINA, day_of
from backend.domain.deliveries import DeliveryStatus
from backend.domain.handoffs import HandoffStatus
from backend.domain.listings import ListingStatus
from backend.store.tables import (
    BatchRow,
    BatchStatus,
    DeliveryRow,
    FollowerRow,
    HandoffLineRow,
    HandoffRow,
    InboxRow,
    ListingRow,
    MissRow,
)

_STATUSES = [str(status) for status in DeliveryStatus]
_OPEN = [str(status) for status in HandoffStatus.open()]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Counts of the calendar day in Hubei, and of what stands open. `deliveries` are those planned today, by state."""

    messages: int
    unanswered: int
    followers: int
    new_followers: int
    misses: int
    handoffs_waiting: int
    handoffs_open: int
    waiting_since: datetime | None
    pool_shown: int
    pool_vouched: int
    submitted: int
    imports: int
    deliveries: dict[str, int]


class Figures:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of(self, at: datetime) -> DayFigures:
        """Everything the overview shows, in one consistent view."""
        today = day_of(at)
        start = datetime.combine(today, time(), CHINA)
        end = start + timedelta(days=1)

        def in_day(
            column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
        ) -> ColumnElement[bool]:
            return (column >= start) & (column < end)

        arrived = in_day(InboxRow.arrived_at)
        waiting, since = self._waiting()
        visible = BatchRow.status == str(BatchStatus.VISIBLE)
        shown, vouched = self._shown(today)
        return DayFigures(
            messages=self._count(select(func.count()).where(arrived)),
            unanswered=self._count(select(func.count()).where(arrived, InboxRow.answered_at.is_(None))),
            followers=self._count(select(func.count()).where(FollowerRow.following.is_(True))),
            new_followers=self._count(select(func.count()).where(in_day(FollowerRow.first_seen_at))),
            misses=self._count(select(func.count()).where(in_day(MissRow.at), MissRow.chosen == "")),
            handoffs_waiting=waiting,
            handoffs_open=self._count(select(func.count()).where(HandoffRow.status.in_(_OPEN))),
            waiting_since=since,
            pool_shown=shown,
            pool_vouched=vouched,
            submitted=self._submitted(),
            imports=self._count(select(func.count()).where(visible, in_day(BatchRow.visible_at))),
            deliveries=self._deliveries(in_day(DeliveryRow.planned_at)),
        )

    def _waiting(self) -> tuple[int, datetime | None]:
        """(open requests where the follower spoke last, since when the longest of them waits)."""
        last = select(func.max(HandoffLineRow.id)).group_by(HandoffLineRow.handoff_id)
        rows = self.connection.execute(
            select(HandoffLineRow.at)
            .join(HandoffRow, HandoffRow.id == HandoffLineRow.handoff_id)
            .where(HandoffRow.status.in_(_OPEN), HandoffLineRow.by == "", HandoffLineRow.id.in_(last))
            .order_by(HandoffLineRow.at)
        ).all()
        return len(rows), rows[0].at if rows else None

    def _shown(self, on: date) -> tuple[int, int]:
        """(published and not yet ended, of these on somebody's word alone); demonstration rows count where they are."""
        newest = (
            select(func.max(ListingRow.id).label("id"))
            .join(BatchRow, BatchRow.id == ListingRow.batch_id)
            .where(
                BatchRow.status == str(BatchStatus.VISIBLE),
                ListingRow.status.in_([str(status) for status in ListingStatus.decided()]),
            )
            .group_by(ListingRow.number)
            .subquery()
        )
        row = self.connection.execute(
            select(
                func.count().label("shown"),
                func.coalesce(func.sum(case((BatchRow.vouched_by != "", 1), else_=0)), 0).label("vouched"),
            )
            .select_from(ListingRow)
            .join(newest, newest.c.id == ListingRow.id)
            .join(BatchRow, BatchRow.id == ListingRow.batch_id)
            .where(
                ListingRow.status.in_([str(status) for status in ListingStatus.on_show()]),
                ListingRow.license_ends_on >= on,
            )
        ).one()
        return row.shown, row.vouched

    def _submitted(self) -> int:
        """Patents whose newest version waits for verification."""
        newest = (
            select(func.max(ListingRow.id).label("id"))
            .join(BatchRow, BatchRow.id == ListingRow.batch_id)
            .where(BatchRow.status == str(BatchStatus.VISIBLE))
            .group_by(ListingRow.number)
            .subquery()
        )
        return self._count(
            select(func.count())
            .select_from(ListingRow)
            .join(newest, newest.c.id == ListingRow.id)
            .where(ListingRow.status == str(ListingStatus.SUBMITTED))
        )

    def _count(self, query: Select[int]) -> int:
        return self.connection.execute(query).scalar_one()

    def _deliveries(self, which: ColumnElement[bool]) -> dict[str, int]:
        """Of single notices; naming every status lets the index serve the question."""
        rows = self.connection.execute(
            select(DeliveryRow.status, func.count().label("times"))
            .where(DeliveryRow.status.in_(_STATUSES), DeliveryRow.campaign_id == 0, which)
            .group_by(DeliveryRow.status)
        )
        return {row.status: row.times for row in rows}
