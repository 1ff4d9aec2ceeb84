"""What a worker watches: official data that say a right has lapsed take it out of the pool the same day, not the next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from backend.domain.clock import SetClock, SystemClock, day_of
from backend.domain.declarations import State
from backend.domain.roles import Actor, Role
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
