"""What the platform reports settles what was in doubt; agreeing to notices; staff settle the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.deeds import Agree, AgreedToNotice, NoticeEnded
from backend.domain.deliveries import RECOMMENDATIONS, Channel, DeliveryKind, DeliveryStatus
from backend.domain.ports.sender import OutcomeUnknown
from backend.domain.roles import Actor, Role
from backend.services.deeds import carry_out
from backend.services.notices import NotInDoubt, settle_unknown
from backend.store.database import Database
from bot.dialogue.topics.reports import deeds_of
from bot.wechat.inbound import parse_body, to_incoming
from tests.support.arrivals import NOON, arrive, ledger, plan
from tests.support.ledger import DECLARED, IDS, Post

ID = IDS[Channel.SUBSCRIPTION]["recommendation"]
PURPOSES = {ID: RECOMMENDATIONS}
HEAD = "<ToUserName>gh</ToUserName><FromUserName>ming</FromUserName><CreateTime>1772424000</CreateTime><MsgType>event</MsgType>"


@pytest.fixture
def post(database: Database) -> Post:
    held = Post(database)
    held.followers("ming", window=None)
    return held


def _told(xml: str) -> tuple[object, ...]:
    return deeds_of(to_incoming(parse_body(f"<xml>{HEAD}{xml}</xml>".encode())), PURPOSES)


def _ended(post: Post, number: str, *, arrived: bool = True, channel: Channel = Channel.TEMPLATE) -> None:
    with post.database.write() as uow:
        carry_out(uow, "ming", NoticeEnded(channel, number, arrived, "" if arrived else "user_block"), at=NOON)


def test_events_of_the_platform_are_read() -> None:
    done = "<Event>TEMPLATESENDJOBFINISH</Event><MsgID>200163836</MsgID><Status>{}</Status>"
    assert _told(done.format("success")) == (NoticeEnded(Channel.TEMPLATE, "200163836", True),)
    blocked = NoticeEnded(Channel.TEMPLATE, "200163836", False, "failed_user_block")
    assert _told(done.format("failed:user block")) == (blocked,)
    one = f"<List><TemplateId>{ID}</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
    other = "<List><TemplateId>unknown</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
    popup = "<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>{}</SubscribeMsgPopupEvent>"
    agreed = _told(popup.format(one + other))
    assert agreed[0] == AgreedToNotice(ID)
    assert isinstance(agreed[1], Agree)
    assert agreed[1].purpose == RECOMMENDATIONS
    assert len(agreed) == 2
    assert _told(popup.format(one.replace("accept", "reject"))) == ()
    change = "<Event>subscribe_msg_change_event</Event><SubscribeMsgChangeEvent>{}</SubscribeMsgChangeEvent>"
    assert _told(change.format(one.replace("accept", "reject"))) == (AgreedToNotice(ID, agreed=False),)
    sent = (
        "<Event>subscribe_msg_sent_event</Event><SubscribeMsgSentEvent><List><TemplateId>x</TemplateId>"
        "<MsgID>7</MsgID><ErrorCode>{}</ErrorCode><ErrorStatus>{}</ErrorStatus></List></SubscribeMsgSentEvent>"
    )
    assert _told(sent.format("0", "success")) == (NoticeEnded(Channel.SUBSCRIPTION, "7", True),)
    assert _told(sent.format("43101", "failed")) == (NoticeEnded(Channel.SUBSCRIPTION, "7", False, "platform_43101"),)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_doubt_is_settled_by_the_only_report_that_can_mean_it(post: Post, arrived: bool) -> None:
    plan(post.database, kind=DeliveryKind.SERVICE_NOTICE, notice=DECLARED)
    post.sender.fail_next = [OutcomeUnknown("platform_-1")]
    post.run()
    assert post.status("n:1")[0] == "unknown"
    _ended(post, "9", arrived=arrived, channel=Channel.SUBSCRIPTION)
    assert post.status("n:1")[0] == "unknown"
    _ended(post, "9", arrived=arrived)
    assert post.status("n:1")[0] == ("sent" if arrived else "refused")
    assert ledger(post.database)["n:1"].platform_id == "9"


def test_two_doubts_are_left_to_staff(post: Post) -> None:
    post.sender.fail_next = [OutcomeUnknown("platform_-1")] * 2
    for key in ("n:1", "n:2"):
        plan(post.database, notice_key=key, kind=DeliveryKind.SERVICE_NOTICE, notice=DECLARED)
    post.run()
    _ended(post, "9")
    assert {post.status(key)[0] for key in ("n:1", "n:2")} == {"unknown"}
    wang = Actor(Role.OPERATOR, "staff:1")
    ids = [held.id for held in ledger(post.database).values()]
    with post.database.write() as uow:
        assert settle_unknown(uow, delivery_id=ids[0], arrived=True, by=wang, at=NOON).status is DeliveryStatus.SENT
        with pytest.raises(NotInDoubt):
            settle_unknown(uow, delivery_id=ids[0], arrived=False, by=wang, at=NOON)
        assert [entry.subject for entry in uow.audit.entries()] == [f"delivery:{ids[0]}"]
    post.clock.forward(days=1)
    post.run()
    assert not post.heard


def test_a_report_that_is_faster_than_the_answer_to_the_call_stands(post: Post) -> None:
    """The event comes in while the worker still waits: its later outcome changes nothing."""
    plan(post.database, kind=DeliveryKind.SERVICE_NOTICE, notice=DECLARED)
    worker, take = post.worker(), post.sender.take

    def reported(message: object) -> str:
        _ended(post, "1", arrived=False)
        return take(message)  # type: ignore[arg-type] # as it was given

    post.sender.take = reported  # type: ignore[method-assign] # the platform's event in the middle of the call
    worker.drain()
    assert post.status("n:1") == ("refused", "template", "user_block")


def test_a_legal_notice_that_did_not_arrive_goes_by_another_way(post: Post) -> None:
    post.credit("ming", "declaration")
    plan(post.database, kind=DeliveryKind.LEGAL_NOTICE, notice=DECLARED)
    post.run()
    number = ledger(post.database)["n:1"].platform_id
    _ended(post, number, arrived=False, channel=Channel.SUBSCRIPTION)
    post.run()
    assert post.status("n:1")[:2] == ("sent", "template")


def test_an_agreement_to_one_notice_is_one_notice(post: Post) -> None:
    for _ in range(2):
        with post.database.write() as uow:
            carry_out(uow, "ming", AgreedToNotice(ID), at=NOON)
    post.sender.agreed["ming", ID] = 2
    for _ in range(3):
        campaign = post.campaign(["ming"])
        post.run()
        post.clock.forward(days=1)
    assert post.heard["ming"] == 2
    assert post.status(f"campaign:{campaign}")[1] == "next_visit"
    with post.database.write() as uow:
        carry_out(uow, "ming", AgreedToNotice(ID), at=NOON)
        carry_out(uow, "ming", AgreedToNotice(ID, agreed=False), at=NOON)
        assert uow.preferences.credits(["ming"]) == {}


def test_a_report_makes_nobody_a_follower(database: Database) -> None:
    with database.write() as uow:
        _, state = arrive(uow, "e:gone", "gone", window=None)
    assert state is not None
    with database.write() as uow:
        _, left = arrive(uow, "e:left", "gone", at=NOON + timedelta(minutes=1), window=None, following=False)
    assert left is not None
    with database.write() as uow:
        _, after = arrive(uow, "e:report", "gone", at=NOON + timedelta(minutes=2), window=None, following=None)
        _, never = arrive(uow, "e:report2", "never", at=NOON, window=None, following=None)
    assert after is not None
    assert never is not None
    assert (state.following, left.following, after.following, never.following) == (True, False, False, False)
