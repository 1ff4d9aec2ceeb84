"""Files that are no information table, or a damaged, misleading or hostile one: refused in words, quickly, whole."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.services.pool.importing import check_file
from backend.services.pool.problems import FileRefused
from backend.services.pool.table_file import MOST_BYTES, MOST_UNPACKED
from bot.dialogue.say import say
from bot.texts import Texts
from tests.support.arrivals import noon
from tests.support.builders import make_number
from tests.support.tables import HEADERS, REQUIRED, check_rows, found, good_row, write_csv, write_xlsx

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2000)


def _refused(path: Path) -> str:
    """The code with which it is refused; its wording must hold."""
    with pytest.raises(FileRefused) as refused:
        check_file(path, noon())
    said = Texts().render(say(f"import.{refused.value.code}", **refused.value.values))  # type: ignore[arg-type] # plain values
    assert said
    assert "((" not in said
    return refused.value.code


def _good(folder: Path) -> Path:
    return write_xlsx(folder / "good.xlsx", [good_row(1), good_row(2)])


def _with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def _zip(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "<xml/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("old.xls", OLE, "file.old_excel"),
        ("renamed.xlsx", OLE, "file.old_excel"),
        ("renamed.csv", OLE, "file.old_excel"),
        ("photo.xlsx", PNG, "file.not_a_table"),
        ("photo.png", PNG, "file.not_a_table"),
        ("photo.csv", PNG, "file.not_a_table"),
        ("notes.txt", "专利号,专利名称".encode(), "file.not_a_table"),
        ("table.xlsx", "专利号,专利名称".encode(), "file.not_a_table"),
        ("empty.xlsx", b"", "file.not_a_table"),
        ("empty.csv", b"", "file.no_header"),
        ("mark.csv", b"\xef\xbb\xbf", "file.no_header"),
        ("blank.csv", b"\n,,,\n\n", "file.no_header"),
        ("nul.csv", "专利号,专利名称,专利类型\0\n".encode(), "file.not_a_table"),
        ("odd.csv", b"\xff\xff\xff\xff", "file.encoding"),
        ("prose.csv", "您好，\n这不是表格。\n".encode(), "file.no_header"),
        ("quote.csv", b'"' + b"x" * 200_000, "file.unreadable"),
        ("some.xlsx", _zip("readme.txt"), "file.unreadable"),
        ("letter.xlsx", _zip("word/document.xml", "[Content_Types].xml"), "file.unreadable"),
        ("hollow.xlsx", _zip("xl/workbook.xml"), "file.unreadable"),
        ("cut.xlsx", _zip("xl/workbook.xml")[:60], "file.unreadable"),
        ("nothing.xlsx", b"PK", "file.unreadable"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert _refused(tmp_path / name) == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert _refused(tmp_path / "nowhere.xlsx") == "file.missing"
    assert _refused(tmp_path) == "file.missing"


def test_a_workbook_cut_off_in_the_middle(tmp_path: Path) -> None:
    content = _good(tmp_path).read_bytes()
    (tmp_path / "half.xlsx").write_bytes(content[: len(content) // 2])
    assert _refused(tmp_path / "half.xlsx") == "file.unreadable"


@settings(max_examples=60)
@given(
    at=st.floats(0, 1), gone=st.integers(1, 40), put=st.sampled_from([b"", b"<v>9</v>", b'r="ZZZZ1"', b"&#0;", b"<"])
)
def test_a_damaged_sheet_is_refused_or_read(tmp_path: Path, at: float, gone: int, put: bytes) -> None:
    def damage(content: bytes) -> bytes:
        start = int(at * len(content))
        return content[:start] + put + content[start + gone :]

    path = _with_part(_good(tmp_path), SHEET, damage)
    with contextlib.suppress(FileRefused):  # and nothing else
        assert check_file(path, noon())[1].rows <= 4


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_required_column_is_missing(tmp_path: Path, missing: str) -> None:
    headers = [header for header in HEADERS if header != missing]
    path = write_csv(tmp_path / "t.csv", [good_row()], headers=headers)
    with pytest.raises(FileRefused) as refused:
        check_file(path, noon())
    assert (refused.value.code, refused.value.values) == ("file.columns_missing", {"columns": missing})
    assert missing in Texts().render(say("import.file.columns_missing", columns=missing))


def test_wrong_headers(tmp_path: Path) -> None:
    row = {f"字段{number}": cell for number, cell in enumerate(good_row().values())}
    assert _refused(write_xlsx(tmp_path / "t.xlsx", [row], headers=list(row))) == "file.no_header"


def test_no_header_at_all(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(30):
        book.worksheets[0].append(list(good_row(number).values()))
    book.save(tmp_path / "t.xlsx")
    assert _refused(tmp_path / "t.xlsx") == "file.no_header"


def test_one_column_twice(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_csv(path, [good_row()], headers=[*HEADERS, "备注（二）"])
    assert _refused(path) == "file.column_twice"


def test_a_sheet_without_rows(tmp_path: Path) -> None:
    report = check_file(write_xlsx(tmp_path / "t.xlsx", [], headers=HEADERS), noon())[1]
    assert (report.rows, found(report)) == (0, [])


@pytest.mark.parametrize(
    ("area", "said"), [("A2:A3", (2, "A")), ("C3:D3", (3, "C")), ("B1:B2", (1, "B")), ("AA2:AB2", (2, "AA"))]
)
def test_merged_cells_are_refused(tmp_path: Path, area: str, said: tuple[int, str]) -> None:
    book = openpyxl.load_workbook(_good(tmp_path))
    book.worksheets[0].merge_cells(area)
    book.save(tmp_path / "merged.xlsx")
    with pytest.raises(FileRefused) as refused:
        check_file(tmp_path / "merged.xlsx", noon())
    assert refused.value.code == "file.merged_cells"
    assert (refused.value.values["row"], refused.value.values["column"]) == said
    assert f"第{said[0]}行{said[1]}列" in Texts().render(say("import.file.merged_cells", row=said[0], column=said[1]))


def test_a_merged_title_is_welcome(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [good_row()], above=[["信息表"], [""]])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("A1:F2")
    book.save(path)
    assert len(check_file(path, noon())[0]) == 1


def test_a_million_blank_rows(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_good(tmp_path))
    sheet = book.worksheets[0]
    for at, cell in enumerate(good_row(3, 专利名称="最后一行").values(), start=1):
        sheet.cell(1_048_576, at, cell)
    book.save(tmp_path / "deep.xlsx")
    listings, report = check_file(tmp_path / "deep.xlsx", noon())
    assert [listing.number for listing in listings] == [make_number(serial) for serial in (1, 2, 3)]
    assert (report.rows, found(report)) == (3, [])


def test_a_million_empty_lines_of_csv(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [good_row()])
    with path.open("a", encoding="utf-8") as file:
        file.write(",,,\n" * 1_000_000)
    assert check_file(path, noon())[1].rows == 1


def test_a_stray_cell_in_the_last_corner(tmp_path: Path) -> None:
    """Laid out as a rectangle this asks for half a terabyte."""
    book = openpyxl.load_workbook(_good(tmp_path))
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    assert _refused(tmp_path / "far.xlsx") == "file.stray_cells"


@pytest.mark.parametrize("claimed", [b"A1:XFD1048576", b"A1", b"Z99:A1"])
def test_what_a_sheet_says_of_its_size_does_not_matter(tmp_path: Path, claimed: bytes) -> None:
    def lie(content: bytes) -> bytes:
        head, _, tail = content.partition(b'<dimension ref="')
        return head + b'<dimension ref="' + claimed + tail[tail.index(b'"') :]

    assert check_file(_with_part(_good(tmp_path), SHEET, lie), noon())[1].rows == 2


@pytest.mark.parametrize("formula", ["=1+1", '="ZL"&A1', "#N/A", "#REF!"])
@pytest.mark.parametrize("column", ["专利号", "质押", "存在独占或排他许可", "备注"])
def test_a_formula_without_a_result_is_no_empty_cell(tmp_path: Path, formula: str, column: str) -> None:
    """A pledge that nobody has worked out must not pass for none."""
    report = check_rows(tmp_path, good_row(1), good_row(2) | {column: formula})
    assert found(report) == [(3, column, "no_result")]


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="{}" t="str"><f>A1</f><v>\xe6\x97\xa0</v></c>',
        b'<c r="{}" t="str"><f>A1</f><v></v></c>',
        b'<c r="{}" s="0"/>',
    ],
)
def test_a_formula_with_a_result_is_its_result(tmp_path: Path, cell: bytes) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [good_row(质押="PLEDGE")])

    def calculate(content: bytes) -> bytes:
        start = content.rindex(b"<c ", 0, content.index(b"PLEDGE"))
        end = content.index(b"</c>", start) + 4
        reference = content[start:end].split(b'r="')[1].split(b'"')[0]
        return content[:start] + cell.replace(b"{}", reference) + content[end:]

    assert found(check_file(_with_part(path, SHEET, calculate), noon())[1]) == []


@pytest.mark.parametrize("name", ["big.xlsx", "big.csv"])
def test_more_than_the_limit_is_not_even_opened(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert _refused(tmp_path / name) == "file.too_large"


def _claiming(path: Path, size: int, part: str = SHEET) -> Path:
    """The workbook, whose directory gives another unpacked size for one part."""
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entries = [item.filename for item in archive.infolist()]
    at = content.index(b"PK\x01\x02")
    for name in entries:
        if name == part:
            content[at + 24 : at + 28] = struct.pack("<I", size)
        at += 46 + sum(struct.unpack("<3H", content[at + 28 : at + 34]))
    path.write_bytes(content)
    return path


def test_a_zip_bomb_that_says_so(tmp_path: Path) -> None:
    assert _refused(_claiming(_good(tmp_path), MOST_UNPACKED)) == "file.too_large"


@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml", "xl/theme/theme1.xml", "docProps/core.xml"])
def test_a_zip_bomb_that_says_it_is_small(tmp_path: Path, part: str) -> None:
    assert _refused(_claiming(_good(tmp_path), 10, part)) == "file.unreadable"
