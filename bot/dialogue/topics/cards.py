"""One patent, shown whole or by what was asked of it: its terms, its holder's contact, where it stands, how it is licensed."""

from __future__ import annotations

from backend.domain.fees import Fee
from backend.domain.listings import Guidance, Track
from backend.domain.patent_number import PatentNumber
from backend.domain.queries import Found
from bot.dialogue.say import Say, say


def fee(price: Fee) -> Say:
    """The price in words, by its method."""
    return say(
        f"fee.{price.method}",
        amount=None if price.lump_sum_yuan is None else say("yuan", amount=price.lump_sum_yuan),
        entry=None if price.entry_fee_yuan is None else say("yuan", amount=price.entry_fee_yuan),
        basis=price.royalty_basis,
        rate=price.royalty_percent,
        unit=None if price.unit_yuan is None else say("yuan", amount=price.unit_yuan),
        plan=price.instalments,
    )


def describe_card(found: Found) -> Say:
    """Every term of a listing, its track, and where its announcement stands."""
    listing = found.listing
    return say(
        "search.card",
        title=listing.title,
        number=PatentNumber(listing.number.split(".")[0]).official,
        kind=listing.kind,
        filed_on=listing.filed_on,
        expires_on=listing.expires_on,
        holders=listing.holders,
        place=say("place", code=listing.place_code) if listing.place_code else None,
        ipc=listing.ipc_main,
        cluster=listing.cluster,
        abstract=listing.abstract,
        scenes=listing.scenes,
        maturity=listing.maturity,
        standing=say(
            f"standing.{listing.standing}", number=listing.announcement_number, announced_on=listing.announced_on
        ),
        fee=fee(found.listing.fee),
        note=listing.fee.note,
        ends_on=listing.license_ends_on,
        years=listing.license_years,
        region=listing.region if listing.track is Track.PILOT else "",
        scope=listing.licensee_scope if listing.track is Track.PILOT else "",
        guidance=listing.guidance or Guidance.NOT_INCLUDED if listing.guidance else None,
        report=listing.evaluation_report,
        contact=_contact_line(found),
        vouched=found.vouched_by,
        demonstration=say("search.demonstration") if found.demonstration else None,
    )


def _contact_line(found: Found) -> Say | None:
    contact = found.listing.contact
    if not contact.public or not (contact.name or contact.phone or contact.email):
        return None
    return say("search.contact_line", name=contact.name, phone=contact.phone, email=contact.email)


def contact(found: Found) -> Say:
    line = _contact_line(found)
    return say("search.contact" if line else "search.contact_private", contact=line, title=found.listing.title)


def status(found: Found) -> Say:
    listing = found.listing
    return say(
        "search.status",
        title=listing.title,
        number=PatentNumber(listing.number.split(".")[0]).official,
        standing=say(
            f"standing.{listing.standing}", number=listing.announcement_number, announced_on=listing.announced_on
        ),
        ends_on=listing.license_ends_on,
        expires_on=listing.expires_on,
        vouched=found.vouched_by,
        demonstration=say("search.demonstration") if found.demonstration else None,
    )


def how_to_license(found: Found) -> Say:
    """Before its announcement a statutory listing offers no license (Patent Law art. 50 and 51)."""
    return say(
        f"license.{found.listing.standing}",
        title=found.listing.title,
        fee=fee(found.listing.fee),
        demonstration=say("search.demonstration") if found.demonstration else None,
    )
