"""The web process: the platform's door, health, metrics, and in the demonstration the phone page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.console.app import console
from backend.domain.handoffs import OpeningHours
from backend.domain.reply import Reply
from backend.services.alerts.round import pulse
from backend.services.declarations.papers import PressRoom
from backend.services.declarations.tables import Tables
from backend.services.window import Window
from backend.services.writing import DatabaseUnreachable, OperationalError, Writer
from bot.assembly import Assembly
from bot.dialogue.incoming import Incoming
from bot.h5.forms.app import Forms
from bot.h5.forms.door import Place
from bot.h5.window import OpenWindow
from bot.jobs import DRAIN_LATE, READ_PHOTOS, broker_for, enqueue
from bot.models import current_model
from bot.reception.metrics import ALERTS_AT, SAVED_QUERIES
from bot.reception.options import Options
from bot.reception.reception import Reception
from bot.reception.rendering import Renderer
from bot.settings import Settings
from bot.simulator.app import Faults, Simulator
from bot.wechat.menu import load_menu
from bot.wechat.visitors import OPEN, SCRIPTS, PlatformVisitors
from bot.wechat.webhook import Webhook

SWEEP_S = 2.0
PAGE_CACHE_MB = 2  # the rows of the followers at hand; eleven connections of 32 MB would not fit the office's machine
log = structlog.get_logger()


class Nudge:
    """Tells a worker that something is due. Without Redis the worker's own sweep finds it a little later."""

    def __init__(self, redis_url: str) -> None:
        self._broker = broker_for(redis_url) if redis_url else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="nudge")

    def late(self) -> None:
        self._nudge(DRAIN_LATE)

    def photos(self) -> None:
        self._nudge(READ_PHOTOS)

    def _nudge(self, actor: str) -> None:
        if self._broker:
            self._thread.submit(self._send, self._broker, actor)

    @staticmethod
    def _send(broker: RedisBroker, actor: str) -> None:
        with contextlib.suppress(redis.RedisError):
            enqueue(broker, actor)


class Door:
    """The outermost layer: the platform's posts go straight to the webhook, past what pages and APIs need."""

    def __init__(self, app: ASGIApp, webhook: Webhook) -> None:
        self.app, self.webhook = app, webhook

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/wechat" and scope["method"] in {"GET", "POST"}:
            response = await self.webhook.handle(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """The application with everything it needs; closed again when it stops."""
    parts = Assembly(settings, page_cache_mb=PAGE_CACHE_MB)
    simulator: Simulator | None = None

    async def receive_later(incoming: Incoming) -> Reply:
        reception: Reception = app.state.reception  # stands once the application has started
        return await reception.receive(incoming)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        writer = Writer(parts.database)
        nudge = Nudge(settings.redis_url)
        commands, words = parts.texts.commands, parts.texts.answers
        purposes = {template_id: held.purpose for template_id, held in parts.forms.subscriptions().items()}
        options = Options(settings.wechat_staff_chat, OpeningHours(), commands, words, pages.links, purposes)
        understander = simulator.slowed(parts.understander) if simulator else parts.understander
        reception = Reception(
            desk=parts.desk,
            writer=writer,
            understander=understander,
            renderer=Renderer(parts.texts),
            clock=parts.clock,
            options=options,
            nudge=nudge.late,
            nudge_photos=nudge.photos,
        )
        app.state.reception = reception
        sweeping = asyncio.create_task(_sweep_forever(reception))
        if simulator:
            await simulator.start()
        yield
        sweeping.cancel()
        if simulator:
            await simulator.close()
        await reception.close()
        writer.close()
        await parts.rasa.close()
        parts.database.close()

    app = FastAPI(title="慧桥", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    webhook = Webhook(token=settings.token, mode=settings.mode, crypt=parts.crypt, receive=receive_later)
    app.add_middleware(Door, webhook=webhook)
    _add_operations(app, parts)
    app.mount("/console", console(parts.console_house))
    pages = forms(parts)
    pages.mount(app)
    window = Window(parts.database, parts.index, parts.clock, demonstration=parts.demonstration)
    OpenWindow(window, settings.public_url).mount(app, home=settings.is_live)
    if not settings.is_live:
        simulator = Simulator(
            callback_url=f"http://127.0.0.1:{settings.huiqiao_port}/wechat",
            token=settings.token,
            aes_key=settings.aes_key,
            app_id=settings.app_id,
            safe=settings.mode != "plain",
            menu=load_menu(),
            templates=parts.forms.shapes(),
            titles={template_id: held.title for template_id, held in parts.forms.by_id().items()},
            events=parts.doors,
            faults=Faults(kill_redis=_kill_redis(settings.redis_url), redis_up=_redis_up(settings.redis_url)),
        )
        simulator.mount(app)
        app.state.simulator = simulator

        @app.get("/", include_in_schema=False)
        async def home() -> RedirectResponse:
            return RedirectResponse("/simulator")

    return app


def forms(parts: Assembly) -> Forms:
    """Followers' pages over the flows of the chat."""
    settings = parts.settings
    place = Place(
        public_url=settings.public_url.rstrip("/"),
        authorize_url=OPEN if settings.is_live else f"{settings.public_url.rstrip('/')}/simulator/platform",
        app_id=settings.app_id,
        secret=settings.huiqiao_secret_key.get_secret_value(),
        scripts_url=SCRIPTS if settings.is_live else "/simulator/page/jweixin.js",
    )
    visitors, proofs = PlatformVisitors(parts.platform), settings.huiqiao_data / "mp_verify"
    reads = parts.understander.read_plainly
    return Forms(
        place,
        parts.desk,
        parts.clock,
        parts.texts,
        reads,
        visitors,
        proofs,
        PressRoom(),
        parts.cabinet,
        Tables(parts.database, parts.clock),
        parts.forms.offered(),
    )


async def _sweep_forever(reception: Reception) -> None:
    while True:
        await asyncio.sleep(SWEEP_S)
        try:
            await reception.sweep()
        except Exception as error:  # noqa: BLE001 the next round tries again
            log.warning("sweep.failed", error=type(error).__name__)


def _redis_up(url: str) -> Callable[[], bool]:
    def up() -> bool:
        if not url:
            return False
        try:
            with contextlib.closing(
                redis.Redis.from_url(url, socket_timeout=0.3, socket_connect_timeout=0.3)
            ) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    return up


def _kill_redis(url: str) -> Callable[[], None] | None:
    """Only the bundled Redis of the demonstration, on its own socket, may be killed from the phone page."""
    if not url.startswith("unix://"):
        return None

    def kill() -> None:
        with contextlib.suppress(redis.RedisError), contextlib.closing(redis.Redis.from_url(url)) as client:
            client.shutdown(nosave=True)

    return kill


def _add_operations(app: FastAPI, parts: Assembly) -> None:
    settings = parts.settings
    redis_up = _redis_up(settings.redis_url)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> Response:
        loop = asyncio.get_running_loop()
        database, has_redis, nlu = await asyncio.gather(
            loop.run_in_executor(None, parts.database.reachable),
            loop.run_in_executor(None, redis_up),
            parts.understander.healthy(),
        )
        making = not nlu and not current_model().exists()
        degraded = [name for name, fine in (("redis", has_redis), ("nlu", nlu)) if not fine]
        body = {
            "status": "ready" if database and not making else "unready",
            "database": database,
            "redis": has_redis,
            "nlu": nlu,
            "degraded": degraded,
        }
        return JSONResponse(body, 200 if database and not making else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics(_request: Request) -> Response:
        with contextlib.suppress(DatabaseUnreachable, OperationalError):  # the other numbers are told all the same
            beat = await asyncio.get_running_loop().run_in_executor(None, pulse, parts.database)
            ALERTS_AT.set(beat.beat_at.timestamp() if beat.beat_at else 0)
            SAVED_QUERIES.set(beat.saved)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
