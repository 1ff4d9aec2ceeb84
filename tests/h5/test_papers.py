"""The papers of a declaration: offered where it stands for them, whole, and to nobody but its follower."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from backend.domain.declarations import State
from backend.domain.listings import Track
from backend.services.mine import declarations_of
from backend.store.database import Database
from bot.h5.links import Links
from bot.texts.notices import Notices
from tests.documents.readers import of_docx, of_pdf, squeezed
from tests.support import declared
from tests.support.arrivals import ledger
from tests.support.builders import make_number
from tests.support.declarant import TEXTS, make_record
from tests.support.declared import Desks
from tests.support.visitors import AFTER_CONSENT, BASE, PLACE, PageOffice, open_pages

LINKS = Links(BASE, PLACE.secret)


@pytest.fixture
def pages(shelf: Database, tmp_path: Path) -> PageOffice:
    return open_pages(shelf, tmp_path)


@pytest.fixture
def desks(pages: PageOffice, monkeypatch: pytest.MonkeyPatch) -> Desks:
    """The office behind these pages; its notices name them."""
    notices = Notices(TEXTS, draft=LINKS.draft, declaration=LINKS.declaration)
    monkeypatch.setattr(declared, "WORDING", notices)
    return Desks(pages.database, clock=pages.clock)


def address(declaration_id: int, openid: str = "ming") -> str:
    return LINKS.declaration(openid, declaration_id).removeprefix(BASE)


def papers(page: str) -> list[str]:
    return re.findall(r'href="(/h5/declaration/[^"]+/paper/[^"]+)"', page)


def test_what_is_ready_can_be_taken_to_the_national_office(pages: PageOffice, desks: Desks) -> None:
    held = desks.ready(holders=("江城测试大学", "武汉测试有限公司"), co_holders_agree=True)
    told = next(sent.reply.text for sent in ledger(pages.database).values() if "核验完毕" in sent.reply.text)
    link = re.search(r"(http\S+)", told)
    assert link
    assert link[1] == LINKS.declaration("ming", held)
    ming = pages.enter("ming", address(held))
    assert "cponline.cnipa.gov.cn" in ming.words
    offered = papers(ming.page)
    assert len(offered) == 8
    package = ming.get(offered[0])
    assert package.headers["content-type"] == "application/zip"
    assert package.headers["content-disposition"].startswith("attachment; ")
    assert package.headers["x-content-type-options"] == "nosniff"
    assert package.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        held_in = {name: archive.read(name) for name in archive.namelist()}
    assert len(held_in) == 7
    alone = {path.rsplit("/", 1)[1]: ming.get(path).content for path in offered[1:]}
    assert sorted(alone.values()) == sorted(held_in.values())
    said = of_pdf(alone["declaration.pdf"])
    assert said == of_docx(alone["declaration.docx"])
    for label, value in re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", ming.page.split("文件里写的内容")[1]):
        assert squeezed(label) in said
        assert squeezed(value) in said


def test_the_chat_leads_to_the_papers(pages: PageOffice, desks: Desks) -> None:
    held = desks.ready()
    chat = pages.chat()
    chat.declared = lambda declaration_id: LINKS.declaration("ming", declaration_id)
    assert LINKS.declaration("ming", held) in chat.say("我的声明")
    other = desks.submit(2)
    assert LINKS.declaration("ming", other) not in chat.say("我的声明")


def test_what_is_being_withdrawn_has_its_own_form(pages: PageOffice, desks: Desks) -> None:
    held = desks.listed()
    assert not papers(pages.enter("ming", address(held)).page)
    desks.withdraw(held)
    ming = pages.enter("ming", address(held))
    assert "撤回" in of_pdf(ming.get(f"{address(held)}/paper/withdrawal.pdf").content)
    assert ming.get(f"{address(held)}/paper/package.zip").status_code == 200
    assert ming.get(f"{address(held)}/paper/declaration.pdf").status_code == 404


def test_co_holders_have_their_letter_before_anything_is_verified(pages: PageOffice, desks: Desks) -> None:
    alone = desks.submit(1)
    joint = desks.submit(2, holders=("江城测试大学", "武汉测试有限公司"), co_holders_agree=True)
    ming = pages.enter("ming")
    assert not papers(ming.get(address(alone)).text)
    offered = papers(ming.get(address(joint)).text)
    assert [path.rsplit("/", 1)[1] for path in offered] == ["consent.docx", "consent.pdf"]
    assert squeezed("武汉测试有限公司") in of_pdf(ming.get(offered[1]).content)


def test_a_pilot_has_its_form_and_nothing_to_file(pages: PageOffice, desks: Desks) -> None:
    desks.programme()
    held = desks.ready(track=Track.PILOT)
    assert desks.state(held) is State.LISTED
    offered = [path.rsplit("/", 1)[1] for path in papers(pages.enter("ming", address(held)).page)]
    assert offered == ["declaration.docx", "declaration.pdf", "table.xlsx"]


def test_papers_of_another_follower_are_answered_like_dead_ones(pages: PageOffice, desks: Desks) -> None:
    held = desks.ready()
    hua = pages.enter("hua")
    dead = hua.get(f"/h5/declaration/{'A' * 32}/paper/package.zip")
    for path in (f"{address(held)}/paper/package.zip", f"{address(held, 'hua')}/paper/package.zip", address(held)):
        answer = hua.get(path)
        assert (answer.status_code, answer.text) == (404, dead.text)
        assert sorted(answer.headers.items()) == sorted(dead.headers.items())
    for name in ("package", "PACKAGE.ZIP", "cover.exe", "%2e%2e%2fcover.pdf", "withdrawal.pdf"):
        assert pages.enter("ming").get(f"{address(held)}/paper/{name}").status_code == 404
    stranger = pages.browser()
    assert stranger.get(f"{address(held)}/paper/package.zip").status_code == 302


def test_a_return_leads_to_the_very_step(pages: PageOffice, desks: Desks) -> None:
    pages.chat().tell("我要声明", make_number(1), "同意", *AFTER_CONSENT, "提交")
    (view,) = declarations_of(pages.database, "ming")
    held = view.id
    desks.register.tell(make_record(1))
    assert desks.first(held) is State.FIRST_VERIFIED
    desks.give_back(held, "license_ends_on", reason="许可期限请写到届满前")
    told = next(sent.reply.text for sent in ledger(pages.database).values() if "需要补正" in sent.reply.text)
    link = re.search(r"(http\S+)", told)
    assert link
    ming = pages.enter("ming", link[1].removeprefix(BASE))
    assert ming.asks == "license_ends_on", ming.words
