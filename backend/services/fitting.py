"""Whether a listing, as SQL holds it, fits a query: its words and every condition, read in the plainest way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from backend.domain.fees import PaymentMethod
from backend.domain.listings import Listing
from backend.domain.queries import PRICE_STEPS, Facet, Found, PatentQuery
from backend.search.classes import titles_of
from backend.search.tokens import plain
from backend.search.wanted import Group, covered, share
from backend.store.listings import Shelved

FREE = "free"


def text_of(listing: Listing) -> str:
    """Everything that words are looked for in, folded."""
    classes = titles_of((listing.ipc_main, *listing.ipc))
    own = f"{listing.title} {listing.abstract} {listing.scenes} {listing.claims}"
    return plain(f"{own} {listing.industry} {listing.cluster} {classes}")


def holds(listing: Listing, groups: tuple[Group, ...]) -> bool:
    """All that is needed, in the version of today: the index may not yet have read what has changed."""
    text = text_of(listing)
    return all(covered(text, group) >= 1 for group in groups if group.needed)


def _way_in(text: str, group: Group) -> tuple[str, ...]:
    """The words by which the text satisfies the group, or most of it, as they stand in it."""
    for way in sorted(group.ways, key=lambda way: -share(text, way)):
        words = ("".join(way.terms),) if way.phrase else way.terms
        return tuple(word for word in words if word in text)
    return ()


def found_as(shelved: Shelved, groups: tuple[Group, ...], query: PatentQuery | None = None) -> Found:
    """The listing with the words that it was found by, as they stand in it."""
    words = matched(shelved.listing, groups, query)
    return Found(shelved.listing, words, shelved.demonstration, shelved.vouched_by)


def matched(listing: Listing, groups: tuple[Group, ...], query: PatentQuery | None = None) -> tuple[str, ...]:
    """The words by which the listing fits, as they stand in it."""
    text = text_of(listing)
    quoted = [plain(said) for said in (query.phrase, query.title) if said] if query else []
    found = [word for group in groups for word in _way_in(text, group)]
    return tuple(dict.fromkeys(word for word in (*quoted, *found) if word in text))


def meets(listing: Listing, query: PatentQuery) -> bool:
    """Every condition holds, whatever the index believed. Holders and IPC symbols are the index's own words."""
    price = listing.fee.upfront_yuan
    return all(
        (
            not query.place_code or listing.place_code == query.place_code,
            listing.place_code not in query.without_places,
            not query.cluster or listing.cluster == query.cluster,
            query.kind is None or listing.kind is query.kind,
            query.without_kind is None or listing.kind is not query.without_kind,
            query.track is None or listing.track is query.track,
            not query.free or listing.fee.method is PaymentMethod.FREE,
            query.min_upfront_yuan is None or price >= query.min_upfront_yuan,
            query.max_upfront_yuan is None or price <= query.max_upfront_yuan,
            all(_says(listing, query)),
        )
    )


def _says(listing: Listing, query: PatentQuery) -> Iterator[bool]:
    if query.phrase or query.without_words:
        own = plain(f"{listing.title} {listing.abstract} {listing.scenes} {listing.claims}")
        yield plain(query.phrase) in own
        yield not any(plain(word) in own for word in query.without_words.split())


def values_of(listing: Listing, facet: Facet) -> tuple[str, ...]:
    """Under which values of the facet a listing is counted; of the price the sum itself, or “free”."""
    match facet:
        case Facet.PLACE:
            return (listing.place_code,) if listing.place_code else ()
        case Facet.KIND:
            return (str(listing.kind),)
        case Facet.CLUSTER:
            return (listing.cluster,) if listing.cluster else ()
        case Facet.TRACK:
            return (str(listing.track),)
        case Facet.HOLDER:
            return listing.holders
        case Facet.PRICE:
            return (FREE if listing.fee.method is PaymentMethod.FREE else str(listing.fee.upfront_yuan),)


def band_counts(prices: Iterable[str]) -> dict[str, int]:
    """“free” and up to each step, the cheaper ones included."""
    held = list(prices)
    sums = [Decimal(0) if price == FREE else Decimal(price) for price in held]
    bands = {str(step): sum(1 for price in sums if price <= step) for step in PRICE_STEPS}
    free = held.count(FREE)
    return ({FREE: free} if free else {}) | bands
