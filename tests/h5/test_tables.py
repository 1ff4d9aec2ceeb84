"""An information table on a page: every problem by row and column, the good ones confirmed, submitted, verified, and told once."""

from __future__ import annotations

import io
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from backend.domain.declarations import State
from backend.domain.listings import Track
from backend.domain.tables import MOST_ROWS, TableStatus
from backend.services.declarations.office import bind_institution, leave_institution
from backend.services.declarations.tables import carry_on, forget_old
from backend.services.declarations.verifying import verify_waiting
from backend.services.pool.rows import table_row
from backend.services.pool.table_file import columns
from backend.store.database import Database
from tests.support.arrivals import ledger
from tests.support.builders import make_listing, make_number, make_record
from tests.support.declared import WORDING, Desks
from tests.support.visitors import PageOffice, Visitor320, open_pages

SCHOOL = "江城测试大学"
MANY = 120
HEADERS = [column["header"] for column in columns()]


def good_row(serial: int, **changes: Any) -> list[Any]:
    values = {"track": Track.STATUTORY, "granted_on": date(2023, 6, 2), "holders": (SCHOOL,)} | changes
    return list(table_row(make_listing(serial, **values)))


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADERS, *rows):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.fixture
def pages(database: Database, tmp_path: Path) -> PageOffice:
    return open_pages(database, tmp_path)


@pytest.fixture
def small(shelf: Database, tmp_path: Path) -> PageOffice:
    return open_pages(shelf, tmp_path)


def officer(pages: PageOffice, openid: str = "ming", name: str = SCHOOL) -> Visitor320:
    with pages.database.write() as uow:
        answers = {"institution": name, "credit_code": f"91350200MA2YJ1XR9G{name}"[:18], "contact_name": "李老师"}
        bind_institution(uow, openid=openid, answers=answers, at=pages.clock.now())
    return pages.enter(openid, "/h5/table")


def upload(visitor: Visitor320, content: bytes, name: str = "专利.xlsx") -> httpx.Response:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', visitor.page)
    data = {"token": found[1] if found else ""}
    answer: httpx.Response = visitor.client.post("/h5/table", data=data, files={"file": (name, content, "text/html")})
    if answer.status_code == 303:
        return visitor.get(answer.headers["location"])
    visitor.page = answer.text
    return answer


def confirm(visitor: Visitor320, what: str = "confirm") -> httpx.Response:
    found = re.search(rf'action="(/h5/table/[^"]+/{what})"', visitor.page)
    assert found, visitor.words
    return visitor.post(found[1])


def work(pages: PageOffice) -> int:
    return carry_on(pages.database, WORDING, pages.clock)


def test_every_problem_is_told_and_the_good_rows_become_declarations(pages: PageOffice) -> None:
    desks = Desks(pages.database, clock=pages.clock)
    desks.submit(4)
    bad = good_row(2)
    bad[HEADERS.index("专利号")] = "202110000001.1"
    late = good_row(3)
    late[HEADERS.index("许可期限届满日")] = "2099-01-01"
    priced = good_row(6)
    priced[HEADERS.index("一次总付金额")] = "面议"
    rows = [good_row(1), bad, late, good_row(1), good_row(4), good_row(5, track=Track.PILOT), priced]
    ming = officer(pages)
    upload(ming, workbook(*rows, good_row(7), good_row(8, holders=("别家公司",))))
    for said in (
        "第 3 行 专利号 “202110000001.1”校验位不对",
        "第 4 行 许可期限届满日 晚于专利权届满日",
        "第 5 行 专利号",
        "第 6 行 专利号 这件已经有声明",
        "第 7 行 许可轨道 现在没有开放的试点项目",
        "第 8 行 一次总付金额 “面议”不是金额",
        "第 10 行 专利权人 （提醒，不影响提交） 专利权人里没有“江城测试大学”",
    ):
        assert said in ming.words
    assert "共 9 行，3 行没有问题" in ming.words
    assert work(pages) == 0
    assert "正在提交" in confirm(ming).text
    for serial in (1, 7, 8):
        desks.register.tell(make_record(serial, holders=(SCHOOL,)))
    assert work(pages) == 1
    ming.get(re.search(r'href="(/h5/table/[^"]+)"', ming.page)[1])  # type: ignore[index] # asserted by what follows
    assert ming.words.count("等待核验") == 3
    verify_waiting(desks.office)
    assert [key.split(":")[1] for key in ledger(pages.database)] == ["1"]  # the one that was declared by itself
    work(pages)
    (told,) = [sent.reply.text for key, sent in ledger(pages.database).items() if key.startswith("table:")]
    assert "3 件声明，系统都核验过了" in told
    with pages.database.read() as uow:
        table = uow.table_uploads.of("ming")[0]
        taken = uow.declarations.of_table(table.id)
        assert uow.audit.verify() is None
        institution = uow.institutions.of_officer("ming")
        assert institution is not None
        assert {held.institution_id for held in uow.declarations.of("ming") if held.table_id} == {institution.id}
    assert table.status is TableStatus.VERIFIED
    assert [(number, state) for number, _, state in taken] == [
        (make_number(serial), State.FIRST_VERIFIED) for serial in (1, 7, 8)
    ]
    assert work(pages) == 0


def test_news_of_many_is_one_notice_a_day_and_a_return_is_told_by_itself(small: PageOffice) -> None:
    desks = Desks(small.database, clock=small.clock)
    ming = officer(small)
    upload(ming, workbook(*(good_row(serial) for serial in (1, 2, 3))))
    confirm(ming)
    for serial in (1, 2, 3):
        desks.register.tell(make_record(serial, holders=(SCHOOL,)))
    work(small)
    verify_waiting(desks.office)
    work(small)
    with small.database.read() as uow:
        ids = sorted(held.id for held in uow.declarations.of("ming"))
    for declaration_id in ids:
        desks.assign(declaration_id)
        desks.second(declaration_id)
    told = list(ledger(small.database))
    assert len([key for key in told if key.startswith("table:")]) == 2
    assert not [key for key in told if key.startswith("declaration:")]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "不是 xlsx 或 csv 表格"),
        (b"\xff\xd8\xff", "a.jpg", "不是 xlsx 或 csv 表格"),
        (b"PK\x03\x04", "a.xlsx", "打不开"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "没有找到表头"),
        (bytes(6 * 1024 * 1024), "a.csv", "文件太大"),
        (b"\xd0\xcf\x11\xe0", "../../etc/<b>.xls", "旧版 Excel"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(small: PageOffice, content: bytes, name: str, words: str) -> None:
    ming = officer(small)
    assert upload(ming, content, name).status_code == 422
    assert words in ming.words
    assert "<b>" not in ming.page


def test_only_an_officer_uploads_and_only_so_much(small: PageOffice) -> None:
    hua = small.enter("hua", "/h5/table")
    assert "单位认证" in hua.words
    hua.get("/h5/declarations")
    assert upload(hua, workbook(good_row(1))).status_code == 422
    assert "只有已登记的单位经办人" in hua.words
    ming = officer(small)
    upload(ming, workbook(*[good_row(1)] * (MOST_ROWS + 1)))
    assert f"一次最多 {MOST_ROWS} 行" in ming.words
    assert ming.get("/h5/table/blank.xlsx").headers["content-disposition"].startswith("attachment; ")


def test_a_table_of_another_follower_is_a_dead_link(small: PageOffice) -> None:
    ming = officer(small)
    upload(ming, workbook(good_row(1)))
    path = re.search(r'action="(/h5/table/[^"]+)/confirm"', ming.page)[1]  # type: ignore[index] # it is there
    hua = officer(small, "hua", "另一所大学")
    dead = hua.get(f"/h5/table/{'A' * 32}")
    for answer in (hua.get(path), hua.get("/h5/table") and hua.post(f"{path}/confirm")):
        assert (answer.status_code, answer.text) == (404, dead.text)
    hua.get("/h5/table")
    assert hua.post(f"{path}/drop").status_code == 404
    assert path not in hua.get("/h5/table").text
    assert "没有提交" in confirm(ming, "drop").text
    assert ming.post(f"{path}/drop").status_code == 404
    assert work(small) == 0


def test_who_left_the_institution_submits_nothing_for_it(small: PageOffice) -> None:
    ming = officer(small)
    upload(ming, workbook(good_row(1)))
    confirm(ming)
    with small.database.write() as uow:
        leave_institution(uow, openid="ming", at=small.clock.now())
    work(small)
    with small.database.read() as uow:
        assert uow.declarations.of("ming") == []
        assert uow.table_uploads.of("ming")[0].status is TableStatus.DROPPED
    small.clock.forward(days=40)
    assert forget_old(small.database, small.clock) == 1


def test_many_rows_are_checked_submitted_and_verified_in_time(small: PageOffice) -> None:
    """The bench measures it with followers chatting; here only that it is far from minutes."""
    desks = Desks(small.database, clock=small.clock)
    ming = officer(small)
    began = time.monotonic()
    upload(ming, workbook(*(good_row(serial) for serial in range(1, MANY + 1))))
    confirm(ming)
    for serial in range(1, MANY + 1):
        desks.register.tell(make_record(serial, holders=(SCHOOL,)))
    work(small)
    while verify_waiting(desks.office):
        pass
    work(small)
    assert time.monotonic() - began < 60
    with small.database.read() as uow:
        assert len(uow.declarations.in_states({State.FIRST_VERIFIED}, limit=1000)) == MANY
        assert uow.table_uploads.of("ming")[0].status is TableStatus.VERIFIED
    assert len(ledger(small.database)) == 1


def test_the_chat_names_the_page_to_an_officer(small: PageOffice) -> None:
    officer(small)
    chat = small.chat()
    assert "/h5/table" not in chat.say("我要声明")
    chat = small.chat()
    chat.tables = small.forms.links.tables
    assert small.forms.links.tables in chat.say("我要声明")
