"""What the office answers for: `huiqiao knowledge`, `registry`, `programme` and `audit`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from backend.domain.errors import AssistantError
from backend.domain.roles import Actor, Role
from bot.terminal import settings_of
from bot.terminal import tell as _tell
from bot.terminal import word as _word

DAY = click.DateTime(["%Y-%m-%d"])
TERMINAL = Actor(Role.ADMINISTRATOR, "terminal")  # whoever may run commands on the office's machine


@click.group()
def knowledge() -> None:
    """Answers about the rules."""


@knowledge.command("check")
@click.option("--texts", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None)
@click.option("--record", is_flag=True)
def knowledge_check(texts: Path | None, record: bool) -> None:
    """Lint the entries; with the source texts at hand (one file for each source id) compare numbers and fingerprints."""
    from backend.domain.clock import SystemClock, day_of
    from backend.knowledge.entries import BrokenEntry
    from backend.knowledge.passages import Library
    from bot.truth import check

    if record and texts is None:
        raise click.ClickException(_word("office_knowledge.record_needs_texts"))
    library = Library(texts) if texts else None
    try:
        fine = check(library, record=record, today=day_of(SystemClock().now()), tell=_tell)
    except BrokenEntry as error:
        raise click.ClickException(_word("office_knowledge.broken", reason=str(error))) from None
    if not fine:
        sys.exit(1)


@click.group()
def registry() -> None:
    """What the register says of patents."""


@registry.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True)
@click.option("--as-of", "as_of", type=DAY, required=True)
def registry_load(file: Path, source: str, as_of: datetime) -> None:
    """Load an official bulk table (xlsx or csv) that was true on a day."""
    from backend.services.pool.problems import FileRefused
    from backend.services.registry.loading import load_registry_table
    from backend.store.schema import upgrade
    from bot.assembly import Assembly

    parts = Assembly(settings_of())
    upgrade(parts.database)
    try:
        report = load_registry_table(
            parts.database, file, source=source, as_of=as_of.date(), by=TERMINAL, clock=parts.clock
        )
    except FileRefused as error:
        raise click.ClickException(_word(f"import.{error.code}", **error.values)) from None
    except AssistantError as error:
        raise click.ClickException(
            _word("office_records.from_the_future", as_of=as_of.date(), reason=error.code)
        ) from None
    for problem in report.problems:
        _tell("office_records.row", position=problem.row, name=problem.column, reason=problem.code)
    _tell("office_records.loaded", total=report.rows, count=report.taken)


@click.group()
def programme() -> None:
    """Pilot programmes: pilot listings exist only inside one that is open."""


@programme.command("open")
@click.argument("name")
@click.option("--from", "opens_on", type=DAY, required=True)
@click.option("--to", "closes_on", type=DAY, required=True)
def programme_open(name: str, opens_on: datetime, closes_on: datetime) -> None:
    """Open a programme between two days, both included."""
    from backend.domain.institutions import ProgrammeDates
    from backend.services.declarations.office import open_programme
    from backend.store.schema import upgrade
    from bot.assembly import Assembly

    parts = Assembly(settings_of())
    upgrade(parts.database)
    try:
        with parts.database.write() as uow:
            number = open_programme(
                uow,
                name=name,
                opens_on=opens_on.date(),
                closes_on=closes_on.date(),
                by=TERMINAL,
                at=parts.clock.now(),
            )
    except ProgrammeDates:
        raise click.ClickException(_word("office_records.programme_dates")) from None
    _tell("office_records.programme_opened", name=name, number=str(number))


@programme.command("close")
@click.argument("number", type=int)
def programme_close(number: int) -> None:
    """Close a programme before its last day; its listings leave the pool."""
    from backend.services.declarations.office import close_programme
    from bot.assembly import Assembly

    parts = Assembly(settings_of())
    try:
        with parts.database.write() as uow:
            close_programme(uow, programme_id=number, by=TERMINAL, at=parts.clock.now())
    except AssistantError:
        raise click.ClickException(_word("office_records.no_programme", number=str(number))) from None
    _tell("office_records.programme_closed", number=str(number))


@click.group()
def audit() -> None:
    """The record of who moved what."""


@audit.command("verify")
@click.option("--head", default=None)
def audit_verify(head: str | None) -> None:
    """Recompute the chain of the audit log; --head is a digest noted down earlier."""
    from bot.assembly import Assembly

    with Assembly(settings_of()).database.read() as uow:
        broken = uow.audit.verify(head=head)
    if broken is not None:
        raise click.ClickException(_word("office_records.audit_broken", number=str(broken.id)))
    _tell("office_records.audit_whole")
