"""Grades and their history: a row is written where anything came out differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from backend.domain.grades import Grade, GradeItem, GradeSource, Scored
from backend.store.tables import GradeRow

_ALL = select(*GradeRow.__table__.columns)


@dataclass(frozen=True, slots=True)
class Graded:
    """`grade.letter` and the sums are those of its items; they stand in the row for lists."""

    number: str
    grade: Grade
    at: datetime


class Grades:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, number: str, grade: Grade, *, at: datetime) -> None:
        self.connection.execute(
            insert(GradeRow).values(
                number=number,
                rules=grade.rules,
                letter=grade.letter,
                points=grade.points,
                known=grade.known,
                items=[_dump(item) for item in grade.items],
                at=at,
            )
        )

    def newest(self, numbers: Sequence[str]) -> dict[str, Graded]:
        """The last of each."""
        last = select(func.max(GradeRow.id)).where(GradeRow.number.in_(numbers)).group_by(GradeRow.number)
        rows = self.connection.execute(_ALL.where(GradeRow.id.in_(last)))
        return {row.number: _graded(row) for row in rows}

    def history(self, number: str, limit: int = 50) -> list[Graded]:
        """Newest first."""
        rows = self.connection.execute(_ALL.where(GradeRow.number == number).order_by(GradeRow.id.desc()).limit(limit))
        return [_graded(row) for row in rows]


def _dump(item: Scored) -> dict[str, Any]:
    return {
        "item": str(item.item),
        "points": item.points,
        "of": item.of,
        "source": str(item.source),
        "fact": item.fact,
    }


def _graded(row: Row[*tuple[Any, ...]]) -> Graded:
    items = tuple(
        Scored(GradeItem(held["item"]), held["points"], held["of"], GradeSource(held["source"]), held["fact"])
        for held in row.items
    )
    return Graded(row.number, Grade(items, row.rules), row.at)
