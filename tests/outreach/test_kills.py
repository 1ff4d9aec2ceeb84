"""Workers, web processes, Redis and PostgreSQL killed in the middle of a campaign, while followers write. The long run, with
100,000 recipients, is bench/outreach.py."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from backend.store.database import Database
from backend.store.schema import upgrade
from tests.support.ordeal import Ordeal, most_in_the_air
from tests.support.servers import real_postgres

RECOMMENDED, LEGAL, MOMENTS = 3000, 600, 4


@pytest.mark.timeout(180)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nobody_is_told_twice_and_no_legal_notice_is_lost_whatever_dies(kind: str, tmp_path: Path) -> None:
    workers, seed = (1 if kind == "sqlite" else 2), random.randrange(10**6)
    print("seed", seed)  # shown where it fails
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'test.db'}" if kind == "sqlite" else stack.enter_context(real_postgres())
        database = Database(url)
        upgrade(database)
        database.close()
        verdict = Ordeal(
            url,
            tmp_path,
            recommended=RECOMMENDED,
            legal=LEGAL,
            moments=MOMENTS,
            workers=workers,
            webs=1,
            seed=seed,
            restart_database=kind == "postgres",
        ).run()
    stands, deaths = verdict.stands, verdict.deaths["worker"] + (workers if kind == "postgres" else 0)
    assert verdict.doubled["recommendation"] == 0
    assert stands["legal_notice", "sent"] == LEGAL, "a legal notice was lost"
    assert stands["recommendation", "sent"] + stands["recommendation", "unknown"] == RECOMMENDED
    assert verdict.unknown <= verdict.in_the_air, "unknown, though nobody was killed over it"
    assert stands["recommendation", "unknown"] <= most_in_the_air(deaths)
    assert verdict.doubled["legal_notice"] <= most_in_the_air(deaths)
    assert verdict.differs == [], "the ledger says something else than the platform"
    assert verdict.silence_s < 30, "the sending did not resume in time"
    assert verdict.chatted
    assert verdict.unanswered == 0, "a follower's message was left unanswered"
