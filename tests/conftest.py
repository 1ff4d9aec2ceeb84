"""Fixtures: every database twice, real servers once a session, an office and a phone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, make_url, text

from backend.store.database import Database
from backend.store.schema import upgrade
from bot.models import train_if_needed
from tests.support.gateway import Gateway, open_gateway
from tests.support.office import Office, Phone, open_office
from tests.support.servers import real_nlu, real_postgres, real_redis

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("house")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with real_redis() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with real_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def model() -> Path:
    """Today's trained archive."""
    return train_if_needed()[0]


@pytest.fixture(scope="session")
def nlu_url(model: Path) -> Iterator[str]:
    """The real understanding process with today's model."""
    with real_nlu(model) as url:
        yield url


def _on_server(server: str, command: str) -> None:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(command))
    engine.dispose()


def fresh_postgres(server: str) -> str:
    """A new empty database on the server."""
    name = f"t{next(_numbers)}"
    _on_server(server, f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind in turn; hundreds of them would make the server's end last half a minute."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    url = fresh_postgres(server)
    yield url
    _on_server(server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of each kind at the newest schema."""
    held = Database(database_url)
    upgrade(held)
    yield held
    held.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Database]:
    """A small database for tests that are not about databases: where one process keeps its token."""
    held = Database(f"sqlite:///{tmp_path / 'shelf.db'}")
    upgrade(held)
    yield held
    held.close()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """The simulator's platform on a real socket, behind a gateway that can misbehave."""
    with open_gateway() as held:
        yield held


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, nlu_url: str, redis_url: str) -> Iterator[Office]:
    """The demonstration as `make run` opens it: safe mode, real model, real Redis."""
    with open_office(tmp_path_factory.mktemp("office"), nlu_url=nlu_url, redis_url=redis_url) as held:
        yield held


@pytest.fixture
def phone(office: Office) -> Phone:
    """A new follower."""
    return office.phone()
