"""A platform that answers at once, for measuring what stands before it: a bare HTTP server in a process of its own.

It writes down every message it took, one JSON line each (path, openid, text or key), to the file named on the command
line, and answers as the platform does. `python -m tests.support.fast_platform PORT FILE [SECONDS]`; with SECONDS each answer
takes up to so long, and the message is on the way meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import IO, Any

import uvloop

TOKEN = json.dumps({"access_token": "bench-token", "expires_in": 7200}).encode()


class Client(asyncio.Protocol):
    """One kept connection. Requests come one after the other, each with a Content-Length."""

    taken = 0

    def __init__(self, record: IO[str], takes_s: float) -> None:
        self.record, self.held, self.takes_s = record, b"", takes_s

    def connection_made(self, transport: Any) -> None:  # uvloop's own kind of transport
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            head = self.held[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.held) < end + 4 + length:
                return
            path = self.held.split(b" ", 2)[1].split(b"?", 1)[0].decode()
            body = self.held[end + 4 : end + 4 + length]
            self.held = self.held[end + 4 + length :]
            self.answer(path, body)

    def answer(self, path: str, body: bytes) -> None:
        if path.endswith("stable_token"):
            said = TOKEN
        elif path.startswith("/cgi-bin/message"):
            asked = json.loads(body)
            Client.taken += 1
            what = asked.get("text", {}).get("content") or asked.get("client_msg_id", "")
            self.record.write(json.dumps([path, asked["touser"], what], ensure_ascii=False) + "\n")
            self.record.flush()
            named = {} if path.endswith("custom/send") else {"msgid": Client.taken}
            said = json.dumps({"errcode": 0, "errmsg": "ok", **named}).encode()
        else:
            said = b"{}"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        answer = head + str(len(said)).encode() + b"\r\n\r\n" + said
        if self.takes_s:
            wait = random.uniform(0, self.takes_s)
            asyncio.get_running_loop().call_later(wait, self.transport.write, answer)
        else:
            self.transport.write(answer)


async def serve(port: int, file: Path, takes_s: float) -> None:
    with file.open("a", encoding="utf-8") as record:
        server = await asyncio.get_running_loop().create_server(lambda: Client(record, takes_s), "127.0.0.1", port)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0))
