"""An institution declares many patents at once: an uploaded information table, checked whole, submitted in small steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.clock import Clock
from backend.domain.declarations import State
from backend.domain.listings import Listing
from backend.services.declarations.answers import answers_of
from backend.services.declarations.submitting import submit
from backend.store.database import Database

STAGE = 10  # declarations a transaction: the writer is never held past a follower's patience

_BUSY = State.alive() - {State.RETURNED}  # a returned one is mended by what the table says


@dataclass(frozen=True, slots=True)
class Submitted:
    """How many became declarations, and which numbers the follower already had in hand."""

    taken: int
    known: tuple[str, ...]


def submit_table(
    database: Database, *, openid: str, listings: Sequence[Listing], token: str, clock: Clock
) -> Submitted:
    """`listings` are the good rows of `check_file`, confirmed by the officer. The same token goes on where it was cut off."""
    with database.read() as uow:
        mine = {held.number for held in uow.declarations.of(openid, limit=100_000) if held.state in _BUSY}
    fresh = [listing for listing in listings if listing.number not in mine]
    for start in range(0, len(fresh), STAGE):
        with database.write() as uow:
            for listing in fresh[start : start + STAGE]:
                submit(
                    uow,
                    openid=openid,
                    answers=answers_of(listing),
                    token=f"{token[:32]}:{listing.number}",
                    at=clock.now(),
                )
    return Submitted(len(fresh), tuple(listing.number for listing in listings if listing.number in mine))
