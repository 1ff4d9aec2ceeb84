"""What a page does for a follower; to a draft only where it still is what the page was made from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from backend.domain.deeds import Deed
from backend.domain.drafts import Draft
from backend.services.deeds import carry_out
from backend.store.database import Database


class DraftMoved(Exception):
    """A message, or another page, was faster: look at the draft again."""


def do(database: Database, openid: str, deeds: Iterable[Deed], *, at: datetime) -> bool:
    """Carry out what a page asks for, all of it or nothing; False where a deed could not be carried out any more."""
    with database.write() as uow:
        done = [carry_out(uow, openid, deed, at=at) for deed in deeds]
    return all(done)


def keep(database: Database, openid: str, draft: Draft, deeds: Iterable[Deed], *, at: datetime) -> None:
    """Carry out the deeds in one transaction. Raises DraftMoved, and then nothing was done."""
    with database.write() as uow:
        if uow.drafts.held(openid, draft.flow, draft.subject) != draft.answers:
            raise DraftMoved
        for deed in deeds:
            carry_out(uow, openid, deed, at=at)
