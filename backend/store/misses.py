"""Questions the material did not answer, and choices that taught a phrasing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from backend.store.tables import MissRow


class Misses:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, *, openid: str, question: str, offered: Sequence[str], chosen: str, at: datetime) -> None:
        self.connection.execute(
            insert(MissRow).values(openid=openid, question=question[:1000], offered=list(offered), chosen=chosen, at=at)
        )

    def most_asked(self, limit: int = 50) -> list[tuple[str, int]]:
        """Unanswered questions with how often they were asked, most first."""
        rows = self.connection.execute(
            select(MissRow.question, func.count().label("times"))
            .where(MissRow.chosen == "")
            .group_by(MissRow.question)
            .order_by(func.count().desc(), MissRow.question)
            .limit(limit)
        )
        return [(row.question, row.times) for row in rows]
