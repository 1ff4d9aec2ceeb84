"""The console: the staff's web, mounted at /console by the roof."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.console.door import HEADERS, THREADS, Door, Page
from backend.console.look import Look
from backend.console.pages import PAGES
from backend.console.visit import House, Refusal, Visit


class Strict:
    """Puts the headers of HEADERS on every answer, error pages and files included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, strict if scope["type"] == "http" else send)


def console(house: House) -> Starlette:
    """The application. Raises KeyError where a page has no rule in the table of permissions."""
    door = Door(house, Look(), ThreadPoolExecutor(THREADS, thread_name_prefix="console"))

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        visit = Visit(
            house=house,
            look=door.look,
            method=request.method,
            base=request.scope.get("root_path", ""),
            here="",
            params={},
            query={},
            form={},
            secret="",
        )
        known = {404: "not_found", 405: "method"}
        return door.refuse(visit, Refusal(error.status_code, known.get(error.status_code, "failed")))

    app = Starlette(
        routes=[_route(door, method, path, page) for (method, path), page in PAGES.items()],
        exception_handlers={HTTPException: refused},
    )
    app.add_middleware(Strict)
    return app


def _route(door: Door, method: str, path: str, page: Page) -> Route:
    guarded: Callable[[Request], Awaitable[Any]] = door.guard(method, path, page)  # type: ignore[assignment] # a coroutine function
    return Route(path, guarded, methods=[method])
