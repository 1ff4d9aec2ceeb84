"""A browser on the phone page and in the console, and a worker at work meanwhile, as the long walks need them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from backend.domain.roles import Role
from backend.services.staff import DEMONSTRATION
from bot.worker import Worker
from tests.support.office import Office

WIDE: ViewportSize = {"width": 1100, "height": 900}
PATIENCE_MS = 20_000
ROUND_S = 0.1


@contextlib.contextmanager
def working(office: Office, rounds: Callable[[Worker], None]) -> Iterator[None]:
    """A worker's rounds, one after another; a failure ends the test."""
    worker, over, failed = Worker(office.parts.settings), threading.Event(), []

    def go_round() -> None:
        while not over.wait(ROUND_S):
            try:
                rounds(worker)
            except Exception as error:  # noqa: BLE001 told below, where the test can see it
                failed.append(error)
                return

    thread = threading.Thread(target=go_round)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=30)
        worker.reader.close()
        if worker.indexer:
            worker.indexer.close()
        worker.parts.sender.close()
        worker.parts.database.close()
    assert failed == []


def tab(browser: Browser, address: str, size: ViewportSize = WIDE) -> tuple[Page, list[str]]:
    """A page in a context of its own, and what goes wrong in it from now on."""
    page = browser.new_context(viewport=size, locale="zh-CN").new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    return page, problems


def lines(page: Page, words: str) -> Locator:
    """The bubbles of the phone page that hold the words."""
    return page.locator("#log > li").filter(has_text=words)


def say(page: Page, text: str, answer: str) -> None:
    """Type it on the phone page; an answer with these words comes."""
    before = lines(page, answer).count()
    box = page.get_by_role("textbox").first
    expect(box).to_be_visible(timeout=PATIENCE_MS)
    box.fill(text)
    box.press("Enter")
    heard(page, answer, times=before + 1)


def heard(page: Page, words: str, times: int = 1) -> None:
    """So many bubbles hold the words, now or soon."""
    expect(lines(page, words)).to_have_count(times, timeout=PATIENCE_MS)


def enter(page: Page, password: str, role: Role = Role.ADMINISTRATOR) -> None:
    """Log in to the console with the demonstration's account of the role."""
    page.get_by_label("姓名").fill(DEMONSTRATION[role])
    page.get_by_label("口令").fill(password)
    page.get_by_label("口令").press("Enter")
    expect(page.get_by_role("heading", name="概览")).to_be_visible(timeout=PATIENCE_MS)
