"""What a page says to machines, in the vocabulary of schema.org.

A patent's terms are described as a work with conditions of access, not as a product with an offer: nothing here may read
as an office recommending a product (Patent Law art. 79), and before an announcement there is no offer (art. 50).
"""

from __future__ import annotations

from typing import Any

from backend.domain.listings import HolderType
from backend.domain.queries import Found
from backend.services.window import View
from bot.h5.look import Look, official

CONTEXT = "https://schema.org"


def of_patent(found: Found, address: str, look: Look) -> dict[str, Any]:
    """A WebPage on one patent. Contact data stays out of it even where it is public."""
    listing = found.listing
    status = [look.label(listing.standing), *([origin] if (origin := look.origin(found)) else [])]
    holder = "Person" if listing.holder_type is HolderType.PERSON else "Organization"
    terms = look.words("until", fee=look.fee(listing.fee), day=listing.license_ends_on.isoformat())
    work = {
        "@type": "CreativeWork",
        "name": listing.title,
        "identifier": {"@type": "PropertyValue", "propertyID": "CN patent number", "value": official(listing.number)},
        "genre": look.label(listing.kind),
        "provider": [{"@type": holder, "name": name} for name in listing.holders],
        "dateCreated": listing.filed_on.isoformat(),
        "creativeWorkStatus": status,
        "conditionsOfAccess": terms,
        "expires": listing.license_ends_on.isoformat(),
    }
    if listing.abstract:
        work["abstract"] = listing.abstract
    if listing.granted_on:
        work["datePublished"] = listing.granted_on.isoformat()
    return {
        "@context": CONTEXT,
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": listing.title,
        "inLanguage": "zh-CN",
        "mainEntity": work,
    }


def of_list(view: View, address: str, public_url: str, look: Look) -> dict[str, Any]:
    """A CollectionPage that names its patents in order."""
    return {
        "@context": CONTEXT,
        "@type": "CollectionPage",
        "@id": address,
        "url": address,
        "name": look.words("pool"),
        "inLanguage": "zh-CN",
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": view.total,
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": position,
                    "url": f"{public_url}/pool/{found.listing.number}",
                    "name": found.listing.title,
                }
                for position, found in enumerate(view.items, start=1)
            ],
        },
    }
