"""The open window's pages, mounted by the roof: /pool, /pool/<number>, /pool.csv, /sitemap.xml, /robots.txt."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from backend.domain.errors import AssistantError, where
from backend.domain.hubei import clusters, places
from backend.domain.patent_number import parse_patent_number
from backend.domain.patents import PatentKind
from backend.domain.queries import PRICE_STEPS, Sort
from backend.services.window import SearchNotReady, State, View, Window, WindowClosed
from bot.h5 import feeds, linked_data
from bot.h5.asked import Asked, read_asked
from bot.h5.caching import HEADERS, etag_of, kept, still_has
from bot.h5.look import HOME, Look

THREADS = 2  # of the web process's pool of connections: followers come first
RETRY_S = "30"
MOST_NUMBER = 40
AROUND = 2  # pages named on either side of this one
HTML, CSV, XML, TEXT = "text/html", "text/csv", "application/xml", "text/plain"
_PART = re.compile(r"[1-9]\d{0,3}")
log = structlog.get_logger()


class Styles(StaticFiles):
    """Files of ours, asked for by the fingerprint of their content, so that they may be kept for long."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers.update(HEADERS | {"Cache-Control": "public, max-age=86400"})
        return response


class OpenWindow:
    """Pages are made in a few threads of their own. `public_url` is where the world finds us, without a slash."""

    def __init__(self, window: Window, public_url: str) -> None:
        self.window, self.public_url, self.look = window, public_url.rstrip("/"), Look()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="window")

    def mount(self, app: Starlette, *, home: bool = False) -> None:
        """Add the routes; those of others are not touched. With `home` whoever comes to the root is led here."""
        routes: list[BaseRoute] = [
            self._route("/pool", self.pool),
            self._route("/pool.csv", self.table),
            self._route("/pool/{number}", self.patent),
            self._route("/sitemap.xml", self.sitemap),
            self._route("/robots.txt", self.robots),
            Mount("/h5/static", Styles(directory=HOME / "static"), name="h5-static"),
        ]
        if home:
            routes.append(self._route("/", lambda _: RedirectResponse("/pool", 307)))
        app.router.routes.extend(routes)

    def _route(self, path: str, page: Callable[[Request], Response]) -> Route:
        async def answered(request: Request) -> Response:
            response = await self._made(request, page)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        endpoint: Callable[[Request], Awaitable[Response]] = answered
        return Route(path, endpoint, methods=["GET"], include_in_schema=False)

    async def _made(self, request: Request, page: Callable[[Request], Response]) -> Response:
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, page, request)
        except WindowClosed:
            return self.refused(503)
        except Exception as error:  # noqa: BLE001 an error page without the error; the log has its kind and place
            log.error("window.failed", error=type(error).__name__, where=where(error))  # noqa: TRY400 the traceback quotes values
            return self.refused(500)

    # pages

    def pool(self, request: Request) -> Response:
        """The list. What fits the words is the index's answer, so such a page is told from another by what it says."""
        asked = read_asked(request.query_params)
        state = self.window.state()
        view, searching = self._view(asked)
        if asked.page > view.last:
            return self.refused(404)
        address = asked.address(asked.page)
        by_words = "words" in asked.held
        etag = etag_of(self.look.fingerprint, state.stamp, address, *asked.ignored)
        if not by_words and still_has(request.headers, etag, state.changed_at):
            return self._unchanged(etag, state)
        body = self.look.render(
            "window/list.html",
            asked=asked,
            view=view,
            searching=searching,
            census=self.window.census(state),
            today=state.today,
            canonical=self.public_url + address,
            pages=_pages(view),
            kinds=list(PatentKind),
            sorts=list(Sort),
            places=places(),
            clusters=clusters(),
            steps=PRICE_STEPS,
            data=linked_data.of_list(view, self.public_url + address, self.public_url, self.look),
        )
        if not by_words:
            return self._answer(body, HTML, etag, state)
        etag = etag_of(body)
        if still_has(request.headers, etag, None):
            return self._unchanged(etag, state, dated=False)
        return self._answer(body, HTML, etag, state, dated=False)

    def _view(self, asked: Asked) -> tuple[View, bool]:
        """(page, whether words can be searched for just now)"""
        try:
            return self.window.look(asked.query, page=asked.page), True
        except SearchNotReady:
            return View(0, 1, ()), False

    def patent(self, request: Request) -> Response:
        """One patent. An unknown one and one that is no longer shown get the same answer."""
        given = request.path_params["number"]
        try:
            number = str(parse_patent_number(given[:MOST_NUMBER]))
        except AssistantError:
            return self.refused(404)
        if number != given:
            return RedirectResponse(f"/pool/{number}", 308)
        state = self.window.state()
        found = self.window.show(number)
        if found is None:
            return self.refused(404)
        etag = etag_of(self.look.fingerprint, state.stamp, number)
        if still_has(request.headers, etag, state.changed_at):
            return self._unchanged(etag, state)
        address = f"{self.public_url}/pool/{number}"
        body = self.look.render(
            "window/patent.html",
            found=found,
            listing=found.listing,
            today=state.today,
            canonical=address,
            data=linked_data.of_patent(found, address, self.look),
        )
        return self._answer(body, HTML, etag, state)

    def table(self, request: Request) -> Response:
        state = self.window.state()
        etag = etag_of(self.look.fingerprint, state.stamp, "csv")
        if still_has(request.headers, etag, state.changed_at):
            return self._unchanged(etag, state)
        headers = self._kept(etag, state) | {
            "Content-Disposition": f'attachment; filename="pool-{state.today.isoformat()}.csv"',
            "X-Robots-Tag": "noindex",
        }
        if request.method == "HEAD":
            return Response(None, headers=headers, media_type=CSV)
        pieces = feeds.csv_pieces(self.window, self.look, self.public_url, state.today)
        first = next(pieces)
        return StreamingResponse(self._streamed(first, pieces), headers=headers, media_type=CSV)

    async def _streamed(self, first: bytes, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        piece: bytes | None = first
        while piece is not None:
            yield piece
            piece = await loop.run_in_executor(self.threads, next, pieces, None)

    def sitemap(self, request: Request) -> Response:
        part = request.query_params.get("part", "")
        if part and not _PART.fullmatch(part):
            return self.refused(404)
        state = self.window.state()
        etag = etag_of(self.look.fingerprint, state.stamp, "sitemap", part)
        if still_has(request.headers, etag, state.changed_at):
            return self._unchanged(etag, state)
        body = feeds.sitemap(self.window.addresses(), self.public_url, int(part or 0))
        return self.refused(404) if body is None else self._answer(body, XML, etag, state)

    def robots(self, request: Request) -> Response:
        body = feeds.robots(self.public_url)
        etag = etag_of(body)
        headers = {"ETag": etag, "Cache-Control": "public, max-age=3600"}
        if still_has(request.headers, etag, None):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=TEXT)

    # answers

    def refused(self, status: int) -> Response:
        """The same words whatever was asked for: nothing tells what once was here from what never was."""
        body = self.look.render("window/refused.html", status=str(status))
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": RETRY_S} if status == 503 else {})  # noqa: PLR2004 HTTP's own number
        return Response(body, status, headers=headers, media_type=HTML)

    def _kept(self, etag: str, state: State, *, dated: bool = True) -> dict[str, str]:
        left = state.ends_in(self.window.clock.now()).total_seconds()
        return kept(etag, state.changed_at if dated else None, seconds=left)

    def _answer(self, body: str, kind: str, etag: str, state: State, *, dated: bool = True) -> Response:
        return Response(body, headers=self._kept(etag, state, dated=dated), media_type=kind)

    def _unchanged(self, etag: str, state: State, *, dated: bool = True) -> Response:
        return Response(status_code=304, headers=self._kept(etag, state, dated=dated))


def _pages(view: View) -> list[int]:
    """The numbers a reader may go to: first, last, and those around this one; 0 stands for a gap."""
    near = range(view.page - AROUND, view.page + AROUND + 1)
    named = sorted({1, view.last, *(number for number in near if 1 <= number <= view.last)})
    out: list[int] = []
    for number in named:
        if out and number > out[-1] + 1:
            out.append(0)
        out.append(number)
    return out
