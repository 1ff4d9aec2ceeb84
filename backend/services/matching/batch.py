"""Every company's list at once: what a campaign or a district asks for."""

from __future__ import annotations

from collections.abc import Iterator

from backend.domain.matching import Match
from backend.matching.lists import lists_for
from backend.matching.scores import match_at, scored
from backend.services.matching.matcher import Matcher


def match_everybody(matcher: Matcher) -> Iterator[Match]:
    """Company by company in the order of their ids, best first, diversity over all lists (`backend.matching.lists`)."""
    with matcher.database.read() as uow:
        companies, verdicts = uow.companies.all(), uow.verdicts.all()
    pool = matcher.pool()
    found = lists_for(companies, pool, verdicts)
    for company, chosen in zip(companies, found.chosen, strict=True):
        held = scored(company, pool, verdicts.get(company.openid))
        yield from (match_at(held, pool, at) for at, _ in chosen)
