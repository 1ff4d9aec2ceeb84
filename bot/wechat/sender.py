"""Customer-service messages: the Sender port on the platform's API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wechatpy.client import WeChatClient

from backend.domain.ports.sender import NotSent, OutcomeUnknown, Refused, TryLater, WindowClosed
from backend.domain.reply import Reply, ReplyKind
from bot.wechat.client import Platform, PlatformError
from bot.wechat.harmless import harmless

# Error codes by what they mean for the message (platform reference, global return codes).
WINDOW = frozenset({45015, 45047})
TRANSIENT = frozenset({-1, 45011})
TOKEN = frozenset({40001, 40014, 42001})  # a new one was tried once already; the next attempt gets another
DAILY = frozenset({45009})
OUR_SETTINGS = frozenset(
    {40125, 40164, 40243, 48001, 50002, 61004}
)  # secret, address list, permission: mended by people
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=6)


class CustomerService:
    """Implements backend.domain.ports.sender.Sender."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def send(self, openid: str, reply: Reply) -> None:
        try:
            self.platform.call(lambda client: _send(client, openid, reply))
        except PlatformError as error:
            raise _meaning(error) from None


def _send(client: WeChatClient, openid: str, reply: Reply) -> Any:
    if reply.kind is ReplyKind.ARTICLE:
        article = {
            "title": harmless(reply.title),
            "description": harmless(reply.text),
            "url": harmless(reply.url),
            "image": harmless(reply.picture_url),
        }
        return client.message.send_articles(openid, [article])
    return client.message.send_text(openid, harmless(reply.text))


def _meaning(error: PlatformError) -> NotSent | OutcomeUnknown:
    reason = f"platform_{error.code}"
    if error.after_ask:
        return OutcomeUnknown(reason)
    if error.code in WINDOW:
        return WindowClosed(reason)
    if error.code in TRANSIENT | TOKEN:
        return TryLater(reason, MINUTE)
    if error.code in DAILY:
        return TryLater(reason, DAY)
    if error.code in OUR_SETTINGS:
        return TryLater(reason, HOUR)
    return Refused(reason)
