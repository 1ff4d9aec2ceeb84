"""Tables that staff bring: company profiles, and published figures on fees. Checked whole, every problem by row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from backend.domain.clock import Clock
from backend.domain.companies import Company, CompanyLabel, CompanySize
from backend.domain.credit_code import credit_code_holds
from backend.domain.fees import RoyaltyBasis
from backend.domain.hubei import clusters
from backend.domain.industries import division_coded, divisions_in, sections
from backend.domain.pricing import IndustryRate
from backend.domain.roles import Actor
from backend.services.pool.cells import plain, read_cell
from backend.services.pool.problems import CellError, RowProblem
from backend.services.pool.table_file import read_table
from backend.store.database import Database

T = TypeVar("T")
STAGE = 200
SOFT = frozenset({"place_unknown", "cluster_unknown", "industry_unknown", "label_unknown", "credit_code"})
LEAST_YUAN = Decimal(1000)  # a mean below it was meant in ten thousands
WHOLE_ECONOMY = frozenset({"全行业", "合计", "总计", "全部", "all"})
_PARTS = re.compile(r"[\s,，、;；/]+")
LABELS = {
    "高新技术企业": CompanyLabel.HIGH_TECH,
    "高新": CompanyLabel.HIGH_TECH,
    "高企": CompanyLabel.HIGH_TECH,
    "专精特新": CompanyLabel.SPECIALISED,
    "专精特新企业": CompanyLabel.SPECIALISED,
    "专精特新中小企业": CompanyLabel.SPECIALISED,
    "小巨人": CompanyLabel.SPECIALISED,
    "科技型": CompanyLabel.TECH_SME,
    "科技型中小企业": CompanyLabel.TECH_SME,
}
Problem = Callable[..., RowProblem]


@dataclass(frozen=True, slots=True)
class TableReport(Generic[T]):
    """`good` are the rows without a fatal problem; `taken` how many of them were stored, 0 where the file was refused."""

    rows: int
    good: tuple[T, ...]
    problems: tuple[RowProblem, ...]
    unknown_headers: tuple[str, ...]
    taken: int = 0

    @property
    def has_fatal(self) -> bool:
        return any(problem.fatal for problem in self.problems)


@cache
def columns_of(name: str) -> tuple[dict[str, Any], ...]:
    rows = yaml.load((Path(__file__).parent / f"{name}_columns.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(rows)


def check_companies(path: Path) -> TableReport[Company]:
    """Raises FileRefused where the file itself is no such table."""
    return _check(path, "company", _company, lambda company: company.credit_code or company.name)


def check_rates(path: Path) -> TableReport[IndustryRate]:
    """Raises FileRefused."""
    return _check(path, "rate", _rate, lambda rate: f"{rate.industry}|{rate.year}|{rate.source}")


def import_companies(
    database: Database, path: Path, *, by: Actor, clock: Clock, skip_bad: bool = False, source: str = ""
) -> TableReport[Company]:
    """All or nothing unless `skip_bad`; a company that was imported before is brought up to date. Raises FileRefused.

    `source` is what the file is called, where its path says something else.
    """
    report = check_companies(path)
    if (report.has_fatal and not skip_bad) or not report.good:
        return report
    now = clock.now()
    for start in range(0, len(report.good), STAGE):
        with database.write() as uow:
            for company in report.good[start : start + STAGE]:
                uow.companies.import_one(replace(company, source=source or path.name), at=now)
    with database.write() as uow:
        uow.audit.add(by, "company.import", "company", after=str(len(report.good)), at=now)
    return _taken(report)


def import_rates(
    database: Database, path: Path, *, by: Actor, clock: Clock, skip_bad: bool = False
) -> TableReport[IndustryRate]:
    """As above; the same industry, year and source again replaces the figures. Raises FileRefused."""
    report = check_rates(path)
    if (report.has_fatal and not skip_bad) or not report.good:
        return report
    now = clock.now()
    for start in range(0, len(report.good), STAGE):
        with database.write() as uow:
            for rate in report.good[start : start + STAGE]:
                uow.industry_rates.put(rate, by=by.id, at=now)
    with database.write() as uow:
        uow.audit.add(by, "rate.import", "industry_rate", after=str(len(report.good)), at=now)
    return _taken(report)


def _taken(report: TableReport[T]) -> TableReport[T]:
    return TableReport(report.rows, report.good, report.problems, report.unknown_headers, len(report.good))


def _check(
    path: Path, name: str, build: Callable[[dict[str, Any], Problem, list[RowProblem]], T], key: Callable[[T], str]
) -> TableReport[T]:
    table = read_table(path, columns_of(name))
    good: list[T] = []
    problems: list[RowProblem] = []
    first: dict[str, int] = {}
    for row, cells in table.rows:
        values, found = _read(row, cells, name)
        made = build(values, _problem(row, name), found)  # also of a bad row: everything wrong with it is told at once
        if not any(problem.fatal for problem in found):
            if key(made) in first:
                found.append(_problem(row, name)(columns_of(name)[0]["field"], "twice_in_file", first=first[key(made)]))
            else:
                first[key(made)] = row
                good.append(made)
        problems.extend(found)
    return TableReport(len(table.rows), tuple(good), tuple(problems), table.unknown_headers)


def _problem(row: int, name: str) -> Problem:
    headers = {column["field"]: column["header"] for column in columns_of(name)}

    def problem(field: str, code: str, **said: object) -> RowProblem:
        values = {key: str(value) for key, value in said.items()}
        return RowProblem(row, headers[field], code, values, fatal=code not in SOFT)

    return problem


def _read(row: int, cells: dict[str, Any], name: str) -> tuple[dict[str, Any], list[RowProblem]]:
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for column in columns_of(name):
        cell = cells.get(column["field"])
        if not plain(cell):
            if column.get("required"):
                problems.append(RowProblem(row, column["header"], "required"))
            continue
        try:
            values[column["field"]] = read_cell(cell, column)
        except CellError as error:
            said = {key: str(value) for key, value in error.values.items()}
            problems.append(RowProblem(row, column["header"], error.code, said, fatal=error.code not in SOFT))
    return values, problems


def _company(values: dict[str, Any], problem: Problem, found: list[RowProblem]) -> Company:
    numbers, strange = _each(values.get("clusters", ""), _clusters())
    found += [problem("clusters", "cluster_unknown", given=part[:20]) for part in strange]
    labels, strange = _each(values.get("labels", ""), LABELS)
    found += [problem("labels", "label_unknown", given=part[:20]) for part in strange]
    division = _industry(values["industry"]) if "industry" in values else ""
    if "industry" in values and len(division) <= 1:
        found.append(problem("industry", "industry_unknown", given=values["industry"][:20]))
    code = values.get("credit_code", "").upper()
    if code and not credit_code_holds(code):
        found.append(problem("credit_code", "credit_code"))
    products = "；".join(text for text in (values.get("products", ""), values.get("needs", "")) if text)
    return Company(
        name=values.get("name", ""),
        credit_code=code,
        products=products,
        division=division if len(division) > 1 else "",
        clusters=tuple(dict.fromkeys(numbers)),
        place_code=values.get("place_code", ""),
        size=CompanySize(values["size"]) if "size" in values else None,
        labels=tuple(dict.fromkeys(labels)),
        budget_yuan=values.get("budget_yuan"),
    )


def _clusters() -> dict[str, str]:
    named = {name: number for number, name in clusters().items()}
    return named | {number: number for number in clusters()} | {str(int(number)): number for number in clusters()}


def _each(cell: str, known: dict[str, T]) -> tuple[list[T], list[str]]:
    """What the parts of a cell mean, and the parts that mean nothing here."""
    parts: Iterable[str] = [part for part in _PARTS.split(cell) if part]
    return [known[part] for part in parts if part in known], [part for part in parts if part not in known]


def _industry(text: str) -> str:
    """A division's code, a section's letter, or the empty string where the words name none, or several."""
    said = text.strip()
    if said.upper() in sections():
        return said.upper()
    by_name = next((letter for letter, name in sections().items() if name == said), "")
    if by_name:
        return by_name
    coded = division_coded(said)
    if coded:
        return coded.code
    named = divisions_in(said)
    return named[0].code if len(named) == 1 else ""


def _rate(values: dict[str, Any], problem: Problem, found: list[RowProblem]) -> IndustryRate:
    said = values.get("industry", "").strip()
    industry = "all" if said in WHOLE_ECONOMY else _industry(said)
    if said and not industry:
        found.append(problem("industry", "industry_not_found", given=said[:20]))
    small = [field for field in ("mean_yuan", "median_yuan") if field in values and values[field] < LEAST_YUAN]
    found += [problem(field, "ten_thousands", given=str(values[field])) for field in small]
    rate = IndustryRate(
        industry=industry,
        year=values.get("year", ""),
        contracts=values.get("contracts", 0),
        source=values.get("source", ""),
        mean_yuan=values.get("mean_yuan"),
        median_yuan=values.get("median_yuan"),
        mean_rate_percent=values.get("mean_rate_percent"),
        median_rate_percent=values.get("median_rate_percent"),
        rate_basis=RoyaltyBasis(values["rate_basis"]) if "rate_basis" in values else None,
        link=values.get("link", ""),
    )
    if rate.is_empty and not found:
        found.append(problem("mean_yuan", "no_figure"))
    return rate
