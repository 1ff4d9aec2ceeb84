"""A follower leaves: what was never published or filed goes with them, the rest stays under a keyed hash."""

from __future__ import annotations

from backend.domain.declarations import Declaration
from backend.domain.keyed import keyed
from backend.domain.moving import never_published
from backend.store.unit_of_work import UnitOfWork


def forget_declarant(uow: UnitOfWork, openid: str, *, secret: str) -> None:
    """Drafts, consents and the officer's binding are the store's; this is about declarations and institutions.

    An institution's declarations stay the institution's, with their attachments; its contact goes with its last officer.
    """
    held = uow.institutions.of_officer(openid)
    uow.institutions.unbind(openid)
    if held is not None and not uow.institutions.officers(held.id):
        uow.institutions.forget_contact(held.id)
        uow.attachments.forget_institution(held.id)
    gone = _forgettable(uow.declarations.own(openid))
    uow.attachments.forget_for(openid, gone)
    uow.declarations.forget(gone)
    uow.declarations.unname(openid, keyed(openid, secret))


def _forgettable(own: list[Declaration]) -> list[int]:
    """Their own that nobody was ever shown, unless one that stays says that it took their place."""
    gone = {held.id for held in own if never_published(held) and held.institution_id is None}
    while True:
        needed = {held.replaces_id for held in own if held.id not in gone} & gone
        if not needed:
            return sorted(gone)
        gone -= {held for held in needed if held is not None}
