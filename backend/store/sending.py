"""Whose turn it is, and what became of it. One conditional UPDATE decides who may send a row; a lease says for how long.

On PostgreSQL locks are taken in one order: followers, then deliveries, then what all share. Claiming takes deliveries only,
and skips those that somebody else holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, text, update

from backend.domain.deliveries import (
    MANNERS,
    RANKS,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
)
from backend.store.among import among
from backend.store.deliveries import Deliveries
from backend.store.delivery_rows import COLUMNS, LONGEST_REASON, STATUS, delivery_of, dump_tried
from backend.store.tables import CampaignRow, DeliveryRow
from backend.store.tables.base import Instant

CLAIM_LEASE = timedelta(seconds=15)
LEASE = timedelta(seconds=25)  # of a call: longer than it can take with a new token, shorter than resuming may
_MOMENTS = (bindparam("at", type_=Instant), bindparam("until", type_=Instant))
# The condition of the index stands here letter by letter, or neither database would use it.
_CLAIM = """
    UPDATE delivery SET status = 'claimed', lease_by = :me, lease_until = :until
    WHERE id IN (SELECT id FROM delivery
                 WHERE campaign_id = :campaign_id AND rank = :rank AND status = 'planned' AND channel != 'next_visit'
                       AND due_at <= :at
                 ORDER BY due_at, id LIMIT :limit {skip})
    RETURNING id
"""
_CLAIMS = {
    name: text(_CLAIM.format(skip=skip)).bindparams(*_MOMENTS).columns(DeliveryRow.id)
    for name, skip in (("sqlite", ""), ("postgresql", "FOR UPDATE SKIP LOCKED"))
}
_SENT = text(
    """
    UPDATE delivery SET status = 'sent', platform_id = :platform_id, settled_at = :at, reason = '', lease_until = NULL
    WHERE id = :id_ AND status = 'asking' AND lease_by = :me
    """
).bindparams(bindparam("at", type_=Instant))
REPEATED = tuple(str(kind) for kind, manners in MANNERS.items() if manners.repeats)
_RUNNING = text(
    """
    SELECT id, kind, per_minute, minute, minute_used FROM campaign
    WHERE state = 'running' AND starts_at <= :at AND expires_at > :at ORDER BY id
    """
).bindparams(bindparam("at", type_=Instant))


# Put together once: building a statement costs more than running it.
_IDS = among(DeliveryRow.id, "ids")
_ROWS = select(*COLUMNS).where(_IDS)
_STILL_MINE = (
    select(DeliveryRow.id)
    .where(
        _IDS,
        STATUS.in_([str(DeliveryStatus.CLAIMED)]),
        DeliveryRow.lease_by == bindparam("me"),
        DeliveryRow.lease_until > bindparam("at"),
    )
    .order_by(DeliveryRow.id)
    .with_for_update()
)
_ASKED_BY = (
    select(DeliveryRow.id)
    .where(_IDS, STATUS.in_([str(DeliveryStatus.ASKING)]), DeliveryRow.lease_by == bindparam("me"))
    .order_by(DeliveryRow.id)
    .with_for_update()
)
_RECOMMENDED = (
    select(DeliveryRow.openid, func.max(DeliveryRow.asked_at).label("asked_at"))
    .where(
        among(DeliveryRow.openid, "openids"),
        DeliveryRow.kind == str(DeliveryKind.RECOMMENDATION),
        DeliveryRow.asked_at >= bindparam("at"),
        STATUS.in_(["asking", "sent", "unknown"]),
    )
    .group_by(DeliveryRow.openid)
)
_ASK = (
    update(DeliveryRow)
    .where(_IDS)
    .values(
        status=str(DeliveryStatus.ASKING),
        channel=bindparam("to"),
        attempts=DeliveryRow.attempts + 1,
        asked_at=bindparam("at"),
        lease_until=bindparam("until"),
    )
)
_FINISH = (
    update(DeliveryRow)
    .where(_IDS)
    .values(status=bindparam("ended"), reason=bindparam("why"), settled_at=bindparam("at"), lease_until=None)
)


class Sending:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.ledger = Deliveries(connection)

    # whose turn it is

    def claim(self, *, me: str, at: datetime, limit: int, calm: bool = False) -> list[Delivery]:
        """Up to so many rows that are now `me`'s until the lease ends, in the order in which they are to go.

        Answers and legal notices first, then service, then campaigns and what comes unasked. With `calm` the kinds that
        wait out the quiet hours are left alone.
        """
        ids: list[int] = []
        for rank in RANKS[:-1]:
            ids += self._lane(0, rank, me=me, at=at, limit=limit - len(ids))
        for row in self.connection.execute(_RUNNING, {"at": at}).all():
            manners = MANNERS[DeliveryKind(row.kind)]
            if limit > len(ids) and not (calm and manners.quiet):
                ids += self._of_campaign(row, manners.rank, me=me, at=at, limit=limit - len(ids))
        if not calm:
            ids += self._lane(0, RANKS[-1], me=me, at=at, limit=limit - len(ids))
        rows = {row.id: row for row in self.connection.execute(_ROWS, {"ids": ids})} if ids else {}
        return [delivery_of(rows[delivery_id]) for delivery_id in ids]

    def _lane(self, campaign_id: int, rank: int, *, me: str, at: datetime, limit: int) -> list[int]:
        if limit <= 0:
            return []
        values = {
            "campaign_id": campaign_id,
            "rank": rank,
            "me": me,
            "at": at,
            "until": at + CLAIM_LEASE,
            "limit": limit,
        }
        claimed = self.connection.execute(_CLAIMS[self.connection.dialect.name], values)
        return sorted(claimed.scalars().all())

    def _of_campaign(self, row: Any, rank: int, *, me: str, at: datetime, limit: int) -> list[int]:
        """No more of a throttled campaign than this minute has left."""
        if not row.per_minute:
            return self._lane(row.id, rank, me=me, at=at, limit=limit)
        held = self.connection.execute(
            select(CampaignRow.minute, CampaignRow.minute_used).where(CampaignRow.id == row.id).with_for_update()
        ).one()
        minute = int(at.timestamp() // 60)
        used = held.minute_used if held.minute >= minute else 0  # a clock put back opens no second minute
        ids = self._lane(row.id, rank, me=me, at=at, limit=min(limit, row.per_minute - used))
        if ids:
            new = {"minute": max(minute, held.minute), "minute_used": used + len(ids)}
            self.connection.execute(update(CampaignRow).where(CampaignRow.id == row.id).values(new))
        return ids

    def still_mine(self, ids: Sequence[int], *, me: str, at: datetime) -> set[int]:
        """Those that nobody took away or called off since they were claimed; locked."""
        return set(self.connection.execute(_STILL_MINE, {"ids": ids, "me": me, "at": at}).scalars())

    def gentle_since(self, openids: Sequence[str], *, at: datetime) -> dict[str, datetime]:
        """When each of these was last sent a recommendation, if since then."""
        rows = self.connection.execute(_RECOMMENDED, {"openids": openids, "at": at})
        return {row.openid: row.asked_at for row in rows}

    # asking, and what came of it

    def ask(self, ids: Sequence[int], channel: Channel, *, at: datetime) -> None:
        """The platform is about to be asked for these in this channel. Commit before asking."""
        self.connection.execute(_ASK, {"ids": ids, "to": str(channel), "at": at, "until": at + LEASE})

    def sent(self, platform_ids: Mapping[int, str], *, me: str, at: datetime) -> None:
        """The platform took them. One whose result arrived sooner than this keeps it."""
        rows = [
            {"id_": number, "platform_id": name, "me": me, "at": at} for number, name in sorted(platform_ids.items())
        ]
        if rows:
            self.connection.execute(_SENT, rows)

    def asked_by(self, ids: Sequence[int], *, me: str) -> set[int]:
        """Those whose call is still without an outcome; locked."""
        return set(self.connection.execute(_ASKED_BY, {"ids": ids, "me": me}).scalars())

    def again(
        self, delivery: Delivery, *, due_at: datetime, reason: str, tried: frozenset[Channel] = frozenset()
    ) -> None:
        """Back into the queue: later, or at once by another channel than those that were tried."""
        self._set(
            [delivery.id],
            status=str(DeliveryStatus.PLANNED),
            channel=str(Channel.OPEN),
            due_at=due_at,
            reason=reason[:LONGEST_REASON],
            tried=dump_tried(delivery.tried | tried),
            lease_until=None,
        )

    def keep(self, delivery: Delivery, *, reason: str, expires_at: datetime | None) -> None:
        """It waits for the follower's next visit, worded as it is now."""
        self._set(
            [delivery.id],
            status=str(DeliveryStatus.PLANNED),
            channel=str(Channel.NEXT_VISIT),
            reply=delivery.reply.dump(),
            reason=reason[:LONGEST_REASON],
            expires_at=expires_at,
            lease_until=None,
        )
        self.ledger.count_kept([delivery.openid], 1)

    def finish(self, ended: Mapping[int, tuple[int, DeliveryStatus, str]], *, at: datetime) -> None:
        """id → (campaign, how it ended, why)."""
        groups: dict[tuple[DeliveryStatus, str], list[int]] = {}
        for number, (_, status, reason) in ended.items():
            groups.setdefault((status, reason), []).append(number)
        for (status, reason), ids in groups.items():
            values = {"ids": ids, "ended": str(status), "why": reason[:LONGEST_REASON], "at": at}
            self.connection.execute(_FINISH, values)
        self.ledger.tally(Counter((campaign, str(status)) for campaign, status, _ in ended.values()))

    def _set(self, ids: Sequence[int], **values: Any) -> None:
        if ids:
            self.connection.execute(update(DeliveryRow).where(DeliveryRow.id.in_(ids)).values(**values))

    # whose worker died

    def release(self, *, at: datetime, limit: int) -> int:
        """Claimed by a worker that died before it asked: anybody's again; how many."""
        lost = self._lapsed(DeliveryStatus.CLAIMED, at=at, limit=limit)
        self._set(lost, status=str(DeliveryStatus.PLANNED), lease_until=None)
        return len(lost)

    def unanswered(self, *, at: datetime, limit: int) -> int:
        """Calls whose worker died in mid-air: nobody knows what the platform did. Legal notices are asked for again under
        the same number, everything else is `unknown` and never repeated; how many."""
        lost = self._lapsed(DeliveryStatus.ASKING, at=at, limit=limit)
        if not lost:
            return 0
        repeated = DeliveryRow.kind.in_(REPEATED)
        rows = self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(lost))
            .values(
                status=case((repeated, str(DeliveryStatus.PLANNED)), else_=str(DeliveryStatus.UNKNOWN)),
                channel=case((repeated, str(Channel.OPEN)), else_=DeliveryRow.channel),
                settled_at=case((repeated, None), else_=at),
                reason="worker_died",
                lease_until=None,
            )
            .returning(DeliveryRow.campaign_id, DeliveryRow.status)
        ).all()
        unknown = str(DeliveryStatus.UNKNOWN)
        self.ledger.tally(Counter((row.campaign_id, unknown) for row in rows if row.status == unknown))
        return len(lost)

    def _lapsed(self, status: DeliveryStatus, *, at: datetime, limit: int) -> list[int]:
        rows = self.connection.execute(
            select(DeliveryRow.id)
            .where(text("lease_until IS NOT NULL"), DeliveryRow.lease_until < at, DeliveryRow.status == str(status))
            .order_by(DeliveryRow.lease_until)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(rows.scalars())
