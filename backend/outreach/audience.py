"""Who gets a campaign: counted with the reasons of those left out, shown by a few, and passed through in steps.

Where the campaign shows patents, whoever none fits is left out. That takes scoring each company, so the console counts it up
to MATCHED_NOW companies and says so beyond.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.briefs import Brief, BriefKind, LeftOut
from backend.domain.clock import day_of
from backend.domain.deliveries import MANNERS, DeliveryKind
from backend.domain.matching import STRONG, Match, ReasonKind, Verdict
from backend.domain.preferences import Preference
from backend.matching.lists import LOOKED_AT, room_for
from backend.matching.pool import Pool
from backend.matching.scores import NEVER, Scored, best, match_at, scored
from backend.store.audiences import Moment, Reached
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

KIND = DeliveryKind.RECOMMENDATION  # whatever a campaign says, it comes unasked: by consent, seldom, never at night
SHOWN = 3
STEP = 1000
SAMPLE = 10
MATCHED_NOW = 2000
NOT_AGAIN = timedelta(days=90)  # a patent that a campaign showed a follower is not shown to them again


@dataclass(frozen=True, slots=True)
class Chosen:
    """One recipient, with the patents that fit where the campaign shows some."""

    reached: Reached
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Headcount:
    """`exact` is False where only a part was matched: then NO_MATCH is not among the reasons yet, and fewer get it."""

    total: int
    left_out: Mapping[LeftOut, int]
    sample: tuple[Chosen, ...]
    exact: bool = True


def moment_of(brief: Brief, at: datetime) -> Moment:
    purpose = MANNERS[KIND].purpose
    return Moment(purpose=purpose, day=day_of(at), ends_at=brief.ends(at), companies=needs_matching(brief))


def needs_matching(brief: Brief) -> bool:
    return brief.kind in BriefKind.matched() or bool(brief.audience.numbers)


class Matching:
    """Chooses patents for one company after the other, so that one patent does not fill every list (0025)."""

    def __init__(self, brief: Brief, pool: Pool, everybody: int) -> None:
        self.brief, self.pool = brief, pool
        self.room = room_for(everybody, len(pool), SHOWN)
        self.used = [0] * len(pool)
        self.wanted = [pool.at[number] for number in brief.audience.numbers if number in pool.at]
        self.one = pool.at.get(brief.content.number) if brief.kind is BriefKind.ONE_PATENT else None

    def of(self, reached: Reached, verdicts: Mapping[str, Verdict], told: set[str]) -> tuple[Match, ...] | None:
        """None where nothing fits. Empty where the campaign shows no patents and the company fits its condition."""
        if reached.company is None:
            return None
        held = scored(reached.company, self.pool, verdicts)
        if self.brief.audience.numbers and not any(held.total[at] > NEVER for at in self.wanted):
            return None
        if self.brief.kind is BriefKind.ONE_PATENT:
            return self._one(held, reached, told)
        if self.brief.kind is BriefKind.MATCHES:
            return self._many(held, reached, told) or None
        return ()

    def _one(self, held: Scored, reached: Reached, told: set[str]) -> tuple[Match, ...] | None:
        at = self.one
        if at is None or held.total[at] <= NEVER or not self._wished(at, reached.preference):
            return None
        match = match_at(held, self.pool, at)
        return (match,) if match.listing.number not in told and well_grounded(match) else None

    def _many(self, held: Scored, reached: Reached, told: set[str]) -> tuple[Match, ...]:
        fitting = [
            at
            for at in best(held, LOOKED_AT * SHOWN + len(told))
            if self.pool.offers[at].listing.number not in told and self._wished(at, reached.preference)
        ]
        spread = [at for at in fitting if self.used[at] < self.room or held.total[at] >= STRONG]
        chosen: list[Match] = []
        for at in spread or fitting:  # better the same patent once more than nothing
            match = match_at(held, self.pool, at)
            if well_grounded(match):
                chosen.append(match)
                self.used[at] += 1
            if len(chosen) == SHOWN:
                break
        return tuple(chosen)

    def _wished(self, at: int, chosen: Preference) -> bool:
        """They asked for nothing in particular, or for this."""
        if chosen.places and self.pool.offers[at].listing.place_code not in chosen.places:
            return False
        codes = {held.code for held in self.pool.classes[at].clusters}
        return not chosen.topics or not codes or bool(codes & set(chosen.topics))


def well_grounded(match: Match) -> bool:
    """What comes unasked needs more than one word in common: two, or the cluster or industry."""
    grounds = {reason.kind: reason.said for reason in match.reasons}
    classed = ReasonKind.CLUSTER in grounds or ReasonKind.DIVISION in grounds
    return classed or len(grounds.get(ReasonKind.WORDS, ())) > 1


def recipients(
    database: Database, brief: Brief, pool: Pool | None, *, at: datetime, everybody: int
) -> Iterator[Chosen]:
    """Everybody who gets it, each read once, in short reads. `everybody` is about how many there are."""
    moment, after = moment_of(brief, at), ""
    matching = Matching(brief, pool, everybody) if pool is not None and needs_matching(brief) else None
    while True:
        with database.read() as uow:
            step = uow.audiences.step(brief.audience, moment, brief_id=brief.id, after=after, limit=STEP)
            verdicts, told = _known(uow, step, at) if matching else ({}, {})
        if not step:
            return
        after = step[-1].openid
        for reached in step:
            if matching is None:
                yield Chosen(reached)
                continue
            matches = matching.of(reached, verdicts.get(reached.openid, {}), told.get(reached.openid, set()))
            if matches is not None:
                yield Chosen(reached, matches)


def _known(
    uow: UnitOfWork, step: list[Reached], at: datetime
) -> tuple[dict[str, dict[str, Verdict]], dict[str, set[str]]]:
    openids = [reached.openid for reached in step]
    return uow.verdicts.some(openids), uow.responses.told_numbers(openids, since=at - NOT_AGAIN)


def count(database: Database, brief: Brief, pool: Pool | None, *, at: datetime) -> Headcount:
    """How many get it, who does not and why, and ten of them."""
    with database.read() as uow:
        counted = uow.audiences.counted(brief.audience, moment_of(brief, at), brief_id=brief.id)
    total = counted.pop(None, 0)
    left_out = {reason: times for reason, times in counted.items() if reason is not None}
    exact = not needs_matching(brief) or total <= MATCHED_NOW
    sample: list[Chosen] = []
    fitting = 0
    for chosen in recipients(database, brief, pool, at=at, everybody=total):
        fitting += 1
        if len(sample) < SAMPLE:
            sample.append(chosen)
        if len(sample) == SAMPLE and not (exact and needs_matching(brief)):
            break
    if exact and needs_matching(brief):
        left_out |= {LeftOut.NO_MATCH: total - fitting} if total > fitting else {}
        total = fitting
    return Headcount(total, left_out, tuple(sample), exact)
