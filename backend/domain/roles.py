"""Who acts in the office. A person of the staff is known here by an id only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """AUDITOR reads and moves nothing; SYSTEM is the office's own timer and first verification."""

    PATENTEE = "patentee"
    SYSTEM = "system"
    ADMINISTRATOR = "administrator"
    VERIFIER = "verifier"
    AGENCY_VERIFIER = "agency_verifier"
    APPROVER = "approver"
    OPERATOR = "operator"
    AUDITOR = "auditor"

    @classmethod
    def staff(cls) -> frozenset[Role]:
        return frozenset(cls) - {cls.PATENTEE, cls.SYSTEM}

    @classmethod
    def verifying(cls) -> frozenset[Role]:
        return frozenset({cls.VERIFIER, cls.AGENCY_VERIFIER})


@dataclass(frozen=True, slots=True)
class Actor:
    """One role of one person. `id` is the staff account's; it is empty for a patentee and for the system."""

    role: Role
    id: str = ""


SYSTEM = Actor(Role.SYSTEM)
PATENTEE = Actor(Role.PATENTEE)
