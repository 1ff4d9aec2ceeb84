"""A watched pool: what is published, who saved what, and what they are told when they come by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from backend.domain.listings import Listing
from backend.domain.profiles import Consent
from backend.domain.queries import PatentQuery
from backend.domain.saved_queries import PURPOSE, VERSION, Cadence
from backend.services.alerts.digests import Digests
from backend.services.alerts.subscribing import save
from backend.services.alerts.watching import Watch
from backend.services.pool.importing import note_for_search
from bot.texts import Texts
from bot.texts.notices import Notices
from tests.support.arrivals import visit
from tests.support.shelf import Shelf, tokenizer

WORDING = Notices(Texts())


@dataclass
class Alerted:
    """The clock is the shelf's; followers are there once they saved or followed something."""

    shelf: Shelf

    @cached_property
    def watch(self) -> Watch:
        return self.watch_of_another_process()

    def watch_of_another_process(self) -> Watch:
        shelf = self.shelf
        return Watch(shelf.database, shelf.reader(), shelf.clock, WORDING, demonstration=False)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.shelf.database, tokenizer(), self.shelf.clock, WORDING)

    def saved(self, openid: str, query: PatentQuery, cadence: Cadence = Cadence.DAILY) -> int:
        """The id of the query they saved."""
        self.came(openid)
        with self.shelf.database.write() as uow:
            assert save(uow, openid, query, cadence, at=self.shelf.clock.now())
            held = uow.saved_queries.known(openid, query)
        assert held is not None
        return held.id

    def follows(self, openid: str, listing: Listing, *, agreed: bool = True) -> None:
        """They keep it, and agreed to hear of what changes."""
        self.came(openid)
        with self.shelf.database.write() as uow:
            uow.favourites.keep(openid, listing, at=self.shelf.clock.now())
            if agreed:
                uow.institutions.agree(openid, Consent(PURPOSE, VERSION), at=self.shelf.clock.now())

    def came(self, openid: str) -> None:
        visit(self.shelf.database, openid, at=self.shelf.clock.now())

    def happens(self, *listings: Listing) -> None:
        """Published, and looked at."""
        self.shelf.publish(*listings)
        self.look()

    def look(self) -> int:
        note_for_search(self.shelf.database)
        return self.watch.run()

    def waiting(self, openid: str) -> list[str]:
        """What is kept for the next visit, in words."""
        with self.shelf.database.read() as uow:
            return [delivery.reply.text for delivery in uow.deliveries.kept_for(openid)]

    def alerts(self, openid: str) -> list[tuple[str, str]]:
        """(patent, change) of everything found for them and not told yet, whenever it is due."""
        with self.shelf.database.read() as uow:
            found = uow.alerts.untold(openid, at=self.shelf.clock.now().replace(year=9999))
        return [(alert.number, str(alert.change)) for alert in found]
