"""A delivery: something to be said to a follower outside the answer to an HTTP request, written down before it is sent.

planned → claimed → asking → sent | refused | unknown | suppressed | expired. ASKING is committed before the platform is
asked, so a crash leaves exactly the calls in flight as UNKNOWN, never a second message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.reply import Reply


class DeliveryStatus(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    ASKING = "asking"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"

    @classmethod
    def final(cls) -> frozenset[DeliveryStatus]:
        return frozenset({cls.SENT, cls.REFUSED, cls.UNKNOWN, cls.SUPPRESSED, cls.EXPIRED})


class Channel(StrEnum):
    CUSTOMER_SERVICE = "customer_service"
    NEXT_VISIT = "next_visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`notice_key` is unique per follower: planning the same notice twice plans it once."""

    id: int
    openid: str
    notice_key: str
    channel: Channel
    status: DeliveryStatus
    reply: Reply
    attempts: int
    planned_at: datetime
