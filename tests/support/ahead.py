"""`huiqiao` by a clock that is ahead of the machine's: `python -m tests.support.ahead SECONDS COMMAND …`.

For what goes out by day only, at any hour: the whole process lives by that clock, as on a machine that is set so.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from backend.domain.clock import SystemClock
from bot.cli import main

if __name__ == "__main__":
    by, now = timedelta(seconds=float(sys.argv.pop(1))), SystemClock.now

    def ahead(clock: SystemClock) -> datetime:
        return now(clock) + by

    SystemClock.now = ahead  # type: ignore[assignment, method-assign] # there is no machine to set
    main()
