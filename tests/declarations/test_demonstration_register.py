"""The demonstration's register: invented, marked, good for a first try, and never there with a real account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.demonstration.load import demonstration_listings
from backend.demonstration.register import load_register
from backend.domain.clock import SystemClock, day_of
from backend.domain.declarations import State
from backend.domain.first_verification import REGISTRY_GOOD_FOR
from backend.domain.patent_number import parse_patent_number
from backend.domain.registry import DEMONSTRATION, LegalStatus
from backend.registry.sql import SqlRegistry
from backend.services.declarations.verifying import Office, run_first_verification
from backend.services.mine import declarations_of
from backend.store.database import Database
from bot.settings import ROOT
from tests.support.declared import WORDING
from tests.support.visitors import Chatter, PageOffice, open_pages

FREE = ("202019990001.8", "202119990002.7", "202219990003.6")
READY = ("我要声明", "同意", "高校", "对", "都没有", "免费", "默认", "3", "张三 13800000000 公开", "提交")


@pytest.fixture
def pages(shelf: Database, tmp_path: object) -> PageOffice:
    held = open_pages(shelf, tmp_path)  # type: ignore[arg-type] # pytest's own folder
    load_register(shelf, held.clock)
    return held


def declare(pages: PageOffice, number: str) -> tuple[Chatter, str]:
    chat = pages.chat()
    begin, *rest = READY
    return chat, chat.tell(begin, number, *rest)


@pytest.mark.parametrize("number", FREE)
def test_a_newcomer_walks_to_submitted_in_twelve_messages(pages: PageOffice, number: str) -> None:
    chat, last = declare(pages, number)
    assert "已提交" in last
    assert chat.count <= 12
    (view,) = declarations_of(pages.database, "ming")
    assert "（演示）" in view.answers["holders"][0]
    office = Office(pages.database, SqlRegistry(pages.database, demonstration=True), WORDING, pages.clock)
    assert run_first_verification(office, view.id) is State.FIRST_VERIFIED


def test_the_readme_names_them() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for number in FREE:
        assert parse_patent_number(number).official in readme


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("201919990007.2", LegalStatus.LATE_PERIOD),
        ("201719990008.8", LegalStatus.LAPSED),
        ("202519990009.7", LegalStatus.PENDING),
        ("202019990010.7", LegalStatus.SUSPENDED),
    ],
)
def test_bad_cases_are_told_why(pages: PageOffice, number: str, status: LegalStatus) -> None:
    record = SqlRegistry(pages.database, demonstration=True).look_up(number)
    assert record is not None
    assert (record.status, record.source) == (status, DEMONSTRATION)
    told = pages.chat().tell("我要声明", number)
    assert "不能" in told or "不得" in told or "不予" in told or "年费" in told, told


def test_nothing_invented_answers_with_a_real_account(pages: PageOffice) -> None:
    for number in FREE:
        assert SqlRegistry(pages.database).look_up(number) is None


def test_it_holds_true_again_at_each_start(pages: PageOffice) -> None:
    pages.clock.forward(days=(REGISTRY_GOOD_FOR + timedelta(days=400)).days)
    load_register(pages.database, pages.clock)
    record = SqlRegistry(pages.database, demonstration=True).look_up(FREE[0])
    assert record is not None
    assert record.as_of == pages.clock.now()
    assert record.annuity_paid_until is not None
    assert record.annuity_paid_until >= day_of(pages.clock.now())


def test_no_number_is_in_the_pool() -> None:
    shown = {listing.number for listing in demonstration_listings(day_of(SystemClock().now()))}
    rows = (ROOT / "backend" / "demonstration" / "register.tsv").read_text("utf-8").splitlines()[1:]
    numbers = {row.split("\t")[0] for row in rows}
    assert len(numbers) == len(rows)
    assert not numbers & shown
    assert all(parse_patent_number(number) for number in numbers)
