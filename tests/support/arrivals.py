"""Followers and their messages as rows, for tests that begin below the webhook."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from backend.domain.clock import CHINA, SetClock
from backend.domain.deeds import Deed, Unfollowed
from backend.domain.deliveries import Channel, Delivery, DeliveryKind, Notice
from backend.domain.inbox import MESSAGE_WINDOW, Arrival, FollowerState, Way, Window
from backend.domain.reply import Reply
from backend.services.inbox import answer_arrival, record_arrival
from backend.store.database import Database
from backend.store.tables import DeliveryRow
from backend.store.unit_of_work import UnitOfWork

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=CHINA)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def noon() -> SetClock:
    return SetClock(NOON)


def arrive(
    uow: UnitOfWork,
    key: str = "m:ming:1",
    openid: str = "ming",
    *,
    at: datetime = NOON,
    window: Window | None = MESSAGE_WINDOW,
    following: bool | None = True,
    by: str = "me",
    text: str = "你好",
) -> tuple[Arrival, FollowerState | None]:
    """One post of one message."""
    incoming = {"kind": "text", "openid": openid, "key": key, "text": text}
    return record_arrival(
        uow, key=key, openid=openid, incoming=incoming, following=following, window=window, at=at, by=by
    )


def visit(
    database: Database, openid: str = "ming", *, at: datetime = NOON, window: Window | None = MESSAGE_WINDOW
) -> Arrival:
    """A follower writes once and thereby opens a window."""
    with database.write() as uow:
        arrival, _ = arrive(uow, f"m:{openid}:{at.isoformat()}", openid, at=at, window=window)
        return arrival


def answer(
    uow: UnitOfWork,
    arrival: Arrival,
    text: str = "好",
    *deeds: Deed,
    at: datetime = NOON,
    kept: int = 0,
    state: dict[str, Any] | None = None,
    otherwise: str = "",
) -> tuple[Way, Reply]:
    """Answer it; what was kept goes before, divided by bars."""

    def with_kept(waited: list[Reply], now: Reply, left: dict[str, Any]) -> tuple[Reply, dict[str, Any]]:
        return Reply.of("|".join([*(held.text for held in waited), now.text])), left

    instead: tuple[Reply, dict[str, Any]] | None = (Reply.of(otherwise), {}) if otherwise else None
    return answer_arrival(
        uow, arrival, Reply.of(text), state or {}, deeds, at=at, kept=kept, with_kept=with_kept, otherwise=instead
    )


def leave(database: Database, openid: str = "ming", *, at: datetime = NOON) -> None:
    """The follower unfollows."""
    with database.write() as uow:
        arrival, _ = arrive(uow, f"e:{openid}:left", openid, at=at, window=None, following=False)
        answer(uow, arrival, "", Unfollowed(), at=at)


def plan(
    database: Database,
    openid: str = "ming",
    notice_key: str = "n:1",
    *,
    at: datetime = NOON,
    channel: Channel = Channel.OPEN,
    kind: DeliveryKind = DeliveryKind.LATE_ANSWER,
    notice: Notice | None = None,
    expires_at: datetime | None = None,
    text: str = "",
) -> bool:
    """Plan one message; its text is its notice key unless given."""
    with database.write() as uow:
        return uow.deliveries.plan(
            openid=openid,
            notice_key=notice_key,
            channel=channel,
            kind=kind,
            notice=notice,
            reply=Reply.of(text or notice_key),
            at=at,
            expires_at=expires_at,
        )


def ledger(database: Database) -> dict[str, Delivery]:
    """Every delivery by its notice key."""
    with database.read() as uow:
        ids = uow.connection.execute(DeliveryRow.__table__.select().with_only_columns(DeliveryRow.id)).scalars().all()
        rows = [uow.deliveries.get(delivery_id) for delivery_id in ids]
    return {row.notice_key: row for row in rows}


def follower(database: Database, openid: str = "ming") -> FollowerState:
    with database.read() as uow:
        return uow.inbox.follower(openid)
