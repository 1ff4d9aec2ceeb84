"""A declaration on the smallest phone, without scripts, with large type, by thumb and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, ViewportSize, expect

from backend.services.mine import declarations_of
from backend.store.database import Database
from tests.support.builders import make_number
from tests.support.servers import free_port, serving
from tests.support.visitors import PageOffice, open_pages

SMALLEST: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture
def pages(shelf: Database, tmp_path: Path) -> PageOffice:
    return open_pages(shelf, tmp_path)


@pytest.fixture
def address(pages: PageOffice) -> Iterator[str]:
    app = FastAPI()

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {}

    pages.forms.mount(app)
    with serving(app, free_port()) as at:
        yield at


def fits(page: Page, name: str) -> None:
    """Nothing goes over the edge, every target is large enough for a thumb, and every field has a name."""
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"], name
    for target in page.locator("main button, main textarea, #answer, main label.choice").all():
        box = target.bounding_box()
        assert box is None or box["height"] >= 44, (name, target.inner_text())
    for named in page.locator("input:not([type=hidden]), textarea").all():
        assert named.evaluate("node => node.labels.length === 1"), name


@pytest.mark.parametrize("type_size", ["16px", "26px"], ids=["usual type", "large type"])
def test_a_declaration_is_finished_at_320_pixels(  # noqa: PLR0915 one walk, page after page
    browser: Browser, pages: PageOffice, address: str, type_size: str
) -> None:
    pages.chat().tell("我要声明", make_number(1), "同意", "高校", "对")
    tab = browser.new_context(viewport=SMALLEST, locale="zh-CN", java_script_enabled=True)
    tab.add_cookies(
        [{"name": "huiqiao_page", "value": pages.forms.door.sessions.open("ming", pages.clock.now()), "url": address}]
    )
    page = tab.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)

    def large() -> None:
        page.wait_for_load_state()  # between two pages there is no document
        page.evaluate("size => { document.documentElement.style.fontSize = size }", type_size)

    page.goto(f"{address}{pages.address()}")
    large()
    fits(page, f"obstacles-{type_size}")
    page.get_by_label("专利权已质押").check()
    page.get_by_role("button", name="都没有").click()
    page.get_by_label("一次总付").check()
    large()
    fits(page, f"method-{type_size}")
    page.get_by_role("button", name="保存，下一项").click()
    page.get_by_role("textbox").fill("面议")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("不能“面议”")
    large()
    fits(page, f"error-{type_size}")
    problems.clear()  # a browser calls 422 an error
    page.get_by_role("textbox").fill("5万元")
    page.keyboard.press("Enter")
    page.get_by_role("textbox").fill("按合同约定的账户支付。" * 12)
    large()
    fits(page, f"long-{type_size}")
    page.get_by_role("button", name="保存，下一项").click()
    for words in ("2030-12-31，每份3年",):
        page.get_by_role("textbox").fill(words)
        page.keyboard.press("Enter")
    page.get_by_label("不含技术指导").check()
    page.get_by_role("button", name="保存，下一项").click()
    page.get_by_role("textbox").fill("张三 13800000000 公开")
    page.get_by_role("button", name="保存，下一项").click()
    expect(page.get_by_role("heading", name="请核对您填的内容")).to_be_visible()
    large()
    fits(page, f"review-{type_size}")
    page.get_by_role("link", name=re.compile(r"修改\s*：专利权人$")).click()
    large()
    fits(page, f"edit-{type_size}")
    page.get_by_role("link", name="返回已填内容").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交。")).to_be_visible()
    large()
    fits(page, f"mine-{type_size}")
    (held,) = declarations_of(pages.database, "ming")
    assert held.answers["license_years"] == 3
    page.get_by_role("link", name="一种测试用散热装置1").click()
    large()
    fits(page, f"declaration-{type_size}")
    page.goto(f"{address}{pages.address()}")
    large()
    fits(page, f"dead-{type_size}")
    assert [text for text in problems if "404" not in text] == []
