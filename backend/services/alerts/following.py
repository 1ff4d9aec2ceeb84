"""Favourites of those who agreed to alerts: a change of price or standing is told at once, though never in the quiet hours."""

from __future__ import annotations

from datetime import datetime

from backend.domain.deliveries import Channel, DeliveryKind
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.domain.saved_queries import PURPOSE, Change, not_before_morning
from backend.services.alerts.words import fee_words, official
from backend.store.database import Database
from backend.store.listings import Shelved
from backend.store.unit_of_work import UnitOfWork

CHUNK = 200


def tell_followers(
    database: Database,
    wording: Wording,
    change: Change,
    *,
    number: str,
    before: Shelved | None,
    now: Shelved | None,
    at: datetime,
) -> int:
    """Plan one notice for each who keeps the patent and agreed to be told; how many were planned."""
    shown = now or before
    if shown is None:
        return 0
    text = wording.words(
        f"alert.followed.{change}",
        title=shown.listing.title,
        number=official(number),
        fee=fee_words(wording, shown.listing.fee),
        was=fee_words(wording, before.listing.fee) if before else "",
        standing=shown.listing.standing,
    )
    key = f"followed:{number}:{now.version if now else f'{shown.version}.gone'}:{change}"
    planned, after = 0, ""
    while True:
        with database.write() as uow:
            to = uow.favourites.followers_of(number, PURPOSE, after=after, limit=CHUNK)
            planned += sum(keep_for_visit(uow, openid, key, text, at=at, kind=DeliveryKind.DIGEST) for openid in to)
        if len(to) < CHUNK:
            return planned
        after = to[-1]


def keep_for_visit(
    uow: UnitOfWork,
    openid: str,
    key: str,
    text: str,
    *,
    at: datetime,
    kind: DeliveryKind = DeliveryKind.SERVICE_NOTICE,
) -> bool:
    """Plan the notice for the follower's next visit; due when the quiet hours end. False where it was planned before, or
    where they left."""
    if not uow.followers.is_following(openid):
        return False
    planned = uow.deliveries.plan(
        openid=openid,
        notice_key=key,
        channel=Channel.NEXT_VISIT,
        kind=kind,
        reply=Reply.of(text),
        at=at,
        due_at=not_before_morning(at),
    )
    if planned:
        uow.followers.count_kept(openid, 1)
    return planned
