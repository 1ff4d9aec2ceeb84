"""A worker that does nothing but send, as a process to be killed: `python -m tests.support.sending_worker DATABASE PLATFORM S`.

S is by how many seconds its clock is ahead of the machine's, so that it is day for it. It sweeps as a real worker does.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from backend.domain.clock import SystemClock
from backend.outreach.forms import Forms, demonstration_ids
from backend.outreach.sending import Dispatcher, settle_lost
from backend.services.tokens import TokenShelf
from backend.store.database import Database
from bot.wechat.client import Platform
from bot.wechat.sender import PlatformSender

PAUSE_S = 0.3
SECRET = "a secret of the tests"


class Ahead:
    """The machine's clock, moved on."""

    def __init__(self, seconds: float) -> None:
        self.by = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return SystemClock().now() + self.by


def worker(database: Database, platform_url: str, clock: Ahead) -> Dispatcher:
    platform = Platform(
        app_id="wx-bench", secret="s", base_url=platform_url, shelf=TokenShelf(database), clock=SystemClock()
    )
    return Dispatcher(database, PlatformSender(platform), clock, Forms(demonstration_ids()), SECRET)


def main() -> None:
    database, clock = Database(sys.argv[1]), Ahead(float(sys.argv[3]))
    held = worker(database, sys.argv[2], clock)
    while True:
        try:
            settle_lost(database, clock)
            held.drain()
        except Exception as error:  # noqa: BLE001 as a worker's jobs: the next round tries again
            print(type(error).__name__, flush=True)
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
