"""Use cases of the inbox: record an arrival, decide how it is answered, answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from backend.domain.deeds import Deed
from backend.domain.deliveries import MANNERS, Channel, Delivery, DeliveryKind, DeliveryStatus
from backend.domain.inbox import Arrival, FollowerState, Way, Window
from backend.domain.reply import Reply, ReplyKind
from backend.services.deeds import carry_out
from backend.store.unit_of_work import UnitOfWork

UNASKED_AT_A_VISIT = 2


def record_arrival(
    uow: UnitOfWork,
    *,
    key: str,
    openid: str,
    incoming: dict[str, Any],
    following: bool | None,
    window: Window | None,
    at: datetime,
    by: str,
) -> tuple[Arrival, FollowerState | None]:
    """The arrival under its key, new or known. Raises RecordedElsewhere on a lost race.

    `following` is None for what the platform reports: it says nothing about whether they still follow.
    """
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
    deeds: Iterable[Deed],
    *,
    at: datetime,
    kept: int,
    with_kept: Callable[[list[Reply], Reply, dict[str, Any]], tuple[Reply, dict[str, Any]]],
    otherwise: tuple[Reply, dict[str, Any]] | None = None,
) -> tuple[Way, Reply]:
    """Write the answer, what it does, and its delivery if it cannot go back with the HTTP response.

    `otherwise` is the answer and the state where what the answer says could not be done. What was kept for the follower
    goes out with it. Raises AnsweredElsewhere where another process was first.
    """
    done = [carry_out(uow, arrival.openid, deed, at=at) for deed in deeds]
    if otherwise is not None and not all(done):
        reply, state = otherwise
    if kept and reply.kind is ReplyKind.TEXT and uow.inbox.get(arrival.id).way in {None, Way.PASSIVE}:
        waiting = _fresh(uow, uow.deliveries.kept_for(arrival.openid, at=at), at)
        for delivery in waiting:
            uow.deliveries.settle(delivery.id, DeliveryStatus.SENT, at=at, reason="next_visit")
        uow.followers.count_kept(arrival.openid, -len(waiting))
        reply, state = with_kept([delivery.reply for delivery in waiting], reply, state)
    way = uow.inbox.answer(arrival, reply, state, at=at)
    if way is not Way.PASSIVE and reply.kind not in {ReplyKind.NOTHING, ReplyKind.TO_STAFF}:
        channel = Channel.OPEN if way is Way.LATE else Channel.NEXT_VISIT
        uow.deliveries.plan(
            openid=arrival.openid,
            notice_key=f"inbox:{arrival.key}",
            kind=DeliveryKind.LATE_ANSWER,
            channel=channel,
            reply=reply,
            at=at,
        )
        if channel is Channel.NEXT_VISIT:
            uow.followers.count_kept(arrival.openid, 1)
    return way, reply


def _fresh(uow: UnitOfWork, kept: list[Delivery], at: datetime) -> list[Delivery]:
    """Of what came unasked only the newest: who was away for months is not met with all of it."""
    unasked = [held.id for held in kept if MANNERS[held.kind].gentle][:-UNASKED_AT_A_VISIT]
    uow.deliveries.end(unasked, DeliveryStatus.EXPIRED, at=at, reason="superseded")
    return [held for held in kept if held.id not in unasked]
