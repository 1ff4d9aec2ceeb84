"""A light HTTP load on loopback: prepared requests over kept connections, closed loop or at a fixed rate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True, slots=True)
class Figures:
    """`rate` in answers a second; percentiles in milliseconds; `bad` answers were not 200 or not what was expected."""

    rate: float
    p50: float
    p95: float
    p99: float
    longest: float
    answers: int
    bad: int


def request(port: int, path: str, body: bytes, *, content_type: str = "text/xml") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[bool, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    fine = head.split(b" ", 2)[1] == b"200"
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        body = await reader.readexactly(int(lower[at + 15 : lower.index(b"\r", at)]))
        if head.startswith(b"HTTP/1.0"):
            await reader.read()
        return fine, body
    if b"transfer-encoding: chunked" not in lower:  # until the server closes
        return fine, await reader.read()
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return fine, body


async def _drive(port: int, requests: Sequence[bytes], clients: int, seconds: float, must: bytes | None) -> Figures:
    waiting = iter(requests)
    times: list[float] = []
    bad = 0
    end = time.perf_counter() + seconds

    async def client() -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for prepared in waiting:
            began = time.perf_counter()
            if began > end:
                break
            if reader.at_eof():  # a server of HTTP/1.0 closes after each answer
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(prepared)
            fine, body = await _answer(reader)
            times.append(time.perf_counter() - began)
            bad += not fine or (must is not None and must not in body)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return _figures(times, time.perf_counter() - began, bad)


async def _paced(port: int, requests: Sequence[bytes], rate: float, must: bytes | None) -> Figures:
    times: list[float] = []
    bad = 0
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(64):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def one(prepared: bytes, due: float) -> None:
        nonlocal bad
        connection = await idle.get()
        connection[1].write(prepared)
        fine, body = await _answer(connection[0])
        times.append(time.perf_counter() - due)  # from when it was due: a stall counts for all it delays
        bad += not fine or (must is not None and must not in body)
        idle.put_nowait(connection)

    began = time.perf_counter()
    tasks = []
    for number, prepared in enumerate(requests):
        due = began + number / rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        tasks.append(asyncio.create_task(one(prepared, due)))
    await asyncio.gather(*tasks)
    return _figures(times, time.perf_counter() - began, bad)


def _figures(times: list[float], lasted: float, bad: int) -> Figures:
    ordered = sorted(times)

    def at(share: float) -> float:
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 2) if ordered else 0.0

    return Figures(round(len(times) / lasted, 1), at(0.5), at(0.95), at(0.99), at(1.0), len(times), bad)


def drive(
    port: int, requests: Sequence[bytes], *, clients: int, seconds: float = 4.0, must: bytes | None = None
) -> Figures:
    """As many as `clients` can get answered in the time."""
    return uvloop.run(_drive(port, requests, clients, seconds, must))


def paced(port: int, requests: Sequence[bytes], *, rate: float, must: bytes | None = None) -> Figures:
    """Open loop: one request every 1/rate seconds, whatever the answers do."""
    return uvloop.run(_paced(port, requests, rate, must))
