"""A table of 500 patents, uploaded on its page, submitted and verified by a worker, while followers ask questions at a steady pace."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import openpyxl

from backend.domain.clock import SystemClock
from backend.domain.declarations import State
from backend.domain.tables import MOST_ROWS, TableStatus
from backend.services.declarations.office import bind_institution
from backend.services.pool.rows import table_row
from backend.services.pool.table_file import columns
from backend.store.database import Database
from bench.load import Figures, drive, paced
from bench.office import our_nlu, our_web, texts, webhook_requests
from bot.h5.forms.door import SESSION
from bot.h5.identity import Key, Sessions
from tests.support.builders import make_listing, make_record
from tests.support.servers import ROOT
from tests.support.storm import web_environment

OFFICER, SCHOOL, SECRET = "officer", "江城测试大学", "storm-secret"
RATE = 20  # messages a second: 1,200 a minute, far more than a province writes
CHAT_S = 25
LATEST_S = 90.0


def workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([column["header"] for column in columns()])
    for serial in range(1, MOST_ROWS + 1):
        listing = make_listing(
            serial, track="statutory", granted_on=datetime(2023, 6, 2, tzinfo=UTC).date(), holders=(SCHOOL,)
        )
        sheet.append([str(value) for value in table_row(listing)])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def furnish(database: Database) -> None:
    """An institution with an officer, and a register that knows every patent of the table as good."""
    now = SystemClock().now()
    with database.write() as uow:
        answers = {"institution": SCHOOL, "credit_code": "91350200MA2YJ1XR9G", "contact_name": "李老师"}
        bind_institution(uow, openid=OFFICER, answers=answers, at=now)
        records = [make_record(serial, as_of=now, holders=(SCHOOL,)) for serial in range(1, MOST_ROWS + 1)]
        uow.registry.put(records, loaded_at=now)


def upload(port: int, content: bytes) -> Callable[[], httpx.Response]:
    """Send it as the page does; what confirms it."""
    sessions = Sessions(Key(SECRET))
    cookie = sessions.open(OFFICER, SystemClock().now())
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies={SESSION: cookie}, timeout=60)
    token = re.search(r'name="token" value="([0-9a-f]{64})"', client.get("/h5/table").text)
    assert token
    data = {"token": token[1]}
    answer = client.post("/h5/table", data=data, files={"file": ("500.xlsx", content)})
    page = client.get(answer.headers["location"])
    action = re.search(r'action="(/h5/table/[^"]+/confirm)"', page.text)
    assert action, page.text
    return lambda: client.post(action[1], data=data)


def wait_until_verified(database: Database) -> float:
    """Seconds; raises AssertionError where it takes far too long."""
    began = time.perf_counter()
    while time.perf_counter() - began < LATEST_S:
        with database.read() as uow:
            if uow.table_uploads.of(OFFICER)[0].status is TableStatus.VERIFIED:
                return time.perf_counter() - began
        time.sleep(0.1)
    raise AssertionError("not verified")


def tables_table(folder: Path) -> tuple[list[list[str]], list[str]]:
    url = f"sqlite:///{folder / 'bench.db'}"
    content = workbook()
    with our_nlu() as (nlu_port, _), our_web(folder, nlu_url=f"http://127.0.0.1:{nlu_port}") as (port, _):
        database = Database(url)
        furnish(database)
        drive(port, webhook_requests(port, texts(300)), clients=4, seconds=3)
        alone = paced(port, webhook_requests(port, texts(RATE * 8)), rate=RATE)
        environment = web_environment(
            database_url=url, redis_url="", nlu_url=f"http://127.0.0.1:{nlu_port}", data=str(folder)
        )
        worker = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "worker"],
            cwd=ROOT,
            env=os.environ | environment,
            stderr=subprocess.DEVNULL,
        )
        chatting: list[Figures] = []
        requests = webhook_requests(port, texts(RATE * CHAT_S))
        chat = threading.Thread(target=lambda: chatting.append(paced(port, requests, rate=RATE)))
        try:
            time.sleep(6)  # until the worker stands
            chat.start()
            began = time.perf_counter()
            confirm = upload(port, content)
            checked = time.perf_counter() - began
            confirm()
            verified = wait_until_verified(database)
            chat.join()
        finally:
            worker.terminate()
            worker.wait(30)
        with database.read() as uow:
            good = len(uow.declarations.in_states({State.FIRST_VERIFIED}, limit=1000))
        database.close()
    beside = chatting[0]
    table = [["what", "seconds", "p50 ms", "p95", "p99", "longest", "bad"]]
    for name, lasted, figures in (
        (f"{RATE} messages a second alone", "–", alone),
        (f"{RATE} messages a second beside {MOST_ROWS} rows", "–", beside),
    ):
        table.append(
            [
                name,
                lasted,
                *(f"{value:.0f}" for value in (figures.p50, figures.p95, figures.p99, figures.longest)),
                str(figures.bad),
            ]
        )
    table.append([f"{MOST_ROWS} rows uploaded and checked on the page", f"{checked:.1f}", "–", "–", "–", "–", "–"])
    table.append(
        [
            f"{MOST_ROWS} rows submitted and verified by a worker",
            f"{verified:.1f}",
            "–",
            "–",
            "–",
            "–",
            str(MOST_ROWS - good),
        ]
    )
    notes = [
        f"{MOST_ROWS} rows checked, submitted and verified in {checked + verified:.1f} s (goal < 20)",
        f"followers meanwhile p95 {beside.p95:.0f} ms (goal < 150), alone {alone.p95:.0f} ms",
    ]
    return table, notes
