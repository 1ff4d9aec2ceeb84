"""Answering followers from the console."""

from __future__ import annotations

from backend.domain.handoffs import HandoffStatus
from backend.domain.roles import Role
from backend.outreach.sending import drain
from tests.support.arrivals import ledger
from tests.support.busy_office import ask_for_a_person
from tests.support.desk_of_staff import Colleague, StaffDesk
from tests.support.fakes import RememberingSender


def _status(desk: StaffDesk, request: int) -> HandoffStatus:
    with desk.database.read() as uow:
        return uow.handoffs.get(request).status


def _open(desk: StaffDesk, *lines: str) -> tuple[Colleague, int]:
    request = ask_for_a_person(desk, "ming", *(lines or ("人工",)))
    person = desk.enter(Role.OPERATOR, "李运营")
    person.get(f"/handoffs/{request}")
    return person, request


def _seen(person: Colleague) -> str:
    return person.page.split('name="seen" form="reply" value="')[1].split('"')[0]


def test_an_answer_reaches_the_follower_in_the_words_of_the_house(desk: StaffDesk) -> None:
    person, request = _open(desk)
    answer = person.post(f"/handoffs/{request}/reply", text="您好\r\n请带证书", seen=_seen(person))
    assert answer.headers["location"] == f"/console/handoffs/{request}?done=replied"
    sender = RememberingSender()
    drain(desk.database, sender, desk.clock)
    assert [(openid, reply.text) for openid, reply in sender.sent] == [("ming", "工作人员答复：\n您好\n请带证书")]
    person.get("/handoffs")
    assert "等用户回话" in person.words


def test_a_form_sent_twice_is_one_message(desk: StaffDesk) -> None:
    person, request = _open(desk)
    seen = _seen(person)
    person.post(f"/handoffs/{request}/reply", text="您好", seen=seen)
    assert person.post(f"/handoffs/{request}/reply", text="您好", seen=seen).status_code == 422
    assert "对话有了新内容" in person.words
    assert len(ledger(desk.database)) == 1


def test_two_colleagues_at_once_and_neither_loses_a_word(desk: StaffDesk) -> None:
    person, request = _open(desk)
    other = desk.enter(Role.ADMINISTRATOR)
    other.get(f"/handoffs/{request}")
    seen = _seen(other)
    person.post(f"/handoffs/{request}/reply", text="我来答", seen=_seen(person))
    assert other.post(f"/handoffs/{request}/reply", text="我也写了一大段", seen=seen).status_code == 422
    assert "我来答" in other.words
    assert "我也写了一大段</textarea>" in other.page
    assert other.post(f"/handoffs/{request}/close", seen=seen).status_code == 422
    assert _status(desk, request) is HandoffStatus.ANSWERED


def test_what_cannot_be_sent_is_said_at_once(desk: StaffDesk) -> None:
    person, request = _open(desk)
    for text, said in [("", "答复是空的"), ("  \r\n ", "答复是空的"), ("字" * 601, "太长了"), ("𠮷" * 520, "太长了")]:
        assert person.post(f"/handoffs/{request}/reply", text=text, seen=_seen(person)).status_code == 422
        assert said in person.words
    assert ledger(desk.database) == {}
    assert person.post(f"/handoffs/{request}/reply", text="字" * 600, seen=_seen(person)).status_code == 303


def test_answered_and_closed_in_one(desk: StaffDesk) -> None:
    person, request = _open(desk)
    person.post(f"/handoffs/{request}/reply", text="办好了", close="yes", seen=_seen(person))
    assert _status(desk, request) is HandoffStatus.CLOSED
    person.get("/handoffs?state=closed")
    assert f"#{request}" in person.words


def test_whose_turn_is_ours_comes_first(desk: StaffDesk) -> None:
    person, first = _open(desk)
    desk.clock.forward(minutes=1)
    second = ask_for_a_person(desk, "hua", "我也要人工")
    person.post(f"/handoffs/{first}/reply", text="您好", seen=_seen(person))
    person.get("/handoffs")
    assert person.words.index(f"#{second}") < person.words.index(f"#{first}")
    assert person.get("/").status_code == 200
    assert "等待答复的人工请求 1 " in person.words


def test_it_is_on_record_who_did_what_and_nobody_is_named_there(desk: StaffDesk) -> None:
    person, request = _open(desk, "我叫张三，电话13800000000")
    person.post(f"/handoffs/{request}/reply", text="张三您好", seen=_seen(person))
    person.get(f"/handoffs/{request}")
    person.post(f"/handoffs/{request}/close", seen=_seen(person))
    with desk.database.read() as uow:
        entries = list(uow.audit.entries())
        assert uow.audit.verify() is None
    assert [entry.action for entry in entries] == ["staff.add", "staff.log_in", "handoff.reply", "handoff.close"]
    assert "张三" not in str(entries)
    assert "李运营" not in str(entries)
    auditor = desk.enter(Role.AUDITOR)
    auditor.get("/audit?verify=1")
    assert "链条完整" in auditor.words
    assert "李运营 运营 答复用户" in auditor.words
