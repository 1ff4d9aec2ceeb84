"""The platform's memory and rules: followers, customer-service windows, tokens, menu, media. No HTTP here."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

TOKEN_LASTS_S = 7200
LONG = (5, 48 * 3600.0)
SHORT = (3, 60.0)
TEXT_BYTES = 2048
COLUMNS, BUTTONS, COLUMN_BYTES, BUTTON_BYTES = 3, 5, 16, 60
OPENS_LONG = {"text", "image", "voice", "video", "location", "link"}
OPENS_SHORT = {"CLICK", "subscribe", "SCAN", "scancode_push", "scancode_waitmsg"}


class Refusal(Exception):
    """The platform's own error code."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(f"{code} {message}")


@dataclass(slots=True)
class Persona:
    id: str
    name: str
    description: str
    openid: str
    following: bool = True
    window_left: int = 0
    window_until: float = 0.0
    items: list[dict[str, Any]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class World:
    """One account and its followers. `now` is the world's own clock."""

    def __init__(self, *, app_id: str, secret: str = "demo", now: Callable[[], float] = time.time) -> None:  # noqa: S107 the fake's own
        self.app_id, self.secret, self.now = app_id, secret, now
        self.words: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "world.yml").read_text("utf-8"))
        self.personas: dict[str, Persona] = {}
        self.tokens: dict[str, float] = {}
        self.token_fetches = 0
        self.menu: list[dict[str, Any]] = []
        self.media: dict[str, tuple[str, bytes]] = {}
        self.refuse_next: dict[str, list[int]] = {}
        self.received: list[dict[str, Any]] = []
        for row in self.words["personas"]:
            self._add(row["id"], row["name"], row["description"], following=row.get("following", True))

    # people

    def _add(self, persona_id: str, name: str, description: str, *, following: bool) -> Persona:
        openid = f"o{secrets.token_urlsafe(20).replace('-', 'A').replace('_', 'B')}"[:28]
        persona = Persona(persona_id, name, description, openid, following)
        self.personas[persona_id] = persona
        return persona

    def fresh(self) -> Persona:
        number = len(self.personas) + 1
        words = self.words["fresh"]
        return self._add(f"fresh-{number}", f"{words['name']}{number}", words["description"], following=True)

    def by_openid(self, openid: str) -> Persona | None:
        return next((persona for persona in self.personas.values() if persona.openid == openid), None)

    def show(self, persona: Persona, item: dict[str, Any]) -> None:
        """Put something on the persona's screen."""
        stamp = datetime.fromtimestamp(self.now(), UTC).isoformat()
        persona.items.append({"id": len(persona.items) + 1, "at": stamp, **item})
        persona.changed.set()
        persona.changed = asyncio.Event()

    def acted(self, persona: Persona, kind: str) -> None:
        """What an action does to the customer-service window; a link tap does nothing."""
        if kind in OPENS_LONG:
            persona.window_left, persona.window_until = LONG[0], self.now() + LONG[1]
        elif kind in OPENS_SHORT and (persona.window_until < self.now() or persona.window_left == 0):
            persona.window_left, persona.window_until = SHORT[0], self.now() + SHORT[1]

    # the API's rules

    def stumble(self, api: str) -> None:
        """Raise the next scripted refusal for this API, if any."""
        if self.refuse_next.get(api):
            raise Refusal(self.refuse_next[api].pop(0), "scripted")

    def stable_token(self, app_id: str, secret: str, *, force: bool = False) -> tuple[str, int]:
        """The same token while it is valid: stable_token's promise."""
        if app_id != self.app_id:
            raise Refusal(40013, "invalid appid")
        if secret != self.secret:
            raise Refusal(40125, "invalid appsecret")
        self.token_fetches += 1
        valid = [token for token, until in self.tokens.items() if until > self.now()]
        if valid and not force:
            return valid[-1], int(self.tokens[valid[-1]] - self.now())
        token = secrets.token_hex(64)
        self.tokens = {token: self.now() + TOKEN_LASTS_S}
        return token, TOKEN_LASTS_S

    def check_token(self, token: str) -> None:
        until = self.tokens.get(token)
        if until is None:
            raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        if until <= self.now():
            raise Refusal(42001, "access_token expired")

    def send_custom(self, openid: str, message: dict[str, Any]) -> None:
        """A customer-service message, by the rules of its window."""
        persona = self.by_openid(openid)
        if persona is None:
            raise Refusal(40003, "invalid openid")
        if not persona.following or persona.window_until <= self.now():
            raise Refusal(45015, "response out of time limit or subscription is canceled")
        if persona.window_left <= 0:
            raise Refusal(45047, "out of response count limit")
        item = self._custom_item(message)
        persona.window_left -= 1
        self.received.append({"openid": openid, "message": message, "at": self.now()})
        self.show(persona, {"from": "account", "via": "customer_service", **item})

    @staticmethod
    def _custom_item(message: dict[str, Any]) -> dict[str, Any]:
        kind = message.get("msgtype")
        if kind == "text":
            content = str(message.get("text", {}).get("content", ""))
            if not content:
                raise Refusal(44004, "empty content")
            if len(content.encode()) > TEXT_BYTES:
                raise Refusal(45002, "content size out of limit")
            return {"kind": "text", "text": content}
        if kind == "news":
            articles = message.get("news", {}).get("articles", [])
            if len(articles) != 1:
                raise Refusal(45008, "article size out of limit")
            article = articles[0]
            return {
                "kind": "news",
                "title": article.get("title", ""),
                "description": article.get("description", ""),
                "url": article.get("url", ""),
                "picture": article.get("picurl", ""),
            }
        raise Refusal(40008, "invalid message type")

    def create_menu(self, columns: list[dict[str, Any]]) -> None:
        if not 1 <= len(columns) <= COLUMNS:
            raise Refusal(40016, "invalid button size")
        for column in columns:
            if not 0 < len(str(column.get("name", "")).encode()) <= COLUMN_BYTES:
                raise Refusal(40018, "invalid button name size")
            if len(column.get("sub_button", [])) > BUTTONS:
                raise Refusal(40023, "invalid sub button size")
            for button in column.get("sub_button", []):
                if not 0 < len(str(button.get("name", "")).encode()) <= BUTTON_BYTES:
                    raise Refusal(40025, "invalid sub button name size")
        self.menu = columns
