"""An event from its notice to the door: written down in the console, signed up for and waited for on the phone page, a place
that falls free taken by “1”, checked in by code and by a colleague's tap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from backend.domain.clock import CHINA
from backend.services.staff import open_demonstration
from bot.worker import Worker
from tests.support.gateway import nobody
from tests.support.office import Office, Phone, open_office
from tests.support.walking import PATIENCE_MS, enter, lines, say, tab, working

NARROW: ViewportSize = {"width": 360, "height": 740}
TITLE = "孝感专利供需对接会"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Office]:
    """No understanding process: whole words and keywords do."""
    with open_office(
        tmp_path_factory.mktemp("event"), nlu_url=nobody(), redis_url=redis_url, demonstration=False
    ) as held:
        yield held


def _field(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%dT%H:%M}"


def _events(worker: Worker) -> None:
    worker.events()
    worker.sweep()


def _publish(page: Page, office: Office) -> int:
    """By the form, one place, beginning within the hour; its id."""
    now = office.parts.clock.now()
    page.goto(f"{office.address}/console/events")
    page.get_by_role("link", name="新建活动").click()
    for name, value in (
        ("title", TITLE),
        ("quota", "1"),
        ("begins_at", _field(now + timedelta(minutes=50))),
        ("ends_at", _field(now + timedelta(hours=3))),
        ("sign_up_from", _field(now - timedelta(hours=1))),
        ("sign_up_until", _field(now + timedelta(hours=1))),
        ("place", "孝感市演示路 3 号"),
        ("questions", "来意 | 主要想做什么？ | 找技术 / 推成果"),
    ):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status")).to_have_text("已发布，可以报名了。")
    return int(page.url.split("/")[-1].split("?")[0])


def _sign_up(page: Page, name: str, *, outcome: str) -> None:
    for text, answer in (
        ("近期活动", TITLE),
        ("1", "孝感市演示路 3 号"),
        ("报名", "您同意吗？"),
        ("同意", "姓名和手机号"),
        (f"{name} 1380000{len(name)}234", "主要想做什么"),
        ("1", "请核对报名信息"),
        ("提交", outcome),
    ):
        say(page, text, answer)


def _phone(browser: Browser, office: Office, phone: Phone) -> Page:
    return tab(browser, f"{office.address}/simulator#{phone.id}")[0]


def test_an_event_from_its_notice_to_the_door(browser: Browser, office: Office, tmp_path: Path) -> None:
    password = open_demonstration(office.parts.database, at=office.parts.clock.now())
    staff, problems = tab(browser, f"{office.address}/console/")
    enter(staff, password)
    event_id = _publish(staff, office)
    first, second = _phone(browser, office, office.phone()), _phone(browser, office, waits := office.phone())
    with working(office, _events):
        _sign_up(first, "周厂长", outcome="名额已为您留好")
        _sign_up(second, "陈老师", outcome="您在候补")
        say(first, "取消报名", "取消《")
        say(first, "是", "已取消报名")
        expect(lines(second, "空出一个名额")).to_have_count(1, timeout=PATIENCE_MS)
        say(second, "1", "名额归您了")
        waits.do("scan", scene=f"ev{event_id}")
        second.wait_for_timeout(1100)  # two scans in one second are one event of the platform
        waits.do("scan", scene=f"ev{event_id}")
        expect(lines(second, "签到成功")).to_have_count(1)
        expect(lines(second, "您已经签过到了")).to_have_count(1)
    page = staff.context.new_page()
    page.set_viewport_size(NARROW)
    page.goto(f"{office.address}/console/events/{event_id}/door")
    expect(page.get_by_role("heading", name="签到")).to_contain_text("已到 1 人")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.get_by_role("searchbox").fill("没报名")
    page.keyboard.press("Enter")
    page.get_by_label("姓名", exact=True).fill("没报名的人")
    page.get_by_role("button", name="登记入场").click()
    expect(page.get_by_role("status")).to_have_text("已登记入场。")
    page.screenshot(path=tmp_path / "door.png")
    with page.expect_download() as saved:
        page.goto(f"{office.address}/console/events/{event_id}")
        page.get_by_role("link", name="导出名单").click()
    assert "陈老师" in Path(saved.value.path()).read_text("utf-8-sig")
    assert problems == []
    for each in browser.contexts:
        each.close()
