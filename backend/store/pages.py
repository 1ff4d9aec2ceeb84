"""A page of a long list, as the console shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Select, func, select

T = TypeVar("T")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`number` counts from 1 and never lies beyond the last page."""

    items: Sequence[T]
    total: int
    number: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE))


def page_of(
    connection: Connection,
    query: Select[*tuple[Any, ...]],
    number: int,
    read: Callable[[Row[*tuple[Any, ...]]], T],
    *,
    most: int | None = None,
) -> Page[T]:
    """The page of an ordered query; a number beyond the end gives the last page. No more than `most` rows are counted."""
    counted = query.order_by(None) if most is None else query.order_by(None).limit(most)
    total = connection.execute(select(func.count()).select_from(counted.subquery())).scalar_one()
    last = max(1, -(-total // PAGE))
    number = min(max(1, number), last)
    rows = connection.execute(query.limit(PAGE).offset((number - 1) * PAGE)).all()
    return Page([read(row) for row in rows], total, number)


def containing(words: str) -> str:
    """A LIKE pattern for what somebody typed; its signs mean themselves with `escape="\\\\"`."""
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
