"""What a follower may see of the pool, and what nobody may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.clock import day_of
from backend.domain.listings import ListingStatus, Pledge, Suspension
from backend.domain.patents import PatentKind
from backend.domain.queries import PatentQuery
from backend.services.pool.exporting import export_pool
from backend.services.pool.importing import STAGING_DIES, import_file, note_for_search
from backend.store.database import Database
from backend.store.tables import BatchRow
from tests.support.arrivals import NOON, noon
from tests.support.builders import make_listing, make_number
from tests.support.shelf import Shelf, open_shelf
from tests.support.tables import good_row, write_xlsx

TODAY = day_of(NOON)
ONE, BOTH, NOT = make_number(1), (True, True), (False, False)


class Killed(Exception):
    """The process that imports ends here."""


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Iterator[Shelf]:
    with open_shelf(database, tmp_path / "index") as held:
        yield held


def _batches(database: Database) -> list[str]:
    with database.read() as uow:
        return list(uow.connection.execute(select(BatchRow.status).order_by(BatchRow.id)).scalars())


def _pool(database: Database) -> dict[str, str]:
    """Number → title of everything the pool holds, whatever its status."""
    with database.read() as uow:
        return {held.listing.number: held.listing.title for held in uow.listings.all()}


def _shown(database: Database) -> int:
    with database.read() as uow:
        return uow.listings.count_shown()


def test_staged_rows_are_invisible_until_the_flip(shelf: Shelf) -> None:
    with shelf.database.write() as uow:
        batch = uow.imports.start(source="t", vouched_by="王", demonstration=False, at=NOON)
        uow.imports.stage(batch, [make_listing(1)], ListingStatus.PUBLISHED)
    note_for_search(shelf.database)
    shelf.sync()
    assert (shelf.seen(ONE), _pool(shelf.database), _shown(shelf.database)) == (NOT, {}, 0)
    with shelf.database.write() as uow:
        uow.imports.flip(batch, at=NOON)
    note_for_search(shelf.database)
    shelf.sync()
    assert shelf.seen(ONE) == BOTH
    assert (list(_pool(shelf.database)), _shown(shelf.database)) == ([ONE], 1)


def test_a_staged_version_does_not_hide_the_one_before(shelf: Shelf) -> None:
    shelf.publish(make_listing(1, title="现行"))
    with shelf.database.write() as uow:
        batch = uow.imports.start(source="t", vouched_by="王", demonstration=False, at=NOON)
        uow.imports.stage(batch, [make_listing(1, title="将来")], ListingStatus.WITHDRAWN)
    shelf.sync()
    found = shelf.desk().show_patent(ONE)
    assert found is not None
    assert found.listing.title == "现行"
    assert _pool(shelf.database) == {ONE: "现行"}


def test_a_newer_version_replaces_the_older(shelf: Shelf) -> None:
    shelf.publish(make_listing(1, title="水泵叶轮"))
    shelf.sync()
    shelf.publish(make_listing(1, title="轴承密封"))
    shelf.sync()
    desk = shelf.desk()
    old, new = (desk.find_patents(PatentQuery(words=word), 0) for word in ("叶轮", "轴承"))
    found = desk.show_patent(ONE)
    assert old is not None
    assert new is not None
    assert found is not None
    assert (old.items, new.total, found.listing.title) == ((), 1, "轴承密封")
    assert _pool(shelf.database) == {ONE: "轴承密封"}
    assert _shown(shelf.database) == 1


def test_an_import_that_dies_while_staging_leaves_nothing_to_see(shelf: Shelf, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [good_row(serial) for serial in range(1, 401)])
    staged: list[int] = []

    def die(stage: str, done: int, _total: int) -> None:
        if stage == "stage":
            staged.append(done)
            raise Killed

    with pytest.raises(Killed):
        import_file(shelf.database, path, clock=shelf.clock, vouched_by="王", progress=die)
    shelf.sync()
    assert (staged, _batches(shelf.database)) == ([200], ["staging"])
    assert (_pool(shelf.database), shelf.seen(ONE)) == ({}, NOT)

    shelf.clock.forward(seconds=STAGING_DIES.total_seconds() + 1)
    assert import_file(shelf.database, path, clock=shelf.clock, vouched_by="王").taken == 400
    assert _batches(shelf.database) == ["abandoned", "visible"]
    assert len(_pool(shelf.database)) == 400
    with shelf.database.write() as uow:
        uow.imports.flip(1, at=shelf.clock.now())
    assert _batches(shelf.database) == ["abandoned", "visible"]


def test_an_import_beside_another_does_not_abandon_it(shelf: Shelf) -> None:
    with shelf.database.write() as uow:
        uow.imports.start(source="slow", vouched_by="王", demonstration=False, at=NOON)
    shelf.clock.forward(seconds=STAGING_DIES.total_seconds() - 1)
    shelf.publish(make_listing(1))
    assert _batches(shelf.database) == ["staging", "visible"]


@pytest.mark.parametrize("noted", [0, 1, 700, 1000, 1200])
def test_an_import_that_dies_after_the_flip_is_found_all_the_same(shelf: Shelf, noted: int) -> None:
    """The worker goes on with the search tasks wherever they were cut off."""
    shelf.sync()
    listings = [make_listing(serial) for serial in range(1, 1201)]
    with shelf.database.write() as uow:
        batch = uow.imports.start(source="t", vouched_by="王", demonstration=False, at=NOON)
        uow.imports.stage(batch, listings, ListingStatus.PUBLISHED)
        uow.imports.flip(batch, at=NOON)
        page = uow.imports.numbers(batch, after=0, limit=noted)
        uow.search_tasks.add([number for _, number in page])
        uow.imports.noted(batch, up_to=page[-1][0] if page else 0, all_done=False)
    assert note_for_search(shelf.database) == 1200 - noted
    assert note_for_search(shelf.database) == 0
    assert shelf.sync() == 1200
    assert shelf.reader().size() == 1200


def test_without_a_voucher_nothing_is_shown(shelf: Shelf, tmp_path: Path) -> None:
    report = import_file(shelf.database, write_xlsx(tmp_path / "t.xlsx", [good_row(1)]), clock=noon())
    shelf.sync()
    assert report.taken == 1
    assert (shelf.seen(ONE), _shown(shelf.database), shelf.reader().size()) == (NOT, 0, 0)
    assert export_pool(shelf.database, tmp_path / "out.csv", on=TODAY) == 0
    with shelf.database.read() as uow:
        assert uow.listings.newest([ONE])[ONE].status is ListingStatus.SUBMITTED


def test_a_version_that_waits_leaves_the_published_one_on_the_shelf(shelf: Shelf) -> None:
    shelf.publish(make_listing(1, title="已发布的一版"))
    shelf.publish(make_listing(1, title="待核验的一版"), status=ListingStatus.SUBMITTED)
    shelf.sync()
    found = shelf.desk().show_patent(ONE)
    assert found is not None
    assert found.listing.title == "已发布的一版"


def test_who_vouched_is_told(shelf: Shelf, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [good_row(1)])
    import_file(shelf.database, path, clock=noon(), vouched_by="王老师")
    found = shelf.desk().show_patent(ONE)
    assert found is not None
    assert found.vouched_by == "王老师"


NEVER: dict[str, dict[str, Any]] = {
    "offer over": {"license_ends_on": TODAY - timedelta(days=1)},
    "right over": {"filed_on": date(TODAY.year - 20, TODAY.month, TODAY.day)},
    "right over, short kind": {"kind": PatentKind.UTILITY_MODEL, "filed_on": TODAY.replace(year=TODAY.year - 10)},
    "exclusive": {"exclusive_license": True},
    "dispute": {"suspension": Suspension.OWNERSHIP_DISPUTE},
    "preservation": {"suspension": Suspension.PRESERVATION},
    "pledged": {"pledge": Pledge.WITHOUT_CONSENT},
    "holders disagree": {"co_holders_agree": False},
}


@pytest.mark.parametrize("why", NEVER)
def test_what_may_not_be_licensed_is_never_shown(shelf: Shelf, why: str) -> None:
    listing = make_listing(1, **NEVER[why])
    shelf.publish(listing, make_listing(2))
    shelf.sync()
    assert shelf.seen(listing.number) == NOT
    assert shelf.seen(make_number(2)) == BOTH


@pytest.mark.parametrize("status", [ListingStatus.SUBMITTED, ListingStatus.WITHDRAWN])
def test_only_published_listings_are_shown(shelf: Shelf, status: ListingStatus) -> None:
    shelf.publish(make_listing(1), status=status)
    shelf.sync()
    assert shelf.seen(ONE) == NOT


def test_an_offer_ends_by_the_calendar_alone(shelf: Shelf) -> None:
    shelf.publish(make_listing(1, license_ends_on=TODAY))
    shelf.sync()
    assert shelf.seen(ONE) == BOTH
    shelf.clock.forward(hours=11, minutes=59)
    assert shelf.seen(ONE) == BOTH
    shelf.clock.forward(minutes=2)
    assert shelf.seen(ONE) == NOT


@pytest.mark.parametrize("why", [*NEVER, "withdrawn"])
def test_an_index_that_is_behind_shows_nothing_that_has_changed(shelf: Shelf, why: str) -> None:
    """The hit is still there; SQL decides."""
    now = NEVER.get(why, {})
    shelf.publish(make_listing(1, kind=now.get("kind", PatentKind.INVENTION)))
    number = make_listing(1, kind=now.get("kind", PatentKind.INVENTION)).number
    shelf.sync()
    changed = make_listing(1, **now)
    assert changed.number == number
    shelf.publish(changed, status=ListingStatus.WITHDRAWN if why == "withdrawn" else ListingStatus.PUBLISHED)
    assert shelf.reader().search(PatentQuery(), on=TODAY, limit=5).numbers == (number,)
    assert shelf.seen(number) == NOT
    shelf.sync()
    assert shelf.reader().size() == (1 if "over" in why else 0)


def test_invented_patents_are_hidden_outside_a_demonstration(database: Database, tmp_path: Path) -> None:
    """Also where the index still holds them."""
    with open_shelf(database, tmp_path / "index", demonstration=True) as shelf:
        shelf.publish(make_listing(1), demonstration=True)
        shelf.publish(make_listing(2))
        shelf.sync()
        assert shelf.reader().size() == 2
        assert [shelf.seen(ONE, demonstration=shown) for shown in (True, False)] == [BOTH, NOT]
        assert [shelf.seen(make_number(2), demonstration=shown) for shown in (True, False)] == [BOTH, BOTH]
        found = shelf.desk(demonstration=True).show_patent(ONE)
    assert found is not None
    assert found.demonstration


def test_going_live_in_the_same_folder_the_invented_do_not_bury_the_real(database: Database, tmp_path: Path) -> None:
    with open_shelf(database, tmp_path / "index", demonstration=True) as demonstration:
        demonstration.publish(*(make_listing(serial) for serial in range(2, 40)), demonstration=True)
        demonstration.publish(make_listing(1))
        demonstration.sync()
    with open_shelf(database, tmp_path / "index") as live:
        live.sync()
        results = live.desk().find_patents(PatentQuery(words="散热装置"), 0)
        assert results is not None
        assert ([found.listing.number for found in results.items], results.total, results.given_up) == ([ONE], 1, ())
        assert live.reader().size() == 1
    with open_shelf(database, tmp_path / "index", demonstration=True) as again:
        again.sync()
        assert again.reader().size() == 39
