"""What a conversation may ask of the office. Read-only; `backend.services.desk` answers each."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.queries import PatentQuery


@dataclass(frozen=True, slots=True)
class FindPatents:
    """→ Results"""

    query: PatentQuery
    page: int


@dataclass(frozen=True, slots=True)
class ShowPatent:
    """→ Found | None"""

    number: str


@dataclass(frozen=True, slots=True)
class FindSimilar:
    """→ Results, without the patent itself | None"""

    number: str


@dataclass(frozen=True, slots=True)
class AskPolicy:
    """→ PolicyAnswer"""

    question: str


@dataclass(frozen=True, slots=True)
class ShowEntry:
    """→ Entry | None"""

    entry_id: str


Question = FindPatents | FindSimilar | ShowPatent | AskPolicy | ShowEntry
