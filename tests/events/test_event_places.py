"""Places: never more confirmed than there are, whoever waits longest is offered the next, and an offer ends by itself."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.events import NoSignUp, QuotaTooSmall, SignUpState
from backend.services.events.planning import change_event, strike_out
from backend.services.events.taking_part import accept, cancel
from backend.services.followers import erase_due
from backend.store.database import Database
from backend.store.schema import upgrade
from tests.support.arrivals import leave
from tests.support.events import OPERATOR, Venue, details
from tests.support.threads import together


@pytest.fixture
def venue(database: Database) -> Venue:
    return Venue(database)


@pytest.fixture
def small(shelf: Database) -> Venue:
    return Venue(shelf)


def _cancel(venue: Venue, event_id: int, openid: str) -> None:
    with venue.database.write() as uow:
        cancel(uow, openid=openid, event_id=event_id, at=venue.clock.now())


def _accept(venue: Venue, event_id: int, openid: str) -> SignUpState:
    with venue.database.write() as uow:
        return accept(uow, openid=openid, event_id=event_id, at=venue.clock.now()).state


def test_twenty_at_once_for_five_places(venue: Venue) -> None:
    event_id = venue.announce(details(quota=5))
    together(20, lambda number: venue.one(event_id, f"guest{number}"))
    held = venue.states(event_id)
    assert sorted(held.values()) == ["confirmed"] * 5 + ["waiting"] * 15
    with venue.database.read() as uow:
        queue = uow.sign_ups.queue(event_id)
    assert [one.openid for one in queue] == [
        one.openid for one in sorted(queue, key=lambda one: (one.waiting_since, one.id))
    ]


def test_everybody_moves_at_once_and_no_place_is_given_twice(venue: Venue) -> None:
    """Sign-ups, cancellations, acceptances and three workers in the same second."""
    event_id = venue.announce(details(quota=3))
    venue.come(event_id, *(f"early{number}" for number in range(6)))

    def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(8):
            openid = f"early{chance.randrange(6)}"
            try:
                match chance.randrange(4):
                    case 0:
                        _cancel(venue, event_id, openid)
                    case 1:
                        _accept(venue, event_id, openid)
                    case 2:
                        venue.one(event_id, openid)
                    case _:
                        venue.steward().tend()
            except NoSignUp:
                continue
            with venue.database.read() as uow:
                assert uow.sign_ups.taken(event_id) <= 3

    together(6, work)
    assert venue.counts(event_id).taken <= 3


def test_who_waits_longest_is_offered_first_and_nobody_slips_in_between(venue: Venue) -> None:
    event_id = venue.announce(details(quota=1))
    for openid in ("a", "b", "c"):
        venue.one(event_id, openid)
        venue.clock.forward(minutes=1)
    _cancel(venue, event_id, "a")
    assert venue.one(event_id, "quick").state is SignUpState.WAITING
    told = venue.tend()
    assert [openid for openid, _ in told if "空出一个名额" in _] == ["b"]
    assert venue.states(event_id) == {"a": "cancelled", "b": "offered", "c": "waiting", "quick": "waiting"}
    assert _accept(venue, event_id, "b") is SignUpState.CONFIRMED
    assert _accept(venue, event_id, "b") is SignUpState.CONFIRMED, "a second tap changes nothing"
    with pytest.raises(NoSignUp):
        _accept(venue, event_id, "c")


def test_an_offer_nobody_takes_goes_on_to_the_next(venue: Venue) -> None:
    event_id = venue.announce(details(quota=1))
    venue.come(event_id, "a", "b", "c")
    _cancel(venue, event_id, "a")
    venue.tend()
    venue.clock.forward(hours=24, minutes=1)
    with pytest.raises(NoSignUp):
        _accept(venue, event_id, "b")
    told = dict(venue.tend())
    assert "让给了下一位" in told["b"]
    assert "空出一个名额" in told["c"]
    assert venue.tend() == []


def test_no_offer_is_made_at_night_unless_the_event_is_near(small: Venue) -> None:
    event_id = small.announce(details(quota=1))
    small.come(event_id, "a")
    small.come(event_id, "b", waits="1")
    small.clock.forward(hours=11)
    _cancel(small, event_id, "a")
    assert small.tend() == []
    small.clock.forward(hours=9)
    assert [openid for openid, _ in small.tend()] == ["b"]


def test_more_places_are_offered_and_fewer_than_given_are_refused(small: Venue) -> None:
    event_id = small.announce(details(quota=2))
    small.come(event_id, "a", "b")
    small.come(event_id, "c", "d", waits="1")
    with small.database.write() as uow:
        change_event(uow, event_id=event_id, details=details(quota=3), note="", by=OPERATOR, at=small.clock.now())
    assert [openid for openid, _ in small.tend()] == ["c"]
    with pytest.raises(QuotaTooSmall), small.database.write() as uow:
        change_event(uow, event_id=event_id, details=details(quota=2), note="", by=OPERATOR, at=small.clock.now())


def test_who_was_promised_a_place_and_waits_instead_is_told(small: Venue) -> None:
    """The chat said “a place is yours”; two were faster."""
    event_id = small.announce(details(quota=1))
    small.come(event_id, "a", "b")
    assert [(openid, "已为您登记候补" in words) for openid, words in small.tend()] == [("b", True)]
    assert small.tend() == []


def test_who_is_struck_out_is_told_and_the_place_goes_on(small: Venue) -> None:
    event_id = small.announce(details(quota=1))
    first, _ = small.come(event_id, "a", "b", waits="1")
    with small.database.write() as uow:
        strike_out(uow, event_id=event_id, sign_up_id=first.id, by=OPERATOR, at=small.clock.now())
    told = dict(small.tend())
    assert "由工作人员取消" in told["a"]
    assert "空出一个名额" in told["b"]


def test_who_leaves_for_good_frees_the_place_and_stays_a_number(venue: Venue) -> None:
    event_id = venue.announce(details(quota=1))
    venue.come(event_id, "ming", "b")
    leave(venue.database, "ming", at=venue.clock.now())
    venue.clock.forward(hours=20)
    erase_due(venue.database, venue.clock, secret="s")
    assert "ming" not in venue.states(event_id)
    assert venue.event(event_id).gone == {"cancelled": 1}
    venue.tend()
    assert venue.states(event_id) == {"b": "offered"}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('places') / 'x.db'}")
    upgrade(database)
    yield database
    database.close()


MOVES = st.lists(
    st.tuples(st.sampled_from(["come", "cancel", "accept", "tend", "later"]), st.integers(0, 5)), max_size=25
)


@settings(max_examples=40)
@given(quota=st.integers(1, 3), moves=MOVES)
def test_whatever_happens_the_order_of_waiting_holds(held: Database, quota: int, moves: list[tuple[str, int]]) -> None:
    """No more than the places are taken; nobody waits while a place is free after a worker's round by day; who is
    offered a place had waited longest."""
    venue = Venue(held)
    event_id = venue.announce(details(quota=quota))
    for move, number in moves:
        try:
            match move:
                case "come":
                    venue.one(event_id, f"g{number}")
                case "cancel":
                    _cancel(venue, event_id, f"g{number}")
                case "accept":
                    _accept(venue, event_id, f"g{number}")
                case "later":
                    venue.clock.forward(hours=24)
                case _:
                    _offered_in_order(venue, event_id)
        except NoSignUp:
            pass
        with held.read() as uow:
            assert uow.sign_ups.taken(event_id) <= quota


def _offered_in_order(venue: Venue, event_id: int) -> None:
    with venue.database.read() as uow:
        before = [one.openid for one in uow.sign_ups.queue(event_id)]
    venue.steward().tend()
    counts = venue.counts(event_id)
    quota = venue.event(event_id).details.quota or 0
    if venue.clock.now() < venue.event(event_id).details.begins_at - timedelta(hours=1):
        assert not counts.waiting or counts.taken == quota
    with venue.database.read() as uow:
        after = [one.openid for one in uow.sign_ups.queue(event_id)]
    assert after == before[len(before) - len(after) :]
