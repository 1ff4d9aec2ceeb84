"""A right information table comes in as it is, however people have written it down."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.listings import Contact, Guidance, HolderType, Listing, Pledge, Track
from backend.domain.patent_number import PatentNumber
from backend.domain.patents import PatentKind
from backend.services.pool.importing import check_file, import_file
from backend.store.database import Database
from tests.support.arrivals import noon
from tests.support.builders import make_number
from tests.support.tables import HEADERS, REQUIRED, Row, check_rows, found, good_row, write_csv, write_xlsx

NUMBER = make_number(7, kind=PatentKind.UTILITY_MODEL)
FULL: Row = {
    "专利号": f"ZL{NUMBER}",
    "专利名称": "一种电池散热装置",
    "专利类型": "实用新型",
    "申请日": "2021-03-15",
    "授权公告日": "2022-01-04",
    "专利权人": "江城测试大学；湖北测试科技有限公司",
    "共有人全体同意": "是",
    "专利权人类型": "高校",
    "统一社会信用代码": "91420100MA4KMF2L3X",
    "联系人": "王老师",
    "联系电话": "027-00000000",
    "电子邮箱": "license@example.com",
    "公开联系方式": "是",
    "IPC主分类号": "H01M 10/613",
    "IPC分类号": "H01M10/613；H05K 7/20",
    "国民经济行业": "电池制造",
    "51020集群": None,
    "所在市州": "武汉市",
    "摘要": "用于机房的散热装置，\n降低噪声。",
    "应用场景": "储能、数据中心",
    "权利要求": "1. 一种电池散热装置，包括壳体。",
    "技术成熟度": 7,
    "技术指导": "另收费",
    "许可轨道": "法定",
    "公告号": "CN2025A001",
    "公告日": "2025-06-01",
    "支付方式": "入门费加提成",
    "一次总付金额": None,
    "分期安排": "签约付一半",
    "入门费": "5,000.50",
    "提成基数": "净销售额",
    "提成比例": "3.5%",
    "单位产品金额": None,
    "费用说明": "含税",
    "许可期限届满日": "2030-12-31",
    "单次许可年限": "3年",
    "许可区域": "全国",
    "被许可人范围": "不限",
    "专利权评价报告": "G2022000001",
    "存在独占或排他许可": "否",
    "中止": "无",
    "质押": "有且质权人同意",
    "协议定价公示": "https://example.com/p?a=1",
    "备注": "无",
}
WANTED = Listing(
    number=NUMBER,
    title="一种电池散热装置",
    kind=PatentKind.UTILITY_MODEL,
    filed_on=date(2021, 3, 15),
    granted_on=date(2022, 1, 4),
    holders=("江城测试大学", "湖北测试科技有限公司"),
    co_holders_agree=True,
    holder_type=HolderType.UNIVERSITY,
    credit_code="91420100MA4KMF2L3X",
    contact=Contact(name="王老师", phone="027-00000000", email="license@example.com", public=True),
    ipc_main="H01M10/613",
    ipc=("H01M10/613", "H05K7/20"),
    industry="电池制造",
    place_code="420100",
    abstract="用于机房的散热装置，\n降低噪声。",
    scenes="储能、数据中心",
    claims="1. 一种电池散热装置，包括壳体。",
    maturity=7,
    guidance=Guidance.PAID_EXTRA,
    track=Track.STATUTORY,
    announcement_number="CN2025A001",
    announced_on=date(2025, 6, 1),
    fee=Fee(
        method=PaymentMethod.ENTRY_FEE_AND_ROYALTY,
        instalments="签约付一半",
        entry_fee_yuan=Decimal("5000.50"),
        royalty_basis=RoyaltyBasis.NET_SALES,
        royalty_percent=Decimal("3.5"),
        note="含税",
    ),
    license_ends_on=date(2030, 12, 31),
    license_years=3,
    region="全国",
    licensee_scope="不限",
    evaluation_report="G2022000001",
    pledge=Pledge.WITH_CONSENT,
    price_publicity="https://example.com/p?a=1",
    remark="无",
)


def _one(path: Path) -> Listing:
    listings, report = check_file(path, noon())
    assert [problem for problem in report.problems if problem.fatal] == []
    assert len(listings) == 1
    return listings[0]


def _cell(folder: Path, **changes: Any) -> Listing:
    return _one(write_xlsx(folder / "table.xlsx", [good_row(**changes)]))


def test_every_column_is_read(tmp_path: Path) -> None:
    assert set(FULL) == set(HEADERS)
    assert _one(write_xlsx(tmp_path / "full.xlsx", [FULL], headers=HEADERS)) == WANTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk", "gb18030"])
def test_every_column_is_read_from_csv(tmp_path: Path, encoding: str) -> None:
    row = {header: "" if cell is None else cell for header, cell in FULL.items()}
    assert _one(write_csv(tmp_path / "full.CSV", [row], headers=HEADERS, encoding=encoding)) == WANTED


def test_every_column_comes_through_the_database(database: Database, tmp_path: Path) -> None:
    report = import_file(
        database, write_xlsx(tmp_path / "full.xlsx", [FULL], headers=HEADERS), clock=noon(), vouched_by="王"
    )
    with database.read() as uow:
        held = uow.listings.of([NUMBER])[NUMBER]
    assert (report.rows, report.taken) == (1, 1)
    assert held.listing == WANTED
    assert held.vouched_by == "王"


AMOUNTS = {"一次总付金额": None, "提成基数": None}
METHODS: list[tuple[str, Row, Fee]] = [
    ("免费", {}, Fee(method=PaymentMethod.FREE)),
    ("一次总付", {"一次总付金额": 5}, Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(5))),
    ("一次性付费", {"一次总付金额": "￥5元"}, Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(5))),
    ("分期", {"分期安排": "两期"}, Fee(method=PaymentMethod.INSTALMENTS, instalments="两期")),
    ("分期支付", {"一次总付金额": 9}, Fee(method=PaymentMethod.INSTALMENTS, lump_sum_yuan=Decimal(9))),
    (
        "提成",
        {"提成基数": "利润", "提成比例": 40},
        Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.PROFIT, royalty_percent=Decimal(40)),
    ),
    (
        "提成支付",
        {"提成基数": "单位产品", "单位产品金额": 0.01},
        Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.UNIT, unit_yuan=Decimal("0.01")),
    ),
    (
        "入门费附加提成",
        {"入门费": 100, "提成基数": "净销售额", "提成比例": "2％"},
        Fee(
            method=PaymentMethod.ENTRY_FEE_AND_ROYALTY,
            entry_fee_yuan=Decimal(100),
            royalty_basis=RoyaltyBasis.NET_SALES,
            royalty_percent=Decimal(2),
        ),
    ),
]


@pytest.mark.parametrize(("word", "cells", "fee"), METHODS, ids=[word for word, *_ in METHODS])
def test_every_payment_method(tmp_path: Path, word: str, cells: Row, fee: Fee) -> None:
    assert _cell(tmp_path, **(AMOUNTS | {"支付方式": word} | cells)).fee == fee


@settings(max_examples=15)
@given(seed=st.integers())
def test_the_columns_stand_in_any_order(tmp_path: Path, seed: int) -> None:
    headers = list(HEADERS)
    random.Random(seed).shuffle(headers)
    assert _one(write_xlsx(tmp_path / "shuffled.xlsx", [FULL], headers=headers)) == WANTED


@pytest.mark.parametrize("written", ["{}（元）", "{}(元)", "{}*", " {} ", "{}\n(人民币，元)", "＊{}"])
def test_a_header_may_carry_a_unit_or_a_mark(tmp_path: Path, written: str) -> None:
    row = good_row()
    row[written.format("一次总付金额")] = row.pop("一次总付金额")
    listing = _one(write_xlsx(tmp_path / "units.xlsx", [row], headers=list(row)))
    assert listing.fee.lump_sum_yuan == Decimal(20000)


def test_unknown_columns_are_named_and_ignored(tmp_path: Path) -> None:
    report = check_rows(tmp_path, good_row(序号=1, 内部评分="甲"))
    assert sorted(report.unknown_headers) == ["内部评分", "序号"]
    assert found(report) == []


@pytest.mark.parametrize("blank", [0, 1, 3])
def test_a_title_above_the_header(tmp_path: Path, blank: int) -> None:
    above = [["湖北省专利开放许可信息表"], ["填表单位：", "江城测试大学", "2026-03"], *([[]] * blank)]
    bad = good_row(2, 专利名称=None)
    path = write_xlsx(tmp_path / "titled.xlsx", [good_row(), bad], above=above)
    listings, report = check_file(path, noon())
    assert [listing.number for listing in listings] == [make_number(1)]
    assert found(report) == [(5 + blank, "专利名称", "required")]


def test_rows_are_counted_as_the_spreadsheet_does(tmp_path: Path) -> None:
    """Blank lines above and between, and a first column left free."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    bad = good_row(专利名称="")
    for line, cells in ((2, list(bad)), (5, list(good_row(2).values())), (9, list(bad.values()))):
        for at, cell in enumerate(cells):
            sheet.cell(line, at + 2, cell)
    book.save(tmp_path / "gaps.xlsx")
    assert found(check_file(tmp_path / "gaps.xlsx", noon())[1]) == [(9, "专利名称", "required")]


def test_lines_within_a_csv_cell_do_not_shift_the_count(tmp_path: Path) -> None:
    rows = [good_row(1, 摘要="一\n二\n三"), good_row(2, 摘要="四\n五", 专利名称="")]
    report = check_file(write_csv(tmp_path / "lines.csv", rows), noon())[1]
    assert found(report) == [(3, "专利名称", "required")]


@pytest.mark.parametrize(
    "cell",
    [
        date(2021, 3, 5),
        datetime(2021, 3, 5),  # noqa: DTZ001 a spreadsheet knows no zone
        datetime(2021, 3, 5, 23, 59),  # noqa: DTZ001 a spreadsheet knows no zone
        "2021-03-05",
        "2021-3-5",
        "2021/03/05",
        "2021.3.5",
        "2021年3月5日",
        "２０２１－０３－０５",
        "2021-03-05 00:00:00",
    ],
)
def test_days(tmp_path: Path, cell: Any) -> None:
    assert _cell(tmp_path, 申请日=cell).filed_on == date(2021, 3, 5)


@pytest.mark.parametrize(
    "cell", [20000, 20000.0, "20000", "20,000", "２０，０００", "20000.00元", "¥20000", " 20 000 "]
)
def test_money(tmp_path: Path, cell: Any) -> None:
    assert _cell(tmp_path, 一次总付金额=cell).fee.lump_sum_yuan == Decimal(20000)


@pytest.mark.parametrize(
    ("cell", "shape"), [(0.035, "0.0%"), (0.035, "0.00%"), (0.035, "0.0%;[Red]-0.0%"), (3.5, "General"), ("3.5％", "@")]
)
def test_a_rate_typed_as_percentage(tmp_path: Path, cell: Any, shape: str) -> None:
    """A spreadsheet keeps “3.5%” as 0.035 with a format."""
    row = good_row(支付方式="提成", 一次总付金额=None, 提成基数="利润", 提成比例=cell)
    path = write_xlsx(tmp_path / "percent.xlsx", [row], headers=list(row))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(2, list(row).index("提成比例") + 1).number_format = shape
    book.save(path)
    assert _one(path).fee.royalty_percent == Decimal("3.5")


@pytest.mark.parametrize("cell", ["ZL{}", "{}", "zl {}", "CN{}", "ＺＬ{}", "ZL 2021 1 9900001.{}"])
def test_numbers(tmp_path: Path, cell: str) -> None:
    number = make_number(1)
    written = cell.format(number.split(".")[1] if "." in cell else number)
    assert _cell(tmp_path, 专利号=written).number == number


def test_the_eight_digits_of_before_2003(tmp_path: Path) -> None:
    """Such a patent has long ended: it is read, and refused for its age alone."""
    report = check_rows(tmp_path, good_row(专利号=f"ZL{PatentNumber('85100001')}", 申请日="1985-04-01"))
    assert found(report) == [(2, "申请日", "patent_expired"), (2, "许可期限届满日", "beyond_term")]


def test_only_what_is_required_is_required(tmp_path: Path) -> None:
    listing = _cell(tmp_path)
    assert set(REQUIRED) <= set(good_row())
    assert (listing.holder_type, listing.guidance, listing.maturity, listing.co_holders_agree) == (
        "other",
        None,
        None,
        True,
    )
    assert not listing.contact.public
