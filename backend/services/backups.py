"""Backup and restore. A restored copy never speaks to followers until staff say so: two copies would say things twice."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from backend.domain.errors import AssistantError
from backend.store.database import Database
from backend.store.schema import upgrade
from backend.store.switches import SENDING


class BackupImpossible(AssistantError):
    """`code` says why; `where` names the file in the way or at fault."""

    code = "exists"

    def __init__(self, code: str, where: Path | None = None) -> None:
        super().__init__(code)
        self.where = where


def back_up(database: Database, file: Path) -> None:
    """A consistent copy while the office goes on working. Raises BackupImpossible."""
    if file.exists():
        raise BackupImpossible("exists", file)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = _beside(file)
    if database.is_sqlite:
        source, copy = sqlite3.connect(str(database.url.database)), sqlite3.connect(str(partial))
        with source, copy:
            source.backup(copy)
        source.close()
        copy.close()
    else:
        _postgres("pg_dump", database, ["--format=custom", "--no-owner", f"--file={partial}"], partial)
    partial.replace(file)


def restore_copy(database: Database, file: Path, *, at: datetime) -> str:
    """Put the copy where the settings point, bring it up to date, switch sending off. Raises BackupImpossible."""
    if database.is_sqlite:
        target = Path(str(database.url.database))
        if target.exists():
            raise BackupImpossible("exists", target)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = _beside(target)
        shutil.copy(file, partial)
        copy = Database(f"sqlite:///{partial}")
        try:
            _quieten(copy, at)  # before any worker can find it
        except DatabaseError as error:
            partial.unlink()
            raise BackupImpossible("failed", file) from error
        finally:
            copy.close()
        partial.replace(target)
        return str(target)
    _postgres("pg_restore", database, ["--no-owner", "--exit-on-error", "--single-transaction", str(file)], file)
    _quieten(database, at)
    return str(database.url.database)


def _quieten(database: Database, at: datetime) -> None:
    upgrade(database)
    with database.write() as uow:
        uow.switches.set(SENDING, "off", at=at)
        uow.search_tasks.forget_replicas()


def _beside(file: Path) -> Path:
    """Where the copy grows, without what an earlier attempt left there."""
    partial = file.with_name(file.name + ".partial")
    for left in ("", "-wal", "-shm", "-journal"):
        partial.with_name(partial.name + left).unlink(missing_ok=True)
    return partial


def _postgres(program: str, database: Database, options: list[str], file: Path) -> None:
    found = shutil.which(program)
    if not found:
        raise BackupImpossible("no_pg_dump")
    held = database.url
    url = URL.create("postgresql", held.username, None, held.host, held.port, held.database, held.query)
    environment = os.environ | {"PGPASSWORD": held.password or ""}  # noqa: TID251 handed on to the child, never on its command line
    target = [f"--dbname={url.render_as_string(hide_password=False)}"]
    if subprocess.run([found, *options, *target], check=False, env=environment).returncode:  # noqa: S603 PostgreSQL's own program
        raise BackupImpossible("failed", file)  # it has said why on stderr
