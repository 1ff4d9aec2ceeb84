"""An event, people who want to come, and a steward with the clock in our hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from backend.domain.clock import SetClock
from backend.domain.deliveries import Delivery, DeliveryStatus
from backend.domain.events import (
    Counts,
    Details,
    Event,
    EventKind,
    EventMove,
    EventQuestion,
    EventState,
    EventView,
    QuestionKind,
    SignUp,
    SignUpState,
)
from backend.domain.roles import Actor, Role
from backend.services.events.planning import add_event, move_event
from backend.services.events.taking_part import sign_up
from backend.services.events.tending import Steward
from backend.store.database import Database
from bot.texts import Texts
from bot.texts.notices import Notices
from tests.support.arrivals import NOON, visit
from tests.support.ledger import Post

OPERATOR = Actor(Role.OPERATOR, "7")
SIZE = EventQuestion(label="人数", text="来几位？", kind=QuestionKind.CHOICE, options=("一位", "两位", "三位"))
WANTED = EventQuestion(label="想对接的技术", text="想对接什么技术？", required=False)
VERDICT = EventQuestion(label="满意度", text="总的来说？", kind=QuestionKind.CHOICE, options=("满意", "一般", "不满意"))


def details(begins_at: datetime = NOON + timedelta(days=10), **changes: Any) -> Details:
    """A meeting of two hours, signed up for from yesterday until it begins."""
    held: dict[str, Any] = {
        "kind": EventKind.MATCHING,
        "title": "武汉专利供需对接会",
        "begins_at": begins_at,
        "ends_at": begins_at + timedelta(hours=2),
        "sign_up_from": NOON - timedelta(days=1),
        "sign_up_until": begins_at,
        "place": "武汉市武昌区演示路 1 号",
    }
    return Details(**(held | changes))


def make_event_view(
    event_id: int = 1,
    *,
    open: bool = True,  # noqa: A002 the field's own name
    questions: tuple[EventQuestion, ...] = (),
    standing: SignUpState | None = None,
    **changes: Any,
) -> EventView:
    """As the desk shows it to a follower who stands so."""
    held = Event(
        id=event_id,
        details=details(questions=questions, feedback=questions, **changes),
        state=EventState.PUBLISHED,
    )
    mine = None
    if standing is not None:
        mine = SignUp(
            id=event_id,
            event_id=event_id,
            openid="ming",
            name="张三",
            phone="13800000000",
            answers={},
            state=standing,
            walk_in=False,
            signed_up_at=NOON,
            waiting_since=None,
            offered_until=None,
            confirmed_at=NOON,
            checked_in_at=None,
            feedback=None,
        )
    return EventView(held, Counts(), mine, open=open)


@dataclass
class Venue:
    """Deliveries go to a platform that remembers; every follower has an open window."""

    database: Database
    clock: SetClock = field(default_factory=lambda: SetClock(NOON))
    post: Post = field(init=False)

    def __post_init__(self) -> None:
        self.post = Post(self.database, self.clock)

    def announce(self, held: Details | None = None) -> int:
        with self.database.write() as uow:
            event_id = add_event(uow, held or details(), by=OPERATOR, at=self.clock.now())
            move_event(uow, event_id=event_id, move=EventMove.PUBLISH, note="", by=OPERATOR, at=self.clock.now())
        return event_id

    def come(self, event_id: int, *openids: str, **answers: str) -> list[SignUp]:
        """Each signs up after the one before; a follower who has written to us."""
        return [self.one(event_id, openid, **answers) for openid in openids]

    def one(self, event_id: int, openid: str, **answers: str) -> SignUp:
        visit(self.database, openid, at=self.clock.now())
        return self.enter(event_id, openid, **answers)

    def enter(self, event_id: int, openid: str, **answers: str) -> SignUp:
        """Without a message: as from a page."""
        said = {"contact_name": f"来宾{openid}", "contact_phone": "13800000000"} | answers
        with self.database.write() as uow:
            return sign_up(uow, openid=openid, event_id=event_id, answers=said, at=self.clock.now())

    def steward(self) -> Steward:
        return Steward(self.database, Notices(Texts()), self.clock)

    def tend(self) -> list[tuple[str, str]]:
        """One round of a worker, and what arrived by it: (openid, words)."""
        before = len(self.post.sender.sent)
        self.steward().tend()
        self.post.run()
        return [(openid, reply.text) for openid, reply in self.post.sender.sent[before:]]

    def states(self, event_id: int) -> dict[str, str]:
        with self.database.read() as uow:
            return {held.openid: str(held.state) for held in uow.sign_ups.everybody(event_id)}

    def event(self, event_id: int) -> Event:
        with self.database.read() as uow:
            return uow.events.get(event_id)

    def counts(self, event_id: int) -> Counts:
        with self.database.read() as uow:
            return uow.events.counts([uow.events.get(event_id)])[event_id]

    def planned(self, openid: str, key: str) -> Delivery:
        with self.database.read() as uow:
            return uow.deliveries.get(uow.deliveries.id_of(openid, key))

    def status(self, openid: str, key: str) -> DeliveryStatus:
        return self.planned(openid, key).status
