"""What the office runs on both databases: matching as the pool changes, grades and their history, prices worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.domain.classes import Override
from backend.domain.companies import Company
from backend.domain.declarations import Move, State
from backend.domain.deliveries import Channel
from backend.domain.fees import Fee, PaymentMethod
from backend.domain.listings import Listing, ListingStatus
from backend.domain.matching import MatchList, Verdict
from backend.domain.pricing import Alike, IndustryRate, Inputs, PriceDoubt, PriceKind
from backend.domain.questions import MatchPatents, MyCompany
from backend.domain.roles import Actor, Role
from backend.services.matching.batch import match_everybody
from backend.services.matching.grading import grade_pool
from backend.services.matching.matcher import Matcher
from backend.services.matching.price_watch import Doubtful, doubtful_prices, notice, nudge_holders, review_price
from backend.services.pool.importing import take_in
from backend.store.database import Database
from backend.store.price_reviews import PriceOutcome
from bot.texts import Texts
from bot.texts.notices import Notices
from tests.support.arrivals import arrive, noon
from tests.support.builders import make_listing
from tests.support.busy_office import declare
from tests.support.desk_of_staff import StaffDesk, open_desk
from tests.support.shelf import Shelf, open_shelf, tokenizer

WORDS = Notices(Texts())
STAFF = Actor(Role.APPROVER, "3")


def priced(serial: int, yuan: int, **changes: object) -> Listing:
    fee = Fee(method=PaymentMethod.LUMP_SUM, lump_sum_yuan=Decimal(yuan))
    return make_listing(serial, fee=fee, ipc_main="H01M10/54", **changes)


@pytest.fixture
def shelved(database: Database, tmp_path: Path) -> Iterator[Shelf]:
    with open_shelf(database, tmp_path / "index") as held:
        yield held


def matcher_of(shelf: Shelf) -> Matcher:
    return Matcher(shelf.database, tokenizer().words, shelf.clock, demonstration=False)


def test_matching_follows_the_pool_the_labels_and_the_classes(shelved: Shelf) -> None:
    matcher = matcher_of(shelved)

    def numbers(**described: Any) -> list[str]:
        found = matcher.answer(MatchPatents(Company(**described)), "ming")
        assert isinstance(found, MatchList)
        return [match.listing.number for match in found.items]

    assert numbers(products="机房散热") == []
    shelved.publish(make_listing(1), make_listing(2, title="茶叶杀青", abstract="茶叶"))
    shelved.publish(make_listing(3), demonstration=True)
    assert numbers(products="机房散热") == [make_listing(1).number]
    with shelved.database.write() as uow:
        uow.class_overrides.put(Override(make_listing(2).number, cluster="05", reason="茶"), at=shelved.clock.now())
    assert numbers(products="热干面", clusters=("05",)) == [make_listing(2).number]
    shelved.withdraw(make_listing(1))
    assert numbers(products="机房散热") == []
    shelved.clock.forward(days=365 * 6)
    assert len(matcher.pool()) == 0
    assert matcher.answer(MyCompany(), "ming") is None
    assert matcher.answer(MatchPatents(), "ming") is None


def test_a_patent_that_stands_in_many_lists_gives_way(shelved: Shelf) -> None:
    cooling = [make_listing(n, cluster="新一代信息技术") for n in range(1, 8)]
    shelved.publish(*cooling, *(make_listing(n, title="茶叶杀青机", abstract="茶叶") for n in range(8, 40)))
    matcher = matcher_of(shelved)
    company = Company(products="供电、消防、散热", clusters=("01",))
    first = matcher.patents_for("ming", company, 0)
    assert first is not None
    weak = [match for match in first.items if match.score < 0.6]
    with shelved.database.write() as uow:
        for other in range(40):
            uow.verdicts.show(f"o{other}", [weak[0].listing.number], at=shelved.clock.now())
    after = matcher.patents_for("ming", company, 0)
    assert after is not None
    assert weak[0].listing.number not in {match.listing.number for match in after.items}


def test_everybody_is_matched_at_once_and_verdicts_count(shelved: Shelf) -> None:
    shelved.publish(make_listing(1), make_listing(2, title="茶叶杀青机", abstract="茶叶杀青"))
    with shelved.database.write() as uow:
        uow.companies.import_one(Company(name="甲", products="机房散热"), at=shelved.clock.now())
        uow.companies.keep(Company(openid="ming", products="茶叶、散热"), at=shelved.clock.now())
        uow.verdicts.judge("ming", make_listing(2).number, Verdict.NOT_RELEVANT, at=shelved.clock.now())
    found = [(match.company.products, match.listing.number) for match in match_everybody(matcher_of(shelved))]
    assert found == [("机房散热", make_listing(1).number), ("茶叶、散热", make_listing(1).number)]


def test_grades_are_written_when_they_change_and_never_otherwise(shelved: Shelf) -> None:
    shelved.publish(make_listing(1, maturity=5), make_listing(2))
    matcher = matcher_of(shelved)
    assert grade_pool(matcher) == (2, 2)
    assert grade_pool(matcher) == (2, 0)
    with shelved.database.write() as uow:
        uow.verdicts.judge("ming", make_listing(1).number, Verdict.INTERESTED, at=shelved.clock.now())
    assert grade_pool(matcher) == (2, 1)
    with shelved.database.read() as uow:
        newer, older = uow.grades.history(make_listing(1).number)
        assert uow.grades.newest([make_listing(1).number]) == {make_listing(1).number: newer}
    assert newer.grade.known == older.grade.known + 8
    assert newer.grade.points == older.grade.points + 8


def test_price_advice_gives_figures_with_source_or_says_that_there_are_none(shelved: Shelf) -> None:
    shelved.publish(*(priced(n, n * 10_000) for n in range(1, 7)))
    matcher = matcher_of(shelved)
    advice = matcher.price(make_listing(1).number, "", Inputs())
    assert advice.comparables is not None
    spread = advice.comparables.spread(PriceKind.LUMP_SUM)
    assert (advice.comparables.alike, advice.comparables.code, spread.count) == (Alike.SUBCLASS, "H01M", 5)
    assert (spread.low, spread.median, spread.high) == (Decimal(30_000), Decimal(40_000), Decimal(50_000))
    assert advice.references == ()
    shelved.withdraw(priced(6, 60_000))
    fewer = matcher.price(make_listing(1).number, "", Inputs()).comparables
    assert fewer is not None
    assert fewer.spread(PriceKind.LUMP_SUM).median is None
    with shelved.database.write() as uow:
        rate = IndustryRate(industry="C38", year="2022", contracts=80, mean_yuan=Decimal(420_000), source="统计")
        uow.industry_rates.put(rate, by="1", at=shelved.clock.now())
    assert [held.industry for held in matcher.price(make_listing(1).number, "", Inputs()).references] == ["C38"]
    assert matcher.price("none", "火星采矿", Inputs()).comparables is None


def test_a_year_at_the_same_price_or_far_from_what_compares_is_listed_until_a_colleague_looked(shelved: Shelf) -> None:
    shelved.publish(*(priced(n, 10_000) for n in range(1, 7)), priced(7, 200_000))
    matcher = matcher_of(shelved)
    (far,) = doubtful_prices(matcher)
    assert (far.listing.number, far.doubt, far.kind) == (make_listing(7).number, PriceDoubt.HIGH, PriceKind.LUMP_SUM)
    shelved.clock.forward(days=300)
    shelved.publish(replace(priced(1, 10_000), abstract="改了摘要"))
    shelved.publish(priced(2, 11_000))
    shelved.clock.forward(days=80)
    found = {one.listing.number: one.doubt for one in doubtful_prices(matcher)}
    assert found[make_listing(1).number] is PriceDoubt.A_YEAR  # other words, the same price
    assert make_listing(2).number not in found
    with shelved.database.write() as uow:
        until = review_price(
            uow, number=make_listing(7).number, outcome=PriceOutcome.FITTING, by=STAFF, at=shelved.clock.now()
        )
    assert until - shelved.clock.now().date() == timedelta(days=365)
    assert make_listing(7).number not in {one.listing.number for one in doubtful_prices(matcher)}
    shelved.clock.forward(days=370)
    assert make_listing(7).number in {one.listing.number for one in doubtful_prices(matcher)}


def test_a_holder_hears_once_a_year_at_the_next_visit_how_the_price_compares(database: Database) -> None:
    with open_desk(database) as desk:
        held = dear_declaration(desk)
        matcher = desk_matcher(desk)
        assert nudge_holders(matcher, WORDS) == 1
        assert nudge_holders(matcher, WORDS) == 0
        with database.read() as uow:
            (kept,) = uow.deliveries.kept_for("patentee")
            assert uow.inbox.follower("patentee").kept == 1
        assert kept.channel is Channel.NEXT_VISIT
        for words in ("20万元", "高于同类", "来源：本平台专利池", "调整价格", "非官方评估"):
            assert words in kept.reply.text
        desk.clock.forward(days=400)
        assert nudge_holders(matcher, WORDS) == 1
        assert held


def desk_matcher(desk: StaffDesk) -> Matcher:
    return Matcher(desk.database, tokenizer().words, desk.clock, demonstration=False)


def dear_declaration(desk: StaffDesk) -> int:
    """A follower's declaration on show at twenty times the price of six like it."""
    listings = [*(priced(n, 10_000) for n in range(1, 7)), priced(7, 200_000)]
    take_in(desk.database, listings, clock=desk.clock, source="t", vouched_by="王", status=ListingStatus.PUBLISHED)
    declaration = declare(desk, 7, ipc_main="H01M10/54", fee=listings[-1].fee)
    with desk.database.write() as uow:
        arrive(uow, "m:1", "patentee", at=desk.clock.now())
        held = uow.declarations.get(declaration)
        uow.declarations.move(held, replace(held, state=State.LISTED), Move.PUBLISH, STAFF)
    return declaration


def test_the_notice_of_a_year_names_its_day() -> None:
    said = notice(Doubtful(priced(1, 10_000), PriceDoubt.A_YEAR, noon().now()), WORDS, noon().now())
    assert "2026-03-02" in said
    assert "已满一年" in said
