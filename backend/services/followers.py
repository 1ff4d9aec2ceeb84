"""Forgetting: followers who left, and keys older than a re-post can be."""

from __future__ import annotations

from datetime import datetime

from backend.domain.clock import Clock
from backend.domain.keyed import keyed
from backend.services.declarations.erasing import forget_declarant
from backend.services.events.taking_part import forget_guest
from backend.services.surveys import kept_when_erased
from backend.store.database import Database


def erase_due(database: Database, clock: Clock, *, secret: str) -> int:
    """Erase everybody whose time has come; how many. One short transaction each.

    `secret` keys the hash under which filed declarations and proof of deliveries stay.
    """
    erased = 0
    while True:
        with database.read() as uow:
            due = uow.followers.to_erase(at=clock.now())
        if not due:
            return erased
        for openid in due:
            with database.write() as uow:
                if uow.followers.is_due(openid, at=clock.now()):
                    forget_declarant(uow, openid, secret=secret)
                    forget_guest(uow, openid)
                    uow.surveys.unname(openid, kept_when_erased())
                    uow.preferences.forget(openid)
                    uow.deliveries.unname(openid, keyed(openid, secret))
                    uow.followers.erase(openid)
                    erased += 1


def forget_old(database: Database, *, before: datetime) -> int:
    """Drop answered inbox rows that arrived before; how many."""
    with database.write() as uow:
        return uow.inbox.forget_before(before)
