"""The console as the roof mounts it, and browsers of colleagues who use it without scripts."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from backend.console.app import console
from backend.console.visit import House
from backend.domain.clock import SetClock
from backend.domain.roles import Role
from backend.services.attachments import Cabinet, FileShelf
from backend.services.matching.matcher import Matcher
from backend.services.staff import add_staff
from backend.store.database import Database
from bot.dialogue.topics.match import why
from bot.h5.links import Links
from bot.texts import Texts
from bot.texts.campaigns import Campaigns
from bot.texts.notices import Notices
from tests.support.arrivals import noon
from tests.support.shelf import tokenizer

PASSWORD = "长江大桥-通车-1957"
BASE, SECRET = "http://127.0.0.1:8000", "a long secret of the office"
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass
class Colleague:
    """A browser: it keeps cookies and sends the token of the last page, as a form of that page would."""

    client: TestClient
    token: str = ""
    page: str = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        answer: httpx.Response = self.client.get(f"/console{path}", headers=headers)
        self._look(answer)
        return answer

    def post(self, path: str, **form: str) -> httpx.Response:
        """Submit a form of the page looked at last; `token` may be given wrong or empty."""
        answer: httpx.Response = self.client.post(f"/console{path}", data={"token": self.token} | form)
        self._look(answer)
        return answer

    def _look(self, answer: httpx.Response) -> None:
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.page = answer.text
            found = TOKEN.search(answer.text)
            self.token = found[1] if found else self.token

    def upload(self, path: str, file: str, content: bytes, **form: str) -> httpx.Response:
        """Submit a form of the page looked at last that carries a file."""
        answer: httpx.Response = self.client.post(
            f"/console{path}", data={"token": self.token} | form, files={"file": (file, content)}
        )
        self._look(answer)
        return answer

    @property
    def words(self) -> str:
        """What the page says, without its tags."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    def log_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        self.get("/login")
        return self.post("/login", name=name, password=password)


@dataclass
class StaffDesk:
    database: Database
    clock: SetClock
    app: Starlette
    cabinet: Cabinet
    client_options: dict[str, str] = field(default_factory=dict)

    def add(self, name: str = "王老师", role: Role = Role.ADMINISTRATOR, agency: str = "") -> str:
        add_staff(self.database, name=name, role=role, password=PASSWORD, at=self.clock.now(), agency=agency)
        return name

    def browser(self) -> Colleague:
        """Nobody yet."""
        return Colleague(TestClient(self.app, base_url="http://127.0.0.1:8000", follow_redirects=False))

    def enter(self, role: Role = Role.ADMINISTRATOR, name: str = "") -> Colleague:
        """A colleague of the role who has just logged in."""
        person = self.browser()
        answer = person.log_in(self.add(name or f"同事{role}", role))
        assert answer.status_code == 303, person.words
        person.get("/")
        return person


@contextlib.contextmanager
def open_desk(database: Database, *, demonstration: bool = False, secure: bool = False) -> Iterator[StaffDesk]:
    clock = noon()
    texts = Texts()
    matcher = Matcher(database, tokenizer().words, clock, demonstration=demonstration)
    with tempfile.TemporaryDirectory() as folder:
        cabinet = Cabinet(database, FileShelf(Path(folder)), clock)
        house = House(
            database,
            clock,
            Notices(texts),
            matcher,
            lambda reasons: texts.render(why(reasons)),
            demonstration=demonstration,
            secure=secure,
            cabinet=cabinet,
            voice=Campaigns(texts, Links(BASE, SECRET).campaign),
            secret=SECRET,
        )
        yield StaffDesk(database, clock, Starlette(routes=[Mount("/console", console(house))]), cabinet)
