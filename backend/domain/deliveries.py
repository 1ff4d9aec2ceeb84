"""A delivery: something to be said to a follower outside the answer to an HTTP request, written down before it is sent.

planned → claimed (lease) → asking → sent | refused | unknown | suppressed | expired. ASKING is committed before the
platform is asked, so a crash leaves exactly the calls in flight as UNKNOWN, never a second message. What an unknown one
means depends on its kind: a recommendation is never repeated, a legal notice is, under the same business number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """How it went, or where it waits. OPEN: chosen when it is claimed, by law and by what is open then."""

    OPEN = "open"
    CUSTOMER_SERVICE = "customer_service"
    SUBSCRIPTION = "subscription"
    TEMPLATE = "template"
    NEXT_VISIT = "next_visit"

    @classmethod
    def asked(cls) -> tuple[Channel, ...]:
        """Those that are calls to the platform, in the order in which they are tried."""
        return (cls.CUSTOMER_SERVICE, cls.SUBSCRIPTION, cls.TEMPLATE)


class DeliveryKind(StrEnum):
    LATE_ANSWER = "late_answer"
    COLLEAGUE = "colleague"
    LEGAL_NOTICE = "legal_notice"
    SERVICE_NOTICE = "service_notice"
    REMINDER = "reminder"
    DIGEST = "digest"
    RECOMMENDATION = "recommendation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What a kind may do. `purpose` is the consent it needs, empty where the follower's own matter is reason enough.

    `rank` orders the queue. `gentle` kinds come unasked: they wait out the quiet hours, keep to the frequency the
    follower chose, and leave a customer-service window to answers. `templated` may be a template message, which is for
    service notices only (template message guide: no marketing). `repeats`: asked again where nobody knows whether it
    arrived.
    """

    rank: int
    purpose: str = ""
    quiet: bool = False
    gentle: bool = False
    templated: bool = False
    repeats: bool = False


ALERTS, RECOMMENDATIONS = "alerts", "recommendations"
MANNERS: dict[DeliveryKind, Manners] = {
    DeliveryKind.LATE_ANSWER: Manners(rank=0),
    DeliveryKind.COLLEAGUE: Manners(rank=0),
    DeliveryKind.LEGAL_NOTICE: Manners(rank=0, templated=True, repeats=True),
    DeliveryKind.SERVICE_NOTICE: Manners(rank=1, templated=True),
    DeliveryKind.REMINDER: Manners(rank=1, templated=True, quiet=True),
    DeliveryKind.DIGEST: Manners(rank=2, purpose=ALERTS, quiet=True, gentle=True),
    DeliveryKind.RECOMMENDATION: Manners(rank=2, purpose=RECOMMENDATIONS, quiet=True, gentle=True),
}
RANKS = tuple(sorted({manners.rank for manners in MANNERS.values()}))


def gentle_kinds() -> tuple[DeliveryKind, ...]:
    """Those that come unasked; “退订” ends them."""
    return tuple(kind for kind, manners in MANNERS.items() if manners.gentle)


@dataclass(frozen=True, slots=True)
class Notice:
    """The same in the platform's form, for channels that take no free text. `template` names an entry of
    backend/outreach/templates.yml, `values` fill its fields, `url` is where a tap leads."""

    template: str
    values: dict[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`notice_key` is unique per follower: planning the same notice twice plans it once.

    `campaign_id` is 0 for a single notice; of a campaign `reply` is worded from the campaign's text and `values` when it
    is claimed. `tried` are channels that would not take it. `business_number` is the same in every repetition.
    """

    id: int
    openid: str
    notice_key: str
    kind: DeliveryKind
    campaign_id: int
    channel: Channel
    status: DeliveryStatus
    reply: Reply
    notice: Notice | None
    values: dict[str, str]
    text_version: str
    business_number: str
    tried: frozenset[Channel]
    attempts: int
    platform_id: str
    reason: str
    planned_at: datetime
    due_at: datetime
    expires_at: datetime | None


class CampaignState(StrEnum):
    """STAGING: recipients are being written and nobody sees them. One flip makes it RUNNING."""

    STAGING = "staging"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DONE = "done"

    @classmethod
    def over(cls) -> frozenset[CampaignState]:
        return frozenset({cls.CANCELLED, cls.EXPIRED, cls.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A batch to many. `text` is the reply with ((占位符)), `notice` the same for channels without free text; both are
    filled with each recipient's values. `per_minute` 0 is no throttle. `expires_at`: what has not gone out by then, does not."""

    id: int
    kind: DeliveryKind
    state: CampaignState
    name: str
    text: Reply
    notice: Notice | None
    text_version: str
    starts_at: datetime
    expires_at: datetime
    per_minute: int
    planned: int


@dataclass(frozen=True, slots=True)
class Recipient:
    openid: str
    values: dict[str, str] = field(default_factory=dict)
