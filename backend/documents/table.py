"""The information table as an xlsx of text cells: nothing in it is a formula, and equal rows make equal files."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell

from backend.documents.archives import timeless
from backend.documents.wording import words

_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # how a spreadsheet's XML writes what XML cannot hold


def information_table(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """`headers` and `rows` as backend.services.pool writes them (`columns`, `table_row`); can be imported again."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(words()["table_sheet"])
    sheet.append(list(headers))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, _CODED.sub("_x005F_", str(value)))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    held = io.BytesIO()
    book.save(held)
    return timeless(held.getvalue())
