"""What every page of a follower goes through: who it is, whether the post came from a page of ours, and strict headers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from backend.domain.clock import Clock
from backend.domain.errors import where
from backend.services.writing import DatabaseUnreachable, OperationalError
from bot.h5 import caching
from bot.h5.forms.uploads import TooMuch, Upload, drain, read_posted
from bot.h5.identity import Key, Session, Sessions, States, authorize_address
from bot.h5.look import Look

THREADS = 2  # of the web process's pool of connections: followers in the chat come first
SESSION, STATE = "huiqiao_page", "huiqiao_way"
MOST_BODY = 64 * 1024
HTML = "text/html"
NOTICES = frozenset({"changed", "kept", "with_person", "attached", "removed"})
BACK = "/h5/back"
HOME = "/h5/declarations"
HEADERS = caching.HEADERS | {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where we are and by whom we let ourselves be told who comes. Addresses are without a slash at the end."""

    public_url: str
    authorize_url: str
    app_id: str
    secret: str
    scripts_url: str = ""  # of the platform's script for pages

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who is known. `form` is empty for a look."""

    session: Session
    at: datetime
    params: Mapping[str, str]
    query: Mapping[str, str]
    token: str
    form: Mapping[str, list[str]] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()

    @property
    def openid(self) -> str:
        return self.session.openid

    @property
    def notice(self) -> str:
        """What a page that was left says on the next one; an address can bring no other."""
        asked = self.query.get("notice", "")
        return asked if asked in NOTICES else ""

    def sent(self, name: str) -> str:
        return self.form.get(name, [""])[0]


Page = Callable[[Visit], Response]


class Door:
    """`guard` makes an endpoint of a page. A page that raises is answered without the error's text."""

    def __init__(self, place: Place, clock: Clock, look: Look) -> None:
        self.place, self.clock, self.look = place, clock, look
        key = Key(place.secret)
        self.sessions, self.states = Sessions(key), States(key)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="forms")

    def guard(self, path: str, method: str, page: Page, threads: ThreadPoolExecutor | None = None) -> Route:
        """The route of a page that only its follower sees. `threads` are for pages that take long."""

        async def answered(request: Request) -> Response:
            form = await self._form(request) if method == "POST" else {}
            return await self.run(lambda: self._let_in(request, form, page), threads)

        return _route(path, method, answered)

    def guard_upload(self, path: str, page: Page, threads: ThreadPoolExecutor) -> Route:
        """The route of a post that may bring files."""

        async def answered(request: Request) -> Response:
            if self.session_of(request) is None:
                await drain(request)
                return await self.run(lambda: self.refuse("again", 401))
            try:
                posted = await read_posted(request)
            except TooMuch:
                return await self.run(lambda: self.refuse("too_large", 413))
            try:
                return await self.run(lambda: self._let_in(request, posted.fields, page, posted.files), threads)
            finally:
                await posted.close()

        return _route(path, "POST", answered)

    def open(self, path: str, page: Callable[[Request], Response], threads: ThreadPoolExecutor | None = None) -> Route:
        """The route of what anybody may ask for."""

        async def answered(request: Request) -> Response:
            return await self.run(lambda: page(request), threads)

        return _route(path, "GET", answered)

    async def run(self, work: Callable[[], Response], threads: ThreadPoolExecutor | None = None) -> Response:
        try:
            response = await asyncio.get_running_loop().run_in_executor(threads or self.threads, work)
        except (DatabaseUnreachable, OperationalError):
            response = self.refuse("down", 503)
        except Exception as error:  # noqa: BLE001 an error page without the error; the log has its kind and place
            log.error("page.failed", error=type(error).__name__, where=where(error))  # noqa: TRY400 the traceback quotes values
            response = self.refuse("failed", 500)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def refuse(self, why: str, status: int) -> Response:
        """The same page for the same reason, whatever was asked for."""
        return Response(self.look.render("forms/refused.html", why=why, home=HOME), status, media_type=HTML)

    def session_of(self, request: Request) -> Session | None:
        return self.sessions.read(request.cookies.get(SESSION, ""), self.clock.now())

    def ask_who(self, target: str) -> Response:
        """Send the visitor to the platform, which sends them back with a code."""
        at = self.clock.now()
        state, cookie = self.states.begin(target, at)
        back = f"{self.place.public_url}{BACK}"
        address = authorize_address(self.place.authorize_url, self.place.app_id, back, state)
        response = RedirectResponse(address, 302)
        self.give(response, STATE, cookie)
        return response

    def give(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/h5", secure=self.place.secure, httponly=True, samesite="lax")

    def drop(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/h5", secure=self.place.secure, httponly=True, samesite="lax")

    def _let_in(
        self, request: Request, form: Mapping[str, list[str]] | None, page: Page, files: tuple[Upload, ...] = ()
    ) -> Response:
        if form is None:
            return self.refuse("too_much", 413)
        session = self.session_of(request)
        if session is None:
            return self.ask_who(request.url.path) if request.method == "GET" else self.refuse("again", 401)
        if request.method == "POST" and not self.sessions.fits(session, form.get("token", [""])[0]):
            return self.refuse("foreign", 403)
        return page(
            Visit(
                session=session,
                at=self.clock.now(),
                params=request.path_params,
                query=request.query_params,
                token=self.sessions.token(session),
                form=form,
                files=files,
            )
        )

    @staticmethod
    async def _form(request: Request) -> dict[str, list[str]] | None:
        """What was posted, by name; None where it is too much."""
        held = b""
        async for chunk in request.stream():
            held += chunk
            if len(held) > MOST_BODY:
                return None
        try:
            return parse_qs(held.decode(), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            return {}


def _route(path: str, method: str, answered: Callable[[Request], Awaitable[Any]]) -> Route:
    endpoint: Callable[[Request], Awaitable[Any]] = answered
    return Route(path, endpoint, methods=[method], include_in_schema=False)
