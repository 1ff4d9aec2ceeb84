"""A colleague answers a follower."""

from __future__ import annotations

from datetime import datetime

from backend.domain.deliveries import DeliveryKind
from backend.domain.errors import AssistantError
from backend.domain.handoffs import Handoff, HandoffStatus
from backend.domain.reply import Reply
from backend.store.handoffs import HandoffNotFound
from backend.store.unit_of_work import UnitOfWork

__all__ = ["HandoffChanged", "HandoffNotFound", "close_handoff", "reply_to_handoff"]


class HandoffChanged(AssistantError):
    """Something was said or done since the colleague looked: another answered, or the follower wrote on."""

    code = "handoff.changed"


def reply_to_handoff(
    uow: UnitOfWork,
    *,
    handoff_id: int,
    by: str,
    text: str,
    worded: str,
    close: bool,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Keep the line and plan its delivery in the same transaction. Raises HandoffNotFound.

    `seen` is how many lines the colleague saw; where there are others by now, HandoffChanged is raised and nothing is
    done. So a form sent twice is one message.
    """
    request = _unchanged(uow, handoff_id, seen)
    line = uow.handoffs.add_line(handoff_id, by=by, text=text, at=at)
    uow.handoffs.move(handoff_id, HandoffStatus.CLOSED if close else HandoffStatus.ANSWERED, at=at)
    uow.deliveries.plan(
        openid=request.openid,
        notice_key=f"handoff:{handoff_id}:{line}",
        kind=DeliveryKind.COLLEAGUE,
        reply=Reply.of(worded),
        at=at,
    )


def close_handoff(uow: UnitOfWork, *, handoff_id: int, at: datetime, seen: int | None = None) -> None:
    """Done without another word. Raises HandoffNotFound, HandoffChanged; `seen` as above."""
    _unchanged(uow, handoff_id, seen)
    uow.handoffs.move(handoff_id, HandoffStatus.CLOSED, at=at)


def _unchanged(uow: UnitOfWork, handoff_id: int, seen: int | None) -> Handoff:
    uow.handoffs.hold(handoff_id)
    request = uow.handoffs.get(handoff_id)
    if seen is not None and seen != len(request.lines):
        raise HandoffChanged(id=handoff_id)
    return request
