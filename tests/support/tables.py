"""Information tables as people make them: a good row, and files that hold such rows."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from backend.services.pool.importing import ImportReport, check_file
from backend.services.pool.table_file import columns
from tests.support.arrivals import noon
from tests.support.builders import make_number

HEADERS = tuple(column["header"] for column in columns())
REQUIRED = tuple(column["header"] for column in columns() if column.get("required"))
Row = dict[str, Any]


def good_row(serial: int = 1, **changes: Any) -> Row:
    """The shortest row that may be published; `changes` by header, None leaves a cell out."""
    row: Row = {
        "专利号": f"ZL{make_number(serial)}",
        "专利名称": f"测试用散热装置{serial}",
        "专利类型": "发明",
        "申请日": "2021-03-15",
        "专利权人": "江城测试大学",
        "许可轨道": "试点",
        "支付方式": "一次总付",
        "一次总付金额": 20000,
        "许可期限届满日": date(2030, 12, 31),
    }
    return {header: cell for header, cell in (row | changes).items() if cell is not None}


def _headers(rows: Sequence[Row], headers: Sequence[str] | None) -> list[str]:
    if headers is not None:
        return list(headers)
    used = {header for row in rows for header in row}
    return [header for header in HEADERS if header in used or header in REQUIRED] + sorted(used - set(HEADERS))


def write_xlsx(
    path: Path, rows: Sequence[Row], *, headers: Sequence[str] | None = None, above: Sequence[Sequence[Any]] = ()
) -> Path:
    """A workbook with the rows under their headers; `above` are lines before the header."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    names = _headers(rows, headers)
    for line in [*above, names, *([row.get(name) for name in names] for row in rows)]:
        sheet.append(list(line))
    book.save(path)
    return path


def write_csv(
    path: Path, rows: Sequence[Row], *, headers: Sequence[str] | None = None, encoding: str = "utf-8-sig"
) -> Path:
    names = _headers(rows, headers)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    return path


def check_rows(folder: Path, *rows: Row) -> ImportReport:
    """What the import says of the rows in a workbook; the first stands in row 2."""
    return check_file(write_xlsx(folder / "table.xlsx", rows), noon())[1]


def found(report: ImportReport) -> list[tuple[int, str, str]]:
    """(row, column, code) of every problem."""
    return [(problem.row, problem.column, problem.code) for problem in report.problems]
