"""What every Sender promises, asked of the real one on the simulator's platform and of the fake that other tests use."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol

import pytest

from backend.domain.deliveries import Channel
from backend.domain.ports.sender import (
    ApiRests,
    Message,
    NoConsent,
    NotSent,
    OutcomeUnknown,
    Refused,
    Sender,
    Sent,
    TryLater,
    WindowClosed,
)
from backend.domain.reply import Reply, ReplyKind
from backend.store.database import Database
from bot.simulator.world import Persona
from bot.wechat.sender import PlatformSender
from tests.support.fakes import RememberingSender, send_one
from tests.support.gateway import SEND_CALL, Gateway

ARTICLE = Reply(ReplyKind.ARTICLE, "说明", "标题", "https://a.cn/b?c=1&d=2", "https://a.cn/p.jpg")
WORDS = 'a\n"引号"<b>&amp;</b> 😀 ]]>'
CODES = {"busy": -1, "fast": 45011, "tired": 45009, "muted": 48002}


class Ground(Protocol):
    """Where a sender is tried: followers who write, and what they see."""

    @property
    def sender(self) -> Sender:
        """The one on trial."""

    def follower(self, *, wrote: bool = True) -> str:
        """A new follower's openid; their window is open where they wrote."""

    def writes(self, openid: str) -> None:
        """The follower sends a message: five answers."""

    def leaves(self, openid: str) -> None:
        """The follower unfollows."""

    def seen(self, openid: str) -> list[Reply]:
        """What has arrived, in order."""

    def notices(self, openid: str) -> int:
        """How many template messages and subscription notices have arrived."""

    def agrees(self, openid: str, template: str) -> None:
        """The follower agrees to one notice of this template."""

    def failing(self, how: str) -> AbstractContextManager[None]:
        """The next call fails: one of CODES, or “broken” in mid-air."""


class RealGround:
    def __init__(self, gateway: Gateway, database: Database) -> None:
        self.gateway, self.sender = gateway, PlatformSender(gateway.platform(database))

    def follower(self, *, wrote: bool = True) -> str:
        return self.gateway.follower(wrote=wrote).openid

    def _persona(self, openid: str) -> Persona:
        persona = self.gateway.world.by_openid(openid)
        assert persona
        return persona

    def writes(self, openid: str) -> None:
        self.gateway.world.acted(self._persona(openid), "text")

    def leaves(self, openid: str) -> None:
        self._persona(openid).following = False

    def seen(self, openid: str) -> list[Reply]:
        persona = self.gateway.world.by_openid(openid)
        return [
            Reply(ReplyKind.ARTICLE, item["description"], item["title"], item["url"], item["picture"])
            if item["kind"] == "news"
            else Reply.of(item["text"])
            for item in (persona.items if persona else [])
        ]

    def notices(self, openid: str) -> int:
        return sum(item["via"] in {"template", "subscription"} for item in self._persona(openid).items)

    def agrees(self, openid: str, template: str) -> None:
        self.gateway.notices.answer_popup(self._persona(openid), {template: "accept"})

    @contextlib.contextmanager
    def failing(self, how: str) -> Iterator[None]:
        if how == "broken":
            self.gateway.trouble[SEND_CALL] = "500"
        else:
            self.gateway.world.refuse_next["message/custom/send"] = [CODES[how]]
        yield
        self.gateway.trouble.clear()


class FakeGround:
    def __init__(self) -> None:
        self.sender = RememberingSender()

    def follower(self, *, wrote: bool = True) -> str:
        openid = f"o{len(self.sender.left)}"
        self.sender.left[openid] = 5 if wrote else 0
        return openid

    def writes(self, openid: str) -> None:
        self.sender.left[openid] = 5

    def leaves(self, openid: str) -> None:
        self.sender.left[openid] = 0

    def seen(self, openid: str) -> list[Reply]:
        return [reply for to, reply in self.sender.sent if to == openid]

    def notices(self, openid: str) -> int:
        return sum(message.openid == openid for message in self.sender.notices)

    def agrees(self, openid: str, template: str) -> None:
        self.sender.agreed[openid, template] = 1

    @contextlib.contextmanager
    def failing(self, how: str) -> Iterator[None]:
        reason = f"platform_{CODES.get(how, -1)}"
        minute = timedelta(minutes=1)
        error: dict[str, Exception] = {
            "busy": TryLater(reason, minute),
            "fast": ApiRests(reason, minute),
            "tired": ApiRests(reason),
            "broken": OutcomeUnknown(reason),
        }
        self.sender.fail_next.append(error.get(how, Refused(reason)))
        yield


@pytest.fixture(params=["platform", "fake"])
def ground(request: pytest.FixtureRequest) -> Ground:
    if request.param == "fake":
        ground = FakeGround()
        ground.sender.strangers.add("oStranger")
        return ground
    return RealGround(request.getfixturevalue("gateway"), request.getfixturevalue("shelf"))


@pytest.mark.parametrize("reply", [Reply.of("好的"), Reply.of(WORDS), Reply.of("a" * 2048), ARTICLE])
def test_what_is_sent_arrives_as_it_is(ground: Ground, reply: Reply) -> None:
    openid = ground.follower()
    send_one(ground.sender, openid, reply)
    assert ground.seen(openid) == [reply]


def test_messages_arrive_once_each_and_in_order(ground: Ground) -> None:
    openid = ground.follower()
    for number in range(5):
        send_one(ground.sender, openid, Reply.of(str(number)))
    assert [reply.text for reply in ground.seen(openid)] == list("01234")


def test_a_message_reaches_only_its_follower(ground: Ground) -> None:
    one, other = ground.follower(), ground.follower()
    send_one(ground.sender, one, Reply.of("一"))
    assert (len(ground.seen(one)), ground.seen(other)) == (1, [])


def test_who_never_wrote_has_no_window(ground: Ground) -> None:
    openid = ground.follower(wrote=False)
    with pytest.raises(WindowClosed):
        send_one(ground.sender, openid, Reply.of("x"))
    assert ground.seen(openid) == []


def test_a_window_takes_five_and_opens_again(ground: Ground) -> None:
    openid = ground.follower()
    for number in range(5):
        send_one(ground.sender, openid, Reply.of(str(number)))
    with pytest.raises(WindowClosed):
        send_one(ground.sender, openid, Reply.of("x"))
    ground.writes(openid)
    send_one(ground.sender, openid, Reply.of("6"))
    assert [reply.text for reply in ground.seen(openid)] == list("012346")


def test_who_unfollowed_has_no_window(ground: Ground) -> None:
    openid = ground.follower()
    ground.leaves(openid)
    with pytest.raises(WindowClosed):
        send_one(ground.sender, openid, Reply.of("x"))
    assert ground.seen(openid) == []


def test_a_stranger_is_refused(ground: Ground) -> None:
    with pytest.raises(Refused):
        send_one(ground.sender, "oStranger", Reply.of("x"))
    assert ground.seen("oStranger") == []


@pytest.mark.parametrize("reply", [Reply(ReplyKind.NOTHING), Reply(ReplyKind.TO_STAFF), Reply.of("许" * 683)])
def test_what_is_no_message_is_refused_and_costs_nothing(ground: Ground, reply: Reply) -> None:
    openid = ground.follower()
    with pytest.raises(Refused):
        send_one(ground.sender, openid, reply)
    for number in range(5):
        send_one(ground.sender, openid, Reply.of(str(number)))
    assert len(ground.seen(openid)) == 5


@pytest.mark.parametrize(
    ("how", "meaning", "after"),
    [
        ("busy", TryLater, timedelta(minutes=1)),
        ("fast", ApiRests, timedelta(minutes=1)),
        ("tired", ApiRests, None),  # until midnight in China
    ],
)
def test_a_platform_that_is_busy_wants_it_later(
    ground: Ground, how: str, meaning: type[NotSent], after: timedelta | None
) -> None:
    openid = ground.follower()
    with ground.failing(how), pytest.raises(meaning) as caught:
        send_one(ground.sender, openid, Reply.of("x"))
    assert getattr(caught.value, "after", "none") == after
    assert ground.seen(openid) == []
    send_one(ground.sender, openid, Reply.of("x"))
    assert len(ground.seen(openid)) == 1


def test_a_call_that_broke_off_is_unknown_and_not_repeated(ground: Ground) -> None:
    openid = ground.follower()
    with ground.failing("broken"), pytest.raises(OutcomeUnknown):
        send_one(ground.sender, openid, Reply.of("x"))
    assert len(ground.seen(openid)) <= 1
    send_one(ground.sender, openid, Reply.of("y"))
    assert ground.seen(openid)[-1] == Reply.of("y")


@pytest.mark.parametrize("how", ["busy", "fast", "tired", "muted", "broken"])
def test_a_reason_is_a_short_code_for_the_ledger(ground: Ground, how: str) -> None:
    openid = ground.follower()
    with ground.failing(how), pytest.raises((NotSent, OutcomeUnknown)) as caught:
        send_one(ground.sender, openid, Reply.of("秘密的话"))
    reason = getattr(caught.value, "reason", "")
    assert str(caught.value) == reason
    assert 0 < len(reason) <= 30
    assert openid not in reason
    assert reason.isascii()


# template messages and subscription notices


def _notice(openid: str, channel: Channel, *, key: str = "hq1", template: str = "t1", value: str = "一种锅") -> Message:
    return Message(
        openid=openid, channel=channel, key=key, template_id=template, fields={"thing1": value}, url="https://a.cn/b"
    )


def test_a_template_message_arrives_and_has_a_number(ground: Ground) -> None:
    openid = ground.follower(wrote=False)
    first, second = ground.sender.send(
        [_notice(openid, Channel.TEMPLATE), _notice(openid, Channel.TEMPLATE, key="hq2")]
    )
    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert first.platform_id
    assert first.platform_id != second.platform_id
    assert ground.notices(openid) == 2


def test_a_template_message_asked_for_again_is_shown_once(ground: Ground) -> None:
    openid = ground.follower(wrote=False)
    for _ in range(3):
        (outcome,) = ground.sender.send([_notice(openid, Channel.TEMPLATE)])
        assert isinstance(outcome, Sent)
    assert ground.notices(openid) == 1


def test_one_consent_is_one_notice(ground: Ground) -> None:
    openid, other = ground.follower(wrote=False), ground.follower(wrote=False)
    ground.agrees(openid, "t1")
    outcomes = ground.sender.send([_notice(one, Channel.SUBSCRIPTION) for one in (openid, other)])
    assert isinstance(outcomes[0], Sent)
    assert isinstance(outcomes[1], NoConsent)
    (again,) = ground.sender.send([_notice(openid, Channel.SUBSCRIPTION, key="hq2")])
    assert isinstance(again, NoConsent)
    assert (ground.notices(openid), ground.notices(other)) == (1, 0)


def test_many_at_once_have_each_their_outcome(ground: Ground) -> None:
    openids = [ground.follower(wrote=number % 3 > 0) for number in range(30)]
    messages = [
        Message(openid=openid, channel=Channel.CUSTOMER_SERVICE, reply=Reply.of(str(number)))
        for number, openid in enumerate(openids)
    ]
    outcomes = ground.sender.send(messages)
    assert [isinstance(outcome, Sent) for outcome in outcomes] == [number % 3 > 0 for number in range(30)]
    assert [ground.seen(openid) for openid in openids] == [
        [Reply.of(str(number))] if number % 3 else [] for number in range(30)
    ]
    assert ground.sender.send([]) == []
