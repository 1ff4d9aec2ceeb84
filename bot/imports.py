"""What an import looks like in a terminal: a progress bar, then every problem with row, column and reason."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backend.services.pool.importing import ImportReport
from backend.services.pool.problems import RowProblem
from bot.dialogue.say import Value, say
from bot.texts import Texts

MOST_SHOWN = 200


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar per stage, on stderr."""
    from rich.console import Console

    texts = Texts()
    look = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*look, console=Console(stderr=True)) as bars:
        tasks: dict[str, object] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(texts.templates[f"office.pool.{stage}"], total=total)
            bars.update(tasks[stage], completed=done)  # type: ignore[arg-type] # a TaskID, which rich keeps to itself

        yield progress


def tell_report(report: ImportReport, texts: Texts) -> bool:
    """Print it; True where rows were taken in."""
    if report.unknown_headers:
        click.echo(texts.render(say("office.pool.unknown_columns", items=report.unknown_headers)))
    for problem in report.problems[:MOST_SHOWN]:
        click.echo(worded(problem, texts), err=problem.fatal)
    if report.batch_id is None:
        click.echo(texts.render(say("office.pool.refused", total=report.rows)), err=True)
        return False
    click.echo(texts.render(say("office.pool.imported", total=report.rows, count=report.taken)))
    return True


def worded(problem: RowProblem, texts: Texts) -> str:
    values: dict[str, Value] = dict(problem.values)
    reason = texts.render(say(f"import.problem.{problem.code}", **values))
    key = "office.pool.problem" if problem.fatal else "office.pool.warning"
    return texts.render(say(key, row=problem.row, column=problem.column, reason=reason))
