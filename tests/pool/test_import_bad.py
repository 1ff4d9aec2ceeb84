"""Everything that can be wrong with a row is said with its row, its column and its reason."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.domain.clock import day_of
from backend.services.pool.importing import check_file, import_file
from backend.store.database import Database
from bot.imports import worded
from bot.texts.render import HOME, Texts
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_number
from tests.support.tables import REQUIRED, Row, check_rows, found, good_row, write_csv, write_xlsx

TODAY = day_of(NOON)
TOMORROW = TODAY + timedelta(days=1)
UTILITY, DESIGN = "实用新型", "外观设计"
ROYALTY = {"支付方式": "提成", "一次总付金额": None}
OF_UTILITY = {"专利号": f"ZL{make_number(5, kind='utility_model')}", "专利类型": UTILITY}  # type: ignore[arg-type] # a StrEnum's value
OF_DESIGN = {"专利号": f"ZL{make_number(6, kind='design')}", "专利类型": DESIGN}  # type: ignore[arg-type] # a StrEnum's value
STATUTORY = {"许可轨道": "法定", "公告号": "CN1", "公告日": "2025-06-01"}

FATAL: list[tuple[str, str, Row]] = [
    ("too_long", "专利名称", {"专利名称": "长" * 121}),
    ("too_long", "摘要", {"摘要": "长" * 4001}),
    ("too_long", "统一社会信用代码", {"统一社会信用代码": "9" * 65}),
    ("day_shape", "申请日", {"申请日": "去年三月"}),
    ("day_shape", "申请日", {"申请日": 44270}),
    ("day_shape", "许可期限届满日", {"许可期限届满日": "2030-12-31至2031-12-31"}),
    ("day_does_not_exist", "申请日", {"申请日": "2021-02-30"}),
    ("day_does_not_exist", "公告日", {"公告日": "2021-13-01"}),
    ("yuan_shape", "一次总付金额", {"一次总付金额": "面议"}),
    ("yuan_shape", "一次总付金额", {"一次总付金额": "2万"}),
    ("yuan_shape", "一次总付金额", {"一次总付金额": "-5"}),
    ("yuan_shape", "一次总付金额", {"一次总付金额": "1.005"}),
    ("yuan_shape", "一次总付金额", {"一次总付金额": "9" * 13}),
    ("yuan_shape", "入门费", {"入门费": "1e5"}),
    ("yuan_shape", "单位产品金额", {"单位产品金额": "5元/件"}),
    ("percent_shape", "提成比例", {"提成比例": "100.01"}),
    ("percent_shape", "提成比例", {"提成比例": "面议"}),
    ("percent_shape", "提成比例", {"提成比例": "3-5%"}),
    ("whole_range", "技术成熟度", {"技术成熟度": 10}),
    ("whole_range", "技术成熟度", {"技术成熟度": 4.5}),
    ("whole_range", "单次许可年限", {"单次许可年限": 0}),
    ("whole_range", "单次许可年限", {"单次许可年限": "三年"}),
    ("yes_no", "公开联系方式", {"公开联系方式": "也许"}),
    ("choice", "专利类型", {"专利类型": "软著"}),
    ("choice", "支付方式", {"支付方式": "面议"}),
    ("choice", "质押", {"质押": "不知道"}),
    ("ipc_shape", "IPC主分类号", {"IPC主分类号": "电池"}),
    ("ipc_shape", "IPC分类号", {"IPC分类号": "H01M10/05；Z99Z"}),
    ("patent_number.shape", "专利号", {"专利号": "详见附件"}),
    ("patent_number.check_digit", "专利号", {"专利号": "ZL202110000001.0"}),
    ("patent_number.check_digit_missing", "专利号", {"专利号": "ZL202110000001"}),
    ("patent_number.publication", "专利号", {"专利号": "CN112345678B"}),
    ("required", "专利权人", {"专利权人": "；；"}),
    ("kind_differs_from_number", "专利类型", {"专利类型": UTILITY}),
    ("in_the_future", "申请日", {"申请日": TOMORROW}),
    ("in_the_future", "申请日", {"申请日": date(9999, 12, 31)}),
    ("in_the_future", "公告日", {"公告日": TOMORROW}),
    ("granted_on_impossible", "授权公告日", {"授权公告日": "2021-03-14"}),
    ("granted_on_impossible", "授权公告日", {"授权公告日": TOMORROW}),
    ("patent_expired", "申请日", OF_UTILITY | {"申请日": "2016-03-02", "许可期限届满日": "2026-03-02"}),
    ("patent_expired", "申请日", OF_DESIGN | {"申请日": "2016-03-01", "许可期限届满日": "2026-03-01"}),
    ("beyond_term", "许可期限届满日", {"许可期限届满日": "2041-03-16"}),
    ("beyond_term", "许可期限届满日", OF_UTILITY | {"许可期限届满日": "2031-03-16"}),
    ("beyond_term", "许可期限届满日", OF_DESIGN | {"许可期限届满日": "2031-03-16"}),
    ("beyond_term", "许可期限届满日", {"许可期限届满日": date(9999, 12, 31)}),
    ("license_ended", "许可期限届满日", {"许可期限届满日": "2026-03-01"}),
    ("exclusive_license", "存在独占或排他许可", {"存在独占或排他许可": "是"}),
    ("suspended", "中止", {"中止": "权属纠纷"}),
    ("suspended", "中止", {"中止": "保全"}),
    ("pledged", "质押", {"质押": "有"}),
    ("co_holders_missing", "共有人全体同意", {"专利权人": "甲；乙"}),
    ("co_holders_disagree", "共有人全体同意", {"专利权人": "甲；乙", "共有人全体同意": "否"}),
    ("needed_for_method", "一次总付金额", {"一次总付金额": None}),
    ("needed_for_method", "一次总付金额", {"一次总付金额": 0}),
    ("needed_for_method", "分期安排", {"支付方式": "分期", "一次总付金额": None}),
    ("needed_for_method", "入门费", ROYALTY | {"支付方式": "入门费加提成", "提成基数": "利润", "提成比例": 5}),
    ("needed_for_method", "提成基数", ROYALTY | {"提成比例": 5}),
    ("needed_for_method", "提成比例", ROYALTY | {"提成基数": "净销售额"}),
    ("needed_for_method", "单位产品金额", ROYALTY | {"提成基数": "单位产品", "提成比例": 5}),
    ("free_with_amount", "支付方式", {"支付方式": "免费"}),
    ("free_with_amount", "支付方式", {"支付方式": "免费", "一次总付金额": None, "提成比例": 5}),
    ("statutory_region", "许可区域", STATUTORY | {"许可区域": "湖北省"}),
    ("statutory_scope", "被许可人范围", STATUTORY | {"被许可人范围": "中小微企业"}),
    ("evaluation_report", "专利权评价报告", STATUTORY | OF_UTILITY),
    ("evaluation_report", "专利权评价报告", STATUTORY | OF_DESIGN),
    *[("required", header, {header: None}) for header in REQUIRED],
    *[("required", header, {header: " \t　\n"}) for header in REQUIRED],
]
WARNED: list[tuple[str, str, Row]] = [
    ("cluster_unknown", "51020集群", {"51020集群": "炼金术"}),
    ("place_unknown", "所在市州", {"所在市州": "长沙市"}),
    ("above_cap", "支付方式", {"一次总付金额": 20_000_001}),
    ("above_cap", "支付方式", ROYALTY | {"提成基数": "净销售额", "提成比例": 20.5}),
    ("above_cap", "支付方式", ROYALTY | {"提成基数": "利润", "提成比例": 41}),
    ("not_announced", "公告号", {"许可轨道": "法定"}),
    ("not_announced", "公告号", STATUTORY | {"公告日": None}),
    ("credit_code", "统一社会信用代码", {"统一社会信用代码": "91420100MA4KMF2L30"}),
]
ELSEWHERE = {
    *("twice_in_file", "no_result"),  # below and in test_import_files.py
    *("already_declared", "not_ours", "no_programme"),  # an officer's table: tests/h5, tests/declarations
    *("industry_not_found", "industry_unknown", "label_unknown", "no_figure", "ten_thousands"),  # companies and rates
}


def _ids(table: list[tuple[str, str, Row]]) -> list[str]:
    return [f"{code}-{column}-{number}" for number, (code, column, _) in enumerate(table)]


@pytest.mark.parametrize(("code", "column", "changes"), FATAL, ids=_ids(FATAL))
def test_a_row_is_refused_with_its_reason(tmp_path: Path, code: str, column: str, changes: Row) -> None:
    """The bad row stands in row 3, between two good ones."""
    rows = [good_row(1), good_row(2) | changes, good_row(3)]
    listings, report = check_file(write_xlsx(tmp_path / "t.xlsx", rows), noon())
    assert (3, column, code) in found(report)
    assert {problem.row for problem in report.problems} == {3}
    assert any(problem.fatal for problem in report.problems)
    assert [listing.number for listing in listings] == [make_number(1), make_number(3)]
    for problem in report.problems:
        said = worded(problem, Texts())
        assert "第3行" in said
        assert problem.column in said
        assert "((" not in said


@pytest.mark.parametrize(("code", "column", "changes"), WARNED, ids=_ids(WARNED))
def test_a_row_comes_in_with_a_warning(tmp_path: Path, code: str, column: str, changes: Row) -> None:
    row = {header: cell for header, cell in (good_row() | changes).items() if cell is not None}
    listings, report = check_file(write_xlsx(tmp_path / "t.xlsx", [row]), noon())
    assert found(report) == [(2, column, code)]
    assert not report.problems[0].fatal
    assert len(listings) == 1
    assert "提醒" in worded(report.problems[0], Texts())


def test_every_reason_has_a_row_that_causes_it() -> None:
    """Whoever adds a reason adds a row here."""

    def flat(content: dict[str, Any], prefix: str = "") -> set[str]:
        return {
            code
            for name, value in content.items()
            for code in (flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}"})
        }

    worded_codes = flat(yaml.safe_load((HOME / "import.yml").read_text("utf-8"))["problem"])
    caused = {code for code, _, _ in (*FATAL, *WARNED)}
    assert caused | ELSEWHERE == worded_codes


def test_the_borders_of_the_rules(tmp_path: Path) -> None:
    """The last values that are still right."""
    rows = [
        good_row(1, 许可期限届满日="2041-03-15"),
        good_row(2, 许可期限届满日=TODAY),
        good_row(3, 申请日=TODAY, 授权公告日=TODAY, 公告日=TODAY),
        good_row(4, 一次总付金额=20_000_000),
        good_row(5) | OF_UTILITY | {"申请日": "2016-03-03", "许可期限届满日": "2026-03-03"},
        good_row(7, 专利名称="长" * 120, 统一社会信用代码=""),
    ]
    assert found(check_rows(tmp_path, *rows)) == []


def test_all_problems_of_a_row_are_said_at_once(tmp_path: Path) -> None:
    row = good_row(1, 申请日="错", 一次总付金额="面议", 专利名称="", 技术成熟度=99)
    assert {code for _, _, code in found(check_rows(tmp_path, row))} == {
        "required",
        "day_shape",
        "yuan_shape",
        "whole_range",
    }


def test_all_rules_broken_by_a_row_are_said_at_once(tmp_path: Path) -> None:
    row = good_row(1, 存在独占或排他许可="是", 质押="有", 中止="保全", 许可期限届满日="2055-01-01")
    assert [code for _, _, code in found(check_rows(tmp_path, row))] == [
        "beyond_term",
        "exclusive_license",
        "suspended",
        "pledged",
    ]


def test_one_patent_twice_in_a_file(tmp_path: Path) -> None:
    number = make_number(1)
    again = good_row(1, 专利号=f"ＺＬ {number[:4]} {number[4]} {number[5:]}", 专利名称="写法不同")
    listings, report = check_file(write_xlsx(tmp_path / "t.xlsx", [good_row(1), good_row(2), again]), noon())
    assert found(report) == [(4, "专利号", "twice_in_file")]
    assert report.problems[0].values == {"first": "2"}
    assert "与第2行重复" in worded(report.problems[0], Texts())
    assert [listing.title for listing in listings] == ["测试用散热装置1", "测试用散热装置2"]


def test_all_or_nothing(database: Database, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [good_row(1), good_row(2, 一次总付金额="面议"), good_row(3)])
    report = import_file(database, path, clock=noon(), vouched_by="王")
    assert (report.rows, report.taken, report.batch_id) == (3, 0, None)
    with database.read() as uow:
        assert list(uow.listings.all()) == []


def test_bad_rows_are_left_out_on_request(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [good_row(1), good_row(2, 一次总付金额="面议"), good_row(3)])
    report = import_file(database, path, clock=noon(), vouched_by="王", skip_bad=True)
    assert (report.rows, report.taken) == (3, 2)
    assert found(report) == [(3, "一次总付金额", "yuan_shape")]
    with database.read() as uow:
        assert [held.listing.number for held in uow.listings.all()] == [make_number(1), make_number(3)]


def test_warnings_stop_nothing(database: Database, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [good_row(1, 所在市州="长沙市"), good_row(2)])
    report = import_file(database, path, clock=noon(), vouched_by="王")
    assert (report.taken, found(report)) == (2, [(2, "所在市州", "place_unknown")])


@pytest.mark.parametrize("skip_bad", [False, True])
def test_where_no_row_is_good_nothing_is_taken_in(database: Database, tmp_path: Path, skip_bad: bool) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [good_row(1, 专利号="x")])
    report = import_file(database, path, clock=noon(), vouched_by="王", skip_bad=skip_bad)
    assert (report.taken, report.batch_id) == (0, None)


def test_a_long_text_of_any_column_fits_the_table(database: Database, tmp_path: Path) -> None:
    """What the cells let through, PostgreSQL's columns hold."""
    texts = ("联系人", "联系电话", "电子邮箱", "国民经济行业", "分期安排", "公告号", "许可区域", "被许可人范围")
    long = dict.fromkeys((*texts, "专利权评价报告", "协议定价公示", "备注"), "长" * 200)
    long |= {"统一社会信用代码": "9" * 64, "摘要": "长" * 4000, "应用场景": "长" * 1000, "费用说明": "长" * 2000}
    long |= {"专利权人": "；".join(f"{number}{'长' * 190}" for number in range(5)), "共有人全体同意": "是"}
    path = write_xlsx(tmp_path / "t.xlsx", [good_row(1, **long)])
    assert import_file(database, path, clock=noon(), vouched_by="王").taken == 1
