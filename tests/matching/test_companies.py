"""Companies on both databases: kept, replaced, deleted, erased; imported with every problem by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clock import SetClock
from backend.domain.companies import Company, CompanyLabel, CompanySize, answers_of_company, company_of_answers
from backend.domain.institutions import InstitutionLabel
from backend.domain.matching import Verdict
from backend.domain.roles import Actor, Role
from backend.services.followers import erase_due
from backend.services.matching.companies import forget_company, keep_company
from backend.services.matching.importing import (
    check_companies,
    check_rates,
    columns_of,
    import_companies,
    import_rates,
)
from backend.services.matching.labelling import LabelRefused, drop_label, put_label
from backend.services.pool.problems import FileRefused
from backend.store.database import Database
from tests.support.arrivals import arrive, noon
from tests.support.tables import Row, write_csv, write_xlsx

STAFF = Actor(Role.OPERATOR, "7")
ANSWERS: dict[str, Any] = {
    "products": "卤鸭脖，想延长保质期",
    "consent": {"purpose": "matching", "version": "2026-11", "at": "2026-03-02T12:00:00+08:00"},
    "division": "C14",
    "clusters": ["05", "08"],
    "place_code": "429004",
    "size": "small",
    "labels": ["high_tech"],
    "budget_yuan": "50000",
}


def test_a_profile_is_kept_replaced_and_deleted_with_everything_that_rests_on_it(database: Database) -> None:
    at = noon().now()
    with database.write() as uow:
        first = keep_company(uow, openid="ming", answers=ANSWERS, at=at)
        again = keep_company(uow, openid="ming", answers=ANSWERS | {"size": "medium", "budget_yuan": "0"}, at=at)
        uow.verdicts.judge("ming", "n1", Verdict.NOT_RELEVANT, at=at)
        uow.verdicts.judge("ming", "n1", Verdict.INTERESTED, at=at)
        uow.verdicts.show("ming", ["n1", "n2"], at=at)
        uow.verdicts.show("ming", ["n2"], at=at)
    assert first == again
    with database.read() as uow:
        held = uow.companies.of("ming")
        assert held is not None
        assert (held.size, held.budget_yuan, held.clusters) == (CompanySize.MEDIUM, Decimal(0), ("05", "08"))
        assert [consent.purpose for consent in uow.institutions.consents("ming")] == ["matching"]
        assert uow.verdicts.of("ming") == {"n1": Verdict.INTERESTED}
        assert uow.verdicts.stands_in(besides="hua", since=at) == ({"n1": 1, "n2": 1}, 1)
        assert uow.verdicts.stands_in(besides="ming", since=at) == ({}, 0)
        assert uow.companies.by_cluster() == {"05": 1, "08": 1}
    with database.write() as uow:
        assert forget_company(uow, openid="ming", at=at)
        assert not forget_company(uow, openid="ming", at=at)
    with database.read() as uow:
        assert uow.companies.of("ming") is None
        assert uow.verdicts.of("ming") == {}
        assert uow.institutions.consents("ming") == ()
        assert uow.audit.verify() is None


def test_who_unfollows_is_forgotten_and_imported_companies_stay(database: Database, tmp_path: Path) -> None:
    clock = noon()
    import_companies(database, table(tmp_path, company_row()), by=STAFF, clock=clock)
    with database.write() as uow:
        arrive(uow, "m:1", "ming", at=clock.now())
        keep_company(uow, openid="ming", answers=ANSWERS, at=clock.now())
        uow.verdicts.judge("ming", "n1", Verdict.NOT_RELEVANT, at=clock.now())
        uow.verdicts.show("ming", ["n1"], at=clock.now())
        uow.followers.due_for_erasure("ming", clock.now())
    clock.forward(minutes=1)
    assert erase_due(database, clock, secret="s") == 1
    with database.read() as uow:
        assert [company.name for company in uow.companies.all()] == ["江城卤味食品有限公司"]
        assert uow.verdicts.all() == {}
        assert uow.verdicts.stands_in(besides="", since=date_zero(clock)) == ({}, 0)


def date_zero(clock: SetClock) -> Any:
    return clock.now().replace(year=2000)


COMPANIES = st.builds(
    Company,
    products=st.text("卤鸭脖锂电池", min_size=1, max_size=20),
    name=st.sampled_from(["", "江城卤味厂"]),
    division=st.sampled_from(["", "C14"]),
    clusters=st.lists(st.sampled_from(["05", "08"]), unique=True).map(tuple),
    place_code=st.sampled_from(["", "420100"]),
    size=st.none() | st.sampled_from(CompanySize),
    labels=st.lists(st.sampled_from(CompanyLabel), unique=True).map(tuple),
    budget_yuan=st.none() | st.decimals(0, 10**9, places=2),
)


@given(company=COMPANIES)
def test_a_company_survives_being_changed_without_a_change(company: Company) -> None:
    assert company_of_answers("", answers_of_company(company)) == company


def company_row(**changes: Any) -> Row:
    row: Row = {
        "企业名称": "江城卤味食品有限公司",
        "主要产品": "卤鸭脖、卤藕",
        "技术需求": "延长货架期",
        "国民经济行业": "食品制造业",
        "51020集群": "现代农产品加工、8",
        "所在市州": "武汉",
        "规模": "小型",
        "资质": "高企、专精特新",
        "许可预算": 50000,
    }
    return row | changes


def table(folder: Path, *rows: Row, name: str = "企业.xlsx") -> Path:
    headers = [column["header"] for column in columns_of("company")]
    return write_xlsx(folder / name, rows, headers=headers)


def test_a_good_row_is_read_whole(tmp_path: Path) -> None:
    report = check_companies(table(tmp_path, company_row()))
    assert report.problems == ()
    assert report.good == (
        Company(
            name="江城卤味食品有限公司",
            products="卤鸭脖、卤藕；延长货架期",
            division="C14",
            clusters=("05", "08"),
            place_code="420100",
            size=CompanySize.SMALL,
            labels=(CompanyLabel.HIGH_TECH, CompanyLabel.SPECIALISED),
            budget_yuan=Decimal(50_000),
        ),
    )


def test_every_problem_of_every_row_is_told(tmp_path: Path) -> None:
    rows = [
        company_row(),
        company_row(企业名称="甲厂", 主要产品=None, 规模="巨型", 许可预算="五万"),
        company_row(企业名称="乙厂", 国民经济行业="天书业", 资质="院士站", **{"51020集群": "月球"}, 所在市州="长沙"),
        company_row(统一社会信用代码="91350203M0001QAY9B", 企业名称="丙厂"),
        company_row(),
    ]
    report = check_companies(table(tmp_path, *rows))
    told = [(problem.row, problem.column, problem.code, problem.fatal) for problem in report.problems]
    assert told == [
        (3, "主要产品", "required", True),
        (3, "规模", "choice", True),
        (3, "许可预算", "yuan_shape", True),
        (4, "所在市州", "place_unknown", False),
        (4, "51020集群", "cluster_unknown", False),
        (4, "资质", "label_unknown", False),
        (4, "国民经济行业", "industry_unknown", False),
        (5, "统一社会信用代码", "credit_code", False),
        (6, "企业名称", "twice_in_file", True),
    ]
    assert [company.name for company in report.good] == ["江城卤味食品有限公司", "乙厂", "丙厂"]


def test_an_import_is_all_or_nothing_unless_told_and_twice_changes_nothing_twice(
    database: Database, tmp_path: Path
) -> None:
    clock = noon()
    path = table(tmp_path, company_row(), company_row(企业名称="甲厂", 规模="巨型"))
    assert import_companies(database, path, by=STAFF, clock=clock).taken == 0
    assert import_companies(database, path, by=STAFF, clock=clock, skip_bad=True).taken == 1
    better = table(tmp_path, company_row(主要产品="卤鸭脖、预制菜"), name="新.xlsx")
    assert import_companies(database, better, by=STAFF, clock=clock, source="新.xlsx").taken == 1
    with database.read() as uow:
        (held,) = uow.companies.all()
        assert (held.products, held.source) == ("卤鸭脖、预制菜；延长货架期", "新.xlsx")
        assert uow.companies.page(words="预制菜").total == 1
        assert uow.companies.page(place="420500").total == 0
    with database.write() as uow:
        assert uow.companies.drop_imported(held.id)
        mine = keep_company(uow, openid="ming", answers=ANSWERS, at=clock.now())
        assert not uow.companies.drop_imported(mine)


def test_a_file_that_is_no_table_of_companies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        check_companies(write_csv(tmp_path / "x.csv", [{"甲": 1, "乙": 2, "丙": 3}], headers=["甲", "乙", "丙"]))


def rate_row(**changes: Any) -> Row:
    row = {"行业": "C14", "年度": "2022", "合同数": 80, "平均金额": 420000, "平均提成率": "3.5", "来源": "2022年度统计"}
    return row | changes


def rates(folder: Path, *rows: Row) -> Path:
    return write_xlsx(folder / "rates.xlsx", rows, headers=[column["header"] for column in columns_of("rate")])


def test_reference_figures_need_year_count_source_and_a_figure_in_yuan(database: Database, tmp_path: Path) -> None:
    path = rates(
        tmp_path,
        rate_row(),
        rate_row(行业="全行业", 平均提成率=None),
        rate_row(行业="制造业", 平均金额=390),
        rate_row(行业="火星业"),
        rate_row(年度="2021", 平均金额=None, 平均提成率=None),
        rate_row(年度=None, 来源=None, 合同数=0),
    )
    report = check_rates(path)
    told = {(problem.row, problem.column, problem.code) for problem in report.problems}
    assert told == {
        (4, "平均金额", "ten_thousands"),
        (5, "行业", "industry_not_found"),
        (6, "平均金额", "no_figure"),
        (7, "年度", "required"),
        (7, "来源", "required"),
        (7, "合同数", "whole_range"),
    }
    assert import_rates(database, path, by=STAFF, clock=noon(), skip_bad=True).taken == 2
    assert import_rates(database, path, by=STAFF, clock=noon(), skip_bad=True).taken == 2
    with database.read() as uow:
        held = uow.industry_rates.all()
    assert [(rate.industry, rate.mean_yuan, rate.mean_rate_percent, rate.contracts) for rate in held] == [
        ("C14", Decimal(420_000), Decimal("3.5"), 80),
        ("all", Decimal(420_000), None, 80),
    ]


def test_labels_stand_with_their_source_until_their_last_day(database: Database) -> None:
    clock = noon()
    with database.write() as uow:
        for name, label, ends_on in (
            ("江城理工大学", InstitutionLabel.MODEL_UNIVERSITY, date(2026, 3, 2)),
            ("宜昌", InstitutionLabel.KEY_CITY, None),
        ):
            put_label(uow, name=name, label=label, source="文件", ends_on=ends_on, by=STAFF, at=clock.now())
        for wrong, code in ((("", "文件"), "name"), (("甲", " "), "source"), (("长沙", "文件"), "city")):
            with pytest.raises(LabelRefused) as refused:
                put_label(
                    uow,
                    name=wrong[0],
                    label=InstitutionLabel.KEY_CITY,
                    source=wrong[1],
                    ends_on=None,
                    by=STAFF,
                    at=clock.now(),
                )
            assert refused.value.code == code
    with database.read() as uow:
        today, later = uow.institution_labels.on(date(2026, 3, 2)), uow.institution_labels.on(date(2026, 3, 3))
    assert today.by_name == {"江城理工大学": (InstitutionLabel.MODEL_UNIVERSITY,)}
    assert today.key_places == later.key_places == {"420500"}
    assert later.by_name == {}
    with database.write() as uow:
        assert drop_label(uow, name="宜昌市", label=InstitutionLabel.KEY_CITY, by=STAFF, at=clock.now())
        assert not drop_label(uow, name="宜昌市", label=InstitutionLabel.KEY_CITY, by=STAFF, at=clock.now())
