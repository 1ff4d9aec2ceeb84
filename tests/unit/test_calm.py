"""Quiet hours and periods, at the edges of months, on the 29th of February, and with a clock put back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.channels import Calls, Go, Keep, Later, Standing, choose
from backend.domain.clock import CHINA
from backend.domain.deliveries import MANNERS, Channel, Delivery, DeliveryKind, DeliveryStatus
from backend.domain.preferences import HOUSE, QUIET_FROM, QUIET_UNTIL, Frequency, Preference
from backend.domain.reply import Reply
from backend.outreach.asking import midnight_after
from backend.outreach.sending import waves

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 the zone is added
preferences = st.builds(
    Preference,
    frequency=st.sampled_from(Frequency),
    quiet_from=st.integers(17, 23),
    quiet_until=st.integers(5, 12),
)


@given(moments, preferences)
def test_after_the_quiet_hours_it_is_not_quiet_and_no_sooner(at: datetime, chosen: Preference) -> None:
    after = chosen.after_quiet(at)
    assert after >= at
    assert not chosen.is_quiet(after)
    assert after - at <= timedelta(hours=24)
    hour = after.astimezone(CHINA).hour
    assert QUIET_UNTIL <= hour < QUIET_FROM


@given(moments, st.sampled_from(Frequency))
def test_periods_follow_each_other_without_a_gap(at: datetime, often: Frequency) -> None:
    begin, following = often.begin(at), often.next(at)
    assert begin <= at < following
    assert often.begin(following) == following
    assert often.begin(following - timedelta(microseconds=1)) == begin


@pytest.mark.parametrize(
    ("at", "often", "following"),
    [
        ("2028-02-29 23:59", Frequency.DAILY, "2028-03-01"),
        ("2028-02-29 12:00", Frequency.MONTHLY, "2028-03-01"),
        ("2027-02-28 12:00", Frequency.MONTHLY, "2027-03-01"),
        ("2026-12-31 23:59", Frequency.MONTHLY, "2027-01-01"),
        ("2026-01-31 08:00", Frequency.MONTHLY, "2026-02-01"),
        ("2026-11-29 23:00", Frequency.WEEKLY, "2026-11-30"),
        ("2026-11-30 00:00", Frequency.WEEKLY, "2026-12-07"),
    ],
)
def test_the_ends_of_months_and_weeks(at: str, often: Frequency, following: str) -> None:
    moment = datetime.strptime(at, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
    assert often.next(moment).strftime("%Y-%m-%d") == following


@given(moments)
def test_midnight_is_the_next_one_in_hubei(at: datetime) -> None:
    midnight = midnight_after(at)
    assert timedelta(0) < midnight - at <= timedelta(days=1)
    assert midnight.astimezone(CHINA).strftime("%H:%M:%S") == "00:00:00"


# which channel, whatever stands


def _delivery(kind: DeliveryKind, tried: frozenset[Channel] = frozenset()) -> Delivery:
    at = datetime(2026, 3, 2, 12, tzinfo=CHINA)
    return Delivery(
        id=1, openid="ming", notice_key="n", kind=kind, campaign_id=0, channel=Channel.OPEN, status=DeliveryStatus.CLAIMED,
        reply=Reply.of("x"), notice=None, values={}, text_version="", business_number="", tried=tried, attempts=0,
        platform_id="", reason="", planned_at=at, due_at=at, expires_at=None,
    )  # fmt: skip


asked = st.sampled_from(Channel.asked())


@given(
    kind=st.sampled_from(DeliveryKind),
    left=st.integers(0, 5),
    pushed=st.integers(0, 3),
    open_for=st.sampled_from([None, -1, 1]),
    agreed=st.booleans(),
    credit=st.integers(0, 2),
    templates=st.sets(st.sampled_from([Channel.SUBSCRIPTION, Channel.TEMPLATE])),
    tried=st.frozensets(asked),
    resting=st.frozensets(asked),
    following=st.booleans(),
    at=moments,
    chosen=preferences,
    since=st.none() | st.integers(-48, 1000),
)
def test_no_channel_is_taken_that_law_window_or_wish_forbid(
    kind: DeliveryKind, left: int, pushed: int, open_for: int | None, agreed: bool, credit: int, templates: set[Channel],
    tried: frozenset[Channel], resting: frozenset[Channel], following: bool, at: datetime, chosen: Preference, since: int | None,
) -> None:  # fmt: skip
    manners = MANNERS[kind]
    standing = Standing(
        following=following,
        window_left=left,
        window_until=None if open_for is None else at + timedelta(hours=open_for),
        window_pushed=pushed,
        purposes=frozenset({manners.purpose}) if agreed else frozenset(),
        credits=credit,
        preference=chosen,
        recommended_at=None if since is None else at - timedelta(hours=since),
    )
    calls = Calls({}, {channel: at + timedelta(hours=1) for channel in resting})
    decided = choose(
        _delivery(kind, tried),
        standing,
        calls,
        templates=templates,
        expires_at=None,
        at=at,
        midnight=midnight_after(at),
    )
    if isinstance(decided, Later):
        assert decided.until > at
    if not isinstance(decided, Go):
        assert not isinstance(decided, Keep) or following
        return
    assert following
    assert decided.channel not in tried | resting
    assert not (manners.purpose and not agreed)
    assert not (manners.quiet and chosen.is_quiet(at))
    if kind is DeliveryKind.RECOMMENDATION and since is not None:
        assert at - timedelta(hours=since) < chosen.frequency.begin(at)
    match decided.channel:
        case Channel.CUSTOMER_SERVICE:
            assert left > 0
            assert open_for == 1
            assert not manners.gentle or (left > 2 and pushed < 2)
        case Channel.SUBSCRIPTION:
            assert credit > 0
            assert Channel.SUBSCRIPTION in templates
        case Channel.TEMPLATE:
            assert manners.templated
            assert Channel.TEMPLATE in templates


@given(st.lists(st.sampled_from("abc"), max_size=20), st.integers(1, 4))
def test_waves_keep_order_and_hold_each_follower_once(openids: list[str], most: int) -> None:
    from dataclasses import replace

    claimed = [
        replace(_delivery(DeliveryKind.COLLEAGUE), id=number, openid=openid) for number, openid in enumerate(openids)
    ]
    out = waves(claimed, most)
    assert sorted(held.id for wave in out for held in wave) == list(range(len(openids)))
    for wave in out:
        assert 0 < len({held.openid for held in wave}) == len(wave) <= most
    for openid in set(openids):
        ids = [held.id for wave in out for held in wave if held.openid == openid]
        assert ids == sorted(ids)


def test_the_house_is_quiet_from_nine_to_eight() -> None:
    day = datetime(2026, 3, 2, tzinfo=CHINA)
    quiet = [hour for hour in range(24) if HOUSE.is_quiet(day.replace(hour=hour))]
    assert quiet == [0, 1, 2, 3, 4, 5, 6, 7, 21, 22, 23]
