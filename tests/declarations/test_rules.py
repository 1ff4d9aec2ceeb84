"""The table of moves, annuities, first verification and the answers: rules without a database."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.annuities import AnnuityStanding, annuity_due, annuity_yuan, months_later, patent_year
from backend.domain.declarations import TABLE, Declaration, Move, State
from backend.domain.drafts import Obstacle
from backend.domain.errors import AssistantError
from backend.domain.first_verification import first_verification
from backend.domain.listings import Listing, Pledge, Track
from backend.domain.moving import moved
from backend.domain.patents import PatentKind, anniversary, term_years
from backend.domain.registry import LegalStatus
from backend.domain.roles import Actor, Role
from backend.domain.verification import CheckId, Circumstances, Outcome, codes, failures, open_checks
from backend.services.declarations.answers import AnswersUnreadable, answers_of, listing_of
from backend.services.declarations.moving import notice_of
from bot.texts import Texts
from tests.support.arrivals import NOON
from tests.support.builders import make_listing, make_number, make_record

DAYS = st.dates(date(2003, 1, 1), date(2025, 12, 31))
TEXTS = Texts()


def _declaration(**changes: Any) -> Declaration:
    values: dict[str, Any] = {
        "id": 1, "number": make_number(1), "track": Track.STATUTORY, "state": State.SUBMITTED, "since": NOON,
        "submitted_at": NOON, "answers": {},
    }  # fmt: skip
    return Declaration(**(values | changes))


def test_every_state_but_the_first_can_be_reached_and_every_move_has_a_row() -> None:
    assert {rule.target for rule in TABLE} == set(State)
    assert {rule.move for rule in TABLE} == set(Move) - {Move.SUBMIT}


def test_nobody_but_two_kinds_of_people_lead_to_the_pool() -> None:
    into = [rule for rule in TABLE if rule.target in State.on_show() and not rule.sources <= State.on_show()]
    assert {rule.move for rule in into} == {Move.PUBLISH}
    assert {role for rule in into for role in rule.roles} == {Role.APPROVER}
    assert {source for rule in into for source in rule.sources} == {State.SECOND_VERIFIED}
    to_second = [rule for rule in TABLE if rule.target is State.SECOND_VERIFIED]
    assert {role for rule in to_second for role in rule.roles} == {Role.VERIFIER, Role.AGENCY_VERIFIER}


def test_what_has_ended_stays_ended() -> None:
    assert not [rule for rule in TABLE if rule.sources & State.ended()]


@given(
    state=st.sampled_from(State), move=st.sampled_from(Move), role=st.sampled_from(Role), track=st.sampled_from(Track),
    receipt=st.sampled_from(["", "G1"]),
)  # fmt: skip
def test_a_move_leads_where_the_table_says_or_nowhere(
    state: State, move: Move, role: Role, track: Track, receipt: str
) -> None:
    held = _declaration(state=state, track=track, receipt_number=receipt)
    fits = [
        rule for rule in TABLE if rule.move is move and state in rule.sources and role in rule.roles and rule.when(held)
    ]
    if not fits:
        with pytest.raises(AssistantError):
            moved(held, move, Actor(role), at=NOON)
        return
    after = moved(held, move, Actor(role), at=NOON + timedelta(hours=1))
    assert (after.state, after.since) == (fits[0].target, NOON + timedelta(hours=1))
    unchanged = {"state", "since", "reason", "mend"}
    assert all(
        getattr(after, name.name) == getattr(held, name.name)
        for name in dataclasses.fields(held)
        if name.name not in unchanged
    )


def test_no_auditor_and_no_administrator_decides_anything() -> None:
    assert not [rule for rule in TABLE if Role.AUDITOR in rule.roles]
    assert {rule.move for rule in TABLE if Role.ADMINISTRATOR in rule.roles} == {Move.ASSIGN}


FEES = [
    (PatentKind.INVENTION, 1, 900), (PatentKind.INVENTION, 4, 1200), (PatentKind.INVENTION, 9, 2000),
    (PatentKind.INVENTION, 20, 8000), (PatentKind.UTILITY_MODEL, 5, 900), (PatentKind.UTILITY_MODEL, 10, 2000),
    (PatentKind.DESIGN, 8, 1200), (PatentKind.DESIGN, 15, 3000),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "year", "yuan"), FEES)
def test_the_schedule_of_annuities(kind: PatentKind, year: int, yuan: int) -> None:
    assert annuity_yuan(kind, year) == yuan
    with pytest.raises(ValueError, match=r"21|11|16"):
        annuity_yuan(kind, term_years(kind, date(2022, 1, 1)) + 1)


LATE = [
    (date(2026, 3, 15), AnnuityStanding.PAID, 0), (date(2026, 3, 16), AnnuityStanding.LATE, 0),
    (date(2026, 4, 15), AnnuityStanding.LATE, 0), (date(2026, 4, 16), AnnuityStanding.LATE, 60),
    (date(2026, 9, 15), AnnuityStanding.LATE, 300), (date(2026, 9, 16), AnnuityStanding.LAPSED, 0),
]  # fmt: skip


@pytest.mark.parametrize(("on", "standing", "surcharge"), LATE)
@pytest.mark.parametrize("paid_until", [date(2026, 3, 15), date(2026, 3, 14)])
def test_the_late_period(on: date, standing: AnnuityStanding, surcharge: int, paid_until: date) -> None:
    due = annuity_due(PatentKind.INVENTION, date(2021, 3, 15), paid_until, on)
    assert (due.standing, due.year, due.due_on, due.amount_yuan) == (standing, 6, date(2026, 3, 15), Decimal(1200))
    assert due.surcharge_yuan == surcharge


def test_without_a_register_nothing_is_paid_and_at_the_end_nothing_is_owed() -> None:
    filed_on, today = date(2021, 3, 15), date(2026, 3, 2)
    assert annuity_due(PatentKind.INVENTION, filed_on, None, today).standing is AnnuityStanding.UNKNOWN
    assert annuity_due(PatentKind.INVENTION, filed_on, date(2041, 3, 15), today).year is None


@given(kind=st.sampled_from(PatentKind), filed_on=DAYS, paid=st.integers(0, 7000), on=st.integers(0, 7000))
def test_paying_more_never_makes_it_worse(kind: PatentKind, filed_on: date, paid: int, on: int) -> None:
    order = [AnnuityStanding.LAPSED, AnnuityStanding.LATE, AnnuityStanding.PAID]
    today = filed_on + timedelta(days=on)
    less, more = (
        annuity_due(kind, filed_on, filed_on + timedelta(days=days), today).standing for days in (paid, paid + 400)
    )
    assert order.index(less) <= order.index(more)


@given(filed_on=DAYS, days=st.integers(0, 8000))
def test_a_day_lies_in_its_patent_year(filed_on: date, days: int) -> None:
    day = filed_on + timedelta(days=days)
    year = patent_year(filed_on, day)
    assert anniversary(filed_on, year - 1) <= day < anniversary(filed_on, year)


@given(day=DAYS, months=st.integers(0, 30))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def _check(listing: Listing | None = None, *, around: Circumstances | None = None, **record: Any) -> dict[CheckId, Any]:
    held = listing or make_listing(1, track=Track.STATUTORY)
    checks = first_verification(held, make_record(1, **record), around or Circumstances(), at=NOON)
    return {check.id: check for check in checks}


def test_a_good_declaration_passes_every_check() -> None:
    checks = _check()
    assert set(checks) == set(CheckId)
    assert {check.outcome for check in checks.values()} == {Outcome.PASS}
    assert all(check.at == NOON and check.article for check in checks.values())


@pytest.mark.parametrize("status", [status for status in LegalStatus if status is not LegalStatus.IN_FORCE])
def test_only_in_force_passes(status: LegalStatus) -> None:
    assert _check(status=status)[CheckId.REGISTRY].outcome is not Outcome.PASS


def test_unknown_and_stale_and_silent_go_to_a_person() -> None:
    assert _check(status=LegalStatus.UNKNOWN)[CheckId.REGISTRY].outcome is Outcome.UNKNOWN
    assert _check(as_of=NOON - timedelta(days=93))[CheckId.REGISTRY].outcome is Outcome.UNKNOWN
    checks = first_verification(make_listing(1), None, Circumstances(programme_open=True), at=NOON)
    assert open_checks(checks) >= {CheckId.REGISTRY, CheckId.ANNUITY, CheckId.GRANT, CheckId.HOLDERS}
    assert not failures(checks)


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_of_article_86_bars(obstacle: Obstacle) -> None:
    check = _check(around=Circumstances(obstacles=(obstacle,)))[CheckId.OBSTACLES]
    assert check.outcome is Outcome.FAIL
    assert check.article == f"rules.86.{list(Obstacle).index(obstacle) + 1}"


def test_a_pledge_with_consent_does_not_bar() -> None:
    listing = make_listing(1, track=Track.STATUTORY, pledge=Pledge.WITH_CONSENT)
    assert (
        _check(listing, around=Circumstances(obstacles=(Obstacle.PLEDGE,)))[CheckId.OBSTACLES].outcome is Outcome.PASS
    )


def test_a_wrong_check_digit_is_all_that_is_said() -> None:
    wrong = make_number(1)[:-1] + ("0" if make_number(1)[-1] != "0" else "1")
    checks = first_verification(make_listing(1, number=wrong), None, Circumstances(), at=NOON)
    assert [(check.id, check.outcome) for check in checks] == [(CheckId.NUMBER, Outcome.FAIL)]


def test_every_finding_and_every_notice_has_its_words() -> None:
    said = TEXTS.templates
    assert {code for code in codes() if f"declaration_notice.check.{code}" not in said} == set()
    keys = set()
    for rule in TABLE:
        if rule.roles - {Role.PATENTEE}:
            for track in Track:
                keys.add(notice_of(rule.move, _declaration(state=rule.target, track=track)))
    keys -= {"declaration_notice.publish.listed_pilot", "declaration_notice.mend"} - set(said)
    assert keys - set(said) == set()


def test_answers_and_listings_are_the_same_thing_twice() -> None:
    listing = make_listing(1, granted_on=date(2023, 6, 2), ipc=("H01M10/05", "H01M4/02"), maturity=5, remark="备注")
    assert listing_of(answers_of(listing)) == listing


BROKEN: dict[str, Any] = {
    "number": None, "kind": "perpetuum", "filed_on": "2021-02-30", "license_ends_on": 5, "lump_sum_yuan": "viel",
    "holders": "甲", "title": "长" * 121, "co_holders_agree": "ja", "obstacles": ["none"], "royalty_percent": "NaN",
    "license_years": [], "method": 1,
}  # fmt: skip


@pytest.mark.parametrize("field", BROKEN)
def test_answers_that_are_not_a_declaration_say_which_field(field: str) -> None:
    given = answers_of(make_listing(1)) | {field: BROKEN[field]}
    with pytest.raises(AnswersUnreadable) as caught:
        listing_of(given)
    assert caught.value.values["field"] in {field, "choice"}
