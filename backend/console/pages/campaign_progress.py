"""How a campaign stands: counts, speed, time left, what recipients made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.briefs import Brief
from backend.domain.deliveries import Campaign, CampaignState, DeliveryStatus
from backend.store.responses import Interest
from backend.store.unit_of_work import UnitOfWork

LOOKED_BACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Progress:
    """`ended` of `planned` recipients have an outcome, `kept` wait for their visit. `per_minute` is the speed of the last
    minutes; `minutes_left` None where nothing can be said."""

    campaign: Campaign
    counts: Mapping[DeliveryStatus, int]
    kept: int
    per_minute: float | None
    openings: int
    interested: int
    interests: Sequence[Interest]

    @property
    def ended(self) -> int:
        return self.campaign.planned - self.counts.get(DeliveryStatus.PLANNED, 0)

    @property
    def waiting(self) -> int:
        """Whose turn is still to come."""
        return max(self.counts.get(DeliveryStatus.PLANNED, 0) - self.kept, 0)

    @property
    def share(self) -> int:
        """Percent that are settled or wait for a visit."""
        return 100 * (self.campaign.planned - self.waiting) // self.campaign.planned if self.campaign.planned else 100

    @property
    def minutes_left(self) -> int | None:
        if self.campaign.state is not CampaignState.RUNNING or not self.waiting:
            return None
        speed = self.per_minute or 0
        if speed <= 0:
            speed = self.campaign.per_minute
        return -(-self.waiting // max(int(speed), 1)) if speed else None


def progress_of(uow: UnitOfWork, brief: Brief, at: datetime) -> Progress | None:
    """None before it is planned."""
    if not brief.campaign_id:
        return None
    number = brief.campaign_id
    interested, interests = uow.responses.interests(number)
    return Progress(
        campaign=uow.campaigns.get(number),
        counts=uow.campaigns.counts(number),
        kept=uow.responses.kept(number),
        per_minute=uow.responses.per_minute(number, since=at - LOOKED_BACK, at=at),
        openings=uow.responses.openings(number),
        interested=interested,
        interests=interests,
    )
