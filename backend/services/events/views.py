"""Events as one follower may see them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from backend.domain.clock import Clock
from backend.domain.events import Counts, Event, EventView, SignUp, SignUpState
from backend.domain.questions import ListEvents, MyEvents, ScannedEvent
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

REMEMBERED = timedelta(days=60)  # an event that is over is still “mine” so long: for its materials and a word on it


def offer_key(event_id: int, offered_until: datetime) -> str:
    """Of the notice that a place is kept until then; a later offer is another notice."""
    return f"event_offer:{event_id}:{int(offered_until.timestamp())}"


class Calendar:
    """`demonstration`: whether events marked as such are shown."""

    def __init__(self, database: Database, clock: Clock, *, demonstration: bool) -> None:
        self.database, self.clock, self.demonstration = database, clock, demonstration

    def answer(self, question: ListEvents | MyEvents | ScannedEvent, openid: str) -> Any:
        """What the question's docstring says."""
        match question:
            case ListEvents():
                return self.upcoming(openid)
            case MyEvents():
                return self.mine(openid)
            case ScannedEvent(event_id):
                return self.at_the_door(event_id, openid)

    def upcoming(self, openid: str) -> tuple[EventView, ...]:
        """Announced and not over, the next one first."""
        at = self.clock.now()
        with self.database.read() as uow:
            return self._views(uow, uow.events.ahead(at=at, demonstration=self.demonstration), openid, at)

    def mine(self, openid: str) -> tuple[EventView, ...]:
        """Those they signed up for, not long over; the next one first."""
        at = self.clock.now()
        with self.database.read() as uow:
            held = uow.sign_ups.of_follower(openid, since=at - REMEMBERED)
            if not held:
                return ()
            events = uow.events.of([one.event_id for one in held])
            shown = [events[one.event_id] for one in held]
            return self._views(uow, [one for one in shown if self.demonstration or not one.demonstration], openid, at)

    def one(self, event_id: int, openid: str) -> EventView | None:
        """Announced, or over and theirs; None for anything else."""
        views = (*self.upcoming(openid), *self.mine(openid))
        return next((view for view in views if view.event.id == event_id), None)

    def at_the_door(self, event_id: int, openid: str) -> EventView | None:
        """The event whose QR code was scanned; None where it is not, or not any more, in the calendar."""
        at = self.clock.now()
        with self.database.read() as uow:
            event = uow.events.of([event_id]).get(event_id)
            if event is None or (event.demonstration and not self.demonstration):
                return None
            return self._views(uow, [event], openid, at)[0] if event.is_ahead(at) or event.checks_in(at) else None

    def _views(self, uow: UnitOfWork, events: list[Event], openid: str, at: datetime) -> tuple[EventView, ...]:
        counts = uow.events.counts(events)
        mine = {event.id: uow.sign_ups.of(event.id, openid) for event in events} if openid else {}
        return tuple(_view(uow, event, counts[event.id], mine.get(event.id), at) for event in events)


def _view(uow: UnitOfWork, event: Event, counts: Counts, mine: SignUp | None, at: datetime) -> EventView:
    if mine is None or mine.state is not SignUpState.OFFERED or mine.offered_until is None or mine.offered_until <= at:
        return EventView(event, counts, mine, open=event.takes_sign_ups(at))
    return EventView(event, counts, mine, _is_news(uow, mine), open=event.takes_sign_ups(at))


def _is_news(uow: UnitOfWork, mine: SignUp) -> bool:
    assert mine.offered_until is not None
    told_at = uow.deliveries.out_at(mine.openid, offer_key(mine.event_id, mine.offered_until))
    return told_at is not None and uow.inbox.written_since(mine.openid, told_at) <= 1
