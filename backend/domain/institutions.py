"""Institutions that declare, their officers, and the programmes in which pilot listings exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from backend.domain.errors import AssistantError


class InstitutionState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class InstitutionLabel(StrEnum):
    """Whom the pilot plan asks to go first (part three, (2)). Who carries one is kept by staff, never written in code."""

    MODEL_UNIVERSITY = "model_university"  # 国家知识产权试点示范高校
    PROJECT_HOLDER = "project_holder"  # 专利转化专项计划项目承担单位
    KEY_CITY = "key_city"  # 知识产权运营服务体系建设重点城市


class InstitutionNotFound(AssistantError):
    code = "institution.not_found"


class AlreadyDecided(AssistantError):
    """Staff have approved or refused it before."""

    code = "institution.already_decided"


class ProgrammeNotFound(AssistantError):
    code = "programme.not_found"


class ProgrammeDates(AssistantError):
    """A programme ends on or after the day it begins, and has a name."""

    code = "programme.dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """`code_holds` is False where the check character of the credit code does not fit: a person looks, nobody refuses.

    `proof` names what was handed in: a media id, a file or a number.
    """

    id: int
    name: str
    credit_code: str
    code_holds: bool
    holder_type: str = ""
    contact_name: str
    contact_phone: str
    contact_email: str = ""
    proof: str
    state: InstitutionState
    requested_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A follower who speaks for an institution. `consent` is {purpose, version, at}."""

    institution_id: int
    openid: str
    bound_at: datetime
    consent: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A pilot that staff opened, from `opens_on` to `closes_on`, both included, unless closed before."""

    id: int
    name: str
    opens_on: date
    closes_on: date
    opened_by: str
    closed_at: datetime | None = None

    def open_on(self, day: date) -> bool:
        return self.closed_at is None and self.opens_on <= day <= self.closes_on
