"""A query, a price and the reason of an alert in the words followers get."""

from __future__ import annotations

from backend.domain.fees import Fee
from backend.domain.hubei import places
from backend.domain.listings import Listing
from backend.domain.patent_number import PatentNumber
from backend.domain.ports.wording import Wording
from backend.domain.queries import PatentQuery
from backend.search.percolation import groups_of
from backend.search.tokens import Tokenizer
from backend.services.fitting import matched

MOST_WORDS = 4


def official(number: str) -> str:
    """As it is printed on a certificate."""
    return PatentNumber(number.split(".", maxsplit=1)[0]).official


def fee_words(wording: Wording, fee: Fee) -> str:
    """The price by its method."""
    amounts = {"amount": fee.lump_sum_yuan, "entry": fee.entry_fee_yuan, "unit": fee.unit_yuan}
    said = {name: "" if value is None else wording.words("yuan", amount=value) for name, value in amounts.items()}
    rate = "" if fee.royalty_percent is None else fee.royalty_percent
    return wording.words(
        f"fee.{fee.method}", **said, basis=fee.royalty_basis or "", rate=rate, plan=fee.instalments
    ).strip()


def query_words(wording: Wording, query: PatentQuery) -> str:
    """The conditions, as the search names them."""
    return wording.words(
        "search.query",
        words=query.words,
        phrase=query.phrase,
        said_title=query.title,
        without_words="、".join(query.without_words.split()),
        place=wording.words("place", code=query.place_code) if query.place_code else "",
        without_places="、".join(
            wording.words("place", code=code) for code in query.without_places if code in places()
        ),
        cluster=query.cluster,
        kind=query.kind or "",
        without_kind=query.without_kind or "",
        track=query.track or "",
        free=wording.words("search.free_only") if query.free else "",
        price=_price_words(wording, query),
        ipc=query.ipc,
        holder=query.holder,
    ).strip()


def _price_words(wording: Wording, query: PatentQuery) -> str:
    low, high = query.min_upfront_yuan, query.max_upfront_yuan
    least = "" if low is None else wording.words("yuan", amount=low)
    most = "" if high is None else wording.words("yuan", amount=high)
    if least and most:
        return wording.words("search.price_between", low=least, high=most)
    if most:
        return wording.words("search.price_up_to", high=most)
    return wording.words("search.price_from", low=least) if least else ""


def reason_words(wording: Wording, query: PatentQuery, listing: Listing, tokenizer: Tokenizer) -> str:
    """Why this patent is told of: only what holds of it."""
    words = matched(listing, groups_of(query, tokenizer), query)[:MOST_WORDS]
    bounded = query.max_upfront_yuan is not None and listing.fee.upfront_yuan <= query.max_upfront_yuan
    symbols = (listing.ipc_main, *listing.ipc)
    within = bool(query.ipc) and any(symbol.startswith(query.ipc) for symbol in symbols)
    return wording.words(
        "alert.why",
        words="、".join(words),
        place=wording.words("place", code=query.place_code) if query.place_code == listing.place_code != "" else "",
        within=_price_words(wording, query) if bounded else "",
        ipc=query.ipc if within else "",
        holder=listing.holders[0] if query.holder else "",
        kind=listing.kind if query.kind is listing.kind else "",
        free=wording.words("search.free_only") if query.free and listing.fee.method == "free" else "",
    ).strip()
