"""What the parts of an .xlsx say that its reader does not: percent formats, formulas without a result, stray cells.

A reader that lays the sheet out as one rectangle would ask for half a terabyte because of one cell in XFD1048576.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from backend.services.pool.problems import FileRefused

MOST_CELLS = 60_000_000
BLOCK = 4 * 1024 * 1024
PERCENT_FORMATS = {b"9", b"10"}  # built in: 0% and 0.00%
_C = rb"<(?:\w+:)?c\s"
_AT = rb'[^>]*?\br="([A-Z]{1,3})(\d{1,7})"'
_FILLED = re.compile(_C + _AT + rb"[^>]*(?<!/)>")
_ERROR = re.compile(_C + rb'(?=[^>]*\bt="e")' + _AT)
_NO_RESULT = re.compile(  # an empty text as result says t="str"
    _C + rb'(?![^>]*\bt="str")' + _AT + rb"[^>]*(?<!/)><(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_XF = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_FORMAT = re.compile(rb'\bnumFmtId="(\d+)"')
_OWN_FORMAT = re.compile(rb'<(?:\w+:)?numFmt\b(?=[^>]*formatCode="[^"]*%)[^>]*?\bnumFmtId="(\d+)"')


class NoResult:
    """Stands in a cell whose formula has no result, or an error for one."""

    def __str__(self) -> str:
        return "#"


class Marks:
    """Cells of the first sheet that a reader would misunderstand, by (row, column) from zero."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.percent: set[tuple[int, int]] = set()
        self.broken: set[tuple[int, int]] = set()
        self.rows: set[int] = set()
        part = _first_sheet(archive)
        styles = _percent_styles(archive) if part else []
        of_percent = b"|".join(styles)
        formatted = re.compile(_C + rb'(?=[^>]*\bs="(?:' + of_percent + rb')")' + _AT) if styles else None
        height = width = 0
        for block in _blocks(archive, part) if part else ():
            filled = set(_FILLED.findall(block))
            height = max(height, *(int(row) for row in {row for _, row in filled}), 0)
            width = max(width, *(_index(letters) + 1 for letters in {letters for letters, _ in filled}), 0)
            if height * width > MOST_CELLS:
                raise FileRefused("file.stray_cells", row=height, column=letters_of(width - 1))
            for shape in (_ERROR, _NO_RESULT):
                self.broken.update(map(_place, shape.findall(block)))
            if formatted:
                self.percent.update(map(_place, formatted.findall(block)))
        self.rows = {row for row, _ in self.percent | self.broken}

    def mend(self, row: int, first_column: int, cells: list[Any]) -> list[Any]:
        """5 % typed into a spreadsheet is 0.05 with a format: given back as it is shown."""
        if row not in self.rows:
            return cells
        return [self._mended((row, first_column + at), cell) for at, cell in enumerate(cells)]

    def _mended(self, place: tuple[int, int], cell: Any) -> Any:
        if place in self.broken:
            return NoResult()
        if place in self.percent and isinstance(cell, int | float) and not isinstance(cell, bool):
            return f"{(Decimal(str(cell)) * 100).normalize():f}%"
        return cell


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The part that holds it; empty where the workbook does not say."""
    try:
        book, links = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return ""
    sheet = re.search(rb'<(?:\w+:)?sheet\b[^>]*?\b\w+:id="([^"]+)"', book)
    link = (
        re.search(rb'<(?:\w+:)?Relationship\b(?=[^>]*\bId="' + re.escape(sheet[1]) + rb'")[^>]*>', links)
        if sheet
        else None
    )
    target = re.search(rb'\bTarget="([^"]+)"', link[0]) if link else None
    if not target:
        return ""
    name = target[1].decode("utf-8", "replace")
    name = name.removeprefix("/") if name.startswith("/") else f"xl/{name}"
    return name if name in archive.namelist() else ""


def _percent_styles(archive: zipfile.ZipFile) -> list[bytes]:
    """The numbers of cell styles that show a percentage."""
    try:
        styles = archive.read("xl/styles.xml")
    except KeyError:
        return []
    formats = PERCENT_FORMATS | set(_OWN_FORMAT.findall(styles))
    held = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    found = [_FORMAT.search(style) for style in _XF.findall(held[0])] if held else []
    return [str(number).encode() for number, said in enumerate(found) if said and said[1] in formats]


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet in pieces that end with a row."""
    with archive.open(part) as file:
        held = b""
        while piece := file.read(BLOCK):
            held += piece
            end = held.rfind(b"row>")
            if end >= 0:
                yield held[: end + 4]
                held = held[end + 4 :]
        yield held


def _index(letters: bytes) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + letter - 64
    return total - 1


def _place(found: tuple[bytes, bytes]) -> tuple[int, int]:
    return int(found[1]) - 1, _index(found[0])


def letters_of(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
