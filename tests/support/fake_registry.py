"""A small register behind HTTP that keeps docs/registry-bridge.yaml, and can be told to break it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from backend.domain.registry import PatentRecord

TOKEN = "bridge-token"


class Trouble(StrEnum):
    BUSY = "busy"
    BROKEN = "broken"
    SLOW = "slow"
    DRIPPING = "dripping"
    HANGS_UP = "hangs_up"
    HTML = "html"
    PLAIN_404 = "plain_404"
    OTHER_NUMBER = "other_number"
    NO_STATUS = "no_status"
    STRANGE_STATUS = "strange_status"
    BAD_DAY = "bad_day"
    REDIRECT = "redirect"
    HUGE = "huge"


def as_json(record: PatentRecord) -> dict[str, Any]:
    assert record.as_of is not None
    return {
        "number": record.number,
        "title": record.title,
        "kind": record.kind,
        "filed_on": record.filed_on and record.filed_on.isoformat(),
        "granted_on": record.granted_on and record.granted_on.isoformat(),
        "holders": list(record.holders),
        "ipc_main": record.ipc_main,
        "abstract": record.abstract,
        "status": record.status,
        "annuity_paid_until": record.annuity_paid_until and record.annuity_paid_until.isoformat(),
        "source": record.source,
        "as_of": record.as_of.isoformat(),
    }


@dataclass
class FakeRegister:
    """`troubles` are used up one a question; `asked` counts the questions that reached it."""

    address: str = ""
    records: dict[str, PatentRecord] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    asked: int = 0
    slow_s: float = 3.0

    def put(self, record: PatentRecord) -> None:
        self.records[record.number] = record


_CHANGES: dict[Trouble, dict[str, Any]] = {
    Trouble.OTHER_NUMBER: {"number": "202010000000.1"},
    Trouble.STRANGE_STATUS: {"status": "perfectly_fine"},
    Trouble.BAD_DAY: {"filed_on": "2021-02-30"},
}


@contextlib.contextmanager
def serving_register() -> Iterator[FakeRegister]:
    """On a real socket; it forgets when the block ends."""
    register = FakeRegister()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            register.asked += 1
            trouble = register.troubles.pop(0) if register.troubles else None
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self.say(401, b"{}")
            if not self.path.startswith("/v1/patents/"):
                return self.say(404, b"{}")
            return self.answer(unquote(self.path.removeprefix("/v1/patents/")), trouble)

        def answer(self, number: str, trouble: Trouble | None) -> None:
            record = register.records.get(number)
            content = as_json(record) if record else {"known": False}
            status = 200 if record else 404
            match trouble:
                case Trouble.BUSY | Trouble.BROKEN:
                    return self.say(429 if trouble is Trouble.BUSY else 500, b"")
                case Trouble.SLOW:
                    time.sleep(register.slow_s)
                case Trouble.HANGS_UP:
                    self.close_connection = True
                    return None
                case Trouble.HTML:
                    return self.say(200, b"<html>Welcome</html>")
                case Trouble.PLAIN_404:
                    return self.say(404, b"nothing here")
                case Trouble.REDIRECT:
                    self.send_response(302)
                    self.send_header("Location", f"/v1/patents/{number}")
                    self.end_headers()
                    return None
                case Trouble.HUGE:
                    return self.say(200, b" " * 1_000_000)
                case Trouble.NO_STATUS:
                    content.pop("status", None)
                case _:
                    content |= _CHANGES.get(trouble, {}) if trouble else {}
            return self.say(status, json.dumps(content).encode(), drip=trouble is Trouble.DRIPPING)

        def say(self, status: int, body: bytes, *, drip: bool = False) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # the asker has given up
                for start in range(0, len(body), 1 if drip else len(body) or 1):
                    self.wfile.write(body[start : start + (1 if drip else len(body))])
                    if drip:
                        time.sleep(0.05)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    register.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield register
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
