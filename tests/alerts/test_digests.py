"""What a follower is told, when, and how often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clock import CHINA, day_of
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Listing, ListingStatus, Track
from backend.domain.preferences import Preference
from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import Cadence, is_quiet, next_digest, not_before_morning
from backend.services.alerts.subscribing import leave, rest, set_queries
from tests.support.alerted import Alerted
from tests.support.arrivals import NOON, ledger
from tests.support.arrivals import leave as unfollow
from tests.support.builders import make_listing

LASER = PatentQuery(words="激光切割", max_upfront_yuan=Decimal(50_000))


def laser(serial: int = 1, yuan: int = 20_000, **changes: Any) -> Listing:
    fee = Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(yuan))
    return make_listing(serial, **({"title": f"激光切割装置{serial}", "fee": fee} | changes))


def _morning(alerted: Alerted, days: int = 1) -> None:
    """Nine o'clock, so many days later; the digest's hour strikes."""
    clock = alerted.shelf.clock
    clock.at = datetime.combine(day_of(clock.now()) + timedelta(days=days), datetime.min.time(), CHINA)
    clock.forward(hours=9)
    alerted.look()
    alerted.digests.run()


def test_a_new_patent_is_told_next_morning_and_says_why(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.saved("hua", PatentQuery(words="水泵"))
    alerted.happens(laser(), laser(2, yuan=80_000))
    assert alerted.waiting("ming") == []
    _morning(alerted)
    (told,) = alerted.waiting("ming")
    assert "新上架《激光切割装置1》" in told
    assert "激光切割装置2" not in told
    assert "合您订的“激光切割”" in told
    assert "含“激光" in told
    assert "预算内（5万元以内）" in told
    assert "退订" in told
    assert alerted.waiting("hua") == []


def test_what_stood_there_before_is_no_news(alerted: Alerted) -> None:
    alerted.happens(laser())
    alerted.saved("ming", LASER)
    alerted.look()
    alerted.happens(laser())  # the same terms in another batch
    assert alerted.alerts("ming") == []


def test_a_price_that_changes_is_told_with_what_it_was(alerted: Alerted) -> None:
    alerted.happens(laser(1, 80_000), laser(2, 30_000), laser(3, 30_000))
    alerted.saved("ming", LASER)
    alerted.happens(laser(1, 40_000), laser(2, 90_000), laser(3, 10_000))
    _morning(alerted)
    (told,) = alerted.waiting("ming")
    lines = told.split("\n")
    assert "原来一次总付8万元，现在一次总付4万元" in told
    assert any("已不在您的条件内" in line for line in lines[lines.index(_line(lines, "装置2")) :][:3])
    assert told.count("已不在您的条件内") == 1


def _line(lines: list[str], part: str) -> str:
    return next(line for line in lines if part in line)


def test_withdrawn_and_lapsed_are_told_apart(alerted: Alerted) -> None:
    ends = day_of(NOON) + timedelta(days=3)
    alerted.happens(laser(1), laser(2, license_ends_on=ends))
    alerted.saved("ming", LASER)
    alerted.shelf.withdraw(laser(1))
    alerted.look()
    alerted.shelf.clock.forward(days=4)
    alerted.watch.run()
    assert alerted.alerts("ming") == [(laser(1).number, "withdrawn"), (laser(2).number, "lapsed")]


def test_one_message_a_day_however_many_queries_it_fits(alerted: Alerted) -> None:
    for words in ("激光", "切割", "激光切割装置"):
        alerted.saved("ming", PatentQuery(words=words))
    alerted.happens(laser())
    _morning(alerted)
    alerted.shelf.clock.forward(hours=2)
    alerted.happens(laser(2))
    alerted.digests.run()
    (told,) = alerted.waiting("ming")
    assert told.count("激光切割装置") == 1 + told.count("“激光切割装置”")
    assert "有 1 条新消息" in told


def test_nobody_comes_back_to_thirty_messages(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    for serial in range(1, 13):
        alerted.happens(laser(serial))
        _morning(alerted)
    (told,) = alerted.waiting("ming")
    assert "有 12 条新消息" in told
    assert "另有 4 条" in told
    with alerted.shelf.database.read() as uow:
        assert uow.inbox.follower("ming").kept == 1


def test_what_came_and_went_before_the_morning_is_never_told(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.happens(laser())
    alerted.shelf.withdraw(laser())
    alerted.look()
    _morning(alerted)
    assert alerted.waiting("ming") == []
    _morning(alerted)
    assert alerted.waiting("ming") == []


def test_weekly_ones_wait_for_monday(alerted: Alerted) -> None:
    alerted.saved("ming", LASER, Cadence.WEEKLY)  # a Monday at noon
    alerted.happens(laser())
    for _ in range(6):
        _morning(alerted)
        assert alerted.waiting("ming") == []
    _morning(alerted)
    assert len(alerted.waiting("ming")) == 1


def test_a_worker_that_was_down_on_monday_tells_on_tuesday(alerted: Alerted) -> None:
    alerted.saved("ming", LASER, Cadence.WEEKLY)
    alerted.happens(laser())
    _morning(alerted, days=8)
    assert len(alerted.waiting("ming")) == 1


@pytest.mark.parametrize("hour", [0, 7, 8, 21, 23])
def test_no_digest_outside_the_hours(alerted: Alerted, hour: int) -> None:
    alerted.saved("ming", LASER)
    alerted.happens(laser())
    alerted.shelf.clock.at = NOON.replace(hour=hour) + timedelta(days=1)
    assert alerted.digests.run() == 0


def test_a_clock_put_back_one_hour_makes_no_second_digest(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.happens(laser())
    _morning(alerted)
    alerted.shelf.clock.forward(hours=-1)
    alerted.happens(laser(2))
    alerted.digests.run()
    alerted.shelf.clock.forward(hours=1)
    alerted.digests.run()
    (told,) = alerted.waiting("ming")
    assert "激光切割装置2" not in told


def test_a_round_that_was_cut_off_goes_on_and_tells_nobody_twice(alerted: Alerted) -> None:
    alerted.saved("an", LASER)
    alerted.saved("ming", LASER)
    alerted.happens(laser())
    alerted.shelf.clock.at = NOON + timedelta(days=1)
    due_at = alerted.shelf.clock.now().replace(hour=9)
    with alerted.shelf.database.write() as uow:  # then the process died
        assert alerted.digests.plan_for(uow, "an", due_at=due_at, now=alerted.shelf.clock.now())
    assert alerted.digests.run() == 1
    assert alerted.digests.run() == 0
    assert [len(alerted.waiting(openid)) for openid in ("an", "ming")] == [1, 1]


@pytest.mark.parametrize("day", [date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31)])
def test_every_day_has_its_digest(alerted: Alerted, day: date) -> None:
    alerted.shelf.clock.at = datetime(day.year, day.month, day.day, 10, tzinfo=CHINA)
    alerted.saved("ming", LASER)
    alerted.happens(laser())
    _morning(alerted)
    assert f"（{day + timedelta(days=1)}）" in alerted.waiting("ming")[0]


def test_followed_patents_are_told_at_once_but_not_at_night(alerted: Alerted) -> None:
    alerted.happens(laser(1), laser(2, track=Track.STATUTORY))
    alerted.follows("ming", laser(1))
    alerted.follows("ming", laser(2))
    alerted.shelf.clock.at = NOON.replace(hour=22)
    alerted.happens(
        laser(1, 15_000), laser(2, track=Track.STATUTORY, announcement_number="1", announced_on=date(2026, 2, 1))
    )
    told = alerted.waiting("ming")
    assert "原来一次总付2万元，现在一次总付1.5万元" in told[0]
    assert "法定开放许可，已公告" in told[1]
    with alerted.shelf.database.read() as uow:
        assert uow.deliveries.unread("ming", "followed")
    alerted.look()
    assert len(alerted.waiting("ming")) == 2
    alerted.shelf.withdraw(laser(1))
    alerted.look()
    assert "已从许可专利池撤下" in alerted.waiting("ming")[-1]


def test_favourites_of_who_did_not_agree_are_told_to_nobody(alerted: Alerted) -> None:
    alerted.happens(laser())
    alerted.follows("ming", laser(), agreed=False)
    alerted.happens(laser(1, 15_000))
    assert alerted.waiting("ming") == []


def test_what_is_dropped_from_the_favourites_is_not_told_any_more(alerted: Alerted) -> None:
    alerted.happens(laser())
    alerted.follows("ming", laser())
    with alerted.shelf.database.write() as uow:
        uow.favourites.drop("ming", laser().number)
    alerted.happens(laser(1, 15_000))
    assert alerted.waiting("ming") == []


def test_a_pause_keeps_the_digest_back_until_it_is_over(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.happens(laser())
    now = alerted.shelf.clock.now()
    with alerted.shelf.database.write() as uow:
        uow.preferences.put("ming", Preference(paused_until=now + timedelta(days=2)), at=now)
    _morning(alerted)
    assert alerted.waiting("ming") == []
    _morning(alerted)
    _morning(alerted)
    assert "1 条新消息" in alerted.waiting("ming")[0]


def test_leaving_works_at_once(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.follows("ming", laser(1))
    alerted.happens(laser())
    _morning(alerted)
    alerted.happens(laser(1, 15_000))
    assert len(alerted.waiting("ming")) == 2
    with alerted.shelf.database.write() as uow:
        assert leave(uow, "ming", at=alerted.shelf.clock.now()) == 1
    assert alerted.waiting("ming") == []
    alerted.happens(laser(2), laser(1, 10_000))
    _morning(alerted)
    assert alerted.waiting("ming") == []
    assert {str(row.status) for row in ledger(alerted.shelf.database).values()} == {"suppressed"}


def test_a_paused_query_is_silent_and_wakes_without_what_it_missed(alerted: Alerted) -> None:
    saved = alerted.saved("ming", LASER)
    alerted.happens(laser())
    with alerted.shelf.database.write() as uow:
        set_queries(uow, "ming", [saved], paused=True, at=alerted.shelf.clock.now())
    alerted.happens(laser(2))
    with alerted.shelf.database.write() as uow:
        set_queries(uow, "ming", [saved], paused=False, at=alerted.shelf.clock.now())
    alerted.happens(laser(3))
    assert alerted.alerts("ming") == [(laser(3).number, "new")]


def test_nobody_touches_the_query_of_somebody_else(alerted: Alerted) -> None:
    saved = alerted.saved("ming", LASER)
    with alerted.shelf.database.write() as uow:
        set_queries(uow, "hua", [saved], paused=True, cadence=Cadence.WEEKLY, at=NOON)
        assert uow.saved_queries.delete("hua", [saved]) == 0
    with alerted.shelf.database.read() as uow:
        (held,) = uow.saved_queries.of("ming")
    assert (held.paused, held.cadence) == (False, Cadence.DAILY)


def test_who_unfollows_and_comes_back_hears_nothing_again(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.happens(laser())
    _morning(alerted)
    unfollow(alerted.shelf.database, "ming", at=alerted.shelf.clock.now())
    alerted.happens(laser(2))
    alerted.came("ming")
    _morning(alerted)
    assert alerted.waiting("ming") == []
    with alerted.shelf.database.read() as uow:
        assert [saved.paused for saved in uow.saved_queries.of("ming")] == [True]


def test_a_change_without_a_task_is_found_the_next_day(alerted: Alerted) -> None:
    """After a restore, or where a task was lost: what stands in the pool is compared with what was last looked at."""
    alerted.saved("ming", LASER)
    alerted.look()
    alerted.shelf.publish(laser())
    with alerted.shelf.database.write() as uow:
        uow.search_tasks.forget_replicas()
    alerted.shelf.clock.forward(days=1)
    alerted.watch.run()
    assert alerted.alerts("ming") == [(laser().number, "new")]


def test_two_processes_find_it_once(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.shelf.publish(laser())
    for watch in (alerted.watch, alerted.watch_of_another_process()):
        with alerted.shelf.database.write() as uow:
            uow.search_tasks.ask("alerts", [laser().number])
        watch.run()
    assert alerted.alerts("ming") == [(laser().number, "new")]


def test_a_submitted_or_invented_patent_is_nobodys_news(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.shelf.publish(laser(), status=ListingStatus.SUBMITTED)
    alerted.shelf.publish(laser(2), demonstration=True)
    alerted.look()
    assert alerted.alerts("ming") == []


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=CHINA))  # noqa: DTZ001


@given(at=moments, cadence=st.sampled_from(Cadence))
def test_the_next_digest_is_soon_and_in_the_morning(at: datetime, cadence: Cadence) -> None:
    due = next_digest(cadence, at)
    assert at < due <= at + timedelta(days=7 if cadence is Cadence.WEEKLY else 1)
    assert (due.hour, due.minute) == (9, 0)
    assert cadence is Cadence.DAILY or due.weekday() == 0
    assert next_digest(cadence, at.astimezone(UTC)) == due


@given(at=moments)
def test_quiet_hours_end_in_the_morning(at: datetime) -> None:
    due = not_before_morning(at)
    assert not is_quiet(due)
    assert at <= due <= at + timedelta(hours=11)
    assert due == at or is_quiet(at)


def test_resting_is_for_those_who_left(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    with alerted.shelf.database.write() as uow:
        rest(uow, "ming")
        rest(uow, "nobody")
    alerted.happens(laser())
    assert alerted.alerts("ming") == []


def test_erasing_takes_all_of_it(alerted: Alerted) -> None:
    alerted.saved("ming", LASER)
    alerted.saved("hua", LASER)
    alerted.follows("ming", laser())
    alerted.happens(laser())
    with alerted.shelf.database.write() as uow:
        uow.followers.erase("ming")
    with alerted.shelf.database.read() as uow:
        assert uow.saved_queries.of("ming") == ()
        assert uow.favourites.of("ming") == ()
        assert uow.connection.exec_driver_sql("SELECT count(*) FROM saved_query_key").scalar_one() == 1
    assert alerted.alerts("ming") == []
    assert alerted.alerts("hua") == [(laser().number, "new")]
