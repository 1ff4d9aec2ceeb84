"""The sender loop: claim a few rows, choose the channel, commit “asking”, ask the platform, commit the outcome.

Any number of workers, on any number of machines. Whatever dies in between leaves an honest row: what was only claimed is
claimed again, what was being asked is settled by `settle_lost` as its kind demands.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.domain.clock import Clock
from backend.domain.deliveries import MANNERS, Channel, Delivery, DeliveryStatus
from backend.domain.ports.sender import (
    ApiRests,
    ChannelClosed,
    NoConsent,
    Outcome,
    OutcomeUnknown,
    Sender,
    Sent,
    TryLater,
    WindowClosed,
)
from backend.domain.preferences import HOUSE
from backend.outreach.asking import Asked, Asker, midnight_after
from backend.outreach.forms import Forms
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

WAVE = 64  # asked at once
IN_AIR = 2  # waves under way in one worker: what a killed one leaves in doubt is no more than both
BATCH = 4  # waves claimed at once
SWEPT = 500
MOST_REPEATS = 3
REPEAT_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Flight:
    asked: list[Asked]
    outcomes: Future[list[Outcome]]

    def carries(self, openids: set[str]) -> bool:
        return any(one.delivery.openid in openids for one in self.asked)


@dataclass(slots=True)
class Dispatcher:
    database: Database
    sender: Sender
    clock: Clock
    forms: Forms = field(default_factory=Forms)
    secret: str = ""
    me: str = field(default_factory=lambda: uuid.uuid4().hex)
    wave: int = WAVE

    def drain(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Send everything that is due; how many rows were handled.

        While one wave is in the air the next is decided on; its asking is committed together with what came of the
        wave before.
        """
        handled = 0
        waiting: deque[list[Delivery]] = deque()
        air: deque[Flight] = deque()
        with ThreadPoolExecutor(IN_AIR, thread_name_prefix="outreach") as crew:
            while True:
                if stopped():
                    waiting.clear()  # what is claimed and not asked is free again when its lease ends
                wave = waiting.popleft() if waiting else []
                fetch = not waiting and not stopped()
                if not wave and not air and not fetch:
                    return handled
                asked, claimed = self._step(self._land(air, wave), wave, fetch=fetch)
                handled += len(claimed)
                waiting.extend(waves(claimed, self.wave))
                if asked:
                    outcomes = crew.submit(self.sender.send, [one.message for one in asked])
                    air.append(Flight(asked, outcomes))
                elif not waiting and not air:
                    return handled

    def _land(self, air: deque[Flight], wave: Sequence[Delivery]) -> list[tuple[Asked, object]]:
        """Outcomes of what has to be down before this wave may start: a follower hears one thing after the other."""
        whose = {delivery.openid for delivery in wave}
        landed: list[tuple[Asked, object]] = []
        while air and (not wave or len(air) >= IN_AIR or any(flight.carries(whose) for flight in air)):
            flight = air.popleft()
            landed += zip(flight.asked, flight.outcomes.result(), strict=True)
        return landed

    def _step(
        self, landed: Sequence[tuple[Asked, object]], wave: Sequence[Delivery], *, fetch: bool
    ) -> tuple[list[Asked], list[Delivery]]:
        """One transaction: what came of those, who is asked now, and with `fetch` whose turn is next."""
        at = self.clock.now()
        with self.database.write() as uow:
            uow.deliveries.hold({asked.delivery.openid for asked, _ in landed} | {held.openid for held in wave})
            if landed:
                self._record(uow, landed)
            asked = Asker(self.forms, self.me, self.secret).ask(uow, wave, at=at) if wave else []
            # Looked at again: what was just put back into the queue is due by now, and not by the moment before.
            return asked, self._claim(uow, self.clock.now()) if fetch else []

    def _claim(self, uow: UnitOfWork, at: datetime) -> list[Delivery]:
        if not uow.switches.sending():
            return []
        uow.sending.release(at=at, limit=SWEPT)
        return uow.sending.claim(me=self.me, at=at, limit=self.wave * BATCH, calm=HOUSE.is_quiet(at))

    def _record(self, uow: UnitOfWork, pairs: Sequence[tuple[Asked, object]]) -> None:
        at = self.clock.now()
        open_ = uow.sending.asked_by([asked.delivery.id for asked, _ in pairs], me=self.me)
        mine = [(asked, outcome) for asked, outcome in pairs if asked.delivery.id in open_]
        named = {asked.delivery.id: outcome.platform_id for asked, outcome in mine if isinstance(outcome, Sent)}
        uow.sending.sent({number: name for number, name in named.items() if name}, me=self.me, at=at)
        ended = {
            asked.delivery.id: (asked.delivery.campaign_id, DeliveryStatus.SENT, "")
            for asked, outcome in mine
            if isinstance(outcome, Sent)
        }
        for asked, outcome in mine:
            if not isinstance(outcome, Sent):
                final = self._otherwise(uow, asked, outcome)
                if final is not None:
                    ended[asked.delivery.id] = (asked.delivery.campaign_id, *final)
        uow.sending.finish(ended, at=at)

    def _otherwise(self, uow: UnitOfWork, asked: Asked, outcome: object) -> tuple[DeliveryStatus, str] | None:
        """What follows where it was not taken; None where it goes on."""
        delivery, channel, at = asked.delivery, asked.message.channel, self.clock.now()
        match outcome:
            case ChannelClosed():
                if isinstance(outcome, WindowClosed):
                    uow.standings.close_window(delivery.openid)
                elif isinstance(outcome, NoConsent):
                    uow.preferences.no_credit(delivery.openid, asked.message.template_id)
                else:
                    self._give_back(uow, asked)
                uow.sending.again(delivery, due_at=at, reason=outcome.reason, tried=frozenset({channel}))
            case ApiRests():
                self._give_back(uow, asked)
                until = at + outcome.after if outcome.after is not None else midnight_after(at)
                uow.quotas.rest(str(channel), until=until, at=at)
                uow.sending.again(delivery, due_at=at, reason=outcome.reason)
            case TryLater():
                self._give_back(uow, asked)
                uow.sending.again(delivery, due_at=at + outcome.after, reason=outcome.reason)
            case OutcomeUnknown():
                return self._in_doubt(uow, delivery, outcome.reason)
            case _:
                return DeliveryStatus.REFUSED, str(getattr(outcome, "reason", "refused"))
        return None

    def _in_doubt(self, uow: UnitOfWork, delivery: Delivery, reason: str) -> tuple[DeliveryStatus, str] | None:
        """A legal notice is asked for again under the same number, and then waits for a visit; nothing else is."""
        if not MANNERS[delivery.kind].repeats:
            return DeliveryStatus.UNKNOWN, reason
        if delivery.attempts + 1 < MOST_REPEATS:
            uow.sending.again(delivery, due_at=self.clock.now() + REPEAT_AFTER, reason=reason)
        else:
            uow.sending.keep(delivery, reason=reason, expires_at=delivery.expires_at)
        return None

    @staticmethod
    def _give_back(uow: UnitOfWork, asked: Asked) -> None:
        """What was set aside for the call and not used by it."""
        delivery = asked.delivery
        if asked.message.channel is Channel.CUSTOMER_SERVICE:
            uow.standings.give_back(delivery.openid, gentle=MANNERS[delivery.kind].gentle)
        elif asked.message.channel is Channel.SUBSCRIPTION:
            uow.preferences.give_back(delivery.openid, asked.message.template_id)


def waves(claimed: Sequence[Delivery], most: int) -> list[list[Delivery]]:
    """In order, a few at a time, and of each follower one at a time: the second is for after the first."""
    out: list[list[Delivery]] = []
    rest = list(claimed)
    while rest:
        wave: dict[str, Delivery] = {}
        left: list[Delivery] = []
        for delivery in rest:
            if delivery.openid in wave or len(wave) >= most:
                left.append(delivery)
            else:
                wave[delivery.openid] = delivery
        out.append(list(wave.values()))
        rest = left
    return out


def drain(database: Database, sender: Sender, clock: Clock) -> int:
    """Send everything that is due, without templates; how many rows were handled."""
    return Dispatcher(database, sender, clock).drain()


def settle_lost(database: Database, clock: Clock) -> int:
    """What dead workers, passed moments and ended campaigns left behind, a step at a time; how many rows were moved."""
    at = clock.now()
    with database.write() as uow:
        lost = uow.sending.unanswered(at=at, limit=SWEPT)
    with database.write() as uow:
        lost += uow.deliveries.expire(at=at, limit=SWEPT)
    with database.write() as uow:
        lost += uow.campaigns.close(at=at, limit=SWEPT)
    return lost
