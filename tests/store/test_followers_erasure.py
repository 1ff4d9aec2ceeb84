"""Forgetting a follower: nothing about them stays in any table, and nobody else loses anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import inspect, select

from backend.domain.clock import SetClock
from backend.domain.deeds import Followed, NoteMiss, OpenHandoff
from backend.services.deeds import ERASE_AFTER
from backend.services.followers import erase_due
from backend.services.handoffs import reply_to_handoff
from backend.store.database import Database
from backend.store.tables import Base
from backend.store.unit_of_work import UnitOfWork
from tests.support.arrivals import HOUR, NOON, SECOND, answer, arrive, follower, leave, noon, plan, visit

SECRET = "the key of the office"


def _converse(database: Database, openid: str, word: str) -> None:
    """A follower who leaves traces of every kind."""
    deeds = (
        OpenHandoff(f"{word} 求助"),
        NoteMiss(f"{word} 没答上", ("a",)),
        NoteMiss(f"{word} 选", (), word),
        Followed(word),
    )
    with database.write() as uow:
        arrival, _ = arrive(uow, f"m:{openid}:1", openid, text=f"{word} 问")
        answer(uow, arrival, f"{word} 答", *deeds, state={"draft": f"{word} 草稿"})
        arrive(uow, f"m:{openid}:2", openid, text=f"{word} 还没答")
        handoff = uow.handoffs.open_for(openid)
        assert handoff is not None
        reply_to_handoff(
            uow, handoff_id=handoff, by="王老师", text=f"{word} 人工", worded=f"{word} 人工", close=True, at=NOON
        )
        uow.handoffs.open(openid, at=NOON)
    plan(database, openid, text=f"{word} 通知")


def _tables_with(database: Database, word: str) -> dict[str, int]:
    """How many rows of each table, read as the database really holds it, contain the word anywhere."""
    found: dict[str, int] = {}
    with database.read() as uow:
        names = inspect(uow.connection).get_table_names()
        assert set(Base.metadata.tables) <= set(names)
        for table in Base.metadata.sorted_tables:
            rows = uow.connection.execute(select(table)).all()
            count = sum(word in repr(tuple(row)) for row in rows)
            if count:
                found[table.name] = count
    return found


def test_nothing_about_them_stays_in_any_table(database: Database) -> None:
    for openid, word in (("o-ming-canary", "金丝雀"), ("o-hua", "画眉")):
        _converse(database, openid, word)
    before = _tables_with(database, "金丝雀")
    others = _tables_with(database, "画眉")
    leave(database, "o-ming-canary")
    planted = {"inbox", "follower", "delivery", "handoff_line", "knowledge_miss"}
    assert set(before) == planted
    assert "handoff" in _tables_with(database, "o-ming-canary")

    assert erase_due(database, SetClock(NOON + ERASE_AFTER), secret=SECRET) == 1
    assert _tables_with(database, "金丝雀") == {}
    assert _tables_with(database, "o-ming-canary") == {}
    assert _tables_with(database, "画眉") == others


def test_the_promise_of_a_day_holds_with_a_worker_that_was_down(database: Database) -> None:
    visit(database)
    leave(database, "ming")
    clock = noon()
    assert timedelta(hours=24) >= ERASE_AFTER * 2
    assert erase_due(database, clock, secret=SECRET) == 0
    clock.at = NOON + ERASE_AFTER - SECOND
    assert erase_due(database, clock, secret=SECRET) == 0
    clock.at = NOON + timedelta(hours=24)
    assert (erase_due(database, clock, secret=SECRET), erase_due(database, clock, secret=SECRET)) == (1, 0)


def _come_back(database: Database, openid: str) -> None:
    with database.write() as uow:
        arrival, _ = arrive(uow, f"e:{openid}:back", openid, at=NOON + HOUR)
        answer(uow, arrival, "欢迎", Followed(""))


def test_who_comes_back_in_time_is_remembered(database: Database) -> None:
    _converse(database, "ming", "回来")
    leave(database, "ming")
    _come_back(database, "ming")
    assert erase_due(database, SetClock(NOON + timedelta(days=30)), secret=SECRET) == 0
    assert set(_tables_with(database, "回来")) >= {"inbox", "handoff_line"}


class Returning(Database):
    """The real database, except that somebody comes back just before the first erasing."""

    def __init__(self, real: Database, openid: str) -> None:
        self.real, self.openid, self.back = real, openid, False

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        with self.real.read() as uow:
            yield uow

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        if not self.back:
            self.back = True
            _come_back(self.real, self.openid)
        with self.real.write() as uow:
            yield uow


def test_who_comes_back_while_the_list_is_worked_off_is_remembered(database: Database) -> None:
    for openid in ("o-a", "o-b"):
        visit(database, openid)
        leave(database, openid)
    assert erase_due(Returning(database, "o-a"), SetClock(NOON + ERASE_AFTER), secret=SECRET) == 1
    assert follower(database, "o-a").following
    assert _tables_with(database, "o-b") == {}


def test_more_than_one_page_is_erased(database: Database) -> None:
    with database.write() as uow:
        for number in range(230):
            arrive(uow, f"m:{number}", f"o{number:03}")
            uow.followers.due_for_erasure(f"o{number:03}", NOON if number < 215 else NOON + HOUR)
    assert erase_due(database, noon(), secret=SECRET) == 215
    assert set(_tables_with(database, "o2")) == {"inbox", "follower"}
    assert _tables_with(database, "o100") == {}
