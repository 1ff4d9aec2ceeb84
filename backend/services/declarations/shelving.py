"""Into the pool and out of it, in the transaction of the move. Every state that is listed stays as a version of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from backend.domain.declarations import Declaration, State
from backend.domain.listings import Listing, ListingStatus, Standing
from backend.services.declarations.answers import listing_of
from backend.store.unit_of_work import UnitOfWork


def source_of(declaration_id: int) -> str:
    """How the pool names a declaration as the origin of a version."""
    return f"declaration:{declaration_id}"


def shown_listing(held: Declaration) -> Listing:
    """As the pool shows it: announced only once it is listed as such."""
    listing = listing_of(held.answers)
    if held.standing is Standing.ANNOUNCED:
        return replace(listing, announcement_number=held.announcement_number, announced_on=held.announced_on)
    return replace(listing, announcement_number="", announced_on=None)


def _stage(
    uow: UnitOfWork, listing: Listing, status: ListingStatus, *, source: str, demonstration: bool, at: datetime
) -> None:
    batch = uow.imports.start(source=source, vouched_by="", demonstration=demonstration, at=at)
    uow.imports.stage(batch, [listing], status)
    uow.imports.flip(batch, at=at)
    uow.search_tasks.add([listing.number])
    uow.imports.noted(batch, up_to=0, all_done=True)


def put_on_shelf(uow: UnitOfWork, held: Declaration, *, demonstration: bool, at: datetime) -> None:
    listing = shown_listing(held)
    source = source_of(held.id)
    _stage(uow, listing, ListingStatus.PUBLISHED, source=source, demonstration=demonstration, at=at)


def take_off_shelf(uow: UnitOfWork, held: Declaration, *, at: datetime) -> bool:
    """True where the pool showed this declaration, or the same patent on a voucher's word: what ends one ends the other."""
    current = uow.listings.of([held.number]).get(held.number)
    if current is None or current.status is not ListingStatus.PUBLISHED:
        return False
    if not current.vouched_by and uow.listings.source_of(held.number) != source_of(held.id):
        return False
    status, demonstration = ListingStatus.WITHDRAWN, current.demonstration
    _stage(uow, current.listing, status, source=source_of(held.id), demonstration=demonstration, at=at)
    return True


def reshelve(
    uow: UnitOfWork, before: Declaration, after: Declaration, *, demonstration: bool = False, at: datetime
) -> None:
    """Make the pool show what the declaration now is."""
    if after.on_show:
        if waits_for_predecessor(uow, after):
            return
        if not before.on_show or before.standing is not after.standing:
            put_on_shelf(uow, after, demonstration=demonstration, at=at)
    elif before.on_show or (after.vouched_by and after.state not in State.in_verification()):
        take_off_shelf(uow, after, at=at)


def waits_for_predecessor(uow: UnitOfWork, held: Declaration) -> bool:
    """A pilot listing from which licenses can be had is not covered up by a declaration that is not announced yet."""
    if held.replaces_id is None or held.state is State.LISTED:
        return False
    return uow.declarations.get(held.replaces_id).state is State.LISTED
