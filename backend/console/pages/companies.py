"""Companies: the list, a table taken in with every problem by row, and one company with what may fit it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from starlette.responses import Response

from backend.console.visit import Refusal, Upload, Visit
from backend.domain.companies import CompanyNotFound
from backend.domain.hubei import clusters, places
from backend.domain.industries import divisions
from backend.services.matching.importing import TableReport, columns_of, import_companies
from backend.services.pool.problems import FileRefused, RowProblem

T = TypeVar("T")
MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words."""

    row: int
    column: str
    words: str
    fatal: bool


def show_companies(visit: Visit) -> Response:
    return _page(visit)


def import_by_form(visit: Visit) -> Response:
    called = visit.files["file"].name[-200:] if "file" in visit.files else ""
    report, refused = take_in(visit, partial(import_companies, source=called))
    if report is not None and report.taken:
        return _page(visit, report=report)
    return _page(visit, report=report, refused=refused, status=422)


def show_company(visit: Visit) -> Response:
    """One company: what it said of itself, and what may fit it, with the parts of each score."""
    try:
        with visit.database.read() as uow:
            company = uow.companies.get(visit.id)
    except CompanyNotFound:
        raise Refusal(404, "not_found") from None
    matches = visit.house.matcher.matches_of(company)
    return visit.show(
        "company.html",
        company=company,
        matches=matches,
        sentence=visit.house.reasoned,
        clusters=clusters(),
        divisions=divisions(),
    )


def drop_by_form(visit: Visit) -> Response:
    """Only what staff imported: a follower's own goes when the follower says so."""
    with visit.database.write() as uow:
        if not uow.companies.drop_imported(visit.id):
            raise Refusal(404, "not_found")
        uow.audit.add(visit.staff.actor, "company.drop", f"company:{visit.id}", at=visit.now)
    return visit.go("/companies?done=company_dropped")


def take_in(visit: Visit, work: Callable[..., TableReport[T]]) -> tuple[TableReport[T] | None, str]:
    """Hand the uploaded table to an import: its report, or why the file is none. An import's own checks decide."""
    upload = visit.files.get("file")
    if upload is None or not upload.content:
        return None, visit.house.wording.words("import.no_file")
    with tempfile.TemporaryDirectory(prefix="huiqiao-") as folder:
        path = Path(folder) / f"table{_suffix(upload)}"
        path.write_bytes(upload.content)
        try:
            report = work(
                visit.database,
                path,
                by=visit.staff.actor,
                clock=visit.house.clock,
                skip_bad=visit.given("skip_bad") == "yes",
            )
        except FileRefused as error:
            values: dict[str, Any] = {**error.values, **({"name": upload.name} if "name" in error.values else {})}
            return None, visit.house.wording.words(f"import.{error.code}", **values)
    return report, ""


def _suffix(upload: Upload) -> str:
    """Only whether it calls itself csv: what a file is, is seen from its content."""
    return ".csv" if upload.name.lower().endswith(".csv") else ".xlsx"


def told(visit: Visit, report: TableReport[T] | None) -> list[Told]:
    """The problems in words, bad rows first."""
    if report is None:
        return []
    problems = sorted(report.problems, key=lambda problem: (not problem.fatal, problem.row))
    return [_told(visit, problem) for problem in problems[:MOST_PROBLEMS]]


def _told(visit: Visit, problem: RowProblem) -> Told:
    words = visit.house.wording.words(f"import.problem.{problem.code}", **problem.values)
    return Told(problem.row, problem.column, words, problem.fatal)


def _page(visit: Visit, *, report: Any = None, refused: str = "", status: int = 200) -> Response:
    place = asked if (asked := visit.asked("place")) in places() else ""
    words = visit.asked("words", most=60)
    with visit.database.read() as uow:
        found = uow.companies.page(words=words, place=place, page=visit.page)
    return visit.show(
        "companies.html",
        status,
        found=found,
        filters={"words": words, "place": place},
        places=places(),
        divisions=divisions(),
        clusters=clusters(),
        report=report,
        problems=told(visit, report),
        refused=refused,
        headers=[column["header"] for column in columns_of("company")],
        done=visit.asked("done"),
    )
