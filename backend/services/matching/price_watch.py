"""Prices worth another look: a year on the shelf at the same price without a license on record here, or far from what compares.

Staff get a list; the holder gets one notice a year for each ground, kept for their next visit, with the way to change the
price. Nobody is asked to change it: prices are the holder's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from backend.domain.clock import day_of
from backend.domain.declarations import Declaration
from backend.domain.deliveries import Channel
from backend.domain.listings import Listing
from backend.domain.ports.wording import Wording
from backend.domain.pricing import Alike, Comparables, PriceDoubt, PriceKind, Spread, prices_of
from backend.domain.reply import Reply
from backend.domain.roles import Actor
from backend.services.matching.advising import comparables_at
from backend.services.matching.matcher import Matcher
from backend.store.price_reviews import PriceOutcome
from backend.store.unit_of_work import UnitOfWork

A_YEAR = timedelta(days=365)
QUIET = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """`since` is when this price was first shown. For HIGH and LOW `kind`, `price` and `spread` say what was compared."""

    listing: Listing
    doubt: PriceDoubt
    since: datetime | None
    kind: PriceKind | None = None
    price: Decimal | None = None
    spread: Spread | None = None
    comparables: Comparables | None = None
    demonstration: bool = False


def doubtful_prices(matcher: Matcher) -> list[Doubtful]:
    """Far ones first, then the longest on the shelf. What a colleague has looked at is left out until its day."""
    pool, now = matcher.pool(), matcher.clock.now()
    today = day_of(now)
    with matcher.database.read() as uow:
        quiet, since = uow.price_reviews.quiet_on(today), uow.listings.priced_since()
    found: list[Doubtful] = []
    for at, offer in enumerate(pool.offers):
        listing = offer.listing
        if listing.number in quiet:
            continue
        shown = since.get(listing.number)
        far = _far(listing, comparables_at(pool, at, today), shown, offer.demonstration)
        if far is not None:
            found.append(far)
        elif shown is not None and now - shown >= A_YEAR and prices_of(listing.fee):
            found.append(Doubtful(listing, PriceDoubt.A_YEAR, shown, demonstration=offer.demonstration))
    return sorted(found, key=lambda one: (one.doubt is PriceDoubt.A_YEAR, str(one.since), one.listing.number))


def _far(
    listing: Listing, comparables: Comparables | None, since: datetime | None, demonstration: bool
) -> Doubtful | None:
    if comparables is None or comparables.alike is not Alike.SUBCLASS:
        return None  # a whole cluster is too wide to call a price far
    for kind, price in prices_of(listing.fee).items():
        spread = comparables.spread(kind)
        if spread.median is not None and spread.is_far(price):
            doubt = PriceDoubt.HIGH if price > spread.median else PriceDoubt.LOW
            return Doubtful(listing, doubt, since, kind, price, spread, comparables, demonstration)
    return None


def review_price(uow: UnitOfWork, *, number: str, outcome: PriceOutcome, by: Actor, at: datetime) -> date:
    """A colleague looked: quiet for a year. The day until which."""
    until = day_of(at + QUIET)
    uow.price_reviews.put(number, outcome, quiet_until=until, by=by.id, at=at)
    uow.audit.add(by, "price.review", f"patent:{number}", after=str(outcome), at=at)
    return until


def nudge_holders(matcher: Matcher, wording: Wording) -> int:
    """One notice to each follower whose own declaration is behind a doubtful price; how many were planned."""
    now, planned = matcher.clock.now(), 0
    for doubtful in doubtful_prices(matcher):
        with matcher.database.write() as uow:
            for held in _theirs(uow, doubtful.listing.number):
                planned += _tell(uow, held, doubtful, wording, now)
    return planned


def _theirs(uow: UnitOfWork, number: str) -> Iterator[Declaration]:
    yield from (held for held in uow.declarations.alive_for(number) if held.on_show and held.openid)


def _tell(uow: UnitOfWork, held: Declaration, doubtful: Doubtful, wording: Wording, at: datetime) -> int:
    fresh = uow.deliveries.plan(
        openid=held.openid,
        notice_key=f"price:{held.number}:{doubtful.doubt}:{day_of(at).year}",
        channel=Channel.NEXT_VISIT,
        reply=Reply.of(notice(doubtful, wording, at)),
        at=at,
    )
    if fresh:
        uow.followers.count_kept(held.openid, 1)
    return int(fresh)


def notice(doubtful: Doubtful, wording: Wording, at: datetime) -> str:
    """The words: what was seen, against what, from where, and how to change it."""
    listing, spread = doubtful.listing, doubtful.spread
    if spread is None or doubtful.price is None or doubtful.kind is None or spread.low is None or spread.high is None:
        since = day_of(doubtful.since) if doubtful.since else day_of(at)
        return wording.words("price_notice.a_year", title=listing.title, number=listing.number, as_of=since)
    kind = doubtful.kind
    above = (
        wording.words("price_notice.high") if doubtful.doubt is PriceDoubt.HIGH else wording.words("price_notice.low")
    )
    return wording.words(
        "price_notice.far",
        title=listing.title,
        number=listing.number,
        amount=figure(kind, doubtful.price, wording),
        count=spread.count,
        low=figure(kind, spread.low, wording),
        high=figure(kind, spread.high, wording),
        text=above,
        as_of=day_of(at),
    )


def figure(kind: PriceKind, value: Decimal, wording: Wording) -> str:
    if kind.is_money:
        return wording.words("yuan", amount=value)
    return wording.words("price.percent", rate=value)
