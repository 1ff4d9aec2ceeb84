"""10,000 webhooks, each posted one to four times, shuffled, over two processes with three SIGKILLs."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.store.database import Database
from backend.store.schema import upgrade
from tests.support.servers import free_port
from tests.support.storm import Storm, Web, fake_nlu, web_environment

MESSAGES, FOLLOWERS, CLIENTS, KILLS = 10_000, 800, 32, 3


@pytest.fixture
def webs(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[list[Web]]:
    database = Database(database_url)
    upgrade(database)
    database.close()
    with fake_nlu() as nlu_url:
        environment = web_environment(
            database_url=database_url, redis_url=redis_url, nlu_url=nlu_url, data=str(tmp_path / "data")
        )
        running = [Web(free_port(), environment) for _ in range(2)]
        for web in running:
            web.start()
        for web in running:
            web.ready()
        yield running
        for web in running:
            web.stop()


@pytest.mark.timeout(600)
def test_every_message_gets_exactly_one_outcome_in_order(webs: list[Web], database_url: str) -> None:
    storm = Storm([web.port for web in webs])
    done = threading.Event()

    def kill_now_and_then() -> None:
        dice = random.Random(7)
        for _ in range(KILLS):
            if done.wait(dice.uniform(3, 8)):
                return
            web = dice.choice(webs)
            web.kill()
            web.start()

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    asyncio.run(storm.run(messages=MESSAGES, followers=FOLLOWERS, clients=CLIENTS, seed=1))
    done.set()
    killer.join()
    for web in webs:
        web.ready()
    database = Database(database_url)
    end = time.monotonic() + 60
    outstanding = 1
    while outstanding and time.monotonic() < end:
        with database.read() as uow:
            outstanding = uow.connection.execute(text("SELECT count(*) FROM inbox WHERE reply IS NULL")).scalar_one()
        threading.Event().wait(0.2)
    with database.read() as uow:
        rows = uow.connection.execute(
            text("SELECT key, openid, sequence, way, reply, answered_at FROM inbox ORDER BY openid, sequence")
        ).all()
        planned = uow.connection.execute(text("SELECT count(*) FROM delivery")).scalar_one()
    database.close()
    assert outstanding == 0, "a message was left unanswered"
    assert len(rows) == MESSAGES, "lost or doubled"
    assert len({row.key for row in rows}) == MESSAGES
    assert all(row.way in {"passive", "late", "kept"} for row in rows)
    assert planned == sum(row.way in {"late", "kept"} for row in rows), "every late answer is written down once"
    for before, after in itertools.pairwise(rows):
        if before.openid == after.openid:
            assert after.sequence == before.sequence + 1
            assert after.answered_at >= before.answered_at, "answered out of order"
    doubled = {key: said for key, said in storm.answers.items() if len(said - {"success"}) > 1}
    assert not doubled, "two posts of one message were answered differently"
    passive = {row.key for row in rows if row.way == "passive"}
    unheard = [key for key in passive if storm.answers[key] == {"success"}]
    assert not unheard, "an answer went back to nobody"
