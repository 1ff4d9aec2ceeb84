"""The delivery ledger: planning, what waits for a visit, what is called off. Sending is `backend.store.sending`.

A row exists before anything is sent. Whoever changes how many rows wait for somebody's visit changes `follower.kept` in
the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Connection, String, bindparam, delete, or_, select, text, true, update

from backend.domain.deliveries import (
    MANNERS,
    CampaignState,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Notice,
)
from backend.domain.reply import Reply
from backend.store.among import among
from backend.store.delivery_rows import COLUMNS, LONGEST_REASON, NOT_OUT, STATUS, delivery_of, dump_notice
from backend.store.tables import CampaignRow, DeliveryRow, FollowerRow
from backend.store.tables.base import Instant

PLANNED = str(DeliveryStatus.PLANNED)
TOLD = tuple(str(status) for status in (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN, DeliveryStatus.ASKING))
_PLAN = text(
    """
    INSERT INTO delivery (openid, notice_key, campaign_id, kind, rank, channel, status, reply, notice, text_version,
                          business_number, tried, reason, attempts, platform_id, planned_at, due_at, expires_at, lease_by)
    VALUES (:openid, :notice_key, 0, :kind, :rank, :channel, 'planned', :reply, :notice, :text_version,
            :business_number, '', '', 0, '', :at, :due_at, :expires_at, '')
    ON CONFLICT (openid, notice_key) DO NOTHING
    """
).bindparams(
    bindparam("reply", type_=JSON),
    bindparam("notice", type_=JSON(none_as_null=True)),
    bindparam("at", type_=Instant),
    bindparam("due_at", type_=Instant),
    bindparam("expires_at", type_=Instant),
)
# One statement for many final rows of campaigns; on a clash of two workers the second adds to what the first wrote.
_TALLY = text(
    """
    INSERT INTO campaign_tally (campaign_id, status, times) VALUES (:campaign_id, :status, :times)
    ON CONFLICT (campaign_id, status) DO UPDATE SET times = campaign_tally.times + excluded.times
    """
)

_TOLD = select(DeliveryRow.openid, DeliveryRow.notice_key).where(among(DeliveryRow.openid, "owners"), STATUS.in_(TOLD))

_HOLD = (
    select(FollowerRow.openid)
    .where(among(FollowerRow.openid, "openids"))
    .order_by(FollowerRow.openid)
    .with_for_update()
)


class Deliveries:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def plan(
        self,
        *,
        openid: str,
        notice_key: str,
        reply: Reply,
        at: datetime,
        kind: DeliveryKind = DeliveryKind.SERVICE_NOTICE,
        notice: Notice | None = None,
        channel: Channel = Channel.OPEN,
        text_version: str = "",
        business_number: str = "",
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> bool:
        """Write one delivery down, to go out at once or from `due_at`; False where this notice was planned before.

        The channel is chosen when its turn comes: `notice` lets it go by template or subscription where no
        customer-service window is open; without one it waits for the next visit. What is not out at `expires_at` is
        not sent any more. With NEXT_VISIT it waits for the visit from the beginning.
        """
        planned = self.connection.execute(
            _PLAN,
            {
                "openid": openid,
                "notice_key": notice_key,
                "kind": str(kind),
                "rank": MANNERS[kind].rank,
                "channel": str(Channel.NEXT_VISIT if channel is Channel.NEXT_VISIT else Channel.OPEN),
                "reply": reply.dump(),
                "notice": dump_notice(notice),
                "text_version": text_version,
                "business_number": business_number,
                "at": at,
                "due_at": due_at or at,
                "expires_at": expires_at,
            },
        )
        return planned.rowcount == 1

    def get(self, delivery_id: int) -> Delivery:
        return delivery_of(self.connection.execute(select(*COLUMNS).where(DeliveryRow.id == delivery_id)).one())

    def known(self, openid: str, notice_key: str) -> bool:
        row = select(DeliveryRow.id).where(DeliveryRow.openid == openid, DeliveryRow.notice_key == notice_key)
        return self.connection.execute(row).first() is not None

    def id_of(self, openid: str, notice_key: str) -> int:
        """Of a notice that was planned."""
        row = select(DeliveryRow.id).where(DeliveryRow.openid == openid, DeliveryRow.notice_key == notice_key)
        return self.connection.execute(row).scalar_one()

    def told(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which of these (owner, notice key) went out, or may have."""
        if not pairs:
            return set()
        rows = self.connection.execute(_TOLD, {"owners": list({owner for owner, _ in pairs})})
        return {(row.openid, row.notice_key) for row in rows} & set(pairs)

    # waiting for a visit

    def kept_for(self, openid: str, *, at: datetime | None = None) -> list[Delivery]:
        """What waits for the follower's next visit and has not gone stale, oldest first."""
        over = select(CampaignRow.id).where(CampaignRow.state == str(CampaignState.CANCELLED))
        fresh = or_(DeliveryRow.expires_at.is_(None), DeliveryRow.expires_at > at) if at else true()
        rows = self.connection.execute(
            select(*COLUMNS)
            .where(
                DeliveryRow.openid == openid,
                DeliveryRow.channel == str(Channel.NEXT_VISIT),
                STATUS == PLANNED,
                DeliveryRow.campaign_id.not_in(over),
                fresh,
            )
            .order_by(DeliveryRow.id)
        )
        return [delivery_of(row) for row in rows]

    def unread(self, openid: str, *kinds: str) -> Sequence[int]:
        """Notices of these kinds (the part of their key before the colon) that are not out yet."""
        rows = self.connection.execute(
            select(DeliveryRow.id)
            .where(
                DeliveryRow.openid == openid,
                STATUS == PLANNED,
                or_(*(DeliveryRow.notice_key.startswith(f"{kind}:", autoescape=True) for kind in kinds)),
            )
            .order_by(DeliveryRow.id)
        )
        return rows.scalars().all()

    # ends

    def settle(self, delivery_id: int, status: DeliveryStatus, *, at: datetime, reason: str = "") -> None:
        """This is how it ended, whatever was known before."""
        before = self.connection.execute(
            select(DeliveryRow.campaign_id, DeliveryRow.status).where(DeliveryRow.id == delivery_id)
        ).one()
        self.connection.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id)
            .values(status=str(status), settled_at=at, reason=reason[:LONGEST_REASON], lease_until=None)
        )
        moved = Counter({(before.campaign_id, str(status)): int(status in DeliveryStatus.final())})
        if DeliveryStatus(before.status) in DeliveryStatus.final():
            moved[before.campaign_id, before.status] -= 1
        self.tally(moved)

    def tally(self, ended: Counter[tuple[int, str]]) -> None:
        """Keep count of how a campaign's recipients ended: (campaign, status) → how many more."""
        rows = [
            {"campaign_id": campaign_id, "status": status, "times": times}
            for (campaign_id, status), times in sorted(ended.items())
            if campaign_id and times
        ]
        if rows:
            self.connection.execute(_TALLY, rows)

    def suppress_for(
        self, openid: str, *, at: datetime, reason: str, kinds: Collection[DeliveryKind] | None = None
    ) -> None:
        """Nothing of these kinds, or of any, that is not out yet goes to this follower any more."""
        wanted = [DeliveryRow.openid == openid, STATUS.in_(NOT_OUT)]
        if kinds is not None:
            wanted.append(DeliveryRow.kind.in_([str(kind) for kind in kinds]))
        self.hold([openid])
        self._end(wanted, DeliveryStatus.SUPPRESSED, at=at, reason=reason)

    def call_off(self, openids: Collection[str], keys: str, *, at: datetime, reason: str) -> None:
        """Notices to these followers whose key begins so, as far as they are not out yet, do not go any more."""
        self.hold(openids)
        begins = DeliveryRow.notice_key.startswith(keys, autoescape=True)
        wanted: list[ColumnElement[bool]] = [DeliveryRow.openid.in_(list(openids)), STATUS.in_(NOT_OUT), begins]
        self._end(wanted, DeliveryStatus.SUPPRESSED, at=at, reason=reason)

    def out_at(self, openid: str, notice_key: str) -> datetime | None:
        """When this notice went out; None where it has not."""
        return self.connection.execute(
            select(DeliveryRow.settled_at).where(
                DeliveryRow.openid == openid,
                DeliveryRow.notice_key == notice_key,
                STATUS.in_([str(DeliveryStatus.SENT)]),
            )
        ).scalar_one_or_none()

    def expire(self, *, at: datetime, limit: int) -> int:
        """What has gone stale before it could go out; how many."""
        stale = (
            select(DeliveryRow.id)
            .where(
                DeliveryRow.expires_at <= at,
                text("expires_at IS NOT NULL AND settled_at IS NULL"),
                DeliveryRow.status == PLANNED,
            )
            .order_by(DeliveryRow.expires_at)
            .limit(limit)
        )
        ids = self.connection.execute(stale).scalars().all()
        self.end(ids, DeliveryStatus.EXPIRED, at=at, reason="stale")
        return len(ids)

    def end(self, ids: Sequence[int], status: DeliveryStatus, *, at: datetime, reason: str) -> None:
        """These, where they are not out yet."""
        if not ids:
            return
        waits = (DeliveryRow.id.in_(ids), DeliveryRow.channel == str(Channel.NEXT_VISIT))
        self.hold(self.connection.execute(select(DeliveryRow.openid).where(*waits)).scalars().all())
        self._end([DeliveryRow.id.in_(ids), STATUS.in_(NOT_OUT)], status, at=at, reason=reason)

    def hold(self, openids: Collection[str]) -> None:
        """Lock these followers before their deliveries, in one order, so that no two writers wait for each other."""
        if openids:
            self.connection.execute(_HOLD, {"openids": list(set(openids))})

    def _end(self, which: list[ColumnElement[bool]], status: DeliveryStatus, *, at: datetime, reason: str) -> None:
        rows = self.connection.execute(
            update(DeliveryRow)
            .where(*which)
            .values(status=str(status), settled_at=at, reason=reason[:LONGEST_REASON], lease_until=None)
            .returning(DeliveryRow.openid, DeliveryRow.channel, DeliveryRow.campaign_id)
        ).all()
        self.tally(Counter((row.campaign_id, str(status)) for row in rows))
        self.count_kept(Counter(row.openid for row in rows if row.channel == str(Channel.NEXT_VISIT)), -1)

    def count_kept(self, openids: Iterable[str] | Counter[str], sign: int) -> None:
        """So many more, or fewer, wait for these followers' visits; in one order, so that no two writers lock crosswise."""
        rows = [{"openid_": openid, "by": sign * times} for openid, times in sorted(Counter(openids).items())]
        if rows:
            self.connection.execute(_KEPT, rows)

    def unname(self, openid: str, key: str) -> None:
        """The follower is forgotten: what went out stays as proof under a keyed hash, without its words; the rest goes.

        A row that is there under the hash already is older proof of the same.
        """
        proven = select(DeliveryRow.notice_key).where(DeliveryRow.openid == key)
        self.connection.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.openid == openid,
                DeliveryRow.status.not_in([*NOT_OUT, str(DeliveryStatus.SUPPRESSED), str(DeliveryStatus.EXPIRED)]),
                DeliveryRow.notice_key.not_in(proven),
            )
            .values(openid=key, reply=None, notice=None, fields=None)
        )
        self.connection.execute(delete(DeliveryRow).where(DeliveryRow.openid == openid))


_KEPT = text("UPDATE follower SET kept = kept + :by WHERE openid = :openid_").bindparams(
    bindparam("openid_", type_=String)
)
