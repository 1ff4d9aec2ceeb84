"""Load an official bulk table into the register. A status nobody here knows is stored as UNKNOWN and reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from backend.domain.clock import CHINA, Clock, day_of
from backend.domain.errors import AssistantError
from backend.domain.patent_number import PatentNumber
from backend.domain.registry import LegalStatus, PatentRecord
from backend.domain.roles import Actor
from backend.services.pool.cells import plain, read_cell
from backend.services.pool.problems import CellError, FileRefused, RowProblem
from backend.services.pool.table_file import read_table
from backend.store.database import Database
from backend.store.switches import REGISTRY_LOADED

STAGE = 500
NOT_FATAL = frozenset({"status", "ipc_main", "abstract"})  # left out and reported; the rest of the row is good


class TableFromTheFuture(AssistantError):
    """A table cannot have been true on a day that has not come."""

    code = "registry.as_of"


@dataclass(frozen=True, slots=True)
class LoadReport:
    rows: int
    taken: int
    problems: tuple[RowProblem, ...]
    unknown_headers: tuple[str, ...]


@cache
def registry_columns() -> tuple[dict[str, Any], ...]:
    rows = yaml.load((Path(__file__).parent / "columns.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(rows)


def load_registry_table(
    database: Database, path: Path, *, source: str, as_of: date, by: Actor, clock: Clock
) -> LoadReport:
    """`source` names the table, `as_of` the day it was true. Good rows are taken, bad ones reported.

    Raises FileRefused, TableFromTheFuture.
    """
    now = clock.now()
    if as_of > day_of(now):
        raise TableFromTheFuture(as_of=as_of)
    table = read_table(path, registry_columns())
    moment = datetime.combine(as_of, time(), CHINA)
    records: dict[str, PatentRecord] = {}
    problems: list[RowProblem] = []
    for row, cells in table.rows:
        record, found = _record(row, cells, source, moment)
        problems.extend(found)
        if record:
            records[record.number] = record
    _store(database, list(records.values()), by, now)
    return LoadReport(len(table.rows), len(records), tuple(problems), table.unknown_headers)


def _store(database: Database, records: Sequence[PatentRecord], by: Actor, now: datetime) -> None:
    for start in range(0, len(records), STAGE):
        with database.write() as uow:
            uow.registry.put(records[start : start + STAGE], loaded_at=now)
    with database.write() as uow:
        uow.audit.add(by, "registry.load", "registry", after=str(len(records)), at=now)
        uow.switches.set(REGISTRY_LOADED, now.isoformat(), at=now)


def _record(
    row: int, cells: dict[str, Any], source: str, as_of: datetime
) -> tuple[PatentRecord | None, list[RowProblem]]:
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for column in registry_columns():
        field, cell = column["field"], cells.get(column["field"])
        if not plain(cell):
            if column.get("required"):
                problems.append(RowProblem(row, column["header"], "required", fatal=field not in NOT_FATAL))
            continue
        try:
            values[field] = read_cell(cell, column)
        except CellError as error:
            said = {name: str(value) for name, value in error.values.items()}
            problems.append(RowProblem(row, column["header"], error.code, said, fatal=field not in NOT_FATAL))
    if any(problem.fatal for problem in problems):
        return None, problems
    kind = PatentNumber(values["number"].split(".")[0]).kind
    status = LegalStatus(values.pop("status", LegalStatus.UNKNOWN))
    return PatentRecord(kind=kind, status=status, source=source, as_of=as_of, **values), problems


__all__ = ["FileRefused", "LoadReport", "TableFromTheFuture", "load_registry_table", "registry_columns"]
