"""One digest a follower and day: what their saved queries found since the last, each with its reason.

A digest that was planned and never read gives way to the next, which tells the same and what came besides: somebody who
comes back after a month reads one message, not thirty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from backend.domain.clock import Clock, day_of
from backend.domain.deliveries import DeliveryKind, DeliveryStatus
from backend.domain.listings import Listing, ListingStatus
from backend.domain.needs import NeedMatch
from backend.domain.ports.wording import Wording
from backend.domain.saved_queries import DIGEST_AT, QUIET_FROM, Change, SavedQuery, at_hour, digest_key
from backend.search.indexer import document_of
from backend.search.percolation import demands, fits, traits_of
from backend.search.tokens import Tokenizer
from backend.services.alerts.following import keep_for_visit
from backend.services.alerts.watching import says
from backend.services.alerts.words import fee_words, official, query_words, reason_words
from backend.services.needs.words import item_words
from backend.store.alerts import Alert
from backend.store.database import Database
from backend.store.listings import Shelved
from backend.store.unit_of_work import UnitOfWork

BATCH = 100
MOST_ITEMS = 8
NOTHING_TO_TELL = 0  # stands where the id of a delivery would: it came and went before anybody was told
TIMER = "digest"
GONE = frozenset({Change.WITHDRAWN, Change.LAPSED})


@dataclass(frozen=True, slots=True)
class Piece:
    """What is told of one patent, however often it changed and however many queries it fits."""

    change: Change
    listing: Listing
    was: Listing | None
    saved: SavedQuery
    still_fits: bool
    demonstration: bool


@dataclass(slots=True)
class Digests:
    database: Database
    tokenizer: Tokenizer
    clock: Clock
    wording: Wording

    def run(self) -> int:
        """Plan what is due today, once; how many digests. Outside the day's hours nothing is done."""
        now = self.clock.now()
        due_at = at_hour(day_of(now), DIGEST_AT)
        if not due_at <= now < at_hour(day_of(now), QUIET_FROM):
            return 0
        with self.database.read() as uow:
            if uow.timers.fired(TIMER, due_at):
                return 0
        planned, after = 0, ""
        while True:
            with self.database.read() as uow:
                found = uow.alerts.due(at=due_at, limit=BATCH, after=after)
                needed = uow.needs.waiting_for_news(before=due_at, limit=BATCH, after=after)
            openids = sorted({*found, *needed})[:BATCH]
            for openid in openids:
                with self.database.write() as uow:
                    planned += self.plan_for(uow, openid, due_at=due_at, now=now)
            if len(openids) < BATCH:
                break
            after = openids[-1]
        with self.database.write() as uow:
            uow.timers.fire(TIMER, due_at, at=now)
        return planned

    def plan_for(self, uow: UnitOfWork, openid: str, *, due_at: datetime, now: datetime) -> bool:
        """The follower's digest of this day, in one transaction with what it tells of. False where there is none to plan."""
        key = digest_key(day_of(due_at))
        if not uow.followers.is_following(openid) or uow.deliveries.known(openid, key):
            return False
        if uow.preferences.get(openid).is_paused(now):
            return False  # what was found waits for the first digest behind the pause
        unread = uow.deliveries.unread(openid, TIMER)
        uow.deliveries.end(unread, DeliveryStatus.EXPIRED, at=now, reason="superseded")
        uow.alerts.untell(unread)
        uow.needs.untell(unread)
        alerts = uow.alerts.untold(openid, at=due_at)
        pieces = list(self._pieces(uow, alerts))
        matches = uow.needs.untold(openid)
        needed = item_words(self.wording, matches, _listings(uow, matches))
        if not pieces and not needed:
            uow.alerts.told([alert.id for alert in alerts], NOTHING_TO_TELL)
            uow.needs.told([match.id for match in matches], NOTHING_TO_TELL)
            return False
        keep_for_visit(uow, openid, key, self._text(pieces, needed, due_at), at=now, kind=DeliveryKind.DIGEST)
        delivery_id = uow.deliveries.id_of(openid, key)
        uow.alerts.told([alert.id for alert in alerts], delivery_id)
        uow.needs.told([match.id for match in matches], delivery_id)
        return True

    def _pieces(self, uow: UnitOfWork, alerts: list[Alert]) -> Iterator[Piece]:
        """By patent: from what stood before the first change to what stands after the last."""
        ids = {alert.listing_id for alert in alerts} | {alert.before_id for alert in alerts if alert.before_id}
        versions = uow.listings.versions(sorted(ids))
        queries = uow.saved_queries.by_id({alert.saved_query_id for alert in alerts})
        by_number: dict[str, list[Alert]] = {}
        for alert in alerts:
            by_number.setdefault(alert.number, []).append(alert)
        for several in by_number.values():
            piece = self._piece(several, versions, queries)
            if piece:
                yield piece

    def _piece(self, alerts: list[Alert], versions: dict[int, Shelved], queries: dict[int, SavedQuery]) -> Piece | None:
        first, last = alerts[0], alerts[-1]
        was = versions.get(first.before_id or 0)
        now, saved = versions.get(last.listing_id), queries.get(last.saved_query_id)
        if now is None or saved is None:
            return None
        if last.change in GONE:
            if first.change is Change.NEW:
                return None  # came and went between two digests
            return Piece(last.change, now.listing, None, saved, still_fits=False, demonstration=now.demonstration)
        change = first.change if first.change is Change.NEW else last.change
        if change is Change.REPRICED and was is not None and was.listing.fee == now.listing.fee:
            return None  # there and back again
        fits_now = self._fits(saved, now)
        if not fits_now and not (change is Change.REPRICED and was is not None and self._fits(saved, was)):
            return None
        told_was = was.listing if was and change is Change.REPRICED else None
        return Piece(change, now.listing, told_was, saved, fits_now, now.demonstration)

    def _fits(self, saved: SavedQuery, version: Shelved) -> bool:
        """Held against the words themselves, not against numbers made of them."""
        document = document_of(version, demonstration=True)
        if document is None or not says(version.listing, saved.query, self.tokenizer):
            return False
        return fits(demands(saved.query, self.tokenizer), traits_of(document, self.tokenizer))

    def _text(self, pieces: list[Piece], needed: str, due_at: datetime) -> str:
        shown = pieces[:MOST_ITEMS]
        items = "\n".join(self._item(piece, position) for position, piece in enumerate(shown, 1))
        rest = len(pieces) - len(shown)
        return self.wording.words(
            "alert.digest",
            as_of=day_of(due_at),
            count=len(pieces) or "",
            items=items,
            choices=needed,
            more=self.wording.words("alert.more", count=rest) if rest else "",
            demonstration=self.wording.words("search.demonstration")
            if any(piece.demonstration for piece in shown)
            else "",
        )

    def _item(self, piece: Piece, position: int) -> str:
        fee = fee_words(self.wording, piece.listing.fee)
        return self.wording.words(
            f"alert.item.{piece.change}",
            position=position,
            title=piece.listing.title,
            number=official(piece.listing.number),
            fee=fee,
            was=fee_words(self.wording, piece.was.fee) if piece.was else fee,
            ends_on=piece.listing.license_ends_on,
            query=query_words(self.wording, piece.saved.query),
            why=reason_words(self.wording, piece.saved.query, piece.listing, self.tokenizer),
            hint="" if piece.still_fits else self.wording.words("alert.no_longer"),
        )


def _listings(uow: UnitOfWork, matches: list[NeedMatch]) -> dict[str, Listing]:
    """Of those that are still in the pool."""
    held = uow.listings.of([match.number for match in matches])
    return {number: shelved.listing for number, shelved in held.items() if shelved.status in ListingStatus.on_show()}
