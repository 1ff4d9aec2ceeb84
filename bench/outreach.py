"""Sending, planning and asking the ledger: beside Celery with its defaults doing the same sends in the same run.

`python -m bench.outreach ROWS` builds a ledger of so many rows and times its queries. The killing is `bench.ordeal`.
"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from backend.domain.clock import CHINA, SetClock
from backend.domain.deliveries import Channel, DeliveryKind, Recipient
from backend.domain.ports.sender import Message, Outcome, Sent
from backend.domain.reply import Reply
from backend.outreach.forms import Forms, demonstration_ids
from backend.outreach.planning import stage_all
from backend.outreach.sending import Dispatcher
from backend.store.database import Database
from backend.store.schema import upgrade
from backend.store.unit_of_work import UnitOfWork
from tests.support.kills import day_ahead, fast_platform, lines_of, many_followers, stage
from tests.support.sending_worker import Ahead
from tests.support.servers import ROOT, real_postgres, real_redis

ROUNDS, SENDS, ALONE, PLANNED = 3, 8000, 20_000, 1_000_000
NOON = datetime(2026, 3, 2, 12, tzinfo=CHINA)
Table = list[list[str]]


class Nobody:
    """A platform that takes everything and costs nothing: what is left is the ledger."""

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        return [Sent("") for _ in messages]


@contextlib.contextmanager
def fresh(url: str) -> Iterator[Database]:
    database = Database(url)
    upgrade(database)
    yield database
    database.close()


def _rate(record: Path, wanted: int, limit_s: float = 90) -> float:
    """Messages a second from the first that the platform took to the last."""
    end = time.monotonic() + limit_s
    while lines_of(record) == 0 and time.monotonic() < end:
        time.sleep(0.01)
    began = time.monotonic()
    first = lines_of(record)
    while (taken := lines_of(record)) < wanted and time.monotonic() < end:
        time.sleep(0.02)
    return (taken - first) / (time.monotonic() - began)


def ours(folder: Path, url: str, workers: int) -> float:
    """Claim → ask → record over HTTP, by worker processes."""
    record, clock = folder / "took.jsonl", Ahead(day_ahead())
    record.touch()
    with fresh(url) as database, fast_platform(record) as address:
        stage(database, many_followers(database, SENDS, clock.now()), clock.now())
        command = [sys.executable, "-m", "tests.support.sending_worker", url, address, str(clock.by.total_seconds())]
        running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(workers)]
        try:
            return _rate(record, SENDS)
        finally:
            for process in running:
                process.kill()
                process.wait()


def celery(folder: Path) -> float:
    """Queued beforehand, which is not counted; then a worker with Celery's defaults, one process a core."""
    record = folder / "took.jsonl"
    record.touch()
    with real_redis() as redis, fast_platform(record) as address:
        environment = {
            **os.environ,
            "BENCH_BROKER": redis.replace("unix://", "redis+socket://"),
            "BENCH_PLATFORM": address,
        }
        queue = "from bench.celery_peer import send\nfor n in range({}): send.delay(f'o{{n:027d}}', f'荐o{{n:027d}}')"
        subprocess.run([sys.executable, "-c", queue.format(SENDS)], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "celery", "-A", "bench.celery_peer", "worker", "--loglevel", "ERROR"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return _rate(record, SENDS)
        finally:
            process.terminate()
            process.wait()


def alone(url: str) -> float:
    """Rows a second through the whole ledger, with nobody to ask."""
    with fresh(url) as database:
        stage(database, many_followers(database, ALONE, NOON), NOON)
        worker = Dispatcher(database, Nobody(), SetClock(NOON), Forms(demonstration_ids()), "secret")
        began = time.perf_counter()
        worker.drain()
        return ALONE / (time.perf_counter() - began)


def planning(url: str, *, matched: bool) -> tuple[float, float]:
    """(seconds, peak megabytes) of planning a million recipients, with words of their own where `matched`."""
    with fresh(url) as database:
        with database.write() as uow:
            campaign = uow.campaigns.create(
                kind=DeliveryKind.RECOMMENDATION,
                name="x",
                text=Reply.of("((理由))" if matched else "您好"),
                starts_at=NOON,
                expires_at=NOON + timedelta(days=3),
                by="",
                at=NOON,
            )
        values = (
            {"专利": "一种散热装置、一种夹具、一种切割头", "理由": "与您填写的主营产品“钣金加工”相符"}
            if matched
            else {}
        )
        began = time.perf_counter()
        everybody = (Recipient(f"o{number:027d}", values) for number in range(PLANNED))
        stage_all(database, campaign, everybody, SetClock(NOON))
        with database.write() as uow:
            uow.campaigns.start(campaign)
        took = time.perf_counter() - began
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def outreach_table(folder: Path) -> tuple[Table, list[str]]:
    table: Table = [["what", "a second (rounds)", "median", "ratio to Celery"]]
    shapes: dict[str, Callable[[Path], float]] = {
        "Celery, defaults, no ledger": celery,
        "claim → ask → record, SQLite, one worker": lambda place: ours(place, f"sqlite:///{place / 'x.db'}", 1),
    }
    measured: dict[str, list[float]] = {name: [] for name in shapes}
    for _ in range(ROUNDS):
        for name, run in shapes.items():
            with tempfile.TemporaryDirectory(dir=folder) as place:
                measured[name].append(run(Path(place)))
    base = statistics.median(measured["Celery, defaults, no ledger"])
    for name, rates in measured.items():
        middle = statistics.median(rates)
        told = " · ".join(f"{rate:.0f}" for rate in rates)
        table.append([name, told, f"{middle:.0f}", f"{middle / base:.2f}"])
    alone_: dict[str, list[float]] = {"SQLite": [], "PostgreSQL": []}
    for number in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir=folder) as place, real_postgres() as server:
            alone_["SQLite"].append(alone(f"sqlite:///{Path(place) / f'{number}.db'}"))
            alone_["PostgreSQL"].append(alone(server))
    for name, rates in alone_.items():
        told = " · ".join(f"{rate:.0f}" for rate in rates)
        table.append([f"ledger alone, {name}", told, f"{statistics.median(rates):.0f}", ""])
    notes = ["goals: over HTTP 500/s and 3 × Celery, ledger alone 5,000/s"]
    for matched in (False, True):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            took, memory = planning(f"sqlite:///{Path(place) / 'x.db'}", matched=matched)
        notes.append(
            f"planning {PLANNED:,} recipients {'with words of their own' if matched else 'with the same words'}: "
            f"{took:.0f} s, {memory:.0f} MB in all (goals 60 s without, 300 s with, 500 MB)"
        )
    return table, notes


# the ledger at its size

FOLLOWER = f"o{4711:027d}"

QUESTIONS: dict[str, str | Callable[[UnitOfWork], object]] = {
    "whose turn is it": (
        "SELECT id FROM delivery WHERE campaign_id = 0 AND rank = 1 AND status = 'planned' AND channel != 'next_visit' "
        "AND due_at <= '2026-03-02 04:00:00' ORDER BY due_at, id LIMIT 256"
    ),
    "whose turn in a campaign of a million": (
        "SELECT id FROM delivery WHERE campaign_id = 9 AND rank = 2 AND status = 'planned' AND channel != 'next_visit' "
        "AND due_at <= '2026-03-02 04:00:00' ORDER BY due_at, id LIMIT 256"
    ),
    "whose worker died": (
        "SELECT id FROM delivery WHERE lease_until IS NOT NULL AND lease_until < '2026-03-02' AND status = 'asking' LIMIT 500"
    ),
    "which row does a result mean": "SELECT id FROM delivery WHERE platform_id != '' AND platform_id = 'p5000000'",
    "what waits for this follower": lambda uow: uow.deliveries.kept_for(FOLLOWER, at=NOON),
    "was this follower told": lambda uow: uow.deliveries.told([(FOLLOWER, "campaign:3")]),
    "when was this follower recommended something": lambda uow: uow.sending.gentle_since([FOLLOWER], at=NOON),
    "which doubt may a report mean": lambda uow: uow.results.meant(FOLLOWER, Channel.TEMPLATE, "new", since=NOON),
    "single notices in doubt, for staff": lambda uow: uow.lists.deliveries(status="unknown"),
    "the newest notices, for staff": lambda uow: uow.lists.deliveries(),
    "unknown ones of a campaign, a page": (
        "SELECT * FROM delivery WHERE status = 'unknown' AND campaign_id = 3 ORDER BY planned_at DESC, id DESC LIMIT 50"
    ),
    "recipients of a campaign, a page": (
        "SELECT * FROM delivery WHERE status = 'sent' AND campaign_id = 3 ORDER BY planned_at DESC, id DESC LIMIT 50"
    ),
    "all that was said to a follower": "SELECT * FROM delivery WHERE openid = 'o000000000000000000000004711' ORDER BY id",
    "notices of a day by how they stand": (
        "SELECT status, count(*) FROM delivery WHERE status IN ('planned', 'sent', 'refused', 'unknown') AND campaign_id = 0 "
        "AND planned_at >= '2026-03-01' AND planned_at < '2026-03-02' GROUP BY status"
    ),
    "how a campaign stands": "SELECT status, times FROM campaign_tally WHERE campaign_id = 3",
}
_FILL = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :rows)
    INSERT INTO delivery (openid, notice_key, campaign_id, kind, rank, channel, status, text_version, business_number,
                          tried, reason, attempts, platform_id, planned_at, due_at, lease_by)
    SELECT printf('o%027d', i % 1000000), 'campaign:' || (i / 1000000), i / 1000000, 'recommendation', 2,
           CASE WHEN i / 1000000 = 9 THEN 'open' ELSE 'customer_service' END,
           CASE WHEN i / 1000000 = 9 THEN 'planned' WHEN i % 5000 = 0 THEN 'unknown' ELSE 'sent' END,
           '', '', '', '', 1, CASE WHEN i % 20 = 0 THEN 'p' || i ELSE '' END, '2026-03-02 03:00:00', '2026-03-02 03:00:00', ''
    FROM n
"""


def queries(rows: int, folder: Path) -> None:
    """Build a ledger of so many rows and time each question, median of nine, cold and warm together."""
    with fresh(f"sqlite:///{folder / 'big.db'}") as database:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
        began = time.perf_counter()
        with database.write() as uow:
            uow.connection.execute(text(_FILL), {"rows": rows})
        print(f"{rows:,} rows in {time.perf_counter() - began:.0f} s", flush=True)
        for name, question in QUESTIONS.items():
            times = []
            for _ in range(9):
                began = time.perf_counter()
                with database.read() as uow:
                    if isinstance(question, str):
                        uow.connection.execute(text(question)).all()
                    else:
                        question(uow)
                times.append((time.perf_counter() - began) * 1000)
            print(f"{name}: {statistics.median(times):.1f} ms, longest {max(times):.1f} ms", flush=True)


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory(dir=ROOT / "models") as held:
        folder = Path(held)
        if what.isdigit():
            queries(int(what), folder)
        else:
            table, notes = outreach_table(folder)
            for line in [*(" | ".join(cells) for cells in table), *notes]:
                print(line)


if __name__ == "__main__":
    main()
