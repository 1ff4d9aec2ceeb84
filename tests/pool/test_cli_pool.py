"""`huiqiao pool import` and `export` as staff type them: what they say, and what a script sees."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from backend.domain.clock import SystemClock, day_of
from backend.domain.listings import ListingStatus
from backend.services.pool.importing import check_file
from backend.store.database import Database
from tests.support.builders import make_number
from tests.support.tables import Row, good_row, write_csv, write_xlsx

ENDS = day_of(SystemClock().now()) + timedelta(days=1000)


ALL = [make_number(serial) for serial in range(1, 60)]


@dataclass
class Desk:
    """A clerk's terminal: its own data folder, nothing set but the database."""

    folder: Path
    url: str

    def pool(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment |= {"HUIQIAO_DATA": str(self.folder / "data"), "DATABASE_URL": self.url}
        command = [sys.executable, "-m", "bot.cli", "pool", *words]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def held(self) -> dict[str, ListingStatus]:
        database = Database(self.url)
        with database.read() as uow:
            found = {number: held.status for number, held in uow.listings.newest(ALL).items()}
        database.close()
        return found


@pytest.fixture
def clerk(database_url: str, tmp_path: Path) -> Desk:
    return Desk(tmp_path, database_url)


def _row(serial: int = 1, **changes: object) -> Row:
    return good_row(serial, **({"许可期限届满日": ENDS} | changes))


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """Everything on the screen; never a traceback."""
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "((" not in said
    return said


def test_an_import_waits_for_verification(clerk: Desk) -> None:
    """On a database that is still empty of any table."""
    done = clerk.pool("import", str(write_xlsx(clerk.folder / "表.xlsx", [_row(1), _row(2)])))
    assert done.returncode == 0
    assert "共 2 行，入库 2 件" in _said(done)
    assert clerk.held() == {make_number(serial): ListingStatus.SUBMITTED for serial in (1, 2)}


def test_publishing_and_the_way_back(clerk: Desk) -> None:
    table = write_csv(clerk.folder / "t.csv", [_row(1, 摘要="=1+1"), _row(2)], encoding="gbk")
    done = clerk.pool("import", str(table), "--publish", "--by", " 王老师 ")
    assert (done.returncode, clerk.held()) == (
        0,
        {make_number(serial): ListingStatus.PUBLISHED for serial in (1, 2)},
    ), _said(done)
    exported = clerk.pool("export", "out/pool.xlsx")
    assert exported.returncode == 0
    assert "导出 2 件" in _said(exported)
    listings, report = check_file(clerk.folder / "out" / "pool.xlsx", SystemClock())
    assert [problem for problem in report.problems if problem.fatal] == []
    assert {listing.number: listing.abstract for listing in listings} == {make_number(1): "=1+1", make_number(2): ""}
    again = clerk.pool("import", "out/pool.xlsx", "--publish", "--by", "李老师")
    assert (again.returncode, len(clerk.held())) == (0, 2), _said(again)


@pytest.mark.parametrize("by", [[], ["--by", "  "]])
def test_publishing_needs_a_name(clerk: Desk, by: list[str]) -> None:
    done = clerk.pool("import", str(write_xlsx(clerk.folder / "t.xlsx", [_row()])), "--publish", *by)
    assert done.returncode == 1
    assert "--by" in _said(done)
    assert "担保人" in done.stderr
    assert "入库" not in _said(done)


def test_one_bad_row_stops_the_whole_file(clerk: Desk) -> None:
    rows = [_row(1), _row(2, 一次总付金额="面议"), _row(3, 专利号="CN112345678B"), _row(4, 所在市州="长沙市")]
    done = clerk.pool("import", str(write_xlsx(clerk.folder / "t.xlsx", rows)), "--publish", "--by", "王")
    said = _said(done)
    assert done.returncode == 1
    assert "第3行 · 一次总付金额：“面议”不是金额" in said
    assert "第4行 · 专利号：“CN112345678B”是公开（公告）号" in said
    assert "第5行 · 所在市州（提醒）" in said
    assert "没有入库" in said
    assert "--skip-bad" in said
    assert clerk.held() == {}


def test_bad_rows_can_be_left_out(clerk: Desk) -> None:
    rows = [_row(1, 序号="甲"), _row(2, 专利名称=""), _row(3)]
    done = clerk.pool("import", str(write_csv(clerk.folder / "t.csv", rows)), "--skip-bad")
    said = _said(done)
    assert done.returncode == 0
    assert "第3行 · 专利名称：必填" in said
    assert "共 3 行，入库 2 件" in said
    assert "这些列不认识，已忽略：序号" in said
    assert set(clerk.held()) == {make_number(1), make_number(3)}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nowhere.xlsx", None, "找不到文件 nowhere.xlsx"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "另存为 .xlsx"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n", "不是 xlsx 或 csv 表格"),
        ("half.xlsx", b"PK\x03\x04" + bytes(200), "可能已损坏"),
        ("empty.csv", b"", "没有找到表头"),
        ("few.csv", "专利号,专利名称,专利类型\n".encode(), "缺少必填列：申请日"),
    ],
)
def test_a_file_that_is_no_table(clerk: Desk, name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        (clerk.folder / name).write_bytes(content)
    done = clerk.pool("import", name)
    assert done.returncode == 1
    assert words in _said(done)


def test_an_export_of_nothing_and_one_of_another_kind(clerk: Desk) -> None:
    """On a database that is still empty of any table."""
    empty, pdf = clerk.pool("export", "new.csv"), clerk.pool("export", "new.pdf")
    assert (empty.returncode, pdf.returncode) == (0, 1)
    assert "导出 0 件" in _said(empty)
    assert "new.pdf 不是 xlsx 或 csv 表格" in _said(pdf)
    assert (clerk.folder / "new.csv").read_text("utf-8-sig").startswith("专利号,专利名称")


def test_what_is_missing_on_the_command_line_is_said(tmp_path: Path) -> None:
    clerk = Desk(tmp_path, "sqlite:///never-opened.db")
    codes = [clerk.pool(*words).returncode for words in (("import",), ("export",), ("import", "t.csv", "--nonsense"))]
    assert codes == [2, 2, 2]
