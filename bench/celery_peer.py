"""The same sends by Celery with its defaults: one task a message, the message posted over a kept connection.

It keeps no ledger: a message that its worker was killed over is gone, or, acknowledged late, sent twice.
"""

from __future__ import annotations

import os

import requests
from celery import Celery

app = Celery("bench.celery_peer", broker=os.environ["BENCH_BROKER"])
PLATFORM = os.environ["BENCH_PLATFORM"]
session = requests.Session()


@app.task  # type: ignore[untyped-decorator] # Celery is untyped
def send(openid: str, text: str) -> None:
    body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
    session.post(f"{PLATFORM}/cgi-bin/message/custom/send?access_token=bench-token", json=body, timeout=9)
