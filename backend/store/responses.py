"""What recipients made of campaigns: who opened the page, who is interested in what, and how fast a campaign goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, literal, select, text, tuple_, update

from backend.domain.briefs import numbers_of
from backend.domain.deliveries import Delivery, DeliveryKind, DeliveryStatus
from backend.store.delivery_rows import COLUMNS, delivery_of
from backend.store.pages import Page, page_of
from backend.store.tables import (
    CampaignInterestRow,
    CampaignOpeningRow,
    CampaignPaceRow,
    CampaignTallyRow,
    CompanyRow,
    DeliveryRow,
    InboxRow,
)
from backend.store.tables.base import Instant

_OPEN = text(
    """
    INSERT INTO campaign_opening (campaign_id, openid, at) VALUES (:campaign_id, :openid, :at)
    ON CONFLICT (campaign_id, openid) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant))
_INTEREST = text(
    """
    INSERT INTO campaign_interest (campaign_id, openid, number, at) VALUES (:campaign_id, :openid, :number, :at)
    ON CONFLICT (campaign_id, openid, number) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant))
_PACE = text(
    """
    INSERT INTO campaign_pace (campaign_id, at, ended)
    SELECT campaign.id, :at, coalesce((SELECT sum(times) FROM campaign_tally WHERE campaign_id = campaign.id), 0)
    FROM campaign WHERE campaign.state = 'running' AND campaign.starts_at <= :at
    ON CONFLICT (campaign_id, at) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant))
_TOLD_NUMBERS = select(DeliveryRow.openid, DeliveryRow.fields).where(
    DeliveryRow.openid.in_(bindparam("openids", expanding=True)),
    DeliveryRow.kind == str(DeliveryKind.RECOMMENDATION),
    DeliveryRow.asked_at >= bindparam("since", type_=Instant),
)
MOST_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Interest:
    """`company` is the name of the follower's own, empty where they gave none."""

    openid: str
    number: str
    at: datetime
    company_id: int | None
    company: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One recipient as staff see them: no words, only how it stands."""

    id: int
    openid: str
    channel: str
    status: str
    reason: str
    attempts: int
    due_at: datetime
    settled_at: datetime | None
    opened_at: datetime | None


class Responses:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def told(self, openid: str, campaign_id: int) -> Delivery | None:
        """The follower's delivery of the campaign; None where it was not meant for them."""
        row = self.connection.execute(
            select(*COLUMNS).where(DeliveryRow.openid == openid, DeliveryRow.notice_key == f"campaign:{campaign_id}")
        ).first()
        return delivery_of(row) if row else None

    def last_told(self, openid: str, *, since: datetime, limit: int = 20) -> list[Delivery]:
        """Recommendations that went to the follower since then, the newest first."""
        rows = self.connection.execute(
            select(*COLUMNS)
            .where(
                DeliveryRow.openid == openid,
                DeliveryRow.kind == str(DeliveryKind.RECOMMENDATION),
                DeliveryRow.campaign_id > 0,
                DeliveryRow.asked_at >= since,
            )
            .order_by(DeliveryRow.id.desc())
            .limit(limit)
        )
        told = [delivery_of(row) for row in rows]
        return [held for held in told if held.status in {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}]

    def wrote_after(self, openid: str, delivery_id: int) -> bool:
        """Whether the follower wrote, and was answered, after this was sent to them."""
        asked = select(DeliveryRow.asked_at).where(DeliveryRow.id == delivery_id).scalar_subquery()
        later = (InboxRow.openid == openid, InboxRow.answered_at.is_not(None), InboxRow.arrived_at > asked)
        return self.connection.execute(select(InboxRow.id).where(*later).limit(1)).first() is not None

    def told_numbers(self, openids: Sequence[str], *, since: datetime) -> dict[str, set[str]]:
        """The patents that campaigns showed each of these since then."""
        rows = self.connection.execute(_TOLD_NUMBERS, {"openids": openids, "since": since})
        held: dict[str, set[str]] = {}
        for row in rows:
            held.setdefault(row.openid, set()).update(numbers_of(row.fields or {}))
        return held

    def open(self, openid: str, campaign_id: int, *, at: datetime) -> None:
        """The first time counts."""
        self.connection.execute(_OPEN, {"campaign_id": campaign_id, "openid": openid, "at": at})

    def interested(self, openid: str, campaign_id: int, number: str, *, at: datetime) -> bool:
        """True the first time."""
        values = {"campaign_id": campaign_id, "openid": openid, "number": number, "at": at}
        return self.connection.execute(_INTEREST, values).rowcount == 1

    def untold(self, *, limit: int) -> list[str]:
        """Patents that somebody is interested in and whose holders have not heard."""
        which = text("SELECT DISTINCT number FROM campaign_interest WHERE told_at IS NULL AND number != '' LIMIT :most")
        return list(self.connection.execute(which, {"most": limit}).scalars())

    def holders_told(self, numbers: Sequence[str], *, at: datetime) -> None:
        which = (CampaignInterestRow.number.in_(numbers), CampaignInterestRow.told_at.is_(None))
        self.connection.execute(update(CampaignInterestRow).where(*which).values(told_at=at))

    def interests_of(self, openid: str, campaign_id: int) -> frozenset[str]:
        rows = self.connection.execute(
            select(CampaignInterestRow.number).where(
                CampaignInterestRow.openid == openid, CampaignInterestRow.campaign_id == campaign_id
            )
        )
        return frozenset(rows.scalars())

    # as staff see a campaign

    def openings(self, campaign_id: int) -> int:
        query = select(func.count()).select_from(CampaignOpeningRow)
        return self.connection.execute(query.where(CampaignOpeningRow.campaign_id == campaign_id)).scalar_one()

    def interests(self, campaign_id: int, limit: int = 200) -> tuple[int, list[Interest]]:
        """How many, and the newest."""
        total = self.connection.execute(
            select(func.count()).select_from(CampaignInterestRow).where(CampaignInterestRow.campaign_id == campaign_id)
        ).scalar_one()
        rows = self.connection.execute(
            select(
                CampaignInterestRow.openid,
                CampaignInterestRow.number,
                CampaignInterestRow.at,
                CompanyRow.id,
                CompanyRow.name,
            )
            .outerjoin(CompanyRow, CompanyRow.openid == CampaignInterestRow.openid)
            .where(CampaignInterestRow.campaign_id == campaign_id)
            .order_by(CampaignInterestRow.at.desc(), CampaignInterestRow.openid)
            .limit(limit)
        )
        return total, [Interest(row.openid, row.number, row.at, row.id, row.name or "") for row in rows]

    def belongs(self, delivery_id: int, campaign_id: int) -> bool:
        """Whether this delivery is one of the campaign's."""
        which = (DeliveryRow.id == delivery_id, DeliveryRow.campaign_id == campaign_id)
        return self.connection.execute(select(DeliveryRow.id).where(*which)).first() is not None

    def kept(self, campaign_id: int) -> int:
        """How many wait for their visit."""
        which = text(
            "SELECT count(*) FROM delivery WHERE campaign_id = :id "
            "AND status = 'planned' AND channel = 'next_visit' AND campaign_id != 0"
        )
        return int(self.connection.execute(which, {"id": campaign_id}).scalar_one())

    def recipients(self, campaign_id: int, statuses: Sequence[DeliveryStatus], *, page: int = 1) -> Page[Taken]:
        """Of these statuses, the newest first; no more than ten thousand are leafed through."""
        query = self._taken(campaign_id, statuses).order_by(DeliveryRow.planned_at.desc(), DeliveryRow.id.desc())
        return page_of(self.connection, query, page, lambda row: Taken(*row), most=MOST_LISTED)

    def everybody(
        self, campaign_id: int, status: DeliveryStatus, *, after: tuple[datetime, int] | None, limit: int
    ) -> list[tuple[datetime, Taken]]:
        """Of one status in steps, in the order of planning, for a file; with when each was planned."""
        query = self._taken(campaign_id, [status]).add_columns(DeliveryRow.planned_at)
        if after is not None:
            query = query.where(tuple_(DeliveryRow.planned_at, DeliveryRow.id) > tuple_(*_bound(after)))
        rows = self.connection.execute(query.order_by(DeliveryRow.planned_at, DeliveryRow.id).limit(limit))
        return [(row[-1], Taken(*row[:-1])) for row in rows]

    @staticmethod
    def _taken(campaign_id: int, statuses: Sequence[DeliveryStatus]) -> Select[*tuple[Any, ...]]:
        columns = [getattr(DeliveryRow, name) for name in Taken.__slots__ if name != "opened_at"]
        opened = (CampaignOpeningRow.campaign_id == DeliveryRow.campaign_id) & (
            CampaignOpeningRow.openid == DeliveryRow.openid
        )
        return (
            select(*columns, CampaignOpeningRow.at)
            .outerjoin(CampaignOpeningRow, opened)
            .where(DeliveryRow.status.in_([str(status) for status in statuses]), DeliveryRow.campaign_id == campaign_id)
        )

    # how fast

    def note_pace(self, *, at: datetime, keep_from: datetime) -> None:
        """How far every running campaign is; older notes go."""
        self.connection.execute(_PACE, {"at": at})
        self.connection.execute(delete(CampaignPaceRow).where(CampaignPaceRow.at < keep_from))

    def per_minute(self, campaign_id: int, *, since: datetime, at: datetime) -> float | None:
        """Recipients that ended a minute since then; None where too little is known."""
        first = self.connection.execute(
            select(CampaignPaceRow.at, CampaignPaceRow.ended)
            .where(CampaignPaceRow.campaign_id == campaign_id, CampaignPaceRow.at >= since, CampaignPaceRow.at < at)
            .order_by(CampaignPaceRow.at)
            .limit(1)
        ).first()
        if first is None:
            return None
        ended = self.connection.execute(
            select(func.coalesce(func.sum(CampaignTallyRow.times), 0)).where(
                CampaignTallyRow.campaign_id == campaign_id
            )
        ).scalar_one()
        minutes = (at - first.at).total_seconds() / 60
        return (ended - first.ended) / minutes if minutes > 0 else None


def _bound(after: tuple[datetime, int]) -> tuple[Any, Any]:
    return literal(after[0], Instant), literal(after[1])
