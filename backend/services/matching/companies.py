"""A follower's company: kept as the finished flow says, replaced by the next, gone when asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.domain.companies import CONSENT_PURPOSE, company_of_answers
from backend.domain.roles import PATENTEE
from backend.services.declarations.submitting import note_consent
from backend.store.unit_of_work import UnitOfWork


def keep_company(uow: UnitOfWork, *, openid: str, answers: Mapping[str, Any], at: datetime) -> int:
    """The follower's own, with the consent it rests on."""
    company = company_of_answers(openid, answers)
    note_consent(uow, openid, answers, at=at)
    company_id = uow.companies.keep(company, at=at)
    uow.audit.add(PATENTEE, "company.keep", f"company:{company_id}", at=at)
    return company_id


def forget_company(uow: UnitOfWork, *, openid: str, at: datetime) -> bool:
    """The profile, what stood in its lists, what was said of them, and the consent. False where there was none."""
    held = uow.companies.of(openid)
    uow.verdicts.forget(openid)
    uow.institutions.disagree(openid, CONSENT_PURPOSE)
    if held is None:
        return False
    uow.companies.forget(openid)
    uow.audit.add(PATENTEE, "company.forget", f"company:{held.id}", at=at)
    return True
