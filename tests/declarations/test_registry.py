"""One contract for every register; what HTTP adds to it; the chain; loading of official tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.domain.patents import PatentKind
from backend.domain.registry import LegalStatus, PatentRecord, Registry, RegistryDown
from backend.domain.roles import Actor, Role
from backend.registry.bridge import HttpRegistry
from backend.registry.chain import ChainedRegistry
from backend.registry.sql import SqlRegistry
from backend.services.registry.loading import TableFromTheFuture, load_registry_table, registry_columns
from backend.store.database import Database
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_number, make_record
from tests.support.fake_registry import TOKEN, FakeRegister, Trouble, serving_register
from tests.support.tables import write_csv, write_xlsx

ROOT = Path(__file__).parents[2]
OPERATOR = Actor(Role.OPERATOR, "7")


@pytest.fixture
def register() -> Iterator[FakeRegister]:
    with serving_register() as held:
        yield held


@pytest.fixture(params=["sql", "http", "chain"])
def source(
    request: pytest.FixtureRequest, database: Database, register: FakeRegister
) -> tuple[Registry, Callable[[PatentRecord], None]]:
    """A register, and the way to put a record into what is behind it."""

    def put(record: PatentRecord) -> None:
        with database.write() as uow:
            uow.registry.put([record], loaded_at=NOON)

    http = HttpRegistry(register.address, TOKEN)
    if request.param == "sql":
        return SqlRegistry(database), put
    if request.param == "http":
        return http, register.put
    return ChainedRegistry([SqlRegistry(database), http], noon()), register.put


RECORDS = {
    "full": make_record(1, ipc_main="H01M10/0525", abstract="散热。"),
    "bare": PatentRecord(number=make_number(2), kind=PatentKind.INVENTION, as_of=NOON, source="x"),
    "several holders": make_record(3, holders=("甲大学", "乙公司")),
    **{f"is {status}": make_record(4, status=status) for status in LegalStatus},
}


@pytest.mark.parametrize("what", RECORDS)
def test_what_was_put_in_comes_out(source: tuple[Registry, Any], what: str) -> None:
    registry, put = source
    put(RECORDS[what])
    assert registry.look_up(RECORDS[what].number) == RECORDS[what]


def test_what_nobody_knows_is_none_and_neighbours_are_not_taken_for_it(source: tuple[Registry, Any]) -> None:
    registry, put = source
    put(make_record(1))
    assert registry.look_up(make_number(2)) is None


def test_a_later_word_replaces_the_earlier(source: tuple[Registry, Any]) -> None:
    registry, put = source
    put(make_record(1))
    put(make_record(1, status=LegalStatus.LAPSED, as_of=NOON + timedelta(hours=1)))
    found = registry.look_up(make_number(1))
    assert found is not None
    assert found.status is LegalStatus.LAPSED


def test_an_older_table_does_not_overwrite_a_newer(database: Database) -> None:
    with database.write() as uow:
        uow.registry.put([make_record(1, status=LegalStatus.LAPSED)], loaded_at=NOON)
        uow.registry.put([make_record(1, as_of=NOON - timedelta(days=90))], loaded_at=NOON)
    found = SqlRegistry(database).look_up(make_number(1))
    assert found is not None
    assert found.status is LegalStatus.LAPSED


DOWN = [
    Trouble.HTML, Trouble.PLAIN_404, Trouble.OTHER_NUMBER, Trouble.BAD_DAY, Trouble.REDIRECT, Trouble.HUGE,
]  # fmt: skip


@pytest.mark.parametrize("trouble", DOWN)
def test_what_is_no_answer_is_never_a_guess(register: FakeRegister, trouble: Trouble) -> None:
    register.put(make_record(1))
    register.troubles = [trouble]
    with pytest.raises(RegistryDown):
        HttpRegistry(register.address, TOKEN).look_up(make_number(1))
    assert register.asked == 1


@pytest.mark.parametrize("trouble", [Trouble.STRANGE_STATUS, Trouble.NO_STATUS])
def test_a_status_outside_the_contract_is_unknown(register: FakeRegister, trouble: Trouble) -> None:
    register.put(make_record(1))
    register.troubles = [trouble]
    found = HttpRegistry(register.address, TOKEN).look_up(make_number(1))
    assert found is not None
    assert found.status is LegalStatus.UNKNOWN


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN, Trouble.HANGS_UP])
def test_one_more_try_and_not_another(register: FakeRegister, trouble: Trouble) -> None:
    register.put(make_record(1))
    register.troubles = [trouble]
    registry = HttpRegistry(register.address, TOKEN)
    assert registry.look_up(make_number(1)) == make_record(1)
    register.troubles = [trouble, trouble]
    register.asked = 0
    with pytest.raises(RegistryDown):
        registry.look_up(make_number(1))
    assert register.asked == 2


@pytest.mark.parametrize("trouble", [Trouble.SLOW, Trouble.DRIPPING])
def test_a_slow_register_is_waited_for_so_long_and_no_longer(register: FakeRegister, trouble: Trouble) -> None:
    register.put(make_record(1, abstract="长" * 400))
    register.troubles = [trouble] * 2
    began = time.monotonic()
    with pytest.raises(RegistryDown):
        HttpRegistry(register.address, TOKEN, limit_s=1.0).look_up(make_number(1))
    assert time.monotonic() - began < 2.5


def test_nobody_there_and_a_wrong_token_are_down(register: FakeRegister) -> None:
    with pytest.raises(RegistryDown):
        HttpRegistry("http://127.0.0.1:9", TOKEN).look_up(make_number(1))
    with pytest.raises(RegistryDown):
        HttpRegistry(register.address, "wrong").look_up(make_number(1))


def _chain(database: Database, register: FakeRegister) -> ChainedRegistry:
    return ChainedRegistry([SqlRegistry(database), HttpRegistry(register.address, TOKEN)], noon())


def test_what_the_table_is_sure_of_is_not_asked_again(database: Database, register: FakeRegister) -> None:
    with database.write() as uow:
        uow.registry.put([make_record(1)], loaded_at=NOON)
    assert _chain(database, register).look_up(make_number(1)) == make_record(1)
    assert register.asked == 0


@pytest.mark.parametrize("doubt", [{"status": LegalStatus.UNKNOWN}, {"as_of": NOON - timedelta(days=93)}])
def test_an_unsure_or_old_table_is_asked_about(
    database: Database, register: FakeRegister, doubt: dict[str, Any]
) -> None:
    register.put(make_record(1, status=LegalStatus.LAPSED))
    with database.write() as uow:
        uow.registry.put([make_record(1, **doubt)], loaded_at=NOON)
    chain = _chain(database, register)
    found = chain.look_up(make_number(1))
    assert found is not None
    assert found.status is LegalStatus.LAPSED
    register.troubles = [Trouble.BROKEN] * 2
    assert chain.look_up(make_number(1)) == make_record(1, **doubt)


def test_a_chain_that_could_not_ask_everybody_does_not_say_that_there_is_nothing(
    database: Database, register: FakeRegister
) -> None:
    register.troubles = [Trouble.BROKEN] * 2
    with pytest.raises(RegistryDown):
        _chain(database, register).look_up(make_number(1))


def _row(serial: int, **changes: Any) -> dict[str, Any]:
    row = {"申请号": make_number(serial), "发明名称": f"装置{serial}", "申请日": "2021-03-15", "授权日": "2023-06-02",
           "专利权人": "甲大学；乙公司", "当前法律状态": "有效", "年费缴至": "2027-03-15"}  # fmt: skip
    return row | changes


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_official_table_is_loaded_and_every_problem_is_told(database: Database, tmp_path: Path, kind: str) -> None:
    rows = [
        _row(1),
        _row(2, 当前法律状态="谁知道"),
        _row(3, 申请号="202110000001.9"),
        _row(4, 当前法律状态="终止"),
        _row(5, 申请日="2021-02-30"),
    ]
    write = write_xlsx if kind == "xlsx" else write_csv
    path = write(tmp_path / f"r.{kind}", rows, headers=list(rows[0]))
    report = load_registry_table(database, path, source="汇总表", as_of=date(2026, 3, 1), by=OPERATOR, clock=noon())
    assert (report.rows, report.taken) == (5, 3)
    assert [(problem.row, problem.column, problem.fatal) for problem in report.problems] == [
        (3, "法律状态", False), (4, "专利号", True), (6, "申请日", True),
    ]  # fmt: skip
    registry = SqlRegistry(database)
    statuses = [found.status for serial in (1, 2, 4) if (found := registry.look_up(make_number(serial)))]
    assert statuses == [LegalStatus.IN_FORCE, LegalStatus.UNKNOWN, LegalStatus.LAPSED]
    first = registry.look_up(make_number(1))
    assert first is not None
    assert first.holders == ("甲大学", "乙公司")
    assert registry.look_up(make_number(3)) is None


def test_no_table_is_true_tomorrow(database: Database, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "r.csv", [_row(1)], headers=list(_row(1)))
    with pytest.raises(TableFromTheFuture):
        load_registry_table(database, path, source="x", as_of=date(2026, 3, 3), by=OPERATOR, clock=noon())


def test_the_published_contract_lists_what_the_code_knows() -> None:
    contract = yaml.safe_load((ROOT / "docs" / "registry-bridge.yaml").read_text("utf-8"))
    record = contract["components"]["schemas"]["PatentRecord"]["properties"]
    assert set(record) == set(PatentRecord.__dataclass_fields__)
    assert set(record["status"]["enum"]) == {str(status) for status in LegalStatus}
    assert set(record["kind"]["enum"]) == {str(kind) for kind in PatentKind}
    statuses = next(column for column in registry_columns() if column["field"] == "status")
    assert set(statuses["choices"].values()) == {str(status) for status in LegalStatus}
