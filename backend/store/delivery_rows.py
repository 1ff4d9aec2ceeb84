"""A row of the ledger as a Delivery, and the sets of statuses that questions about rows are asked with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, String, type_coerce

from backend.domain.deliveries import Channel, Delivery, DeliveryKind, DeliveryStatus, Notice
from backend.domain.reply import Reply, ReplyKind
from backend.store.tables import DeliveryRow

COLUMNS = (
    DeliveryRow.id,
    DeliveryRow.openid,
    DeliveryRow.notice_key,
    DeliveryRow.kind,
    DeliveryRow.campaign_id,
    DeliveryRow.channel,
    DeliveryRow.status,
    DeliveryRow.reply,
    DeliveryRow.notice,
    DeliveryRow.fields,
    DeliveryRow.text_version,
    DeliveryRow.business_number,
    DeliveryRow.tried,
    DeliveryRow.attempts,
    DeliveryRow.platform_id,
    DeliveryRow.reason,
    DeliveryRow.planned_at,
    DeliveryRow.due_at,
    DeliveryRow.expires_at,
)
# An expression, so that neither database takes the index of statuses, under which a million may stand, for a question
# about one follower or a few rows.
STATUS: ColumnElement[str] = type_coerce(DeliveryRow.status.concat(""), String)
NOT_OUT = (str(DeliveryStatus.PLANNED), str(DeliveryStatus.CLAIMED))
LONGEST_REASON = 200


def delivery_of(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        openid=row.openid,
        notice_key=row.notice_key,
        kind=DeliveryKind(row.kind),
        campaign_id=row.campaign_id,
        channel=Channel(row.channel),
        status=DeliveryStatus(row.status),
        reply=Reply.load(row.reply) if row.reply is not None else Reply(ReplyKind.NOTHING),
        notice=load_notice(row.notice),
        values=row.fields or {},
        text_version=row.text_version,
        business_number=row.business_number,
        tried=frozenset(Channel(name) for name in row.tried.split(",") if name),
        attempts=row.attempts,
        platform_id=row.platform_id,
        reason=row.reason,
        planned_at=row.planned_at,
        due_at=row.due_at,
        expires_at=row.expires_at,
    )


def dump_notice(notice: Notice | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    return {"template": notice.template, "values": notice.values, "url": notice.url}


def load_notice(held: dict[str, Any] | None) -> Notice | None:
    return None if held is None else Notice(held["template"], held["values"], held["url"])


def dump_tried(tried: frozenset[Channel]) -> str:
    return ",".join(sorted(tried))
