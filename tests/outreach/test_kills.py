"""Workers killed with SIGKILL in the middle of their calls. The long run, with 100,000 recipients, is bench/outreach.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.store.database import Database
from tests.support.kills import most_in_flight, storm

RECOMMENDED, LEGAL, KILLS = 3000, 600, 5


@pytest.mark.timeout(180)
def test_killed_workers_tell_nobody_twice_and_lose_no_legal_notice(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    workers = 1 if database.is_sqlite else 2
    verdict = storm(
        database,
        database_url,
        tmp_path,
        recommended=RECOMMENDED,
        legal=LEGAL,
        kills=KILLS,
        workers=workers,
        pause_s=1.5,
        limit_s=60,
    )
    assert verdict.doubled["recommendation"] == []
    assert verdict.stands["legal_notice", "sent"] == LEGAL
    unknown = verdict.stands["recommendation", "unknown"]
    assert unknown + verdict.stands["recommendation", "sent"] == RECOMMENDED
    assert unknown <= most_in_flight(KILLS, workers)
    assert len(verdict.doubled["legal_notice"]) <= most_in_flight(KILLS, workers)
    assert verdict.sent <= set(
        verdict.took
    )  # the ledger equals what the platform took, but for what it says nobody knows
    assert set(verdict.took) <= verdict.sent | verdict.unknown
