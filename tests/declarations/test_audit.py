"""The audit log: it holds, it refuses changes, and what was changed all the same is found."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.domain.audit import BEGINNING, Broken
from backend.domain.roles import Actor, Role
from backend.store.database import Database
from tests.support.arrivals import NOON
from tests.support.declared import Desks

BY = Actor(Role.VERIFIER, "7")


def _write(database: Database, entries: int = 5) -> str:
    """The digest of the newest."""
    for number in range(entries):
        with database.write() as uow:
            uow.audit.add(BY, "test", f"declaration:{number}", after="listed", at=NOON + timedelta(microseconds=number))
    with database.read() as uow:
        return uow.audit.head()


def _verify(database: Database, head: str | None = None) -> Broken | None:
    with database.read() as uow:
        return uow.audit.verify(head=head)


def _unguard(database: Database) -> None:
    """What somebody with the database's password would do first."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER audit_keeps_rows"))
            connection.execute(text("DROP TRIGGER audit_loses_none"))
        else:
            connection.execute(text("DROP TRIGGER audit_keeps_rows ON audit"))


def test_an_empty_log_holds(database: Database) -> None:
    assert _verify(database) is None
    assert _verify(database, BEGINNING) is None


def test_the_chain_holds_and_contains_what_was_noted(database: Database) -> None:
    head = _write(database)
    _write(database, 2)
    assert (_verify(database), _verify(database, head)) == (None, None)


@pytest.mark.parametrize("change", ["UPDATE audit SET after = 'x' WHERE id = 3", "DELETE FROM audit WHERE id = 3"])
def test_the_table_itself_refuses_changes(database: Database, change: str) -> None:
    _write(database)
    with pytest.raises(DBAPIError), database.engine.begin() as connection:
        connection.execute(text(change))
    with database.read() as uow:
        assert len(list(uow.audit.entries())) == 5


@pytest.mark.parametrize("column", ["action", "subject", "before", "after", "by", "role", "at"])
def test_a_tampered_row_is_found_whatever_was_changed(database: Database, column: str) -> None:
    _write(database)
    _unguard(database)
    value = {"role": "'approver'", "at": "'2026-03-02 04:00:00.000009'"}.get(column, "'other'")
    if column == "at" and not database.is_sqlite:
        value = "'2026-03-02 04:00:00.000009+00'"
    with database.engine.begin() as connection:
        connection.execute(text(f'UPDATE audit SET "{column}" = {value} WHERE id = 3'))
    assert _verify(database) == Broken(3)


def test_a_row_taken_out_and_a_tail_cut_off_are_found(database: Database) -> None:
    head = _write(database)
    _unguard(database)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE id = 5"))
    assert _verify(database) is None  # the chain alone cannot know what never followed
    assert _verify(database, head) == Broken(0)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit WHERE id = 2"))
    assert _verify(database) == Broken(3)


def test_many_writers_make_one_chain(database: Database) -> None:
    threads = [threading.Thread(target=_write, args=(database, 6)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _verify(database) is None
    with database.read() as uow:
        assert len(list(uow.audit.entries())) == 24


def test_entries_hold_ids_and_codes_and_nothing_about_a_person(database: Database) -> None:
    desks = Desks(database)
    held = desks.listed(openid="o-canary")
    desks.withdraw(held, openid="o-canary")
    with database.read() as uow:
        said = repr(list(uow.audit.entries()))
        assert [entry.action for entry in uow.audit.entries(subject=f"declaration:{held}")][
            -1
        ] == "declaration.withdraw"
    assert not [word for word in ("o-canary", "测试", "027-", "江城", "转让") if word in said]
