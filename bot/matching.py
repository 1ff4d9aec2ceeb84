"""What operators run for matching: `huiqiao company`, `rate`, `grade` and `match`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot.dialogue.topics.match import why
from bot.imports import MOST_SHOWN, worded
from bot.records import TERMINAL
from bot.terminal import settings_of
from bot.terminal import tell as _tell
from bot.terminal import word as _word
from bot.texts import Texts


@click.group()
def company() -> None:
    """Profiles of companies."""


@company.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--skip-bad", is_flag=True)
def company_import(file: Path, skip_bad: bool) -> None:
    """Take in a table of companies (xlsx or csv)."""
    from backend.services.matching.importing import import_companies

    _take_in(file, import_companies, skip_bad=skip_bad)


@click.group()
def rate() -> None:
    """Published figures on license fees by industry."""


@rate.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--skip-bad", is_flag=True)
def rate_import(file: Path, skip_bad: bool) -> None:
    """Take in a table of figures (xlsx or csv); every row names its source and year."""
    from backend.services.matching.importing import import_rates

    _take_in(file, import_rates, skip_bad=skip_bad)


def _take_in(file: Path, take_in: Callable[..., Any], *, skip_bad: bool) -> None:
    from backend.services.pool.problems import FileRefused
    from backend.store.schema import upgrade
    from bot.assembly import Assembly

    parts, texts = Assembly(settings_of()), Texts()
    upgrade(parts.database)
    try:
        report = take_in(parts.database, file, by=TERMINAL, clock=parts.clock, skip_bad=skip_bad)
    except FileRefused as error:
        raise click.ClickException(_word(f"import.{error.code}", **error.values)) from None
    if report.unknown_headers:
        _tell("office.pool.unknown_columns", items=report.unknown_headers)
    for problem in report.problems[:MOST_SHOWN]:
        click.echo(worded(problem, texts), err=problem.fatal)
    if not report.taken:
        click.echo(_word("office.pool.refused", total=report.rows), err=True)
        sys.exit(1)
    _tell("office_matching.imported", total=report.rows, count=report.taken)


@click.group()
def grade() -> None:
    """Grades of the pool, for the office's own use."""


@grade.command("run")
def grade_run() -> None:
    """Grade everything on show now; only what came out differently is written."""
    from backend.services.matching.grading import grade_pool
    from bot.assembly import Assembly

    total, changed = grade_pool(Assembly(settings_of()).matcher)
    _tell("office_matching.graded", total=total, count=changed)


@click.group()
def match() -> None:
    """Companies and patents."""


@match.command("run")
@click.argument("file", type=click.Path(path_type=Path))
def match_run(file: Path) -> None:
    """Match every company with the pool and write the lists as csv, one line a pair."""
    from backend.services.matching.batch import match_everybody
    from backend.services.pool.cells import safe_text
    from bot.assembly import Assembly

    parts, texts = Assembly(settings_of()), Texts()
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_word("office_matching.columns").split("、"))
        for found in match_everybody(parts.matcher):
            sentence = texts.render(why(found.reasons))
            cells = (found.company.name, found.listing.number, found.listing.title, str(found.score), sentence)
            writer.writerow([found.company.id, *(safe_text(cell) for cell in cells)])
            count += 1
    _tell("office_matching.matched", total=count, name=str(file))
