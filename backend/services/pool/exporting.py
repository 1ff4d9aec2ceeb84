"""Export of the published pool in the information table's columns, so that it can be imported again as it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from backend.services.pool.problems import FileRefused
from backend.services.pool.rows import table_row
from backend.services.pool.table_file import columns
from backend.store.database import Database

_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # how a spreadsheet's XML writes what XML cannot hold


def export_pool(database: Database, path: Path, *, on: date, demonstration: bool = False) -> int:
    """Write what is on offer on the day to an .xlsx or .csv file; how many. Invented ones only on request.

    Raises FileRefused for another ending.
    """
    writers = {".xlsx": _write_excel, ".csv": _write_csv}
    write = writers.get(path.suffix.lower())
    if not write:
        raise FileRefused("file.not_a_table", name=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with database.read() as uow:
        rows = (
            table_row(shelved.listing)
            for shelved in uow.listings.all()
            if shelved.on_show(on) and (demonstration or not shelved.demonstration)
        )
        return write(path, rows)


def _headers() -> list[str]:
    return [column["header"] for column in columns()]


def _write_excel(path: Path, rows: Iterator[list[Any]]) -> int:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("sheet1")
    sheet.append(_headers())
    count = 0
    for row in rows:
        sheet.append([_text_cell(sheet, value) for value in row])
        count += 1
    book.save(path)
    return count


def _text_cell(sheet: Worksheet, value: Any) -> Cell:
    """Text and nothing else: “#N/A” is no error, “_x0041_” no letter A."""
    cell = WriteOnlyCell(sheet, _CODED.sub("_x005F_", str(value)))
    cell.data_type = "s"
    return cell


def _write_csv(path: Path, rows: Iterator[list[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_headers())
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
