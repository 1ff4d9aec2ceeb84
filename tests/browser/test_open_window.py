"""The open window in a real browser without scripts, on the smallest phone and with large type."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.office import Office, open_office

SMALLEST: ViewportSize = {"width": 320, "height": 640}
NO_MODEL = "http://127.0.0.1:9"  # the window does not need one


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("window"), nlu_url=NO_MODEL) as held:
        yield held


@pytest.fixture
def page(browser: Browser, demonstration: Office) -> Iterator[Page]:
    context = browser.new_context(
        viewport=SMALLEST, locale="zh-CN", java_script_enabled=False, base_url=demonstration.address
    )
    held = context.new_page()
    problems: list[str] = []
    held.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    held.on(
        "request",
        lambda request: None if request.url.startswith(demonstration.address) else problems.append(request.url),
    )
    yield held
    context.close()
    assert not problems, problems


def fits(page: Page) -> bool:
    """Nothing has to be scrolled sideways, at the usual size of type and at twice that."""
    width = "document.documentElement.scrollWidth"
    usual = page.evaluate(width)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    large = page.evaluate(width)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return bool(max(usual, large) <= SMALLEST["width"])


def test_a_passer_by_narrows_the_list_leafs_on_and_opens_a_patent(page: Page) -> None:
    page.goto("/pool")
    assert fits(page)
    expect(page.get_by_label("只看免费许可")).to_be_hidden()
    page.get_by_text("更多条件和排序").click()
    page.get_by_label("只看免费许可").check()
    page.get_by_label("专利类型").select_option("invention")
    page.get_by_role("button", name="按条件查询").click()
    expect(page.get_by_role("heading", name="符合条件")).to_be_visible()
    expect(page.get_by_label("只看免费许可")).to_be_checked()
    assert fits(page)
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_text("第 2 /").first).to_be_visible()
    assert {cell.strip() for cell in page.locator(".list .price").all_inner_texts()} == {"免费"}
    title = page.locator(".list h3 a").first.inner_text()
    page.locator(".list h3 a").first.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("演示数据，非真实要约。")).to_be_visible()
    assert fits(page)


def test_words_find_and_a_page_that_is_not_there_leads_back(page: Page) -> None:
    page.goto("/pool")
    page.get_by_label("关键词或专利号").fill("电池")
    page.get_by_label("关键词或专利号").press("Enter")
    expect(page.get_by_role("heading", name="符合条件")).to_be_visible()
    assert page.locator(".list li").count() > 0
    page.get_by_role("link", name="清除全部条件").click()
    expect(page.get_by_role("heading", name="全部")).to_be_visible()


def test_on_paper_there_is_the_patent_and_no_furniture(page: Page) -> None:
    page.goto("/pool")
    page.locator(".list h3 a").first.click()
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.get_by_text("许可期限届满日")).to_be_visible()
    expect(page.locator(".address")).to_contain_text("/pool/")
