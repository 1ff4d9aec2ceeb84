"""The job queue: Dramatiq over Redis. A message only says “drain this lane”; SQL decides what is done."""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.redis import RedisBroker

QUEUE = "huiqiao"
DRAIN_LATE = "drain_late"
READ_PHOTOS = "read_photos"
QUICK_S = 0.5


def broker_for(url: str) -> RedisBroker:
    """A broker that fails fast: losing a nudge costs seconds, waiting for Redis would cost an answer."""
    return RedisBroker(url=url, socket_timeout=None, socket_connect_timeout=QUICK_S, middleware=[])  # type: ignore[no-untyped-call] # dramatiq leaves it untyped


def enqueue(broker: RedisBroker, actor: str) -> None:
    broker.declare_queue(QUEUE)
    broker.enqueue(dramatiq.Message(queue_name=QUEUE, actor_name=actor, args=(), kwargs={}, options={}))
