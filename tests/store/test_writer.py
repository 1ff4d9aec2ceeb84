"""The grouping writer: together on the disk, apart in their luck."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from functools import partial

import pytest

from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork
from backend.store.writer import MOST_IN_A_GROUP, Writer
from tests.support.arrivals import NOON
from tests.support.threads import together

PATIENCE_S = 20


class Mishap(Exception):
    """What a failing use case raises."""


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    held = Writer(database)
    yield held
    held.close()


def _set(uow: UnitOfWork, name: str) -> str:
    uow.switches.set(name, "on", at=NOON)
    return name


def _setting(name: str) -> Callable[[UnitOfWork], str]:
    return lambda uow: _set(uow, name)


def _set_and_fail(uow: UnitOfWork, name: str) -> str:
    _set(uow, name)
    raise Mishap(name)


def _is_set(database: Database, name: str) -> bool:
    with database.read() as uow:
        return uow.switches.get(name, "missing") == "on"


def _held_up(writer: Writer) -> tuple[threading.Event, Future[str]]:
    """Occupy the writer, so that what follows waits and is grouped. Set the event to let go."""
    entered, let_go = threading.Event(), threading.Event()

    def work(uow: UnitOfWork) -> str:
        entered.set()
        let_go.wait(PATIENCE_S)
        return _set(uow, "first")

    future = writer.submit(work)
    assert entered.wait(PATIENCE_S)
    return let_go, future


def test_a_result_comes_back(writer: Writer, database: Database) -> None:
    assert writer.submit(_setting("one")).result(PATIENCE_S) == "one"
    assert _is_set(database, "one")


def test_a_failing_work_does_not_undo_its_neighbours(writer: Writer, database: Database) -> None:
    let_go, first = _held_up(writer)
    before = [writer.submit(_setting(f"b{number}")) for number in range(5)]
    failing = writer.submit(lambda uow: _set_and_fail(uow, "bad"))
    after = [writer.submit(_setting(f"a{number}")) for number in range(5)]
    let_go.set()
    wait([first, failing, *before, *after], PATIENCE_S)
    with pytest.raises(Mishap, match="bad"):
        failing.result()
    assert [future.result() for future in (*before, *after)] == [f"{side}{n}" for side in "ba" for n in range(5)]
    assert not _is_set(database, "bad")
    assert all(_is_set(database, future.result()) for future in (first, *before, *after))


def test_a_failing_statement_does_not_undo_its_neighbours(writer: Writer, database: Database) -> None:
    let_go, first = _held_up(writer)
    failing = writer.submit(lambda uow: uow.connection.exec_driver_sql("SELECT nonsense FROM nowhere"))
    after = writer.submit(_setting("after"))
    let_go.set()
    assert (first.result(PATIENCE_S), after.result(PATIENCE_S)) == ("first", "after")
    assert failing.exception(PATIENCE_S) is not None
    assert _is_set(database, "first")
    assert _is_set(database, "after")


def test_a_result_is_on_disk_when_it_comes(writer: Writer, database: Database) -> None:
    """Another connection sees it the moment the future is done."""

    def write_and_look(number: int) -> list[bool]:
        seen: list[bool] = []
        for step in range(10):
            name = writer.submit(_setting(f"{number}:{step}")).result(PATIENCE_S)
            seen.append(_is_set(database, name))
        return seen

    assert together(6, write_and_look) == [[True] * 10] * 6


def test_a_result_comes_only_after_the_commit_of_its_group(writer: Writer, database: Database) -> None:
    let_go, first = _held_up(writer)
    done = writer.submit(_setting("done"))
    entered, finish = threading.Event(), threading.Event()

    def hold_up(_uow: UnitOfWork) -> bool:
        entered.set()
        return finish.wait(PATIENCE_S)

    slow = writer.submit(hold_up)
    let_go.set()
    assert entered.wait(PATIENCE_S)
    assert done.done() is not database.is_sqlite or done.result(PATIENCE_S) == "done"
    assert _is_set(database, "done") or database.is_sqlite
    finish.set()
    assert slow.result(PATIENCE_S)
    assert (first.result(PATIENCE_S), done.result(PATIENCE_S)) == ("first", "done")
    assert _is_set(database, "done")


def test_a_caller_who_gave_up_does_not_disturb_the_others(writer: Writer, database: Database) -> None:
    """asyncio cancels the future of a request that ran out of time."""
    let_go, first = _held_up(writer)
    futures = [writer.submit(_setting(f"n{number}")) for number in range(20)]
    given_up = [future for future in futures[::2] if future.cancel()]
    let_go.set()
    standing = [future for future in futures if future not in given_up]
    wait([first, *standing], PATIENCE_S)
    assert given_up
    assert [future.result() for future in standing] == [
        f"n{number}" for number in range(20) if futures[number] in standing
    ]
    assert all(_is_set(database, future.result()) for future in standing)
    assert writer.submit(_setting("still works")).result(PATIENCE_S) == "still works"


def test_more_than_one_group(writer: Writer, database: Database) -> None:
    let_go, first = _held_up(writer)
    futures = [writer.submit(_setting(f"n{number}")) for number in range(3 * MOST_IN_A_GROUP)]
    let_go.set()
    assert first.result(PATIENCE_S) == "first"
    assert [future.result(PATIENCE_S) for future in futures] == [f"n{n}" for n in range(3 * MOST_IN_A_GROUP)]
    assert _is_set(database, f"n{3 * MOST_IN_A_GROUP - 1}")


def test_close_finishes_the_queue(database: Database) -> None:
    writer = Writer(database)
    let_go, first = _held_up(writer)
    futures = [writer.submit(_setting(f"n{number}")) for number in range(100)]
    let_go.set()
    writer.close()
    assert all(future.done() for future in (first, *futures))
    assert all(_is_set(database, f"n{number}") for number in range(100))


def _note(order: list[int], number: int, _uow: UnitOfWork) -> None:
    order.append(number)


def test_works_of_one_thread_keep_their_order(database: Database) -> None:
    """On SQLite, where one thread writes; on PostgreSQL a caller waits for each result before the next."""
    writer = Writer(database)
    order: list[int] = []
    for number in range(30):
        future = writer.submit(partial(_note, order, number))
        if not database.is_sqlite:
            future.result(PATIENCE_S)
    writer.close()
    assert order == list(range(30))
