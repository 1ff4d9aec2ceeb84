"""Events in the console: written down, published, the list, the door on a phone, the export."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.clock import CHINA
from backend.domain.roles import Role
from tests.support.arrivals import NOON
from tests.support.desk_of_staff import Colleague, StaffDesk
from tests.support.events import SIZE, Venue, details

BEGINS = NOON + timedelta(days=10)
FORM = {
    "title": "宜昌供需对接会",
    "kind": "matching",
    "quota": "2",
    "begins_at": "2026-03-12T12:00",
    "ends_at": "2026-03-12T14:00",
    "sign_up_from": "2026-03-01T09:00",
    "sign_up_until": "2026-03-12T12:00",
    "place": "宜昌市演示路 1 号",
    "questions": "单位 | 您代表哪家单位？\n*来意 | 主要想做什么？ | 找技术 / 推成果",
    "feedback": "",
}


def _venue(desk: StaffDesk) -> Venue:
    return Venue(desk.database, desk.clock)


def _id(person: Colleague, location: str) -> int:
    number = int(location.rsplit("/", maxsplit=1)[-1].split("?", maxsplit=1)[0])
    person.get(f"/events/{number}")
    return number


def test_an_event_from_the_form_to_the_door(desk: StaffDesk) -> None:
    person, venue = desk.enter(Role.OPERATOR), _venue(desk)
    person.get("/events/0/edit")
    event_id = _id(person, person.post("/events/0/edit", **FORM).headers["location"])
    assert "草稿" in person.words
    person.post(f"/events/{event_id}/move", move="publish")
    venue.come(event_id, "a", "b", question_1="江城厂", question_2="找技术")
    venue.come(event_id, "c", waits="1")
    person.get(f"/events/{event_id}")
    assert "江城厂" in person.words
    assert "候补 第 1 位" in person.words
    desk.clock.at = BEGINS - timedelta(minutes=30)
    colleague = desk.enter(Role.VERIFIER)
    colleague.get(f"/events/{event_id}/door?words=来宾a")
    assert "已到 0 人" in colleague.words
    first = venue.states(event_id)
    assert first["a"] == "confirmed"
    number = _sign_up(venue, event_id, "a")
    for _ in range(2):
        assert colleague.post(f"/events/{event_id}/check-in", sign_up=str(number)).status_code == 303
    colleague.get(f"/events/{event_id}/door?words=0000")
    assert "已到 1 人" in colleague.words
    assert colleague.words.count("候补") == 1
    colleague.post(f"/events/{event_id}/walk-in", name="=1+1", phone="13911112222")
    colleague.get(f"/events/{event_id}/door")
    assert "已到 2 人 （现场登记 1）" in colleague.words.replace("人（", "人 （")
    colleague.post(f"/events/{event_id}/undo", sign_up=str(number))
    assert venue.states(event_id)["a"] == "confirmed"
    table = (
        desk.enter(Role.OPERATOR, "导出的同事")
        .get(f"/events/{event_id}/sign-ups.csv")
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert table[0] == "姓名,电话,状态,现场登记,报名时间,签到时间,单位,来意"
    assert [line for line in table if line.startswith("'=1+1,")], "no spreadsheet runs a name"
    assert any(line.startswith("来宾a,13800000000,已确认,,") and line.endswith("江城厂,找技术") for line in table)


def _sign_up(venue: Venue, event_id: int, openid: str) -> int:
    with venue.database.read() as uow:
        held = uow.sign_ups.of(event_id, openid)
    assert held is not None
    return held.id


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "会"}, "名称要写"),
        ({"place": ""}, "至少写一项"),
        ({"ends_at": "2026-03-12T11:00"}, "结束要晚于开始"),
        ({"begins_at": "明天"}, "结束要晚于开始"),
        ({"quota": "0"}, "名额请写"),
        ({"quota": "很多"}, "名额请写"),
        ({"questions": "单位"}, "题目读不懂"),
        ({"questions": "来意 | 做什么 | 只有一个"}, "题目读不懂"),
        ({"link": "javascript:alert(1)"}, "网址要以"),
        ({"summary": "长" * 501}, "写得太长"),
        ({"kind": "party"}, "请选择类型"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    small_desk: StaffDesk, changes: dict[str, str], words: str
) -> None:
    person = small_desk.enter(Role.OPERATOR)
    person.get("/events/0/edit")
    answer = person.post("/events/0/edit", **(FORM | changes))
    assert answer.status_code == 422
    assert words in person.words
    assert "宜昌市演示路" in person.page or "place" in changes


def test_calling_off_needs_a_reason_and_tells_everybody(small_desk: StaffDesk) -> None:
    person, venue = small_desk.enter(Role.OPERATOR), _venue(small_desk)
    event_id = venue.announce(details(questions=(SIZE,)))
    venue.come(event_id, "a", question_1="一位")
    person.get(f"/events/{event_id}")
    assert person.post(f"/events/{event_id}/move", move="cancel", note=" ").status_code == 422
    assert "请写明取消的原因" in person.words
    person.post(f"/events/{event_id}/move", move="cancel", note="场馆停电")
    assert [("场馆停电" in words, openid) for openid, words in venue.tend()] == [(True, "a")]
    assert person.post(f"/events/{event_id}/move", move="publish").status_code == 422


def test_the_door_opens_two_hours_before_and_closes_two_hours_after(small_desk: StaffDesk) -> None:
    person, venue = small_desk.enter(Role.OPERATOR), _venue(small_desk)
    event_id = venue.announce()
    venue.come(event_id, "a")
    number = str(_sign_up(venue, event_id, "a"))
    person.get(f"/events/{event_id}/door")
    assert "开始前两小时" in person.words
    assert person.post(f"/events/{event_id}/check-in", sign_up=number).status_code == 422
    small_desk.clock.at = BEGINS + timedelta(hours=4, minutes=1)
    late = small_desk.enter(Role.OPERATOR, "迟到的同事")
    late.get(f"/events/{event_id}/door")
    assert late.post(f"/events/{event_id}/check-in", sign_up=number).status_code == 422
    assert late.post(f"/events/{event_id}/walk-in", name="某人").status_code == 422


def test_another_events_sign_up_cannot_be_checked_in_here(small_desk: StaffDesk) -> None:
    person, venue = small_desk.enter(Role.OPERATOR), _venue(small_desk)
    ours, theirs = venue.announce(), venue.announce(details(title="别的活动"))
    venue.come(theirs, "a")
    small_desk.clock.at = BEGINS
    again = small_desk.enter(Role.OPERATOR, "门口的同事")
    again.get(f"/events/{ours}/door")
    assert again.post(f"/events/{ours}/check-in", sign_up=str(_sign_up(venue, theirs, "a"))).status_code == 422
    assert again.post(f"/events/{ours}/check-in", sign_up="99999").status_code == 422
    assert person.get("/events/99999").status_code in {303, 404}


def test_a_moved_event_keeps_its_sign_ups_and_the_form_its_times(small_desk: StaffDesk) -> None:
    person, venue = small_desk.enter(Role.OPERATOR), _venue(small_desk)
    event_id = venue.announce(details(quota=5))
    venue.come(event_id, "a")
    person.get(f"/events/{event_id}/edit")
    assert 'value="2026-03-12T12:00"' in person.page
    form = FORM | {"title": "武汉专利供需对接会", "begins_at": "2026-03-20T09:00", "ends_at": "2026-03-20T11:00"}
    assert person.post(f"/events/{event_id}/edit", **form, note="改期").status_code == 303
    assert venue.event(event_id).details.begins_at.astimezone(CHINA).day == 20
    assert ["改期" in words for _, words in venue.tend()] == [True]
    person.get(f"/events/{event_id}/edit")
    assert person.post(f"/events/{event_id}/edit", **(form | {"quota": "0"})).status_code == 422
