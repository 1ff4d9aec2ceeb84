"""A Reply → the body of an HTTP response, in the request's own format and encryption."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.reply import Reply, ReplyKind
from bot.wechat.crypto import MessageCrypt
from bot.wechat.harmless import cdata, harmless

SUCCESS = b"success"  # said in the clear, also in safe mode (passive reply guide)


class Format(StrEnum):
    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Envelope:
    """How the request came, and so how the answer goes. `crypt` is None for a plain request."""

    format: Format
    nonce: str
    timestamp: str
    crypt: MessageCrypt | None

    @property
    def content_type(self) -> str:
        return "application/json" if self.format is Format.JSON else "text/xml"


def respond(reply: Reply, *, to: str, account: str, envelope: Envelope) -> bytes:
    """The body. An empty reply is the word success."""
    if reply.kind is ReplyKind.NOTHING:
        return SUCCESS
    message = (_json if envelope.format is Format.JSON else _xml)(reply, to, account)
    return message if envelope.crypt is None else _seal(message, envelope, envelope.crypt)


def _xml(reply: Reply, to: str, account: str) -> bytes:
    addressed = f"<ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(account)}</FromUserName>"
    head = f"<xml>{addressed}<CreateTime>{int(time.time())}</CreateTime>"
    match reply.kind:
        case ReplyKind.ARTICLE:
            body = (
                "<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item>"
                f"<Title>{cdata(harmless(reply.title))}</Title><Description>{cdata(harmless(reply.text))}</Description>"
                f"<PicUrl>{cdata(harmless(reply.picture_url))}</PicUrl><Url>{cdata(harmless(reply.url))}</Url></item></Articles>"
            )
        case ReplyKind.TO_STAFF:
            body = "<MsgType><![CDATA[transfer_customer_service]]></MsgType>"
        case _:
            body = f"<MsgType><![CDATA[text]]></MsgType><Content>{cdata(harmless(reply.text))}</Content>"
    return f"{head}{body}</xml>".encode()


def _json(reply: Reply, to: str, account: str) -> bytes:
    message: dict[str, object] = {"ToUserName": to, "FromUserName": account, "CreateTime": int(time.time())}
    match reply.kind:
        case ReplyKind.ARTICLE:
            article = {
                "Title": harmless(reply.title),
                "Description": harmless(reply.text),
                "PicUrl": harmless(reply.picture_url),
                "Url": harmless(reply.url),
            }
            message |= {"MsgType": "news", "ArticleCount": 1, "Articles": [article]}
        case ReplyKind.TO_STAFF:
            message["MsgType"] = "transfer_customer_service"
        case _:
            message |= {"MsgType": "text", "Content": harmless(reply.text)}
    return json.dumps(message, ensure_ascii=False).encode()


def _seal(message: bytes, envelope: Envelope, crypt: MessageCrypt) -> bytes:
    encrypted = crypt.encrypt(message)
    timestamp = str(int(time.time()))
    signature = crypt.sign(encrypted, timestamp=timestamp, nonce=envelope.nonce)
    if envelope.format is Format.JSON:
        sealed = {"Encrypt": encrypted, "MsgSignature": signature, "TimeStamp": int(timestamp), "Nonce": envelope.nonce}
        return json.dumps(sealed).encode()
    return (
        f"<xml><Encrypt>{cdata(encrypted)}</Encrypt><MsgSignature>{cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(envelope.nonce)}</Nonce></xml>"
    ).encode()
