"""A person is asked for, answers, and closes; one open request for each follower."""

from __future__ import annotations

import pytest

from backend.domain.deeds import OpenHandoff, SaidToPerson
from backend.domain.deliveries import DeliveryKind
from backend.domain.handoffs import HandoffStatus, Line
from backend.domain.reply import Reply
from backend.outreach.sending import drain
from backend.services.handoffs import HandoffNotFound, reply_to_handoff
from backend.store.database import Database
from tests.support.arrivals import NOON, SECOND, answer, arrive, ledger, noon, visit
from tests.support.fakes import RememberingSender

LATER = NOON + SECOND


def _say(database: Database, text: str, *, wish: bool, openid: str = "ming") -> None:
    """A message whose turn asks for a person, or speaks on while one is there."""
    deed = OpenHandoff(text) if wish else SaidToPerson(text)
    with database.write() as uow:
        arrival, _ = arrive(uow, f"m:{openid}:{text[:20]}", openid)
        answer(uow, arrival, "好", deed)


def _reply(database: Database, handoff_id: int, text: str = "您好", *, close: bool = False) -> None:
    with database.write() as uow:
        reply_to_handoff(
            uow, handoff_id=handoff_id, by="王老师", text=text, worded=f"王老师：{text}", close=close, at=LATER
        )


def _open(database: Database) -> list[tuple[str, str, list[str]]]:
    with database.read() as uow:
        held = uow.handoffs.still_open()
    return [(request.openid, str(request.status), [line.text for line in request.lines]) for request in held]


def _id(database: Database, openid: str = "ming") -> int:
    with database.read() as uow:
        found = uow.handoffs.open_for(openid)
    assert found is not None
    return found


def test_a_wish_opens_one_request_and_a_second_wish_is_the_same(database: Database) -> None:
    _say(database, "人工", wish=True)
    _say(database, "人呢", wish=True)
    _say(database, "我想问年费", wish=False)
    _say(database, "人工", wish=True, openid="hua")
    assert _open(database) == [("ming", "waiting", ["人工", "人呢", "我想问年费"]), ("hua", "waiting", ["人工"])]


def test_speaking_on_without_a_request_opens_none(database: Database) -> None:
    _say(database, "年费", wish=False)
    assert _open(database) == []


def test_a_reply_is_a_line_and_a_delivery(database: Database) -> None:
    _say(database, "人工", wish=True)
    _reply(database, _id(database))
    with database.read() as uow:
        request = uow.handoffs.get(_id(database))
    assert request.status is HandoffStatus.ANSWERED
    assert request.lines == (Line(NOON, "", "人工"), Line(LATER, "王老师", "您好"))
    deliveries = list(ledger(database).values())
    assert [(held.kind, held.reply) for held in deliveries] == [(DeliveryKind.COLLEAGUE, Reply.of("王老师：您好"))]


def test_the_same_words_twice_are_two_messages(database: Database) -> None:
    _say(database, "人工", wish=True)
    for _ in range(2):
        _reply(database, _id(database))
    sender = RememberingSender()
    clock = noon()
    clock.forward(minutes=1)
    drain(database, sender, clock)
    assert sender.sent == [("ming", Reply.of("王老师：您好"))] * 2


def test_a_closed_request_is_done_and_a_new_wish_opens_another(database: Database) -> None:
    _say(database, "人工", wish=True)
    first = _id(database)
    _reply(database, first, close=True)
    assert _open(database) == []
    _say(database, "人工 再来", wish=True)
    assert _id(database) != first
    assert _open(database) == [("ming", "waiting", ["人工 再来"])]


def test_an_answer_to_an_old_request_does_not_confuse_the_new_one(database: Database) -> None:
    _say(database, "人工", wish=True)
    old = _id(database)
    _reply(database, old, close=True)
    _say(database, "人工 再来", wish=True)
    new = _id(database)
    _reply(database, old, "补充一句")
    _say(database, "接着问", wish=False)
    assert _id(database) == new
    with database.read() as uow:
        assert [line.text for line in uow.handoffs.get(new).lines] == ["人工 再来", "接着问"]


def test_a_request_that_does_not_exist(database: Database) -> None:
    visit(database)
    with pytest.raises(HandoffNotFound):
        _reply(database, 4711)
    assert ledger(database) == {}


def test_a_failing_reply_leaves_neither_line_nor_delivery(database: Database) -> None:
    _say(database, "人工", wish=True)

    def reply_and_fail() -> None:
        with database.write() as uow:
            reply_to_handoff(uow, handoff_id=_id(database), by="王", text="x", worded="x", close=True, at=LATER)
            raise KeyError

    with pytest.raises(KeyError):
        reply_and_fail()
    assert _open(database) == [("ming", "waiting", ["人工"])]
    assert ledger(database) == {}


def test_a_very_long_line_is_kept_short(database: Database) -> None:
    _say(database, "长" * 5000, wish=True)
    assert _open(database) == [("ming", "waiting", ["长" * 4000])]
