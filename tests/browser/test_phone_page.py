"""The phone page in a real browser, as a shop owner uses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.office import Office

WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, locale="zh-CN")
    held = context.new_page()
    problems: list[str] = []
    held.on("pageerror", lambda error: problems.append(str(error)))
    held.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    phone = office.phone()
    held.goto(f"{office.address}/simulator#{phone.id}")
    yield held
    context.close()
    assert not problems, problems


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox").first
    if not box.is_visible():
        page.get_by_role("button", name="键盘").first.click()
    box.fill(text)
    box.press("Enter")


def test_a_question_is_typed_and_answered_with_its_source(page: Page) -> None:
    say(page, "年费减多少")
    answer = page.get_by_text("依据：").first
    expect(answer).to_be_visible(timeout=15_000)
    expect(page.get_by_text("年费减多少", exact=True).first).to_be_visible()


def test_a_search_then_a_number_opens_a_patent(page: Page) -> None:
    say(page, "有没有免费的锂电池专利")
    expect(page.get_by_text("回复序号看详情").first).to_be_visible(timeout=15_000)
    say(page, "1")
    expect(page.get_by_text("专利号：ZL").first).to_be_visible(timeout=15_000)


def test_the_page_fits_a_small_phone(browser: Browser, office: Office) -> None:
    context = browser.new_context(viewport=NARROW)
    held = context.new_page()
    held.goto(f"{office.address}/simulator#{office.phone().id}")
    held.wait_for_load_state("domcontentloaded")
    assert held.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    context.close()
