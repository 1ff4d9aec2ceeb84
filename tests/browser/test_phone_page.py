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
    expect(box).to_be_visible(timeout=15_000)
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
    opened = page.locator("#log .theirs .bubble").last
    shown, phone = opened.bounding_box(), page.locator("#scroller").bounding_box()
    assert shown is not None
    assert phone is not None
    assert shown["y"] >= phone["y"]  # a long answer is read from its first line
    assert shown["width"] >= 0.75 * phone["width"]
    expect(page.locator("#window")).to_contain_text("还能发")


def test_whoever_meets_the_account_sees_where_to_type_and_what_to_say(page: Page) -> None:
    expect(page.get_by_role("textbox").first).to_be_visible()
    page.get_by_role("button", name="开放许可年费减多少").click()
    expect(page.get_by_text("依据：").first).to_be_visible(timeout=15_000)
    expect(page.get_by_role("region", name="从哪里说起")).to_be_hidden()


def test_the_page_fits_a_small_phone(browser: Browser, office: Office) -> None:
    context = browser.new_context(viewport=NARROW)
    held = context.new_page()
    held.goto(f"{office.address}/simulator#{office.phone().id}")
    held.wait_for_load_state("domcontentloaded")
    assert held.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    context.close()
