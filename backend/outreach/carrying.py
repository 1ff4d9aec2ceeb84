"""From an approved brief to a running campaign: a worker writes its recipients down shortly before its hour.

Broken off anywhere it can be done again: recipients are unique in the ledger, and nobody sees them before the flip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog

from backend.domain.briefs import AHEAD, ALONE, ALONE_WITHIN, Brief, BriefElsewhere, BriefState
from backend.domain.clock import Clock
from backend.domain.deliveries import CampaignState, Recipient
from backend.domain.ports.campaign_voice import CampaignVoice
from backend.domain.roles import SYSTEM
from backend.matching.pool import Pool
from backend.outreach.audience import KIND, needs_matching, recipients
from backend.outreach.composing import Composer, PatentGone, Sheet
from backend.outreach.planning import BATCH, stage_all
from backend.store.campaigns import CampaignElsewhere
from backend.store.database import Database

LEASE = timedelta(minutes=2)
RENEW = timedelta(seconds=20)
GROWTH = 5  # by a fifth an audience may grow between the approver's word and its hour
PACE_KEPT = timedelta(hours=1)
log = structlog.get_logger()


class Grown(Exception):
    """More than were agreed to, or than one colleague may address alone."""


@dataclass(slots=True)
class Carrier:
    """`pool` is the matcher's, made anew when the pool of patents changes."""

    database: Database
    pool: Callable[[], Pool]
    voice: CampaignVoice
    clock: Clock
    stopped: Callable[[], bool] = lambda: False

    def carry_due(self) -> int:
        """Every brief whose time has come; how many were planned."""
        at = self.clock.now()
        with self.database.read() as uow:
            due = uow.briefs.due(at=at, before=at + AHEAD)
        return sum(self._carry(brief_id) for brief_id in due if not self.stopped())

    def _carry(self, brief_id: int) -> bool:
        at = self.clock.now()
        with self.database.write() as uow:
            brief = uow.briefs.claim(brief_id, at=at, until=at + LEASE)
        if brief is None:
            return False
        try:
            pool = self.pool() if needs_matching(brief) else None
            composer = Composer(brief, self.voice, pool)
            return self._plan(brief, composer, pool)
        except PatentGone:
            self._back(brief, BriefState.DRAFT, "patent_gone")
        except Grown:
            self._back(brief, BriefState.WAITING, "grown")
        except (CampaignElsewhere, BriefElsewhere):
            log.info("brief.left", brief=brief_id)  # called off meanwhile, or another worker was quicker
        return False

    def _plan(self, brief: Brief, composer: Composer, pool: Pool | None) -> bool:
        at = self.clock.now()
        sheet = composer.sheet(at)
        campaign_id = self._campaign(brief, sheet)
        made = self._composed(brief, composer, sheet, pool, campaign_id)
        stage_all(self.database, campaign_id, self._watched(brief, made, self._most(brief)), self.clock)
        if self.stopped():
            return False
        with self.database.write() as uow:
            held = uow.briefs.hold(brief.id)
            if held.state is not BriefState.PLANNING:
                raise BriefElsewhere(state=held.state)
            uow.briefs.move(held, BriefState.PLANNED, at=self.clock.now(), lease_until=None)
            uow.campaigns.start(campaign_id)
            uow.briefs.forget_members(brief.id)
            planned = uow.campaigns.get(campaign_id).planned
            uow.audit.add(SYSTEM, "campaign.start", f"brief:{brief.id}", after=str(planned), at=self.clock.now())
        return True

    def _campaign(self, brief: Brief, sheet: Sheet) -> int:
        """The ledger's, made once; one that was begun by a worker that died is gone on with."""
        at = self.clock.now()
        with self.database.write() as uow:
            held = uow.briefs.hold(brief.id)
            if held.campaign_id and uow.campaigns.get(held.campaign_id).state is CampaignState.STAGING:
                return held.campaign_id
            if held.state is not BriefState.PLANNING:
                raise BriefElsewhere(state=held.state)
            made = uow.campaigns.create(
                kind=KIND,
                name=brief.name,
                text=sheet.text,
                notice=sheet.notice,
                text_version=brief.text_version,
                starts_at=brief.begins(at),
                expires_at=brief.ends(at),
                per_minute=brief.per_minute,
                by=brief.changed_by,
                at=at,
            )
            uow.briefs.has_campaign(brief.id, made)
            return made

    def _composed(
        self, brief: Brief, composer: Composer, sheet: Sheet, pool: Pool | None, campaign_id: int
    ) -> Iterator[Recipient]:
        at = self.clock.now()
        for chosen in recipients(self.database, brief, pool, at=at, everybody=brief.counted):
            yield composer.recipient(sheet, chosen, campaign_id)

    def _watched(self, brief: Brief, made: Iterator[Recipient], most: int) -> Iterator[Recipient]:
        """Renews the lease, stops when the worker does, and when there are more than were agreed to."""
        renewed = self.clock.now()
        for number, recipient in enumerate(made):
            if number >= most:
                raise Grown
            if number % BATCH == 0:
                if self.stopped():
                    return
                if (now := self.clock.now()) - renewed > RENEW:
                    renewed = now
                    with self.database.write() as uow:
                        uow.briefs.renew(brief.id, until=now + LEASE)
            yield recipient

    def _most(self, brief: Brief) -> int:
        """How many may get it: those whom the approver saw counted and a few more, else what one colleague may alone."""
        if brief.approved_by:
            return brief.counted + max(brief.counted // GROWTH, ALONE)
        since = self.clock.now() - ALONE_WITHIN
        with self.database.read() as uow:
            return max(ALONE - uow.briefs.alone_since(brief.changed_by, since=since, besides=brief.id), 0)

    def _back(self, brief: Brief, state: BriefState, reason: str) -> None:
        """To the desk or to the approver; what was staged is called off unseen."""
        at = self.clock.now()
        with self.database.write() as uow:
            held = uow.briefs.hold(brief.id)
            if held.state is not BriefState.PLANNING:
                return
            if held.campaign_id:
                uow.campaigns.cancel(held.campaign_id)
            uow.briefs.move(held, state, at=at, campaign_id=0, lease_until=None, reason=reason)
            uow.audit.add(SYSTEM, "brief.back", f"brief:{brief.id}", after=f"{state}:{reason}", at=at)


def note_pace(database: Database, clock: Clock) -> None:
    """How far every running campaign is, for the page that shows its speed."""
    at = clock.now()
    with database.write() as uow:
        uow.responses.note_pace(at=at, keep_from=at - PACE_KEPT)
