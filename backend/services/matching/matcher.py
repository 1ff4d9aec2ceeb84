"""Matching for one process: the pool as numbers, made anew when the pool changes, asked by conversations and the console.

Held in memory whole, some 10 kB a patent: made for the tens of thousands that one province lists.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

from backend.domain.clock import Clock, day_of
from backend.domain.companies import Company
from backend.domain.matching import Match, MatchList
from backend.domain.pricing import Advice, Inputs
from backend.domain.questions import AdvisePrice, MatchPatents, MyCompany
from backend.matching.lists import SHOWN, list_for, room_for
from backend.matching.pool import Offer, Pool
from backend.matching.scores import companies_for
from backend.matching.terms import Cut
from backend.services.matching.advising import advise
from backend.store.database import Database

COUNTED_FOR = timedelta(days=30)  # how long a shown list counts for diversity
MOST_COMPANIES = 50


class Matcher:
    """`demonstration` says whether demonstration rows may be shown at all. Safe in any number of threads."""

    def __init__(self, database: Database, cut: Cut, clock: Clock, *, demonstration: bool) -> None:
        self.database, self.cut, self.clock, self.demonstration = database, cut, clock, demonstration
        self._pool: Pool | None = None
        self._made_for = ""
        self._making = threading.Lock()

    def answer(
        self, question: MyCompany | MatchPatents | AdvisePrice, openid: str
    ) -> Company | MatchList | Advice | None:
        match question:
            case MyCompany():
                with self.database.read() as uow:
                    return uow.companies.of(openid)
            case MatchPatents(company, page):
                return self.patents_for(openid, company, page)
            case AdvisePrice(number, words, inputs):
                return self.price(number, words, inputs)

    def pool(self) -> Pool:
        """The pool as it is now: on show today, with today's labels and classes."""
        today = day_of(self.clock.now())
        with self.database.read() as uow:
            state = (uow.listings.state(), uow.class_overrides.version(), uow.institution_labels.version(), today)
        wanted = str(state)
        with self._making:
            if self._pool is None or self._made_for != wanted:
                with self.database.read() as uow:
                    shelved = [held for held in uow.listings.all() if held.on_show(today)]
                    labels, overrides = uow.institution_labels.on(today), uow.class_overrides.all()
                offers = [
                    Offer(held.listing, held.demonstration, held.vouched_by)
                    for held in shelved
                    if self.demonstration or not held.demonstration
                ]
                self._pool = Pool(offers, self.cut, labels=labels, overrides=overrides)
                self._made_for = wanted
            return self._pool

    def patents_for(self, openid: str, described: Company | None, page: int) -> MatchList | None:
        """What may fit the follower's company, or one described in passing. None where neither is known."""
        with self.database.read() as uow:
            company = described or uow.companies.of(openid)
            verdicts = uow.verdicts.of(openid)
            stands_in, lists = uow.verdicts.stands_in(besides=openid, since=self.clock.now() - COUNTED_FOR)
        if company is None:
            return None
        pool = self.pool()
        found, total = list_for(
            company,
            pool,
            verdicts,
            stands_in=stands_in,
            room=room_for(lists, len(pool)),
            skip=page * SHOWN,
        )
        return MatchList(tuple(found), total, page, own=described is None, shown=SHOWN)

    def companies_for(self, number: str, *, count: int = MOST_COMPANIES) -> list[Match]:
        """Patent → companies, best first: for staff."""
        with self.database.read() as uow:
            companies, verdicts = uow.companies.all(), uow.verdicts.all()
        return companies_for(number, companies, self.pool(), verdicts, count=count)

    def matches_of(self, company: Company) -> list[Match]:
        """What may fit one company, as staff see it: without regard to other lists."""
        with self.database.read() as uow:
            verdicts = uow.verdicts.of(company.openid) if company.openid else {}
        return list_for(company, self.pool(), verdicts, stands_in={}, room=1, shown=4 * SHOWN)[0]

    def price(self, number: str, words: str, inputs: Inputs) -> Advice:
        """Everything that can be said on a price."""
        pool, today = self.pool(), day_of(self.clock.now())
        with self.database.read() as uow:
            rates = uow.industry_rates.all()
            record = uow.registry.get(number) if number and number not in pool.at else None
        return advise(pool, replace(AdvisePrice(), number=number, words=words, inputs=inputs), record, rates, today)
