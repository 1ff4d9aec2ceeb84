"""Whom to call passes when both sides have agreed, and not before. Whoever agrees first makes us ask the other."""

from __future__ import annotations

from datetime import datetime

from backend.domain.clock import Clock
from backend.domain.needs import Need, NeedMatch, NeedState
from backend.domain.ports.wording import Wording
from backend.services.needs.holders import holders_of
from backend.services.needs.posting import brief, tell
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork

BATCH = 50


def may_agree(uow: UnitOfWork, openid: str, match_id: int) -> NeedMatch | None:
    """The match, where the follower is one of its two sides and the need is still open."""
    match = uow.needs.match_by_id(match_id)
    if match is None:
        return None
    need = uow.needs.get(match.need_id)
    sides = {need.openid, *holders_of(uow, match.number)}
    return match if need.state is NeedState.OPEN and openid in sides else None


def agree(uow: UnitOfWork, openid: str, match_id: int, *, at: datetime) -> bool:
    """One side wants the other to call; False for anybody who is neither."""
    match = may_agree(uow, openid, match_id)
    if match is None:
        return False
    firm = uow.needs.get(match.need_id).openid == openid
    uow.needs.agree(match_id, firm=firm, at=at)
    return True


def pass_on(database: Database, clock: Clock, wording: Wording) -> int:
    """Ask the other side, or tell both whom to call: once each; how many matches were acted upon."""
    done = 0
    while True:
        with database.read() as uow:
            agreed = uow.needs.agreed(BATCH)
        if not agreed:
            return done
        for match in agreed:
            with database.write() as uow:
                _act(uow, wording, match, at=clock.now())
        done += len(agreed)


def _act(uow: UnitOfWork, wording: Wording, match: NeedMatch, *, at: datetime) -> None:
    need = uow.needs.get(match.need_id)
    if match.both_agree:
        _introduce(uow, wording, need, match, at=at)
    else:
        _ask_the_other(uow, wording, need, match, at=at)
    uow.needs.acted_upon(match.id, introduced=match.both_agree, at=at)


def _ask_the_other(uow: UnitOfWork, wording: Wording, need: Need, match: NeedMatch, *, at: datetime) -> None:
    to = holders_of(uow, match.number) if match.firm_agreed else [need.openid]
    key = "need.firm_agreed" if match.firm_agreed else "need.holder_agreed"
    text = wording.words(key, title=_title(uow, match), text=brief(need.problem), position=match.id)
    for openid in to:
        tell(uow, openid, f"need_match:{match.id}:asked", text, at=at)


def _introduce(uow: UnitOfWork, wording: Wording, need: Need, match: NeedMatch, *, at: datetime) -> None:
    title, text = _title(uow, match), brief(need.problem)
    contact = uow.listings.of([match.number])[match.number].listing.contact
    key = f"need_match:{match.id}:introduced"
    to_firm = wording.words("need.introduced", title=title, text=text, person=contact.name, phone=contact.phone)
    to_holder = wording.words(
        "need.introduced", title=title, text=text, person=need.contact_name, phone=need.contact_phone
    )
    tell(uow, need.openid, key, to_firm, at=at)
    for openid in holders_of(uow, match.number):
        tell(uow, openid, key, to_holder, at=at)


def _title(uow: UnitOfWork, match: NeedMatch) -> str:
    return uow.listings.of([match.number])[match.number].listing.title
