"""An information table that an officer uploads: checked whole, confirmed by them, submitted and verified in the background.

checked → confirmed → submitted → verified, or dropped: by the officer, or because they no longer speak for the institution.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.errors import AssistantError

MOST_ROWS = 500
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024  # what the sheets of an upload may hold; a table of 500 rows has two
KEPT = timedelta(days=30)  # a table that nobody confirmed


class TableStatus(StrEnum):
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    DROPPED = "dropped"

    @classmethod
    def at_work(cls) -> frozenset[TableStatus]:
        """What a worker has to do something about."""
        return frozenset({cls.CONFIRMED, cls.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Problem:
    """As a spreadsheet shows it: row, column, and the code of why; `fatal` keeps the row out."""

    row: int
    column: str
    code: str
    values: dict[str, str] = field(default_factory=dict)
    fatal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`good` rows can be submitted, of `rows`; `taken` were."""

    id: int
    openid: str
    institution_id: int
    name: str
    status: TableStatus
    rows: int
    good: int
    taken: int
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]
    uploaded_at: datetime
    answers: tuple[dict[str, Any], ...] = ()


class NotAnOfficer(AssistantError):
    """Whoever speaks for no institution declares patent by patent."""

    code = "table.not_an_officer"


class TooManyRows(AssistantError):
    code = "table.too_many_rows"


class TableNotFound(AssistantError):
    """Also where it is somebody else's, or is at another stage."""

    code = "table.not_found"
