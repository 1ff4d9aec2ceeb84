"""Saved queries as a shop owner uses them: in the chat, in the middle of other things, and on the page."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape

import httpx
import pytest

from backend.domain.clock import CHINA, SetClock, day_of
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import ListingStatus
from backend.services.alerts.round import AlertRound
from backend.services.pool.importing import note_for_search, take_in
from tests.support.alerted import WORDING
from tests.support.builders import make_listing
from tests.support.office import Office, Phone

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
ONE_SENTENCE = "武汉的激光切割专利，五万以内，有新的每周告诉我"


@pytest.fixture
def subscriber(phone: Phone) -> Phone:
    """Somebody who has one saved query, told of daily."""
    phone.say("激光切割的专利，有新的每天告诉我")
    assert "记下了" in phone.say("同意")
    return phone


def _a_morning_later(office: Office, serial: int, title: str, yuan: int = 20_000) -> None:
    """A patent comes into the pool; the alert job runs at nine the next day."""
    fee = Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(yuan))
    clock = SetClock(office.parts.clock.now())
    database = office.parts.database
    take_in(
        database,
        [make_listing(serial, title=title, fee=fee)],
        clock=clock,
        source="test",
        vouched_by="王老师",
        status=ListingStatus.PUBLISHED,
    )
    note_for_search(database)
    alerts = AlertRound(database, office.parts.index, clock, WORDING, demonstration=True)
    alerts.run()
    tomorrow = day_of(clock.now()) + timedelta(days=1)
    clock.at = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, 5, tzinfo=CHINA)
    with database.write() as uow:  # tests share the office: its day may have had its digests
        uow.connection.exec_driver_sql("DELETE FROM timer WHERE name = 'digest'")
        uow.connection.exec_driver_sql("DELETE FROM delivery WHERE notice_key LIKE 'digest:%' AND status = 'sent'")
    alerts.run()


def test_one_sentence_is_enough_and_nothing_is_kept_before_consent(phone: Phone, office: Office) -> None:
    said = phone.say(ONE_SENTENCE)
    assert "“激光切割” 武汉市 5万元以内" in said
    assert "每周" in said
    assert "个人信息保护法" in said
    assert "没有订阅" in phone.say("我的订阅")
    phone.say(ONE_SENTENCE)
    assert "每天早上九点" in phone.say("每天")
    assert "每天汇总一次" in phone.say("同意")
    assert "“激光切割” 武汉市 5万元以内（每天）" in phone.say("我的订阅")
    openid = office.simulator.world.personas[phone.id].openid
    with office.parts.database.read() as uow:
        assert any(consent.purpose == "alerts" for consent in uow.institutions.consents(openid))


def test_after_a_search_it_is_that_search(phone: Phone) -> None:
    phone.say("有没有免费的锂电池回收专利")
    assert "“锂电池回收” 免费" in phone.say("有新的就告诉我")
    assert "记下了" in phone.say("好")
    assert "记下了：“钣金”" in phone.say("钣金，有新的每天发我")  # agreed once


def test_a_no_keeps_nothing(phone: Phone) -> None:
    phone.say(ONE_SENTENCE)
    assert "什么也没有保存" in phone.say("不同意")
    assert "没有订阅" in phone.say("我的订阅")


def test_a_yes_to_something_else_saves_nothing(phone: Phone) -> None:
    phone.say(ONE_SENTENCE)
    phone.say("年费减多少")
    phone.say("同意")
    assert "没有订阅" in phone.say("我的订阅")


def test_without_anything_to_look_for_it_asks(phone: Phone) -> None:
    assert "留意哪方面" in phone.say("有新的告诉我")
    assert "“小龙虾加工”" in phone.say("小龙虾加工的")


def test_list_pause_change_delete(subscriber: Phone) -> None:
    subscriber.say("订阅智能农机")
    assert "1. “激光切割”（每天）\n2. “智能农机”（每周）" in subscriber.say("我的订阅")
    assert "“智能农机”（每周，已暂停）" in subscriber.say("暂停第2条")
    assert "“智能农机”（每周）" in subscriber.say("恢复第二条")
    assert "“激光切割”（每周）" in subscriber.say("第1条改成每周")
    assert "只有 2 条" in subscriber.say("删除第5条")
    assert "“激光切割” 宜昌市" in subscriber.say("第1条换成宜昌")
    subscriber.say("我的订阅")
    gone = subscriber.say("删除第1条")
    assert "已删除" in gone
    assert "1. “智能农机”（每周）" in gone


def test_a_question_in_front_of_the_list_changes_nothing(subscriber: Phone) -> None:
    subscriber.say("我的订阅")
    subscriber.say("五万是不是太贵了？")
    assert "“激光切割”（每天）" in subscriber.say("我的订阅")


@pytest.mark.parametrize("words", ["退订", "td", "不想收这些推送了", "别再给我发了", "莫再推送了", "取消所有订阅"])
def test_any_wording_leaves_at_once(subscriber: Phone, words: str) -> None:
    assert "已退订" in subscriber.say(words)
    assert "没有订阅" in subscriber.say("我的订阅")


def test_not_at_night_is_no_leaving(subscriber: Phone) -> None:
    assert "晚上九点到早上八点不打扰" in subscriber.say("晚上别给我发消息")
    assert "“激光切割”" in subscriber.say("我的订阅")


def test_leaving_in_the_middle_of_a_declaration_goes_on_with_it(subscriber: Phone) -> None:
    subscriber.say("我要声明")
    assert "已退订" in subscriber.say("退订")
    assert "专利号" in subscriber.say("预览")


def test_what_was_found_is_told_at_the_next_visit_and_says_why(subscriber: Phone, office: Office) -> None:
    _a_morning_later(office, 501, "管材激光切割定心夹具")
    said = subscriber.say("你好")
    assert "新上架《管材激光切割定心夹具》" in said
    assert "含“激光" in said
    assert "新上架" not in subscriber.say("你好")


def test_who_left_hears_nothing(subscriber: Phone, office: Office) -> None:
    _a_morning_later(office, 502, "板材激光切割除尘台")
    assert "已退订" in subscriber.do("say", text="退订")[0]
    assert "新上架" not in subscriber.say("你好")


def test_unfollowing_ends_it_and_a_follower_again_finds_it_paused(subscriber: Phone, office: Office) -> None:
    subscriber.do("unfollow")
    subscriber.do("follow")
    _a_morning_later(office, 503, "激光切割头防撞装置")
    assert "新上架" not in subscriber.say("你好")
    assert "已暂停" in subscriber.say("我的订阅")


@contextlib.contextmanager
def browser_of(phone: Phone, office: Office, path: str = "/h5/subscriptions") -> Iterator[httpx.Client]:
    """The browser inside their chat: the simulated platform tells the page who it is."""
    with httpx.Client(base_url=office.address, follow_redirects=True, timeout=20) as client:
        asked = client.get(path)
        links = [unescape(link) for link in re.findall(r'href="([^"]+)"', asked.text)]
        client.get(next(link for link in links if link.endswith(f"persona={phone.id}")))
        yield client


def _press(client: httpx.Client, page: str, **fields: str) -> str:
    """Send one of the page's forms; the page after it."""
    token = TOKEN.search(page)
    assert token
    answer = client.post("/h5/subscriptions", data={"token": token[1], **fields})
    assert answer.status_code == 200
    return answer.text


def test_the_same_on_the_page(subscriber: Phone, office: Office) -> None:
    with browser_of(subscriber, office) as client:
        page = client.get("/h5/subscriptions").text
        assert "“激光切割”" in page
        one = _id(page)
        assert "已暂停" in _press(client, page, do="pause", id=one)
        assert "每周" in _press(client, page, do="cadence", id=one, cadence="weekly")
        page = _press(
            client, page, do="conditions", id=one, words="激光焊接", place="420500", most="3万", kind="", free=""
        )
        assert "“激光焊接” 宜昌市" in page
        assert "至少要留一个条件" in _press(client, page, do="conditions", id=_id(page), words="", place="", most="")
        assert "已保存" in _press(client, page, do="delete", id=one)
        assert "已经不在了" in _press(client, page, do="delete", id=one)
        assert client.post("/h5/subscriptions", data={"do": "leave", "token": "0" * 64}).status_code == 403
        subscriber.say("订阅智能农机")
        page = _press(client, page, do="leave")
        assert "已全部退订" in page
        assert "您现在没有订阅" in page
    assert "没有订阅" in subscriber.say("我的订阅")


def _id(page: str) -> str:
    found = re.search(r'name="id" value="(\d+)"', page)
    assert found
    return found[1]


def test_favourites_are_told_of_once_that_is_agreed_to(phone: Phone, office: Office) -> None:
    _shelve(office, 9301, 20_000)
    number = make_listing(9301).number
    phone.say(number)
    assert "收藏有变化告诉我" in phone.say("收藏")
    assert "个人信息保护法" in phone.say("收藏有变化告诉我")
    assert "价格或状态一变" in phone.say("同意")
    assert "已经在留意" in phone.say("收藏有变化告诉我")
    phone.say(make_listing(9301).number)
    openid = office.simulator.world.personas[phone.id].openid
    _shelve(office, 9301, 15_000)
    assert "原来一次总付2万元，现在一次总付1.5万元" in _kept(office, openid)
    phone.say("退订")
    _shelve(office, 9301, 10_000)
    assert _kept(office, openid) == ""
    assert "测试用散热装置9301" in phone.say("我的收藏")


def test_a_patent_to_be_watched_becomes_a_favourite(phone: Phone, office: Office) -> None:
    _shelve(office, 9302, 20_000)
    assert "放进您的收藏" in phone.say(f"{make_listing(9302).number} 有新的告诉我")
    phone.say("同意")
    assert "测试用散热装置9302" in phone.say("我的收藏")


def _shelve(office: Office, serial: int, yuan: int) -> None:
    """In the pool at this price, and looked at by the alert job."""
    fee = Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(yuan))
    database, noon = office.parts.database, datetime(2026, 11, 27, 12, tzinfo=CHINA)
    take_in(
        database,
        [make_listing(serial, fee=fee)],
        clock=SetClock(noon),
        source="test",
        vouched_by="王老师",
        status=ListingStatus.PUBLISHED,
    )
    note_for_search(database)
    AlertRound(database, office.parts.index, SetClock(noon), WORDING, demonstration=True).run()


def _kept(office: Office, openid: str) -> str:
    with office.parts.database.read() as uow:
        return "\n".join(delivery.reply.text for delivery in uow.deliveries.kept_for(openid))


@pytest.mark.parametrize(
    ("said", "left", "gone"),
    [
        ("切割的不用了，水泵的还留着", ["水泵"], ["激光切割"]),
        ("都别发了，水泵的还是要", ["水泵"], ["激光切割"]),
        ("不要第1条了，第2条留着", ["水泵"], ["激光切割"]),
        ("退订切割", ["水泵"], ["激光切割"]),
        ("别再发水泵的了", ["激光切割"], ["水泵"]),
    ],
)
def test_one_of_several_goes_in_ones_own_words(subscriber: Phone, said: str, left: list[str], gone: list[str]) -> None:
    subscriber.say("水泵密封的专利，有新的每周告诉我")
    told = subscriber.say(said)
    assert "已删除" in told, told
    shown = subscriber.say("我的订阅")
    assert all(word in shown for word in left)
    assert not any(word in shown for word in gone)


def test_one_is_paused_or_told_of_otherwise_while_no_list_is_open(subscriber: Phone) -> None:
    subscriber.say("水泵密封的专利，有新的每天告诉我")
    subscriber.say("有没有茶叶烘干的专利")
    assert "每周" in subscriber.say("第2条改成每周")
    subscriber.say("有没有茶叶烘干的专利")
    assert "已暂停" in subscriber.say("暂停第1条")
    subscriber.say("有没有茶叶烘干的专利")
    assert "每天" in subscriber.say("水泵的改成每天")


def test_who_wants_no_recommendations_keeps_what_they_asked_for(subscriber: Phone) -> None:
    assert "推荐不再发" in subscriber.say("我不想收你们推荐了但是想留着那个订阅")
    assert "激光切割" in subscriber.say("我的订阅")


def test_a_search_that_leaves_something_out_deletes_nothing(subscriber: Phone) -> None:
    subscriber.say("有没有做切割的专利")
    subscriber.say("不要发明专利")
    assert "激光切割" in subscriber.say("我的订阅")
