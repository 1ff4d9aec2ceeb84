"""Holders who asked to hear of needs that fit their patents."""

from __future__ import annotations

from datetime import datetime

from backend.domain.declarations import State
from backend.domain.listings import Listing
from backend.domain.needs import HolderNeed, Need, NeedMatch, masked_name, masked_phone
from backend.domain.ports.wording import Wording
from backend.services.alerts.following import keep_for_visit
from backend.services.needs.words import conditions
from backend.store.unit_of_work import UnitOfWork

MOST_SHOWN = 9


def holders_of(uow: UnitOfWork, number: str) -> list[str]:
    """Followers who declared the patent that stands in the pool, or speak for the institution that did."""
    source = uow.listings.source_of(number)
    _, _, declaration_id = source.partition("declaration:")
    if not declaration_id.isdigit():
        return []  # imported on a voucher's word: nobody here speaks for it
    held = uow.declarations.get(int(declaration_id))
    if held.institution_id is not None:
        return [officer.openid for officer in uow.institutions.officers(held.institution_id)]
    return [held.openid] if held.openid else []


def tell_holders(
    uow: UnitOfWork, wording: Wording, need: Need, match: NeedMatch, listing: Listing, *, at: datetime
) -> int:
    """Each who wants to hear of needs learns of this one, whom to call masked; how many."""
    to = [openid for openid in holders_of(uow, match.number) if openid != need.openid and uow.needs.reads(openid)]
    text = wording.words(
        "need.for_holder",
        title=listing.title,
        text=need.problem,
        position=match.id,
        person=masked_name(need.contact_name),
        phone=masked_phone(need.contact_phone),
        **conditions(wording, need),
    )
    return sum(keep_for_visit(uow, openid, f"need_match:{match.id}", text, at=at) for openid in to)


def needs_for(uow: UnitOfWork, openid: str) -> tuple[HolderNeed, ...]:
    """Open needs that patents of theirs fit, newest first."""
    titles = {
        held.number: str(held.answers.get("title", ""))
        for held in uow.declarations.of(openid)
        if held.on_show or held.state is State.LISTED
    }
    matches = uow.needs.matching(sorted(titles), MOST_SHOWN)
    return tuple(HolderNeed(match, titles[match.number], uow.needs.get(match.need_id)) for match in matches)
