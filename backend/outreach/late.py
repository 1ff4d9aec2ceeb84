"""Late answers and colleagues' words: one customer-service message each, or kept for the next visit.

Claim, use one of the window, commit “asking”, ask the platform, commit the outcome. Whatever dies in between leaves an
honest row, and no second message.
"""

from __future__ import annotations

from backend.domain.clock import Clock
from backend.domain.deliveries import Channel, Delivery, DeliveryStatus
from backend.domain.ports.sender import OutcomeUnknown, Refused, Sender, TryLater, WindowClosed
from backend.store.database import Database

BATCH = 50


def drain(database: Database, sender: Sender, clock: Clock) -> int:
    """Send everything that is due; how many rows were handled. Safe in any number of workers at once."""
    handled = 0
    while True:
        with database.read() as uow:
            if not uow.switches.sending():
                return handled
            due = uow.deliveries.due(Channel.CUSTOMER_SERVICE, at=clock.now(), limit=BATCH)
        if not due:
            return handled
        for delivery_id in due:
            handled += _deliver(database, sender, clock, delivery_id)


def settle_lost(database: Database, clock: Clock) -> int:
    """Calls whose worker died in mid-air become unknown; how many."""
    with database.write() as uow:
        return uow.deliveries.unanswered_asks(at=clock.now())


def _deliver(database: Database, sender: Sender, clock: Clock, delivery_id: int) -> int:
    delivery = _ask(database, clock, delivery_id)
    if delivery is None:
        return 1
    status, reason = DeliveryStatus.SENT, ""
    try:
        sender.send(delivery.openid, delivery.reply)
    except WindowClosed as error:
        with database.write() as uow:
            uow.followers.close_window(delivery.openid)
            uow.deliveries.keep(delivery.id, reason=error.reason)
            uow.followers.count_kept(delivery.openid, 1)
        return 1
    except TryLater as error:
        with database.write() as uow:
            uow.followers.give_back_to_window(delivery.openid)
            uow.deliveries.postpone(delivery.id, until=clock.now() + error.after, reason=error.reason)
        return 1
    except Refused as error:
        status, reason = DeliveryStatus.REFUSED, error.reason
    except OutcomeUnknown as error:
        status, reason = DeliveryStatus.UNKNOWN, error.reason
    with database.write() as uow:
        uow.deliveries.settle(delivery.id, status, at=clock.now(), reason=reason)
    return 1


def _ask(database: Database, clock: Clock, delivery_id: int) -> Delivery | None:
    """Claim it, use one message of the window, commit that the platform is about to be asked. None: nothing to send."""
    now = clock.now()
    with database.write() as uow:
        if not uow.deliveries.claim(delivery_id, at=now):
            return None
        delivery = uow.deliveries.get(delivery_id)
        if not uow.followers.take_from_window(delivery.openid, at=now):
            uow.deliveries.keep(delivery_id, reason="no_window")
            uow.followers.count_kept(delivery.openid, 1)
            return None
        uow.deliveries.ask(delivery_id, at=now)
        return delivery
