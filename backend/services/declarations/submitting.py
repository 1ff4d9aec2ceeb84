"""A patentee submits, mends, files, withdraws, reprices, converts. Each is one function in the transaction of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from backend.domain.declarations import Declaration, Move, State
from backend.domain.drafts import Flow
from backend.domain.listings import Track
from backend.domain.moving import HoldersMustAgree, MoveNotAllowed, filed, mended, resumed, withdrawn
from backend.domain.profiles import Consent
from backend.domain.roles import PATENTEE, Actor
from backend.services.declarations.answers import PILOT_ONLY, AnswersUnreadable, listing_of, repriced
from backend.services.declarations.moving import carry, subject_of
from backend.store.unit_of_work import UnitOfWork


def submit(
    uow: UnitOfWork,
    *,
    openid: str,
    answers: dict[str, Any],
    token: str,
    at: datetime,
    replaces: int | None = None,
    table_id: int | None = None,
) -> Declaration:
    """A new declaration, or the mended one where the same patent's was returned. The same token twice is one.

    Raises AnswersUnreadable, DeclarationNotFound (for `replaces`).
    """
    known = uow.declarations.by_token(openid, token)
    if known is not None:
        return uow.declarations.get(known)
    listing = listing_of(answers)
    note_consent(uow, openid, answers, at=at)
    replaced = _id(answers.get("replaces")) if replaces is None else replaces
    if replaced is not None:
        uow.declarations.theirs(openid, replaced)
    institution = uow.institutions.of_officer(openid)
    waiting = uow.declarations.returned_to(openid, listing.number)
    returned = next((held for held in waiting if replaced in {None, held.replaces_id}), None)
    if returned is not None:
        after = replace(mended(returned, answers, at=at), track=listing.track)
        held = carry(uow, returned, after, Move.MEND, PATENTEE, wording=None)
    else:
        fresh = Declaration(
            id=0,
            number=listing.number,
            track=listing.track,
            state=State.SUBMITTED,
            since=at,
            submitted_at=at,
            answers=answers,
            openid=openid,
            institution_id=institution.id if institution else None,
            replaces_id=replaced,
            table_id=table_id,
        )
        held = uow.declarations.add(fresh, PATENTEE)
        uow.audit.add(PATENTEE, "declaration.submit", subject_of(held.id), after=str(held.state), at=at)
    uow.declarations.remember_token(openid, token, held.id)
    if table_id is not None:  # hundreds at a time, and none of them was a draft
        return held
    uow.attachments.bind(openid, listing.number, held.id)
    draft = uow.drafts.answers(openid, Flow.DECLARE, listing.number) or uow.drafts.answers(openid, Flow.DECLARE, "")
    if draft is not None and draft.get("number") == listing.number:
        uow.declarations.keep_draft(held.id, draft)
    return held


def note_consent(uow: UnitOfWork, openid: str, answers: Mapping[str, Any], *, at: datetime) -> None:
    """What was agreed to on the way, in which wording."""
    given = answers.get("consent")
    if isinstance(given, dict) and given.get("purpose") and given.get("version"):
        uow.institutions.agree(openid, Consent(str(given["purpose"]), str(given["version"])), at=at)


def _id(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise AnswersUnreadable(field="declaration") from error


def file(
    uow: UnitOfWork, *, openid: str, declaration_id: int, receipt_number: str, filed_on: date, at: datetime
) -> Declaration:
    """The patentee has filed it with the national office; told again with the same receipt, nothing changes.

    Raises DeclarationNotFound, PapersMissing, MoveNotAllowed.
    """
    held = uow.declarations.theirs(openid, declaration_id)
    if held.state is State.FILED and held.receipt_number == receipt_number.strip():
        return held
    after = filed(held, PATENTEE, receipt_number=receipt_number, filed_on=filed_on, at=at)
    return carry(uow, held, after, Move.FILE, PATENTEE, wording=None)


def withdraw(
    uow: UnitOfWork,
    *,
    openid: str,
    declaration_id: int,
    reason: str,
    holders_agree: bool,
    at: datetime,
    by: Actor = PATENTEE,
) -> Declaration:
    """Out of the pool at once; what the national office has is WITHDRAWING until it announces that (Patent Law art. 50).

    Asked again, nothing changes. Raises DeclarationNotFound, ReasonMissing, HoldersMustAgree, MoveNotAllowed.
    """
    held = uow.declarations.theirs(openid, declaration_id)
    if held.state in {State.WITHDRAWING, State.WITHDRAWN}:
        return held
    after = withdrawn(held, by, reason=reason, holders_agree=holders_agree, at=at)
    return carry(uow, held, after, Move.WITHDRAW, by, wording=None)


def change_price(
    uow: UnitOfWork,
    *,
    openid: str,
    declaration_id: int,
    changes: Mapping[str, Any],
    reason: str,
    holders_agree: bool,
    token: str,
    at: datetime,
) -> Declaration:
    """A declared price is not edited: the declaration is withdrawn and made anew. The new one.

    Raises as `withdraw` and `submit` do.
    """
    known = uow.declarations.by_token(openid, token)
    if known is not None:
        return uow.declarations.get(known)
    held = uow.declarations.theirs(openid, declaration_id)
    answers = repriced(held, changes)
    listing_of(answers)
    withdraw(uow, openid=openid, declaration_id=declaration_id, reason=reason, holders_agree=holders_agree, at=at)
    return submit(uow, openid=openid, answers=answers, token=token, at=at, replaces=declaration_id)


def convert(
    uow: UnitOfWork,
    *,
    openid: str,
    declaration_id: int,
    changes: Mapping[str, Any],
    holders_agree: bool,
    token: str,
    at: datetime,
) -> Declaration:
    """A pilot listing becomes a statutory declaration; it stays on show until the new one is announced and listed.

    Raises DeclarationNotFound, MoveNotAllowed where it is no listed pilot, HoldersMustAgree, AnswersUnreadable.
    """
    known = uow.declarations.by_token(openid, token)
    if known is not None:
        return uow.declarations.get(known)
    held = uow.declarations.theirs(openid, declaration_id)
    if held.track is not Track.PILOT or held.state is not State.LISTED:
        raise MoveNotAllowed(state=held.state, move="convert")
    if not holders_agree:
        raise HoldersMustAgree
    kept = {name: value for name, value in held.answers.items() if name not in PILOT_ONLY}
    fields = {name: value for name, value in changes.items() if name not in {"declaration", "holders_agree"}}
    answers = kept | fields | {"track": str(Track.STATUTORY), "co_holders_agree": True}
    return submit(uow, openid=openid, answers=answers, token=token, at=at, replaces=declaration_id)


def resume(uow: UnitOfWork, *, openid: str, declaration_id: int, at: datetime) -> Declaration:
    """The obstacle is gone: both verifications begin anew. Raises DeclarationNotFound, MoveNotAllowed."""
    held = uow.declarations.theirs(openid, declaration_id)
    return carry(uow, held, resumed(held, PATENTEE, at=at), Move.RESUME, PATENTEE, wording=None)
