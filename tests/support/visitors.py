"""Followers at their pages: the pages as the roof mounts them, a platform that hands out codes, phones without scripts."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backend.domain.clock import SetClock
from backend.domain.deeds import Deed, NoteMiss, OpenHandoff
from backend.domain.drafts import Draft
from backend.domain.ports.visitors import CodeRefused, PlatformSilent, Visitor
from backend.domain.questions import LookUpNumber, MyDeclarations, MyDrafts, MyFiles, MyProfile, MyProposal, Question
from backend.services.attachments import Cabinet, FileShelf
from backend.services.declarations.papers import PressRoom
from backend.services.declarations.tables import Tables
from backend.services.deeds import carry_out
from backend.services.desk import Desk
from backend.services.matching.matcher import Matcher
from backend.services.mine import drafts_of
from backend.store.database import Database
from bot.dialogue.meaning import Meaning
from bot.h5.forms.app import Forms
from bot.h5.forms.door import Place
from tests.support.builders import make_number
from tests.support.declarant import GRAMMAR, NOON, TEXTS, Declarant, make_record

NUMBER = make_number(1)
AFTER_CONSENT = (
    "高校",
    "对",
    "都没有",
    "一次总付5万元",
    "无",
    "默认",
    "不含",
    "张三 13800000000 公开",
)
BASE = "http://127.0.0.1:8000"
PLACE = Place(public_url=BASE, authorize_url="http://platform.test", app_id="wx1", secret="a long secret of the office")
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
ACTION = re.compile(r'<form class="question[^"]*" method="post" action="([^"]+)"')


@dataclass
class FakePlatform:
    """Implements Visitors: codes that work once, one ticket."""

    codes: dict[str, Visitor] = field(default_factory=dict)
    silent: bool = False
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def grant(self, openid: str, *, snapshot: bool = False) -> str:
        code = f"code{next(self.numbers)}"
        self.codes[code] = Visitor(openid, snapshot=snapshot)
        return code

    def identify(self, code: str) -> Visitor:
        if self.silent:
            raise PlatformSilent
        if code not in self.codes:
            raise CodeRefused
        return self.codes.pop(code)

    def ticket(self) -> str:
        if self.silent:
            raise PlatformSilent
        return "ticket-1"


@dataclass
class Visitor320:
    """One browser. Forms are sent as a page without scripts sends them."""

    client: TestClient
    page: str = ""

    def get(self, path: str) -> httpx.Response:
        return self._seen(self.client.get(path))

    def post(self, path: str, **form: Any) -> httpx.Response:
        """With the token of the last page, unless another is given."""
        found = TOKEN.search(self.page)
        return self._seen(self.client.post(path, data={"token": found[1] if found else ""} | form))

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        while answer.status_code == 303:
            answer = self.client.get(answer.headers["location"])
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.page = answer.text
        return answer

    def fill(self, words: str) -> httpx.Response:
        """Answer the question that the page asks."""
        action = ACTION.search(self.page)
        assert action, self.words
        return self.post(action[1], answer=words)

    @property
    def words(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    @property
    def asks(self) -> str:
        """The step whose question is open; empty at the review."""
        action = ACTION.search(self.page)
        return action[1].rsplit("/", 1)[1] if action else ""


@dataclass
class Chatter(Declarant):
    """The chat of the same follower before the same database."""

    desk: Desk | None = None

    def _answer(self, question: Question) -> Any:
        if isinstance(question, MyProfile | MyDrafts | MyDeclarations | MyProposal | MyFiles | LookUpNumber):
            assert self.desk is not None
            return self.desk.answer(question, "ming")
        return super()._answer(question)

    def _carry_out(self, deed: Deed) -> None:
        if isinstance(deed, OpenHandoff | NoteMiss):
            super()._carry_out(deed)
            return
        assert self.desk is not None
        with self.desk.database.write() as uow:
            carry_out(uow, "ming", deed, at=self.at)


@dataclass
class PageOffice:
    database: Database
    desk: Desk
    clock: SetClock
    platform: FakePlatform
    forms: Forms
    app: Starlette
    proofs: Path

    def browser(self) -> Visitor320:
        return Visitor320(TestClient(self.app, base_url=BASE, follow_redirects=False))

    def way_back(self, asked: httpx.Response, code: str) -> str:
        """Where the platform sends the browser after it asked who it is."""
        query = parse_qs(urlsplit(asked.headers["location"]).query)
        return f"/h5/back?code={code}&state={query['state'][0]}"

    def enter(self, openid: str, path: str = "/h5/declarations") -> Visitor320:
        visitor = self.browser()
        asked = visitor.get(path)
        assert asked.status_code == 302
        visitor.get(self.way_back(asked, self.platform.grant(openid)))
        return visitor

    def chat(self) -> Chatter:
        """Its messages stand at the office's own moment: the clock is moved by the test."""
        return Chatter(desk=self.desk, page=partial(self.forms.links.draft, "ming"), pace=timedelta(0))

    def drafts(self, openid: str = "ming") -> tuple[Draft, ...]:
        return drafts_of(self.database, openid)

    def address(self, openid: str = "ming", flow: str = "declare", subject: str = "") -> str:
        return f"/h5/draft/{self.forms.drafts.names.draft(openid, flow, subject)}"


def read_words(text: str, today: Any) -> Meaning:
    return Meaning(text=text, facts=GRAMMAR.read(text, today=today))


def open_pages(database: Database, folder: Path) -> PageOffice:
    """The pages with a register that knows the first patents; nobody has been here yet."""
    clock, platform = SetClock(NOON), FakePlatform()
    nothing: Any = None  # no page searches or asks about the rules
    matcher = Matcher(database, list, clock, demonstration=True)
    desk = Desk(database, nothing, nothing, clock, demonstration=True, matcher=matcher)
    with database.write() as uow:
        uow.registry.put([make_record(serial, as_of=NOON) for serial in range(1, 4)], loaded_at=NOON)
    forms = Forms(
        PLACE,
        desk,
        clock,
        TEXTS,
        read_words,
        platform,
        folder / "proofs",
        PressRoom(),
        Cabinet(database, FileShelf(folder / "files"), clock),
        Tables(database, clock),
    )
    app = Starlette()
    forms.mount(app)
    return PageOffice(database, desk, clock, platform, forms, app, folder / "proofs")


def begun(pages: PageOffice, *texts: str) -> Chatter:
    """A draft that the chat has begun, with consent."""
    chat = pages.chat()
    chat.tell("我要声明", NUMBER, "同意", *texts)
    assert pages.drafts()
    return chat
