"""The schema's versions: up from nothing, down to nothing, up again, and no difference to the models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from backend.domain.deliveries import DeliveryStatus
from backend.domain.listings import ListingStatus
from backend.store.database import Database
from backend.store.schema import differences, downgrade, is_current, upgrade
from backend.store.tables import Base, BatchStatus
from tests.support.arrivals import NOON, arrive, ledger, plan


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_up_from_nothing(database_url: str) -> None:
    held = Database(database_url)
    assert not is_current(held)
    upgrade(held)
    assert is_current(held)
    assert _tables(held) == set(Base.metadata.tables)
    held.close()


def test_the_models_and_the_migrations_are_the_same(database: Database) -> None:
    assert differences(database) == []


def test_down_to_nothing_and_up_again(database: Database) -> None:
    downgrade(database, "base")
    assert _tables(database) == set()
    assert not is_current(database)
    upgrade(database)
    assert differences(database) == []
    assert _tables(database) == set(Base.metadata.tables)


def test_upgrading_again_changes_nothing_and_loses_nothing(database: Database) -> None:
    with database.write() as uow:
        arrive(uow)
    upgrade(database)
    with database.read() as uow:
        assert uow.inbox.by_key("m:ming:1") is not None


def test_the_checks_of_the_migrations_are_those_of_the_models(database: Database) -> None:
    """alembic compares tables, columns and indexes, but not what a CHECK allows."""
    models = create_engine("sqlite://")
    Base.metadata.create_all(models)
    wanted = {name: _allowed(inspect(models).get_check_constraints(name)) for name in Base.metadata.tables}
    held = {name: _allowed(inspect(database.engine).get_check_constraints(name)) for name in Base.metadata.tables}
    assert held == wanted
    assert any(wanted.values())


def _allowed(constraints: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Name of the constraint → the quoted words in it, however the database writes the condition down."""
    return {held["name"]: frozenset(held["sqltext"].split("'")[1::2]) for held in constraints}


@pytest.mark.parametrize(
    ("table", "status"), [("delivery", DeliveryStatus), ("batch", BatchStatus), ("listing", ListingStatus)]
)
def test_every_status_of_the_code_is_one_of_the_table(database: Database, table: str, status: type[StrEnum]) -> None:
    constraint = f"ck_{table}_status_known"
    allowed = _allowed(inspect(database.engine).get_check_constraints(table))
    assert allowed[constraint] == frozenset(str(member) for member in status)


def test_an_unknown_status_is_refused(database: Database) -> None:
    plan(database)
    with pytest.raises(IntegrityError), database.write() as uow:
        uow.connection.execute(text("UPDATE delivery SET status = 'nonsense'"))
    assert str(ledger(database)["n:1"].status) == "planned"


def test_a_line_needs_its_handoff(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as uow:
        uow.handoffs.add_line(4711, by="", text="x", at=NOON)
    with database.read() as uow:
        assert uow.connection.execute(select(Base.metadata.tables["handoff_line"])).all() == []


def test_moments_come_back_aware_and_the_same(database: Database) -> None:
    with database.write() as uow:
        arrival, _ = arrive(uow)
    with database.read() as uow:
        held = uow.inbox.get(arrival.id).arrived_at
    assert held == NOON
    assert held.tzinfo is not None
