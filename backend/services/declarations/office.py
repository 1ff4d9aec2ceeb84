"""Institutions and their officers, programmes, and imports that a named person vouched for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from backend.domain.clock import day_of
from backend.domain.credit_code import credit_code_holds
from backend.domain.declarations import Declaration, State
from backend.domain.deliveries import DeliveryKind
from backend.domain.institutions import AlreadyDecided, Institution, InstitutionState, ProgrammeDates
from backend.domain.listings import ListingStatus
from backend.domain.ports.wording import Wording
from backend.domain.reply import Reply
from backend.domain.roles import PATENTEE, Actor
from backend.services.declarations.answers import answers_of
from backend.services.declarations.moving import subject_of
from backend.services.declarations.submitting import note_consent
from backend.store.listings import Shelved
from backend.store.unit_of_work import UnitOfWork

VOUCHED_FOR = timedelta(days=30)


def bind_institution(uow: UnitOfWork, *, openid: str, answers: Mapping[str, Any], at: datetime) -> Institution:
    """The follower speaks for this institution from now on, and for no other. Staff decide on a new one.

    A credit code that does not hold is noted for staff and refuses nothing (GB 32100-2015).
    """
    name = str(answers["institution"]).strip()[:200]
    code = str(answers.get("credit_code", "")).strip().upper()[:64]
    note_consent(uow, openid, answers, at=at)
    known = uow.institutions.known_as(name=name, credit_code=code)
    if known is not None:
        institution_id = known.id
    else:
        institution_id = uow.institutions.add(
            name=name,
            credit_code=code,
            code_holds=credit_code_holds(code),
            holder_type=str(answers.get("holder_type", ""))[:64],
            contact_name=str(answers.get("contact_name", ""))[:200],
            contact_phone=str(answers.get("contact_phone", ""))[:200],
            contact_email=str(answers.get("contact_email", ""))[:200],
            proof=str(answers.get("proof", ""))[:200],
            requested_at=at,
        )
    consent = answers.get("consent")
    uow.attachments.bind_institution(openid, institution_id)
    uow.institutions.bind(openid, institution_id, consent if isinstance(consent, dict) else {}, at=at)
    uow.audit.add(PATENTEE, "institution.bind", f"institution:{institution_id}", at=at)
    return uow.institutions.get(institution_id)


def leave_institution(uow: UnitOfWork, *, openid: str, at: datetime) -> bool:
    """The follower speaks for nobody any more; other officers stay. False where they spoke for nobody before."""
    held = uow.institutions.of_officer(openid)
    if held is None:
        return False
    uow.institutions.unbind(openid)
    uow.audit.add(PATENTEE, "institution.leave", f"institution:{held.id}", at=at)
    return True


def decide_institution(
    uow: UnitOfWork, *, institution_id: int, approve: bool, reason: str, by: Actor, at: datetime, wording: Wording
) -> Institution:
    """Approve or refuse, once; every officer is told. Raises InstitutionNotFound, AlreadyDecided."""
    held = uow.institutions.get(institution_id)
    state = InstitutionState.APPROVED if approve else InstitutionState.REFUSED
    if not uow.institutions.decide(institution_id, state, by=by.id, reason=reason, at=at):
        raise AlreadyDecided(state=held.state)
    uow.audit.add(
        by, "institution.decide", f"institution:{institution_id}", before=str(held.state), after=str(state), at=at
    )
    text = wording.words(f"declaration_notice.institution.{state}", name=held.name, reason=reason)
    for officer in uow.institutions.officers(institution_id):
        key = f"institution:{institution_id}:{state}"
        uow.deliveries.plan(
            openid=officer.openid, notice_key=key, kind=DeliveryKind.SERVICE_NOTICE, reply=Reply.of(text), at=at
        )
    return uow.institutions.get(institution_id)


def open_programme(uow: UnitOfWork, *, name: str, opens_on: date, closes_on: date, by: Actor, at: datetime) -> int:
    """From here on pilot declarations may be listed in it. Raises ProgrammeDates."""
    if not name.strip() or closes_on < opens_on or closes_on < day_of(at):
        raise ProgrammeDates(opens_on=opens_on, closes_on=closes_on)
    programme_id = uow.programmes.open(name=name.strip(), opens_on=opens_on, closes_on=closes_on, by=by.id, at=at)
    uow.audit.add(by, "programme.open", f"programme:{programme_id}", at=at)
    return programme_id


def close_programme(uow: UnitOfWork, *, programme_id: int, by: Actor, at: datetime) -> None:
    """Before its last day; its listings leave the pool with the next `lapse_due`. Raises ProgrammeNotFound."""
    uow.programmes.close(programme_id, at=at)
    uow.audit.add(by, "programme.close", f"programme:{programme_id}", at=at)


def adopt_vouched(uow: UnitOfWork, *, batch_id: int, by: Actor, at: datetime, limit: int = 200) -> int:
    """Rows published on somebody's word go through both verifications like any other; how many were taken up.

    Each keeps being shown on that word for thirty days. Call again until it answers 0.
    """
    taken, after = 0, 0
    while taken < limit:
        page = uow.imports.numbers(batch_id, after=after, limit=500)
        if not page:
            break
        after = page[-1][0]
        for number, held in uow.listings.of([number for _, number in page]).items():
            if taken < limit and held.status is ListingStatus.PUBLISHED and held.vouched_by:
                taken += _adopt(uow, number, held, by, at)
    return taken


def _adopt(uow: UnitOfWork, number: str, held: Shelved, by: Actor, at: datetime) -> bool:
    """False where a declaration stands for the row already."""
    until = day_of(at) + VOUCHED_FOR
    others = uow.declarations.alive_for(number)
    if any(other.on_show or other.vouched_by for other in others):
        return False
    if others:
        adopted = others[0].id
        uow.declarations.vouch(adopted, by=held.vouched_by, until=until)
    else:
        fresh = Declaration(
            id=0,
            number=number,
            track=held.listing.track,
            state=State.SUBMITTED,
            since=at,
            submitted_at=at,
            answers=answers_of(held.listing),
            vouched_by=held.vouched_by,
            verified_until=until,
        )
        adopted = uow.declarations.add(fresh, by).id
    uow.audit.add(by, "declaration.adopt", subject_of(adopted), at=at)
    return True
