"""How a delivery may go to this follower at this moment: by law, by what the platform opened, and by what they chose.

Customer-service message while a window is open → subscription notice where they agreed to one → template message, for
service notices only → kept for the next visit (customer message guide, subscription notice guide, template message guide).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.deliveries import MANNERS, Channel, Delivery, DeliveryKind, DeliveryStatus, Manners
from backend.domain.preferences import HOUSE, Preference

GENTLE_OF_WINDOW, LEFT_TO_ANSWERS = 2, 2  # of five: at most two come unasked, and never the last two
DAILY = {  # calls a day (platform reference, limits of each call)
    Channel.CUSTOMER_SERVICE: 500_000,
    Channel.TEMPLATE: 100_000,
    Channel.SUBSCRIPTION: 100_000,
}
GENTLE_SHARE = 0.9  # of a day's calls; the rest is for answers and notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The follower at this moment. `window_pushed` counts what came unasked in the open window; `credits` are subscription
    notices of this delivery's template that they agreed to; `recommended_at` is when they last got a recommendation."""

    following: bool = False
    window_left: int = 0
    window_until: datetime | None = None
    window_pushed: int = 0
    purposes: frozenset[str] = frozenset()
    credits: int = 0
    preference: Preference = HOUSE
    recommended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    """The platform's calls today: how many were made, and until when one must rest."""

    used: Mapping[Channel, int] = field(default_factory=dict)
    rests: Mapping[Channel, datetime] = field(default_factory=dict)
    limits: Mapping[Channel, int] = field(default_factory=lambda: DAILY)

    def closed_until(self, channel: Channel, *, gentle: bool, at: datetime, midnight: datetime) -> datetime | None:
        """None where the call may be made now."""
        rests = self.rests.get(channel)
        if rests is not None and rests > at:
            return rests
        limit = self.limits[channel] * (GENTLE_SHARE if gentle else 1)
        return midnight if self.used.get(channel, 0) >= limit else None


@dataclass(frozen=True, slots=True)
class Go:
    channel: Channel


@dataclass(frozen=True, slots=True)
class Later:
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Keep:
    reason: str


@dataclass(frozen=True, slots=True)
class End:
    status: DeliveryStatus
    reason: str


Decision = Go | Later | Keep | End


def choose(
    delivery: Delivery,
    standing: Standing,
    calls: Calls,
    *,
    templates: Collection[Channel],
    expires_at: datetime | None,
    at: datetime,
    midnight: datetime,
) -> Decision:
    """`templates` are the channels that have a form for this notice; `midnight` is the next one in Hubei."""
    decided = _decide(delivery, standing, calls, templates=templates, at=at, midnight=midnight)
    if expires_at is None:
        return decided
    if expires_at <= at:
        return End(DeliveryStatus.EXPIRED, "stale")
    if isinstance(decided, Later) and decided.until >= expires_at:
        return End(DeliveryStatus.EXPIRED, decided.reason)
    return decided


def _decide(
    delivery: Delivery,
    standing: Standing,
    calls: Calls,
    *,
    templates: Collection[Channel],
    at: datetime,
    midnight: datetime,
) -> Decision:
    manners = MANNERS[delivery.kind]
    if not standing.following:
        return End(DeliveryStatus.SUPPRESSED, "unfollowed")
    if manners.purpose and manners.purpose not in standing.purposes:
        return End(DeliveryStatus.SUPPRESSED, "no_consent")
    waits = _peace(delivery.kind, manners, standing, at)
    if waits is not None:
        return waits
    rests: list[datetime] = []
    for channel in Channel.asked():
        if channel in delivery.tried or not _open(channel, manners, standing, templates, at):
            continue
        closed = calls.closed_until(channel, gentle=manners.gentle, at=at, midnight=midnight)
        if closed is None:
            return Go(channel)
        rests.append(closed)
    if rests:
        return Later(min(rests), "quota")
    return Keep(delivery.reason if delivery.tried else "no_window")


def _peace(kind: DeliveryKind, manners: Manners, standing: Standing, at: datetime) -> Later | None:
    """What the follower chose: a pause, how often, and when not."""
    chosen = standing.preference
    if manners.gentle and chosen.paused_until is not None and chosen.paused_until > at:
        return Later(chosen.after_quiet(chosen.paused_until), "paused")
    if kind is DeliveryKind.RECOMMENDATION:
        last = standing.recommended_at
        if last is not None and last >= chosen.frequency.begin(at):
            return Later(chosen.after_quiet(chosen.frequency.next(max(last, at))), "frequency")
    if manners.quiet and chosen.is_quiet(at):
        return Later(chosen.after_quiet(at), "quiet")
    return None


def _open(channel: Channel, manners: Manners, standing: Standing, templates: Collection[Channel], at: datetime) -> bool:
    match channel:
        case Channel.CUSTOMER_SERVICE:
            if standing.window_until is None or standing.window_until <= at:
                return False
            if manners.gentle:
                return standing.window_left > LEFT_TO_ANSWERS and standing.window_pushed < GENTLE_OF_WINDOW
            return standing.window_left > 0
        case Channel.SUBSCRIPTION:
            return channel in templates and standing.credits > 0
        case Channel.TEMPLATE:
            return channel in templates and manners.templated
        case _:
            return False
