"""Import of an information table: checked whole, staged in small steps, visible by one flip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from backend.domain.clock import Clock, day_of
from backend.domain.listings import Listing, ListingStatus
from backend.services.pool.problems import RowProblem
from backend.services.pool.rows import read_row
from backend.services.pool.table_file import read_table
from backend.store.database import Database

STAGE = 200  # rows a transaction: well under the 50 ms that a writer may take
NOTE = 1000
STAGING_DIES = timedelta(hours=6)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`batch_id` is None when nothing was taken in. `row_of` says in which row of the file a good number stands."""

    rows: int
    taken: int
    problems: tuple[RowProblem, ...]
    unknown_headers: tuple[str, ...]
    batch_id: int | None
    row_of: Mapping[str, int] = field(default_factory=dict)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """No one is watching."""


def check_file(path: Path, clock: Clock, progress: Progress = _silent) -> tuple[list[Listing], ImportReport]:
    """Read every row. Raises FileRefused where the file itself is no information table."""
    today = day_of(clock.now())
    table = read_table(path)
    good: list[Listing] = []
    problems: list[RowProblem] = []
    first_row: dict[str, int] = {}
    for done, (number, cells) in enumerate(table.rows, start=1):
        listing, found = read_row(number, cells, today=today)
        problems.extend(found)
        if listing and listing.number in first_row:
            said = {"first": str(first_row[listing.number])}
            problems.append(RowProblem(number, "专利号", "twice_in_file", said))
        elif listing:
            first_row[listing.number] = number
            good.append(listing)
        if done % 200 == 0 or done == len(table.rows):
            progress("check", done, len(table.rows))
    return good, ImportReport(len(table.rows), 0, tuple(problems), table.unknown_headers, None, first_row)


def import_file(
    database: Database,
    path: Path,
    *,
    clock: Clock,
    vouched_by: str = "",
    skip_bad: bool = False,
    progress: Progress = _silent,
) -> ImportReport:
    """Take the file in. With `vouched_by` the rows are published on that person's word, else they wait for verification.

    All or nothing unless `skip_bad`. Raises FileRefused.
    """
    good, report = check_file(path, clock, progress)
    if not good or (not skip_bad and any(problem.fatal for problem in report.problems)):
        return report
    status = ListingStatus.PUBLISHED if vouched_by else ListingStatus.SUBMITTED
    batch_id = take_in(
        database, good, clock=clock, source=path.name, vouched_by=vouched_by, status=status, progress=progress
    )
    return replace(report, taken=len(good), batch_id=batch_id)


def take_in(
    database: Database,
    listings: list[Listing],
    *,
    clock: Clock,
    source: str,
    vouched_by: str,
    status: ListingStatus,
    demonstration: bool = False,
    progress: Progress = _silent,
) -> int:
    """Stage checked listings and flip them visible; the batch."""
    with database.write() as uow:
        uow.imports.abandon_unfinished(before=clock.now() - STAGING_DIES)
        batch_id = uow.imports.start(source=source, vouched_by=vouched_by, demonstration=demonstration, at=clock.now())
    for start in range(0, len(listings), STAGE):
        with database.write() as uow:
            uow.imports.stage(batch_id, listings[start : start + STAGE], status)
        progress("stage", min(start + STAGE, len(listings)), len(listings))
    with database.write() as uow:
        uow.imports.flip(batch_id, at=clock.now())
    note_for_search(database)
    return batch_id


def note_for_search(database: Database) -> int:
    """Write the search tasks of visible batches; safe to run again wherever it was cut off."""
    noted = 0
    while True:
        with database.read() as uow:
            if uow.imports.to_note() is None:
                return noted
        with database.write() as uow:
            waiting = uow.imports.to_note()
            if waiting is None:
                return noted
            batch_id, up_to = waiting
            page = uow.imports.numbers(batch_id, after=up_to, limit=NOTE)
            uow.search_tasks.add([number for _, number in page])
            last = page[-1][0] if page else up_to
            uow.imports.noted(batch_id, up_to=last, all_done=len(page) < NOTE)
            noted += len(page)
