"""Institutions and officers, what one's own conversation sees, vouched imports, and forgetting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select

from backend.domain.clock import SetClock
from backend.domain.declarations import State
from backend.domain.deeds import DropDraft, SaveDraft, Submit
from backend.domain.drafts import Draft
from backend.domain.institutions import AlreadyDecided, Institution, InstitutionState, ProgrammeDates
from backend.domain.keyed import keyed
from backend.domain.listings import ListingStatus, Track
from backend.domain.moving import NotApprovedYet
from backend.domain.profiles import Consent
from backend.domain.questions import LookUpNumber, MyDeclarations, MyDrafts, MyProfile
from backend.domain.registry import LegalStatus
from backend.services.declarations.answers import answers_of
from backend.services.declarations.office import adopt_vouched, bind_institution, decide_institution, open_programme
from backend.services.declarations.tables import submit_table
from backend.services.declarations.verifying import verify_waiting
from backend.services.deeds import ERASE_AFTER, carry_out
from backend.services.desk import Desk
from backend.services.followers import erase_due
from backend.services.pool.importing import take_in
from backend.store.database import Database
from backend.store.tables import Base, DeliveryRow
from tests.support.arrivals import NOON, leave, ledger, visit
from tests.support.builders import make_listing, make_number, make_record
from tests.support.declared import BEN, OPERATOR, WORDING, Desks, answers

CODE = "91350200MA2YJ1XR9G"
ONE = make_number(1)


@pytest.fixture
def desks(database: Database) -> Desks:
    return Desks(database)


def _bind(desks: Desks, openid: str = "ming", **changes: Any) -> Institution:
    given = {"institution": "江城测试大学", "credit_code": CODE, "contact_name": "李老师", "contact_phone": "027-1"}
    consent = {"consent": {"purpose": "declaration", "version": "1", "at": NOON.isoformat()}}
    with desks.database.write() as uow:
        return bind_institution(uow, openid=openid, answers=given | consent | changes, at=desks.clock.now())


def _decide(desks: Desks, institution_id: int, *, approve: bool = True) -> None:
    with desks.database.write() as uow:
        decide_institution(
            uow,
            institution_id=institution_id,
            approve=approve,
            reason="材料不全",
            by=BEN,
            at=desks.clock.now(),
            wording=WORDING,
        )


def test_submitting_goes_on_while_the_institution_waits_and_publishing_does_not(desks: Desks) -> None:
    institution = _bind(desks)
    held = desks.submit()
    desks.first(held)
    desks.assign(held)
    desks.second(held)
    with pytest.raises(NotApprovedYet):
        desks.publish(held)
    _decide(desks, institution.id)
    desks.publish(held)
    assert desks.state(held) is State.READY
    with pytest.raises(AlreadyDecided):
        _decide(desks, institution.id, approve=False)


def test_several_officers_see_and_hear_the_same_and_leaving_one_unbinds(desks: Desks) -> None:
    institution = _bind(desks)
    assert _bind(desks, "hua").id == institution.id
    _decide(desks, institution.id)
    held = desks.ready()
    with desks.database.read() as uow:
        told = uow.connection.execute(select(DeliveryRow.notice_key, DeliveryRow.openid)).all()
    keys = {key for key, _ in told}
    assert keys
    assert {(key, openid) for key, openid in told} == {(key, openid) for key in keys for openid in ("ming", "hua")}
    assert desks.file(held, openid="hua")
    assert desks.finish("leave", openid="ming")
    with desks.database.read() as uow:
        assert [officer.openid for officer in uow.institutions.officers(institution.id)] == ["hua"]
        assert [len(uow.declarations.of(openid)) for openid in ("ming", "hua")] == [0, 1]
    assert not desks.finish("withdraw", openid="ming", declaration=held, reason="x", holders_agree=True)


@pytest.mark.parametrize(("code", "holds"), [(CODE, True), ("91350203M0001QAY9B", False), ("", False)])
def test_a_credit_code_that_does_not_hold_is_a_question_for_staff(desks: Desks, code: str, *, holds: bool) -> None:
    held = _bind(desks, credit_code=code)
    assert (held.code_holds, held.state) == (holds, InstitutionState.WAITING)


def test_after_a_refusal_one_may_ask_again(desks: Desks) -> None:
    first = _bind(desks)
    _decide(desks, first.id, approve=False)
    assert "材料不全" in ledger(desks.database)[f"institution:{first.id}:refused"].reply.text
    assert _bind(desks).id != first.id


def test_a_programme_has_a_name_and_ends_after_it_begins(desks: Desks) -> None:
    today = NOON.date()
    for name, days in (("", 5), ("x", -1)):
        with pytest.raises(ProgrammeDates), desks.database.write() as uow:
            open_programme(uow, name=name, opens_on=today, closes_on=today + timedelta(days=days), by=BEN, at=NOON)


def test_the_desk_answers_for_ones_own_and_nobody_elses(database: Database) -> None:
    desks = Desks(database)
    _bind(desks, holder_type="university")
    desks.submit()
    desks.programme()
    draft = Draft(flow="declare", subject=ONE, answers={"number": ONE})
    with database.write() as uow:
        carry_out(uow, "ming", SaveDraft(draft), at=NOON)
        uow.registry.put([make_record(1)], loaded_at=NOON)
    nothing: Any = None  # these questions ask neither the index nor the policy answers
    desk = Desk(database, nothing, nothing, desks.clock, demonstration=False)
    assert desk.answer(LookUpNumber(ONE), "hua") == make_record(1)
    assert desk.answer(LookUpNumber(make_number(2)), "hua") is None
    assert [held.subject for held in desk.answer(MyDrafts(), "ming")] == [ONE]
    view = desk.answer(MyDeclarations(), "ming")[0]
    assert (view.number, view.state, view.title, view.on_show) == (ONE, State.SUBMITTED, "测试用散热装置1", False)
    profile = desk.answer(MyProfile(), "ming")
    assert (profile.institution, profile.approved, profile.holder_type, profile.pilots) == (
        "江城测试大学", False, "university", ("湖北试点",),
    )  # fmt: skip
    assert profile.consents == (Consent("declaration", "1"),)
    for other in ("hua", ""):
        assert desk.answer(MyDrafts(), other) == ()
        assert desk.answer(MyDeclarations(), other) == ()
        assert not desk.answer(MyProfile(), other).bound
    desk.registry = desks.register
    desks.register.down = True
    assert desk.answer(LookUpNumber(ONE), "ming") is None


def test_drafts_are_kept_replaced_dropped_and_go_with_the_submission(database: Database) -> None:
    desks = Desks(database)

    def do(deed: SaveDraft | DropDraft | Submit) -> list[str]:
        with database.write() as uow:
            carry_out(uow, "ming", deed, at=desks.clock.now())
            desks.tick()
            return [draft.subject for draft in uow.drafts.of("ming")]

    assert do(SaveDraft(Draft(flow="declare", answers={"number": ONE}))) == [""]
    assert do(SaveDraft(Draft(flow="declare", subject="x", answers={}))) == ["x", ""]
    assert do(SaveDraft(Draft(flow="declare", answers={"number": ONE, "title": "t"}))) == ["", "x"]
    assert do(DropDraft("declare", "x")) == [""]
    desks.register.tell(make_record(1))
    assert do(Submit("declare", "", {**answers(1)}, "tok")) == []
    with database.read() as uow:
        (held,) = uow.declarations.of("ming")
        assert uow.declarations.kept_draft(held.id) == {"number": ONE, "title": "t"}


def _import(desks: Desks, *serials: int) -> int:
    listings = [make_listing(serial) for serial in serials]
    batch = take_in(
        desks.database,
        listings,
        clock=desks.clock,
        source="t.xlsx",
        vouched_by="王老师",
        status=ListingStatus.PUBLISHED,
    )
    with desks.database.write() as uow:
        assert adopt_vouched(uow, batch_id=batch, by=OPERATOR, at=desks.clock.now()) == len(serials)
        assert adopt_vouched(uow, batch_id=batch, by=OPERATOR, at=desks.clock.now()) == 0
    return batch


def test_vouched_rows_are_shown_for_thirty_days_without_both_verifications(desks: Desks) -> None:
    desks.programme()
    for serial in (1, 2):
        desks.register.tell(make_record(serial))
    _import(desks, 1, 2)
    with desks.database.read() as uow:
        one, two = (uow.declarations.alive_for(make_number(serial))[0].id for serial in (1, 2))
    for held in (one, two):
        assert desks.first(held) is State.FIRST_VERIFIED
    desks.assign(one)
    desks.second(one)
    desks.publish(one)
    desks.clock.forward(days=30)
    assert desks.daily() == 0
    assert desks.shown(make_number(2)) is not None
    desks.clock.forward(days=1)
    assert desks.daily() == 1
    assert desks.shown(make_number(1)) is not None
    assert desks.shown(make_number(2)) is None
    assert desks.state(two) is State.FIRST_VERIFIED


def test_what_was_vouched_for_and_lapses_leaves_the_pool_the_same_day(desks: Desks) -> None:
    desks.programme()
    desks.register.tell(make_record(1))
    _import(desks, 1)
    with desks.database.read() as uow:
        held = uow.declarations.alive_for(ONE)[0].id
    desks.first(held)
    assert (desks.daily(), desks.shown(ONE) is not None) == (0, True)
    desks.register.tell(make_record(1, status=LegalStatus.LAPSED))
    assert (desks.daily(), desks.shown(ONE), desks.daily()) == (1, None, 0)


def test_an_import_over_a_declaration_does_not_outlive_it(desks: Desks) -> None:
    held = desks.ready()
    listing = make_listing(1, title="新表")
    take_in(desks.database, [listing], clock=desks.clock, source="t", vouched_by="王", status=ListingStatus.PUBLISHED)
    shown = desks.shown(ONE)
    assert shown is not None
    assert shown.title == "新表"
    desks.withdraw(held)
    assert desks.shown(ONE) is None


def _tables_with(database: Database, word: str) -> set[str]:
    with database.read() as uow:
        assert set(inspect(uow.connection).get_table_names()) >= set(Base.metadata.tables)
        return {
            table.name
            for table in Base.metadata.sorted_tables
            if any(word in repr(tuple(row)) for row in uow.connection.execute(select(table)).all())
        }


def test_who_leaves_is_forgotten_but_for_what_was_filed(desks: Desks) -> None:
    desks.programme()
    visit(desks.database, "o-canary")
    filed = desks.ready(1, openid="o-canary")
    desks.file(filed, openid="o-canary")
    waiting = desks.submit(2, openid="o-canary", title="金丝雀")
    pilot = desks.ready(3, openid="o-canary", track=Track.PILOT)
    other = desks.submit(4, openid="o-hua")
    with desks.database.write() as uow:
        uow.drafts.save("o-canary", Draft(flow="declare", answers={"title": "金丝雀"}), at=NOON)
        uow.institutions.agree("o-canary", Consent("declaration", "1"), at=NOON)
    desks.first(waiting)
    leave(desks.database, "o-canary")
    assert erase_due(desks.database, SetClock(NOON + ERASE_AFTER), secret="s") == 1
    assert _tables_with(desks.database, "o-canary") == set()
    assert _tables_with(desks.database, "金丝雀") == set()
    assert _tables_with(desks.database, keyed("o-canary", "s")) == {"declaration"}
    assert keyed("o-canary", "s") != keyed("o-canary", "t")
    assert [desks.state(held) for held in (filed, pilot, other)] == [State.FILED, State.LISTED, State.SUBMITTED]
    assert desks.shown(make_number(3)) is not None
    desks.announce(filed)  # the office's work goes on, and there is nobody to tell
    assert not [notice for notice in ledger(desks.database).values() if notice.openid != "o-hua"]


def test_an_officer_who_leaves_takes_nothing_of_the_institutions(desks: Desks) -> None:
    visit(desks.database, "o-canary")
    institution = _bind(desks, "o-canary")
    held = desks.submit(openid="o-canary")
    leave(desks.database, "o-canary")
    assert erase_due(desks.database, SetClock(NOON + ERASE_AFTER), secret="s") == 1
    assert desks.get(held).institution_id == institution.id
    with desks.database.read() as uow:
        assert uow.institutions.get(institution.id).contact_name == ""
    assert _tables_with(desks.database, "o-canary") == set()
    _bind(desks, "o-hua")
    with desks.database.read() as uow:
        assert [own.id for own in uow.declarations.of("o-hua")] == [held]


def test_an_institution_declares_a_table_at_once_and_twice_is_once(desks: Desks) -> None:
    _bind(desks)
    listings = [make_listing(serial, track=Track.STATUTORY, granted_on=date(2023, 6, 2)) for serial in range(1, 61)]
    for listing in listings:
        desks.register.tell(replace(make_record(1), number=listing.number, title=listing.title))
    desks.submit(7)
    rows = [answers_of(listing) for listing in listings]
    for _ in range(2):
        assert submit_table(desks.database, openid="ming", answers=rows, table_id=1, clock=desks.clock) == 59
    assert verify_waiting(desks.office) == 60
    with desks.database.read() as uow:
        assert {held.state for held in uow.declarations.of("ming")} == {State.FIRST_VERIFIED}
        assert uow.audit.verify() is None
