"""What the platform reports about notices: which ones somebody agreed to, and what became of one. Nothing is said to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from backend.domain.deeds import Agree, AgreedToNotice, Deed, NoticeEnded
from backend.domain.deliveries import Channel
from backend.domain.preferences import VERSION
from bot.dialogue.incoming import Incoming

_NO_CODE = re.compile("[^a-z0-9_]+")
LONGEST_CODE = 60


def deeds_of(incoming: Incoming, purposes: Mapping[str, str]) -> tuple[Deed, ...]:
    """`purposes`: template id → what a consent to its notice is a consent to, empty where it needs none."""
    event = str(incoming.detail.get("Event", "")).lower()
    if event == "templatesendjobfinish":
        return (_finished(incoming.detail),)
    items: list[dict[str, Any]] = incoming.detail.get("List") or []
    if event == "subscribe_msg_sent_event":
        return tuple(_sent(item) for item in items)
    deeds: list[Deed] = []
    for item in items:
        template_id, said = str(item.get("TemplateId", "")), item.get("SubscribeStatusString")
        if template_id not in purposes:
            continue
        if event == "subscribe_msg_popup_event" and said == "accept":
            deeds.append(AgreedToNotice(template_id))
            if purposes[template_id]:
                deeds.append(Agree(purposes[template_id], VERSION))
        elif event == "subscribe_msg_change_event" and said == "reject":
            deeds.append(AgreedToNotice(template_id, agreed=False))
    return tuple(deeds)


def _finished(detail: Mapping[str, Any]) -> NoticeEnded:
    """`success`, `failed:user block`, `failed: system failed` (template message guide, event)."""
    status = str(detail.get("Status", "")).lower()
    arrived = status == "success"
    number = str(detail.get("MsgID", ""))
    return NoticeEnded(Channel.TEMPLATE, number, arrived, "" if arrived else _code(status))


def _sent(item: Mapping[str, Any]) -> NoticeEnded:
    """ErrorCode 0 is success (subscription notice guide, events)."""
    code = str(item.get("ErrorCode", ""))
    arrived = code in {"0", ""} and str(item.get("ErrorStatus", "success")).lower() == "success"
    number = str(item.get("MsgID", ""))
    return NoticeEnded(Channel.SUBSCRIPTION, number, arrived, "" if arrived else f"platform_{_code(code)}")


def _code(text: str) -> str:
    return _NO_CODE.sub("_", text)[:LONGEST_CODE].strip("_") or "failed"
