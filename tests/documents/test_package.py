"""The filing package: complete, in order, told on its cover, and its table can be imported again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from backend.documents.package import Package
from backend.documents.subject import Declaration, Withdrawal
from backend.documents.table import information_table
from backend.domain.clock import CHINA, SetClock
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Contact
from backend.services.pool.importing import check_file
from backend.services.pool.rows import table_row
from backend.services.pool.table_file import columns
from tests.documents.readers import of_docx, of_pdf, squeezed
from tests.documents.subjects import DAY, declaration, full_listing, press

HEADERS = [column["header"] for column in columns()]


def package(declared: Declaration) -> Package:
    return press().filing_package(declared, HEADERS, table_row(declared.listing))


def files(held: Package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(held.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def joint() -> Declaration:
    return replace(declaration(), listing=full_listing())


def test_several_holders_get_the_letter_of_consent_one_does_not() -> None:
    assert list(files(package(joint()))) == [
        "00-提交说明.docx",
        "00-提交说明.pdf",
        "01-专利开放许可声明.docx",
        "01-专利开放许可声明.pdf",
        "02-专利开放许可信息表.xlsx",
        "03-共有专利权人同意书.docx",
        "03-共有专利权人同意书.pdf",
    ]
    assert not [name for name in files(package(declaration())) if "同意" in name]


def test_the_cover_lists_what_is_enclosed_and_where_to_file() -> None:
    held = package(joint())
    enclosed = files(held)
    assert tuple(enclosed) == held.enclosures
    cover = of_pdf(enclosed["00-提交说明.pdf"])
    assert cover == of_docx(enclosed["00-提交说明.docx"])
    for name in held.enclosures[2:]:
        assert squeezed(name) in cover
    assert "https://cponline.cnipa.gov.cn" in cover
    assert "专利权评价报告（编号W20230001）" in cover
    assert "质权人同意实行开放许可的书面文件" in cover
    assert "专利权评价报告" not in of_pdf(files(package(declaration()))["00-提交说明.pdf"])


def test_the_name_of_the_package_holds_the_number() -> None:
    held = package(declaration())
    assert held.name == f"专利开放许可声明提交包-ZL{declaration().listing.number}.zip"


def test_the_table_of_the_package_can_be_imported_again(tmp_path: Path) -> None:
    declared = replace(joint(), listing=full_listing(region="", licensee_scope="", credit_code=""))
    table = tmp_path / "table.xlsx"
    table.write_bytes(files(package(declared))["02-专利开放许可信息表.xlsx"])
    listings, report = check_file(table, SetClock(datetime.combine(DAY, time(12), CHINA)))
    assert not report.problems
    assert listings == [declared.listing]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(1)", "_x0041_", "+1", "#N/A", "TRUE", "1e5"])
def test_no_cell_of_the_table_is_a_formula_or_a_number(text: str) -> None:
    made = information_table(["甲"], [[text]])
    assert openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]["A2"].data_type == "s"
    assert CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python() == [["甲"], [text]]


def test_equal_declarations_make_equal_packages() -> None:
    assert package(joint()).content == package(joint()).content
    free = replace(joint(), listing=full_listing(fee=Fee(method=PaymentMethod.FREE)))
    assert package(free).content != package(joint()).content


def test_a_withdrawal_has_its_own_package() -> None:
    held = press().withdrawal_package(Withdrawal(listing=full_listing(), on=DAY, reason="拟转让专利权"))
    enclosed = files(held)
    assert tuple(enclosed) == held.enclosures
    assert "02-共有专利权人同意撤回书.pdf" in enclosed
    assert "拟转让专利权" in of_pdf(enclosed["01-撤回专利开放许可声明.pdf"])
    alone = press().withdrawal_package(
        Withdrawal(listing=full_listing(holders=("甲",), contact=Contact()), on=DAY, reason="拟转让专利权")
    )
    assert not [name for name in alone.enclosures if "同意" in name]
