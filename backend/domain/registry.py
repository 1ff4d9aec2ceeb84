"""What a register says about a patent: a port with several sources, and never a guess.

“Unknown” is a legal status of its own: it is never treated as valid (docs/decisions/0013).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from backend.domain.errors import AssistantError
from backend.domain.patents import PatentKind

DEMONSTRATION = "演示登记簿（虚构）"  # the source of invented records: they answer in a demonstration only


class LegalStatus(StrEnum):
    """As far as it decides whether an open license may be declared (Implementing Regulations art. 85 and 86)."""

    UNKNOWN = "unknown"
    PENDING = "pending"  # applied for, not granted
    IN_FORCE = "in_force"
    LATE_PERIOD = "late_period"  # the annuity is overdue, within the six months of grace
    LAPSED = "lapsed"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"
    SUSPENDED = "suspended"  # art. 103 and 104


@dataclass(frozen=True, slots=True, kw_only=True)
class PatentRecord:
    """Bibliographic data and legal status of one number, with its source and the day it was true."""

    number: str
    title: str = ""
    kind: PatentKind
    filed_on: date | None = None
    granted_on: date | None = None
    holders: tuple[str, ...] = ()
    ipc_main: str = ""
    abstract: str = ""
    status: LegalStatus = LegalStatus.UNKNOWN
    annuity_paid_until: date | None = None
    source: str = ""
    as_of: datetime | None = None


class RegistryDown(AssistantError):
    """The source did not answer in time; the question stays open."""

    code = "registry.down"


class Registry(Protocol):
    """Where the legal status of a patent comes from."""

    def look_up(self, number: str) -> PatentRecord | None:
        """What is known of an application number with its check digit; None where nothing is. Raises RegistryDown."""
