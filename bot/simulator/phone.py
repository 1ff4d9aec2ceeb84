"""A follower's phone and the platform behind it: builds the message, signs, encrypts, posts, waits five seconds, re-posts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from dataclasses import asdict, dataclass, field
from html import unescape
from typing import Any
from xml.sax.saxutils import escape

import aiohttp
from lxml import etree

from bot.simulator.seal import Seal, signature
from bot.simulator.world import Persona, World

WAIT_S = 5.0
TRIES = 3
ACCOUNT = "gh_huiqiaodemo01"


@dataclass(slots=True)
class Post:
    n: int
    url: str
    request_body: str
    plain_request: str
    status: int = 0
    response_body: str = ""
    plain_response: str = ""
    ms: float = 0.0
    timed_out: bool = False
    dropped: bool = False


@dataclass(slots=True)
class Exchange:
    """One thing a follower did, and every POST it caused. The verdict is “running” until the platform is done."""

    id: str
    kind: str
    verdict: str = "running"
    posts: list[Post] = field(default_factory=list)

    def dump(self) -> dict[str, Any]:
        return asdict(self)


class Phones:
    def __init__(self, world: World, *, callback_url: str, seal: Seal, safe: bool, form: str = "xml") -> None:
        self.world, self.callback_url, self.seal, self.safe, self.form = world, callback_url, seal, safe, form
        self.wait_s = WAIT_S
        self.exchanges: dict[str, Exchange] = {}
        self._session: aiohttp.ClientSession | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        if self._session:
            await self._session.close()

    def do(self, persona: Persona, fields: dict[str, Any], *, copies: int = 1, drop_first: bool = False) -> list[str]:
        """Start the exchange; the ids of one exchange per copy. Copies are the same message, posted at once."""
        message = self._message(persona, fields)
        self.world.acted(persona, str(fields.get("Event") or fields["MsgType"]))
        ids: list[str] = []
        for _ in range(copies):
            exchange = Exchange(secrets.token_hex(8), str(fields.get("Event") or fields["MsgType"]))
            self.exchanges[exchange.id] = exchange
            task = asyncio.create_task(self._run(persona, message, exchange, drop_first=drop_first, show=not ids))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            ids.append(exchange.id)
        return ids

    def report(self, persona: Persona, fields: dict[str, Any]) -> None:
        """The platform tells the account something about this follower, who did nothing and sees nothing."""
        message = self._message(persona, fields)
        exchange = Exchange(secrets.token_hex(8), str(fields["Event"]))
        self.exchanges[exchange.id] = exchange
        task = asyncio.get_running_loop().create_task(
            self._run(persona, message, exchange, drop_first=False, show=False)
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _message(self, persona: Persona, fields: dict[str, Any]) -> dict[str, Any]:
        head = {"ToUserName": ACCOUNT, "FromUserName": persona.openid, "CreateTime": int(self.world.now())}
        message = {**head, **fields}
        if fields["MsgType"] != "event":
            message["MsgId"] = str(secrets.randbelow(9 * 10**18) + 10**18)
        return message

    async def _run(
        self, persona: Persona, message: dict[str, Any], exchange: Exchange, *, drop_first: bool, show: bool
    ) -> None:
        plain = to_xml(message) if self.form == "xml" else json.dumps(message, ensure_ascii=False)
        url, body = self._dress(plain, persona)
        for attempt in range(1, TRIES + 1):
            post = Post(attempt, url, body, plain)
            exchange.posts.append(post)
            await self._post(post)
            if drop_first and attempt == 1:
                post.dropped = True
                with contextlib.suppress(ValueError, KeyError, etree.XMLSyntaxError):
                    self._read(post)  # the follower never sees it; whoever looks behind the scenes does
                continue
            if post.timed_out or post.status == 0:
                continue
            break
        self._finish(persona, exchange, show=show)

    def _dress(self, plain: str, persona: Persona) -> tuple[str, str]:
        """The address with its signature and the body; a re-post uses the same ones, as the platform does."""
        stamp, nonce = str(int(self.world.now())), str(secrets.randbelow(10**9))
        query = f"signature={signature(self.seal.token, stamp, nonce)}&timestamp={stamp}&nonce={nonce}&openid={persona.openid}"
        if not self.safe:
            return f"{self.callback_url}?{query}", plain
        sealed = self.seal.close(plain)
        proof = signature(self.seal.token, stamp, nonce, sealed)
        body = (
            f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
            if self.form == "xml"
            else json.dumps({"ToUserName": ACCOUNT, "Encrypt": sealed})
        )
        return f"{self.callback_url}?{query}&encrypt_type=aes&msg_signature={proof}", body

    async def _post(self, post: Post) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        began = time.perf_counter()
        try:
            async with (
                asyncio.timeout(self.wait_s),
                self._session.post(post.url, data=post.request_body.encode()) as answer,
            ):
                post.response_body = (await answer.read()).decode("utf-8", "replace")
                post.status = answer.status
        except TimeoutError:
            post.timed_out = True
        except aiohttp.ClientError:
            post.status = 0
        post.ms = round((time.perf_counter() - began) * 1000, 1)

    def _finish(self, persona: Persona, exchange: Exchange, *, show: bool) -> None:
        last = exchange.posts[-1]
        try:
            reply = self._read(last)
        except (ValueError, KeyError, etree.XMLSyntaxError):
            reply = None
        if reply is None:
            exchange.verdict = "unavailable"
            item: dict[str, Any] = {"from": "system", "kind": "text", "text": self.world.words["broken"]}
        elif not reply:
            exchange.verdict = "success"
            return
        else:
            exchange.verdict = "passive"
            item = {"from": "account", "via": "passive", **reply}
        if show:
            self.world.show(persona, {**item, "exchange": exchange.id, "ms": last.ms})

    def _read(self, post: Post) -> dict[str, Any] | None:
        """The reply as an item; empty for “success”; None for what the platform calls a fault."""
        if post.timed_out or post.status != 200:  # noqa: PLR2004 HTTP
            return None
        if post.response_body in {"", "success"}:
            return {}
        fields = from_body(post.response_body)
        if self.safe:
            stamp, nonce, sealed = str(fields["TimeStamp"]), str(fields["Nonce"]), str(fields["Encrypt"])
            if signature(self.seal.token, stamp, nonce, sealed) != fields["MsgSignature"]:
                return None
            post.plain_response = self.seal.open(sealed)
            fields = from_body(post.plain_response)
        return item_of(fields)


def to_xml(message: dict[str, Any]) -> str:
    parts = []
    for name, value in message.items():
        if isinstance(value, dict):
            parts.append(f"<{name}>{_nested(value)}</{name}>")
        elif isinstance(value, int):
            parts.append(f"<{name}>{value}</{name}>")
        else:
            text = str(value)
            held = escape(text) if "]]>" in text or not _is_xml(text) else f"<![CDATA[{text}]]>"
            parts.append(f"<{name}>{held}</{name}>")
    return f"<xml>{''.join(parts)}</xml>"


def _nested(held: dict[str, Any]) -> str:
    """`{"List": [{…}, {…}]}` as the platform writes it: an element of the name for each."""
    parts = []
    for name, items in held.items():
        for item in items:
            leaves = "".join(f"<{leaf}>{escape(str(text))}</{leaf}>" for leaf, text in item.items())
            parts.append(f"<{name}>{leaves}</{name}>")
    return "".join(parts)


def _is_xml(text: str) -> bool:
    return all(letter >= " " or letter in "\n\t\r" for letter in text)


def from_body(body: str) -> dict[str, Any]:
    if body.lstrip().startswith("{"):
        fields = json.loads(body)
        if not isinstance(fields, dict):
            raise ValueError("no object")
        return fields
    root = etree.fromstring(body.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    fields = {}
    for node in root:
        fields[node.tag] = (
            [{leaf.tag: leaf.text or "" for leaf in item} for item in node] if len(node) else node.text or ""
        )
    return fields


def item_of(fields: dict[str, Any]) -> dict[str, Any] | None:
    """What the phone would show. None where the platform would call the reply broken."""
    match fields.get("MsgType"):
        case "text":
            text = str(fields["Content"])
            if len(text.encode()) > 2048:  # noqa: PLR2004 the platform's measured limit
                return None
            return {"kind": "text", "text": unescape(text) if "&amp;" in text else text}
        case "news":
            articles = fields["Articles"]
            if len(articles) != 1:
                return None
            article = articles[0]
            return {
                "kind": "news",
                "title": article["Title"],
                "description": article["Description"],
                "url": article["Url"],
                "picture": article["PicUrl"],
            }
        case "transfer_customer_service":
            return {"kind": "event", "text": "transfer_customer_service"}
        case _:
            return None
