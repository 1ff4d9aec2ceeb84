"""What a worker watches: official data that say a right has lapsed take it out of the pool the same day, not the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from backend.domain.clock import CHINA, SetClock, SystemClock, day_of
from backend.domain.declarations import State
from backend.domain.roles import Actor, Role
from backend.services.declarations.reviewing import VERIFIED_FOR
from backend.services.declarations.verifying import LEAD
from backend.services.registry.loading import load_registry_table
from backend.store.schema import upgrade
from bot.settings import Settings
from bot.worker import Worker
from tests.support.arrivals import ledger
from tests.support.builders import make_number, make_record
from tests.support.declared import Desks
from tests.support.tables import write_csv


def test_a_lapse_in_the_newest_data_is_acted_upon_the_same_day(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, huiqiao_data=tmp_path)  # type: ignore[call-arg] # pydantic's own
    worker = Worker(settings)
    database = worker.parts.database
    upgrade(database)
    now = SystemClock().now()
    desks = Desks(database, clock=SetClock(now))
    paid = make_record(1, annuity_paid_until=day_of(now) + timedelta(days=300), as_of=now - timedelta(days=1))
    desks.register.tell(paid)
    held = desks.ready(known=False, license_ends_on=day_of(now) + timedelta(days=900))
    with database.write() as uow:
        uow.registry.put([paid], loaded_at=now)
    worker.watch()
    assert desks.state(held) is State.READY
    row = {"专利号": make_number(1), "专利名称": paid.title, "专利权人": "；".join(paid.holders), "法律状态": "终止"}
    file = write_csv(tmp_path / "status.csv", [row])
    by = Actor(Role.OPERATOR, "7")
    report = load_registry_table(
        database, file, source="法律状态", as_of=day_of(SystemClock().now()), by=by, clock=SystemClock()
    )
    assert report.taken == 1, report.problems
    worker.watch()
    assert desks.state(held) is State.LAPSED
    assert any("已从专利池撤下" in sent.reply.text for sent in ledger(database).values())
    worker.watch()
    worker.reader.close()
    database.close()


EDGES = [date(2028, 2, 29), date(2028, 3, 1), date(2027, 2, 28), date(2026, 12, 31), date(2027, 1, 1)]
AROUND_MIDNIGHT = (-30, 10, -50, 50, 20)  # minutes after the midnight before; the third is a clock put back an hour


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[tuple[Worker, SetClock]]:
    worker = Worker(Settings(_env_file=None, huiqiao_data=tmp_path))  # type: ignore[call-arg] # pydantic's own
    clock = worker.parts.clock = SetClock(datetime(2026, 1, 1, 12, tzinfo=CHINA))  # type: ignore[assignment] # stands
    upgrade(worker.parts.database)
    yield worker, clock
    worker.reader.close()
    worker.parts.database.close()


def _nights(worker: Worker, clock: SetClock, day: date) -> None:
    """The watch through the midnights before and behind `day`, the clock put back an hour behind each."""
    for night in (day, day + timedelta(days=1)):
        for minutes in AROUND_MIDNIGHT:
            clock.at = datetime.combine(night, time(), CHINA) + timedelta(minutes=minutes)
            worker.watch()


@pytest.mark.parametrize("day", EDGES, ids=str)
def test_verified_again_once_at_the_ends_of_months_and_with_the_clock_put_back(
    watching: tuple[Worker, SetClock], day: date
) -> None:
    worker, clock = watching
    database = worker.parts.database
    clock.at = datetime.combine(day - VERIFIED_FOR + LEAD, time(12), CHINA)  # due again on the day, and not before
    desks = Desks(database, clock=clock)
    record = make_record(1, annuity_paid_until=day + timedelta(days=300), as_of=clock.at)
    desks.register.tell(record)
    held = desks.ready(known=False, license_ends_on=day + timedelta(days=500))
    with database.write() as uow:
        fresh = make_record(1, annuity_paid_until=record.annuity_paid_until, as_of=clock.at + VERIFIED_FOR - 2 * LEAD)
        uow.registry.put([fresh], loaded_at=clock.at)
    assert desks.get(held).verified_until == day + LEAD
    _nights(worker, clock, day)
    assert desks.get(held).verified_until == day + VERIFIED_FOR
    with database.read() as uow:
        done = [entry.action for entry in uow.audit.entries(subject=f"declaration:{held}")]
    assert done.count("declaration.reverified") == 1


@pytest.mark.parametrize("day", EDGES, ids=str)
def test_a_holder_is_warned_once_at_the_ends_of_months_and_with_the_clock_put_back(
    watching: tuple[Worker, SetClock], day: date
) -> None:
    worker, clock = watching
    database = worker.parts.database
    clock.at = datetime.combine(day - timedelta(days=5), time(12), CHINA)
    desks = Desks(database, clock=clock)
    paid = make_record(1, annuity_paid_until=day + timedelta(days=300), as_of=clock.at)
    desks.register.tell(paid)
    desks.ready(known=False, license_ends_on=day + timedelta(days=30))
    with database.write() as uow:
        uow.registry.put([paid], loaded_at=clock.at)
    _nights(worker, clock, day)
    warned = [sent.reply.text for key, sent in ledger(database).items() if ":ends:" in key]
    assert len(warned) == 2, "sixty days before, which is the first night, and thirty days before: each once"
