"""What a follower does with their saved queries. Each use case is one step of the transaction that answers them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from backend.domain.deliveries import DeliveryStatus
from backend.domain.needs import READER_PURPOSE
from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import MOST_SAVED, PURPOSE, Cadence
from backend.store.unit_of_work import UnitOfWork

UNASKED = ("digest", "followed", "need_match")  # kinds of notices that nobody waits for


def save(
    uow: UnitOfWork, openid: str, query: PatentQuery, cadence: Cadence, *, replaces: int = 0, at: datetime
) -> bool:
    """Keep the query, in place of one of theirs where it is named. False where they have as many as anybody may have."""
    if replaces:
        uow.saved_queries.change(openid, replaces, query)
        uow.alerts.drop_untold(openid, [replaces])
        return True
    if len(uow.saved_queries.of(openid)) >= MOST_SAVED and uow.saved_queries.known(openid, query) is None:
        return False
    saved_id = uow.saved_queries.save(openid, query, cadence, at=at)
    uow.alerts.reschedule(openid, [saved_id], cadence, at=at)
    return True


def set_queries(
    uow: UnitOfWork,
    openid: str,
    ids: Sequence[int],
    *,
    cadence: Cadence | None = None,
    paused: bool | None = None,
    at: datetime,
) -> None:
    """What a paused query found and nobody was told of is dropped: it is silent from now on, not later at once."""
    if cadence is not None:
        uow.saved_queries.set_cadence(openid, ids, cadence)
        uow.alerts.reschedule(openid, ids, cadence, at=at)
    if paused is not None:
        uow.saved_queries.set_paused(openid, ids, paused=paused)
        if paused:
            uow.alerts.drop_untold(openid, ids)


def rest(uow: UnitOfWork, openid: str) -> None:
    """They unfollowed: nothing is looked for on their behalf. Should they come back in time, they find it paused."""
    ids = [saved.id for saved in uow.saved_queries.of(openid)]
    if ids:
        uow.saved_queries.set_paused(openid, ids, paused=True)
        uow.alerts.drop_untold(openid, ids)
    uow.needs.hush(openid)


def leave(uow: UnitOfWork, openid: str, *, at: datetime) -> int:
    """Nothing more unasked, at once; how many saved queries went."""
    gone = uow.saved_queries.delete(openid, [saved.id for saved in uow.saved_queries.of(openid)])
    unread = uow.deliveries.unread(openid, *UNASKED)
    uow.deliveries.end(unread, DeliveryStatus.SUPPRESSED, at=at, reason="unsubscribed")
    uow.needs.hush(openid)
    uow.needs.read_no_more(openid)
    for purpose in (PURPOSE, READER_PURPOSE):
        uow.institutions.disagree(openid, purpose)
    return gone
