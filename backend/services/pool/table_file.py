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

MOST_BYTES = 64 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
HEADER_WITHIN = 10  # a title or two often stand above the header
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UNIT = re.compile(r"[(].*?[)]")


@cache
def columns() -> tuple[dict[str, Any], ...]:
    """The information table's columns in export order."""
    rows = yaml.load((Path(__file__).parent / "columns.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are (row number as the spreadsheet shows it, field → cell); blank rows are left out."""

    rows: Sequence[tuple[int, dict[str, Any]]]
    unknown_headers: tuple[str, ...]


def read_table(path: Path) -> Table:
    """Raises FileRefused with a code that says what is wrong with the file."""
    if not path.is_file():
        raise FileRefused("file.missing", name=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise FileRefused("file.too_large", limit_mb=MOST_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(OLD_EXCEL):
        raise FileRefused("file.old_excel", name=path.name)
    if start.startswith(b"PK"):
        return _table(_excel_rows(path))
    if path.suffix.lower() == ".csv":
        return _table(_csv_rows(path))
    raise FileRefused("file.not_a_table", name=path.name)


def _excel_rows(path: Path) -> Iterator[tuple[int, list[Any]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise FileRefused("file.too_large", limit_mb=MOST_UNPACKED // 1024 // 1024)
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
    except FileRefused:
        raise
    except Exception as error:
        raise FileRefused("file.unreadable", name=path.name) from error
    merged = sheet.merged_cell_ranges or []
    tall = [area for area in merged if area[1][0] > area[0][0] or area[0][0] >= HEADER_WITHIN]
    if tall:
        (top, left), _ = tall[0][:2]
        raise FileRefused("file.merged_cells", row=top + 1, column=_letters(left))
    first = sheet.start[0] if sheet.start else 0
    for offset, cells in enumerate(sheet.iter_rows()):
        yield offset + 1 if _counts_from_top(sheet) else first + offset + 1, cells


def _counts_from_top(sheet: python_calamine.CalamineSheet) -> bool:
    """iter_rows begins at the first row of the sheet, whatever the first used one is."""
    return bool(sheet.start) and sheet.total_height > (sheet.end[0] - sheet.start[0] + 1 if sheet.end else 0)


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


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
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise FileRefused("file.unreadable", name=path.name) from error


def header_key(cell: Any) -> str:
    """A header without blanks, marks and a unit in parentheses: “一次总付金额（元）*” → “一次总付金额”."""
    text = unicodedata.normalize("NFKC", str(cell or "")).replace("*", "")
    return _UNIT.sub("", re.sub(r"\s+", "", text))


def _table(lines: Iterator[tuple[int, list[Any]]]) -> Table:
    known = {header_key(column["header"]): column for column in columns()}
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
            unknown = tuple(
                str(cell).strip()[:40] for cell, key in zip(cells, keys, strict=True) if key and key not in known
            )
        elif seen >= HEADER_WITHIN:
            break
    if not fields:
        raise FileRefused("file.no_header")
    missing = [
        column["header"] for column in columns() if column.get("required") and column["field"] not in fields.values()
    ]
    if missing:
        raise FileRefused("file.columns_missing", columns="、".join(missing))
    return Table(rows, unknown)


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
