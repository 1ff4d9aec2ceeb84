"""The open window as the roof mounts it, and somebody passing by who reads its pages."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backend.services.window import Window
from backend.store.database import Database
from bot.h5.window import OpenWindow
from tests.support.shelf import Shelf, open_shelf

PUBLIC = "https://pool.example.cn"
_LISTED = re.compile(r'<h3><a href="/pool/([^"]+)">')
_COUNT = re.compile(r'<h2 class="count">\D*(\d+) 件')
_NEXT = re.compile(r'<a rel="next" href="([^"]+)">')
_DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@dataclass
class PasserBy:
    """A browser without scripts in front of a shelf that can be changed."""

    shelf: Shelf
    client: TestClient

    def get(self, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: httpx.Response = self.client.get(path, headers=named)
        return answer

    def read(self, path: str) -> str:
        """The page as it came; asserts that there is one."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def leaf_through(self, path: str) -> tuple[int, list[str]]:
        """(the count that the first page names, every patent number from it to the last page)"""
        page = self.read(path)
        counted = _COUNT.search(page)
        assert counted, page
        numbers = _LISTED.findall(page)
        while following := _NEXT.search(page):
            page = self.read(unescape(following[1]))
            numbers += _LISTED.findall(page)
        return int(counted[1]), numbers

    def everywhere(self, number: str) -> tuple[int, bool, bool, bool]:
        """(status of its own page, is it in the list, in the csv, in the sitemap)"""
        status = self.get(f"/pool/{number}").status_code
        listed = number in self.leaf_through("/pool")[1]
        return status, listed, number in self.read("/pool.csv"), number in self.read("/sitemap.xml")


def words_of(page: str) -> str:
    """What a page says, without its tags."""
    seen = re.sub(r"<(script|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    seen = re.sub(r"</?(?:a|b|small|time)\b[^>]*>", "", seen)  # they stand inside a line
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", seen)).split())


def data_of(page: str) -> dict[str, Any]:
    """What a page says to machines."""
    found = _DATA.findall(page)
    assert len(found) == 1
    held: dict[str, Any] = json.loads(found[0])
    return held


@contextlib.contextmanager
def open_window(database: Database, folder: Path, *, demonstration: bool = False) -> Iterator[PasserBy]:
    with open_shelf(database, folder, demonstration=demonstration) as shelf:
        app = Starlette()
        window = Window(database, shelf.reader(), shelf.clock, demonstration=demonstration)
        OpenWindow(window, PUBLIC + "/").mount(app)
        yield PasserBy(shelf, TestClient(app, base_url=PUBLIC, follow_redirects=False))
