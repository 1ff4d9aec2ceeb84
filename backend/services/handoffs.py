"""A colleague answers a follower."""

from __future__ import annotations

from datetime import datetime

from backend.domain.deliveries import Channel
from backend.domain.handoffs import HandoffStatus
from backend.domain.reply import Reply
from backend.store.handoffs import HandoffNotFound
from backend.store.unit_of_work import UnitOfWork

__all__ = ["HandoffNotFound", "reply_to_handoff"]


def reply_to_handoff(
    uow: UnitOfWork, *, handoff_id: int, by: str, text: str, worded: str, close: bool, at: datetime
) -> None:
    """Keep the line and plan its delivery in the same transaction. Raises HandoffNotFound."""
    request = uow.handoffs.get(handoff_id)
    line = uow.handoffs.add_line(handoff_id, by=by, text=text, at=at)
    uow.handoffs.move(handoff_id, HandoffStatus.CLOSED if close else HandoffStatus.ANSWERED, at=at)
    uow.deliveries.plan(
        openid=request.openid,
        notice_key=f"handoff:{handoff_id}:{line}",
        channel=Channel.CUSTOMER_SERVICE,
        reply=Reply.of(worded),
        at=at,
    )
