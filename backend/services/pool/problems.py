"""What can be wrong with a row, as codes; the wording is bot/texts/zh/import.yml."""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.domain.errors import AssistantError


@dataclass(frozen=True, slots=True)
class RowProblem:
    """`row` is the number a spreadsheet shows (the header is row 1 unless a title stands above it)."""

    row: int
    column: str
    code: str
    values: dict[str, str] = field(default_factory=dict)
    fatal: bool = True


class CellError(AssistantError):
    """A cell cannot be read. The code says why."""


class FileRefused(AssistantError):
    """The file as a whole cannot be read: not a table, merged cells, headers unknown."""

    code = "file.unreadable"
