"""Lists for many companies at once, and diversity among them: one patent does not fill every list.

All candidates are dealt out by falling score. A patent has room in `ROOM` times its fair share of the lists; beyond that it
goes only where its score is STRONG, so a company for which it is plainly right still sees it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.domain.companies import Company
from backend.domain.matching import STRONG, Match, Verdict
from backend.matching.pool import Pool
from backend.matching.scores import Scored, best, match_at, scored

SHOWN = 5
LOOKED_AT = 4  # times as many candidates as a list holds
ROOM = 6
LEAST_ROOM = 3
Candidate = tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class Lists:
    """`chosen` are (position in the pool, score) for each company, best first; `room` what each patent had."""

    chosen: list[list[tuple[int, float]]]
    room: int


def room_for(companies: int, patents: int, shown: int = SHOWN) -> int:
    """In how many lists a patent may stand before only a strong score lets it into another."""
    return max(LEAST_ROOM, math.ceil(ROOM * companies * shown / max(patents, 1)))


def lists_for(
    companies: Sequence[Company],
    pool: Pool,
    verdicts: Mapping[str, Mapping[str, Verdict]] | None = None,
    *,
    shown: int = SHOWN,
) -> Lists:
    """The list of every company."""
    verdicts = verdicts or {}
    candidates: list[Candidate] = []
    for position, company in enumerate(companies):
        held = scored(company, pool, verdicts.get(company.openid))
        candidates += [(float(held.total[at]), position, at) for at in best(held, LOOKED_AT * shown)]
    room = room_for(len(companies), len(pool), shown)
    return Lists(dealt(candidates, companies=len(companies), patents=len(pool), shown=shown, room=room), room)


def dealt(
    candidates: list[Candidate], *, companies: int, patents: int, shown: int, room: int
) -> list[list[tuple[int, float]]]:
    """Every candidate once, by falling score; equal scores in the order of companies and of the pool."""
    used = [0] * patents
    chosen: list[list[tuple[int, float]]] = [[] for _ in range(companies)]
    for score, company, at in sorted(candidates, key=lambda one: (-one[0], one[1], one[2])):
        if len(chosen[company]) < shown and (used[at] < room or score >= STRONG):
            chosen[company].append((at, score))
            used[at] += 1
    return chosen


def list_for(
    company: Company,
    pool: Pool,
    verdicts: Mapping[str, Verdict],
    *,
    stands_in: Mapping[str, int],
    room: int,
    shown: int = SHOWN,
    skip: int = 0,
) -> tuple[list[Match], int]:
    """One company's list now, and how many fit in all. `stands_in`: in how many other companies' lists a patent stands."""
    held: Scored = scored(company, pool, verdicts)
    fitting = best(held, len(pool))
    spread = [
        at
        for at in fitting
        if stands_in.get(pool.offers[at].listing.number, 0) < room or float(held.total[at]) >= STRONG
    ]
    order = spread if len(spread) >= shown else fitting  # better the same patent once more than an empty list
    return [match_at(held, pool, at) for at in order[skip : skip + shown]], len(order)
