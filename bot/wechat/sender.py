"""Messages outside an answer: the Sender port on the platform's API, many calls at once over kept connections.

The loop they run on is this room's own, in a thread; whoever sends waits for all of them, and never longer than the lease of
a delivery lasts. No outcome holds an address: addresses hold the token.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

import aiohttp
import uvloop

from backend.domain.deliveries import Channel
from backend.domain.ports.sender import (
    ApiRests,
    ChannelClosed,
    Message,
    NoConsent,
    Outcome,
    OutcomeUnknown,
    Refused,
    Sent,
    TryLater,
    WindowClosed,
)
from backend.domain.reply import ReplyKind
from bot.wechat.client import TOKEN_ERRORS, Platform, PlatformError
from bot.wechat.harmless import harmless

# Error codes by what they mean for the message (platform reference, global return codes).
WINDOW = frozenset({45015, 45047})
CONSENT = frozenset({43101})
UNFIT = frozenset({40035, 40037, 47003})  # template id or fields: another channel may still reach them
DAILY = frozenset({45009})
MINUTELY = frozenset({45011})
OUR_SETTINGS = frozenset({40125, 40164, 40243, 48001, 48004, 50002, 61004})  # secret, address list, permission
BUSY = -1
MINUTE, MENDED_IN = timedelta(minutes=1), timedelta(minutes=10)
MOST_S = 20.0  # of one `send`, a new token included; shorter than the lease of a delivery
LEAST_S = 1.0  # with less left, nothing is begun
KEPT_S = 4.0  # a connection idle for longer may be closing at the other end
MOST_CONNECTIONS = 64
PATHS = {
    Channel.CUSTOMER_SERVICE: "/cgi-bin/message/custom/send",
    Channel.SUBSCRIPTION: "/cgi-bin/message/subscribe/bizsend",
    Channel.TEMPLATE: "/cgi-bin/message/template/send",
}
Answer = Sent | PlatformError


class PlatformSender:
    """Implements backend.domain.ports.sender.Sender."""

    def __init__(self, platform: Platform, now: Callable[[], float] = time.monotonic) -> None:
        self.platform, self._now = platform, now
        self._session: aiohttp.ClientSession | None = None
        self._ending: Callable[[], object] | None = None

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        began = self._now()
        outcomes: list[Outcome] = [Refused("nothing_to_send")] * len(messages)
        waiting = {number: body for number, message in enumerate(messages) if (body := _body(message)) is not None}
        for attempt in (1, 2):
            bad: dict[int, bytes] = {}
            answers, token = self._ask(waiting, messages, MOST_S - (self._now() - began))
            for number, answer in answers.items():
                outcomes[number] = answer if isinstance(answer, Sent) else _meaning(answer)
                if isinstance(answer, PlatformError) and answer.code in TOKEN_ERRORS:
                    bad[number] = waiting[number]
            if not bad or attempt == 2:  # noqa: PLR2004 the second and last try
                break
            self.platform.shelf.discard(self.platform.app_id, token)
            waiting = bad
        return outcomes

    def close(self) -> None:
        """Let the connections go and end the loop's thread."""
        if self._ending is not None:
            self._ending()

    def _ask(
        self, bodies: dict[int, bytes], messages: Sequence[Message], left_s: float
    ) -> tuple[dict[int, Answer], str]:
        if not bodies:
            return {}, ""
        began = self._now()
        try:
            token = self.platform.token()
        except PlatformError as error:
            return dict.fromkeys(bodies, PlatformError(error.code)), ""
        left_s -= self._now() - began
        if left_s < LEAST_S:
            return dict.fromkeys(bodies, PlatformError(BUSY)), token
        calls = [(messages[number].channel, body) for number, body in bodies.items()]
        asked = asyncio.run_coroutine_threadsafe(
            self._all(calls, token, min(left_s, sum(self.platform.timeout_s))), self._loop
        )
        return dict(zip(bodies, asked.result(), strict=True)), token

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        threading.Thread(target=loop.run_forever, name="platform-sender", daemon=True).start()
        return loop

    async def _all(self, calls: Sequence[tuple[Channel, bytes]], token: str, limit_s: float) -> list[Answer]:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEPT_S),
                headers={"Content-Type": "application/json"},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
            self._ending = weakref.finalize(self, _end, self._session, asyncio.get_running_loop())
        limit = aiohttp.ClientTimeout(total=limit_s, sock_connect=self.platform.timeout_s[0])
        return list(await asyncio.gather(*(self._one(channel, body, token, limit) for channel, body in calls)))

    async def _one(self, channel: Channel, body: bytes, token: str, limit: aiohttp.ClientTimeout) -> Answer:
        assert self._session is not None
        address = f"{self.platform.base_url}{PATHS[channel]}?access_token={token}"
        try:
            async with self._session.post(address, data=body, timeout=limit, allow_redirects=False) as response:
                said = json.loads(await response.read()) if response.status == 200 else None  # noqa: PLR2004 HTTP
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return PlatformError(BUSY)  # it never left
        except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError):
            return PlatformError(BUSY, after_ask=True)
        if not isinstance(said, dict) or type(code := said.get("errcode", 0)) is not int:  # a page, a list, null
            return PlatformError(BUSY, after_ask=True)
        return PlatformError(code) if code else Sent(str(said.get("msgid") or "")[:64])


def _end(session: aiohttp.ClientSession, loop: asyncio.AbstractEventLoop) -> None:
    """Also called when a sender is dropped: nobody waits for it, and no connection is left open."""

    async def close() -> None:
        await session.close()
        loop.stop()

    if loop.is_running():
        asyncio.run_coroutine_threadsafe(close(), loop)


def _body(message: Message) -> bytes | None:
    """What is posted; None where there is nothing to say."""
    if message.channel is Channel.CUSTOMER_SERVICE:
        said = _custom(message)
    else:
        said = {
            "template_id": message.template_id,
            "data": {name: {"value": harmless(value)} for name, value in message.fields.items()},
        }
        if message.channel is Channel.TEMPLATE:
            said |= {"url": message.url, "client_msg_id": message.key}
        else:
            said |= {"page": message.url}
    return None if said is None else json.dumps({"touser": message.openid, **said}, ensure_ascii=False).encode()


def _custom(message: Message) -> dict[str, Any] | None:
    reply = message.reply
    if reply is not None and reply.kind is ReplyKind.ARTICLE:
        article = {
            "title": harmless(reply.title),
            "description": harmless(reply.text),
            "url": harmless(reply.url),
            "picurl": harmless(reply.picture_url),
        }
        return {"msgtype": "news", "news": {"articles": [article]}}
    if reply is None or reply.kind is not ReplyKind.TEXT:
        return None
    return {"msgtype": "text", "text": {"content": harmless(reply.text)}}


def _meaning(error: PlatformError) -> Outcome:
    reason, code = f"platform_{error.code}", error.code
    if error.after_ask:
        return OutcomeUnknown(reason)
    if code in WINDOW:
        return WindowClosed(reason)
    if code in CONSENT:
        return NoConsent(reason)
    if code in UNFIT:
        return ChannelClosed(reason)
    if code in TOKEN_ERRORS or code == BUSY:  # a new token was tried once already; the next attempt gets another
        return TryLater(reason, MINUTE)
    if code in MINUTELY:
        return ApiRests(reason, MINUTE)
    if code in DAILY:
        return ApiRests(reason)
    if code in OUR_SETTINGS:
        return ApiRests(
            reason, MENDED_IN
        )  # mended by people; until then it is asked a few times an hour, not for everybody
    return Refused(reason)
