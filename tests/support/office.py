"""A whole office in one process: web on a real socket, simulator as the platform, and a phone to talk with."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from backend.demonstration.events import load_events
from backend.demonstration.load import load_demonstration
from backend.demonstration.register import load_register
from backend.outreach.sending import drain
from backend.search.indexer import Indexer
from backend.store.schema import upgrade
from bot.assembly import Assembly
from bot.main import create_app
from bot.settings import Settings
from bot.texts import Texts
from tests.support.servers import TOKEN, free_port, serving

PATIENCE_S = 12.0


@dataclass
class Phone:
    """One follower's phone on the simulator. `say` returns what the account answered, in words."""

    base: str
    id: str
    exchanges: list[dict[str, Any]] = field(default_factory=list)

    def do(self, action: str, *, wait: bool = True, **more: Any) -> list[str]:
        """Act, wait until the platform is done, return the texts the account sent meanwhile."""
        before = self.last
        ids = call(self.base, f"/personas/{self.id}/actions", {"action": action, **more})["exchanges"]
        if not wait:
            return []
        end = time.monotonic() + PATIENCE_S + 10
        while time.monotonic() < end:
            self.exchanges = [call(self.base, f"/exchanges/{exchange}") for exchange in ids]
            if all(exchange["verdict"] != "running" for exchange in self.exchanges):
                break
            time.sleep(0.01)
        return self.heard(before)

    def say(self, text: str, **more: Any) -> str:
        return "\n".join(self.do("say", text=text, **more))

    def tap(self, key: str) -> str:
        return "\n".join(self.do("tap", key=key))

    @property
    def last(self) -> int:
        return int(call(self.base, f"/personas/{self.id}/messages")["last"])

    def heard(self, after: int = 0) -> list[str]:
        """What the account sent since: passive replies and customer-service messages."""
        items = call(self.base, f"/personas/{self.id}/messages?after={after}")["items"]
        return [item.get("text", "") for item in items if item["from"] == "account"]

    def items(self) -> list[dict[str, Any]]:
        return list(call(self.base, f"/personas/{self.id}/messages")["items"])

    @property
    def verdicts(self) -> list[str]:
        return [exchange["verdict"] for exchange in self.exchanges]


@dataclass
class Office:
    address: str
    parts: Assembly
    simulator: Any

    def phone(self) -> Phone:
        base = f"{self.address}/simulator"
        return Phone(base, call(base, "/personas", {})["id"])

    def deliver(self) -> int:
        """What a worker does: send everything that is due."""
        return drain(self.parts.database, self.parts.sender, self.parts.clock)

    def deliver_soon(self, seconds: float = 8.0) -> int:
        """Deliver as soon as something is due. Raises AssertionError when nothing becomes due."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if handled := self.deliver():
                return handled
            time.sleep(0.05)
        raise AssertionError("nothing became due")

    @property
    def texts(self) -> Texts:
        return self.parts.texts


def call(base: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{base}{path}", data=data, headers={"X-Simulator": "1", "Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=40) as answer:
        return json.load(answer)


@contextlib.contextmanager
def open_office(
    folder: Path, *, nlu_url: str, redis_url: str = "", demonstration: bool = True, **changes: Any
) -> Iterator[Office]:
    """An office with its own data folder; with the demonstration pool unless told otherwise."""
    port = free_port()
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg] # pydantic's own
        huiqiao_data=folder,
        huiqiao_port=port,
        nlu_url=nlu_url,
        nlu_token=SecretStr(TOKEN),
        redis_url=redis_url,
        **changes,
    )
    parts = Assembly(settings)
    upgrade(parts.database)
    if demonstration:
        load_demonstration(parts.database, parts.clock)
        load_register(parts.database, parts.clock)
        load_events(parts.database, parts.clock)
    indexer = Indexer(parts.database, parts.index, parts.clock, demonstration=parts.demonstration)
    indexer.sync()
    indexer.close()
    app = create_app(settings)
    with serving(app, port) as address:
        yield Office(address, parts, app.state.simulator)
    parts.database.close()
