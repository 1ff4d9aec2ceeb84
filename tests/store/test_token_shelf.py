"""One access token for any number of processes: one fetches, the others take what lies on the shelf."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.services.tokens import TokenShelf
from backend.store.database import Database
from backend.store.tokens import LEASE
from tests.support.arrivals import HOUR, NOON, SECOND
from tests.support.threads import together

APP = "wx0001"


@pytest.fixture
def shelf(database: Database) -> TokenShelf:
    return TokenShelf(database)


def _fetched(shelf: TokenShelf, value: str = "first", *, until: datetime = NOON + HOUR) -> None:
    assert shelf.lease(APP, by="a", at=NOON)
    shelf.put(APP, value, good_until=until, by="a")


def test_an_empty_shelf(shelf: TokenShelf) -> None:
    assert shelf.current(APP, at=NOON) == ""


def test_a_token_is_good_until_its_end(shelf: TokenShelf) -> None:
    _fetched(shelf)
    seen = [shelf.current(APP, at=NOON + after) for after in (timedelta(0), HOUR - SECOND, HOUR)]
    assert seen == ["first", "first", ""]


def test_one_of_many_threads_may_fetch(shelf: TokenShelf) -> None:
    assert sorted(together(8, lambda number: shelf.lease(APP, by=str(number), at=NOON))) == [False] * 7 + [True]


def test_many_threads_fetch_once(shelf: TokenShelf) -> None:
    """Each does what the client does: look, lease, fetch, put. A look just before the put must not fetch again."""
    fetches: list[int] = []

    def client(number: int) -> str:
        while True:
            token = shelf.current(APP, at=NOON)
            if token:
                return token
            if shelf.lease(APP, by=str(number), at=NOON):
                fetches.append(number)
                shelf.put(APP, f"token {len(fetches)}", good_until=NOON + HOUR, by=str(number))

    assert together(8, client) == ["token 1"] * 8
    assert len(fetches) == 1


def test_nobody_leases_while_a_good_token_lies_there(shelf: TokenShelf) -> None:
    _fetched(shelf)
    assert not shelf.lease(APP, by="b", at=NOON)
    assert shelf.lease(APP, by="b", at=NOON + HOUR)


def test_the_lease_of_a_dead_process_ends(shelf: TokenShelf) -> None:
    outcomes = [shelf.lease(APP, by=by, at=NOON + after) for by, after in (("a", SECOND), ("b", LEASE))]
    assert outcomes == [True, False]
    assert shelf.lease(APP, by="b", at=NOON + SECOND + LEASE + SECOND)


def test_who_lost_the_lease_puts_nothing(shelf: TokenShelf) -> None:
    shelf.lease(APP, by="slow", at=NOON)
    shelf.lease(APP, by="quick", at=NOON + LEASE + SECOND)
    shelf.put(APP, "quick's", good_until=NOON + HOUR, by="quick")
    shelf.put(APP, "slow's", good_until=NOON + HOUR, by="slow")
    assert shelf.current(APP, at=NOON + LEASE + SECOND) == "quick's"


def test_after_a_failed_fetch_the_next_one_tries(shelf: TokenShelf) -> None:
    shelf.lease(APP, by="a", at=NOON)
    shelf.release(APP, by="a stranger")
    assert not shelf.lease(APP, by="b", at=NOON)
    shelf.release(APP, by="a")
    assert shelf.lease(APP, by="b", at=NOON)


def test_a_bad_token_goes_and_a_newer_one_stays(shelf: TokenShelf) -> None:
    _fetched(shelf, "first")
    shelf.discard(APP, "first")
    assert shelf.current(APP, at=NOON) == ""
    _fetched(shelf, "second")
    shelf.discard(APP, "first")
    assert shelf.current(APP, at=NOON) == "second"


def test_accounts_do_not_share(shelf: TokenShelf) -> None:
    _fetched(shelf)
    assert shelf.current("wx0002", at=NOON) == ""
    assert shelf.lease("wx0002", by="b", at=NOON)
