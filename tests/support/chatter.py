"""Followers who go on writing while something else is tested: a few messages a second, every one posted until it is taken."""

from __future__ import annotations

import asyncio
import random
import statistics
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import aiohttp

from tests.support.storm import WORDS, Storm

PAUSE_S = 0.2
CLIENTS = 4
TRIES = 300  # a minute: processes start slowly while everything is busy


@dataclass
class Chatter:
    """From `with` to its end. `took_s` is how long each message waited for its answer, posts to the dead included."""

    ports: list[int]
    openids: list[str]
    said: int = 0
    took_s: list[float] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def p95_ms(self) -> float:
        return statistics.quantiles(self.took_s, n=20)[-1] * 1000 if len(self.took_s) > 1 else 0.0

    async def _all(self) -> None:
        self._storm = Storm(self.ports)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
            await asyncio.gather(*(self._one(session, number) for number in range(CLIENTS)))

    async def _one(self, session: aiohttp.ClientSession, number: int) -> None:
        dice = random.Random(number)
        while not self._over.is_set():
            self.said += 1
            mine, openid = self.said, self.openids[self.said % len(self.openids)]
            query, body = self._storm.dressed(self._storm.message(openid, dice.choice(WORDS), mine))
            began = time.monotonic()
            await self._storm.post(session, f"m:{mine}", query, body, dice, TRIES)
            self.took_s.append(time.monotonic() - began)
            await asyncio.sleep(PAUSE_S)
