"""How a declaration leaves the pool and comes back: withdrawn, repriced, converted, lapsed, suspended, verified again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backend.domain.declarations import Move, State
from backend.domain.deeds import Deed, NoteMiss, Submit
from backend.domain.listings import Standing, Track
from backend.domain.moving import (
    assigned,
)
from backend.domain.registry import LegalStatus
from backend.domain.verification import CheckId, Outcome
from backend.services.declarations import submitting
from backend.services.declarations.answers import AnswersUnreadable
from backend.services.declarations.reviewing import Finding, announce_withdrawal, confirm
from backend.services.declarations.verifying import reverify_due
from backend.store.database import Database
from backend.store.declarations import MovedElsewhere
from tests.support.arrivals import answer, arrive, ledger
from tests.support.builders import make_number, make_record
from tests.support.declared import ADA, OPERATOR, Desks, answers

ONE = make_number(1)


@pytest.fixture
def desks(database: Database) -> Desks:
    return Desks(database)


def test_withdrawal_before_filing_is_at_once_and_after_it_by_announcement(desks: Desks) -> None:
    held = desks.ready()
    desks.withdraw(held)
    assert (desks.state(held), desks.shown(ONE)) == (State.WITHDRAWN, None)
    desks.withdraw(held)
    listed = desks.listed(2)
    desks.withdraw(listed)
    assert (desks.state(listed), desks.shown(make_number(2))) == (State.WITHDRAWING, None)
    with desks.database.write() as uow:
        announce_withdrawal(uow, declaration_id=listed, number="GG2", by=ADA, at=desks.clock.now(), wording=None)
    assert desks.state(listed) is State.WITHDRAWN


def test_a_new_price_is_a_new_declaration_and_both_stay_on_record(desks: Desks) -> None:
    held = desks.listed()
    before = desks.clock.now()
    desks.tick()
    assert desks.finish(
        "reprice",
        declaration=held,
        reason="降价",
        holders_agree=True,
        method="lump_sum",
        lump_sum_yuan="8000",
        token="p",
    )
    with desks.database.read() as uow:
        new = uow.declarations.of("ming")[0]
        assert uow.declarations.state_as_of(held, before) is State.LISTED
        then = uow.listings.as_of(ONE, before)
        now = uow.listings.as_of(ONE, desks.clock.now())
    assert (new.replaces_id, new.state, new.answers["lump_sum_yuan"]) == (held, State.SUBMITTED, "8000")
    assert desks.state(held) is State.WITHDRAWING
    assert then is not None
    assert now is not None
    assert (then.listing.fee.lump_sum_yuan, str(then.status), str(now.status)) == (
        Decimal(20_000),
        "published",
        "withdrawn",
    )
    assert desks.first(new.id) is State.FIRST_VERIFIED


def test_a_pilot_becomes_statutory_and_stays_on_show_until_then(desks: Desks) -> None:
    desks.programme()
    pilot = desks.listed(track=Track.PILOT, region="湖北省", licensee_scope="中小微企业")
    assert desks.finish("convert", declaration=pilot, holders_agree=True, token="c")
    with desks.database.read() as uow:
        new = uow.declarations.of("ming")[0]
    assert (new.track, "region" in new.answers) == (Track.STATUTORY, False)
    desks.first(new.id)
    desks.assign(new.id)
    desks.second(new.id)
    desks.publish(new.id)
    desks.file(new.id)
    desks.announce(new.id)
    shown = desks.shown(ONE)
    assert shown is not None
    assert shown.standing is Standing.PILOT
    desks.publish(new.id)
    shown = desks.shown(ONE)
    assert shown is not None
    assert (shown.standing, desks.state(pilot)) == (Standing.ANNOUNCED, State.WITHDRAWN)


LEAVES: dict[str, tuple[dict[str, Any], State]] = {
    "lapsed": ({"status": LegalStatus.LAPSED}, State.LAPSED),
    "invalid": ({"status": LegalStatus.INVALIDATED}, State.LAPSED),
    "in dispute": ({"status": LegalStatus.SUSPENDED}, State.SUSPENDED),
    "annuity owed": ({"annuity_paid_until": date(2025, 12, 31)}, State.LAPSED),
    "annuity late": ({"annuity_paid_until": date(2025, 9, 3), "filed_on": date(2021, 9, 3)}, State.SUSPENDED),
}


@pytest.mark.parametrize("why", LEAVES)
def test_what_ends_leaves_the_pool_the_same_day(desks: Desks, why: str) -> None:
    registered, state = LEAVES[why]
    declared = {"filed_on": registered["filed_on"]} if "filed_on" in registered else {}
    desks.register.tell(make_record(1, **declared))
    held = desks.listed(known=False, **declared)
    desks.register.tell(make_record(1, **registered))
    assert desks.daily() == 1
    assert (desks.state(held), desks.shown(ONE)) == (state, None)
    assert "条" in desks.get(held).reason
    assert desks.daily() == 0


def test_what_was_suspended_comes_back_through_two_people_only(desks: Desks) -> None:
    held = desks.listed()
    desks.stop(held, Move.SUSPEND)
    assert desks.shown(ONE) is None
    desks.resume(held)
    assert desks.state(held) is State.SUBMITTED
    desks.first(held)
    desks.assign(held)
    desks.second(held)
    desks.publish(held)
    shown = desks.shown(ONE)
    assert shown is not None
    assert shown.standing is Standing.ANNOUNCED
    assert desks.state(held) is State.LISTED


def test_what_the_national_office_has_is_never_returned(desks: Desks) -> None:
    held = desks.listed()
    desks.stop(held, Move.SUSPEND)
    desks.resume(held)
    desks.register.tell(make_record(1, status=LegalStatus.LAPSED))
    assert desks.first(held) is State.SUSPENDED


def test_verified_again_in_time_it_stays_and_unknown_it_goes(desks: Desks) -> None:
    held = desks.listed()
    until = desks.get(held).verified_until
    assert until is not None
    desks.clock.forward(days=85)
    desks.register.tell(make_record(1, as_of=desks.clock.now(), annuity_paid_until=date(2027, 3, 15)))
    assert reverify_due(desks.office) == 1
    later = desks.get(held).verified_until
    assert later is not None
    assert later > until
    desks.clock.forward(days=88)
    desks.register.records.clear()
    assert reverify_due(desks.office) == 1
    assert (desks.state(held), desks.get(held).verified_until) == (State.LISTED, later)
    with desks.database.write() as uow:
        unknown = [check.id for check in uow.checks.newest(held) if check.outcome is Outcome.UNKNOWN]
        assert CheckId.REGISTRY in unknown
        findings = {check: Finding(Outcome.PASS) for check in unknown}
        assert confirm(uow, declaration_id=held, findings=findings, by=ADA, at=desks.clock.now())
    desks.clock.forward(days=91)
    assert desks.daily() == 1
    assert (desks.state(held), desks.shown(ONE)) == (State.SUSPENDED, None)


def test_the_holder_is_warned_before_and_once_for_each_stage(desks: Desks) -> None:
    desks.register.tell(make_record(1, annuity_paid_until=date(2027, 3, 15)))
    desks.listed(known=False, license_ends_on=date(2026, 4, 1))
    for _ in range(30):
        desks.daily()
        desks.clock.forward(days=1)
    warned = [key for key in ledger(desks.database) if ":warn:ends:" in key]
    assert [key.rsplit(":", 1)[1] for key in warned] == ["30", "7"]


def test_two_at_once_one_moves_it(desks: Desks) -> None:
    held = desks.submit()
    desks.first(held)
    stale = desks.get(held)
    desks.assign(held)
    after = assigned(stale, OPERATOR, to="99", at=desks.clock.now())
    with desks.database.write() as uow, pytest.raises(MovedElsewhere):
        uow.declarations.move(stale, after, Move.ASSIGN, OPERATOR)
    assert desks.get(held).assignee == ADA.id


def test_each_step_is_told_once_and_never_to_others(desks: Desks) -> None:
    desks.listed()
    desks.submit(2, openid="hua")
    told = [notice.openid for notice in ledger(desks.database).values()]
    assert told == ["ming"] * 6  # what the patentee does is answered in the conversation


def test_answers_stay_json(desks: Desks) -> None:
    held = desks.submit()
    assert desks.get(held).answers == answers(1)


def test_submitted_is_said_only_where_it_is_true(desks: Desks) -> None:
    held = desks.listed()
    deeds: list[tuple[Deed, str]] = [
        (Submit("declare", "", {"number": "?"}, "t"), "没能办成"),
        (Submit("file", "", {"declaration": 4711}, "t"), "没能办成"),
        (NoteMiss("x", ()), "好"),
    ]
    for count, (deed, said) in enumerate(deeds):
        with desks.database.write() as uow:
            arrival, _ = arrive(uow, f"m:{count}", "ming", at=desks.clock.now())
            _, reply = answer(uow, arrival, "好", deed, at=desks.clock.now(), otherwise="没能办成")
            assert reply.text == said
            assert uow.inbox.get(arrival.id).reply == reply
    with desks.database.read() as uow:
        assert uow.handoffs.open_for("ming")
        assert [declaration.id for declaration in uow.declarations.of("ming")] == [held]
    assert desks.state(held) is State.LISTED
    assert desks.shown(ONE)


def test_nothing_is_done_by_halves(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The withdrawal that a new price begins with is undone where the new declaration cannot be made."""
    held = desks.listed()

    def refuse(*_: Any, **__: Any) -> None:
        raise AnswersUnreadable(field="method")

    monkeypatch.setattr(submitting, "submit", refuse)
    wishes: dict[str, Any] = {
        "declaration": held,
        "reason": "降价",
        "holders_agree": True,
        "method": "lump_sum",
        "lump_sum_yuan": "8000",
    }
    assert not desks.finish("reprice", **wishes)
    assert desks.state(held) is State.LISTED
    assert desks.shown(ONE)
