"""A patent from “我要声明” on the phone page to a statutory open license that a workshop owner finds: four browsers, one worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from backend.domain.clock import day_of
from backend.domain.declarations import State
from backend.domain.patent_number import PatentNumber
from backend.domain.roles import Role
from backend.services.mine import declarations_of
from backend.services.staff import open_demonstration
from bot.worker import Worker
from tests.support.builders import make_number
from tests.support.gateway import nobody
from tests.support.office import Office, Phone, open_office
from tests.support.walking import PATIENCE_MS, enter, heard, say, working

WIDE: ViewportSize = {"width": 1280, "height": 860}
NUMBER = make_number(4711)
OFFICIAL = PatentNumber(NUMBER.split(".", maxsplit=1)[0]).official
TITLE = "一种高架桥伸缩缝除雪车"
ANNOUNCEMENT = "公告2026-0417"


def _rounds(worker: Worker) -> None:
    worker.verify()
    worker.sweep()
    worker.index()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The demonstration without model and Redis: what a declaration needs works without them."""
    with open_office(tmp_path, nlu_url=nobody()) as held, working(held, _rounds):
        yield held
        for persona in [each for each in held.simulator.world.personas.values() if each.items]:
            Phone(f"{held.address}/simulator", persona.id).do("say", text="再见")  # ends the long poll of a closed page


@dataclass
class Desktop:
    """Opens tabs, each with cookies of its own. What their consoles complain of is a problem; a form that is refused with
    its reason is none."""

    browser: Browser
    problems: list[str]

    def tab(self, address: str) -> Page:
        page = self.browser.new_context(viewport=WIDE, locale="zh-CN").new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on(
            "console",
            lambda said: self.problems.append(said.text) if said.type == "error" and "422" not in said.text else None,
        )
        page.goto(address)
        return page


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Desktop]:
    held = Desktop(browser, [])
    yield held
    for context in browser.contexts:
        context.close()
    assert held.problems == []


def enter_as(desktop: Desktop, office: Office, role: Role, password: str) -> Page:
    page = desktop.tab(f"{office.address}/console/")
    enter(page, password, role)
    return page


def open_declaration(page: Page, office: Office, queue: str) -> None:
    """From the queue, as a colleague gets there."""
    page.goto(f"{office.address}/console/declarations?queue={queue}")
    page.get_by_role("link", name=re.compile(TITLE)).click()
    expect(page.get_by_role("heading", name=re.compile(TITLE))).to_be_visible()


def done(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_have_text(words, timeout=PATIENCE_MS)


def declare(page: Page) -> None:
    """An unbound patentee, a patent that no register of ours knows."""
    for text, answer in (
        ("我要声明", "请发专利号"),
        (NUMBER, "您同意吗？"),
        ("同意", "专利权人属于哪一类？"),
        ("高校", "专利名称是？"),
        (TITLE, "申请日和授权公告日各是哪天？"),
        ("2021-03-15，2023-05-06", "专利权人是谁？"),
        ("江城测试大学", "下面五种情形"),
        ("都没有", "许可使用费怎么收？"),
        ("一次总付5万元", "这个价怎么算出来的"),
        ("无", "许可到哪天为止？"),
        ("默认", "技术指导或技术秘密"),
        ("不含", "联系人是谁"),
        ("张三 13800000000 公开", "请核对您的声明"),
        ("提交", "已提交。接下来由系统和工作人员做两次核验"),
    ):
        say(page, text, answer)
    heard(page, "已通过系统核验")


def test_a_declaration_goes_from_the_phone_page_to_the_open_window(office: Office, desktop: Desktop) -> None:
    password = open_demonstration(office.parts.database, at=office.parts.clock.now())
    phone = office.phone()
    patentee = desktop.tab(f"{office.address}/simulator#{phone.id}")
    declare(patentee)

    verifier = enter_as(desktop, office, Role.VERIFIER, password)
    open_declaration(verifier, office, "verify")
    return_it(verifier, "授权公告日与证书不符，请照证书改。", "授权公告日")
    heard(patentee, "与证书不符")
    say(patentee, "继续", "授权公告日是哪天？")
    say(patentee, "2023-06-09", "授权公告日：2023-06-09")
    say(patentee, "提交", "已提交。接下来由系统和工作人员做两次核验")
    heard(patentee, "已通过系统核验", times=2)

    open_declaration(verifier, office, "verify")
    verifier.get_by_label("核验员").select_option(index=1)
    verifier.get_by_role("button", name="分派").click()
    done(verifier, "已分派。")
    heard(patentee, "已分派核验人员")
    check_what_is_open(verifier)
    verifier.get_by_role("button", name="二次核验通过").click()
    done(verifier, "二次核验通过，等待另一位同事发布。")
    expect(verifier.get_by_role("button", name="发布", exact=True)).to_have_count(0)

    approver = enter_as(desktop, office, Role.APPROVER, password)
    open_declaration(approver, office, "approve")
    approver.get_by_role("button", name="发布", exact=True).click()
    done(approver, "已发布。")
    heard(patentee, "可以向国家知识产权局提交了")
    window = desktop.tab(f"{office.address}/pool/{NUMBER}")
    expect(window.get_by_text("拟开放许可，尚未公告").first).to_be_visible()

    say(patentee, "登记回执", "是哪一份的回执？")
    say(patentee, "1", "的回执编号是？")
    say(patentee, "KH2026112200017", "哪天提交的？")
    say(patentee, "今天", "请核对回执")
    say(patentee, "提交", "已登记。公告后由工作人员核对公告号")

    today = day_of(office.parts.clock.now())
    open_declaration(verifier, office, "filing")
    announce(verifier, (today - timedelta(days=1)).isoformat())
    expect(verifier.get_by_role("alert")).to_contain_text("日期不可能")
    announce(verifier, today.isoformat())
    done(verifier, "已登记公告，等待另一位同事发布。")
    open_declaration(approver, office, "approve")
    approver.get_by_role("button", name="发布", exact=True).click()
    done(approver, "已发布。")
    heard(patentee, "已作为法定开放许可发布到专利池")
    openid = office.simulator.world.personas[phone.id].openid
    assert [held.state for held in declarations_of(office.parts.database, openid)] == [State.LISTED]

    found_by_a_workshop_owner(desktop.tab(f"{office.address}/simulator#{office.phone().id}"), office)
    window.reload()
    expect(window.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(window.locator("main")).to_contain_text("法定开放许可")
    expect(window.locator("main")).to_contain_text(ANNOUNCEMENT)


def return_it(page: Page, reason: str, item: str) -> None:
    page.get_by_text("退回补正").click()
    page.locator("form[action$='/return'] textarea").fill(reason)
    page.get_by_label(item, exact=True).check()
    page.get_by_role("button", name="退回", exact=True).click()
    done(page, "已退回，专利权人会收到原因。")


def check_what_is_open(page: Page) -> None:
    """Not one is skipped: with a gap the page says so and nothing moves."""
    page.get_by_role("button", name="二次核验通过").click()
    expect(page.get_by_role("alert")).to_contain_text("未核对")
    fine = page.get_by_label("核对无误")
    assert fine.count() == 3
    for place in range(fine.count()):
        fine.nth(place).check()
        page.get_by_label("凭据").nth(place).fill("登记簿副本 2026-88")


def announce(page: Page, day: str) -> None:
    page.get_by_label("公告号").fill(ANNOUNCEMENT)
    page.get_by_label("公告日", exact=True).fill(day)
    page.get_by_role("button", name="已在公报核对，登记公告").click()


def found_by_a_workshop_owner(page: Page, office: Office) -> None:
    """The search index follows within a second or so; nobody needs to wait longer than that."""
    owner = Phone(f"{office.address}/simulator", page.url.rpartition("#")[2])
    asked = f"有没有{TITLE[2:]}的专利"
    assert any("法定开放许可，已公告" in owner.say(asked) for _ in range(40))
    say(page, "1", f"公告号 {ANNOUNCEMENT}")
    heard(page, OFFICIAL)
