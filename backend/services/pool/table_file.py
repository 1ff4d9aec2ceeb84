"""A spreadsheet or csv as rows of cells under known headers. Everything that is wrong with the file itself is said here."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import python_calamine
import yaml

from backend.services.pool.problems import FileRefused
from backend.services.pool.workbook import Marks, letters_of

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
HEADER_WITHIN = 10  # a title or two often stand above the header
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
Area = tuple[tuple[int, int], tuple[int, int]]
_UNIT = re.compile(r"[(].*?[)]")


@cache
def columns() -> tuple[dict[str, Any], ...]:
    """The information table's columns in export order."""
    rows = yaml.load((Path(__file__).parent / "columns.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(rows)


def header_of(field: str) -> str:
    """What the column of this field is called in the information table."""
    return next(str(column["header"]) for column in columns() if column["field"] == field)


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are (row number as the spreadsheet shows it, field → cell); blank rows are left out."""

    rows: Sequence[tuple[int, dict[str, Any]]]
    unknown_headers: tuple[str, ...]


def read_table(path: Path, wanted: Sequence[dict[str, Any]] | None = None) -> Table:
    """The information table, or one with the `wanted` columns (as in columns.yml; `also` lists other names of one).

    Raises FileRefused with a code that says what is wrong with the file.
    """
    asked = columns() if wanted is None else wanted
    if not path.is_file():
        raise FileRefused("file.missing", name=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise FileRefused("file.too_large", limit_mb=MOST_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(OLD_EXCEL):
        raise FileRefused("file.old_excel", name=path.name)
    if start.startswith(b"PK"):
        return _excel_table(path, asked)
    if path.suffix.lower() == ".csv":
        return _table(_csv_rows(path), asked)
    raise FileRefused("file.not_a_table", name=path.name)


def _excel_table(path: Path, wanted: Sequence[dict[str, Any]]) -> Table:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise FileRefused("file.too_large", limit_mb=MOST_UNPACKED // 1024 // 1024)
            if archive.testzip():  # also where a part says it is smaller than it is
                raise FileRefused("file.unreadable", name=path.name)
            marks = Marks(archive)
        sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        return _table(_excel_rows(sheet, marks), wanted, sheet.merged_cell_ranges or ())
    except FileRefused:
        raise
    except Exception as error:
        raise FileRefused("file.unreadable", name=path.name) from error


def _excel_rows(sheet: python_calamine.CalamineSheet, marks: Marks) -> Iterator[tuple[int, list[Any]]]:
    """From the first row of the sheet, whatever the first used one is, and from the first used column."""
    first_column = sheet.start[1] if sheet.start else 0
    for row, cells in enumerate(sheet.iter_rows()):
        yield row + 1, marks.mend(row, first_column, cells)


def _csv_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise FileRefused("file.encoding", name=path.name) from error
    if "\x00" in text:
        raise FileRefused("file.not_a_table", name=path.name)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        yield from enumerate(reader, start=1)  # as a spreadsheet counts: a cell may hold several lines
    except csv.Error as error:
        raise FileRefused("file.unreadable", name=path.name) from error


def header_key(cell: Any) -> str:
    """A header without blanks, marks and a unit in parentheses: “一次总付金额（元）*” → “一次总付金额”."""
    text = unicodedata.normalize("NFKC", str(cell or "")).replace("*", "")
    return _UNIT.sub("", re.sub(r"\s+", "", text))


def _table(
    lines: Iterator[tuple[int, list[Any]]], wanted: Sequence[dict[str, Any]], merged: Sequence[Area] = ()
) -> Table:
    known = {header_key(name): column for column in wanted for name in (column["header"], *column.get("also", ()))}
    fields: dict[int, str] = {}
    unknown: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, Any]]] = []
    seen = 0
    for number, cells in lines:
        if not any(str(cell).strip() for cell in cells if cell is not None):
            continue
        if fields:
            rows.append((number, {field: cells[at] for at, field in fields.items() if at < len(cells)}))
            continue
        seen += 1
        keys = [header_key(cell) for cell in cells]
        if sum(key in known for key in keys) >= 3:  # noqa: PLR2004 fewer known words than that is no header
            fields = _fields(keys, known)
            _nothing_merged_below(number, merged)
            unknown = tuple(
                str(cell).strip()[:40] for cell, key in zip(cells, keys, strict=True) if key and key not in known
            )
        elif seen >= HEADER_WITHIN:
            break
    if not fields:
        raise FileRefused("file.no_header")
    missing = [
        column["header"] for column in wanted if column.get("required") and column["field"] not in fields.values()
    ]
    if missing:
        raise FileRefused("file.columns_missing", columns="、".join(missing))
    return Table(rows, unknown)


def _nothing_merged_below(header: int, merged: Sequence[Area]) -> None:
    """A title may span columns; a patent may not share a cell with its neighbour."""
    for (top, left), (bottom, _) in merged:
        if bottom >= header:
            raise FileRefused("file.merged_cells", row=top + 1, column=letters_of(left))


def _fields(keys: list[str], known: dict[str, dict[str, Any]]) -> dict[int, str]:
    fields: dict[int, str] = {}
    for at, key in enumerate(keys):
        if key not in known:
            continue
        field = known[key]["field"]
        if field in fields.values():
            raise FileRefused("file.column_twice", column=known[key]["header"])
        fields[at] = field
    return fields
