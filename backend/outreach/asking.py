"""Before the call: who of those whose turn it is may be asked for now, in which channel, and with which words.

One short transaction. It holds the followers, so that nobody else spends their window, and what it decides to ask for is
`asking` when it commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.domain.channels import Calls, Decision, End, Go, Keep, Later, Standing, choose
from backend.domain.clock import CHINA
from backend.domain.deliveries import (
    MANNERS,
    Campaign,
    CampaignState,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
)
from backend.domain.keyed import keyed
from backend.domain.ports.sender import Message
from backend.domain.preferences import HOUSE, Frequency
from backend.domain.reply import Reply, ReplyKind
from backend.domain.wording import fill
from backend.outreach.forms import Filled, Forms
from backend.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Asked:
    delivery: Delivery
    message: Message


@dataclass(slots=True)
class Asker:
    """`secret` keys the hash under which those who left and came back are known to have been told."""

    forms: Forms
    me: str
    secret: str = ""

    def ask(self, uow: UnitOfWork, wave: Sequence[Delivery], *, at: datetime) -> list[Asked]:
        """At most one delivery of each follower in `wave`; those to ask for now. Commit before asking."""
        openids = [delivery.openid for delivery in wave]
        standings = uow.standings.hold(openids)
        mine = uow.sending.still_mine([delivery.id for delivery in wave], me=self.me, at=at)
        campaigns = uow.campaigns.some({delivery.campaign_id for delivery in wave if delivery.campaign_id})
        ours = [worded(delivery, campaigns) for delivery in wave if delivery.id in mine]
        filled = {delivery.id: self.forms.fitting(delivery.notice, delivery.values) for delivery in ours}
        known = self._standings(uow, ours, standings, filled, at=at)
        told = self._told_before(uow, ours)
        calls = self._calls(uow, ours, filled, at)
        decisions: dict[int, Decision] = {}
        for delivery in ours:
            decisions[delivery.id] = (
                _called_off(campaigns.get(delivery.campaign_id))
                or (End(DeliveryStatus.SUPPRESSED, "told_before") if delivery.id in told else None)
                or choose(
                    delivery,
                    known[delivery.id],
                    calls,
                    templates=filled[delivery.id],
                    expires_at=delivery.expires_at,
                    at=at,
                    midnight=midnight_after(at),
                )
            )
        asked = self._carry_out(uow, ours, decisions, filled, at=at)
        self._use(uow, asked, at)
        return asked

    def _standings(
        self,
        uow: UnitOfWork,
        ours: Sequence[Delivery],
        held: dict[str, Standing],
        filled: dict[int, dict[Channel, Filled]],
        *,
        at: datetime,
    ) -> dict[int, Standing]:
        """The locked rows, with what else the choice needs to know of those whom it concerns."""
        gentle = [delivery.openid for delivery in ours if MANNERS[delivery.kind].gentle]
        purposes = uow.standings.purposes(gentle) if gentle else {}
        quiet = [delivery.openid for delivery in ours if MANNERS[delivery.kind].quiet]
        chosen = uow.preferences.of(quiet) if quiet else {}
        subscribable = [delivery.openid for delivery in ours if Channel.SUBSCRIPTION in filled[delivery.id]]
        credits_ = uow.preferences.credits(subscribable) if subscribable else {}
        offered = [delivery.openid for delivery in ours if delivery.kind is DeliveryKind.RECOMMENDATION]
        since = Frequency.MONTHLY.begin(at)
        since = min(since, Frequency.WEEKLY.begin(at))
        recommended = uow.sending.gentle_since(offered, at=since) if offered else {}
        return {
            delivery.id: replace(
                held.get(delivery.openid, Standing()),
                purposes=purposes.get(delivery.openid, frozenset()),
                preference=chosen.get(delivery.openid, HOUSE),
                credits=_credits(credits_, delivery, filled[delivery.id]),
                recommended_at=recommended.get(delivery.openid),
            )
            for delivery in ours
        }

    def _told_before(self, uow: UnitOfWork, ours: Sequence[Delivery]) -> set[int]:
        """Who left, was forgotten and came back is not told again what went out before."""
        if not self.secret:
            return set()
        keys = {
            delivery.id: (keyed(delivery.openid, self.secret), delivery.notice_key)
            for delivery in ours
            if MANNERS[delivery.kind].rank
        }
        told = uow.deliveries.told(list(keys.values()))
        return {number for number, key in keys.items() if key in told}

    def _calls(
        self, uow: UnitOfWork, ours: Sequence[Delivery], filled: dict[int, dict[Channel, Filled]], at: datetime
    ) -> Calls:
        """Locked: the wave as a whole stays within a day's calls, up to its own size."""
        if not ours:
            return Calls()
        channels = {Channel.CUSTOMER_SERVICE} | {channel for forms in filled.values() for channel in forms}
        days = uow.quotas.hold([str(channel) for channel in channels], at=at)
        used = {Channel(api): day.used + len(ours) - 1 for api, day in days.items()}
        return Calls(used, {Channel(api): day.rests_until for api, day in days.items() if day.rests_until})

    def _carry_out(
        self,
        uow: UnitOfWork,
        ours: Sequence[Delivery],
        decisions: dict[int, Decision],
        filled: dict[int, dict[Channel, Filled]],
        *,
        at: datetime,
    ) -> list[Asked]:
        asked: list[Asked] = []
        ended: dict[int, tuple[int, DeliveryStatus, str]] = {}
        for delivery in ours:
            match decisions[delivery.id]:
                case Go(channel):
                    asked.append(Asked(delivery, _message(delivery, channel, filled[delivery.id].get(channel))))
                case Later(until, reason):
                    uow.sending.again(delivery, due_at=until, reason=reason)
                case Keep(reason):
                    uow.sending.keep(delivery, reason=reason, expires_at=delivery.expires_at)
                case End(status, reason):
                    ended[delivery.id] = (delivery.campaign_id, status, reason)
        uow.sending.finish(ended, at=at)
        return asked

    def _use(self, uow: UnitOfWork, asked: Sequence[Asked], at: datetime) -> None:
        for channel in Channel.asked():
            these = [one.delivery for one in asked if one.message.channel is channel]
            if not these:
                continue
            if channel is Channel.CUSTOMER_SERVICE:
                uow.standings.use_windows({held.openid: MANNERS[held.kind].gentle for held in these})
            elif channel is Channel.SUBSCRIPTION:
                these_ = [one.message for one in asked if one.message.channel is channel]
                uow.preferences.spend([(message.openid, message.template_id) for message in these_])
            uow.sending.ask([held.id for held in these], channel, at=at)
            uow.quotas.use(str(channel), len(these), at=at)


def _credits(held: dict[tuple[str, str], int], delivery: Delivery, filled: dict[Channel, Filled]) -> int:
    form = filled.get(Channel.SUBSCRIPTION)
    return held.get((delivery.openid, form.template_id), 0) if form else 0


def worded(delivery: Delivery, campaigns: dict[int, Campaign]) -> Delivery:
    """A campaign's recipient with the campaign's words, filled with their own values, and its end."""
    campaign = campaigns.get(delivery.campaign_id)
    if campaign is None:
        return delivery
    said, values = campaign.text, delivery.values
    reply = Reply(
        said.kind, fill(said.text, values), fill(said.title, values), fill(said.url, values), said.picture_url
    )
    expires = campaign.expires_at if delivery.expires_at is None else min(delivery.expires_at, campaign.expires_at)
    return replace(delivery, reply=reply, notice=campaign.notice, expires_at=expires)


def midnight_after(at: datetime) -> datetime:
    """The next midnight in Hubei: the platform's quotas begin anew."""
    day = at.astimezone(CHINA) + timedelta(days=1)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _called_off(campaign: Campaign | None) -> Decision | None:
    match campaign.state if campaign else CampaignState.RUNNING:
        case CampaignState.CANCELLED:
            return End(DeliveryStatus.SUPPRESSED, "cancelled")
        case CampaignState.EXPIRED:
            return End(DeliveryStatus.EXPIRED, "expired")
        case CampaignState.PAUSED if campaign:
            return Later(campaign.starts_at, "")  # as it was: its turn comes when the campaign goes on
        case _:
            return None


def _message(delivery: Delivery, channel: Channel, filled: Filled | None) -> Message:
    key = f"hq{delivery.id}"
    if filled is None:
        reply = delivery.reply if delivery.reply.kind is not ReplyKind.NOTHING else None
        return Message(openid=delivery.openid, channel=channel, key=key, reply=reply)
    return Message(
        openid=delivery.openid,
        channel=channel,
        key=key,
        template_id=filled.template_id,
        fields=filled.fields,
        url=filled.url,
    )
