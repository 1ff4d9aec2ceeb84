"""Campaigns: staged in batches that nobody sees, made to run by one flip, and held, resumed or called off by another.

Recipients are rows of the ledger; whether they may go out is read off the campaign when their turn comes, so that neither
a pause nor an end has to touch a million rows before it counts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update

from backend.domain.deliveries import (
    MANNERS,
    Campaign,
    CampaignState,
    DeliveryKind,
    DeliveryStatus,
    Notice,
    Recipient,
)
from backend.domain.errors import AssistantError
from backend.domain.reply import Reply
from backend.store.deliveries import Deliveries
from backend.store.delivery_rows import NOT_OUT, dump_notice, load_notice
from backend.store.tables import CampaignRow, CampaignTallyRow, DeliveryRow
from backend.store.tables.base import Instant

# One statement for a batch: the recipients travel as one JSON text, which both databases take apart themselves.
_COLUMNS = """
    INSERT INTO delivery (openid, notice_key, campaign_id, kind, rank, channel, status, fields, text_version,
                          business_number, tried, reason, attempts, platform_id, planned_at, due_at, lease_by)
    SELECT {openid}, :notice_key, :campaign_id, :kind, :rank, 'open', 'planned', {fields}, :text_version,
           '', '', '', 0, '', :at, :starts_at, ''
    FROM {rows} WHERE true ON CONFLICT (openid, notice_key) DO NOTHING
"""
_STAGE = {
    "sqlite": _COLUMNS.format(
        openid="json_extract(value, '$[0]')", fields="json_extract(value, '$[1]')", rows="json_each(:rows)"
    ),
    "postgresql": _COLUMNS.format(
        openid="value ->> 0",
        fields="NULLIF(value ->> 1, '')::json",
        rows="json_array_elements(CAST(:rows AS json)) AS value",
    ),
}


class CampaignNotFound(AssistantError):
    code = "campaign.not_found"


class CampaignElsewhere(AssistantError):
    """It is not in a state from which this can be done; `state` says in which it is."""

    code = "campaign.elsewhere"


def _campaign(row: Row[Any]) -> Campaign:
    same = {name: getattr(row, name) for name in SAME}
    return Campaign(
        kind=DeliveryKind(row.kind),
        state=CampaignState(row.state),
        text=Reply.load(row.text),
        notice=load_notice(row.notice),
        **same,
    )


SAME = ("id", "name", "text_version", "starts_at", "expires_at", "per_minute", "planned")
_ALL = select(*CampaignRow.__table__.columns)
_SOME = _ALL.where(CampaignRow.id.in_(bindparam("ids", expanding=True)))


class Campaigns:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def create(
        self,
        *,
        kind: DeliveryKind,
        name: str,
        text: Reply,
        starts_at: datetime,
        expires_at: datetime,
        by: str,
        at: datetime,
        notice: Notice | None = None,
        text_version: str = "",
        per_minute: int = 0,
    ) -> int:
        """A campaign that is being staged; its id."""
        values = {
            "kind": str(kind),
            "state": str(CampaignState.STAGING),
            "name": name[:200],
            "text": text.dump(),
            "notice": dump_notice(notice),
            "text_version": text_version,
            "starts_at": starts_at,
            "expires_at": expires_at,
            "per_minute": per_minute,
            "created_by": by,
            "created_at": at,
        }
        return self.connection.execute(insert(CampaignRow).returning(CampaignRow.id), values).scalar_one()

    def get(self, campaign_id: int) -> Campaign:
        """Raises CampaignNotFound."""
        row = self.connection.execute(_ALL.where(CampaignRow.id == campaign_id)).first()
        if row is None:
            raise CampaignNotFound(id=campaign_id)
        return _campaign(row)

    def some(self, ids: Collection[int]) -> dict[int, Campaign]:
        rows = self.connection.execute(_SOME, {"ids": list(ids)}) if ids else ()
        return {row.id: _campaign(row) for row in rows}

    def stage(self, campaign_id: int, recipients: Sequence[Recipient], *, at: datetime) -> int:
        """Write a batch of recipients down; how many are new. A recipient named twice is one; nobody sees them yet.

        A thousand at a time keep the writer for a few hundredths of a second. Raises CampaignElsewhere once it runs.
        """
        held = self._hold(campaign_id, {CampaignState.STAGING})
        statement = text(_STAGE[self.connection.dialect.name]).bindparams(
            bindparam("at", type_=Instant), bindparam("starts_at", type_=Instant)
        )
        rows = [[one.openid, json.dumps(one.values, ensure_ascii=False) if one.values else None] for one in recipients]
        staged = self.connection.execute(
            statement,
            {
                "rows": json.dumps(rows, ensure_ascii=False),
                "notice_key": f"campaign:{campaign_id}",
                "campaign_id": campaign_id,
                "kind": str(held.kind),
                "rank": MANNERS[held.kind].rank,
                "text_version": held.text_version,
                "at": at,
                "starts_at": held.starts_at,
            },
        ).rowcount
        more = {"planned": CampaignRow.planned + staged}
        self.connection.execute(update(CampaignRow).where(CampaignRow.id == campaign_id).values(more))
        return staged

    def survey(self) -> None:
        """PostgreSQL learns of very many new recipients at once, and not at its own next round: until then it reads the
        whole ledger for the few rows of each wave."""
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(text("ANALYZE delivery"))

    def start(self, campaign_id: int) -> None:
        """The flip: everybody staged is on their way, from `starts_at` on. Raises CampaignElsewhere."""
        self._move(campaign_id, {CampaignState.STAGING}, CampaignState.RUNNING)

    def pause(self, campaign_id: int) -> None:
        """Nobody else is asked for; what is in flight arrives. Raises CampaignElsewhere."""
        self._move(campaign_id, {CampaignState.RUNNING}, CampaignState.PAUSED)

    def resume(self, campaign_id: int) -> None:
        """Raises CampaignElsewhere."""
        self._move(campaign_id, {CampaignState.PAUSED}, CampaignState.RUNNING)

    def cancel(self, campaign_id: int) -> None:
        """Nobody who was not reached is reached any more. Raises CampaignElsewhere where it is over."""
        self._move(campaign_id, set(CampaignState) - CampaignState.over(), CampaignState.CANCELLED)

    def throttle(self, campaign_id: int, per_minute: int) -> None:
        """At most so many a minute from now on; 0 is as fast as the platform takes them."""
        self._hold(campaign_id, set(CampaignState) - CampaignState.over())
        new = {"per_minute": per_minute}
        self.connection.execute(update(CampaignRow).where(CampaignRow.id == campaign_id).values(new))

    def counts(self, campaign_id: int) -> dict[DeliveryStatus, int]:
        """How its recipients stand; PLANNED is everybody whose end is not known, those just being asked included."""
        rows = self.connection.execute(
            select(CampaignTallyRow.status, CampaignTallyRow.times).where(CampaignTallyRow.campaign_id == campaign_id)
        )
        counts = {DeliveryStatus(row.status): row.times for row in rows if row.times}
        return counts | {DeliveryStatus.PLANNED: self.get(campaign_id).planned - sum(counts.values())}

    def close(self, *, at: datetime, limit: int) -> int:
        """What follows from a campaign's end, a step at a time; how many rows this step moved.

        One past its time expires, one that reached everybody is done; of one that is over, recipients it did not reach
        are suppressed, or expired. What waits for a visit may wait on until the campaign expires.
        """
        running = (
            CampaignRow.state.in_([str(CampaignState.RUNNING), str(CampaignState.PAUSED)]),
            CampaignRow.expires_at <= at,
        )
        self.connection.execute(update(CampaignRow).where(*running).values(state=str(CampaignState.EXPIRED)))
        for campaign_id in self._ids(CampaignState.RUNNING):
            if not self._unreached(campaign_id):
                self._move(campaign_id, {CampaignState.RUNNING}, CampaignState.DONE)
        moved = 0
        for state, status in (
            (CampaignState.CANCELLED, DeliveryStatus.SUPPRESSED),
            (CampaignState.EXPIRED, DeliveryStatus.EXPIRED),
        ):
            for campaign_id in self._ids(state, cleared=False):
                ids = (
                    self.connection.execute(
                        select(DeliveryRow.id)
                        .where(DeliveryRow.status.in_(NOT_OUT), DeliveryRow.campaign_id == campaign_id)
                        .limit(limit - moved)
                    )
                    .scalars()
                    .all()
                )
                Deliveries(self.connection).end(ids, status, at=at, reason=str(state))
                moved += len(ids)
                if moved >= limit:
                    return moved
                self.connection.execute(update(CampaignRow).where(CampaignRow.id == campaign_id).values(cleared=True))
        return moved

    def _ids(self, state: CampaignState, **more: bool) -> Sequence[int]:
        which = select(CampaignRow.id).where(CampaignRow.state == str(state)).filter_by(**more)
        return self.connection.execute(which.order_by(CampaignRow.id)).scalars().all()

    def _unreached(self, campaign_id: int) -> bool:
        waiting = text(
            "SELECT 1 FROM delivery WHERE campaign_id = :id AND status = 'planned' AND channel != 'next_visit' LIMIT 1"
        )
        busy = text("SELECT 1 FROM delivery WHERE campaign_id = :id AND status IN ('claimed', 'asking') LIMIT 1")
        return any(self.connection.execute(which, {"id": campaign_id}).first() for which in (waiting, busy))

    def _hold(self, campaign_id: int, states: Collection[CampaignState]) -> Campaign:
        row = self.connection.execute(_ALL.where(CampaignRow.id == campaign_id).with_for_update()).first()
        if row is None:
            raise CampaignNotFound(id=campaign_id)
        held = _campaign(row)
        if held.state not in states:
            raise CampaignElsewhere(state=held.state)
        return held

    def _move(self, campaign_id: int, before: Collection[CampaignState], after: CampaignState) -> None:
        self._hold(campaign_id, before)
        self.connection.execute(update(CampaignRow).where(CampaignRow.id == campaign_id).values(state=str(after)))
