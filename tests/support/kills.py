"""Workers killed at random moments beside a platform that writes down what it took, and what must hold afterwards."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from backend.domain.clock import CHINA, SetClock, SystemClock
from backend.domain.deliveries import RECOMMENDATIONS, DeliveryKind, Recipient
from backend.domain.reply import Reply
from backend.outreach.planning import stage_all
from backend.outreach.sending import IN_AIR, WAVE, settle_lost
from backend.store.database import Database, DatabaseUnreachable
from backend.store.sending import LEASE
from tests.support.sending_worker import Ahead, worker
from tests.support.servers import ROOT, free_port

STAGED = 1000


@dataclass
class Verdict:
    """`took` counts what the platform took by text; `stands` the ledger's rows by (kind, status)."""

    took: Counter[str]
    stands: Counter[tuple[str, str]]
    sent: set[str]
    unknown: set[str]
    kills: int
    seconds: float
    longest_pause_s: float
    doubled: dict[str, list[str]] = field(default_factory=dict)


def day_ahead() -> float:
    """Seconds from now to a noon of Hubei, for a clock by which it is day."""
    now = SystemClock().now()
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
def fast_platform(record: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "tests.support.fast_platform", str(port), str(record)]
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


def storm(
    database: Database,
    url: str,
    folder: Path,
    *,
    recommended: int,
    legal: int,
    kills: int,
    workers: int,
    pause_s: float,
    disturb: Callable[[int], None] = lambda _: None,
    limit_s: float = 120.0,
) -> Verdict:
    """Plan, then kill a random worker and start another, `kills` times; end when nothing is left to do.

    `disturb` is called before each kill with its number, for whatever else should go wrong.
    """
    clock, dice = Ahead(day_ahead()), random.Random(7)
    at = clock.now()
    openids = many_followers(database, max(recommended, legal), at)
    stage(database, openids[:recommended], at)
    legal_notices(database, openids[:legal], at)
    record = folder / "took.jsonl"
    record.touch()
    began, pauses = time.monotonic(), [0.0]
    with fast_platform(record) as address:
        command = [sys.executable, "-m", "tests.support.sending_worker", url, address, str(clock.by.total_seconds())]
        running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(workers)]
        try:
            for number in range(kills):
                time.sleep(dice.uniform(0.3, 1.0) * pause_s)
                disturb(number)
                victim = dice.randrange(workers)
                running[victim].kill()
                running[victim].wait()
                running[victim] = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
            seen, changed = lines_of(record), time.monotonic()
            while time.monotonic() - began < limit_s:
                time.sleep(0.2)
                now = lines_of(record)
                if now != seen:
                    pauses.append(time.monotonic() - changed)
                    seen, changed = now, time.monotonic()
                if not _waiting(database):
                    break
        finally:
            for process in running:
                process.kill()
                process.wait()
        seconds = time.monotonic() - began
        # What the last killed workers held: their leases end, and one more worker does the rest.
        later = Ahead(clock.by.total_seconds() + LEASE.total_seconds() + 1)
        while settle_lost(database, later):
            pass
        worker(database, address, later).drain()
    return _verdict(database, record, kills, seconds, max(pauses))


def most_in_flight(kills: int, workers: int) -> int:
    return (kills + workers) * IN_AIR * WAVE


def _waiting(database: Database) -> bool:
    left = text("SELECT 1 FROM delivery WHERE status = 'planned' AND channel != 'next_visit' LIMIT 1")
    try:
        with database.read() as uow:
            return uow.connection.execute(left).first() is not None
    except (DatabaseUnreachable, OperationalError):
        return True  # it is being restarted


def _verdict(database: Database, record: Path, kills: int, seconds: float, pause_s: float) -> Verdict:
    took = Counter(json.loads(line)[2] for line in record.read_text("utf-8").splitlines())
    with database.read() as uow:
        rows = uow.connection.execute(text("SELECT openid, kind, status FROM delivery")).all()
    marks = {"legal_notice": "法", "recommendation": "荐"}
    of = {
        status: {f"{marks[row.kind]}{row.openid}" for row in rows if row.status == status}
        for status in ("sent", "unknown")
    }
    verdict = Verdict(
        took, Counter((row.kind, row.status) for row in rows), of["sent"], of["unknown"], kills, seconds, pause_s
    )
    for kind, mark in marks.items():
        verdict.doubled[kind] = [said for said, times in took.items() if times > 1 and said.startswith(mark)]
    return verdict
