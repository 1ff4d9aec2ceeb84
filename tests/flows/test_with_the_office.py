"""The same conversations before the real drafts, registry and declarations, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from backend.domain.clock import SetClock
from backend.domain.declarations import Move, State
from backend.domain.deeds import Deed, NoteMiss, OpenHandoff
from backend.domain.drafts import Draft
from backend.domain.listings import Track
from backend.domain.moving import moved
from backend.domain.questions import LookUpNumber, MyDeclarations, MyDrafts, MyProfile, Question
from backend.domain.roles import SYSTEM, Actor, Role
from backend.registry.sql import SqlRegistry
from backend.services.declarations.moving import carry
from backend.services.declarations.reviewing import return_with_reason
from backend.services.deeds import carry_out
from backend.services.mine import declarations_of, drafts_of, profile_of
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork
from tests.support.builders import make_number
from tests.support.declarant import NOON, Declarant, make_record

NUMBER = make_number(1)
ME = "ming"


@dataclass
class AtTheOffice(Declarant):
    """Questions and deeds go to the services; each deed in a transaction."""

    database: Database | None = None

    @property
    def store(self) -> Database:
        assert self.database is not None
        return self.database

    def _answer(self, question: Question) -> Any:
        match question:
            case MyProfile():
                return profile_of(self.store, ME, SetClock(self.at))
            case MyDrafts():
                return drafts_of(self.store, ME)
            case MyDeclarations():
                return declarations_of(self.store, ME)
            case LookUpNumber(number):
                return SqlRegistry(self.store).look_up(number)
            case _:
                return super()._answer(question)

    def _carry_out(self, deed: Deed) -> None:
        if isinstance(deed, OpenHandoff | NoteMiss):
            super()._carry_out(deed)
            return
        with self.store.write() as uow:
            carry_out(uow, ME, deed, at=self.at)

    def kept(self) -> tuple[Draft, ...]:
        return drafts_of(self.store, ME)


@pytest.fixture
def ming(database: Database) -> AtTheOffice:
    with database.write() as uow:
        uow.registry.put([make_record(1, as_of=NOON)], loaded_at=NOON)
    return AtTheOffice(database=database)


def test_a_holder_declares_asks_how_far_it_is_changes_the_price_and_takes_it_back(ming: AtTheOffice) -> None:
    ming.tell("我要声明", NUMBER)
    assert not ming.kept()
    ming.tell("同意", "高校", "对", "都没有", "一次总付5万元", "无", "默认", "不含", "张三 13800000000 公开")
    assert len(ming.kept()) == 1
    assert "已提交" in ming.say("提交")
    assert not ming.kept()
    (declared,) = declarations_of(ming.store, ME)
    assert (declared.number, declared.state, declared.track) == (NUMBER, State.SUBMITTED, Track.STATUTORY)
    assert declared.answers["license_ends_on"] == date(2041, 3, 15).isoformat()
    assert "等待核验" in ming.say("我的声明")
    ming.tell("调整价格", "1", "是", "免费", "同类价格下降", "是")
    assert "已提交" in ming.say("提交")
    newest, oldest = declarations_of(ming.store, ME)
    assert (newest.answers["method"], oldest.state) == ("free", State.WITHDRAWN)
    ming.tell("撤回声明", "1", "2", "是")
    assert "撤回申请已提交" in ming.say("提交")
    assert {view.state for view in declarations_of(ming.store, ME)} == {State.WITHDRAWN}


def test_an_institution_is_bound_its_officer_declares_with_less_to_say_and_leaves(ming: AtTheOffice) -> None:
    ming.tell("单位认证", "江城测试大学", "同意", "高校", "91350200MA2YJ1XR9G", "李老师 027-87000000", "提交")
    profile = profile_of(ming.store, ME, SetClock(ming.at))
    assert (profile.institution, profile.approved) == ("江城测试大学", False)
    before = ming.count
    ming.tell("我要声明", NUMBER, "对", "都没有", "免费", "默认", "3", "1")
    assert [draft.subject for draft in ming.kept()] == [NUMBER]
    assert "已提交" in ming.say("提交")
    assert ming.count - before <= 12
    assert declarations_of(ming.store, ME)[0].answers["contact_phone"] == "027-87000000"
    assert "已解除" in ming.tell("解除单位认证", "是", "提交")
    assert not profile_of(ming.store, ME, SetClock(ming.at)).bound


def test_consent_given_once_is_not_asked_again(ming: AtTheOffice) -> None:
    ming.tell(
        "我要声明", NUMBER, "同意", "高校", "对", "都没有", "免费", "默认", "不含", "张三 13800000000 公开", "提交"
    )
    assert "同意吗" not in ming.tell("我要声明", make_number(2))
    assert "属于哪一类" in ming.say("继续")
    assert len(ming.kept()) == 1


def test_a_returned_declaration_asks_what_is_to_mend_and_nothing_else(ming: AtTheOffice) -> None:
    ming.tell(
        "我要声明", make_number(2), "同意", "高校", "一种测试用阀", "2021-03-15，2023-05-06", "江城测试大学", "都没有"
    )
    ming.tell("一次总付5万元", "无", "默认", "不含", "张三 13800000000 公开", "提交")
    (declared,) = declarations_of(ming.store, ME)
    verifier = Actor(Role.VERIFIER, "7")
    for mend, asked, answer in (("granted_on", "授权公告日", "2023-06-09"), ("suspension", "五种情形", "都没有")):
        with ming.store.write() as uow:
            verify_first(uow, declared.id)
            return_with_reason(
                uow, declaration_id=declared.id, reason="请改", mend=[mend], by=verifier, at=ming.at, wording=None
            )
        assert asked in ming.say("继续")
        assert "请核对您的声明" in ming.say(answer)
        assert "已提交" in ming.say("提交")
    (declared,) = declarations_of(ming.store, ME)
    assert (declared.state, declared.answers["granted_on"]) == (State.SUBMITTED, "2023-06-09")
    assert not ming.kept()


def verify_first(uow: UnitOfWork, declaration_id: int) -> None:
    """As the worker moves it where nothing stands against it."""
    held = uow.declarations.get(declaration_id)
    carry(uow, held, moved(held, Move.PASS_FIRST, SYSTEM, at=NOON), Move.PASS_FIRST, SYSTEM, wording=None)
