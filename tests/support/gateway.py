"""The simulator's platform on a real socket, behind a gateway that can be told to misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from backend.domain.clock import CHINA, SetClock
from backend.services.tokens import TokenShelf
from backend.store.database import Database
from bot.simulator.notices import Notices
from bot.simulator.platform_api import platform_routes
from bot.simulator.world import Persona, World
from bot.wechat.client import Platform
from tests.support.servers import free_port, serving

APP_ID, SECRET = "wx00000000test0001", "app-secret-5f1e8c0a"
TOKEN_CALL, SEND_CALL = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send"
SLOW_S, PATIENCE_S = 0.6, 0.2
PAGE = "<html><body>502 Bad Gateway</body></html>"


@dataclass
class Gateway:
    """`trouble` by path: page, 500, slow, redirect, endless, trickle, or a JSON text."""

    world: World
    world_clock: SetClock
    clock: SetClock
    notices: Notices
    address: str = ""
    calls: Counter[str] = field(default_factory=Counter)
    trouble: dict[str, str] = field(default_factory=dict)

    @property
    def fetches(self) -> int:
        return self.calls[TOKEN_CALL]

    def platform(self, database: Database, *, address: str = "", secret: str = SECRET) -> Platform:
        return Platform(
            app_id=APP_ID,
            secret=secret,
            base_url=address or self.address,
            shelf=TokenShelf(database),
            clock=self.clock,
            timeout_s=(PATIENCE_S, PATIENCE_S) if self.trouble else (3.0, 6.0),
        )

    def follower(self, *, wrote: bool = True) -> Persona:
        """A new follower, whose window is open where they wrote."""
        persona = self.world.fresh()
        if wrote:
            self.world.acted(persona, "text")
        return persona

    async def answer(self, request: Request, usual: Callable[[Request], Awaitable[Response]]) -> Response:
        path = request.url.path
        self.calls[path] += 1
        match self.trouble.get(path):
            case None:
                return await usual(request)
            case "page":
                return HTMLResponse(PAGE)
            case "500":
                return HTMLResponse(PAGE, 500)
            case "slow":
                await asyncio.sleep(SLOW_S)
                return await usual(request)
            case "redirect":
                return RedirectResponse(f"{self.address}/elsewhere?from={path}", 307)
            case "endless":
                return StreamingResponse(_endless(), media_type="image/jpeg")
            case "trickle":
                return StreamingResponse(_endless(1, SLOW_S / 6), media_type="image/jpeg")
            case text:
                return Response(text, media_type="application/json")


async def _endless(size: int = 65536, pause_s: float = 0.0) -> AsyncIterator[bytes]:
    """A body without an announced length: more than anybody wants, unless they hang up."""
    for _ in range(400):
        yield bytes(size)
        await asyncio.sleep(pause_s)


@contextlib.contextmanager
def open_gateway() -> Iterator[Gateway]:
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=CHINA)
    world_clock = SetClock(noon)
    world = World(app_id=APP_ID, secret=SECRET, now=lambda: world_clock.now().timestamp())
    notices = Notices(world, {"t1": ("thing1",)})
    gateway = Gateway(world, world_clock, SetClock(noon), notices)
    app = FastAPI()
    app.include_router(platform_routes(world, notices))
    app.middleware("http")(gateway.answer)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({})

    with serving(app, free_port()) as gateway.address:
        yield gateway


@contextlib.contextmanager
def hanging_up() -> Iterator[str]:
    """The address of a server that listens to a request and hangs up without a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def nobody() -> str:
    """An address where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"
