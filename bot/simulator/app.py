"""The phone page's own API and files. Demonstration only: the roof mounts it on loopback, never beside a real account."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from fastapi import APIRouter, FastAPI, HTTPException, Request, UploadFile
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles

from bot.simulator.actions import message_fields, own_item
from bot.simulator.authorize import WHO, Authorizations, authorization_routes
from bot.simulator.notices import Notices
from bot.simulator.phone import Phones
from bot.simulator.platform_api import platform_routes
from bot.simulator.seal import Seal
from bot.simulator.world import Persona, World

PAGE = Path(__file__).parent / "page"
LONGEST_POLL_S = 20
MOST_PHOTO = 10 * 1024 * 1024
SLOWEST_S = 30.0
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TWICE = 2
M_co = TypeVar("M_co", covariant=True)


class Reads(Protocol[M_co]):
    """What can be slowed down: anything that understands a text."""

    async def understand(self, text: str, *, today: date) -> M_co:
        """The meaning of the text."""

    async def healthy(self) -> bool:
        """Whether it works."""


@dataclass(slots=True)
class Faults:
    """What can be broken from the page."""

    kill_redis: Callable[[], None] | None
    redis_up: Callable[[], bool]
    nlu_delay_s: float = 0.0


class Slowed:
    """An understander whose model takes longer than it should."""

    def __init__(self, inner: Reads[Any], faults: Faults) -> None:
        self.inner, self.faults = inner, faults

    async def understand(self, text: str, *, today: date) -> Any:
        await asyncio.sleep(self.faults.nlu_delay_s)
        return await self.inner.understand(text, today=today)

    async def healthy(self) -> bool:
        return await self.inner.healthy()


class Simulator:
    """`events` are the (scene, title) of QR codes that hang at doors today."""

    def __init__(
        self,
        *,
        callback_url: str,
        token: str,
        aes_key: str,
        app_id: str,
        safe: bool,
        menu: list[dict[str, Any]],
        faults: Faults,
        templates: dict[str, tuple[str, ...]] | None = None,
        titles: dict[str, str] | None = None,
        events: Callable[[], list[tuple[str, str]]] = list,
    ) -> None:
        self.events = events
        self.world = World(app_id=app_id)
        self.world.create_menu(menu)
        self.authorizations = Authorizations(self.world)
        self.phones = Phones(self.world, callback_url=callback_url, seal=Seal(token, aes_key, app_id), safe=safe)
        self.faults = faults
        self.notices = Notices(self.world, templates or {}, titles or {}, report=self.phones.report)

    async def start(self) -> None:
        """Nothing to warm up; here so that the roof starts and stops it like everything else."""

    async def close(self) -> None:
        await self.phones.close()

    def slowed(self, inner: Reads[Any]) -> Slowed:
        return Slowed(inner, self.faults)

    def mount(self, app: FastAPI) -> None:
        app.include_router(self._routes(), prefix="/simulator", include_in_schema=False)
        app.include_router(
            platform_routes(self.world, self.notices), prefix="/simulator/platform", include_in_schema=False
        )
        app.include_router(
            authorization_routes(self.world, self.authorizations), prefix="/simulator/platform", include_in_schema=False
        )
        app.mount("/simulator/page", StaticFiles(directory=PAGE), name="simulator-page")

        @app.middleware("http")
        async def strict(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
            response = await call_next(request)
            if request.url.path.startswith("/simulator"):
                response.headers["Content-Security-Policy"] = CSP
                response.headers["X-Content-Type-Options"] = "nosniff"
            return response

    def _persona(self, persona_id: str) -> Persona:
        persona = self.world.personas.get(persona_id)
        if persona is None:
            raise HTTPException(404)
        return persona

    def _faults(self) -> dict[str, Any]:
        redis = "absent" if self.faults.kill_redis is None else "up" if self.faults.redis_up() else "down"
        return {"nlu_delay_s": self.faults.nlu_delay_s, "redis": redis}

    def _doors(self) -> list[dict[str, str]]:
        label = self.world.words["door"]
        return [{"key": scene, "name": label.format(title=title)} for scene, title in self.events()]

    def _routes(self) -> APIRouter:
        api = APIRouter()
        world, words = self.world, self.world.words

        @api.get("")
        async def page() -> FileResponse:
            return FileResponse(PAGE / "index.html")

        @api.get("/state")
        def state() -> dict[str, Any]:
            people = [
                {"id": person.id, "name": person.name, "description": person.description, "following": person.following}
                for person in world.personas.values()
            ]
            return {
                "account": words["account"],
                "demo": True,
                "hello": words["hello"],
                "menu": world.menu,
                "personas": people,
                "mode": "safe" if self.phones.safe else "plain",
                "format": self.phones.form,
                "faults": self._faults(),
                "scenes": [*self._doors(), *words["scenes"]],
                "limits": {"reply_ms": int(self.phones.wait_s * 1000)},
            }

        @api.get("/personas/{persona_id}/messages")
        async def messages(persona_id: str, after: int = 0, wait: float = 0) -> dict[str, Any]:
            persona = self._persona(persona_id)
            if len(persona.items) <= after and wait > 0:
                changed = persona.changed
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), min(wait, LONGEST_POLL_S))
            left = persona.window_left if persona.window_until > world.now() else 0
            return {
                "following": persona.following,
                "window": {"left": left, "until": persona.window_until},
                "last": len(persona.items),
                "items": persona.items[after:],
            }

        @api.post("/personas")
        async def fresh(request: Request) -> dict[str, Any]:
            _own(request)
            persona = world.fresh()
            return {"id": persona.id, "name": persona.name, "description": persona.description, "following": True}

        @api.post("/personas/{persona_id}/actions")
        async def act(persona_id: str, request: Request) -> dict[str, Any]:
            _own(request)
            persona = self._persona(persona_id)
            action = await request.json()
            return {"exchanges": self.act(persona, action)}

        @api.post("/personas/{persona_id}/photo")
        async def photo(persona_id: str, request: Request, file: UploadFile) -> dict[str, Any]:
            _own(request)
            persona = self._persona(persona_id)
            content = await file.read(MOST_PHOTO + 1)
            if len(content) > MOST_PHOTO:
                raise HTTPException(413)
            media_id = f"media-{len(world.media) + 1:06d}"
            world.media[media_id] = (file.content_type or "image/jpeg", content)
            return {"exchanges": self.act(persona, {"action": "photo", "media_id": media_id})}

        @api.post("/subscribe")
        async def subscribe(request: Request) -> dict[str, Any]:
            """What was tapped in the platform's question on a page, by whoever the page was opened as."""
            _own(request)
            persona = self._persona(request.cookies.get(WHO, ""))
            chosen = await request.json()
            self.notices.answer_popup(persona, {str(name): str(said) for name, said in dict(chosen).items()})
            return {}

        @api.get("/media/{media_id}")
        async def media(media_id: str) -> Response:
            if media_id not in world.media:
                raise HTTPException(404)
            kind, content = world.media[media_id]
            return Response(content, media_type=kind if kind.startswith("image/") else "application/octet-stream")

        @api.get("/exchanges/{exchange_id}")
        async def exchange(exchange_id: str) -> dict[str, Any]:
            found = self.phones.exchanges.get(exchange_id)
            if found is None:
                raise HTTPException(404)
            return found.dump()

        @api.post("/faults")
        async def faults(request: Request) -> dict[str, Any]:
            _own(request)
            wanted = await request.json()
            if "nlu_delay_s" in wanted:
                self.faults.nlu_delay_s = min(max(float(wanted["nlu_delay_s"]), 0.0), SLOWEST_S)
            if wanted.get("kill_redis") and self.faults.kill_redis:
                await asyncio.get_running_loop().run_in_executor(None, self.faults.kill_redis)
            return await asyncio.get_running_loop().run_in_executor(None, self._faults)

        return api

    def act(self, persona: Persona, action: dict[str, Any]) -> list[str]:
        """Do what the follower did: on their screen, and to the account."""
        world, kind = self.world, action.get("action")
        if kind == "follow":
            persona.following = True
        elif not persona.following:
            world.show(persona, {"from": "system", "kind": "event", "text": world.words["away"]})
            return []
        fields = message_fields(action)
        if fields is None:
            raise HTTPException(422)
        world.show(persona, own_item(action, world.words))
        ids = self.phones.do(
            persona,
            fields,
            copies=TWICE if action.get("copies") == TWICE else 1,
            drop_first=bool(action.get("drop_first")),
        )
        if kind == "unfollow":
            persona.following = False
        return ids


def _own(request: Request) -> None:
    """Only the page itself may act: other sites cannot set this header."""
    if request.headers.get("x-simulator") != "1":
        raise HTTPException(403)
