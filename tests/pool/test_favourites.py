"""Favourites: kept once with the terms of the day, told beside those of today, gone when the follower is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given

from backend.domain.deeds import DropFavourite, KeepFavourite, Unfollowed
from backend.domain.favourites import MOST, Kept, dump_fee, load_fee
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Standing, Track
from backend.domain.profiles import Consent
from backend.services.deeds import ERASE_AFTER, carry_out
from backend.services.followers import erase_due
from backend.services.inbox import record_arrival
from backend.store.database import Database
from tests.pool.test_round_trip import fees
from tests.support.arrivals import NOON
from tests.support.builders import make_listing, make_number
from tests.support.shelf import Shelf, open_shelf

ME, OTHER = "oMe", "oOther"
CONSENT = Consent("favourites", "2026-11")
FREE = Fee(method=PaymentMethod.FREE)


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Iterator[Shelf]:
    with open_shelf(database, tmp_path / "index") as held:
        yield held


def _keep(shelf: Shelf, *serials: int, by: str = ME) -> None:
    with shelf.database.write() as uow:
        for serial in serials:
            carry_out(uow, by, KeepFavourite(make_number(serial), CONSENT), at=shelf.clock.now())


def _kept(shelf: Shelf, by: str = ME) -> tuple[Kept, ...]:
    return shelf.desk().favourites_of(by)


@given(fee=fees())
def test_a_fee_comes_back(fee: Fee) -> None:
    assert load_fee(dump_fee(fee)) == fee


def test_what_has_changed_since_is_told(shelf: Shelf) -> None:
    shelf.publish(make_listing(1), make_listing(2, track=Track.STATUTORY), make_listing(3), make_listing(4))
    _keep(shelf, 1, 2, 3, 4)
    shelf.publish(
        make_listing(1, fee=FREE),
        make_listing(2, track=Track.STATUTORY, announcement_number="CN1", announced_on=date(2026, 1, 5)),
    )
    shelf.withdraw(make_listing(3))
    told = {one.number: (one.repriced, one.moved, one.now is None) for one in _kept(shelf)}
    assert told == {
        make_number(1): (True, False, False), make_number(2): (False, True, False),
        make_number(3): (False, False, True), make_number(4): (False, False, False),
    }  # fmt: skip
    first = next(one for one in _kept(shelf) if one.number == make_number(1))
    assert (first.fee.upfront_yuan, first.standing) == (Decimal(20_000), Standing.PILOT)
    _keep(shelf, 1)
    assert next(one for one in _kept(shelf) if one.number == make_number(1)) == first  # the first keeping counts


def test_each_follower_has_their_own_and_drops_them(shelf: Shelf) -> None:
    shelf.publish(make_listing(1), make_listing(2))
    _keep(shelf, 1)
    _keep(shelf, 1, 2, by=OTHER)
    with shelf.database.write() as uow:
        carry_out(uow, OTHER, DropFavourite(make_number(1)), at=NOON)
        carry_out(uow, OTHER, DropFavourite(make_number(9)), at=NOON)
        assert uow.institutions.consents(ME) == (CONSENT,)
    assert [one.number for one in _kept(shelf)] == [make_number(1)]
    assert [one.number for one in _kept(shelf, OTHER)] == [make_number(2)]


def test_nobody_keeps_without_end_or_what_is_not_there(shelf: Shelf) -> None:
    shelf.publish(*(make_listing(serial) for serial in range(1, MOST + 3)))
    _keep(shelf, 999, *range(1, MOST + 3))
    assert len(_kept(shelf)) == MOST


def test_they_go_with_the_follower(shelf: Shelf) -> None:
    shelf.publish(make_listing(1))
    with shelf.database.write() as uow:
        record_arrival(
            uow, key="k", openid=ME, incoming={}, following=True, window=None, at=shelf.clock.now(), by="test"
        )
    _keep(shelf, 1)
    with shelf.database.write() as uow:
        carry_out(uow, ME, Unfollowed(), at=shelf.clock.now())
    shelf.clock.forward(seconds=ERASE_AFTER.total_seconds() + 1)
    assert erase_due(shelf.database, shelf.clock, secret="x" * 32) == 1
    assert _kept(shelf) == ()
    with shelf.database.read() as uow:
        assert uow.institutions.consents(ME) == ()


def test_an_invented_patent_is_not_shown_where_none_may_be(shelf: Shelf) -> None:
    shelf.publish(replace(make_listing(1)), demonstration=True)
    _keep(shelf, 1)
    assert [one.now for one in _kept(shelf)] == [None]
