"""From a campaign to the phone and back: what a follower sees, agrees to and ends, on the simulator's platform."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from backend.domain.clock import CHINA, SetClock, SystemClock
from backend.domain.deliveries import RECOMMENDATIONS, Channel, Delivery, DeliveryKind, Notice, Recipient
from backend.domain.profiles import Consent
from backend.domain.reply import Reply
from backend.domain.roles import Role
from backend.outreach.sending import Dispatcher
from backend.services.colleagues import show_code
from backend.services.staff import add_staff
from tests.support.ledger import DECLARED
from tests.support.office import Office, Phone


def _noon(days: int = 0) -> datetime:
    return SystemClock().now().astimezone(CHINA).replace(hour=12, minute=0) + timedelta(days=days)


def _openid(office: Office, phone: Phone) -> str:
    return str(office.simulator.world.personas[phone.id].openid)


def _agree(office: Office, openid: str) -> None:
    with office.parts.database.write() as uow:
        uow.institutions.agree(openid, Consent(RECOMMENDATIONS, "1"), at=_noon())


def _campaign(office: Office, openid: str, words: str) -> int:
    at = _noon(-1)
    with office.parts.database.write() as uow:
        campaign = uow.campaigns.create(
            kind=DeliveryKind.RECOMMENDATION,
            name="测试",
            text=Reply.of(words),
            notice=Notice("recommendation", {"title": "((标题))", "reason": "与您的行业相符", "day": "2026-11-28"}),
            starts_at=at,
            expires_at=at + timedelta(days=5),
            by="王老师",
            at=at,
        )
        uow.campaigns.stage(campaign, [Recipient(openid, {"标题": "一种钣金夹具"})], at=at)
        uow.campaigns.start(campaign)
    return campaign


def _send(office: Office, *, days: int = 0) -> None:
    parts = office.parts
    Dispatcher(parts.database, parts.sender, SetClock(_noon(days)), parts.forms, "secret").drain()


def _held(office: Office, openid: str, key: str) -> Delivery:
    with office.parts.database.read() as uow:
        return uow.deliveries.get(uow.deliveries.id_of(openid, key))


def _soon(fits: Callable[[], bool]) -> bool:
    end = time.monotonic() + 8
    while time.monotonic() < end:
        if fits():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("words", ["退订", "TD", "停止推送。", "别再给我发这些推荐了"])
def test_a_recommendation_reaches_the_phone_until_they_leave(office: Office, phone: Phone, words: str) -> None:
    phone.say("你好")
    openid = _openid(office, phone)
    _agree(office, openid)
    first = _campaign(office, openid, "您可能用得上：((标题))")
    _send(office)
    assert phone.heard()[-1] == "您可能用得上：一种钣金夹具"
    assert "专利推荐：开" in phone.say("消息设置")
    second = _campaign(office, openid, "又一条：((标题))")
    assert "已退订" in phone.say(words)
    third = _campaign(office, openid, "第三条：((标题))")
    _send(office, days=1)
    states = [str(_held(office, openid, f"campaign:{number}").status) for number in (first, second, third)]
    assert states == ["sent", "suppressed", "suppressed"]
    assert not [text for text in phone.heard() if text.startswith(("又一条", "第三条"))]


def test_leaving_in_the_middle_of_a_declaration_leaves_the_declaration(phone: Phone) -> None:
    phone.say("我要声明")
    assert "已退订" in phone.say("退订")
    assert "专利号" in phone.say("继续")


def test_a_pause_is_said_in_a_sentence_and_shown(phone: Phone) -> None:
    assert "以前不主动给您发消息" in phone.say("暂停一个月")
    assert "已暂停" in phone.say("消息设置")
    assert "已恢复" in phone.say("恢复推送")
    assert "已暂停" not in phone.say("消息设置")
    assert "早上9点" in phone.say("早上九点以后再发")


@pytest.mark.parametrize(("blocks", "status"), [(False, "sent"), (True, "refused")])
def test_the_result_of_a_template_message_comes_back(office: Office, phone: Phone, blocks: bool, status: str) -> None:
    phone.do("follow")
    openid = _openid(office, phone)
    if blocks:
        office.simulator.notices.blocked.add(openid)
    with office.parts.database.write() as uow:
        uow.deliveries.plan(openid=openid, notice_key="n:1", reply=Reply.of("x"), notice=DECLARED, at=_noon())
    _send(office, days=1)
    assert _soon(lambda: str(_held(office, openid, "n:1").status) == status)
    held = _held(office, openid, "n:1")
    assert (held.channel, bool(held.platform_id)) == (Channel.TEMPLATE, True)
    assert any(item.get("via") == "template" for item in phone.items()) != blocks


def test_agreeing_on_the_page_is_one_notice(office: Office, phone: Phone) -> None:
    phone.do("follow")
    openid = _openid(office, phone)
    template = office.parts.forms.ids[Channel.SUBSCRIPTION]["recommendation"]
    asked = urllib.request.Request(
        f"{office.address}/simulator/subscribe",
        data=json.dumps({template: "accept"}).encode(),
        headers={"X-Simulator": "1", "Cookie": f"simulator_persona={phone.id}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked):
        pass

    def agreed() -> bool:
        with office.parts.database.read() as uow:
            return uow.preferences.credits([openid]) == {(openid, template): 1}

    assert _soon(agreed)
    with office.parts.database.read() as uow:
        assert RECOMMENDATIONS in uow.standings.purposes([openid])[openid]
    campaign = _campaign(office, openid, "您可能用得上：((标题))")
    _send(office, days=1)
    held = _held(office, openid, f"campaign:{campaign}")
    assert (str(held.status), held.channel) == ("sent", Channel.SUBSCRIPTION)
    assert [item["text"].split("\n")[1] for item in phone.items() if item.get("via") == "subscription"] == [
        "一种钣金夹具"
    ]


def test_interest_in_the_second_patent_of_a_push_is_said_in_the_chat(office: Office, phone: Phone) -> None:
    phone.say("锂电池回收")
    openid = _openid(office, phone)
    _agree(office, openid)
    offers = office.parts.matcher.pool().offers[:2]
    at = _noon(-1)
    with office.parts.database.write() as uow:
        campaign = uow.campaigns.create(
            kind=DeliveryKind.RECOMMENDATION,
            name="测试",
            text=Reply.of("两件专利"),
            starts_at=at,
            expires_at=at + timedelta(days=5),
            by="",
            at=at,
        )
        numbers = " ".join(offer.listing.number for offer in offers)
        uow.campaigns.stage(campaign, [Recipient(openid, {"号码": numbers})], at=at)
        uow.campaigns.start(campaign)
    _send(office, days=1)
    assert offers[1].listing.title in phone.say("第2个感兴趣")
    with office.parts.database.read() as uow:
        assert [held.number for held in uow.responses.interests(campaign)[1]] == [offers[1].listing.number]


def test_a_colleague_shows_their_phone_with_a_code_that_is_good_once(office: Office, phone: Phone) -> None:
    database, at = office.parts.database, SystemClock().now()
    name = f"同事{phone.id}"
    add_staff(database, name=name, role=Role.OPERATOR, password="长江大桥-通车-1957", at=at)
    with database.write() as uow:
        staff = next(held for held, _ in uow.staff.everyone() if held.name == name)
        code = show_code(uow, staff, at=at)
    assert "登记码不对" in phone.say("绑定后台 0000000000")
    phone.say("我要声明")
    assert "已登记为您的测试手机" in phone.say(f"绑定后台 {code}")
    assert "登记码不对" in phone.say(f"绑定后台 {code}")
    with database.read() as uow:
        assert uow.staff_phones.of(staff.id) == _openid(office, phone)
    phone.do("unfollow")
    with database.write() as uow:
        uow.followers.erase(_openid(office, phone))
        assert uow.staff_phones.of(staff.id) == ""
