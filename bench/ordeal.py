"""100,000 recommendations and 5,000 legal notices; workers, web processes and Redis killed at 50 random moments; PostgreSQL
restarted once. The long run of tests/outreach/test_kills.py.

`python -m bench.ordeal sqlite` (one worker) and `python -m bench.ordeal postgres` (two), each about five minutes; a seed may
follow, and after it RECOMMENDATIONS, LEGAL and MOMENTS.
"""

from __future__ import annotations

import contextlib
import random
import sys
import tempfile
from pathlib import Path

from backend.store.database import Database
from backend.store.schema import upgrade
from tests.support.ordeal import Ordeal, Verdict
from tests.support.servers import ROOT, real_postgres

SIZE = (100_000, 5_000, 50)
LONGEST_S = 600


def ordeal(name: str, seed: int, size: tuple[int, int, int], folder: Path) -> Verdict:
    recommended, legal, moments = size
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder / 'ordeal.db'}" if name == "sqlite" else stack.enter_context(real_postgres())
        database = Database(url)
        upgrade(database)
        database.close()
        return Ordeal(
            url,
            folder,
            recommended=recommended,
            legal=legal,
            moments=moments,
            workers=1 if name == "sqlite" else 2,
            seed=seed,
            restart_database=name == "postgres",
            patient=True,
            limit_s=LONGEST_S,
        ).run()


def told(verdict: Verdict) -> str:
    stands, doubled = verdict.stands, verdict.doubled
    dead = ", ".join(f"{kind} {times}" for kind, times in verdict.deaths.items())
    unexplained = len(verdict.unknown - verdict.in_the_air)
    return f"""seed {verdict.seed}: killed {dead}; {verdict.seconds:.0f} s
recommendations: sent {stands["recommendation", "sent"]}, doubled {doubled["recommendation"]}, \
unknown {stands["recommendation", "unknown"]} ({len(verdict.in_the_air)} calls in the air when a worker died; unknown, and not among them: {unexplained})
legal notices: sent {stands["legal_notice", "sent"]}, taken more than once {doubled["legal_notice"]}
ledger and platform differ in {len(verdict.differs)} rows {verdict.differs[:3] or ""}
longest silence {verdict.silence_s:.1f} s; what the dead held was settled {verdict.settled_s:.1f} s after the last message
followers wrote {verdict.chatted} messages meanwhile, unanswered {verdict.unanswered}; an answer, posts to the dead included, p95 \
{verdict.chat_p95_ms:.0f} ms
all that stands: {dict(stands)}"""


def main() -> None:
    name, *numbers = sys.argv[1:]
    seed, *size = [int(number) for number in numbers] or [random.randrange(10**6)]
    recommended, legal, moments = size or SIZE
    print(f"{name}, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "models") as folder:
        print(told(ordeal(name, seed, (recommended, legal, moments), Path(folder))), flush=True)


if __name__ == "__main__":
    main()
