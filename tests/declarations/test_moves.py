"""A declaration from its submission to its end, and everything that must not happen on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from backend.domain.declarations import Move, State
from backend.domain.drafts import Draft, Flow
from backend.domain.errors import AssistantError
from backend.domain.listings import Standing, Track
from backend.domain.moving import (
    ChecksOpen,
    HoldersMustAgree,
    MoveNotAllowed,
    NoOpenProgramme,
    NotAssignedToYou,
    NotYourRole,
    PapersMissing,
    ReasonMissing,
    SamePerson,
    announced,
)
from backend.domain.patents import PatentKind
from backend.domain.registry import LegalStatus
from backend.domain.roles import Actor, Role
from backend.domain.verification import CheckId, Outcome
from backend.services.declarations.reviewing import Finding
from backend.services.declarations.verifying import PATIENCE
from backend.store.database import Database
from backend.store.declarations import DeclarationNotFound
from tests.support.arrivals import NOON, ledger
from tests.support.builders import make_number, make_record
from tests.support.declared import ADA, AGENT, BEN, CAI, OPERATOR, Desks

ONE = make_number(1)


@pytest.fixture
def desks(database: Database) -> Desks:
    return Desks(database)


def test_a_statutory_declaration_to_its_announcement(desks: Desks) -> None:
    held = desks.submit()
    assert (desks.state(held), desks.shown(ONE)) == (State.SUBMITTED, None)
    assert desks.first(held) is State.FIRST_VERIFIED
    desks.assign(held)
    desks.second(held)
    assert desks.shown(ONE) is None
    desks.publish(held)
    for step in (None, desks.file, desks.announce):
        if step:
            step(held)
        shown = desks.shown(ONE)
        assert shown is not None
        assert (shown.standing, shown.announcement_number) == (Standing.NOT_ANNOUNCED, "")
    desks.publish(held)
    shown = desks.shown(ONE)
    assert shown is not None
    assert (shown.standing, shown.announcement_number, shown.announced_on) == (
        Standing.ANNOUNCED, "GG000001", date(2026, 3, 2),
    )  # fmt: skip
    with desks.database.read() as uow:
        moves = [moved.move for moved in uow.declarations.moves(held)]
        assert uow.audit.verify() is None
    assert moves == [
        Move.SUBMIT, Move.PASS_FIRST, Move.ASSIGN, Move.PASS_SECOND, Move.PUBLISH, Move.FILE, Move.ANNOUNCE, Move.PUBLISH,
    ]  # fmt: skip


def test_a_pilot_is_listed_in_an_open_programme_only(desks: Desks) -> None:
    held = desks.submit(track=Track.PILOT)
    assert desks.first(held) is State.RETURNED
    desks.programme(days=10)
    held = desks.submit(2, track=Track.PILOT)
    desks.first(held)
    desks.assign(held)
    desks.second(held)
    desks.clock.forward(days=11)
    with pytest.raises(NoOpenProgramme):
        desks.publish(held)
    desks.programme()
    desks.publish(held)
    assert desks.state(held) is State.LISTED
    shown = desks.shown(make_number(2))
    assert shown is not None
    assert shown.standing is Standing.PILOT


def test_when_the_programme_ends_its_listings_leave_the_pool(desks: Desks) -> None:
    desks.programme(days=3)
    held = desks.ready(track=Track.PILOT)
    desks.clock.forward(days=3)
    assert desks.daily() == 0
    desks.clock.forward(days=1)
    assert desks.daily() == 1
    assert (desks.state(held), desks.shown(ONE)) == (State.EXPIRED, None)


def test_two_taps_are_one_declaration(desks: Desks) -> None:
    first, again = desks.submit(token="a"), desks.submit(token="a")
    assert first == again
    with desks.database.read() as uow:
        assert len(uow.declarations.of("ming")) == 1
        assert len(list(uow.audit.entries())) == 1


def test_a_second_declaration_of_the_same_patent_is_returned(desks: Desks) -> None:
    first = desks.submit()
    second = desks.submit(openid="hua")
    assert (desks.first(second), desks.first(first)) == (State.RETURNED, State.FIRST_VERIFIED)
    assert "重复" in desks.get(second).reason


BAD: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "lapsed": ({}, {"status": LegalStatus.LAPSED}, ()),
    "late": ({}, {"status": LegalStatus.LATE_PERIOD}, ()),
    "annuity owed": ({}, {"annuity_paid_until": date(2025, 9, 15)}, ()),
    "not granted": ({}, {"status": LegalStatus.PENDING}, ("granted_on",)),
    "other filing date": ({"filed_on": date(2021, 3, 16)}, {}, ("filed_on",)),
    "beyond the term": ({"license_ends_on": date(2042, 1, 1)}, {}, ("license_ends_on",)),
    "exclusive": ({"exclusive_license": True}, {}, ("obstacles",)),
    "co-holders": ({"co_holders_agree": False}, {}, ("co_holders_agree",)),
}


@pytest.mark.parametrize("why", BAD)
def test_what_a_machine_can_see_is_returned_with_the_article_and_the_step(desks: Desks, why: str) -> None:
    declared, registered, mend = BAD[why]
    held = desks.submit(**declared)
    desks.register.tell(make_record(1, **registered))
    assert desks.first(held) is State.RETURNED
    after = desks.get(held)
    assert "条" in after.reason
    assert after.mend == mend
    notices = ledger(desks.database)
    assert any(":return:" in key and "条" in notice.reply.text for key, notice in notices.items())


def test_a_utility_model_needs_its_report_for_a_statutory_declaration(desks: Desks) -> None:
    desks.register.tell(make_record(1, kind=PatentKind.UTILITY_MODEL, annuity_paid_until=date(2027, 3, 15)))
    held = desks.submit(known=False, kind=PatentKind.UTILITY_MODEL, license_ends_on=date(2030, 1, 1))
    assert desks.first(held) is State.RETURNED
    assert desks.get(held).mend == ("evaluation_report",)


def test_mended_it_goes_through_both_verifications_again(desks: Desks) -> None:
    held = desks.submit()
    desks.first(held)
    desks.assign(held)
    desks.second(held)
    desks.give_back(held, "license_ends_on", by=BEN)
    with desks.database.read() as uow:
        draft = uow.drafts.of("ming")[0]
    assert (draft.flow, "license_ends_on" in draft.answers, draft.answers["number"]) == ("declare", False, ONE)
    mended = desks.submit(token="again", license_ends_on=date(2029, 1, 1))
    assert (mended, desks.state(held)) == (held, State.SUBMITTED)
    with pytest.raises(MoveNotAllowed):
        desks.publish(held)
    desks.first(held)
    desks.assign(held)
    desks.second(held)
    desks.publish(held)
    shown = desks.shown(ONE)
    assert shown is not None
    assert shown.license_ends_on == date(2029, 1, 1)


def test_returned_work_does_not_overwrite_a_draft_that_is_being_written(desks: Desks) -> None:
    held = desks.submit()
    desks.first(held)
    with desks.database.write() as uow:
        uow.drafts.save("ming", Draft(flow=Flow.DECLARE, answers={"number": make_number(9)}), at=NOON)
    desks.give_back(held, "scenes")
    with desks.database.read() as uow:
        assert {draft.subject: draft.answers["number"] for draft in uow.drafts.of("ming")} == {
            "": make_number(9),
            ONE: ONE,
        }


def test_a_register_that_is_down_is_waited_for_and_then_a_person_decides(desks: Desks) -> None:
    held = desks.submit()
    desks.register.down = True
    assert desks.first(held) is State.SUBMITTED
    desks.clock.forward(seconds=PATIENCE.total_seconds())
    assert desks.first(held) is State.FIRST_VERIFIED
    desks.assign(held)
    with pytest.raises(ChecksOpen):
        desks.second(held, findings={})
    with pytest.raises(ChecksOpen):
        desks.second(held, findings={CheckId.REGISTRY: Finding(Outcome.PASS)})
    desks.second(held)
    with desks.database.read() as uow:
        said = {check.id: check for check in uow.checks.newest(held)}
    assert (said[CheckId.REGISTRY].outcome, said[CheckId.REGISTRY].by) == (Outcome.PASS, ADA.id)


def test_a_person_who_finds_it_wrong_cannot_pass_it(desks: Desks) -> None:
    held = desks.submit()
    desks.first(held)
    desks.assign(held)
    with pytest.raises(ChecksOpen):
        desks.second(held, findings={CheckId.HOLDERS: Finding(Outcome.FAIL, {"document": "副本"})})


def test_checker_and_publisher_are_two(desks: Desks) -> None:
    held = desks.submit()
    desks.first(held)
    desks.assign(held, to=Actor(Role.VERIFIER, "12"))
    desks.second(held, by=Actor(Role.VERIFIER, "12"))  # who was made approver since then
    with pytest.raises(SamePerson):
        desks.publish(held, by=BEN)
    desks.publish(held, by=CAI)
    desks.file(held)
    desks.announce(held, by=CAI)
    for both in (CAI, BEN):
        with pytest.raises(SamePerson):
            desks.publish(held, by=both)
    desks.publish(held, by=Actor(Role.APPROVER, "16"))
    assert desks.state(held) is State.LISTED


def test_only_the_assigned_verifies(desks: Desks) -> None:
    held = desks.submit()
    desks.first(held)
    desks.assign(held, to=AGENT)
    with pytest.raises(NotAssignedToYou):
        desks.second(held, by=ADA)
    desks.second(held, by=AGENT)


WRONG: dict[str, tuple[type[AssistantError], Callable[[Desks, int], object]]] = {
    "an operator publishes": (NotYourRole, lambda desks, held: desks.publish(held, by=OPERATOR)),
    "an agency announces": (MoveNotAllowed, lambda desks, held: desks.announce(held, by=AGENT)),
    "second before assigned": (MoveNotAllowed, lambda desks, held: desks.second(held)),
    "return without a reason": (ReasonMissing, lambda desks, held: desks.give_back(held, reason=" ")),
    "withdraw without all holders": (HoldersMustAgree, lambda desks, held: desks.withdraw(held, agree=False)),
    "somebody else withdraws": (DeclarationNotFound, lambda desks, held: desks.withdraw(held, openid="hua")),
    "nobody withdraws": (DeclarationNotFound, lambda desks, held: desks.withdraw(held, openid="")),
    "no such declaration": (DeclarationNotFound, lambda desks, _: desks.withdraw(4711)),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_may_not_be_is_refused_and_changes_nothing(desks: Desks, what: str) -> None:
    held = desks.submit()
    desks.first(held)
    if what == "an operator publishes":
        desks.assign(held)
        desks.second(held)
    before = desks.get(held)
    error, work = WRONG[what]
    with pytest.raises(error):
        work(desks, held)
    assert desks.get(held) == before


def test_papers_that_cannot_be_are_refused(desks: Desks) -> None:
    held = desks.ready()
    tomorrow = (NOON + timedelta(days=1)).date().isoformat()
    assert not desks.finish("file", declaration=held, receipt_number="G1", filed_on=tomorrow)
    assert not desks.finish("file", declaration=held, receipt_number=" ", filed_on="2026-03-02")
    assert not desks.finish("file", declaration=held, receipt_number="G1", filed_on="gestern")
    assert not desks.finish("file", openid="hua", declaration=held, receipt_number="G1", filed_on="2026-03-02")
    assert desks.state(held) is State.READY
    desks.file(held)
    with pytest.raises(PapersMissing):
        announced(desks.get(held), ADA, number="", announced_on=date(2026, 3, 2), at=desks.clock.now())
    assert desks.finish("file", declaration=held, receipt_number="GA000001", filed_on="2026-03-02")


def test_what_cannot_be_carried_out_goes_to_a_person(desks: Desks) -> None:
    assert not desks.finish("declare", number=ONE)
    with desks.database.read() as uow:
        assert [request.lines[0].text for request in uow.handoffs.still_open()] == [
            f"[declare] declaration.answers_unreadable {ONE}"
        ]
