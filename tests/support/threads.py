"""Many at once: threads that start together, and what each brought home."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def together(count: int, work: Callable[[int], T]) -> list[T]:
    """Run `work(0)`, `work(1)`, … in as many threads, from one start signal. Raises what any of them raised."""
    start = threading.Barrier(count)

    def one(number: int) -> T:
        start.wait(timeout=20)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))
