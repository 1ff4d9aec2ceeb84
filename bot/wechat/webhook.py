"""The address the platform talks to: GET handshake, POST in plain, compatible and safe mode, XML and JSON.

Whatever fails before there is a verified plaintext is 403 with one body, so that nobody can probe; what is authentic and
malformed is 400. A repeated POST is no replay: the platform re-posts with the same signature, and gets the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from backend.domain.reply import Reply
from bot.dialogue.incoming import Incoming
from bot.wechat.crypto import MessageCrypt, NotAuthentic, check_signature
from bot.wechat.harmless import clean
from bot.wechat.inbound import Malformed, parse_body, to_incoming
from bot.wechat.metrics import REFUSED, WEBHOOK_SECONDS
from bot.wechat.outbound import Envelope, Format, respond

MOST_BYTES = 64 * 1024
OLDEST_S = 600
FORBIDDEN = "forbidden"
SINGLE = ("signature", "timestamp", "nonce", "echostr", "msg_signature", "encrypt_type", "openid")
Receive = Callable[[Incoming], Awaitable[Reply]]


class Mode(StrEnum):
    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class Webhook:
    def __init__(
        self,
        *,
        token: str,
        mode: Mode,
        crypt: MessageCrypt | None,
        receive: Receive,
        now: Callable[[], float] = time.time,
    ) -> None:
        if mode is not Mode.PLAIN and crypt is None:
            raise ValueError("compatible and safe mode need a message key")
        self.token, self.mode, self.crypt, self.receive, self.now = token, mode, crypt, receive, now

    async def handle(self, request: Request) -> Response:
        began = time.perf_counter()
        try:
            response = await (self._handshake(request) if request.method == "GET" else self._post(request))
        except NotAuthentic:
            REFUSED.labels("403").inc()
            response = PlainTextResponse(FORBIDDEN, 403)
        except Malformed:
            REFUSED.labels("400").inc()
            response = PlainTextResponse("bad request", 400)
        except ClientDisconnect:
            response = PlainTextResponse("", 400)
        WEBHOOK_SECONDS.observe(time.perf_counter() - began)
        return response

    async def _handshake(self, request: Request) -> Response:
        query = _query(request)
        check_signature(query["signature"], self.token, query["timestamp"], query["nonce"])
        return PlainTextResponse(query["echostr"])

    async def _post(self, request: Request) -> Response:
        query = _query(request)
        self._check_age(query["timestamp"])
        body = await _read(request)
        fields, envelope = self._open(body, query)
        incoming = to_incoming(fields)
        reply = await self.receive(incoming)
        content = respond(reply, to=incoming.openid, account=incoming.account, envelope=envelope)
        return Response(content, media_type=envelope.content_type)

    def _check_age(self, timestamp: str) -> None:
        if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 12:  # noqa: PLR2004 seconds for millennia
            raise NotAuthentic
        if abs(self.now() - int(timestamp)) > OLDEST_S:
            raise NotAuthentic

    def _open(self, body: bytes, query: dict[str, str]) -> tuple[dict[str, Any], Envelope]:
        """The verified message and how to answer it. Raises NotAuthentic before, Malformed after verification."""
        form = Format.JSON if body.lstrip().startswith(b"{") else Format.XML
        if self.mode is Mode.PLAIN:
            if query["encrypt_type"] not in {"", "raw"}:
                raise NotAuthentic
            check_signature(query["signature"], self.token, query["timestamp"], query["nonce"])
            return parse_body(body), Envelope(form, query["nonce"], query["timestamp"], None)
        assert self.crypt is not None, "checked at start"
        if query["encrypt_type"] != "aes":
            raise NotAuthentic
        try:
            encrypted = parse_body(body).get("Encrypt")
        except Malformed:
            raise NotAuthentic from None
        if not isinstance(encrypted, str) or not encrypted:
            raise NotAuthentic
        plain = self.crypt.decrypt(
            encrypted, signature=query["msg_signature"], timestamp=query["timestamp"], nonce=query["nonce"]
        )
        return parse_body(plain), Envelope(form, query["nonce"], query["timestamp"], self.crypt)


def _query(request: Request) -> dict[str, str]:
    """Each parameter once; a doubled one is somebody trying something."""
    given: dict[str, str] = dict.fromkeys(SINGLE, "")
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name in given:
            if name in seen:
                raise NotAuthentic
            seen.add(name)
            given[name] = value
    if len(given["nonce"]) > 128 or given["nonce"] != clean(given["nonce"]):  # noqa: PLR2004 it is sent back in the answer
        raise NotAuthentic
    return given


async def _read(request: Request) -> bytes:
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > MOST_BYTES:  # noqa: PLR2004 of bytes
        raise NotAuthentic
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise NotAuthentic
        parts.append(part)
    return b"".join(parts)
