"""The demonstration's register: invented patents with serials that were never given out (999xxxx), so that a newcomer who types a
number sees the register answer, and the bad cases are there too: overdue, lapsed, suspended, not granted.

Loaded anew at each start: what it says is as of today, and the annuities of what is in force are paid.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

from backend.domain.annuities import patent_year
from backend.domain.clock import Clock, day_of
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import anniversary
from backend.domain.registry import DEMONSTRATION, LegalStatus, PatentRecord
from backend.store.database import Database

FILE = Path(__file__).parent / "register.tsv"


def load_register(database: Database, clock: Clock) -> int:
    """How many records it holds."""
    now = clock.now()
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    records = [_record(row, now) for row in rows]
    with database.write() as uow:
        uow.registry.put(records, loaded_at=now)
    return len(records)


def _record(row: dict[str, str], now: datetime) -> PatentRecord:
    filed_on, status = date.fromisoformat(row["filed_on"]), LegalStatus(row["status"])
    return PatentRecord(
        number=row["number"],
        title=row["title"],
        kind=PatentNumber(row["number"].split(".", maxsplit=1)[0]).kind,
        filed_on=filed_on,
        granted_on=date.fromisoformat(row["granted_on"]) if row["granted_on"] else None,
        holders=tuple(row["holders"].split("；")),
        ipc_main=row["ipc_main"],
        status=status,
        annuity_paid_until=_paid_until(filed_on, day_of(now), status),
        source=DEMONSTRATION,
        as_of=now,
    )


def _paid_until(filed_on: date, today: date, status: LegalStatus) -> date | None:
    """The last day of the patent year that runs; of what is overdue or lapsed, of the one before."""
    year = patent_year(filed_on, today)
    behind = {LegalStatus.LATE_PERIOD: 1, LegalStatus.LAPSED: 2, LegalStatus.PENDING: None}
    back = behind.get(status, 0)
    return None if back is None else anniversary(filed_on, year - back) - timedelta(days=1)
