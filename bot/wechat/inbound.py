"""The platform's message → an Incoming of ours. Every kind of the platform, and unknown ones, become one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from bot.dialogue.incoming import Incoming, Kind
from bot.wechat.harmless import clean

MOST_TEXT = 10_000
MOST_FIELD = 1000
_PARSER: dict[str, Any] = {
    "encoding": "utf-8",  # whatever the declaration says: another reading could hide a document type
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_ROOT_FIRST = re.compile(r"(<\?xml\s[^>]*>)?\s*<\w")  # nothing before the root element, so no document type
SCENE_PREFIX = "qrscene_"
LISTS = {"List", "PicList"}
SUBSCRIPTIONS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")
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
    "templatesendjobfinish": Kind.REPORT,
    "subscribe_msg_popup_event": Kind.REPORT,
    "subscribe_msg_change_event": Kind.REPORT,
    "subscribe_msg_sent_event": Kind.REPORT,
}


class Malformed(Exception):
    """Authentic, but not a message: no sender, no type, no time, or not parsable."""


def parse_body(body: bytes) -> dict[str, Any]:
    """XML or JSON, whichever it is, as one dictionary. Raises Malformed; a document type declaration is refused."""
    if not body.strip():
        raise Malformed
    try:
        text = clean(body.decode("utf-8")).strip()  # the platform passes on control characters, which are no XML
    except UnicodeDecodeError:
        raise Malformed from None
    if text.startswith("{"):
        return _json(text)
    if not _ROOT_FIRST.match(text):
        raise Malformed
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError):
        raise Malformed from None
    fields = _element(root)
    if not isinstance(fields, dict):
        raise Malformed
    return fields


def _json(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text, strict=False)  # the platform may pass on control characters
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
        last = _word(fields, "Ticket") or _word(fields, "MsgID") or _listed(fields)
        key = ":".join(("e", openid, str(created), event, _word(fields, "EventKey"), last))
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
    words = {name: _word(fields, name) for name in fields}
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:32]


def _text(fields: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    value = fields.get("Content")
    menu = _some(fields, "bizmsgmenuid")
    text = clean(str(value)) if isinstance(value, str | int) else ""
    return text[:MOST_TEXT], {"menu": menu["bizmsgmenuid"]} if menu else {}


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
    items = _items(fields)
    if items:
        detail["List"] = items
    return _word(fields, "EventKey")[:200], detail


def _items(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """What a subscription event lists: in JSON at the top, one or several, in XML inside an element of its own."""
    for holder in (fields, *(fields.get(name) for name in SUBSCRIPTIONS)):
        held = holder.get("List") if isinstance(holder, dict) else None
        if held:
            many = held if isinstance(held, list) else [held]
            return [
                {clean(name): word for name, word in _some(one, *one).items()} for one in many if isinstance(one, dict)
            ]
    return []


def _listed(fields: dict[str, Any]) -> str:
    """Tells two subscription events of one second apart."""
    items = _items(fields)
    return _fingerprint({"List": json.dumps(items, sort_keys=True)}) if items else ""


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
