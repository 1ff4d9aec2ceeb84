"""What is measured, started as it runs in production: own processes, safe mode, SQLite, Redis, the trained model."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import yaml

from bench.load import request
from bot.models import NLU_PYTHON, nlu_environment, train_if_needed
from bot.simulator.phone import to_xml
from bot.simulator.seal import Seal, signature
from tests.support.servers import ROOT, TOKEN, free_port, real_redis, wait_for
from tests.support.storm import APP_ID, KEY, web_environment

_numbers = itertools.count(1)
SEAL = Seal(TOKEN, KEY, APP_ID)
WARM_UP_FOLLOWERS = 3000


@contextlib.contextmanager
def process(
    command: list[str], environment: dict[str, str], ready: str, *, seconds: float = 120
) -> Iterator[psutil.Process]:
    with Path(os.devnull).open("wb") as nowhere:
        child = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=nowhere, stderr=nowhere)
    try:
        wait_for(ready, seconds)
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait(30)


@contextlib.contextmanager
def our_nlu() -> Iterator[tuple[int, psutil.Process]]:
    """The shipped model."""
    model, _ = train_if_needed()
    with nlu_process(model) as running:
        yield running


@contextlib.contextmanager
def nlu_process(model: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The understanding process with any archive: its port and the process."""
    port = free_port()
    command = [str(NLU_PYTHON), "-W", "ignore", "-m", "bot.nlu.rasa_process.serve", str(model), "--port", str(port)]
    ready = f"http://127.0.0.1:{port}/status?token={TOKEN}"
    with process(command, nlu_environment() | {"NLU_TOKEN": TOKEN}, ready) as child:
        yield port, child


@contextlib.contextmanager
def our_web(folder: Path, *, nlu_url: str) -> Iterator[tuple[int, psutil.Process]]:
    from backend.store.database import Database
    from backend.store.schema import upgrade

    database = Database(f"sqlite:///{folder / 'bench.db'}")
    upgrade(database)
    database.close()
    port = free_port()
    with real_redis() as redis_url:
        environment = web_environment(
            database_url=f"sqlite:///{folder / 'bench.db'}", redis_url=redis_url, nlu_url=nlu_url, data=str(folder)
        )
        command = [sys.executable, "-m", "bot.cli", "web"]
        ready = f"http://127.0.0.1:{port}/healthz"
        with process(command, environment | {"HUIQIAO_PORT": str(port)}, ready) as child:
            yield port, child


def texts(count: int, *, mark: str = "") -> list[str]:
    """Distinct texts: training utterances of questions and searches, each with its own tail."""
    lines: list[str] = []
    for name in ("policy", "search", "conversation", "following"):
        for row in yaml.safe_load((ROOT / "nlu_data" / f"{name}.yml").read_text("utf-8"))["nlu"]:
            lines.extend(
                line[2:].replace("[", "").replace("](topic)", "").replace("](holder)", "")
                for line in row["examples"].splitlines()
            )
    salt = secrets.token_hex(2)
    return [f"{lines[number % len(lines)]} {mark}{salt}{next(_numbers)}" for number in range(count)]


def webhook_requests(port: int, contents: list[str], *, who: str = "bench") -> list[bytes]:
    """Signed and encrypted text messages, each by one of many followers whose names begin with `who`."""
    return [
        _sealed(port, {"MsgType": "text", "Content": content, "MsgId": str(10**18 + next(_numbers))}, who)
        for content in contents
    ]


def tap_requests(port: int, count: int) -> list[bytes]:
    """Signed and encrypted menu taps."""
    return [_sealed(port, {"MsgType": "event", "Event": "CLICK", "EventKey": "help"}) for _ in range(count)]


def _sealed(port: int, fields: dict[str, str], who: str = "bench") -> bytes:
    number = next(_numbers)
    head = {
        "ToUserName": "gh_bench",
        "FromUserName": f"{who}{number % WARM_UP_FOLLOWERS:06d}",
        "CreateTime": int(time.time()) - number % 500,
    }
    if fields["MsgType"] == "event":
        fields = {**fields, "Ticket": str(number)}
    sealed = SEAL.close(to_xml({**head, **fields}))
    stamp, nonce = str(int(time.time())), str(number)
    proof = signature(TOKEN, stamp, nonce, sealed)
    body = f"<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
    path = f"/wechat?timestamp={stamp}&nonce={nonce}&encrypt_type=aes&msg_signature={proof}"
    return request(port, path, body)


def parse_requests(port: int, contents: list[str]) -> list[bytes]:
    path = f"/model/parse?token={TOKEN}"
    return [
        request(port, path, json.dumps({"text": content}).encode(), content_type="application/json")
        for content in contents
    ]


def megabytes(child: psutil.Process) -> float:
    """Resident memory of a process and its children."""
    family = [child, *child.children(recursive=True)]
    return float(round(sum(member.memory_info().rss for member in family) / 2**20, 1))
