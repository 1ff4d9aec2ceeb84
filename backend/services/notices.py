"""What becomes of notices after they were asked for, and the follower's word that no more shall come unasked."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.domain.deeds import NoticeEnded
from backend.domain.deliveries import MANNERS, Delivery, DeliveryKind, DeliveryStatus, gentle_kinds
from backend.domain.errors import AssistantError
from backend.domain.roles import Actor
from backend.store.unit_of_work import UnitOfWork

RESULT_WITHIN = timedelta(days=1)  # of the call; the platform reports in seconds as a rule


class NotInDoubt(AssistantError):
    """Somebody, or the platform, has said meanwhile what became of it."""

    code = "delivery.not_in_doubt"


def leave(uow: UnitOfWork, openid: str, *, at: datetime, kinds: tuple[DeliveryKind, ...] = gentle_kinds()) -> None:
    """“退订”, of all or of some kinds: at once, also for those whose turn it just is. What is asked for by themselves
    goes on.
    """
    uow.preferences.disagree(openid, [MANNERS[kind].purpose for kind in kinds])
    uow.deliveries.suppress_for(openid, at=at, reason="unsubscribed", kinds=kinds)


def ended(uow: UnitOfWork, openid: str, told: NoticeEnded, *, at: datetime) -> bool:
    """Settle the delivery that the platform's report means; False where none, or no single one, can be meant.

    It is found by the platform's number. A call whose answer was lost has none with us: then it is the follower's only
    one of this channel that is in doubt.
    """
    held = uow.results.meant(openid, told.channel, told.platform_id, since=at - RESULT_WITHIN)
    if held is None:
        return False
    uow.results.name(held.id, told.platform_id)
    if told.arrived:
        uow.deliveries.settle(held.id, DeliveryStatus.SENT, at=at)
    elif MANNERS[held.kind].repeats:
        uow.results.by_another_way(held, at=at, reason=told.reason)
    else:
        uow.deliveries.settle(held.id, DeliveryStatus.REFUSED, at=at, reason=told.reason)
    return True


def settle_unknown(uow: UnitOfWork, *, delivery_id: int, arrived: bool, by: Actor, at: datetime) -> Delivery:
    """Staff found out what became of it. Raises NotInDoubt. Nothing is sent again by this."""
    held = uow.deliveries.get(delivery_id)
    if held.status is not DeliveryStatus.UNKNOWN:
        raise NotInDoubt(status=held.status)
    status = DeliveryStatus.SENT if arrived else DeliveryStatus.REFUSED
    uow.deliveries.settle(delivery_id, status, at=at, reason="staff")
    before, after = str(held.status), str(status)
    uow.audit.add(by, "delivery.settle", f"delivery:{delivery_id}", before=before, after=after, at=at)
    return uow.deliveries.get(delivery_id)
