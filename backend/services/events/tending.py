"""What the office does about events by itself, every few seconds and in any number of workers: offer places that fall free,
tell who must know, remind, close what is over, thank.

Everything is read off rows and marked in the transaction that plans the notice, so a worker that dies, runs late or runs
twice changes nothing. A notice that has lost its use expires in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.clock import Clock
from backend.domain.deliveries import DeliveryKind, Notice
from backend.domain.events import KEPT_AFTER, Event, EventState, Reminder, SignUp, SignUpState, moment, reminder_keys
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.services.events.views import offer_key
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

BATCH = 100  # followers a transaction
LOOKED_BACK = timedelta(days=30)  # materials are sent on so long after the end
THANKS, MATERIALS = 1, 2


@dataclass(frozen=True, slots=True)
class Steward:
    database: Database
    wording: Wording
    clock: Clock

    def tend(self) -> int:
        """One round; how many notices were planned."""
        at = self.clock.now()
        with self.database.read() as uow:
            events = uow.events.to_tend(since=at - LOOKED_BACK)
        return sum(self._tend(event, at) for event in events)

    def _tend(self, event: Event, at: datetime) -> int:
        if event.state in EventState.ahead():
            self._lapse(event, at)
            self._offer(event, at)
            event = self._closed_when_over(event, at)
        planned = sum(self._tell(event))
        for reminder in Reminder:
            planned += sum(self._remind(event, reminder, at))
        return planned + sum(self._thank(event))

    # places

    def _lapse(self, event: Event, at: datetime) -> None:
        """Offers nobody took in time: the place goes on to the next."""
        with self.database.read() as uow:
            if not uow.sign_ups.lapsed(event.id, at=at):
                return
        with self.database.write() as uow:
            uow.events.hold(event.id)
            for held in uow.sign_ups.lapsed(event.id, at=at):
                uow.sign_ups.put(held.id, state=SignUpState.CANCELLED)

    def _offer(self, event: Event, at: datetime) -> None:
        """Free places are kept for those who have waited longest."""
        until = event.offer_until(at)
        with self.database.read() as uow:
            if until is None or not uow.sign_ups.queue(event.id, 1):
                return
        with self.database.write() as uow:
            now = uow.events.hold(event.id)
            quota, until = now.details.quota, now.offer_until(at)
            if until is None or now.state not in EventState.ahead():
                return
            free = None if quota is None else max(0, quota - uow.sign_ups.taken(event.id))
            for held in uow.sign_ups.queue(event.id, free):
                uow.sign_ups.put(held.id, state=SignUpState.OFFERED, offered_until=until)

    def _closed_when_over(self, event: Event, at: datetime) -> Event:
        """When it is over: who had a place and did not come is a no-show, who still waited is let go without a word."""
        if not event.is_over(at):
            return event
        with self.database.write() as uow:
            if not uow.events.hold(event.id).is_over(at):
                return event
            uow.events.put_state(event.id, EventState.HELD, at=at)
            for held in uow.sign_ups.in_state(event.id, SignUpState.CONFIRMED):
                uow.sign_ups.put(held.id, state=SignUpState.NO_SHOW, told=SignUpState.NO_SHOW)
            for held in uow.sign_ups.in_state(event.id, SignUpState.WAITING, SignUpState.OFFERED):
                uow.sign_ups.put(held.id, state=SignUpState.CANCELLED, told=SignUpState.CANCELLED)
            return uow.events.get(event.id)

    # words

    def _tell(self, event: Event) -> Iterator[int]:
        """Everybody who knows less than is so: their own place, and what became of the event."""
        while True:
            with self.database.read() as uow:
                first = uow.sign_ups.to_tell(event, BATCH, lock=False)
            if not first:
                return
            with self.database.write() as uow:
                # Followers are locked before their sign-ups, as everywhere; what changed meanwhile is looked at anew.
                uow.deliveries.hold([held.openid for held, _, _ in first])
                now = uow.events.get(event.id)
                known = {held.id for held, _, _ in first}
                behind = [one for one in uow.sign_ups.to_tell(now, BATCH) if one[0].id in known]
                for held, told, revision in behind:
                    self._tell_one(uow, now, held, told, news=revision < now.revision)
                yield len(behind)
            if not behind:
                return  # another worker has them

    def _tell_one(self, uow: UnitOfWork, event: Event, held: SignUp, told: str, *, news: bool) -> None:
        at = self.clock.now()
        uow.sign_ups.put(held.id, told=held.state, told_revision=event.revision)
        if news or held.state is SignUpState.CANCELLED:
            uow.deliveries.call_off([held.openid], reminder_keys(event.id), at=at, reason="superseded")
        if news and event.state in EventState.ahead() | {EventState.CANCELLED} and held.state in SignUpState.standing():
            words = "called_off" if event.state is EventState.CANCELLED else "changed"
            key = f"event_news:{event.id}:{event.revision}"
            self._plan(uow, event, held.openid, key, words, until=event.details.ends_at)
            if event.state is EventState.CANCELLED:
                return
        if held.state == told or event.state not in EventState.ahead():
            return
        if held.state is SignUpState.OFFERED and held.offered_until is not None:
            key = offer_key(event.id, held.offered_until)
            self._plan(uow, event, held.openid, key, "offered", until=held.offered_until)
        elif held.state is SignUpState.WAITING:
            self._plan(uow, event, held.openid, f"event_waits:{event.id}:{held.id}", "waits")
        elif held.state is SignUpState.CONFIRMED:
            self._plan(uow, event, held.openid, f"event_place:{event.id}:{held.id}", "confirmed")
        elif held.state is SignUpState.CANCELLED:
            words = "lapsed" if told == SignUpState.OFFERED else "struck_out"
            key = f"event_{words}:{event.id}:{int(at.timestamp())}"
            self._plan(uow, event, held.openid, key, words)

    def _remind(self, event: Event, reminder: Reminder, at: datetime) -> Iterator[int]:
        """In time or not at all: nobody is reminded of what is over, nor of yesterday."""
        begins = event.details.begins_at
        while event.state in EventState.ahead() and reminder.due(begins) <= at < reminder.stale(begins):
            with self.database.write() as uow:
                now = uow.events.get(event.id)
                if now.details.begins_at != begins or now.state not in EventState.ahead():
                    return
                due = uow.sign_ups.to_remind(event.id, reminder.stage, before=reminder.due(begins), limit=BATCH)
                for held in due:
                    uow.sign_ups.put(held.id, reminded=reminder.stage)
                    self._plan(
                        uow,
                        now,
                        held.openid,
                        reminder.key(now),
                        str(reminder),
                        until=reminder.stale(begins),
                        kind=DeliveryKind.REMINDER,
                    )
            if not due:
                return
            yield len(due)

    def _thank(self, event: Event) -> Iterator[int]:
        """After it: the materials, and a few questions. Materials that come later are sent on by themselves."""
        stage = MATERIALS if event.details.materials else THANKS
        if event.state is not EventState.HELD or not (event.details.materials or event.details.feedback):
            return
        while True:
            with self.database.write() as uow:
                now = uow.events.get(event.id)
                due = uow.sign_ups.to_thank(event.id, stage, BATCH)
                for held in due:
                    uow.sign_ups.put(held.id, thanked=stage)
                    self._plan(uow, now, held.openid, f"event_thanks:{event.id}:{stage}", "thanks")
            if not due:
                return
            yield len(due)

    def _plan(
        self,
        uow: UnitOfWork,
        event: Event,
        openid: str,
        key: str,
        words: str,
        *,
        until: datetime | None = None,
        kind: DeliveryKind = DeliveryKind.SERVICE_NOTICE,
    ) -> None:
        held = event.details
        text = self.wording.words(
            f"event_notice.{words}",
            title=held.title,
            begins=moment(held.begins_at),
            venue=held.place,
            online=held.link,
            until=moment(until) if until is not None else "",
            news=event.note,
            materials=held.materials,
            asks_back="1" if held.feedback else "",
        )
        uow.deliveries.plan(
            openid=openid,
            notice_key=key,
            kind=kind,
            reply=Reply.of(text),
            notice=Notice(
                "event" if kind is DeliveryKind.REMINDER else "event_news",
                {
                    "title": held.title,
                    "starts": moment(held.begins_at),
                    "place": held.place or self.wording.words("event_notice.online"),
                    "news": self.wording.words(f"event_notice.short.{words}"),
                },
                self.wording.event_page(event.id),
            ),
            at=self.clock.now(),
            expires_at=until,
        )


def forget_over(database: Database, clock: Clock) -> int:
    """Names, phones and answers of events that were over long ago; the numbers stay. How many."""
    with database.write() as uow:
        return uow.sign_ups.forget_over(before=clock.now() - KEPT_AFTER)
