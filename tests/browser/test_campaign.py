"""A campaign from its audience to its result and to leaving, and a digest of a saved query: the console beside the phone page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.domain.clock import CHINA, SystemClock
from backend.domain.listings import ListingStatus
from backend.services.pool.importing import take_in
from backend.services.staff import open_demonstration
from bot.worker import Worker
from tests.support.builders import make_listing
from tests.support.gateway import nobody
from tests.support.office import Office, open_office
from tests.support.walking import PATIENCE_MS, enter, lines, say, tab, working

NOON = 12
NAME = "十一月政策资讯"
BODY = "开放许可实施期间，专利年费减缴百分之十五。"


class Ahead:
    """How far the clock of the whole process is ahead of the machine's."""

    by = timedelta()

    def days(self, days: int) -> None:
        self.by += timedelta(days=days)


@pytest.fixture(scope="module")
def ahead() -> Iterator[Ahead]:
    """What goes out by day only goes out at any hour of the machine."""
    held, now = Ahead(), SystemClock.now
    hour = now(SystemClock()).astimezone(CHINA).hour
    held.by = timedelta(hours=NOON - hour)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SystemClock, "now", lambda clock: now(clock) + held.by)
        yield held


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, redis_url: str, ahead: Ahead) -> Iterator[Office]:
    """No understanding process: whole words and keywords do."""
    assert ahead
    with open_office(
        tmp_path_factory.mktemp("campaign"), nlu_url=nobody(), redis_url=redis_url, demonstration=False
    ) as held:
        yield held


def _rounds(worker: Worker) -> None:
    worker.carry_campaigns()
    worker.follow_campaigns()
    worker.index()
    worker.alerts()
    worker.sweep()


def _phone(browser: Browser, office: Office) -> tuple[Page, str]:
    """The phone page of somebody new, and what they are called there."""
    phone = office.phone()
    name = str(office.simulator.world.personas[phone.id].name)
    return tab(browser, f"{office.address}/simulator#{phone.id}")[0], name


def _agree(page: Page, name: str) -> None:
    """On the page of the settings, opened from the phone; the platform's stand-in asks who they are."""
    say(page, "消息设置", "您的消息设置")
    with page.context.expect_page() as opened:
        page.locator("#log a").last.click()
    settings = opened.value
    settings.get_by_text(name).click()
    settings.get_by_label("同意给我发合适的专利信息").check()
    settings.get_by_role("button", name="保存").click()
    expect(settings.locator(".saved")).to_have_text("已保存，马上生效。")
    settings.close()


def _write(staff: Page, office: Office) -> None:
    staff.goto(f"{office.address}/console/campaigns")
    staff.get_by_label("类别").select_option(label="政策资讯")
    staff.get_by_label("名称（只有同事看到）").fill(NAME)
    staff.get_by_role("button", name="开始写").click()
    for field, words in (("title", "年费减缴"), ("body", BODY), ("source", "国家知识产权局公告第六一九号")):
        staff.locator(f"#brief [name={field}]").fill(words)
    staff.locator("#brief [name=source]").press("Tab")
    expect(staff.locator("#audience")).to_contain_text(BODY, timeout=PATIENCE_MS)  # the bubble follows what is typed
    staff.get_by_role("button", name="保存，重新计数").first.click()
    expect(staff.locator(".headcount")).to_contain_text("1 人会收到")
    expect(staff.locator("#audience")).to_contain_text("没有同意接收")


def test_a_campaign_from_its_audience_to_its_result_and_leaving(browser: Browser, office: Office) -> None:
    password = open_demonstration(office.parts.database, at=office.parts.clock.now())
    staff, problems = tab(browser, f"{office.address}/console/")
    enter(staff, password)
    (willing, name), (unasked, _) = _phone(browser, office), _phone(browser, office)
    _agree(willing, name)
    say(unasked, "消息设置", "您的消息设置")
    _write(staff, office)
    staff.get_by_role("button", name="提交", exact=True).click()
    expect(staff.get_by_role("status")).to_contain_text("已提交")
    with working(office, _rounds):
        expect(lines(willing, BODY)).to_have_count(1, timeout=PATIENCE_MS)
        say(willing, "退订", "已退订，马上生效")
    staff.reload()
    expect(staff.locator("#progress")).to_contain_text("已送达平台1")
    staff.get_by_role("link", name="逐人查看").click()
    expect(staff.locator("tbody tr")).to_have_count(1)
    assert lines(unasked, BODY).count() == 0
    _write_again(staff, office)
    assert problems == []
    for each in browser.contexts:
        each.close()


def _write_again(staff: Page, office: Office) -> None:
    """Who has left is in no audience any more, and the page says why."""
    staff.goto(f"{office.address}/console/campaigns")
    staff.get_by_label("名称（只有同事看到）").fill("又一批")
    staff.get_by_label("类别").select_option(label="通知")
    staff.get_by_role("button", name="开始写").click()
    expect(staff.locator(".headcount")).to_contain_text("0 人会收到")


def test_a_digest_of_what_was_asked_for_once(browser: Browser, office: Office, ahead: Ahead) -> None:
    page, _ = _phone(browser, office)
    say(page, "有新的激光切割专利就告诉我，每天一次", "同意就回复“同意”")
    say(page, "同意", "记下了：“激光切割”，每天汇总一次")
    with working(office, _rounds):
        take_in(
            office.parts.database,
            [make_listing(1, title="激光切割机床的除尘装置")],
            clock=office.parts.clock,
            source="x",
            vouched_by="王",
            status=ListingStatus.PUBLISHED,
        )
        page.wait_for_timeout(3000)
        assert lines(page, "除尘装置").count() == 0  # a digest has its hour
        ahead.days(1)
        page.wait_for_timeout(3000)
        say(page, "你好", "除尘装置")
