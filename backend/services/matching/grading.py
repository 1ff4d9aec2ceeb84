"""Grade the pool: once a day, and whenever a colleague asks. Only what changed is written, so the table is the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.clock import day_of
from backend.domain.grades import Around, Grade, grade
from backend.domain.matching import Verdict
from backend.matching.pool import Pool
from backend.services.matching.advising import comparables_at
from backend.services.matching.matcher import Matcher
from backend.store.unit_of_work import UnitOfWork

STAGE = 100


@dataclass(frozen=True, slots=True)
class Demand:
    """How many companies there are, and how many named each cluster."""

    companies: int
    by_cluster: dict[str, int]

    @classmethod
    def now(cls, uow: UnitOfWork) -> Demand:
        return cls(uow.companies.count(), uow.companies.by_cluster())


def grade_pool(matcher: Matcher) -> tuple[int, int]:
    """(how many are on show, how many of them came out differently than before)."""
    pool = matcher.pool()
    numbers = [offer.listing.number for offer in pool.offers]
    today, changed = day_of(matcher.clock.now()), 0
    with matcher.database.read() as uow:
        demand = Demand.now(uow)
    for start in range(0, len(numbers), STAGE):
        part = numbers[start : start + STAGE]
        with matcher.database.read() as uow:
            made = {number: graded(uow, pool, number, demand, today) for number in part}
            before = uow.grades.newest(part)
        fresh = {
            number: found for number, found in made.items() if number not in before or before[number].grade != found
        }
        if not fresh:
            continue
        with matcher.database.write() as uow:
            for number, found in fresh.items():
                uow.grades.add(number, found, at=matcher.clock.now())
        changed += len(fresh)
    return len(numbers), changed


def graded(uow: UnitOfWork, pool: Pool, number: str, demand: Demand, today: date) -> Grade:
    """What the grade is now. The patent is in the pool."""
    at = pool.at[number]
    listing, classes = pool.offers[at].listing, pool.classes[at]
    said = uow.verdicts.counts([number])
    cluster = classes.clusters[0].code if classes.clusters else ""
    around = Around(
        classes=classes,
        record=uow.registry.get(number),
        companies=demand.companies,
        demand=demand.by_cluster.get(cluster, 0),
        interested=said.get((number, Verdict.INTERESTED), 0),
        not_relevant=said.get((number, Verdict.NOT_RELEVANT), 0),
        comparables=comparables_at(pool, at, today),
    )
    return grade(listing, around, on=today)
