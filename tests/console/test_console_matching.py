"""Companies from a table, labels, classes, grades, figures and prices, as colleagues meet them."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from backend.domain.companies import Company
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.roles import Role
from backend.services.matching.grading import grade_pool
from backend.services.matching.matcher import Matcher
from tests.support.builders import make_listing, make_number
from tests.support.busy_office import publish
from tests.support.desk_of_staff import StaffDesk
from tests.support.shelf import tokenizer

GOOD = "企业名称,主要产品,国民经济行业,51020集群,所在市州,规模\n江城散热厂,机房散热装置,通用设备制造业,1,武汉,小型\n"
BAD = GOOD + "甲厂,,天书业,月球,武汉,巨型\n"


def csv_of(text: str) -> bytes:
    return text.encode("utf-8-sig")


def test_a_table_of_companies_is_taken_in_and_every_problem_told(desk: StaffDesk) -> None:
    person = desk.enter(Role.OPERATOR)
    person.get("/companies")
    answer = person.upload("/companies/import", "企业.csv", csv_of(BAD))
    assert answer.status_code == 422
    for words in (
        "一行都没有导入",
        "必填，这里是空的",
        "“巨型”不在可选项里",
        "“月球”不是 51020 集群名",
        "没对上国民经济行业",
    ):
        assert words in person.words
    assert person.upload("/companies/import", "企业.csv", csv_of(BAD), skip_bad="yes").status_code == 200
    assert "共 2 行，已导入 1 行" in person.words
    assert "江城散热厂" in person.words
    assert "企业.csv" in person.words
    with desk.database.read() as uow:
        (held,) = uow.companies.all()
        assert uow.audit.verify() is None
    assert person.post(f"/companies/{held.id}/drop").status_code == 303
    assert person.post(f"/companies/{held.id}/drop").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.csv", b"", "请先选一个表格文件"),
        ("x.csv", "甲,乙\n1,2\n".encode(), "没有找到表头"),
        ("../../etc/x.xlsx", b"PK\x03\x04broken", "打不开"),
        ("x.exe", b"MZ\x90\x00", "不是 xlsx 或 csv 表格"),
        ("x.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600, "旧版 Excel"),
        ("空.csv", "企业名称,主要产品,规模\n".encode("utf-8-sig"), "没有数据行"),
    ],
)
def test_what_is_no_table_is_refused_in_words(small_desk: StaffDesk, name: str, content: bytes, words: str) -> None:
    person = small_desk.enter()
    person.get("/companies")
    assert person.upload("/companies/import", name, content).status_code == 422
    assert words in person.words
    assert "etc" not in person.words


def test_uploads_are_bounded_and_only_for_those_who_may(small_desk: StaffDesk) -> None:
    person, other = small_desk.enter(Role.OPERATOR), small_desk.enter(Role.AUDITOR)
    person.get("/companies")
    assert person.upload("/companies/import", "x.csv", b"0" * (9 * 1024 * 1024)).status_code == 413
    other.get("/companies")
    assert other.upload("/companies/import", "x.csv", csv_of(GOOD)).status_code == 403
    stranger = small_desk.browser()
    stranger.get("/login")
    assert stranger.upload("/companies/import", "x.csv", csv_of(GOOD)).status_code == 303
    wrong = person.client.post("/console/companies/import", data={"token": "0" * 64}, files={"file": ("x", b"1")})
    assert wrong.status_code == 403
    broken = person.client.post(
        "/console/companies/import", content=b"--x\r\nbroken", headers={"content-type": "multipart/form-data"}
    )
    assert broken.status_code == 400
    assert person.client.post("/console/logout", data={"token": person.token}, files={"a": b"1"}).status_code == 415


def test_a_company_sees_its_patents_and_a_patent_its_companies_with_reasons(desk: StaffDesk) -> None:
    publish(desk, make_listing(1, ipc_main="H05K7/20", maturity=8), make_listing(2, title="茶叶杀青", abstract="茶叶"))
    with desk.database.write() as uow:
        uow.companies.import_one(
            Company(name="江城散热厂", products="机房散热装置", division="C39"), at=desk.clock.now()
        )
        (held,) = uow.companies.all()
    person = desk.enter(Role.OPERATOR)
    person.get(f"/companies/{held.id}")
    assert make_listing(1).title in person.words
    assert "文中写到您的“散热装置、机房”" in person.words
    assert "信息匹配" in person.words
    assert "茶叶" not in person.words
    person.get(f"/pool/{make_number(1)}/matching")
    assert "江城散热厂" in person.words
    assert "H05K" in person.words
    assert person.get("/pool/nothing/matching").status_code == 404
    assert person.get("/companies/99").status_code == 404


def test_a_grade_is_internal_explains_itself_and_keeps_its_history(desk: StaffDesk) -> None:
    publish(desk, make_listing(1, maturity=5))
    person = desk.enter(Role.APPROVER)
    path = f"/pool/{make_number(1)}/matching"
    person.get(path)
    for words in ("内部参考", "缺数据", "没有数据", "登记簿数据", "还没有记录"):
        assert words in person.words
    matcher = Matcher(desk.database, tokenizer().words, desk.clock, demonstration=False)
    grade_pool(matcher)
    publish(desk, make_listing(1, maturity=9))
    grade_pool(matcher)
    person.get(path)
    assert person.page.count("2026-1</td>") == 2
    public = desk.browser()
    assert public.get(path).status_code == 303


def test_a_colleague_decides_on_a_class_with_a_reason_and_takes_it_back(desk: StaffDesk) -> None:
    publish(desk, make_listing(1))
    person = desk.enter(Role.VERIFIER)
    path = f"/pool/{make_number(1)}"
    person.get(f"{path}/matching")
    assert "没有依据" in person.words
    assert person.post(f"{path}/classes", cluster="09", division="C17").status_code == 422
    assert "请写明判定的理由" in person.words
    assert person.post(f"{path}/classes", cluster="09", division="C17", reason="面料用").status_code == 303
    person.get(f"{path}/matching")
    assert "人工判定" in person.words
    assert "C17 纺织业 100%" in person.words
    assert person.post(f"{path}/classes", cluster="99").status_code == 400
    assert person.post(f"{path}/classes", cluster="", division="").status_code == 303
    person.get(f"{path}/matching")
    assert "人工判定：" not in person.words
    with desk.database.read() as uow:
        assert len([e for e in uow.audit.entries() if e.action == "class.override"]) == 2
        assert uow.audit.verify() is None


def test_labels_are_entered_with_a_source(desk: StaffDesk) -> None:
    person = desk.enter(Role.APPROVER)
    person.get("/labels")
    assert person.post("/labels", name="长沙", label="key_city", source="文件").status_code == 422
    assert "湖北的市州名" in person.words
    assert person.post("/labels", name="宜昌", label="key_city", source="文件", ends_on="昨天").status_code == 422
    assert person.post("/labels", name="宜昌", label="best", source="文件").status_code == 400
    assert (
        person.post("/labels", name="宜昌", label="key_city", source="试点方案", ends_on="2027-01-01").status_code
        == 303
    )
    person.get("/labels")
    assert "宜昌市" in person.words
    assert person.post("/labels/drop", name="宜昌市", label="key_city").status_code == 303
    assert person.post("/labels/drop", name="宜昌市", label="key_city").status_code == 404


def test_reference_figures_come_from_a_table_and_go_again(desk: StaffDesk) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["行业", "年度", "合同数", "平均金额（元）", "来源"])
    book.active.append(["C14", "2022", 80, 420000, "2022年度统计"])
    file = io.BytesIO()
    book.save(file)
    person = desk.enter(Role.APPROVER)
    person.get("/rates")
    assert person.upload("/rates/import", "费率.xlsx", file.getvalue()).status_code == 200
    assert "420,000" in person.words
    assert "2022年度统计" in person.words
    with desk.database.read() as uow:
        (held,) = uow.industry_rates.all()
    assert person.post(f"/rates/{held.id}/drop").status_code == 303
    assert person.post(f"/rates/{held.id}/drop").status_code == 404


def test_a_price_worth_a_look_is_listed_until_a_colleague_looked(small_desk: StaffDesk) -> None:
    fees = [Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(n)) for n in (*[10_000] * 6, 200_000)]
    publish(small_desk, *(make_listing(n, fee=fee, ipc_main="H01M10/54") for n, fee in enumerate(fees, 1)))
    person = small_desk.enter(Role.OPERATOR)
    person.get("/prices")
    for words in ("高于同类", "20万元", "中间一半 1万元 到 1万元", "IPC H01M"):
        assert words in person.words
    assert person.post(f"/prices/{make_number(7)}/review", outcome="nonsense").status_code == 404
    assert person.post(f"/prices/{make_number(7)}/review", outcome="fitting").status_code == 303
    person.get("/prices?done=price_reviewed")
    assert "没有要复查的价格" in person.words
