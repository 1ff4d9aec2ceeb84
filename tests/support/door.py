"""The platform's side of the webhook: signs, encrypts and posts as the platform does, to the real Webhook."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from backend.domain.reply import Reply
from bot.dialogue.incoming import Incoming
from bot.simulator.seal import Seal, signature
from bot.wechat.crypto import MessageCrypt
from bot.wechat.webhook import Mode, Webhook

TOKEN = "door-token-1a2b3c"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx5823bf96d3bd56c7"
NOW = 1_790_000_000
NONCE = "415670741"
ACCOUNT, OPENID = "gh_door00000001", "oDoor-0000000000000000000001"
ANSWER = Reply.of("好的，已经记下 😀 <b>&")
SEAL = Seal(TOKEN, KEY, APP_ID)
SECRETS = (TOKEN, KEY, APP_ID, "Traceback", "Error", ".py", "0x")
WORDS = "这项专利怎么许可？"


def text_fields(content: str = WORDS, **changes: Any) -> dict[str, Any]:
    """A follower's text message in the platform's fields."""
    held = {
        "ToUserName": ACCOUNT,
        "FromUserName": OPENID,
        "CreateTime": NOW - 1,
        "MsgType": "text",
        "Content": content,
        "MsgId": 6272960105994287618,
    }
    return held | changes


def xml_of(fields: dict[str, Any]) -> str:
    """The platform's XML: nested for dictionaries, repeated for lists, CDATA for text."""

    def element(name: str, value: Any) -> str:
        match value:
            case list():
                return "".join(element(name, item) for item in value)
            case dict():
                return f"<{name}>{''.join(element(*pair) for pair in value.items())}</{name}>"
            case int():
                return f"<{name}>{value}</{name}>"
        return f"<{name}><![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"

    return element("xml", fields)


def body_of(fields: dict[str, Any], form: str) -> str:
    return xml_of(fields) if form == "xml" else json.dumps(fields, ensure_ascii=False)


@dataclass(frozen=True)
class Letter:
    """One POST before it is sent: a test changes what it wants wrong."""

    mode: Mode
    form: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def asking(self, **query: str) -> Letter:
        """With parameters changed; an empty one is left out."""
        held = {name: value for name, value in (self.query | query).items() if value or name not in query}
        return replace(self, query=held)


def letter(mode: Mode, form: str = "xml", fields: dict[str, Any] | str | None = None, **how: Any) -> Letter:
    """A good POST. `fields` may be a finished body; `sealed` a finished Encrypt; `seal`, `at`, `beside` other parts."""
    content = text_fields() if fields is None else fields
    plain = content if isinstance(content, str) else body_of(content, form)
    at = str(how.get("at", NOW))
    query = {"signature": signature(TOKEN, at, NONCE), "timestamp": at, "nonce": NONCE, "openid": OPENID}
    if mode is Mode.PLAIN:
        return Letter(mode, form, query, plain.encode())
    sealed = how.get("sealed") or how.get("seal", SEAL).close(plain)
    query |= {"encrypt_type": "aes", "msg_signature": signature(TOKEN, at, NONCE, sealed)}
    beside = how.get("beside", text_fields() if mode is Mode.COMPATIBLE else {"ToUserName": ACCOUNT})
    return Letter(mode, form, query, body_of({**beside, "Encrypt": sealed}, form).encode())


def seal_bytes(padded: bytes) -> str:
    """AES without any padding of its own: for messages no honest peer makes."""
    worker = Cipher(algorithms.AES(SEAL.key), modes.CBC(SEAL.key[:16])).encryptor()
    return base64.b64encode(worker.update(padded) + worker.finalize()).decode()


def unpadded(message: str = "x", *, length: int | None = None, app_id: str = APP_ID) -> bytes:
    held = message.encode()
    size = len(held) if length is None else length
    return os.urandom(16) + size.to_bytes(4, "big") + held + app_id.encode()


@dataclass
class Door:
    client: TestClient
    heard: list[Incoming] = field(default_factory=list)

    def send(self, post: Letter | None = None, **request: Any) -> httpx.Response:
        """What came back. Never anything that tells a stranger something, whatever was sent."""
        if post is not None:
            request = {"params": post.query, "content": post.body, "headers": post.headers} | request
        response: httpx.Response = self.client.post("/wechat", **request)
        assert response.status_code in {200, 400, 403}, response.text
        shown = response.text + str(dict(response.headers))
        if response.status_code != 200:
            assert not [secret for secret in SECRETS if secret in shown]
            assert response.text == {400: "bad request", 403: "forbidden"}[response.status_code]
        return response

    def hear(self, fields: dict[str, Any], form: str = "xml") -> Incoming:
        """The Incoming that a message of the platform becomes, through the plain door."""
        assert self.send(letter(Mode.PLAIN, form, fields)).status_code == 200
        return self.heard[-1]


@contextlib.contextmanager
def open_door(mode: Mode, reply: Reply = ANSWER) -> Iterator[Door]:
    """The real Webhook in a small application, with a receiver that writes down."""
    heard: list[Incoming] = []

    async def receive(incoming: Incoming) -> Reply:
        heard.append(incoming)
        return reply

    crypt = None if mode is Mode.PLAIN else MessageCrypt(TOKEN, KEY, APP_ID)
    webhook = Webhook(token=TOKEN, mode=mode, crypt=crypt, receive=receive, now=lambda: float(NOW))
    app = Starlette(routes=[Route("/wechat", webhook.handle, methods=["GET", "POST"])])
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Door(client, heard)


def opened(response: httpx.Response, form: str, *, sealed: bool) -> dict[str, Any]:
    """The answer as the platform reads it: format and encryption must be those of the request."""
    outer = fields_of(response.text, form)
    if not sealed:
        assert "Encrypt" not in outer
        return outer
    assert set(outer) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    proof = hashlib.sha1(
        "".join(sorted([TOKEN, str(outer["TimeStamp"]), outer["Nonce"], outer["Encrypt"]])).encode()
    ).hexdigest()
    assert outer["MsgSignature"] == proof
    assert outer["Nonce"] == NONCE
    return fields_of(SEAL.open(outer["Encrypt"]), form)


def fields_of(text: str, form: str) -> dict[str, Any]:
    held = json.loads(text) if form == "json" else xmltodict.parse(text)["xml"]
    assert isinstance(held, dict)
    return held
