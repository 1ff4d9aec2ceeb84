"""Reminders, news of an event and the thanks afterwards: each once, in time or not at all, whatever the clock does."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.clock import CHINA, SetClock
from backend.domain.deliveries import DeliveryStatus
from backend.domain.events import EventMove, EventState, Reminder
from backend.services.events.planning import change_event, move_event
from backend.services.events.taking_part import cancel, check_in, say_how_it_was
from backend.services.events.tending import forget_over
from backend.store.database import Database
from tests.support.arrivals import NOON, visit
from tests.support.events import OPERATOR, VERDICT, Venue, details

BEGINS = NOON + timedelta(days=10)  # noon of a day
MONTH_ENDS = [
    datetime(2026, 12, 31, 23, 30, tzinfo=CHINA),
    datetime(2028, 2, 29, 9, 0, tzinfo=CHINA),
    datetime(2028, 3, 1, 0, 30, tzinfo=CHINA),
    datetime(2027, 3, 1, 9, 0, tzinfo=CHINA),
]


@pytest.fixture
def venue(database: Database) -> Venue:
    return Venue(database)


@pytest.fixture
def small(shelf: Database) -> Venue:
    return Venue(shelf)


def _at(venue: Venue, at: datetime) -> list[tuple[str, str]]:
    venue.clock.at = at
    visit(venue.database, "a", at=at)  # their window is open
    return venue.tend()


def test_a_day_and_an_hour_before(venue: Venue) -> None:
    event_id = venue.announce()
    venue.come(event_id, "a")
    assert _at(venue, BEGINS - timedelta(hours=24, minutes=1)) == []
    first = _at(venue, BEGINS - timedelta(hours=24))
    assert [words.split("。")[0] for _, words in first] == ["提醒您：《武汉专利供需对接会》2026-03-12 12:00 开始"]
    assert _at(venue, BEGINS - timedelta(hours=2)) == []
    second = _at(venue, BEGINS - timedelta(minutes=59))
    assert ["一小时后开始" in words for _, words in second] == [True]
    assert _at(venue, BEGINS - timedelta(minutes=1)) == []


@pytest.mark.parametrize("begins", MONTH_ENDS, ids=str)
def test_month_ends_and_the_29th_of_february_have_one_of_each(small: Venue, begins: datetime) -> None:
    at = begins
    small.clock.at = at - timedelta(days=5)
    event_id = small.announce(details(at, sign_up_from=at - timedelta(days=6)))
    small.one(event_id, "a")
    small.clock.at = at - timedelta(hours=30)
    while small.clock.at < at + timedelta(hours=1):
        small.clock.forward(minutes=20)
        visit(small.database, "a", at=small.clock.at)
        small.tend()
    words = [reply.text for _, reply in small.post.sender.sent]
    assert sum("提醒您" in text for text in words) == 1
    assert sum("一小时后" in text for text in words) == (0 if at.hour in {23, 0} else 1), "not in the quiet hours"


@settings(max_examples=25)
@given(jumps=st.lists(st.sampled_from([-60, -5, 5, 30, 60, 180]), min_size=5, max_size=40))
def test_a_clock_that_jumps_reminds_nobody_twice(tmp_path_factory: pytest.TempPathFactory, jumps: list[int]) -> None:
    from backend.store.schema import upgrade

    database = Database(f"sqlite:///{tmp_path_factory.mktemp('jumps') / 'x.db'}")
    upgrade(database)
    venue = Venue(database)
    event_id = venue.announce()
    venue.come(event_id, "a")
    venue.clock.at = BEGINS - timedelta(hours=25)
    for minutes in jumps:
        venue.clock.forward(minutes=minutes)
        visit(database, "a", at=venue.clock.at)
        venue.tend()
    database.close()
    words = [reply.text for _, reply in venue.post.sender.sent]
    assert sum("提醒您" in text for text in words) <= 1
    assert sum("一小时后" in text for text in words) <= 1


def test_the_clock_put_back_an_hour_repeats_nothing(venue: Venue) -> None:
    event_id = venue.announce()
    venue.come(event_id, "a")
    assert len(_at(venue, BEGINS - timedelta(hours=24))) == 1
    for minutes in (-60, 30, 30, 30):
        assert _at(venue, venue.clock.at + timedelta(minutes=minutes)) == []


@pytest.mark.parametrize(
    ("late", "words"), [(timedelta(hours=20), "提醒您"), (timedelta(hours=23, minutes=30), "一小时后")]
)
def test_a_late_start_sends_what_is_still_of_use(small: Venue, late: timedelta, words: str) -> None:
    event_id = small.announce()
    small.come(event_id, "a")
    told = _at(small, BEGINS - timedelta(hours=24) + late)
    assert [words in text for _, text in told] == [True]


def test_a_late_start_never_sends_yesterdays_reminder(small: Venue) -> None:
    event_id = small.announce()
    small.come(event_id, "a")
    assert _at(small, BEGINS + timedelta(hours=5)) == []
    small.clock.at = BEGINS
    key = Reminder.DAY.key(small.event(event_id))
    with small.database.read() as uow:
        assert not uow.deliveries.known("a", key)


def test_planned_in_time_and_not_out_in_time_it_expires(small: Venue) -> None:
    """The worker that sends was down, and no window is open either."""
    event_id = small.announce()
    small.come(event_id, "a")
    small.clock.at = BEGINS - timedelta(hours=24)
    small.steward().tend()
    small.clock.at = BEGINS + timedelta(hours=3)
    small.post.run()
    assert small.status("a", Reminder.DAY.key(small.event(event_id))) is DeliveryStatus.EXPIRED
    assert small.post.sender.sent == []
    assert small.post.sender.notices == []


def test_who_signs_up_in_the_last_hours_is_not_reminded_of_the_day(small: Venue) -> None:
    event_id = small.announce()
    small.clock.at = BEGINS - timedelta(hours=20)
    small.come(event_id, "a")
    assert small.tend() == []


def test_who_waits_or_has_cancelled_is_not_reminded(small: Venue) -> None:
    event_id = small.announce(details(quota=1))
    small.come(event_id, "a")
    small.come(event_id, "b", waits="1")
    with small.database.write() as uow:
        cancel(uow, openid="a", event_id=event_id, at=small.clock.now())
    assert [openid for openid, words in _at(small, BEGINS - timedelta(hours=23)) if "提醒您" in words] == []


def test_without_a_window_it_goes_by_the_platforms_template(small: Venue) -> None:
    event_id = small.announce()
    small.come(event_id, "a")
    small.clock.at = BEGINS - timedelta(hours=24)
    small.tend()
    assert [(message.template_id, message.fields["thing1"]) for message in small.post.sender.notices] == [
        ("demo-template-event", "武汉专利供需对接会")
    ]


def test_a_moved_event_is_told_to_everybody_and_reminded_of_anew(venue: Venue) -> None:
    event_id = venue.announce()
    venue.come(event_id, "a")
    _at(venue, BEGINS - timedelta(hours=24))
    later = details(BEGINS + timedelta(days=7))
    with venue.database.write() as uow:
        change_event(uow, event_id=event_id, details=later, note="场地检修", by=OPERATOR, at=venue.clock.now())
    told = venue.tend()
    assert [("场地检修" in words, "2026-03-19 12:00" in words) for _, words in told] == [(True, True)]
    assert _at(venue, BEGINS - timedelta(hours=1)) == []
    assert ["提醒您" in words for _, words in _at(venue, BEGINS + timedelta(days=6))] == [True]


def test_called_off_everybody_is_told_once_and_nothing_planned_goes_out(venue: Venue) -> None:
    event_id = venue.announce(details(quota=1))
    venue.come(event_id, "a")
    venue.come(event_id, "b", waits="1")
    venue.clock.at = BEGINS - timedelta(hours=24)
    venue.steward().tend()
    with venue.database.write() as uow:
        move_event(
            uow, event_id=event_id, move=EventMove.CANCEL, note="报名人数不足", by=OPERATOR, at=venue.clock.now()
        )
    visit(venue.database, "a", at=venue.clock.at)
    visit(venue.database, "b", at=venue.clock.at)
    told = venue.tend()
    assert sorted((openid, "取消了" in words and "报名人数不足" in words) for openid, words in told) == [
        ("a", True),
        ("b", True),
    ]
    assert venue.status("a", Reminder.DAY.key(venue.event(event_id))) is DeliveryStatus.SUPPRESSED
    assert venue.tend() == []


def test_after_it_come_no_shows_materials_and_questions(venue: Venue) -> None:
    event_id = venue.announce(details(feedback=(VERDICT,)))
    venue.come(event_id, "a", "b")
    venue.clock.at = BEGINS
    with venue.database.write() as uow:
        check_in(uow, openid="a", event_id=event_id, at=venue.clock.now())
    told = _at(venue, BEGINS + timedelta(hours=5))
    assert [(openid, "活动评价" in words, "材料" in words) for openid, words in told] == [("a", True, False)]
    assert venue.states(event_id) == {"a": "attended", "b": "no_show"}
    assert venue.event(event_id).state is EventState.HELD
    held = details(feedback=(VERDICT,), materials="https://example.org/slides")
    with venue.database.write() as uow:
        change_event(uow, event_id=event_id, details=held, note="", by=OPERATOR, at=venue.clock.now())
        say_how_it_was(uow, openid="a", event_id=event_id, answers={"question_1": "满意"}, at=venue.clock.now())
    assert ["https://example.org/slides" in words for _, words in venue.tend()] == [True]
    assert venue.tend() == []


def test_names_go_three_months_after_the_event_and_the_numbers_stay(venue: Venue) -> None:
    event_id = venue.announce()
    venue.come(event_id, "a", "b")
    clock = SetClock(BEGINS + timedelta(days=92))
    venue.clock.at = clock.at
    venue.steward().tend()
    assert forget_over(venue.database, clock) == 2
    with venue.database.read() as uow:
        assert {(held.name, held.phone) for held in uow.sign_ups.everybody(event_id)} == {("", "")}
    assert venue.counts(event_id).taken == 2
