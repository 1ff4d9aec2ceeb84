"""The platform's message → an Incoming of ours. Every kind of the platform, and unknown ones, become one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from bot.dialogue.incoming import Incoming, Kind
from bot.wechat.harmless import clean

MOST_TEXT = 10_000
MOST_FIELD = 1000
_PARSER: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
SCENE_PREFIX = "qrscene_"
LISTS = {"List", "PicList"}
KINDS = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
}
EVENTS = {
    "subscribe": Kind.FOLLOW,
    "unsubscribe": Kind.UNFOLLOW,
    "scan": Kind.SCAN,
    "click": Kind.TAP,
    "scancode_push": Kind.TAP,
    "scancode_waitmsg": Kind.TAP,
    "view": Kind.VIEW,
    "view_miniprogram": Kind.VIEW,
    "location": Kind.REPORTED_LOCATION,
}


class Malformed(Exception):
    """Authentic, but not a message: no sender, no type, no time, or not parsable."""


def parse_body(body: bytes) -> dict[str, Any]:
    """XML or JSON, whichever it is, as one dictionary. Raises Malformed; a document type declaration is refused."""
    if not body.strip():
        raise Malformed
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed from None
    if text.lstrip().startswith("{"):
        return _json(text)
    upper = text.upper()
    if "<!DOCTYPE" in upper or "<!ENTITY" in upper:
        raise Malformed
    try:
        root = etree.fromstring(body, etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError):
        raise Malformed from None
    fields = _element(root)
    if not isinstance(fields, dict):
        raise Malformed
    return fields


def _json(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(fields, dict):
        raise Malformed
    return fields


def _element(node: etree._Element) -> Any:
    """Text, a dictionary of children, or for repeated tags a list; `List` is always a list."""
    children = [child for child in node if isinstance(child.tag, str)]
    if not children:
        return node.text or ""
    fields: dict[str, Any] = {}
    for child in children:
        value = _element(child)
        if child.tag in LISTS:
            fields.setdefault(child.tag, []).extend(value if isinstance(value, list) else [value])
        elif child.tag in fields:
            held = fields[child.tag]
            fields[child.tag] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            fields[child.tag] = value
    return fields


def to_incoming(fields: dict[str, Any]) -> Incoming:
    """Raises Malformed where sender, type or time is missing."""
    openid, account = _word(fields, "FromUserName"), _word(fields, "ToUserName")
    kind_said = _word(fields, "MsgType").lower()
    try:
        created = int(_word(fields, "CreateTime"))
        sent_at = datetime.fromtimestamp(created, UTC)
    except (ValueError, OverflowError, OSError):
        raise Malformed from None
    if not openid or not kind_said or len(openid) > 64:  # noqa: PLR2004 the openid column
        raise Malformed
    if kind_said == "event":
        event = _word(fields, "Event")
        kind = EVENTS.get(event.lower(), Kind.OTHER_EVENT)
        parts = (
            openid,
            str(created),
            event,
            _word(fields, "EventKey"),
            _word(fields, "Ticket") or _word(fields, "MsgID"),
        )
        key = "e:" + ":".join(parts)
    else:
        kind = KINDS.get(kind_said, Kind.OTHER_MESSAGE)
        number = _word(fields, "MsgId") or _fingerprint(fields)
        key = f"m:{openid}:{number}"
    if len(key) > 300:  # noqa: PLR2004 the key column
        key = key[:64] + _fingerprint({"key": key})
    text, detail = _content(kind, fields)
    return Incoming(kind, openid, account, sent_at, key, text, detail)


def _word(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name, "")
    return clean(str(value)).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _fingerprint(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _text(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    value = fields.get("Content", "")
    menu = _word(fields, "bizmsgmenuid")
    return clean(str(value))[:MOST_TEXT], {"menu": menu} if menu else {}


def _follow(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return _word(fields, "EventKey").removeprefix(SCENE_PREFIX)[:200], {}


def _location(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return _word(fields, "Label")[:200], _some(fields, "Location_X", "Location_Y", "Scale")


def _media(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "", _some(fields, "MediaId", "MediaId16K", "Format", "ThumbMediaId")


def _link(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return _word(fields, "Title")[:200], {}


def _rest(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """An event we only keep: its name, its key, and the list it may carry, always as a list."""
    detail = _some(fields, "Event", "EventKey", "Status", "MsgID", "MsgType")
    held = fields.get("List")
    if held is None and isinstance(fields.get("SubscribeMsgPopupEvent"), dict):
        held = fields["SubscribeMsgPopupEvent"].get("List")
    if held is not None:
        detail["List"] = held if isinstance(held, list) else [held]
    return _word(fields, "EventKey")[:200], detail


def _some(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value[:MOST_FIELD] for name in names if (value := _word(fields, name))}


_CONTENT: dict[Kind, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]] = {
    Kind.TEXT: _text,
    Kind.FOLLOW: _follow,
    Kind.SCAN: _follow,
    Kind.LOCATION: _location,
    Kind.IMAGE: _media,
    Kind.VOICE: _media,
    Kind.VIDEO: _media,
    Kind.LINK: _link,
}


def _content(kind: Kind, fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return _CONTENT.get(kind, _rest)(fields)
