"""Use cases of the inbox: record an arrival, decide how it is answered, answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.domain.deliveries import Channel, DeliveryStatus
from backend.domain.inbox import Arrival, FollowerState, Way, Window
from backend.domain.reply import Reply, ReplyKind
from backend.store.unit_of_work import UnitOfWork

ERASE_AFTER = timedelta(hours=12)  # the promise is 24 hours; the other half is for a worker that was down


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a turn does besides answering, in the same transaction."""

    handoff_text: str | None = None
    follows_handoff: str | None = None
    misses: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    followed: str | None = None
    unfollowed: bool = False


def record_arrival(
    uow: UnitOfWork,
    *,
    key: str,
    openid: str,
    incoming: dict[str, Any],
    following: bool,
    window: Window | None,
    at: datetime,
    by: str,
) -> tuple[Arrival, FollowerState | None]:
    """The arrival under its key, new or known. Raises RecordedElsewhere on a lost race."""
    return uow.inbox.record(key=key, openid=openid, incoming=incoming, following=following, window=window, at=at, by=by)


def decide_without_passive(uow: UnitOfWork, arrival: Arrival, *, at: datetime) -> Arrival:
    """The HTTP answer can wait no longer: late where a window is open, else kept. What was decided before stands."""
    follower = uow.inbox.follower(arrival.openid)
    return uow.inbox.decide(arrival.id, Way.LATE if follower.window_open(at) else Way.KEPT)


def answer_arrival(
    uow: UnitOfWork,
    arrival: Arrival,
    reply: Reply,
    state: dict[str, Any],
    deeds: Deeds,
    *,
    at: datetime,
    kept: int,
    with_kept: Callable[[list[Reply], Reply, dict[str, Any]], tuple[Reply, dict[str, Any]]],
) -> tuple[Way, Reply]:
    """Write the answer, what it does, and its delivery if it cannot go back with the HTTP response.

    What was kept for the follower goes out with it. Raises AnsweredElsewhere where another process was first.
    """
    if kept and reply.kind is ReplyKind.TEXT and uow.inbox.get(arrival.id).way in {None, Way.PASSIVE}:
        waiting = uow.deliveries.kept_for(arrival.openid)
        for delivery in waiting:
            uow.deliveries.settle(delivery.id, DeliveryStatus.SENT, at=at, reason="next_visit")
        uow.followers.count_kept(arrival.openid, -len(waiting))
        reply, state = with_kept([delivery.reply for delivery in waiting], reply, state)
    way = uow.inbox.answer(arrival, reply, state, at=at)
    _do(uow, arrival.openid, deeds, at)
    if way is not Way.PASSIVE and reply.kind not in {ReplyKind.NOTHING, ReplyKind.TO_STAFF}:
        channel = Channel.CUSTOMER_SERVICE if way is Way.LATE else Channel.NEXT_VISIT
        uow.deliveries.plan(
            openid=arrival.openid, notice_key=f"inbox:{arrival.key}", channel=channel, reply=reply, at=at
        )
        if channel is Channel.NEXT_VISIT:
            uow.followers.count_kept(arrival.openid, 1)
    return way, reply


def _do(uow: UnitOfWork, openid: str, deeds: Deeds, at: datetime) -> None:
    if deeds.handoff_text is not None:
        handoff = uow.handoffs.open(openid, at=at)
        uow.handoffs.add_line(handoff, by="", text=deeds.handoff_text, at=at)
    elif deeds.follows_handoff is not None and (known := uow.handoffs.open_for(openid)) is not None:
        uow.handoffs.add_line(known, by="", text=deeds.follows_handoff, at=at)
    for question, offered, chosen in deeds.misses:
        uow.misses.add(openid=openid, question=question, offered=offered, chosen=chosen, at=at)
    if deeds.followed is not None:
        uow.followers.due_for_erasure(openid, None)
        if deeds.followed:
            uow.followers.came_by(openid, deeds.followed)
    if deeds.unfollowed:
        uow.followers.due_for_erasure(openid, at + ERASE_AFTER)
        uow.followers.count_kept(openid, -len(uow.deliveries.kept_for(openid)))
        uow.deliveries.suppress_for(openid, at=at, reason="unfollowed")
