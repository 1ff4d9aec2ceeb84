"""The understanding process over HTTP: one pooled connection set, a short limit, a breaker that stops asking the dead.

While the breaker is open no follower waits: a sentence of ours asks once a second, and the first reading opens the way again.
So a process that came back, or that only hung on some messages, is used again at once, and nobody's message is the trial.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp

from bot.dialogue.meaning import Entity, Intent, Span

LIMIT_S = 1.5
SPREAD = 0.7  # those who began to hang at one moment must not all give up at one moment
FAILURES_TO_OPEN = 6
SILENCE_S = 1.0
PROBE_S = 1.0
MOST_CONNECTIONS = 128
CANARY, CANARY_INTENT = "武汉有没有免费的锂电池回收专利", Intent.SEARCH_PATENT


class NluUnavailable(Exception):
    """No reading could be had in time; the reason is a short code, never the text."""


class Breaker:
    """Opens after failures in a row and a second without a reading."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures = 0
        self._last_success = float("-inf")

    @property
    def is_open(self) -> bool:
        """A few messages that hang while others are read are no outage: it takes silence as well as failures."""
        return self._failures >= FAILURES_TO_OPEN and self._now() - self._last_success >= SILENCE_S

    def succeeded(self) -> None:
        self._failures = 0
        self._last_success = self._now()

    def failed(self) -> None:
        self._failures += 1


Reading = tuple[Intent, float, tuple[tuple[Intent, float], ...], tuple[Entity, ...]]


class Address:
    """Where to ask: `home`, or the port of this machine that the file `moved` names after a promotion.

    Looked at for every message: it costs a few microseconds, and no message starts towards a process that is to stop.
    """

    def __init__(self, home: str, moved: Path | None = None) -> None:
        self.home, self.moved = home.rstrip("/"), moved
        self._seen: tuple[int, int] | None = None
        self._url = self.home

    def now(self) -> str:
        if self.moved is None:
            return self.home
        try:
            stat = self.moved.stat()
            if self._seen != (seen := (stat.st_ino, stat.st_mtime_ns)):
                self._url, self._seen = f"http://127.0.0.1:{int(self.moved.read_text('ascii'))}", seen
        except (OSError, ValueError):
            self._url, self._seen = self.home, None
        return self._url


class RasaClient:
    """Asks `POST /model/parse`. The token travels in the query, as Rasa wants it, on loopback only."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        moved: Path | None = None,
        limit_s: float = LIMIT_S,
        breaker: Breaker | None = None,
    ) -> None:
        self.address, self.token, self.limit_s = Address(url, moved), token, limit_s
        self.breaker = breaker or Breaker()
        self._session: aiohttp.ClientSession | None = None
        self._probing: asyncio.Task[None] | None = None

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS), auto_decompress=False
            )
        return self._session

    async def parse(self, text: str) -> Reading:
        """Raises NluUnavailable; never anything else."""
        if self.breaker.is_open:
            self._probe()
            raise NluUnavailable("breaker_open")
        return await self._tried(text)

    async def _tried(self, text: str) -> Reading:
        """One try, of which the breaker learns. Raises NluUnavailable."""
        try:
            async with asyncio.timeout(self.limit_s * random.uniform(SPREAD, 1)):  # noqa: S311 no secret
                reading = await self._ask(text)
        except NluUnavailable:
            self.breaker.failed()
            raise
        except TimeoutError:
            self.breaker.failed()
            raise NluUnavailable("timeout") from None
        except aiohttp.ClientError:
            self.breaker.failed()
            raise NluUnavailable("connection") from None  # the cause quotes the address with its token
        self.breaker.succeeded()
        return reading

    def _probe(self) -> None:
        if self._probing is None or self._probing.done():
            self._probing = asyncio.get_running_loop().create_task(self._try_until_it_answers())

    async def _try_until_it_answers(self) -> None:
        while True:
            with contextlib.suppress(NluUnavailable):
                await self._tried(CANARY)
                return
            await asyncio.sleep(PROBE_S)

    async def _ask(self, text: str) -> Reading:
        body = json.dumps({"text": guard(text)}).encode()
        url = f"{self.address.now()}/model/parse"
        async with self._http().post(url, params={"token": self.token}, data=body) as response:
            if response.status != 200:  # noqa: PLR2004 HTTP
                raise NluUnavailable(f"status_{response.status}")
            content = await response.read()
        try:
            return read_reading(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            raise NluUnavailable("wrong_json") from None

    async def model(self) -> str:
        """The id of the loaded model, or the empty string."""
        return await self._status("model_id")

    async def archive(self) -> str:
        """The file name of the loaded archive, or the empty string."""
        return await self._status("model_file")

    async def _status(self, name: str) -> str:
        url = f"{self.address.now()}/status"
        try:
            async with (
                asyncio.timeout(self.limit_s),
                self._http().get(url, params={"token": self.token}) as response,
            ):
                return str((await response.json(content_type=None)).get(name, "")) if response.ok else ""
        except (TimeoutError, aiohttp.ClientError, ValueError, AttributeError):
            return ""

    async def close(self) -> None:
        if self._probing:
            self._probing.cancel()
        if self._session:
            await self._session.close()
            self._session = None


def guard(text: str) -> str:
    """What Rasa may be given: white space collapsed, and no leading “/”, which it would take for a command."""
    collapsed = " ".join(text.split())
    return "／" + collapsed[1:] if collapsed.startswith("/") else collapsed


def read_reading(answer: dict[str, Any]) -> Reading:
    """Only intents of our own; on overlapping entities the lookup wins over the CRF and the longest span comes first."""
    known = set(Intent)
    ranking = tuple(
        (Intent(row["name"]), float(row["confidence"])) for row in answer["intent_ranking"] if row["name"] in known
    )
    name, confidence = answer["intent"]["name"], float(answer["intent"]["confidence"])
    intent = Intent(name) if name in known else Intent.OUT_OF_SCOPE
    spans = sorted(
        answer["entities"],
        key=lambda row: (row.get("extractor") != "RegexEntityExtractor", row["start"] - row["end"], row["start"]),
    )
    kept: list[Entity] = []
    for row in spans:
        span = Span(int(row["start"]), int(row["end"]))
        if all(span.end <= other.span.start or other.span.end <= span.start for other in kept):
            kept.append(Entity(str(row["entity"]), str(row["value"]), span))
    return (
        intent,
        confidence if name in known else 0.0,
        ranking,
        tuple(sorted(kept, key=lambda found: found.span.start)),
    )
