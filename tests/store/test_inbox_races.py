"""Re-posts arrive at several processes at once: each message is one row, each follower's numbers have no gap."""

from __future__ import annotations

import random
from collections import defaultdict

from sqlalchemy import select

from backend.domain.inbox import Arrival
from backend.domain.reply import Reply
from backend.store.database import Database
from backend.store.inbox import AnsweredElsewhere, RecordedElsewhere
from backend.store.tables import InboxRow
from backend.store.writer import Writer
from tests.support.arrivals import NOON, arrive, follower, visit
from tests.support.threads import together

THREADS = 8
FOLLOWERS = ("ming", "hua", "li", "wang", "zhao")
KEYS = [(f"m:{FOLLOWERS[number % 5]}:{number // 5}", FOLLOWERS[number % 5]) for number in range(50)]


def _record(database: Database, key: str, openid: str) -> Arrival:
    """As a process does that hears it was not alone: look again."""
    while True:
        try:
            with database.write() as uow:
                return arrive(uow, key, openid)[0]
        except RecordedElsewhere:
            continue


def _rows(database: Database) -> dict[str, tuple[str, int]]:
    with database.read() as uow:
        rows = uow.connection.execute(select(InboxRow.key, InboxRow.openid, InboxRow.sequence)).all()
    assert len({row.key for row in rows}) == len(rows)
    return {row.key: (row.openid, row.sequence) for row in rows}


def _shuffled(thread: int) -> list[tuple[str, str]]:
    keys = list(KEYS)
    random.Random(thread).shuffle(keys)
    return keys


def _check(database: Database, brought: list[list[Arrival]]) -> None:
    """Each key once, by whichever thread; every thread saw the same row; no gaps."""
    rows = _rows(database)
    assert sorted(rows) == sorted(key for key, _ in KEYS)
    seen: dict[str, set[tuple[int, int]]] = defaultdict(set)
    news = [arrival.key for arrivals in brought for arrival in arrivals if arrival.new]
    for arrivals in brought:
        for arrival in arrivals:
            seen[arrival.key].add((arrival.id, arrival.sequence))
    assert sorted(news) == sorted(key for key, _ in KEYS)
    assert all(len(views) == 1 for views in seen.values())
    for openid in FOLLOWERS:
        assert sorted(number for owner, number in rows.values() if owner == openid) == list(range(1, 11))


def test_eight_threads_record_the_same_fifty(database: Database) -> None:
    def record(thread: int) -> list[Arrival]:
        return [_record(database, key, openid) for key, openid in _shuffled(thread)]

    _check(database, together(THREADS, record))


def test_eight_threads_record_through_one_writer(database: Database) -> None:
    writer = Writer(database)

    def record(thread: int) -> list[Arrival]:
        def once(key: str, openid: str) -> Arrival:
            while True:
                try:
                    return writer.submit(lambda uow: arrive(uow, key, openid)[0]).result(timeout=20)
                except RecordedElsewhere:
                    continue

        return [once(key, openid) for key, openid in _shuffled(thread)]

    try:
        _check(database, together(THREADS, record))
    finally:
        writer.close()


def test_of_eight_answers_one_stands(database: Database) -> None:
    arrival = visit(database)

    def answer(thread: int) -> bool:
        try:
            with database.write() as uow:
                uow.inbox.answer(arrival, Reply.of(f"答{thread}"), {"thread": thread}, at=NOON)
        except AnsweredElsewhere:
            return False
        return True

    outcomes = together(THREADS, answer)
    winner = outcomes.index(True)
    with database.read() as uow:
        held = uow.inbox.get(arrival.id)
    assert outcomes.count(True) == 1
    assert held.reply == Reply.of(f"答{winner}")
    assert follower(database).state == {"thread": winner}


def test_an_answer_and_the_next_message_do_not_wait_for_each_other(database: Database) -> None:
    """Recording and answering take the follower's row and inbox rows: in one order, or PostgreSQL sees a deadlock."""
    arrivals = [visit(database, at=NOON.replace(second=number)) for number in range(THREADS)]

    def work(thread: int) -> bool:
        with database.write() as uow:
            uow.inbox.answer(arrivals[thread], Reply.of("好"), {}, at=NOON)
        return _record(database, f"m:ming:next{thread}", "ming").new

    assert together(THREADS, work) == [True] * THREADS
    assert sorted(number for _, number in _rows(database).values()) == list(range(1, 2 * THREADS + 1))
