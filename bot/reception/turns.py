"""Whose turn it is: one follower's messages strictly in order of arrival, without holding a thread.

The truth is `follower.answered_sequence` in SQL, so the order holds over any number of processes. Inside one process an
answer wakes those who wait for it; across processes they look again every so often.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

LOOK_S = 0.08


class Turns:
    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = defaultdict(set)

    async def wait(self, openid: str) -> None:
        """Until somebody answered this follower here, or it is time to look in SQL again."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[openid].add(future)
        try:
            await asyncio.wait_for(future, LOOK_S)
        except TimeoutError:
            pass
        finally:
            self._waiting[openid].discard(future)
            if not self._waiting[openid]:
                del self._waiting[openid]

    def answered(self, openid: str) -> None:
        for future in self._waiting.get(openid, ()):
            if not future.done():
                future.set_result(None)
