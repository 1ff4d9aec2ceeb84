"""What the office holds of one follower, as their own conversation may see it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from backend.domain.attachments import Attachment
from backend.domain.clock import Clock, day_of
from backend.domain.declarations import DeclarationView, view_of
from backend.domain.deliveries import RECOMMENDATIONS
from backend.domain.drafts import Draft
from backend.domain.institutions import Institution, InstitutionState
from backend.domain.listings import Contact, HolderType
from backend.domain.photos import Proposal
from backend.domain.preferences import Chosen
from backend.domain.profiles import Profile
from backend.store.database import Database
from backend.store.unit_of_work import UnitOfWork


def drafts_of(database: Database, openid: str) -> tuple[Draft, ...]:
    """Newest first."""
    with database.read() as uow:
        return uow.drafts.of(openid)


def proposal_of(database: Database, openid: str) -> Proposal | None:
    """What their newest photo of a certificate said, while nothing has taken it up."""
    with database.read() as uow:
        return uow.photos.proposal(openid)


def files_of(database: Database, openid: str, number: str) -> tuple[Attachment, ...]:
    """What they handed in with the draft about this patent, oldest first."""
    with database.read() as uow:
        return uow.attachments.of_draft(openid, number)


def declarations_of(database: Database, openid: str) -> tuple[DeclarationView, ...]:
    """Their own and their institution's, newest first."""
    with database.read() as uow:
        return tuple(view_of(held) for held in uow.declarations.of(openid))


def profile_of(database: Database, openid: str, clock: Clock) -> Profile:
    """All empty for somebody who only asks."""
    with database.read() as uow:
        institution = uow.institutions.of_officer(openid)
        pilots = tuple(programme.name for programme in uow.programmes.open_on(day_of(clock.now())))
        consents = uow.institutions.consents(openid)
        contact = _contact(uow, openid, institution)
        has_company = uow.companies.of(openid) is not None
        open_needs = len(uow.needs.of(openid))
    own = Profile(contact=contact, consents=consents, pilots=pilots, has_company=has_company, open_needs=open_needs)
    if institution is None:
        return own
    holder_type = None
    with suppress(ValueError):
        holder_type = HolderType(institution.holder_type)
    return replace(
        own,
        institution=institution.name,
        credit_code=institution.credit_code,
        holder_type=holder_type,
        approved=institution.state is InstitutionState.APPROVED,
    )


def _contact(uow: UnitOfWork, openid: str, institution: Institution | None) -> Contact:
    """As given last: in the newest declaration of their own, else with the institution, else for an event."""
    own = next((held for held in uow.declarations.of(openid) if held.openid == openid), None)
    answers = own.answers if own else {}
    if answers.get("contact_name"):
        return Contact(
            name=str(answers["contact_name"]),
            phone=str(answers.get("contact_phone", "")),
            email=str(answers.get("contact_email", "")),
            public=answers.get("contact_public") is True,
        )
    if institution is None:
        name, phone = uow.sign_ups.last_contact(openid)
        return Contact(name=name, phone=phone)
    return Contact(
        name=institution.contact_name, phone=institution.contact_phone, email=institution.contact_email, public=False
    )


def chosen_by(database: Database, openid: str) -> Chosen:
    with database.read() as uow:
        purposes = uow.standings.purposes([openid]).get(openid, frozenset())
        return Chosen(uow.preferences.get(openid), RECOMMENDATIONS in purposes)
