"""The rules of the domain: terms, prices, what may be shown, codes, places, office hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.domain.clock import CHINA, SetClock, SystemClock, day_of
from backend.domain.credit_code import ALPHABET, credit_code_holds
from backend.domain.fees import Fee, PaymentMethod, RoyaltyBasis
from backend.domain.handoffs import OpeningHours
from backend.domain.hubei import clusters, place_named, places
from backend.domain.ipc import is_locarno, normal_ipc, prefixes
from backend.domain.listings import Pledge, Standing, Suspension, Track
from backend.domain.patents import PatentKind, anniversary, expires_on, requires_evaluation_report, term_years
from tests.support.builders import make_listing

INVENTION, MODEL, DESIGN = PatentKind.INVENTION, PatentKind.UTILITY_MODEL, PatentKind.DESIGN
CODES = ("91350200MA2YJ1XR9G", "91440101MA5CJQ4N59", "913502000728319549")
IN_USE_BUT_WRONG = "91350203M0001QAY9B"
days = st.dates(date(1985, 4, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("kind", "filed_on", "years", "ends"),
    [
        (INVENTION, date(2007, 12, 31), 20, date(2027, 12, 31)),
        (MODEL, date(2021, 6, 1), 10, date(2031, 6, 1)),
        (DESIGN, date(2021, 5, 31), 10, date(2031, 5, 31)),
        (DESIGN, date(2021, 6, 1), 15, date(2036, 6, 1)),
        (DESIGN, date(2021, 6, 2), 15, date(2036, 6, 2)),
        (INVENTION, date(2004, 2, 29), 20, date(2024, 2, 29)),
        (MODEL, date(2012, 2, 29), 10, date(2022, 2, 28)),
        (DESIGN, date(2024, 2, 29), 15, date(2039, 2, 28)),
    ],
)
def test_a_right_ends_with_its_term(kind: PatentKind, filed_on: date, years: int, ends: date) -> None:
    assert term_years(kind, filed_on) == years
    assert expires_on(kind, filed_on) == ends


@given(day=days, years=st.integers(0, 60))
def test_an_anniversary_is_the_same_day_or_the_last_of_february(day: date, years: int) -> None:
    there = anniversary(day, years)
    assert there.year == day.year + years
    assert (there.month, there.day) == (day.month, day.day) or (day.month, day.day, there.day) == (2, 29, 28)


def test_only_unexamined_kinds_need_a_report() -> None:
    assert {kind for kind in PatentKind if requires_evaluation_report(kind)} == {MODEL, DESIGN}


@pytest.mark.parametrize(
    ("fee", "above"),
    [
        (Fee(method=PaymentMethod.FREE), False),
        (Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(20_000_000)), False),
        (Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal("20000000.01")), True),
        (Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.NET_SALES, royalty_percent=Decimal(20)), False),
        (Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.NET_SALES, royalty_percent=Decimal("20.1")), True),
        (Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.PROFIT, royalty_percent=Decimal(40)), False),
        (Fee(method=PaymentMethod.ENTRY_FEE_AND_ROYALTY, royalty_basis=RoyaltyBasis.PROFIT, royalty_percent=Decimal(41)), True),
        (Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_percent=Decimal(21)), True),
        (Fee(method=PaymentMethod.RUNNING_ROYALTY, royalty_basis=RoyaltyBasis.UNIT, unit_yuan=Decimal(3)), False),
    ],
)  # fmt: skip
def test_the_caps_of_the_notice_warn_above_and_not_at(fee: Fee, above: bool) -> None:
    assert fee.above_cap() is above


@given(sum_yuan=st.decimals(0, 10**9, places=2), entry=st.decimals(0, 10**9, places=2))
def test_what_is_paid_first_is_the_sum_or_the_entry_fee(sum_yuan: Decimal, entry: Decimal) -> None:
    for method in PaymentMethod:
        fee = Fee(method=method, lump_sum_yuan=sum_yuan, entry_fee_yuan=entry)
        assert fee.upfront_yuan == (sum_yuan if method.has_lump_sum else entry)
    assert Fee(method=PaymentMethod.FREE).upfront_yuan == 0
    assert not any(method.has_lump_sum and method.has_royalty for method in PaymentMethod)


def test_a_listing_is_announced_only_with_number_and_day() -> None:
    statutory = make_listing(track=Track.STATUTORY)
    announced = replace(statutory, announcement_number="2024001", announced_on=date(2024, 3, 1))
    assert statutory.standing is Standing.NOT_ANNOUNCED
    assert announced.standing is Standing.ANNOUNCED
    assert replace(announced, announced_on=None).standing is Standing.NOT_ANNOUNCED
    assert replace(announced, announcement_number="").standing is Standing.NOT_ANNOUNCED
    assert replace(announced, track=Track.PILOT).standing is Standing.PILOT


@pytest.mark.parametrize(
    "bar",
    [
        {"exclusive_license": True},
        {"suspension": Suspension.OWNERSHIP_DISPUTE},
        {"suspension": Suspension.PRESERVATION},
        {"pledge": Pledge.WITHOUT_CONSENT},
        {"co_holders_agree": False},
    ],
)
def test_what_article_86_bars_is_never_shown(bar: dict[str, Any]) -> None:
    assert not make_listing().barred()
    assert make_listing().may_be_shown(date(2026, 1, 1))
    assert make_listing(**bar).barred()
    assert not make_listing(**bar).may_be_shown(date(2026, 1, 1))


def test_a_pledge_with_consent_bars_nothing() -> None:
    assert not make_listing(pledge=Pledge.WITH_CONSENT).barred()


def test_a_listing_is_shown_on_its_last_day_and_not_after() -> None:
    listing = make_listing(license_ends_on=date(2027, 5, 6))
    assert listing.may_be_shown(date(2027, 5, 6))
    assert not listing.may_be_shown(date(2027, 5, 7))


def test_a_listing_goes_with_the_right_itself() -> None:
    listing = make_listing(kind=MODEL, filed_on=date(2017, 3, 4), license_ends_on=date(2030, 1, 1))
    assert listing.expires_on == date(2027, 3, 4)
    assert listing.may_be_shown(date(2027, 3, 3))
    assert not listing.may_be_shown(date(2027, 3, 4))


@pytest.mark.parametrize("code", CODES)
def test_a_real_credit_code_holds_and_one_wrong_character_does_not(code: str) -> None:
    assert credit_code_holds(code)
    wrong = [code[:at] + other + code[at + 1 :] for at in range(18) for other in ALPHABET if other != code[at]]
    assert len(wrong) == 18 * 30
    assert not any(map(credit_code_holds, wrong))


@pytest.mark.parametrize("code", [IN_USE_BUT_WRONG, "", CODES[0][:-1], CODES[0] + "0", CODES[0].lower(), "I" * 18])
def test_a_code_that_does_not_fit_is_told(code: str) -> None:
    assert not credit_code_holds(code)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("h01m 10/0525", "H01M10/0525"), ("G06F", "G06F"), ("Ｈ０１Ｍ１０／５４", "H01M10/54"), ("A 01 B", "A01B"),
        ("G06F 17", "G06F17"), ("B2B", None), ("C919", None), ("A4", None), ("I01B", None), ("H01", None), ("", None),
        ("H01M10/0525的", None), ("H01M/05", None),
    ],
)  # fmt: skip
def test_a_symbol_is_read_from_subclass_level_on(text: str, symbol: str | None) -> None:
    assert normal_ipc(text) == symbol


@given(symbol=st.from_regex(r"[A-H][0-9]{2}[A-Z]([0-9]{1,4}(/[0-9]{2,6})?)?", fullmatch=True))
def test_a_symbol_stays_itself_and_each_level_begins_it(symbol: str) -> None:
    assert normal_ipc(symbol) == symbol == normal_ipc(f" {symbol.lower()} ")
    levels = prefixes(symbol)
    assert levels[-1] == symbol
    assert all(symbol.startswith(level) for level in levels)
    assert list(levels) == sorted(set(levels), key=len)


def test_levels_and_locarno() -> None:
    assert prefixes("H01M10/0525") == ("H", "H01", "H01M", "H01M10", "H01M10/0525")
    assert prefixes("G06F") == ("G", "G06", "G06F")
    assert is_locarno(" 14-02 ")
    assert not is_locarno("1402")


def test_the_province_has_seventeen_places_and_thirty_five_clusters() -> None:
    assert len(places()) == 17
    assert all(code == place.code and code[:2] == "42" and len(code) == 6 for code, place in places().items())
    assert {place.name for place in places().values()} >= {"武汉市", "恩施土家族苗族自治州", "神农架林区", "仙桃市"}
    assert list(clusters()) == [f"{number:02d}" for number in range(1, 36)]
    assert len(set(clusters().values())) == 35


def test_each_place_is_known_by_both_its_names() -> None:
    for place in places().values():
        assert place_named(place.name) == place_named(place.short) == place
    assert place_named("长沙") is None
    assert place_named("") is None


monday = st.integers(0, 51).map(lambda week: date(2026, 1, 5) + timedelta(weeks=week))


@given(week=monday, weekday=st.integers(0, 6), minute=st.integers(0, 1439))
def test_the_office_is_open_in_its_hours_on_working_days(week: date, weekday: int, minute: int) -> None:
    at = datetime.combine(week, datetime.min.time(), CHINA) + timedelta(days=weekday, minutes=minute)
    in_hours = 540 <= minute < 720 or 840 <= minute < 1050
    assert OpeningHours().open_at(at) is (weekday < 5 and in_hours)
    assert OpeningHours().open_at(at.astimezone(UTC)) is (weekday < 5 and in_hours)
    assert day_of(at.astimezone(UTC)) == at.date()


def test_office_hours_are_said_as_people_write_them() -> None:
    assert str(OpeningHours()) == "9:00–12:00、14:00–17:30"


@given(seconds=st.integers(0, 10**6))
def test_a_set_clock_goes_only_when_told(seconds: int) -> None:
    assume(seconds)
    clock = SetClock(datetime(2026, 1, 1, tzinfo=CHINA))
    before = clock.now()
    clock.forward(seconds=seconds)
    assert (clock.now() - before).total_seconds() == seconds
    assert SystemClock().now().utcoffset() == timedelta(hours=8)
