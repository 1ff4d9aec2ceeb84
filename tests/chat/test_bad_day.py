"""What goes wrong: slow, hanging and broken understanding, no Redis, two taps at once, re-posts, odd input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from backend.store.tables.followers import FollowerRow
from tests.support.office import Office, open_office
from tests.support.storm import fake_nlu

BROKEN = "该公众号提供的服务出现故障"


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Office]:
    """An office without Redis and without an understanding process."""
    with open_office(tmp_path, nlu_url="http://127.0.0.1:9", redis_url="") as held:
        yield held


def test_without_model_and_redis_questions_and_searches_are_still_answered(alone: Office) -> None:
    phone = alone.phone()
    assert "15%" in phone.say("开放许可年费减多少")
    assert "茶" in phone.say("有没有茶叶的专利")
    assert "工作人员" in phone.say("我要找人工")


@pytest.mark.parametrize(
    ("flow", "told"), [({"flow": "of another release", "saved": True}, "继续"), ({"flow": "declare"}, "没处理好")]
)
def test_a_message_that_we_cannot_handle_does_not_hold_back_the_next(
    alone: Office, flow: dict[str, Any], told: str
) -> None:
    phone = alone.phone()
    assert phone.say("你好")
    broken = {"flow": {**flow, "mode": "unheard of"}}
    with alone.parts.database.write() as uow:
        uow.connection.execute(update(FollowerRow).values(state=broken))
    assert told in phone.say("年费减多少")
    assert "15%" in phone.say("年费减多少")
    with alone.parts.database.write() as uow:
        uow.connection.execute(update(FollowerRow).values(state=broken))
    assert "没处理好" in phone.tap("help")  # a tap is answered in the transaction that records it
    assert "15%" in phone.say("年费减多少")


def test_understanding_that_takes_three_seconds_is_still_answered_in_the_response(office: Office) -> None:
    phone = office.phone()
    office.simulator.faults.nlu_delay_s = 3.0
    try:
        said = phone.say("年费减多少")
    finally:
        office.simulator.faults.nlu_delay_s = 0.0
    assert "15%" in said
    assert phone.verdicts == ["passive"]


def test_an_answer_that_comes_after_the_deadline_arrives_exactly_once(tmp_path: Path) -> None:
    with fake_nlu() as nlu_url, open_office(tmp_path, nlu_url=nlu_url) as office:
        office.simulator.faults.nlu_delay_s = 5.2
        phone = office.phone()
        assert phone.say("你好") == ""
        assert phone.verdicts == ["success"]
        office.simulator.faults.nlu_delay_s = 0.0
        office.deliver_soon()
        assert [text for text in phone.heard() if "慧桥" in text] == phone.heard()
        assert len(phone.heard()) == 1
        assert office.deliver() == 0


def test_an_answer_is_kept_for_the_next_visit_when_no_window_is_open(tmp_path: Path) -> None:
    with fake_nlu() as nlu_url, open_office(tmp_path, nlu_url=nlu_url) as office:
        phone = office.phone()
        persona = office.simulator.world.personas[phone.id]
        office.simulator.faults.nlu_delay_s = 5.2
        phone.say("你好")
        office.simulator.faults.nlu_delay_s = 0.0
        persona.window_left = 0  # the platform has meanwhile closed it
        office.deliver_soon()
        assert phone.heard() == []
        said = phone.say("谢谢")
        assert "给您留了消息" in said
        assert "慧桥" in said
        assert "给您留了消息" not in phone.say("谢谢")


def test_the_same_message_posted_twice_at_once_is_answered_once(office: Office) -> None:
    phone = office.phone()
    phone.say("年费减多少", copies=2)
    bodies = {
        post["plain_response"].split("<Content>")[-1] for exchange in phone.exchanges for post in exchange["posts"]
    }
    assert len(bodies) == 1
    assert len(phone.heard()) == 1


def test_a_repost_gets_the_answer_of_the_first_post(office: Office) -> None:
    phone = office.phone()
    phone.say("有没有免费的茶叶专利", drop_first=True)
    first, second = phone.exchanges[0]["posts"]
    assert first["dropped"]
    assert first["plain_response"].split("<Content>")[1] == second["plain_response"].split("<Content>")[1]
    assert len(phone.heard()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "长" * 10_000,
        "😀" * 2600,
        "\x00\x07\x1b",
        "\u202e反过来\u2066",
        "<a href='weixin://dl'>点我</a>",
        "]]></Content>",
        "   ",
        "’ OR 1=1 --",
        "{{7*7}}((名称))",
    ],
)
def test_odd_input_gets_a_short_clear_answer(office: Office, text: str) -> None:
    phone = office.phone()
    said = phone.say(text)
    assert said
    assert len(said) < 700
    assert BROKEN not in said
    assert "weixin://" not in said
    assert "Traceback" not in said


def test_many_messages_at_once_are_answered_in_order(office: Office) -> None:
    phone = office.phone()
    for number in range(5):
        phone.do("say", text=("你好", "年费减多少", "有没有茶叶专利", "谢谢", "再见")[number], wait=False)
    said = phone.say("帮助")
    heard = phone.heard()
    assert "问政策" in said
    assert len(heard) == 6


def test_a_voice_a_picture_and_a_place_get_sensible_answers(office: Office) -> None:
    phone = office.phone()
    assert "打几个字" in "".join(phone.do("voice"))
    assert "文字" in "".join(phone.do("video"))
    assert "链接" in "".join(phone.do("link", title="x", description="y", url="https://example.org"))
    said = "".join(phone.do("location", label="湖北省宜昌市西陵区", latitude=30.7, longitude=111.3))
    assert "宜昌市" in said


def test_a_person_is_asked_for_and_answers_in_the_chat(office: Office) -> None:
    from backend.services.handoffs import reply_to_handoff

    phone = office.phone()
    phone.say("人工")
    phone.say("我的专利被质押了怎么办理")
    with office.parts.database.read() as uow:
        openid = office.simulator.world.personas[phone.id].openid
        request = next(held for held in uow.handoffs.still_open() if held.openid == openid)
    assert [line.text for line in request.lines] == ["人工", "我的专利被质押了怎么办理"]
    with office.parts.database.write() as uow:
        reply_to_handoff(
            uow,
            handoff_id=request.id,
            by="小王",
            text="请带质权人同意书",
            worded="工作人员答复：请带质权人同意书",
            close=False,
            at=office.parts.clock.now(),
        )
    office.deliver()
    assert "请带质权人同意书" in phone.heard()[-1]
