"""Followers and deliveries by the thousand, and a platform that writes down what it took. The killing is `ordeal`."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from backend.domain.clock import CHINA, SetClock, SystemClock
from backend.domain.deliveries import RECOMMENDATIONS, DeliveryKind, Recipient
from backend.domain.reply import Reply
from backend.outreach.planning import stage_all
from backend.store.database import Database
from tests.support.servers import ROOT, free_port

STAGED = 1000
MORNING, EVENING = 9, 20  # quiet hours begin an hour later, at the earliest


def day_ahead() -> float:
    """By how many seconds a clock must be ahead for it to be day by it in Hubei: 0 by day, else as far as tomorrow's noon."""
    now = SystemClock().now().astimezone(CHINA)
    if MORNING <= now.hour < EVENING:
        return 0.0
    return (datetime(now.year, now.month, now.day, 12, tzinfo=CHINA) + timedelta(days=1) - now).total_seconds()


def many_followers(database: Database, count: int, at: datetime, *, first: int = 0) -> list[str]:
    """Followers with an open window who agreed to recommendations."""
    openids = [f"o{number:027d}" for number in range(first, first + count)]
    follower = text(
        "INSERT INTO follower (openid, following, first_seen_at, last_seen_at, scene, last_sequence, answered_sequence, "
        "state, kept, window_left, window_until, window_pushed) "
        "VALUES (:openid, true, :at, :at, '', 1, 1, '{}', 0, 5, :until, 0)"
    )
    consent = text("INSERT INTO consent (openid, purpose, version, at) VALUES (:openid, :purpose, '1', :at)")
    stored = at.astimezone(CHINA).replace(tzinfo=None) if database.is_sqlite else at
    for start in range(0, count, 5000):
        rows = [
            {"openid": openid, "at": stored, "until": stored + timedelta(days=2), "purpose": RECOMMENDATIONS}
            for openid in openids[start : start + 5000]
        ]
        with database.write() as uow:
            uow.connection.execute(follower, rows)
            uow.connection.execute(consent, rows)
    return openids


def stage(database: Database, openids: list[str], at: datetime, words: str = "荐((号))") -> int:
    """A running recommendation campaign to all of them, each with words of their own."""
    with database.write() as uow:
        campaign_id = uow.campaigns.create(
            kind=DeliveryKind.RECOMMENDATION,
            name="测试",
            text=Reply.of(words),
            starts_at=at,
            expires_at=at + timedelta(days=2),
            by="王老师",
            at=at,
        )
    stage_all(database, campaign_id, (Recipient(openid, {"号": openid}) for openid in openids), SetClock(at))
    with database.write() as uow:
        uow.campaigns.start(campaign_id)
    return campaign_id


def legal_notices(database: Database, openids: list[str], at: datetime) -> None:
    for start in range(0, len(openids), STAGED):
        with database.write() as uow:
            for openid in openids[start : start + STAGED]:
                uow.deliveries.plan(
                    openid=openid,
                    notice_key="legal:1",
                    kind=DeliveryKind.LEGAL_NOTICE,
                    reply=Reply.of(f"法{openid}"),
                    business_number="HQ-2026-1",
                    at=at,
                )


@contextlib.contextmanager
def fast_platform(record: Path, *, takes_s: float = 0.0) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "tests.support.fast_platform", str(port), str(record), str(takes_s)]
    process = subprocess.Popen(command, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/ready", timeout=1):
                break
            time.sleep(0.05)
        yield address
    finally:
        process.kill()
        process.wait()


def lines_of(record: Path) -> int:
    with record.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
