"""The queue of followers who wait for a person, worked through with the keyboard alone, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, ViewportSize, expect

from backend.domain.handoffs import HandoffStatus
from backend.domain.roles import Role
from backend.store.database import Database
from tests.support.arrivals import ledger
from tests.support.busy_office import EVIL, ask_for_a_person, fill
from tests.support.desk_of_staff import PASSWORD, StaffDesk, open_desk
from tests.support.servers import free_port, serving

WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 360, "height": 740}
MOST_TABS = 40


@pytest.fixture
def desk(shelf: Database) -> Iterator[StaffDesk]:
    with open_desk(shelf) as held:
        yield held


@pytest.fixture
def address(desk: StaffDesk) -> Iterator[str]:
    """The console on a real socket, mounted as the roof mounts it."""
    app = FastAPI()

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {}

    app.mount("/console", desk.app.routes[0].app)  # type: ignore[attr-defined] # the one mount
    with serving(app, free_port()) as at:
        yield f"{at}/console"


def _page(browser: Browser, size: ViewportSize, *, scripts: bool = True) -> tuple[Page, list[str]]:
    """A tab that notes what its console complains of: a breach of the content policy is an error there."""
    page = browser.new_context(viewport=size, locale="zh-CN", java_script_enabled=scripts).new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    return page, problems


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        held = page.locator(":focus")
        words = f"{held.get_attribute('name') or ''} {held.inner_text()}" if held.count() else ""
        if name in words:
            return
    raise AssertionError(f"no way to {name} with the keyboard")


def _enter(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/")
    page.get_by_label("姓名").focus()  # the page does so itself where scripts may run
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="概览")).to_be_visible()


def test_a_request_is_answered_and_closed_without_a_mouse(browser: Browser, desk: StaffDesk, address: str) -> None:
    desk.add("李运营", Role.OPERATOR)
    request = ask_for_a_person(desk, "ming", "人工", EVIL)
    page, problems = _page(browser, WIDE)
    _enter(page, address, "李运营")
    _tab_to(page, "人工答复")
    page.keyboard.press("Enter")
    _tab_to(page, f"#{request}")
    page.keyboard.press("Enter")
    expect(page.locator(".thread")).to_contain_text("<script>alert('x')</script>")
    _tab_to(page, "text")
    page.keyboard.type("您好，共有专利要全体专利权人同意。")
    _tab_to(page, "发送")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("已答复，稍后送达。")
    _tab_to(page, "不再答复，结束")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有待答复的请求。")).to_be_visible()
    assert problems == []
    page.context.close()
    with desk.database.read() as uow:
        held = uow.handoffs.get(request)
    assert held.status is HandoffStatus.CLOSED
    assert held.lines[-1].by == "李运营"
    assert ["共有专利要全体专利权人同意" in sent.reply.text for sent in ledger(desk.database).values()] == [True]


def test_what_a_follower_adds_appears_while_one_types_and_the_words_typed_stay(
    browser: Browser, desk: StaffDesk, address: str
) -> None:
    desk.add("李运营", Role.OPERATOR)
    request = ask_for_a_person(desk, "ming", "人工")
    page, problems = _page(browser, WIDE)
    _enter(page, address, "李运营")
    page.goto(f"{address}/handoffs/{request}")
    page.get_by_label("答复").fill("写到一半")
    with desk.database.write() as uow:
        uow.handoffs.add_line(request, by="", text="我再补充一句", at=desk.clock.now())
    expect(page.locator(".thread")).to_contain_text("我再补充一句", timeout=15_000)
    expect(page.get_by_label("答复")).to_have_value("写到一半")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("已答复，稍后送达。")
    assert problems == []
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_every_page_fits_a_small_phone(browser: Browser, desk: StaffDesk, address: str, scripts: bool) -> None:
    declaration = fill(desk, "一种用于大功率数据中心机柜的低噪声散热装置及其控制方法")
    desk.add("王老师")
    page, problems = _page(browser, NARROW, scripts=scripts)
    _enter(page, address, "王老师")
    for path in ("", "declarations", f"declarations/{declaration}", "handoffs", "handoffs/1", "misses", "pool", "imports",
                 "deliveries", "institutions", "programmes", "events",
                 "events/1", "events/1/edit", "events/1/door", "audit", "staff", "password"):  # fmt: skip
        page.goto(f"{address}/{path}")
        assert page.locator("h1").count() == 1
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
            if path != "password":  # the one that is not in the menu
                expect(page.locator(".bar nav [aria-current]")).to_be_in_viewport()
    assert problems == []
    page.context.close()
