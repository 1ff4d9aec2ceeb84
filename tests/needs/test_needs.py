"""What fits a need, now and later; who hears of it; when whom to call passes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.fees import Fee, PaymentMethod
from backend.domain.needs import MOST_OPEN, NeedEnd, TooManyNeeds, masked_name, masked_phone, months_later
from backend.services.alerts.subscribing import leave
from backend.services.needs.posting import change_need, close_need
from tests.support.builders import make_number
from tests.support.needful import PROBLEM, Needful


def test_what_is_in_the_pool_is_told_at_once(needful: Needful) -> None:
    needful.publish()
    needful.post()
    needful.round.run()
    (told,) = needful.told("firm")
    assert "薄板激光焊接变形的夹持装置" in told
    assert "水泵" not in told
    assert "同意联系" in told
    needful.round.run()
    assert len(needful.told("firm")) == 1


def test_everyday_words_are_met_by_the_words_of_patents(needful: Needful) -> None:
    needful.publish(title="退役动力电池的拆解夹具", abstract="固定动力电池的外壳，便于拆解。")
    needful.post(problem="电动车电池拆的时候容易滑，想找拆解用的夹具")
    needful.round.run()
    assert "退役动力电池的拆解夹具" in needful.told("firm")[0]


def test_nothing_that_fits_is_said_too(needful: Needful) -> None:
    needful.post(problem="想给无人机做一套静音螺旋桨，现有的噪声太大")
    needful.round.run()
    (told,) = needful.told("firm")
    assert "暂时没有对得上的" in told


def test_a_later_patent_is_told_with_the_digest(needful: Needful) -> None:
    needful.publish(3)
    needful.post()
    needful.round.run()
    needful.publish(4, title="不锈钢薄板激光焊接变形校平辊")
    assert len(needful.told("firm")) == 1
    clock = needful.alerted.shelf.clock
    clock.at = clock.at.replace(hour=9) + timedelta(days=1)
    needful.alerted.digests.run()
    needful.alerted.digests.run()
    first, digest = needful.told("firm")
    assert "校平辊" not in first
    assert "合您登记的需求" in digest
    assert "校平辊" in digest
    assert "夹持装置" not in digest


def test_what_costs_more_than_the_budget_does_not_fit(needful: Needful) -> None:
    dear = Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(90_000))
    needful.publish(fee=dear)
    need = needful.post(budget_yuan="50000")
    needful.round.run()
    assert "暂时没有对得上的" in needful.told("firm")[0]
    needful.alerted.shelf.clock.forward(minutes=1)
    with needful.alerted.shelf.database.write() as uow:
        assert change_need(uow, openid="firm", need_id=need, changes={"budget_yuan": Decimal(100_000)})
        assert not change_need(uow, openid="hua", need_id=need, changes={"problem": "别人的"})
    needful.round.run()
    assert "夹持装置" in needful.told("firm")[1]


def test_a_holder_who_asked_for_it_sees_the_need_without_whom_to_call(needful: Needful) -> None:
    needful.post()
    needful.declare(2)
    needful.declare(3, openid="silent", reads=False)
    told = next(text for text in needful.told("holder") if "有企业在找" in text)
    assert PROBLEM in told
    assert "张**" in told
    assert "13812345678" not in told
    assert "138******78" in told
    assert not [text for text in needful.told("silent") if "有企业在找" in text]


@pytest.mark.parametrize("first", ["firm", "holder"])
def test_contacts_pass_when_both_agree_and_not_before(needful: Needful, first: str) -> None:
    needful.declare(2)
    needful.post()
    needful.round.run()
    second = "holder" if first == "firm" else "firm"
    assert needful.agree(first)
    assert not [text for text in [*needful.told("firm"), *needful.told("holder")] if "13812345678" in text]
    asked = needful.told(second)[-1]
    assert "您也同意的话" in asked
    assert needful.agree(second)
    assert "13812345678" in needful.told("holder")[-1]
    assert "027-00000000" in needful.told("firm")[-1]
    before = len(needful.told("firm")), len(needful.told("holder"))
    needful.agree(first)
    needful.agree(second)
    assert (len(needful.told("firm")), len(needful.told("holder"))) == before


def test_nobody_agrees_for_somebody_else(needful: Needful) -> None:
    needful.declare(2)
    needful.post()
    needful.round.run()
    assert not needful.agree("stranger")
    assert not needful.agree("firm", 99)


def test_a_need_ends_with_its_last_day_and_with_a_word(needful: Needful) -> None:
    need = needful.post(ends_on=(needful.today + timedelta(days=2)).isoformat())
    needful.round.run()
    clock = needful.alerted.shelf.clock
    clock.forward(days=2)
    needful.round.run()
    assert len(needful.needs()) == 1  # its last day
    clock.forward(days=1)
    needful.round.run()
    assert needful.needs() == []
    assert "已经关闭" in needful.told("firm")[-1]
    with needful.alerted.shelf.database.read() as uow:
        closed = uow.needs.get(need)
    assert (closed.end, closed.contact_name, closed.contact_phone) == (NeedEnd.DEADLINE, "", "")


def test_only_its_owner_closes_a_need(needful: Needful) -> None:
    need = needful.post()
    with needful.alerted.shelf.database.write() as uow:
        assert not close_need(uow, openid="hua", need_id=need, end=NeedEnd.MET, at=needful.alerted.shelf.clock.now())
        assert close_need(uow, openid="firm", need_id=need, end=NeedEnd.MET, at=needful.alerted.shelf.clock.now())
    needful.publish()
    needful.round.run()
    assert needful.told("firm") == []


def test_there_is_a_limit(needful: Needful) -> None:
    for _ in range(MOST_OPEN):
        needful.post()
    with pytest.raises(TooManyNeeds):
        needful.post()


def test_who_unsubscribed_is_told_of_nothing_new(needful: Needful) -> None:
    needful.declare(2)
    needful.post()
    needful.round.run()
    with needful.alerted.shelf.database.write() as uow:
        leave(uow, "firm", at=needful.alerted.shelf.clock.now())
        leave(uow, "holder", at=needful.alerted.shelf.clock.now())
    needful.publish(4, title="不锈钢薄板激光焊接变形校平辊")
    clock = needful.alerted.shelf.clock
    clock.at = clock.at.replace(hour=9) + timedelta(days=1)
    needful.alerted.digests.run()
    assert len(needful.told("firm")) == 1
    assert len(needful.needs()) == 1
    with needful.alerted.shelf.database.read() as uow:
        assert not uow.needs.reads("holder")


def test_erasing_takes_needs_and_matches(needful: Needful) -> None:
    needful.publish()
    needful.post()
    needful.post("hua")
    needful.round.run()
    with needful.alerted.shelf.database.write() as uow:
        uow.followers.erase("firm")
    assert needful.needs() == []
    assert len(needful.needs("hua")) == 1
    with needful.alerted.shelf.database.read() as uow:
        assert uow.connection.exec_driver_sql("SELECT count(*) FROM need_match").scalar_one() == 1


def test_staff_see_what_nothing_fits(needful: Needful) -> None:
    needful.publish()
    needful.post()
    needful.post(problem="想给无人机做一套静音螺旋桨，现有的噪声太大")
    needful.round.run()
    with needful.alerted.shelf.database.read() as uow:
        unmet = uow.needs.listed(only="unmet", page=1)
        every = uow.needs.listed(only="open", page=1)
    assert [need.problem[:6] for need, _ in unmet.items] == ["想给无人机做"]
    assert sorted(count for _, count in every.items) == [0, 1]


def test_what_a_patent_lacks_says_nothing(needful: Needful) -> None:
    """Words that no patent of the pool holds are left out; one shared everyday word is no likeness."""
    needful.publish(9, title="人工湿地布水装置", abstract="减少人工。")
    needful.post()
    needful.round.run()
    assert "暂时没有对得上的" in needful.told("firm")[0]


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), count=st.integers(0, 24))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, count: int) -> None:
    later = months_later(day, count)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_months_that_are_shorter() -> None:
    assert months_later(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert months_later(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_later(date(2028, 2, 29), 12) == date(2029, 2, 28)


@given(name=st.text(max_size=10), phone=st.from_regex(r"\d{3,4}-?\d{7,8}", fullmatch=True))
def test_masks_show_little(name: str, phone: str) -> None:
    assert len(masked_name(name).rstrip("*")) <= 1
    assert sum(letter.isdigit() for letter in masked_phone(phone)) <= 5


def test_the_number_of_a_match_names_it(needful: Needful) -> None:
    needful.publish()
    needful.post()
    needful.round.run()
    with needful.alerted.shelf.database.read() as uow:
        (match,) = uow.needs.matches_of(needful.needs()[0].id)
    assert (match.number, match.both_agree) == (make_number(1), False)
    assert f"[{match.id}]" in needful.told("firm")[0]
